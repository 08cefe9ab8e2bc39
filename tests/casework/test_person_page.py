"""The page of a person: all of it at once, in every language, for nobody out of scope, and with few queries."""

from dataclasses import FrozenInstanceError
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.casework.consents import ConsentGiven, give_consent
from safar.casework.errors import NotAllowedError, NotThereError
from safar.casework.facts import law_in
from safar.casework.households import join_household
from safar.casework.people import (
    DocumentGiven,
    NameGiven,
    OffenceGiven,
    Registration,
    Saying,
    StayGiven,
    add_document,
    add_name,
    add_phone,
    change_home,
    end_stay,
    register_person,
    state_facts,
    withdraw_statement,
)
from safar.casework.person.alike import Typed, people_alike
from safar.casework.person.asking import field_of, told_value
from safar.casework.person.found import people_page
from safar.casework.person.history import history_page
from safar.casework.person.homes import find_homes
from safar.casework.person.naming import read_line
from safar.casework.person.papers import masked, show_document, spaced
from safar.casework.person.sheets import fact_sheet
from safar.casework.person.told import GROUPS
from safar.casework.person.travels import JourneyGiven, add_journey
from safar.casework.person_page import person_page
from safar.law.facts import SCALARS
from safar.linkage import Name
from safar.records.models import Document, Person, Reading, Statement, Stay
from safar.words import LANGUAGES, known, say
from tests.casework.conftest import NOW, ON

TOLD = Saying(said_by="person", said_on=ON)
DOUBTFUL = Saying(said_by="family", said_on=ON, sureness="doubtful", evidence="a voice message")


def registered(acting, surname="Раҳимов", **facts):
    return register_person(
        acting,
        Registration(
            names=[NameGiven(surname, "Ҷамшед", "Каримович"), NameGiven("RAHIMOV", "JAMSHED", kind="passport")],
            home_id="TJ-SU-ISF-001",
            birth_date=date(1991, 4, 12),
            birth_precision="day",
            facts={
                "citizenship": "TJ", "destination": "RU", "region": "RU-SVE", "entry_purpose": "private",
                "offences": "none", "work_kind": "none", **facts,
            },
            stays=[StayGiven("RU", ON - timedelta(days=20), still_there=True)],
            documents=[DocumentGiven("passport", "A1234567", "TJ", valid_until=date(2026, 1, 1))],
            phones=["992927771122"],
        ),
        saying=TOLD, on=ON, now=NOW,
    )  # fmt: skip


def page(acting, person, language="en", **words):
    return person_page(acting, person.pk, on=ON, now=NOW, language=language, **words)


def grow(acting, person) -> None:
    """A file with something in every part of it, and more than once."""
    for number in range(4):
        other = registered(acting, f"Назаров{'ба'[number % 2] * (number + 1)}")
        if number == 0:
            join_household(acting, person.pk, other.reference, relation="head", saying=TOLD, on=ON, now=NOW)
        else:
            join_household(acting, other.pk, person.reference, relation="child", saying=TOLD, on=ON, now=NOW)
        add_name(acting, person.pk, NameGiven(f"Имя{number}"), saying=TOLD, on=ON, now=NOW)
        add_phone(acting, person.pk, f"99292777112{number}", saying=TOLD, on=ON, now=NOW)
        paper = DocumentGiven("patent", f"77 123456{number}", "RU")
        add_document(acting, person.pk, paper, saying=TOLD, on=ON, now=NOW)
        given = ConsentGiven("casework", ["law"], "spoken", ON)
        give_consent(acting, person.pk, given, saying=TOLD, on=ON, now=NOW)
        add_journey(acting, person.pk, JourneyGiven("RU"), saying=TOLD, on=ON, now=NOW)
        fine = OffenceGiven("RU", "other", date(2024, 1, 1 + number), expelled=False)
        gone = StayGiven("KZ", date(2020 + number, 1, 1), date(2020 + number, 2, 1))
        state_facts(
            acting, person.pk, {"sex": "male"}, offences=[fine], stays=[gone], saying=TOLD, on=ON, now=NOW
        )


def test_every_fact_of_the_contract_stands_in_one_group() -> None:
    told = [fact for facts in GROUPS.values() for fact in facts]

    assert sorted(told) == sorted(SCALARS)


@pytest.mark.parametrize("fact", SCALARS)
def test_every_fact_can_be_entered_in_every_form_it_may_take(working, fact: str) -> None:
    kind = SCALARS[fact]
    values = {
        "date": ["2026-01-15", "none"] if fact != "birth_date" else ["1991-04-12"],
        "bool": ["true", "false"],
        "text": [*kind.values]
        or ["RU-MOW" if fact.endswith("region") else "KG" if "citizen" in fact else "mason"],
    }[kind.type]
    with working("sughd") as acting:
        person = registered(acting)
        field = field_of(fact, law_in("en").explainer.words, facts=person.facts)
        for given in (*values, "unknown"):
            assert field.kind != "choice" or given in {choice.value for choice in field.choices}
            told = state_facts(
                acting, person.pk, {fact: told_value(fact, given)}, saying=TOLD, on=ON, now=NOW
            )
            if given == "unknown":
                assert told.facts.get(fact) is None


def test_the_page_holds_the_clock_what_to_do_and_all_that_was_told(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        shown = page(acting, person)

        assert shown.header.name == "RAHIMOV JAMSHED"
        assert shown.header.age == 35
        assert shown.clock.tone == "good"
        assert shown.findings.ahead
        assert shown.question is not None
        assert shown.documents[0].masked == "•••• 567"
        assert shown.documents[0].expired
        assert shown.phones[0].number == "+992 92 777 11 22"
        assert shown.header.consent == "none"
        assert not shown.doubted


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_stand_in_the_script_of_the_reader(working, language: str) -> None:
    with working("isfara") as acting:
        shown = page(acting, registered(acting), language)

        latin = language in ("uz", "en")
        assert shown.header.name == ("RAHIMOV JAMSHED" if latin else "Раҳимов Ҷамшед Каримович")
        assert len(shown.names) == 2


def test_it_is_noted_who_looked(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        page(acting, person)

        looked = Reading.objects.get(action="open_person")
        assert (looked.person, looked.officer_id) == (person.pk, acting.officer_id)


@pytest.mark.parametrize("username", ["kulob", "lawyer", "donor", "admin"])
def test_nobody_out_of_scope_opens_it(working, username: str) -> None:
    with working("isfara") as acting:
        person = registered(acting)
    with working(username) as acting:
        for ask in (
            lambda: page(acting, person),
            lambda: history_page(acting, person.pk, now=NOW, language="en"),
            lambda: fact_sheet(acting, person.pk, "patent", language="en"),
        ):
            with pytest.raises((NotThereError, NotAllowedError)):
                ask()


def test_as_many_queries_for_a_full_file_as_for_an_empty_one(working) -> None:
    with working("sughd") as acting:
        person = registered(acting)
        page(acting, person)  # what is read once a process
        with CaptureQueriesContext(connection) as few:
            page(acting, person)
        grow(acting, person)
        with CaptureQueriesContext(connection) as many:
            shown = page(acting, person)

        assert len(shown.household.others) == 4
        assert len(few) <= 18
        household = 4  # the others, their names, their needs, where the person is in one
        assert len(many) <= len(few) + household, [query["sql"][:200] for query in many]


def test_doubt_is_shown_and_decides_nothing(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        told = page(acting, person).clock.headline
        state_facts(acting, person.pk, {"patent_paid_until": "2027-01-01"}, saying=DOUBTFUL, on=ON, now=NOW)
        shown = page(acting, person)

        rows = {row.fact: row for group in shown.groups for row in group.rows}
        assert shown.doubted
        assert shown.clock.headline == told
        assert rows["patent_paid_until"].value is None
        assert rows["patent_paid_until"].otherwise[0].source.doubtful
        assert "a voice message" in rows["patent_paid_until"].otherwise[0].source.said


def test_what_was_said_before_stands_beside_what_decides(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        later = Saying(said_by="document", said_on=ON)
        state_facts(acting, person.pk, {"entry_purpose": "work"}, saying=later, on=ON, now=NOW)

        rows = {row.fact: row for group in page(acting, person).groups for row in group.rows}
        assert rows["entry_purpose"].value == "work"
        assert [other.value for other in rows["entry_purpose"].otherwise] == ["private visit"]


def test_entering_a_fact_moves_the_clock_at_once(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        before = page(acting, person).clock
        stay = Stay.objects.get(person=person)
        end_stay(acting, person.pk, stay.pk, ON, saying=TOLD, on=ON, now=NOW)
        after = page(acting, person).clock

        assert before.headline != after.headline


def test_a_question_that_was_passed_over_gives_way_to_another(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        first = page(acting, person).question
        second = page(acting, person, skipped=(first.field.fact,)).question

        assert second.field.fact != first.field.fact
        assert second.skip == f"{first.field.fact},{second.field.fact}"


def test_an_answer_settles_what_waited_for_it(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        question = page(acting, person).question
        waiting = len(page(acting, person).findings.unknown)
        answers = [choice.value for choice in question.field.choices] or ["none"]
        value = told_value(question.field.fact, answers[0])
        state_facts(acting, person.pk, {question.field.fact: value}, saying=TOLD, on=ON, now=NOW)

        assert len(page(acting, person).findings.unknown) < waiting


def test_a_danger_sign_rises_to_the_top(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        sheet = fact_sheet(acting, person.pk, "signs", language="en")
        assert all(field.section for field in sheet.fields)
        state_facts(acting, person.pk, {"answers": {"R-TIP-01": True}}, saying=TOLD, on=ON, now=NOW)
        shown = page(acting, person)

        assert shown.findings.pressing[0].provision == "R-TIP-01"
        assert shown.findings.pressing[0].who_helps
        assert [row.value for row in shown.answers] == ["yes"]


def test_documents_are_shown_on_demand_and_it_is_noted(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        paper = Document.objects.get(person=person)

        assert show_document(acting, person.pk, paper.pk, now=NOW) == "A1234567"
        assert Reading.objects.filter(action="show_document", person=person.pk).count() == 1
        other = registered(acting, "Назаров")
        with pytest.raises(NotThereError):
            show_document(acting, other.pk, paper.pk, now=NOW)


@pytest.mark.parametrize(
    ("number", "shown"), [("A1234567", "•••• 567"), ("1234", "••••"), ("123456", "••••")]
)
def test_a_masked_number_hides_enough(number: str, shown: str) -> None:
    assert masked(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("992927771122", "+992 92 777 11 22"), ("79161234567", "+7 916 123 45 67"), ("5551234", "5551234")],
)
def test_a_telephone_number_is_spaced(number: str, shown: str) -> None:
    assert spaced(number) == shown


def test_family_out_of_scope_is_not_in_the_household(working) -> None:
    with working("sughd") as acting:
        person, near, far = registered(acting), registered(acting, "Близкий"), registered(acting, "Далёкий")
        for other in (near, far):
            join_household(acting, other.pk, person.reference, relation="child", saying=TOLD, on=ON, now=NOW)
        change_home(acting, far.pk, "TJ-SU-ASH-001", on=ON, now=NOW)
        assert len(page(acting, person).household.others) == 2
    with working("isfara") as acting:
        (other,) = page(acting, person).household.others
        assert other.person_id == near.pk
        assert other.pressing is None or other.pressing.title


def test_the_history_tells_who_did_what_and_from_what_to_what(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        married = NameGiven("Каримов", "Ҷамшед", kind="married")
        add_name(acting, person.pk, married, saying=TOLD, on=ON, now=NOW, shown=True)
        last = Statement.objects.filter(person=person).earliest("id")
        withdraw_statement(acting, person.pk, last.pk, because="Another person", on=ON, now=NOW)
    with working("sughd") as acting:
        told = history_page(acting, person.pk, now=NOW, language="en")

        assert {one.by for one in told.happenings} == {"Isfara"}
        lines = [line for one in told.happenings for line in one.details]
        assert "Surname: Каримов" in lines
        assert "Reason: Another person" in lines
        assert "On lists and letters: no (before: yes)" in lines
        assert told.sees_looks
        assert told.looks[0].by == "Sughd"
    with working("isfara") as acting:
        assert history_page(acting, person.pk, now=NOW, language="en").looks == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_page_and_its_history_have_words_in_every_language(working, language: str) -> None:
    with working("sughd") as acting:
        person = registered(acting)
        grow(acting, person)
        shown = page(acting, person, language)
        told = history_page(acting, person.pk, now=NOW, language=language)
        keys = [
            one.key
            for part in (
                shown.stays, shown.offences, shown.journeys, shown.names, shown.documents, shown.phones,
                shown.consents, shown.groups, shown.clock.marks, shown.household.others, shown.pairs,
            )
            for one in part
            if getattr(one, "relation", True)
        ]  # fmt: skip

        assert [key for key in (*keys, shown.header.consent_key) if not known(language, key)] == []
        assert told.happenings


def test_who_is_found_and_who_was_opened_lately(working) -> None:
    with working("isfara") as acting:
        person = registered(acting)
        empty = people_page(acting, "", now=NOW, language="en")
        assert (empty.asked, empty.lately) == (False, ())
        page(acting, person)

        assert [row.person_id for row in people_page(acting, " ", now=NOW, language="en").lately] == [
            person.pk
        ]
        (row,) = people_page(acting, "Rahimov", now=NOW, language="tg").rows
        assert row.name == "Раҳимов Ҷамшед Каримович"
        assert row.others == ("RAHIMOV JAMSHED",)
        (row,) = people_page(acting, "992927771122", now=NOW, language="en").rows
        assert row.because == say("en", "people.because.phone")


def test_the_same_person_is_told_with_reasons_in_words(working) -> None:
    with working("isfara") as acting:
        registered(acting)
        (alike,) = people_alike(
            acting, Typed(Name("Rakhimov", "Dzhamshed"), birth_date=date(1991, 12, 4)), language="en"
        )

        assert alike.loud
        said = {reason.field: reason.said for reason in alike.reasons}
        assert said["Surname"] == say("en", "people.agrees.spelling")
        assert said["Date of birth"] == say("en", "people.agrees.swapped")


def test_a_brother_is_not_loud(working) -> None:
    with working("isfara") as acting:
        registered(acting)
        typed = Typed(Name("Раҳимов", "Фирдавс", "Каримович"), date(1993, 1, 1), phones=["992927771122"])

        assert [one for one in people_alike(acting, typed, language="en") if one.loud] == []


@pytest.mark.parametrize(
    ("line", "surname", "given", "patronymic"),
    [
        ("Раҳимов Ҷамшед Каримович", "Раҳимов", "Ҷамшед", "Каримович"),
        ("JAMSHED RAHIMOV", "RAHIMOV", "JAMSHED", ""),
        ("Бакыт уулу Нурлан", "Бакыт уулу", "Нурлан", ""),
        ("Юлдашев Отабек Баходир угли", "Юлдашев", "Отабек", "Баходир угли"),
        ("", "", "", ""),
    ],
)
def test_a_name_in_one_line_is_read_and_kept_as_typed(line, surname, given, patronymic) -> None:
    assert read_line(line) == Name(surname, given, patronymic)


def test_homes_are_found_inside_ones_places(working) -> None:
    with working("isfara") as acting:
        assert [home.place_id for home in find_homes(acting, "isf", language="en")] == ["TJ-SU-ISF-001"]
        assert find_homes(acting, "kul", language="en") == ()
        assert find_homes(acting, "", language="en") == ()


def test_a_page_cannot_be_changed(working) -> None:
    with working("isfara") as acting:
        shown = page(acting, registered(acting))
        with pytest.raises(FrozenInstanceError):
            shown.names = ()


def test_what_a_role_may_not_do_is_not_offered(working) -> None:
    with working("sughd") as acting:
        person = registered(acting)
        assert page(acting, person).may["merge"]
    with working("consul") as acting:
        shown = page(acting, person)
        assert not shown.may["merge"]
        assert not shown.may["decide_pairs"]
        assert shown.pairs == ()
        assert Person.objects.filter(pk=person.pk).exists()
