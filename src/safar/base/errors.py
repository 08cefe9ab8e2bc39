"""Errors that a person can act on: what is wrong, where, and how to mend it."""


class SafarError(Exception):
    """Anything Safar refuses, told in one line."""


class LawError(SafarError):
    """The law's content is wrong: a file, a rule, a sentence, a parameter."""


class DataError(SafarError):
    """Given data is wrong: a fact, a row, a table."""
