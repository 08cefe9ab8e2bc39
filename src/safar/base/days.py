"""Days as whole numbers, the same in every target: days since 1970-01-01.

``NEVER`` stands for *none*: it surely did not happen. It is larger than every real day, so the earlier
of two days passes it over by itself. Unknown is ``None``.
"""

from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
NEVER = 2**30


def day_number(day: date) -> int:
    """Days from 1970-01-01 to ``day``."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The calendar day of a day number."""
    return EPOCH + timedelta(days=number)


def as_day(text: str) -> date:
    """A day from ISO text ``YYYY-MM-DD``; ``ValueError`` for anything else."""
    if len(text) != len("2000-01-01"):
        raise ValueError(f"{text!r} is not a day of the form YYYY-MM-DD")
    return date.fromisoformat(text)


def as_iso(number: int | None) -> str | None:
    """ISO text of a day number; ``None`` for unknown and for ``NEVER``."""
    return None if number is None or number == NEVER else day_of(number).isoformat()
