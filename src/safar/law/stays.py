"""Counting days in a country from a list of stays: per entry, continuous, rolling window, calendar year.

Days are whole numbers (days since 1970-01-01). Entry and exit days both count. Overlapping stays are one
stay; an exit and a return on the same day are two stays that share one counted day. A stay without a known
exit reaches to the next entry in the *safe* reading and covers its entry day alone in the *lenient* one; the
latest stay without a known exit still runs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from safar.base import NEVER

CONTINUOUS_WINDOWS = ("per_entry", "continuous")


@dataclass(frozen=True)
class Stay:
    """One stay: entry and exit day; exit ``NEVER`` while it runs, ``None`` if not known."""

    country: str
    entered: int
    left: int | None = None


@dataclass(frozen=True)
class History:
    """Disjoint stays in one country in order of time, in one reading. The last may run (``NEVER``)."""

    spans: tuple[tuple[int, int], ...]

    @property
    def entered(self) -> int:
        """Entry day of the latest stay, ``NEVER`` if there is none."""
        return self.spans[-1][0] if self.spans else NEVER

    @property
    def left(self) -> int:
        """Exit day of the latest stay, ``NEVER`` while it runs or if there is none."""
        return self.spans[-1][1] if self.spans else NEVER


def history(stays: Iterable[Stay], country: str, *, safe: bool) -> History:
    """The stays in ``country`` made disjoint, in the safe or the lenient reading of unknown exits."""
    everywhere = sorted(stays, key=lambda stay: (stay.entered, stay.left if stay.left is not None else NEVER))
    spans: list[tuple[int, int]] = []
    for index, stay in enumerate(everywhere):
        if stay.country != country:
            continue
        left = stay.left
        if left is None:
            later = next((s.entered for s in everywhere[index + 1 :] if s.entered > stay.entered), None)
            left = NEVER if later is None else (later if safe else stay.entered)
        if spans and stay.entered < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], left))
        else:
            spans.append((stay.entered, left))
    return History(tuple(spans))


def last_day(past: History, window: str, numbers: Sequence[int]) -> int:
    """Last lawful day of the latest stay under a limit; the day before entry if none is left.

    ``numbers`` is (days,) or, for ``rolling``, (days, window length). ``NEVER`` if there was no stay.
    """
    if not past.spans:
        return NEVER
    days = numbers[0]
    entered = past.entered
    if window in CONTINUOUS_WINDOWS:
        return entered + days - 1
    earlier = _earlier_days(past)
    if window == "calendar_year":
        start = year_start(entered)
        used = sum(right - max(left, start) + 1 for left, right in earlier if right >= start)
        reach = entered + max(days - used, 0) - 1
        new_year = year_start(entered + 366 - (entered - start))
        return new_year + days - 1 if reach >= new_year - 1 else reach
    return entered + days - 1 - min(days, _still_counted(earlier, entered, days, numbers[1]))


def _earlier_days(past: History) -> list[tuple[int, int]]:
    """Spans before the latest stay that share no day with it or with each other."""
    apart: list[tuple[int, int]] = []
    following = past.entered
    for left, end in reversed(past.spans[:-1]):
        right = min(end, following - 1)
        if left <= right:
            apart.append((left, right))
            following = left
    return apart  # latest first


def _still_counted(latest_first: list[tuple[int, int]], entered: int, days: int, window: int) -> int:
    """Earlier days that still count when the allowance runs out.

    A span counts whole or not at all: its k-th day back and the day on which it would exceed the limit move
    together, so only ``right + days after it >= entered - (window - days)`` matters.
    """
    counted = after = 0
    for left, right in latest_first:
        length = right - left + 1
        if right + after >= entered - (window - days):
            counted = after + length
        after += length
    return counted


def days_used(past: History, window: str, numbers: Sequence[int], on: int) -> int:
    """Days spent up to and including ``on``: in the window ending there, its year, or the latest stay."""
    if not past.spans:
        return 0
    if window in CONTINUOUS_WINDOWS:
        start = past.entered
        return max(0, min(past.left, on) - start + 1)
    start = year_start(on) if window == "calendar_year" else on - numbers[0] + 1
    total = 0
    following = NEVER
    for left, end in reversed(past.spans):
        right = min(end, following - 1, on)
        total += max(0, right - max(left, start) + 1)
        following = min(following, left)
    return total


def return_day(past: History, window: str, numbers: Sequence[int]) -> int:
    """First day after the latest stay on which at least one day is allowed again.

    The day after exit if the allowance is not used up; ``NEVER`` while the stay runs or if there was none.
    """
    if not past.spans or past.left == NEVER:
        return NEVER
    days, after_exit = numbers[0], past.left + 1
    if window in CONTINUOUS_WINDOWS:
        return after_exit
    spans = [(past.entered, past.left), *_earlier_days(past)]
    if window == "calendar_year":
        start = year_start(past.left)
        used = sum(right - max(left, start) + 1 for left, right in spans if right >= start)
        return year_start(past.left + 366 - (past.left - start)) if used >= days else after_exit
    taken = 0
    for left, right in spans:
        if taken + right - left + 1 >= days:
            return max(after_exit, right - (days - taken) + 1 + numbers[1])
        taken += right - left + 1
    return after_exit


def year_start(day: int) -> int:
    """1 January of the year of a day, by the civil calendar."""
    from safar.base import day_number, day_of

    return day_number(day_of(day).replace(month=1, day=1))
