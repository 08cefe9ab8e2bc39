"""records: what is kept: thin tables, constraints and their migrations.

In: rows that casework writes.
Out: rows that casework reads; every change in the history.
Never: a view, a rule of law, a decision; only casework opens this room.
"""
