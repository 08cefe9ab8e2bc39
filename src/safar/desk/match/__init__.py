"""Checks against lists: lists are brought, people are checked, an officer decides what an answer means.

In: requests of officers. Out: pages. Never: "clear"; a fact that nobody has confirmed; a name in an address.
"""
