"""Runs: what came of the last nights, step by step.

In: requests of officers. Out: a page. Never: a run started from here; a row about a person.
"""
