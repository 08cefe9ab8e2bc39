"""One person ranked from an assessment, and the same person ranked among many: the same needs, to the last column."""

from dataclasses import asdict
from datetime import date
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from safar.base import day_number
from safar.flow.need import Need
from safar.flow.one import rank_one
from safar.flow.rank import rank_people
from safar.flow.triage import read_triage
from safar.law import assessor, read_law, read_words
from safar.law.screen import prepare_people
from safar.law.table import Source
from tests.law.random_people import ON_DAYS, random_person
from tests.law.targets import tables

LAW, TRIAGE = read_law(), read_triage()
ASSESSOR = assessor(LAW, read_words("en"))
RISKS = tuple(name for name, provision in LAW.provisions.items() if provision.kind == "risk")


def one_by_one(people: list[dict[str, Any]], on: date) -> dict[str, list[Need]]:
    return {
        person["person_id"]: rank_one(ASSESSOR.assess(person, on=on), law=LAW, triage=TRIAGE, on=on)
        for person in people
    }


def all_at_once(people: list[dict[str, Any]], on: date) -> dict[str, list[Need]]:
    sources = [Source(frame, "table") for frame in tables(people, RISKS)]
    ranked = rank_people(LAW, prepare_people(LAW, *sources, day_number(on)), triage=TRIAGE, on=on)
    found: dict[str, list[Need]] = {person["person_id"]: [] for person in people}
    for row in ranked.iter_rows(named=True):
        found[row["person_id"]].append(Need.of_row(row))
    return found


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**48), on=st.sampled_from(ON_DAYS))
def test_random_people(seed: int, on: date) -> None:
    rng = Random(seed)
    people = [random_person(rng, number, on, RISKS) for number in range(100)]

    one, many = one_by_one(people, on), all_at_once(people, on)

    for person in people:
        name = person["person_id"]
        assert [asdict(need) for need in one[name]] == [asdict(need) for need in many[name]], person
