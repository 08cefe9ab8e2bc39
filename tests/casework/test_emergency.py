"""In an emergency a file outside one's places is opened, by exact identity, for a reason, for a day; and looked at."""

from datetime import date, timedelta

import pytest

from safar.casework.access import acting_as, opened, people_of
from safar.casework.emergency import (
    REASON_LETTERS,
    TRIES,
    Access,
    Sought,
    alerts,
    alerts_waiting,
    emergency_until,
    open_emergency,
    review_emergency,
)
from safar.casework.errors import NotAllowedError, NotPossibleError, NotThereError
from safar.casework.people import DocumentGiven, NameGiven, Registration, Saying, register_person
from safar.records.models import Emergency, Officer, Person, PersonName, Reading
from tests.casework.conftest import NOW, ON

REASON = "In hospital in Kulob, the family is not known"
EXACT = {
    "reference": lambda person: Sought(reference=person.reference.lower()),
    "document": lambda _: Sought(document="a 123 4567"),
    "name": lambda _: Sought(surname="RAHIMOV", given_name="Jamshed", birth_date=date(1991, 4, 12)),
}


@pytest.fixture
def rahimov(working) -> Person:
    with working("isfara") as acting:
        return register_person(
            acting,
            Registration(
                names=[NameGiven("Раҳимов", "Ҷамшед")],
                home_id="TJ-SU-ISF-001",
                birth_date=date(1991, 4, 12),
                birth_precision="day",
                facts={"citizenship": "TJ", "destination": "RU", "region": "RU-MOW"},
                documents=[DocumentGiven("passport", "А 1234567", "TJ")],
            ),
            saying=Saying(said_by="person", said_on=ON),
            on=ON,
            now=NOW,
        )


def ask(working, who: str, sought: Sought, *, reason: str = REASON, now=NOW) -> Access:
    with working(who) as acting:
        return open_emergency(acting, sought, reason=reason, now=now)


@pytest.mark.parametrize("by", EXACT)
def test_a_file_is_opened_by_exact_identity(working, rahimov, by: str) -> None:
    with working("kulob") as acting:
        assert not people_of(acting).exists()

    access = ask(working, "kulob", EXACT[by](rahimov))

    assert access == Access(rahimov.pk, NOW + timedelta(hours=24))
    with working("kulob") as acting:
        assert people_of(acting).get() == rahimov
        assert Person.objects.get() == rahimov, "the second wall lets the one person through"
        assert PersonName.objects.count() == 1
        assert emergency_until(acting, rahimov.pk, now=NOW) == access.until


@pytest.mark.parametrize("by", EXACT)
@pytest.mark.parametrize("who", ["lawyer"])
def test_there_is_no_emergency_across_registers(working, rahimov, register, by: str, who: str) -> None:
    acting = acting_as(register[who].officer_id, on=ON, now=NOW)
    with opened(acting, "test"), pytest.raises(NotAllowedError):
        open_emergency(acting, EXACT[by](rahimov), reason=REASON, now=NOW)

    role = type(acting.role)("officer", True, frozenset({"ask_emergency"}), frozenset())
    acting = type(acting)(**{**vars(acting), "role": role})
    with opened(acting, "test"):
        assert open_emergency(acting, EXACT[by](rahimov), reason=REASON, now=NOW) == Access()


@pytest.mark.parametrize(
    "almost",
    [
        Sought(reference="S234-56789"),
        Sought(document="A1234568"),
        Sought(surname="Раҳимов", given_name="Ҷамшед", birth_date=date(1991, 4, 13)),
        Sought(surname="Раҳимов", given_name="Фирдавс", birth_date=date(1991, 4, 12)),
        Sought(surname="Ҷамшед", given_name="Раҳимов", birth_date=date(1991, 4, 12)),
    ],
)
def test_almost_is_not_exact(working, rahimov, almost: Sought) -> None:
    assert ask(working, "kulob", almost) == Access()


def test_two_of_the_same_name_and_day_are_told_apart_by_a_document(working, rahimov) -> None:
    with working("sughd") as acting:
        twin = Registration(
            names=[NameGiven("Рахимов", "Джамшед")], home_id="TJ-SU-ASH-001", birth_date=date(1991, 4, 12),
            birth_precision="day",
        )  # fmt: skip
        register_person(acting, twin, saying=Saying(said_by="person", said_on=ON), on=ON, now=NOW)

    assert ask(working, "kulob", EXACT["name"](rahimov)) == Access()
    assert ask(working, "kulob", EXACT["document"](rahimov)).person_id == rahimov.pk


def test_it_ends_after_a_day(working, rahimov, register) -> None:
    ask(working, "kulob", EXACT["document"](rahimov))

    for hours, sees in ((23, 1), (24, 0)):
        later = NOW + timedelta(hours=hours)
        acting = acting_as(register["kulob"].officer_id, on=ON, now=later)
        with opened(acting, "test"):
            assert people_of(acting).count() == sees


@pytest.mark.parametrize("reason", ["", "   ", "x" * (REASON_LETTERS - 1)])
def test_it_needs_a_reason(working, rahimov, reason: str) -> None:
    with pytest.raises(NotPossibleError) as error:
        ask(working, "kulob", EXACT["document"](rahimov), reason=reason)
    assert error.value.code == "emergency_reason"


@pytest.mark.parametrize(
    "nobody", [Sought(), Sought(surname="Раҳимов", given_name="Ҷамшед"), Sought(document=" - ")]
)
def test_it_needs_an_exact_identity(working, nobody: Sought) -> None:
    with pytest.raises(NotPossibleError) as error:
        ask(working, "kulob", nobody)
    assert error.value.code == "emergency_whom"


def test_nobody_tries_number_after_number(working, rahimov) -> None:
    for number in range(TRIES):
        assert ask(working, "kulob", Sought(document=f"A123456{number}0")) == Access()

    with pytest.raises(NotPossibleError) as error:
        ask(working, "kulob", EXACT["document"](rahimov))
    assert error.value.code == "emergency_too_often"
    assert ask(working, "kulob", EXACT["document"](rahimov), now=NOW + timedelta(hours=2)).person_id


def test_one_s_own_people_need_no_emergency(working, rahimov) -> None:
    assert ask(working, "isfara", EXACT["document"](rahimov)) == Access(rahimov.pk)
    with working("isfara") as acting:
        assert not Emergency.objects.exists()
        assert emergency_until(acting, rahimov.pk, now=NOW) is None


def test_every_try_is_noted_without_a_name(working, rahimov) -> None:
    ask(working, "kulob", EXACT["name"](rahimov))
    ask(working, "kulob", Sought(document="A7654321"))

    with working("kulob") as acting:
        noted = list(
            Reading.objects.filter(action="emergency").order_by("id").values_list("person", "detail")
        )
        assert noted == [
            (rahimov.pk, {"by": "name", "found": True, "own": False}),
            (None, {"by": "document", "found": False, "own": False}),
        ]
        assert acting.emergencies == (rahimov.pk,)


# Looking at it afterwards


def test_whoever_is_responsible_is_told(working, rahimov) -> None:
    ask(working, "kulob", EXACT["document"](rahimov))

    with working("sughd") as acting:
        (alert,) = alerts(acting)
        assert (alert.officer, alert.reason, alert.reference) == ("Kulob", REASON, rahimov.reference)
        assert alerts_waiting(acting) == 1
    for who in ("isfara", "lawyer", "donor"):
        with working(who) as acting:
            assert alerts_waiting(acting) == 0
            with pytest.raises(NotAllowedError):
                alerts(acting)


def test_a_supervisor_of_elsewhere_is_not_told(working, rahimov) -> None:
    officer = Officer.objects.get(username="kulob")
    officer.grants.update(role="supervisor")
    ask(working, "consul", EXACT["document"](rahimov))

    with working("kulob") as acting:
        assert alerts(acting) == ()
        emergency = 1
        with pytest.raises(NotThereError):
            review_emergency(acting, emergency, verdict="justified", now=NOW)


def test_justified(working, rahimov) -> None:
    ask(working, "kulob", EXACT["document"](rahimov))

    with working("sughd") as acting:
        (alert,) = alerts(acting)
        review_emergency(acting, alert.emergency_id, verdict="justified", now=NOW)
        assert alerts(acting) == ()
        (seen,) = alerts(acting, reviewed=True)
        assert (seen.verdict, seen.reviewed_by) == ("justified", "Sughd")
        with pytest.raises(NotPossibleError):
            review_emergency(acting, alert.emergency_id, verdict="justified", now=NOW)
    with working("kulob") as acting:
        assert people_of(acting).exists()


def test_what_was_not_justified_ends_at_once(working, rahimov) -> None:
    ask(working, "kulob", EXACT["document"](rahimov))

    with working("sughd") as acting:
        (alert,) = alerts(acting)
        with pytest.raises(NotPossibleError):
            review_emergency(acting, alert.emergency_id, verdict="not_justified", now=NOW)
        review_emergency(acting, alert.emergency_id, verdict="not_justified", remark="A neighbour", now=NOW)
    with working("kulob") as acting:
        assert not people_of(acting).exists()
        assert not Person.objects.exists()


def test_nobody_judges_their_own(working, rahimov, register) -> None:
    Officer.objects.get(username="kulob").grants.update(role="supervisor")
    ask(working, "kulob", EXACT["document"](rahimov))
    Officer.objects.get(username="kulob").grants.update(place=None)

    with working("kulob") as acting:
        (alert,) = alerts(acting)
        assert alert.mine
        assert alerts_waiting(acting) == 0
        with pytest.raises(NotAllowedError):
            review_emergency(acting, alert.emergency_id, verdict="justified", now=NOW)


def test_files_merged_into_one_are_opened_together(working, rahimov) -> None:
    with working("sughd") as acting:
        other = register_person(
            acting, Registration(names=[NameGiven("Рахимзода", "Джамшед")], home_id="TJ-SU-ASH-001"),
            saying=Saying(said_by="person", said_on=ON), on=ON, now=NOW,
        )  # fmt: skip
        Person.objects.filter(pk=other.pk).update(merged_into=rahimov)

    ask(working, "kulob", Sought(reference=other.reference))

    with working("kulob") as acting:
        assert set(people_of(acting)) == {rahimov, other}
        assert emergency_until(acting, other.pk, now=NOW)
