"""Places: the tree with the map, and what is known of each place and how surely.

In: requests of officers. Out: pages and the map within them. Never: a query; a number outside the officer's area.
"""
