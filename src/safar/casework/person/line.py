"""A stretch of days as a line in a drawing: where a day lies, in hundredths of its length, and its months."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from safar.words import say

CLOSE = 8.0  # hundredths: marks nearer than this stand one under the other
NAMED = 6  # months that are named at most, so that the names do not touch on a telephone
THINNEST = 0.4  # hundredths: a single day is still seen


@dataclass(frozen=True)
class Bar:
    """A stretch of the line. ``tone``: stay, elsewhere, open, used, left, over."""

    at: float
    length: float
    tone: str


@dataclass(frozen=True)
class Tick:
    """The first of a month; ``label`` is empty where there would be too many."""

    at: float
    label: str
    major: bool


@dataclass(frozen=True)
class Line:
    """Days as hundredths of the line from ``first`` to ``last``."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Where a day begins; the nearer end for a day that lies off the line."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(min(max(100 * share, 0), 100), 2)

    def bars(self, start: date, end: date, tone: str) -> Iterator[Bar]:
        """A stretch from the start of a day to the end of one; nothing where it lies off the line."""
        after = end + timedelta(days=1)
        if start <= self.last and after > self.first and start <= end:
            yield Bar(self.at(start), max(round(self.at(after) - self.at(start), 2), THINNEST), tone)

    def ticks(self, language: str) -> tuple[Tick, ...]:
        """The months, evenly named."""
        months = []
        year, month = self.first.year, self.first.month
        while (start := date(year, month, 1)) <= self.last:
            if start >= self.first:
                months.append(start)
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        each = -(-len(months) // NAMED)
        return tuple(
            Tick(
                self.at(day),
                _month(language, day, first=place == 0) if place % each == 0 else "",
                day.month == 1,
            )
            for place, day in enumerate(months)
        )


def rows_of(places: Sequence[float]) -> list[int]:
    """The row for each mark, given in order: the first in which it touches no other."""
    ends: list[float] = []
    rows = []
    for at in places:
        row = next((number for number, end in enumerate(ends) if at - end >= CLOSE), len(ends))
        ends[row : row + 1] = [at]
        rows.append(row)
    return rows


def _month(language: str, day: date, *, first: bool) -> str:
    short = say(language, f"written.month.{day.month}")[:3]
    return f"{short} {day.year}" if first or day.month == 1 else short
