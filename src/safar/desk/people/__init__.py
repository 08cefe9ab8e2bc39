"""People: found, registered, looked at, and what is told about them written down.

In: requests of officers. Out: pages and their parts. Never: a query, a rule; personal data in an address.
"""
