"""The night finds who has two files: pairs with reasons, never across registers, never against what was decided."""

import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from safar.casework.linking import likely_pairs
from safar.casework.night import Clock, run_night
from safar.casework.pairs import compare_with, decide_pair
from safar.casework.people import (
    NameGiven,
    Registration,
    Saying,
    register_person,
)
from safar.casework.person.beside import pair_page, pairs_page
from safar.casework.snapshot import snapshot_in, take_snapshot
from safar.lake import read_table
from safar.records.models import Merge, Pair
from safar.words import LANGUAGES, known
from tests.casework.conftest import NOW, ON

TOLD = Saying(said_by="person", said_on=ON)
BORN, ISFARA, ASHT, OSH = date(1991, 4, 12), "TJ-SU-ISF-001", "TJ-SU-ASH-001", "KG-OS-OSH-001"


def clock() -> Clock:
    return Clock(now=lambda: datetime(2026, 11, 20, 23, 0, tzinfo=UTC), seconds=itertools.count().__next__)


def somebody(acting, surname, given, father="", *, born=BORN, home=ISFARA, phone="992927771122"):
    registration = Registration(
        names=[NameGiven(surname, given, father)],
        home_id=home, birth_date=born, birth_precision="day", phones=[phone],
        facts={"citizenship": "TJ", "destination": "RU", "sex": "male"},
    )  # fmt: skip
    return register_person(acting, registration, saying=TOLD, on=ON, now=NOW).pk


@pytest.fixture
def twice(working):
    """One person registered in two scripts, and a brother at the same telephone."""
    with working("sughd") as acting:
        one = somebody(acting, "Раҳимов", "Ҷамшед", "Каримович")
        two = somebody(acting, "RAKHIMOV", "DZHAMSHED", home=ASHT)
        somebody(acting, "Раҳимов", "Баҳром", "Каримович", born=date(1995, 1, 30))
    return sorted((one, two))


def night(system, folder: Path, on: date = ON) -> None:
    with system():
        run_night(folder, on=on, clock=clock())


def test_whoever_has_two_files_is_found_with_reasons(working, system, twice, tmp_path) -> None:
    night(system, tmp_path)

    with working("sughd") as acting:
        assert [sorted((pair.one_id, pair.two_id)) for pair in Pair.objects.all()] == [twice]
        pair = Pair.objects.get()
        page = pair_page(acting, pair.pk, now=NOW, language="en")
        assert pair.probability > 0.9
        assert {"Surname", "Given name", "Date of birth"} <= {
            step.label.partition(":")[0] for step in page.steps
        }
        odds = 2 ** sum(step.value for step in page.steps)
        assert odds / (1 + odds) == pytest.approx(pair.probability, abs=0.02)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    from safar.casework.linking import FIELDS
    from safar.linkage.levels import COMPARISONS

    fields = {FIELDS.get(one.field, one.field) for one in COMPARISONS} | {"prior", "household"}
    levels = {code for one in COMPARISONS for code in one.codes()} - {"unknown"}
    levels |= {"any_two_records", "a_brother_or_sister_would_agree_too"}
    assert {
        f"people.field.{field}" for field in fields if not known(language, f"people.field.{field}")
    } == set()
    assert {level for level in levels if not known(language, f"people.agrees.{level}")} == set()


def test_registers_never_meet(working, system, tmp_path) -> None:
    with working("sughd") as acting:
        somebody(acting, "Раҳимов", "Ҷамшед", "Каримович")
    with working("lawyer") as acting:
        somebody(acting, "Раҳимов", "Ҷамшед", "Каримович", home=OSH)
    night(system, tmp_path)

    with system():
        assert not Pair.objects.exists()


def test_two_names_of_one_file_are_no_pair(working, system, tmp_path) -> None:
    with working("sughd") as acting:
        registration = Registration(
            names=[NameGiven("Раҳимов", "Ҷамшед"), NameGiven("RAHIMOV", "JAMSHED")],
            home_id=ISFARA, birth_date=BORN, birth_precision="day", facts={"citizenship": "TJ"},
        )  # fmt: skip
        register_person(acting, registration, saying=TOLD, on=ON, now=NOW)
    with system():
        take_snapshot(tmp_path)
        assert likely_pairs(read_table(snapshot_in(tmp_path).records)).is_empty()


def test_what_was_decided_stays_decided(working, system, twice, tmp_path) -> None:
    night(system, tmp_path)
    with working("sughd") as acting:
        decide_pair(acting, Pair.objects.get().pk, "different", on=ON, now=NOW)
        before = Pair.objects.values().get()
    night(system, tmp_path, ON + timedelta(days=1))

    with working("sughd") as acting:
        assert Pair.objects.values().get() == before
        assert not pairs_page(acting, now=NOW, language="en").lines


def test_joined_files_are_not_proposed_again(working, system, twice, tmp_path) -> None:
    night(system, tmp_path)
    with working("sughd") as acting:
        decide_pair(acting, Pair.objects.get().pk, "same", on=ON, now=NOW)
        assert Merge.objects.count() == 1
    night(system, tmp_path, ON + timedelta(days=1))

    with system():
        assert Pair.objects.filter(decided="").count() == 0


def test_an_open_pair_goes_when_nothing_speaks_for_it_but_one_by_hand_stays(
    working, system, twice, tmp_path
) -> None:
    with working("sughd") as acting:
        other = somebody(acting, "Назаров", "Фирӯз", born=date(1970, 7, 7), phone="992900000001")
        from safar.records.models import Person

        by_hand = compare_with(acting, twice[0], Person.objects.get(pk=other).reference, on=ON)
    with system():
        Pair.objects.create(
            one_id=min(other, twice[1]), two_id=max(other, twice[1]), probability=0.7, found_on=ON,
            reasons=[{"field": "surname", "level": "near", "bits": 3.0}],
        )  # fmt: skip
    night(system, tmp_path)

    with system():
        assert Pair.objects.filter(pk=by_hand.pk).exists()
        assert not Pair.objects.filter(probability=0.7).exists()
        assert Pair.objects.count() == 2


def test_the_same_night_twice_changes_no_pair(system, twice, tmp_path) -> None:
    night(system, tmp_path / "one")
    with system():
        before = list(Pair.objects.values())
    night(system, tmp_path / "two")
    with system():
        assert list(Pair.objects.values()) == before


def test_names_are_keyed_anew_when_they_are_read_otherwise(
    working, system, twice, tmp_path, monkeypatch
) -> None:
    from safar.casework import keys
    from safar.records.models import PersonName

    night(system, tmp_path)
    with system():
        right = dict(PersonName.objects.values_list("pk", "keys"))
        PersonName.objects.update(keys=["k:old", "r:1"])
    night(system, tmp_path, ON + timedelta(days=1))
    with system():
        assert {tuple(kept) for kept in PersonName.objects.values_list("keys", flat=True)} == {
            ("k:old", "r:1")
        }

    with system():
        for name in PersonName.objects.all():
            name.keys = ["k:old", *(key for key in right[name.pk] if key[:2] in ("r:", "h:", "g:"))]
            name.save()
    monkeypatch.setattr(keys, "READING", "2")
    night(system, tmp_path, ON + timedelta(days=2))
    with system():
        assert dict(PersonName.objects.values_list("pk", "keys")) == right
        assert keys.rekey_names() == 0
