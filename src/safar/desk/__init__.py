"""desk: the pages of officers.

In: a request from somebody signed in, the clock.
Out: a page, or the part of it that htmx asked for.
Never: a query, a rule, a decision; a view reads, makes one call and renders.
"""
