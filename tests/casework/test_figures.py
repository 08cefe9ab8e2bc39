"""Figures: true for whoever sees people, harmless for whoever does not, and never reckoned back."""

import csv
import itertools
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from safar.casework import counting
from safar.casework.counting import headcounts, load_figures, path_steps, publishable, sums_of
from safar.casework.errors import NotAllowedError
from safar.casework.figures import figures_page
from safar.casework.figures_table import BOM, COLUMNS, figures_csv
from safar.casework.night import Clock, run_night
from safar.casework.small_cells import LEAST, possible
from safar.records.models import Figure, Headcount, NightCount, Organisation, Person, Reading, Tally
from tests.casework.conftest import NOW, ON
from tests.casework.test_today import registered


def page(acting, language: str = "en"):
    return figures_page(acting, now=NOW, language=language)


def tally(
    people: int,
    path: str = "TJ.SU.ISF.",
    danger: str = "fine",
    week: int | None = None,
    register: str = "TJ-MS",
):
    of = Organisation.objects.get(code=register)
    Tally.objects.create(
        register=of, home_path=path, corridor="TJ-RU", danger=danger, week=week, people=people, reckoned_on=ON
    )
    Headcount.objects.create(register=of, home_path=path, sex="male", age="from_25", people=people)


@pytest.fixture
def counted(system) -> None:
    """A night that counted people of two registers."""
    with system():
        tally(60)
        tally(30, danger="ban_growing", week=-1)
        tally(20, danger="")
        tally(25, "TJ.KH.KUL.", week=0)
        tally(3, "TJ.KH.KUL.", danger="not_known")
        tally(40, "KG.OS.OSH.", register="KG-NGO-OSH")
        load_figures(on=ON)


def told(rows) -> dict[str, int | None]:
    return {row.key: row.people for row in rows}


def test_a_supervisor_sees_the_true_counts_of_their_area(working, counted) -> None:
    with working("sughd") as acting:
        shown = page(acting)

    assert shown.told_as == "scope"
    assert (shown.people.people, shown.needing.people) == (110, 90)
    assert told(shown.dangers) == {"ban_growing": 30, "fine": 60}
    assert told(shown.places) == {"TJ.": 90, "TJ.SU.": 90, "TJ.SU.ISF.": 90}
    assert not shown.withheld


@pytest.mark.parametrize(
    ("username", "told_as", "people"), [("donor", "programme", 178), ("admin", "register", 138)]
)
def test_statistics_are_of_the_programme_or_of_the_own_register(
    working, counted, username: str, told_as: str, people: int
) -> None:
    with working(username) as acting:
        shown = page(acting)

    assert (shown.told_as, shown.people.people) == (told_as, people)
    assert ("KG." in told(shown.places)) == (username == "donor")


def test_what_is_small_is_withheld_with_company(working, counted) -> None:
    with working("donor") as acting:
        shown = page(acting)

    assert told(shown.dangers)["not_known"] is None
    assert None in [people for danger, people in told(shown.dangers).items() if danger != "not_known"]
    assert shown.withheld
    assert next(row for row in shown.unknown if row.key == "fact").people is None


def test_the_wall_shows_figures_to_whom_they_belong(working, counted) -> None:
    for username, registers in {
        "donor": {None},
        "admin": {"TJ-MS"},
        "sughd": {"TJ-MS"},
        "lawyer": {"KG-NGO-OSH"},
    }.items():
        with working(username):
            seen = set(Figure.objects.values_list("register__code", flat=True))
            assert seen == registers, username
            assert Headcount.objects.exists() == (username in {"sughd", "lawyer"})


def test_no_row_about_a_person_is_touched_for_statistics(working, counted) -> None:
    with (
        working("donor") as acting,
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        page(acting)
        figures_csv(acting, now=NOW, language="en")

    asked = " ".join(query["sql"] for query in queries.captured_queries)
    for table in ("person", "need", "tally", "headcount", "nightcount", "statement", "change"):
        assert f'"records_{table}"' not in asked
    with working("donor"):
        assert not Person.objects.exists() and not Tally.objects.exists()


def test_who_may_see_figures(working, counted) -> None:
    for username in ("isfara", "consul", "lawyer"):
        with working(username) as acting, pytest.raises(NotAllowedError):
            page(acting)


@pytest.mark.parametrize("language", ["tg", "ky", "uz", "ru", "en"])
def test_figures_are_said_in_every_language(working, counted, language: str) -> None:
    with working("donor") as acting:
        shown = page(acting, language)
        assert all(row.label for row in (*shown.dangers, *shown.corridors, *shown.places, *shown.unknown))
        assert figures_csv(acting, now=NOW, language=language).count("\r\n") > 20


# The table


def test_the_table_has_tags_and_keeps_empty_apart_from_nought(working, counted) -> None:
    with working("donor") as acting:
        text = figures_csv(acting, now=NOW, language="en")
        assert Reading.objects.get(action="export").detail["of"] == "statistics"

    assert text.startswith(BOM)
    head, tags, *rows = csv.reader(StringIO(text.removeprefix(BOM)))
    assert tags == [COLUMNS[name] for name in head]
    assert all(tag.startswith("#") for tag in tags)
    told_ = [dict(zip(head, row, strict=True)) for row in rows]
    small = [row for row in told_ if row["code"] == "not_known"]
    assert [(row["people"], row["withheld"]) for row in small] == [("", "yes")]
    isfara = next(row for row in told_ if row["code"] == "TJ.SU.ISF.")
    assert (isfara["district_code"], isfara["province_code"], isfara["country"]) == ("3505404", "TJ-SU", "TJ")
    assert {row["date"] for row in told_} == {ON.isoformat()}


# The night


def test_the_night_counts_by_sex_and_age_and_night(working, system, tmp_path: Path) -> None:
    with working("isfara") as acting:
        for days in (3, 60, 200):
            registered(acting, "Раҳимов", days)
    clock = Clock(now=lambda: datetime(2026, 11, 20, 23, 0, tzinfo=UTC), seconds=itertools.count().__next__)
    with system():
        for later in (0, 1):
            run_night(tmp_path, on=ON + timedelta(days=later), clock=clock)

        assert list(Headcount.objects.values_list("home_path", "sex", "age", "people")) == [
            ("TJ.SU.ISF.", "", "from_35", 3)
        ]
        assert list(NightCount.objects.order_by("on").values_list("on", "people")) == [
            (ON, 3), (ON + timedelta(days=1), 3),
        ]  # fmt: skip
        assert set(Figure.objects.filter(on=ON).values_list("kind", flat=True)) <= {"whole", "near"}
        assert not Figure.objects.exclude(people=None).exists(), "three people are too few for any figure"


def test_old_nights_are_forgotten(system, counted, monkeypatch: pytest.MonkeyPatch) -> None:
    with system():
        load_figures(on=ON + timedelta(days=counting.KEPT_NIGHTS))

        assert set(Figure.objects.values_list("on", flat=True)) == {ON + timedelta(days=counting.KEPT_NIGHTS)}


def test_ages_are_full_years_on_the_day() -> None:
    born = ["2008-11-20", "2008-11-21", "1991-04-12", "1966-01-01", "2026-12-01", None]
    people = [f"p{number}" for number in range(len(born))]
    scopes = pl.DataFrame(
        {"person_id": people, "register_id": 1, "home_path": "TJ.SU.ISF.U01.", "region": ""}
    )
    records = pl.DataFrame(
        {"person_id": people, "sex": ["male", "male", "female", None, "male", ""], "dob": born}
    )

    rows = headcounts(scopes, records, on=date(2026, 11, 20)).sort("sex", "age").rows()

    assert [row[1:] for row in rows] == [
        ("TJ.SU.ISF.", "", "", "", 1), ("TJ.SU.ISF.", "", "", "from_60", 1), ("TJ.SU.ISF.", "", "female", "from_35", 1),
        ("TJ.SU.ISF.", "", "male", "", 1), ("TJ.SU.ISF.", "", "male", "from_18", 1),
        ("TJ.SU.ISF.", "", "male", "under_18", 1),
    ]  # fmt: skip


def test_what_is_not_known_of_a_home_is_a_step_of_its_own() -> None:
    assert path_steps("TJ.SU.ISF.") == ("TJ.", "TJ.SU.", "TJ.SU.ISF.")
    assert path_steps("TJ.SU.") == ("TJ.", "TJ.SU.", "TJ.SU.?.")
    assert path_steps("") == ("?.",)


# Nothing can be reckoned back, whatever was counted

HOMES = ("TJ.SU.ISF.", "TJ.SU.ASH.", "TJ.KH.KUL.", "TJ.KH.", "KG.OS.OSH.", "")
ROWS = st.tuples(
    st.sampled_from(HOMES), st.sampled_from(["TJ-RU", "KG-KZ", "?-RU"]), st.sampled_from(["", "fine", "not_known"]),
    st.sampled_from(["past", "none"]), st.sampled_from(["male", "female"]), st.integers(1, 30),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(ROWS, max_size=8))
def test_no_figure_can_be_reckoned_back(rows) -> None:
    counts: dict[tuple[str, str], int] = {}
    for home, corridor, danger, near, sex, people in rows:
        names = [("whole", "people"), ("sex", sex), ("age", f"{sex}.from_18")]
        names += [("whole", "rest")] if not danger else [
            ("whole", "needing"), ("danger", danger), ("near", near), ("corridor", corridor),
            *(("place", path) for path in path_steps(home)),
        ]  # fmt: skip
        for name in names:
            counts[name] = counts.get(name, 0) + people

    published = publishable(counts)

    flat = {f"{kind}:{key}": people for (kind, key), people in counts.items()}
    hidden = {f"{kind}:{key}" for (kind, key), people in published.items() if people is None}
    assert {name for name, people in flat.items() if people < LEAST} <= hidden
    if counts:
        bounds = possible(flat, list(sums_of(counts)), hidden)
        for name in hidden:
            low, high = bounds[name]
            assert low <= flat[name] <= high and high - low >= LEAST - 1
