"""Changes of days for many people at once, looked up in a table: many people share few days.

Arrays hold day numbers and ``NEVER`` for none, which stays none; ``UNTOLD`` in a result is unknown.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from safar.base import NEVER
from safar.law import calendar
from safar.law.model import Calendar

Days = npt.NDArray[Any]  # of whole numbers
UNTOLD = -NEVER


def looked_up(days: Days, change: Callable[[Days], Days]) -> Days:
    """``change``, a function of real days, applied to every day; as int32."""
    first = int(days.min(initial=NEVER))
    last = int(np.where(days < NEVER, days, first - 1).max(initial=first - 1))
    table = np.append(change(np.arange(first, last + 1)), NEVER).astype(np.int32)
    found: Days = table.take(days - first, mode="clip")
    return found


def year_start(days: Days) -> Days:
    """1 January of the year of each day."""
    return looked_up(days, lambda real: _day(real).astype("M8[Y]").astype("M8[D]").astype(np.int64))


def add_months(days: Days, months: int) -> Days:
    """The same day of the month ``months`` later, or the last of that month."""

    def change(real: Days) -> Days:
        old = _day(real).astype("M8[M]")
        new = old + months
        length = (new + 1).astype("M8[D]") - new.astype("M8[D]")
        into = _day(real) - old.astype("M8[D]")
        found: Days = (new.astype("M8[D]") + np.minimum(into, length - 1)).astype(np.int64)
        return found

    return looked_up(days, change)


def working_days(days: Days, country: Calendar, count: int) -> Days:
    """The ``count``-th working day after each day; ``UNTOLD`` outside the calendar's years."""
    steps = _steps(country, count)

    def change(real: Days) -> Days:
        place = real - country.start
        inside = (place >= 0) & (place < len(steps))
        return np.where(inside, steps[np.where(inside, place, 0)], UNTOLD)

    return looked_up(days, change)


@lru_cache(maxsize=64)
def _steps(country: Calendar, count: int) -> Days:
    return np.array([UNTOLD if day < 0 else day for day in calendar.steps(country, count)])


def _day(numbers: Days) -> Days:
    return numbers.astype("M8[D]")
