"""ops: the ``safar`` command line and nightly jobs.

In: arguments, files, the clock (this is a door). Out: tables, JSON, files, exit codes 0, 1 (the answer is no, or the
data is wrong), 2 (wrong use). Never: a rule of its own.
"""
