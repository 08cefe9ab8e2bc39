"""Files are opened, facts are told, nothing is overwritten, and nobody sees beyond their scope."""

from datetime import date

import pytest

from safar.casework.access import people_of
from safar.casework.errors import NotAllowedError, NotPossibleError, NotThereError
from safar.casework.people import (
    NameGiven,
    Registration,
    Saying,
    StayGiven,
    register_person,
    state_facts,
    withdraw_statement,
)
from safar.records.models import Person, PersonName, Statement
from tests.casework.conftest import NOW, ON

TOLD = Saying(said_by="person", said_on=ON)


def jamshed(home: str = "TJ-SU-ISF-001", region: str = "RU-SVE") -> Registration:
    return Registration(
        names=[NameGiven("Раҳимов", "Ҷамшед")],
        home_id=home,
        birth_date=date(1991, 4, 12),
        birth_precision="day",
        facts={"citizenship": "TJ", "destination": "RU", "region": region, "entry_purpose": "work"},
        stays=[StayGiven("RU", date(2026, 9, 1), still_there=True)],
    )


def test_a_file_is_opened_with_little(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)

        assert person.facts["stays"] == [{"country": "RU", "entered_on": "2026-09-01", "left_on": "none"}]
        assert person.facts["birth_date"] == "1991-04-12"
        assert person.home_path == "TJ.SU.ISF.U01.001."


def test_a_later_statement_speaks_and_the_earlier_stays(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        state_facts(acting, person.id, {"patent_paid_until": "2026-11-28"}, saying=TOLD, on=ON, now=NOW)
        person = state_facts(
            acting, person.id, {"patent_paid_until": "2026-12-28"}, saying=TOLD, on=ON, now=NOW
        )

        assert person.facts["patent_paid_until"] == "2026-12-28"
        assert Statement.objects.filter(person=person).count() == 3


def test_a_doubtful_statement_decides_nothing(working) -> None:
    doubtful = Saying(said_by="family", said_on=ON, sureness="doubtful")
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        person = state_facts(
            acting, person.id, {"patent_paid_until": "2026-12-28"}, saying=doubtful, on=ON, now=NOW
        )

        assert "patent_paid_until" not in person.facts


def test_a_statement_taken_back_decides_nothing_and_stays(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        state_facts(acting, person.id, {"registered_on": "2026-09-04"}, saying=TOLD, on=ON, now=NOW)
        last = Statement.objects.filter(person=person).latest("id")
        person = withdraw_statement(
            acting, person.id, last.id, because="Another person's slip", on=ON, now=NOW
        )

        assert "registered_on" not in person.facts
        assert Statement.objects.get(id=last.id).withdrawn_because == "Another person's slip"


def test_what_cannot_be_true_is_refused(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)

        with pytest.raises(NotPossibleError):
            state_facts(acting, person.id, {"entry_purpose": "holiday"}, saying=TOLD, on=ON, now=NOW)


def test_scope_is_held_twice(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
    for username, sees in {
        "isfara": 1,
        "sughd": 1,
        "consul": 1,
        "kulob": 0,
        "lawyer": 0,
        "donor": 0,
        "admin": 0,
    }.items():
        with working(username) as acting:
            assert people_of(acting).count() == sees, f"{username}: the first wall"
            assert Person.objects.count() == sees, f"{username}: the second wall"
            assert PersonName.objects.count() == sees, f"{username}: the second wall, names"
            if not sees:
                with pytest.raises((NotThereError, NotAllowedError)):
                    state_facts(acting, person.id, {"sex": "male"}, saying=TOLD, on=ON, now=NOW)


def test_nobody_registers_outside_their_places(working) -> None:
    with working("isfara") as acting, pytest.raises(NotPossibleError):
        register_person(acting, jamshed(home="TJ-KH-KUL-001"), saying=TOLD, on=ON, now=NOW)


def test_without_an_officer_at_work_the_database_shows_nothing(register, working) -> None:
    with working("isfara") as acting:
        register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)

    assert Person.objects.count() == 0


def test_the_worklist_follows_at_once(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        assert "stay_over" not in {need.danger for need in person.needs.all()}
        first = person.needs.get(first=True)

        long_ago = [StayGiven("RU", date(2026, 1, 5), date(2026, 8, 1))]
        state_facts(acting, person.id, {"offences": "none"}, saying=TOLD, on=ON, now=NOW, stays=long_ago)

        assert person.needs.count() >= 1
        assert person.needs.get(first=True).priority >= first.priority
