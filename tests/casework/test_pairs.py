"""Two files of one person: decided, joined, parted, and nothing lost on the way."""

import json
from datetime import date

import pytest

from safar.casework.access import needs_of, people_of
from safar.casework.errors import (
    ChangedMeanwhileError,
    NotAllowedError,
    NotPossibleError,
    NotThereError,
)
from safar.casework.pairs import compare_with, decide_pair, merge_people, split_people
from safar.casework.people import (
    DocumentGiven,
    NameGiven,
    Registration,
    Saying,
    StayGiven,
    register_person,
    state_facts,
)
from safar.casework.person.beside import next_pair, pair_page, pairs_page
from safar.casework.person_page import ElsewhereError, person_page
from safar.records.models import Merge, Need, Pair, Person, PersonName, Statement, Stay
from tests.casework.conftest import NOW, ON

TOLD = Saying(said_by="person", said_on=ON)
REASONS = [
    {"field": "surname", "level": "spelling", "bits": 7.5},
    {"field": "birth_date", "level": "different", "bits": -2.25},
]


def rahimov(acting, surname="Раҳимов", home="TJ-SU-ISF-001", region="RU-SVE", **facts):
    return register_person(
        acting,
        Registration(
            names=[NameGiven(surname, "Ҷамшед")],
            home_id=home,
            birth_date=date(1991, 4, 12),
            birth_precision="day",
            facts={"citizenship": "TJ", "destination": "RU", "region": region, **facts},
            documents=[DocumentGiven("passport", "A1234567", "TJ")],
            phones=["992927771122"],
        ),
        saying=TOLD,
        on=ON,
        now=NOW,
    )


def page_of(acting, person):
    return person_page(acting, person.pk, on=ON, now=NOW, language="en")


@pytest.fixture
def two(working):
    """One person twice: at home in Isfara with a stay, and in Asht with a purpose."""
    with working("sughd") as acting:
        one = rahimov(acting)
        state_facts(
            acting, one.pk, {}, stays=[StayGiven("RU", date(2026, 1, 5), still_there=True)],
            saying=TOLD, on=ON, now=NOW,
        )  # fmt: skip
        other = rahimov(acting, "Rahimov", "TJ-SU-ASH-001", "RU-MOW", entry_purpose="work")
    return one, other


def everything() -> str:
    """All rows that a file is made of, as text; not the history, and not what was decided about the two files."""
    models = (Person, PersonName, Statement, Stay, Need)
    rows = {
        model.__name__: [
            {name: value for name, value in row.items() if not (model is Need and name == "id")}
            for row in model.objects.order_by("person_id", "danger").values()
        ]
        if model is Need
        else list(model.objects.order_by("pk").values())
        for model in models
    }
    return json.dumps(rows, default=str, sort_keys=True)


def test_joined_files_are_one_person_whose_facts_come_from_both(working, two) -> None:
    one, other = two
    with working("sughd") as acting:
        merge_people(acting, one.pk, other.pk, because="the same passport", on=ON, now=NOW)

        kept = Person.objects.get(pk=one.pk)
        assert kept.facts["entry_purpose"] == "work"
        assert kept.facts["stays"][0]["entered_on"] == "2026-01-05"
        page = page_of(acting, one)
        assert [joined.reference for joined in page.joined] == [other.reference]
        assert {name.text for name in page.names} == {"Раҳимов Ҷамшед", "Rahimov Ҷамшед"}
        with pytest.raises(ElsewhereError) as elsewhere:
            page_of(acting, other)
        assert elsewhere.value.person_id == one.pk


def test_joining_and_parting_gives_everything_back(working, two, system) -> None:
    one, other = two
    with system():
        Need.objects.update(since=date(2026, 10, 1))
        before = everything()
    with working("sughd") as acting:
        merge = merge_people(acting, one.pk, other.pk, because="the same passport", on=ON, now=NOW)
    with system():
        assert everything() != before
    with working("sughd") as acting:
        split_people(acting, merge.pk, because="two brothers", on=ON, now=NOW)

    with system():
        assert everything() == before


def test_what_was_told_of_joined_files_goes_to_the_one_that_is_kept(working, two) -> None:
    one, other = two
    with working("sughd") as acting:
        merge = merge_people(acting, one.pk, other.pk, because="", on=ON, now=NOW)
        state_facts(acting, other.pk, {"work_kind": "employee"}, saying=TOLD, on=ON, now=NOW)
        assert Person.objects.get(pk=one.pk).facts["work_kind"] == "employee"

        split_people(acting, merge.pk, because="two brothers", on=ON, now=NOW)
        assert Person.objects.get(pk=one.pk).facts["work_kind"] == "employee"
        assert "work_kind" not in Person.objects.get(pk=other.pk).facts


def test_a_joined_file_is_seen_where_the_person_is(working, two) -> None:
    one, other = two
    with working("sughd") as acting:
        merge_people(acting, one.pk, other.pk, because="", on=ON, now=NOW)
    with working("isfara") as acting:
        told = state_facts(acting, one.pk, {"work_kind": "none"}, saying=TOLD, on=ON, now=NOW)
        assert told.facts["entry_purpose"] == "work", (
            "an officer of one place folds what was said in the other"
        )
        assert people_of(acting).filter(pk=other.pk).exists()
        assert not needs_of(acting).filter(person=other.pk).exists()


def test_files_joined_one_after_the_other_part_in_any_order(working, two) -> None:
    one, other = two
    with working("sughd") as acting:
        third = rahimov(acting, "Рахимов")
        first = merge_people(acting, other.pk, third.pk, because="", on=ON, now=NOW)
        second = merge_people(acting, one.pk, other.pk, because="", on=ON, now=NOW)
        assert set(Person.objects.filter(merged_into=one).values_list("pk", flat=True)) == {
            other.pk,
            third.pk,
        }

        split_people(acting, second.pk, because="no", on=ON, now=NOW)
        assert Person.objects.get(pk=third.pk).merged_into_id == other.pk
        assert Person.objects.get(pk=other.pk).merged_into_id is None

        split_people(acting, first.pk, because="no", on=ON, now=NOW)
        assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_nothing_is_joined_twice_or_parted_twice(working, two) -> None:
    one, other = two
    with working("sughd") as acting:
        merge = merge_people(acting, one.pk, other.pk, because="", on=ON, now=NOW)
        with pytest.raises(ChangedMeanwhileError):
            merge_people(acting, one.pk, other.pk, because="", on=ON, now=NOW)
        with pytest.raises(NotPossibleError):
            split_people(acting, merge.pk, because=" ", on=ON, now=NOW)
        split_people(acting, merge.pk, because="two", on=ON, now=NOW)
        with pytest.raises(NotThereError):
            split_people(acting, merge.pk, because="two", on=ON, now=NOW)


def test_only_whoever_may_merge_joins_files(working, two) -> None:
    one, other = two
    with working("isfara") as acting, pytest.raises(NotAllowedError):
        merge_people(acting, one.pk, other.pk, because="", on=ON, now=NOW)


def test_files_of_an_ngo_and_an_authority_never_meet(working, two) -> None:
    one, _ = two
    with working("lawyer") as acting:
        theirs = rahimov(acting, home="KG-OS-OSH-001")
        with pytest.raises(NotThereError):
            merge_people(acting, theirs.pk, one.pk, because="", on=ON, now=NOW)
        with pytest.raises(NotThereError):
            compare_with(acting, theirs.pk, one.reference, on=ON)
    with working("sughd") as acting, pytest.raises(NotThereError):
        compare_with(acting, one.pk, theirs.reference, on=ON)


@pytest.fixture
def pair(two, system):
    one, other = sorted(two, key=lambda person: person.pk)
    with system():
        return Pair.objects.create(one=one, two=other, probability=0.97, reasons=REASONS, found_on=ON)


def test_the_queue_shows_who_waits_and_the_page_why(working, pair) -> None:
    with working("sughd") as acting:
        page = pairs_page(acting, now=NOW, language="en")
        assert [line.pair_id for line in page.lines] == [pair.pk]

        shown = pair_page(acting, pair.pk, now=NOW, language="en")
        assert [step.value for step in shown.steps] == [7.5, -2.25]
        assert {row.label: row.tone for row in shown.rows}["Document"] == "good"
        assert all("A1234567" not in text for row in shown.rows for text in (*row.one, *row.two))


def test_same_joins_at_once_for_a_supervisor(working, pair, two) -> None:
    with working("sughd") as acting:
        decide_pair(acting, pair.pk, "same", on=ON, now=NOW)

        assert Merge.objects.get(undone_at=None).kept_id in {person.pk for person in two}
        assert pairs_page(acting, now=NOW, language="en").lines == ()
        assert next_pair(acting, pair.pk) is None
        assert pair_page(acting, pair.pk, now=NOW, language="en").merge_id
        with pytest.raises(ChangedMeanwhileError):
            decide_pair(acting, pair.pk, "different", on=ON, now=NOW)


def test_the_word_of_an_officer_waits_for_one_who_may(working, system) -> None:
    with working("isfara") as acting:
        one, other = sorted((rahimov(acting), rahimov(acting, "Rahimov")), key=lambda person: person.pk)
    with system():
        pair = Pair.objects.create(one=one, two=other, probability=0.9, reasons=REASONS, found_on=ON)
    with working("isfara") as acting:
        decide_pair(acting, pair.pk, "same", on=ON, now=NOW)
        assert not Merge.objects.exists()
        assert pairs_page(acting, now=NOW, language="en").lines == ()
    with working("sughd") as acting:
        (line,) = pairs_page(acting, now=NOW, language="en").lines
        assert line.decided == "same"
        decide_pair(acting, pair.pk, "same", on=ON, now=NOW)
        assert Merge.objects.count() == 1


@pytest.mark.parametrize(("decision", "waits"), [("different", 0), ("unsure", 1)])
def test_different_is_done_and_unsure_stays(working, pair, decision: str, waits: int) -> None:
    with working("sughd") as acting:
        decide_pair(acting, pair.pk, decision, on=ON, now=NOW)

        assert len(pairs_page(acting, now=NOW, language="en").lines) == waits
        assert not Merge.objects.exists()


def test_parting_says_that_they_are_two(working, pair) -> None:
    with working("sughd") as acting:
        decide_pair(acting, pair.pk, "same", on=ON, now=NOW)
        split_people(acting, Merge.objects.get().pk, because="two brothers", on=ON, now=NOW)

        assert Pair.objects.get().decided == "different"


@pytest.mark.parametrize("username", ["isfara", "kulob", "lawyer"])
def test_a_pair_of_which_one_is_out_of_scope_is_not_there(working, pair, username: str) -> None:
    with working(username) as acting:
        assert pairs_page(acting, now=NOW, language="en").lines == ()
        with pytest.raises(NotThereError):
            pair_page(acting, pair.pk, now=NOW, language="en")
        with pytest.raises(NotThereError):
            decide_pair(acting, pair.pk, "same", on=ON, now=NOW)


def test_an_officer_puts_two_files_side_by_side_by_the_reference(working, two) -> None:
    one, other = two
    with working("sughd") as acting:
        pair = compare_with(acting, one.pk, other.reference.lower(), on=ON)
        shown = pair_page(acting, pair.pk, now=NOW, language="en")

        assert shown.probability is None
        assert shown.steps == ()
        assert any("Surname" in line for line in shown.reasons)
        assert compare_with(acting, other.pk, one.reference, on=ON) == pair
        with pytest.raises(NotPossibleError):
            compare_with(acting, one.pk, one.reference, on=ON)
