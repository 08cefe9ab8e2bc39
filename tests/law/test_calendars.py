"""The working-day calendars are complete, tidy and add up to the published yearly totals."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

CALENDARS = Path(__file__).resolve().parents[2] / "content" / "calendars"
COUNTRIES = ("RU", "KZ")
YEARS = range(2007, 2028)
STATUSES = {"seen", "general_knowledge", "projected"}

RUSSIA_WORKING_DAYS = {
    2007: 249, 2008: 250, 2009: 249, 2010: 249, 2011: 248, 2012: 249, 2013: 247,
    2014: 247, 2015: 247, 2016: 247, 2017: 247, 2018: 247, 2019: 247, 2020: 248,
    2021: 247, 2022: 247, 2023: 247, 2024: 248, 2025: 247, 2026: 247,
}  # fmt: skip


def read_calendar(country):
    return YAML(typ="safe", pure=True).load((CALENDARS / f"{country}.yaml").read_text(encoding="utf-8"))


RUSSIA = read_calendar("RU")
KAZAKHSTAN = read_calendar("KZ")
CALENDAR = {"RU": RUSSIA, "KZ": KAZAKHSTAN}


def days(calendar, year, kind):
    return [entry["day"] for entry in calendar["years"][year][kind]]


def is_working(calendar, day):
    if day in days(calendar, day.year, "working"):
        return True
    return day.isoweekday() not in calendar["weekend"] and day not in days(calendar, day.year, "off")


def working_days_in(calendar, year):
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    return sum(is_working(calendar, first + timedelta(days=n)) for n in range(length))


@pytest.mark.parametrize("country", COUNTRIES)
def test_says_whose_calendar_it_is_and_where_it_comes_from(country):
    calendar = CALENDAR[country]

    assert calendar["country"] == country
    assert calendar["weekend"] == [6, 7]
    assert calendar["notes"]
    assert all(source["url_or_act"] and source["gist"] for source in calendar["sources"])


@pytest.mark.parametrize("country", COUNTRIES)
def test_has_every_year(country):
    assert list(CALENDAR[country]["years"]) == list(YEARS)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("year", YEARS)
def test_each_year_says_how_sure_it_is(country, year):
    entry = CALENDAR[country]["years"][year]

    assert entry["status"] in STATUSES
    assert entry["source"]
    assert all(item["why"] for item in entry["off"] + entry["working"])


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("kind", ["off", "working"])
def test_days_are_in_order_once_each_and_of_their_year(country, year, kind):
    listed = days(CALENDAR[country], year, kind)

    assert listed == sorted(set(listed))
    assert all(day.year == year for day in listed)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("year", YEARS)
def test_days_off_are_weekdays_and_days_worked_are_weekends(country, year):
    assert [day for day in days(CALENDAR[country], year, "off") if day.isoweekday() >= 6] == []
    assert [day for day in days(CALENDAR[country], year, "working") if day.isoweekday() < 6] == []


@pytest.mark.parametrize(("year", "expected"), RUSSIA_WORKING_DAYS.items())
def test_russian_years_have_the_published_number_of_working_days(year, expected):
    assert working_days_in(RUSSIA, year) == expected


def test_kazakhstan_2026_has_one_working_day_more_than_was_announced():
    announced = 246  # before the holiday of 30 August, due to move to Monday 31 August, was ended

    assert working_days_in(KAZAKHSTAN, 2026) == announced + 1


@pytest.mark.parametrize(
    "day",
    [
        date(2008, 5, 4), date(2012, 6, 9), date(2016, 2, 20), date(2018, 4, 28), date(2018, 6, 9),
        date(2018, 12, 29), date(2021, 2, 20), date(2022, 3, 5), date(2024, 4, 27), date(2024, 11, 2),
        date(2024, 12, 28), date(2025, 11, 1),
    ],
)  # fmt: skip
def test_weekend_days_that_russia_worked(day):
    assert is_working(RUSSIA, day)


@pytest.mark.parametrize(
    "day",
    [
        date(2012, 6, 11), date(2013, 1, 8), date(2014, 3, 10), date(2021, 11, 4), date(2021, 11, 5),
        date(2026, 1, 9), date(2026, 12, 31),
    ],
)  # fmt: skip
def test_weekdays_that_russia_rested(day):
    assert not is_working(RUSSIA, day)


@pytest.mark.parametrize("day", [date(2012, 1, 10), date(2020, 4, 1), date(2021, 5, 4), date(2021, 11, 3)])
def test_days_that_stay_working_days_in_russia(day):
    """The first working day of 2012, and days that the President declared non-working."""
    assert is_working(RUSSIA, day)


@pytest.mark.parametrize(
    "day",
    [
        date(2010, 3, 24), date(2014, 1, 3), date(2018, 8, 31), date(2020, 5, 8), date(2022, 10, 24),
        date(2025, 1, 7), date(2026, 5, 27), date(2027, 3, 15),
    ],
)  # fmt: skip
def test_weekdays_that_kazakhstan_rests(day):
    assert not is_working(KAZAKHSTAN, day)


@pytest.mark.parametrize(
    "day", [date(2013, 12, 28), date(2020, 5, 11), date(2022, 10, 22), date(2026, 8, 31)]
)
def test_days_that_kazakhstan_works(day):
    assert is_working(KAZAKHSTAN, day)


def test_the_day_that_moves_forward_is_off_where_the_worked_day_says_so():
    """Each worked weekend day names the weekday it pays for, and that weekday is off, in its own year."""
    for calendar in CALENDAR.values():
        for year in YEARS:
            for entry in calendar["years"][year]["working"]:
                rested = date.fromisoformat(entry["why"].removeprefix("moved to "))
                assert rested in days(calendar, rested.year, "off")


def test_years_to_come_are_not_called_seen():
    assert RUSSIA["years"][2027]["status"] != "seen"
    assert KAZAKHSTAN["years"][2027]["status"] == "projected"
