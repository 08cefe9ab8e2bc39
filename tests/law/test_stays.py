"""Counting days against a brute force that knows nothing but a set of days and walks through them one by one.

What counts, in both: every day from entry to exit, both included, once. The last lawful day of the latest
stay is the last day reached, staying without a break from its entry, before a day on which the count exceeds
the limit; the day before entry if the entry day exceeds it. The return day is the first day after exit on
which a stay of that one day would not exceed it.

Conventions of ``safar.law.stays``, followed here: stays that overlap are one; an exit and a return on one day
are two. An exit that is not known: in the safe reading the stay reaches to the next later entry into any
country, in the lenient one it covers its entry day alone, and where no later entry follows it still runs.
The limit is shorter than its window (and than a year), else no day would ever exceed it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safar.base import NEVER, day_number, day_of
from safar.law.stays import History, Stay, days_used, history, last_day, return_day

EXAMPLES = 600
FIRST = day_number(date(2023, 6, 1))
SPAN = 500

# The brute force


Interval = tuple[int, int]


def exit_of(stay: Stay, everywhere: list[Stay], safe: bool) -> int:
    if stay.left is not None:
        return stay.left
    later = [other.entered for other in everywhere if other.entered > stay.entered]
    if not later:
        return NEVER
    return min(later) if safe else stay.entered


def overlap(one: Interval, other: Interval) -> bool:
    """They share a day, and not only the day on which one ends and the other begins."""
    shares = one[0] <= other[1] and other[0] <= one[1]
    return shares and one[1] != other[0] and other[1] != one[0]


def merged(stays: list[Stay], country: str, safe: bool) -> list[Interval]:
    """Joins any two that overlap until none do."""
    found = [(stay.entered, exit_of(stay, stays, safe)) for stay in stays if stay.country == country]
    while True:
        pair = next(
            ((a, b) for a, b in combinations(range(len(found)), 2) if overlap(found[a], found[b])), None
        )
        if pair is None:
            return sorted(found)
        one, other = found[pair[0]], found[pair[1]]
        found = [span for place, span in enumerate(found) if place not in pair]
        found.append((min(one[0], other[0]), max(one[1], other[1])))


def days_in(spans: list[Interval], until: int) -> set[int]:
    return {day for entered, left in spans for day in range(entered, min(left, until) + 1)}


Count = Callable[[set[int], int], int]


def rolling(window: int) -> Count:
    return lambda days, on: sum(1 for day in days if on - window < day <= on)


def calendar_year(days: set[int], on: int) -> int:
    return sum(1 for day in days if day <= on and year_of(day) == year_of(on))


@cache
def year_of(day: int) -> int:
    return day_of(day).year


def unbroken(days: set[int], on: int) -> int:
    """Days in a row that end on ``on``."""
    return next(length for length in range(len(days) + 1) if on - length not in days)


def brute_last_day(spans: list[Interval], limit: int, count: Count, *, alone: bool = False) -> int:
    entry = spans[-1][0]
    days = set() if alone else days_in(spans[:-1], entry + 3 * SPAN)
    day = entry
    while count(days | set(range(entry, day + 1)), day) <= limit:
        day += 1
    return day - 1


def brute_return_day(spans: list[Interval], limit: int, count: Count) -> int:
    if spans[-1][1] == NEVER:
        return NEVER
    days = days_in(spans, spans[-1][1])
    day = spans[-1][1] + 1
    while count(days | {day}, day) > limit:
        day += 1
    return day


# Random stays

ENTRIES = st.integers(FIRST, FIRST + SPAN)
LENGTHS = st.one_of(st.integers(0, 5), st.integers(0, 120), st.sampled_from([0, 29, 30, 89, 90]))


@st.composite
def any_stays(draw: st.DrawFn) -> list[Stay]:
    """Up to seven stays; some touch the one before, overlap it, still run, or have no known exit."""
    stays: list[Stay] = []
    for _ in range(draw(st.integers(1, 7))):
        entered = draw(ENTRIES)
        before = stays[-1] if stays else None
        if before is not None and draw(st.booleans()):
            end = before.entered if before.left in (None, NEVER) else before.left
            entered = end + draw(st.sampled_from([0, 0, 1, 2, -1, -10]))
        left = draw(
            st.one_of(
                LENGTHS.map(entered.__add__), LENGTHS.map(entered.__add__), st.sampled_from([None, NEVER])
            )
        )
        country = draw(st.sampled_from(["RU", "RU", "KZ"]))
        stays.append(Stay(country, entered, left))
    return draw(st.permutations(stays))


@st.composite
def limits(draw: st.DrawFn) -> tuple[int, int]:
    window = draw(st.one_of(st.integers(2, 200), st.just(180)))
    return draw(st.integers(1, window - 1)), window


many = settings(max_examples=EXAMPLES, deadline=None)


def both(stays: list[Stay], safe: bool) -> tuple[History, list[Interval]]:
    return history(stays, "RU", safe=safe), merged(stays, "RU", safe)


@many
@given(any_stays(), st.booleans())
def test_history_is_the_stays_made_disjoint(stays: list[Stay], safe: bool) -> None:
    past, spans = both(stays, safe)
    if all(stay.left is not None for stay in stays):
        assert list(past.spans) == spans
    # Where an exit is guessed, a stay may be told whole or as two that touch; the days are the same.
    assert days_in(list(past.spans), FIRST + 2 * SPAN) == days_in(spans, FIRST + 2 * SPAN)
    assert (past.entered, past.left) == (spans[-1] if spans else (NEVER, NEVER))


@many
@given(any_stays(), st.booleans(), limits())
def test_last_day_in_a_rolling_window(stays: list[Stay], safe: bool, numbers: tuple[int, int]) -> None:
    past, spans = both(stays, safe)
    expected = brute_last_day(spans, numbers[0], rolling(numbers[1])) if spans else NEVER
    assert last_day(past, "rolling", numbers) == expected


@many
@given(any_stays(), st.booleans(), st.integers(1, 364))
def test_last_day_in_a_calendar_year(stays: list[Stay], safe: bool, limit: int) -> None:
    past, spans = both(stays, safe)
    expected = brute_last_day(spans, limit, calendar_year) if spans else NEVER
    assert last_day(past, "calendar_year", (limit,)) == expected


@many
@given(any_stays(), st.booleans(), st.sampled_from(["per_entry", "continuous"]), st.integers(1, 200))
def test_last_day_of_one_stay(stays: list[Stay], safe: bool, window: str, limit: int) -> None:
    past, spans = both(stays, safe)
    expected = brute_last_day(spans, limit, unbroken, alone=True) if spans else NEVER
    assert last_day(past, window, (limit,)) == expected


@many
@given(any_stays(), st.booleans(), limits())
def test_return_day_in_a_rolling_window(stays: list[Stay], safe: bool, numbers: tuple[int, int]) -> None:
    past, spans = both(stays, safe)
    expected = brute_return_day(spans, numbers[0], rolling(numbers[1])) if spans else NEVER
    assert return_day(past, "rolling", numbers) == expected


@many
@given(any_stays(), st.booleans(), st.integers(1, 364))
def test_return_day_in_a_calendar_year(stays: list[Stay], safe: bool, limit: int) -> None:
    past, spans = both(stays, safe)
    expected = brute_return_day(spans, limit, calendar_year) if spans else NEVER
    assert return_day(past, "calendar_year", (limit,)) == expected


@many
@given(any_stays(), st.booleans(), st.sampled_from(["per_entry", "continuous"]), st.integers(1, 200))
def test_return_day_after_one_stay_is_the_next_day(
    stays: list[Stay], safe: bool, window: str, limit: int
) -> None:
    past, spans = both(stays, safe)
    expected = spans[-1][1] + 1 if spans and spans[-1][1] != NEVER else NEVER
    assert return_day(past, window, (limit,)) == expected


@many
@given(any_stays(), st.booleans(), st.integers(1, 400), st.integers(FIRST - 50, FIRST + SPAN + 400))
def test_days_used(stays: list[Stay], safe: bool, window: int, on: int) -> None:
    past, spans = both(stays, safe)
    days = days_in(spans, on)
    assert days_used(past, "rolling", (window,), on) == rolling(window)(days, on)
    assert days_used(past, "calendar_year", (), on) == calendar_year(days, on)
    latest = days_in(spans[-1:], on)
    assert days_used(past, "continuous", (), on) == days_used(past, "per_entry", (), on) == len(latest)


# Published examples, and some more in the manner of the European Union's guide to its short-stay calculator

RULE = (90, 180)


def day(text: str) -> int:
    return day_number(date.fromisoformat(text))


def past_of(*periods: str) -> History:
    """Periods as ``entry/exit``; no exit means the stay runs."""
    stays = []
    for period in periods:
        entered, _, left = period.partition("/")
        stays.append(Stay("RU", day(entered), day(left) if left else NEVER))
    return history(stays, "RU", safe=True)


def iso(number: int) -> str:
    return day_of(number).isoformat()


def test_three_stays_of_thirty_days_use_up_the_allowance() -> None:
    # 5 Jan-3 Feb: 27 + 3 = 30. 10 Feb-11 Mar: 19 + 11 = 30. 20 Mar-18 Apr: 12 + 18 = 30. Together 90.
    # 5 January leaves the window on the day 180 days later: 5 Jan is day 5 of 2026, day 185 is 4 July.
    past = past_of("2026-01-05/2026-02-03", "2026-02-10/2026-03-11", "2026-03-20/2026-04-18")
    assert days_used(past, "rolling", (180,), day("2026-04-18")) == 90
    assert iso(last_day(past, "rolling", RULE)) == "2026-04-18"
    assert iso(return_day(past, "rolling", RULE)) == "2026-07-04"


def test_ten_days_are_left_after_eighty() -> None:
    # 1 Feb-21 Apr 2022: 28 + 31 + 21 = 80. 90 - 80 = 10 days from 1 June: 1 June + 9 = 10 June.
    # The window that ends on 10 June begins on 13 December 2021, so all 80 count.
    past = past_of("2022-02-01/2022-04-21", "2022-06-01")
    assert iso(last_day(past, "rolling", RULE)) == "2022-06-10"
    assert days_used(past, "rolling", (180,), day("2022-06-10")) == 90


def test_a_stay_over_new_year() -> None:
    # 15 Oct-31 Dec 2025: 17 + 30 + 31 = 78 <= 90, so the year ends in order and 90 new days begin on
    # 1 January: 31 + 28 + 31 = 90, the last is 31 March. Without a break: 78 + 12 = 90, 12 January.
    past = past_of("2025-10-15")
    assert iso(last_day(past, "calendar_year", (90,))) == "2026-03-31"
    assert iso(last_day(past, "continuous", (90,))) == "2026-01-12"


def test_old_days_fall_out_while_new_ones_are_used() -> None:
    # 20 Jan-8 Mar 2025: 12 + 28 + 8 = 48. Back on 1 July. Were all 48 to count, 42 days would be left:
    # 11 August. But 20 January is in the window only until 18 July (day 20 + 179 = day 199), and on each day
    # after it one old day falls out as one new day is used. On 11 August the window begins 13 February:
    # 16 + 8 = 24 old and 31 + 11 = 42 new days, 66 in all. On 4 September it begins 9 March, after the old
    # stay: 31 + 31 + 4 = 66 new days alone. 24 more make 90: 28 September.
    past = past_of("2025-01-20/2025-03-08", "2025-07-01")
    assert days_used(past, "rolling", (180,), day("2025-08-11")) == 66
    assert iso(last_day(past, "rolling", RULE)) == "2025-09-28"


def test_ninety_days_away_bring_ninety_days_back() -> None:
    # 1 Mar-29 May 2025: 31 + 30 + 29 = 90. 1 March is day 60; 60 + 180 = 240 = 28 August, first day again.
    # 90 days away, 30 May-27 Aug: 2 + 30 + 31 + 27 = 90. Then each day used replaces one that falls out:
    # 90 days from 28 August: 4 + 30 + 31 = 65 to the end of October, 25 more: 25 November.
    assert iso(return_day(past_of("2025-03-01/2025-05-29"), "rolling", RULE)) == "2025-08-28"
    assert iso(last_day(past_of("2025-03-01/2025-05-29", "2025-08-28"), "rolling", RULE)) == "2025-11-25"


def test_one_overstayed_day_moves_the_return_by_one() -> None:
    # 1 Mar-30 May 2025 is 91 days. On 28 August the window begins 2 March and still holds 90 of them;
    # 2 March leaves on 29 August.
    past = past_of("2025-03-01/2025-05-30")
    assert iso(last_day(past, "rolling", RULE)) == "2025-05-29"
    assert iso(return_day(past, "rolling", RULE)) == "2025-08-29"


def test_many_short_trips_and_a_last_one() -> None:
    # 2024, a leap year. 3-22 Jan: 20. 10-29 Feb: 20. 1-15 Apr: 15. 20 May-8 Jun: 12 + 8 = 20. Together 75.
    # From 20 June 15 days are left if all count: 20 June + 14 = 4 July; the window then begins 7 January:
    # 3 January is day 3 and leaves on day 183 = 1 July. So on 30 June 75 + 11 = 86; from 1 July on one day
    # falls out as one comes in, 86 until 20 July, when 22 January (day 22, leaves on day 202 = 20 July) is
    # gone: 55 old days and 20-30 June, 1-20 July = 31 new. 10 February (day 41) leaves on day 221 = 8 August
    # only: 55 + 35 = 90 on 24 July. 25 July would be the 91st.
    past = past_of(
        "2024-01-03/2024-01-22", "2024-02-10/2024-02-29", "2024-04-01/2024-04-15", "2024-05-20/2024-06-08",
        "2024-06-20",
    )  # fmt: skip
    used = {
        text: days_used(past, "rolling", (180,), day(text))
        for text in ("2024-06-30", "2024-07-20", "2024-07-24")
    }
    assert used == {"2024-06-30": 86, "2024-07-20": 86, "2024-07-24": 90}
    assert iso(last_day(past, "rolling", RULE)) == "2024-07-24"


def test_a_day_trip_over_the_border_counts_its_day_once() -> None:
    # 1-30 Jun 2026 is 30 days; out and in again on 30 June, on to 29 Aug: 31 + 29 = 60 more. 90 in all.
    past = past_of("2026-06-01/2026-06-30", "2026-06-30/2026-08-29")
    assert days_used(past, "rolling", (180,), day("2026-08-29")) == 90
    assert iso(last_day(past, "rolling", RULE)) == "2026-08-29"
    assert iso(last_day(past, "continuous", (90,))) == "2026-09-27"  # 30 June + 89


@pytest.mark.parametrize(("safe", "last"), [(True, "2026-09-19"), (False, "2026-10-28")])
def test_an_exit_nobody_knows(safe: bool, last: str) -> None:
    # In on 1 June, out on a day not known, in Kazakhstan on 10 July, back on 1 August 2026.
    # Safe: 1 June-10 July, 30 + 10 = 40 days; 50 left: 31 in August, 19 in September.
    # Lenient: 1 June alone; 89 left: 31 + 30 to the end of September, 28 in October. 1 June leaves the window
    # on day 152 + 180 = 332 = 28 November only.
    stays = [
        Stay("RU", day("2026-06-01")),
        Stay("KZ", day("2026-07-10"), day("2026-07-20")),
        Stay("RU", day("2026-08-01")),
    ]
    assert iso(last_day(history(stays, "RU", safe=safe), "rolling", RULE)) == last


def test_whole_years_day_by_day() -> None:
    """One person's count on every day of two years, with nothing random in it."""
    periods = [Stay("RU", day("2024-01-01") + 25 * n, day("2024-01-01") + 25 * n + n % 13) for n in range(29)]
    past, spans = history(periods, "RU", safe=True), merged(periods, "RU", True)
    start = date(2024, 1, 1)
    for offset in range(731):
        on = day_number(start + timedelta(days=offset))
        assert days_used(past, "rolling", (180,), on) == rolling(180)(days_in(spans, on), on)
