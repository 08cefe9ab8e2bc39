"""Figures: counts for whoever steers the programme or pays for it, on a page and as a table.

In: requests of officers. Out: pages, CSV. Never: a row about a person; a count that points at somebody.
"""
