"""Days as people write them in lists: 12.04.1991, 1991, 4/1991, 12 апреля 1991 г., соли 1991, 33340.

In doubt nothing is guessed: a date whose day and month could be either way round in this list is only a year.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from safar.atlas.folding import fold
from safar.casework.intake.vocabulary import months, never_words
from safar.linkage.name_data import name_data
from safar.linkage.names import is_placeholder

OLDEST = 110  # years
AHEAD = 30  # years until which something may be valid
EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, counted as if 1900 had been a leap year
SERIALS = range(7_000, 75_000)  # 1919 to 2105
YEAR_ALONE = re.compile(r"(?:19|20)\d\d")
TIME = re.compile(r"[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?\Z")
PARTS = re.compile(r"\d+|[^\W\d_]+")
FILLERS = frozenset(
    fold(word)
    for word in [
        "г",
        "год",
        "года",
        "гг",
        "ж",
        "жыл",
        "жылы",
        "жылдын",
        "соли",
        "сол",
        "йил",
        "йили",
        "года",
        "рождения",
        "р",
        "th",
        "st",
        "nd",
        "rd",
        "of",
        "уми",
        "юми",
    ]
)


@dataclass(frozen=True)
class Day:
    """A day as read: ``value`` with ``precision`` (day, month, year), or ``never``, or what is the matter."""

    value: date | None = None
    precision: str = "unknown"
    never: bool = False
    problem: str = ""

    @property
    def told(self) -> str:
        """As a fact holds it: as much of the day as is known; ``none`` for never."""
        if self.never:
            return "none"
        return self.value.isoformat()[: {"year": 4, "month": 7}.get(self.precision, 10)] if self.value else ""


NOTHING = Day()


@dataclass(frozen=True)
class Written:
    """A day taken apart: numbers in the order of the text, the month if it was a word, or a spreadsheet's number."""

    numbers: tuple[str, ...] = ()
    month: int = 0
    serial: int = 0
    strange: bool = False


def month_first(texts: Iterable[str]) -> str:
    """How a column writes 04/12/1991: ``no``, ``yes``, or ``both`` where cells can only be the one or the other."""
    found = set()
    for text in texts:
        numbers = _apart(text).numbers
        if len(numbers) == 3 and len(numbers[0]) <= 2 and len(numbers[1]) <= 2:
            first, second = int(numbers[0]), int(numbers[1])
            if first > 12 >= second > 0:
                found.add("no")
            elif second > 12 >= first > 0:
                found.add("yes")
    return "both" if len(found) == 2 else next(iter(found), "no")


def read_birth(text: str, *, on: date, order: str = "no") -> Day:
    """A date of birth. 1 January stands for a year of which nobody knew the day; 01.01.1900 for nothing at all."""
    day = _read(text, order=order, latest=on)
    if day.value is None:
        return Day(problem="day_unreadable") if day.never else day
    if day.precision == "day" and day.value.isoformat() in name_data().placeholder_dates:
        return NOTHING
    if day.value > on:
        return Day(problem="day_ahead")
    if day.value.year < on.year - OLDEST:
        return Day(problem="day_too_old")
    if day.precision == "day" and (day.value.month, day.value.day) == (1, 1):
        return Day(day.value, "year", problem="only_year")
    return day


def read_day(text: str, *, on: date, ahead: bool, order: str = "no") -> Day:
    """The day of an event; ``ahead``: it may lie in the future. A year or a month is not enough for a day."""
    day = _read(text, order=order, latest=date(on.year + AHEAD, 12, 31))
    if day.value is None or day.problem:
        return day if day.never or not day.value else Day(problem=day.problem)
    if day.precision != "day":
        return Day(problem="day_not_whole")
    if day.value > on and not ahead:
        return Day(problem="day_ahead")
    if day.value.year < 1990 or day.value.year > on.year + AHEAD:
        return Day(problem="day_too_old" if day.value.year < 1990 else "day_ahead")
    return day


def _read(text: str, *, order: str, latest: date) -> Day:
    plain = unicodedata.normalize("NFKC", text).strip()
    if not any(sign.isdecimal() for sign in plain):
        if plain and fold(plain) in never_words():
            return Day(never=True)
        return NOTHING if not plain or is_placeholder(plain) else Day(problem="day_unreadable")
    parts = _apart(plain)
    if parts.strange:
        return Day(problem="day_unreadable")
    if parts.serial:
        return Day(EPOCH + timedelta(days=parts.serial), "day")
    return _put_together(parts, order, latest)


def _apart(text: str) -> Written:
    plain = TIME.sub("", unicodedata.normalize("NFKC", text).strip())
    whole = re.fullmatch(r"(\d{4,5})(?:[.,]0+)?", plain)
    if whole and not YEAR_ALONE.fullmatch(whole[1]):
        number = int(whole[1])
        return Written(serial=number) if number in SERIALS else Written(strange=True)
    if whole:
        return Written((whole[1],))
    eight = re.fullmatch(r"\d{8}", plain)
    if eight:
        years_first = YEAR_ALONE.match(plain) and int(plain[4:6]) <= 12
        return Written(
            (plain[:4], plain[4:6], plain[6:]) if years_first else (plain[:2], plain[2:4], plain[4:])
        )
    numbers, month, strange = [], 0, False
    for part in PARTS.findall(plain):
        if part.isdecimal():
            numbers.append(part)
        elif fold(part) in months() and not month:
            month = months()[fold(part)]
        elif fold(part) not in FILLERS:
            strange = True
    strange = strange or not (numbers or month) or any(len(number) > len("1991") for number in numbers)
    return Written(tuple(numbers), month, strange=strange)


def _put_together(parts: Written, order: str, latest: date) -> Day:
    numbers = parts.numbers
    if parts.month:
        if len(numbers) == 2:
            year, day = numbers if len(numbers[0]) == 4 else (numbers[1], numbers[0])
            return _day(_year(year, latest), parts.month, int(day))
        return _month(_year(numbers[0], latest), parts.month) if len(numbers) == 1 else _unreadable()
    if len(numbers) == 1:
        return (
            _month(_year(numbers[0], latest), 1, "year")
            if YEAR_ALONE.fullmatch(numbers[0])
            else _unreadable()
        )
    if len(numbers) == 2:
        month, year = numbers if len(numbers[1]) == 4 else (numbers[1], numbers[0])
        return _month(_year(year, latest), int(month)) if len(year) == 4 else _unreadable()
    if len(numbers) != 3:
        return _unreadable()
    if len(numbers[0]) == 4:
        return _day(int(numbers[0]), int(numbers[1]), int(numbers[2]))
    return _ordered(int(numbers[0]), int(numbers[1]), _year(numbers[2], latest), order)


def _ordered(first: int, second: int, year: int, order: str) -> Day:
    """Day and month as the column writes them; where it writes both ways only what can be one of them is a day."""
    if first > 12 or second > 12 or first == second:
        return _day(year, second, first) if first > 12 or first == second else _day(year, first, second)
    if order == "both":
        known = _month(year, 1, "year")
        return known if known.value is None else Day(known.value, "year", problem="day_or_month")
    return _day(year, first, second) if order == "yes" else _day(year, second, first)


def _year(text: str, latest: date) -> int:
    """Two figures are the latest such year that can be."""
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        return 0
    year = latest.year - latest.year % 100 + int(text)
    return year if year <= latest.year else year - 100


def _day(year: int, month: int, day: int) -> Day:
    try:
        return Day(date(year, month, day), "day") if year >= 1800 else _unreadable()
    except ValueError:
        return _unreadable()


def _month(year: int, month: int, precision: str = "month") -> Day:
    found = _day(year, month, 1)
    return Day(found.value, precision) if found.value else found


def _unreadable() -> Day:
    return Day(problem="day_unreadable")
