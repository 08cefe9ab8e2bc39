"""Files are opened, facts are told, nothing is overwritten, and nobody sees beyond their scope."""

from datetime import date
from uuid import uuid4

import pytest

from safar.casework.access import people_of
from safar.casework.consents import ConsentGiven, give_consent, withdraw_consent
from safar.casework.errors import NotAllowedError, NotPossibleError, NotThereError
from safar.casework.households import join_household, leave_household
from safar.casework.people import (
    NameGiven,
    OffenceGiven,
    Registration,
    Saying,
    StayGiven,
    add_name,
    add_phone,
    change_home,
    correct_stay,
    end_stay,
    register_person,
    state_facts,
    withdraw_statement,
)
from safar.casework.person.travels import JourneyGiven, add_journey, end_journey
from safar.records.models import Consent, Journey, Member, Organisation, Person, PersonName, Statement, Stay
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


def test_a_form_sent_twice_opens_one_file(working) -> None:
    drawn = uuid4()
    with working("isfara") as acting:
        one = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW, person_id=drawn)
        two = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW, person_id=drawn)

        assert one.pk == two.pk == drawn
        assert Person.objects.count() == 1


def test_the_number_of_somebody_elses_file_opens_nothing(working) -> None:
    drawn = uuid4()
    with working("kulob") as acting:
        register_person(acting, jamshed(home="TJ-KH-KUL-001"), saying=TOLD, on=ON, now=NOW, person_id=drawn)
    with working("isfara") as acting, pytest.raises(NotPossibleError):
        register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW, person_id=drawn)


@pytest.mark.parametrize(
    ("told", "born", "precision", "reaches_the_law"),
    [
        ("1990-05-06", date(1990, 5, 6), "day", True),
        ("1990-05", date(1990, 5, 1), "month", False),
        ("1990", date(1990, 1, 1), "year", False),
        (None, None, "unknown", False),
    ],
)
def test_a_date_of_birth_is_corrected_as_far_as_it_is_known(
    working, told, born, precision, reaches_the_law
) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        person = state_facts(acting, person.id, {"birth_date": told}, saying=TOLD, on=ON, now=NOW)

        assert (person.birth_date, person.birth_precision) == (born, precision)
        assert ("birth_date" in person.facts) is reaches_the_law


@pytest.mark.parametrize("wrong", ["1990-13-01", "yesterday", "none", "2027-01-01"])
def test_a_date_of_birth_that_cannot_be_is_refused_whole(working, wrong: str) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        with pytest.raises(NotPossibleError):
            state_facts(acting, person.id, {"birth_date": wrong}, saying=TOLD, on=ON, now=NOW)

        assert Statement.objects.filter(person=person).count() == 1


def test_what_is_refused_leaves_nothing_behind(working) -> None:
    wrong = StayGiven("RU", date(2026, 9, 1), date(2026, 8, 1))
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        with pytest.raises(NotPossibleError):
            state_facts(acting, person.id, {"sex": "male"}, stays=[wrong], saying=TOLD, on=ON, now=NOW)

        assert Statement.objects.filter(person=person).count() == 1


def test_told_as_not_known_is_not_known_any_more(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        person = state_facts(acting, person.id, {"entry_purpose": None}, saying=TOLD, on=ON, now=NOW)

        assert person.facts["entry_purpose"] is None


def test_answers_about_danger_signs_are_told_one_by_one(working) -> None:
    doubtful = Saying(said_by="family", said_on=ON, sureness="doubtful")
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        for answers, saying in (
            ({"R-ILO-07": True}, TOLD),
            ({"R-WAGE-01": False}, TOLD),
            ({"R-ILO-07": False}, doubtful),
        ):
            person = state_facts(acting, person.id, {"answers": answers}, saying=saying, on=ON, now=NOW)

        assert person.facts["answers"] == {"R-ILO-07": True, "R-WAGE-01": False}


def test_a_doubtful_stay_or_end_decides_nothing(working) -> None:
    doubtful = Saying(said_by="family", said_on=ON, sureness="doubtful")
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        running = person.facts["stays"]
        earlier = StayGiven("RU", date(2025, 1, 1), date(2025, 2, 1))
        person = state_facts(acting, person.id, {}, stays=[earlier], saying=doubtful, on=ON, now=NOW)
        stay = Stay.objects.get(person=person, entered_on=date(2026, 9, 1))
        person = end_stay(acting, person.id, stay.id, date(2026, 10, 1), saying=doubtful, on=ON, now=NOW)

        assert person.facts["stays"] == running


def test_an_end_taken_back_gives_the_stay_back(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        running = person.facts["stays"]
        stay = Stay.objects.get(person=person)
        person = end_stay(acting, person.id, stay.id, date(2026, 10, 1), saying=TOLD, on=ON, now=NOW)
        assert person.facts["stays"][0]["left_on"] == "2026-10-01"

        last = Statement.objects.filter(person=person).latest("id")
        person = withdraw_statement(acting, person.id, last.id, because="Somebody else", on=ON, now=NOW)

        assert person.facts["stays"] == running


def test_a_corrected_stay_takes_the_place_of_the_other_which_stays(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        stay = Stay.objects.get(person=person)
        right = StayGiven("RU", date(2026, 9, 3), still_there=True)
        person = correct_stay(acting, person.id, stay.id, right, saying=TOLD, on=ON, now=NOW)

        assert [row["entered_on"] for row in person.facts["stays"]] == ["2026-09-03"]
        assert Stay.objects.filter(person=person).count() == 2


def test_no_stays_and_no_decisions_are_facts_too(working) -> None:
    nobody = Registration(names=[NameGiven("Назаров", "Фирӯз")], home_id="TJ-SU-ISF-001")
    with working("isfara") as acting:
        person = register_person(acting, nobody, saying=TOLD, on=ON, now=NOW)
        assert "stays" not in person.facts
        person = state_facts(
            acting, person.id, {"stays": "none", "offences": "none"}, saying=TOLD, on=ON, now=NOW
        )
        assert (person.facts["stays"], person.facts["offences"]) == ([], [])

        fine = OffenceGiven("RU", "stay", date(2026, 3, 1), expelled=False)
        person = state_facts(acting, person.id, {}, offences=[fine], saying=TOLD, on=ON, now=NOW)
        assert len(person.facts["offences"]) == 1


def test_a_new_name_is_shown_and_the_old_one_stays(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        married = NameGiven("Каримов", "Ҷамшед", kind="married", used_from=date(2026, 1, 1))
        add_name(acting, person.id, married, saying=TOLD, on=ON, now=NOW, shown=True)

        assert PersonName.objects.get(person=person, shown=True).surname == "Каримов"
        assert PersonName.objects.filter(person=person).count() == 2


def test_a_consul_writes_nobody_out_of_sight(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(region="RU-SVE"), saying=TOLD, on=ON, now=NOW)
    with working("consul") as acting:
        with pytest.raises(NotPossibleError):
            state_facts(acting, person.id, {"region": "RU-MOW"}, saying=TOLD, on=ON, now=NOW)
        moved = state_facts(acting, person.id, {"region": "RU-CHE"}, saying=TOLD, on=ON, now=NOW)
        assert moved.region == "RU-CHE"


def test_a_home_changes_inside_ones_places_only(working) -> None:
    with working("sughd") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        person = change_home(acting, person.id, "TJ-SU-ASH-001", on=ON, now=NOW)
        assert person.home_path == "TJ.SU.ASH.U01.001."
        assert "h:TJ.SU.ASH." in PersonName.objects.get(person=person).keys
        with pytest.raises(NotPossibleError):
            change_home(acting, person.id, "TJ-KH-KUL-001", on=ON, now=NOW)


def test_a_telephone_number_that_is_none_is_refused(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        add_phone(acting, person.id, "+992 92 777-11-22", saying=TOLD, on=ON, now=NOW)
        with pytest.raises(NotPossibleError):
            add_phone(acting, person.id, "call me", saying=TOLD, on=ON, now=NOW)


def test_journeys_begin_and_end(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        gone = JourneyGiven("RU", left_home_on=date(2026, 8, 30))
        add_journey(acting, person.id, gone, saying=TOLD, on=ON, now=NOW)
        journey = Journey.objects.get(person=person)
        assert journey.state == "under_way"

        with pytest.raises(NotPossibleError):
            end_journey(acting, person.id, journey.id, date(2026, 8, 1), saying=TOLD, on=ON, now=NOW)
        end_journey(acting, person.id, journey.id, date(2026, 11, 1), saying=TOLD, on=ON, now=NOW)
        with pytest.raises(NotThereError):
            end_journey(acting, person.id, journey.id, date(2026, 11, 2), saying=TOLD, on=ON, now=NOW)


def test_a_household_is_joined_by_the_reference_and_left(working) -> None:
    with working("isfara") as acting:
        one = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        two = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        typed = one.reference.lower().replace("-", " ")
        join_household(acting, two.id, typed, relation="spouse", saying=TOLD, on=ON, now=NOW)
        assert Member.objects.count() == 2
        with pytest.raises(NotPossibleError):
            join_household(acting, two.id, typed, relation="child", saying=TOLD, on=ON, now=NOW)

        leave_household(acting, two.id, saying=TOLD, on=ON, now=NOW)
        join_household(acting, two.id, typed, relation="sibling", saying=TOLD, on=ON, now=NOW)
        assert Member.objects.get(person=two).relation == "sibling"


def test_nobody_joins_a_household_out_of_scope(working) -> None:
    with working("kulob") as acting:
        other = register_person(acting, jamshed(home="TJ-KH-KUL-001"), saying=TOLD, on=ON, now=NOW)
    with working("isfara") as acting:
        one = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        with pytest.raises(NotThereError):
            join_household(acting, one.id, other.reference, relation="", saying=TOLD, on=ON, now=NOW)


def test_a_consent_names_to_whom_and_is_taken_back(working) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        given = ConsentGiven("refer", ["identity", "law"], "signed", ON)
        with pytest.raises(NotPossibleError):
            give_consent(acting, person.id, given, saying=TOLD, on=ON, now=NOW)
        ngo = Organisation.objects.get(code="KG-NGO-OSH")
        named = ConsentGiven("refer", ["law", "identity"], "signed", ON, recipient_id=ngo.pk)
        give_consent(acting, person.id, named, saying=TOLD, on=ON, now=NOW)

        consent = Consent.objects.get(person=person)
        withdraw_consent(acting, person.id, consent.id, saying=TOLD, on=ON, now=NOW)
        assert Consent.objects.get(pk=consent.pk).withdrawn_on == ON
        with pytest.raises(NotThereError):
            withdraw_consent(acting, person.id, consent.id, saying=TOLD, on=ON, now=NOW)


@pytest.mark.parametrize("recipient", ["TJ-MS", "TJ-MS-ISF", "EU"])
def test_a_file_is_passed_on_to_no_office_of_the_same_register_and_no_donor(working, recipient: str) -> None:
    with working("isfara") as acting:
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
        pk = Organisation.objects.get(code=recipient).pk
        given = ConsentGiven("refer", ["law"], "signed", ON, recipient_id=pk)
        with pytest.raises(NotThereError):
            give_consent(acting, person.id, given, saying=TOLD, on=ON, now=NOW)
