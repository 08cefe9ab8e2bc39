"""base: the words every room shares.

In: nothing. Out: errors that name file, place and mend; days as whole numbers; the path of the content.
Never: a clock, a file read, another room, anything outside the standard library.
"""

from safar.base.days import EPOCH, NEVER, as_day, as_iso, day_number, day_of
from safar.base.errors import DataError, LawError, SafarError
from safar.base.places import content_path

__all__ = [
    "EPOCH",
    "NEVER",
    "DataError",
    "LawError",
    "SafarError",
    "as_day",
    "as_iso",
    "content_path",
    "day_number",
    "day_of",
]
