"""Pairs: two files that may be one person, looked at side by side and decided.

In: requests of officers. Out: the list, the comparison. Never: a query, a decision that cannot be undone.
"""
