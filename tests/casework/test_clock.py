"""The legal clock: what each limit leaves, which days come, and that the drawing stays inside its line."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from safar.casework.clock import clock_of
from safar.casework.facts import law_in
from safar.casework.person.line import Line, rows_of
from safar.words import LANGUAGES, say, write_day
from tests.people import CAST, DILSHOD, ERMEK, FIRUZ, JAMSHED, ON, RUSTAM, SHAVKAT, SOMEONE


def clock(facts, on: date = ON, language: str = "en"):
    law = law_in(language)
    return clock_of(law, facts, law.assess(facts, on=on), on=on)


def test_the_last_day_of_the_stay_is_the_headline() -> None:
    told = clock(JAMSHED)

    assert told.tone == "soon"
    assert told.headline.startswith(say("en", "people.clock.left_until", count=8, day=date(2026, 11, 28)))


def test_the_day_itself_and_the_day_after() -> None:
    last = date(2026, 11, 28)

    assert clock(JAMSHED, last).headline == say("en", "people.clock.last_today", day=last)
    assert clock(JAMSHED, last).tone == "soon"
    assert clock(JAMSHED, last + timedelta(days=1)).tone == "danger"


def test_whoever_is_over_sees_the_days_over_as_a_stretch_of_their_own() -> None:
    told = clock(RUSTAM)

    assert told.tone == "danger"
    assert "over" in {bar.tone for lane in told.lanes for bar in lane.bars}
    assert [mark.day for mark in told.marks if mark.kind == "missed"] == [date(2026, 11, 5)]


def test_every_window_of_a_limit_is_counted() -> None:
    (limit,) = clock(RUSTAM).limits

    assert [(window.used, window.allowed, window.left) for window in limit.windows] == [
        (45, 30, 0),
        (45, 90, 45),
    ]
    assert (limit.due_on, limit.latest_on) == (date(2026, 11, 5), date(2027, 1, 4))


def test_days_used_and_left_of_a_calendar_year() -> None:
    (limit,) = clock(FIRUZ).limits

    assert [(window.used, window.left) for window in limit.windows] == [(27, 63), (27, 63)]


def test_a_limit_whose_days_bear_on_nothing_is_not_counted() -> None:
    assert clock(JAMSHED).limits[0].windows == ()


def test_somebody_at_home_learns_when_days_are_free_again() -> None:
    told = clock(DILSHOD)

    assert told.headline == say("en", "people.clock.not_there", country="Russia")
    assert [window.back_on for limit in told.next_time for window in limit.windows] == [date(2027, 1, 1)]


def test_what_is_not_known_is_never_shown_as_time_left() -> None:
    told = clock(SOMEONE)

    assert told.tone == "unknown"
    assert told.headline == say("en", "people.clock.last_day_not_known", country="Russia")
    assert all(not lane.bars for lane in told.lanes)
    assert clock({}).headline == say("en", "people.clock.no_destination")


def test_an_unknown_exit_gives_the_stricter_reading_and_says_so() -> None:
    told = clock(ERMEK)

    assert told.tone == "unknown"
    assert say("en", "people.clock.stricter", told="") in told.headline
    assert any("not known" in lane.said for lane in told.lanes)


def test_what_changes_by_itself_in_the_coming_year_is_marked() -> None:
    worse = [mark for mark in clock(SHAVKAT).marks if mark.kind == "worse"]

    assert worse, "more and more threatens whoever stays"
    assert all(ON < mark.day <= ON + timedelta(days=366) for mark in worse)


def test_the_latest_arguable_day_stands_beside_the_safe_one_only_where_it_is_later() -> None:
    marks = clock(JAMSHED).marks
    by_day = {mark.day: mark for mark in marks if mark.kind == "due"}

    assert by_day[date(2026, 11, 28)].latest == date(2026, 11, 29)
    assert all(mark.latest is None or mark.latest > mark.day for mark in marks)


def test_a_price_is_not_told_beside_the_duty_to_pay() -> None:
    titles = [title for mark in clock(JAMSHED).marks for group in mark.groups for title in group.titles]

    assert "Pay before the paid days end" in titles
    assert "What a month of the patent costs" not in titles


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize("language", LANGUAGES)
def test_everybodys_clock_stays_on_its_line_in_every_language(name: str, language: str) -> None:
    told = clock(CAST[name], language=language)

    assert 0 <= told.today_at <= 100
    assert [mark.number for mark in told.marks] == list(range(1, len(told.marks) + 1))
    assert all(bar.at >= 0 and bar.at + bar.length <= 101 for lane in told.lanes for bar in lane.bars)
    assert all(one.day <= two.day for one, two in pairwise(told.marks))
    assert sum(bool(tick.label) for tick in told.ticks) <= 6
    assert told.headline


def test_marks_that_would_touch_stand_one_under_the_other() -> None:
    rows = rows_of([10, 12, 14, 30, 31, 50])

    assert rows == [0, 1, 2, 0, 1, 0]


def test_a_line_knows_where_its_days_are() -> None:
    line = Line(date(2026, 1, 1), date(2026, 4, 11))

    assert line.at(date(2026, 2, 20)) == 50
    assert line.at(date(2020, 1, 1)) == 0
    assert list(line.bars(date(2025, 1, 1), date(2025, 2, 1), "stay")) == []
    (bar,) = line.bars(date(2026, 1, 1), date(2026, 1, 10), "stay")
    assert (bar.at, bar.length) == (0, 10)


def test_the_day_is_written_as_the_reader_writes_it() -> None:
    assert write_day("tg", date(2026, 11, 28)) in clock(JAMSHED, language="tg").headline
