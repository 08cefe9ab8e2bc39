"""One person is found from every spelling, in every script, by number and by place, and by nobody out of scope."""

from datetime import date

import pytest

from safar.casework.people import DocumentGiven, NameGiven, Registration, Saying, register_person
from safar.casework.search import likely_same, search_people
from safar.linkage.describe import Name
from safar.records.models import Reading
from tests.casework.conftest import NOW, ON

TOLD = Saying(said_by="person", said_on=ON)


@pytest.fixture
def rahimov(working):
    with working("isfara") as acting:
        return register_person(
            acting,
            Registration(
                names=[NameGiven("Раҳимов", "Ҷамшед", "Каримович")],
                home_id="TJ-SU-ISF-001",
                birth_date=date(1991, 4, 12),
                birth_precision="day",
                facts={"citizenship": "TJ", "destination": "RU", "region": "RU-SVE"},
                documents=[DocumentGiven("passport", "А 1234567", "TJ")],
                phones=["+992 92 777 11 22"],
            ),
            saying=TOLD,
            on=ON,
            now=NOW,
        )


@pytest.mark.parametrize(
    "typed",
    ["Ҷамшед Раҳимов", "Джамшед Рахимов", "JAMSHED RAHIMOV", "Rakhimov Dzhamshed", "Рахимзода Ҷ.", "Рахимов Д.",
     "rahimov", "Раҳи", "A1234567", "а 123 4567", "00992927771122", "Рахимов TJ-SU-ISF"],
)  # fmt: skip
def test_every_spelling_finds_him(working, rahimov, typed: str) -> None:
    with working("isfara") as acting:
        assert [found.person_id for found in search_people(acting, typed, now=NOW).found] == [rahimov.id]


def test_the_reference_finds_him(working, rahimov) -> None:
    with working("consul") as acting:
        assert search_people(acting, rahimov.reference.lower().replace("-", " "), now=NOW).found


@pytest.mark.parametrize("username", ["kulob", "lawyer"])
@pytest.mark.parametrize("typed", ["Раҳимов", "A1234567", "992927771122"])
def test_nobody_out_of_scope_finds_him(working, rahimov, username: str, typed: str) -> None:
    with working(username) as acting:
        assert search_people(acting, typed, now=NOW).found == ()


def test_a_search_is_noted_without_the_name(working, rahimov) -> None:
    with working("isfara") as acting:
        search_people(acting, "Раҳимов", now=NOW)

        noted = Reading.objects.get(action="search")
        assert noted.officer_id == acting.officer_id
        assert "ҳимов" not in str(noted.detail)


def test_the_same_person_is_noticed_while_typing(working, rahimov) -> None:
    with working("isfara") as acting:
        likely = likely_same(acting, Name("Rahimov", "Jamshed"), birth_date=date(1991, 12, 4))

        assert likely[0].person.person_id == rahimov.id
        assert {agreed.reason for agreed in likely[0].agreements} >= {"spelling", "swapped"}


def test_a_brother_is_not_taken_for_him(working, rahimov) -> None:
    with working("isfara") as acting:
        assert likely_same(acting, Name("Раҳимов", "Фирдавс"), phones=["992927771122"]) == ()
