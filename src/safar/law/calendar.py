"""Working days of a country, counted after or before a day."""

from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from safar.base import LawError, as_day, day_number, day_of
from safar.law.model import Calendar


@lru_cache(maxsize=8)
def working_days(calendar: "Calendar") -> tuple[int, ...]:
    """All working days (day numbers) of the calendar's years, in order."""
    return tuple(calendar.start + i for i, flag in enumerate(calendar.working) if flag)


def step(calendar: Calendar, day: int, count: int) -> int | None:
    """The ``count``-th working day after ``day`` (before it, if negative); ``day`` itself is not counted.

    None outside the calendar's years: no guess is made.
    """
    days = working_days(calendar)
    if not calendar.start <= day < calendar.start + len(calendar.working):
        return None
    if count == 0:
        return day
    index = bisect_right(days, day) + count - 1 if count > 0 else bisect_right(days, day - 1) + count
    return days[index] if 0 <= index < len(days) else None


@lru_cache(maxsize=64)
def steps(calendar: Calendar, count: int) -> tuple[int, ...]:
    """For every day of the calendar the ``count``-th working day after it; -1 outside its years."""
    found = [step(calendar, calendar.start + place, count) for place in range(len(calendar.working))]
    return tuple(-1 if day is None else day for day in found)


def build(data: Mapping[str, Any], file: str) -> Calendar:
    """A calendar from its YAML: weekends, days off that fall on weekdays, weekend days that are worked."""
    try:
        years = {int(year): block for year, block in data["years"].items()}
        weekend = set(data["weekend"])
        country = data["country"]
    except KeyError as error:
        raise LawError(f"{file}: no `{error.args[0]}`; see docs/guides/a-new-rule.md") from None
    first, last = min(years), max(years)
    if sorted(years) != list(range(first, last + 1)):
        raise LawError(f"{file}: years {first}-{last} have a gap; add the missing year")
    start = day_number(as_day(f"{first}-01-01"))
    end = day_number(as_day(f"{last + 1}-01-01"))
    flags = bytearray(day_of(start + i).isoweekday() not in weekend for i in range(end - start))
    for year, block in years.items():
        for key, flag in (("off", 0), ("working", 1)):
            for item in block.get(key) or ():
                day = day_number(as_day(item["day"]))
                if day_of(day).year != year or flags[day - start] == flag:
                    raise LawError(f"{file}: {item['day']} under {year}.{key} changes nothing; remove it")
                flags[day - start] = flag
    statuses = {year: block.get("status", "seen") for year, block in years.items()}
    return Calendar(country, start, bytes(flags), statuses)
