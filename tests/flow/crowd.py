"""People for the tests of flow: ranked one by one, and all at once from tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

import polars as pl

from safar.base import day_number
from safar.flow import Need, rank_one, rank_people, read_triage
from safar.law import assessor, read_law, read_words
from safar.law.prepare import Prepared
from safar.law.screen import prepare_people
from safar.law.table import Source
from tests.law.random_people import random_person
from tests.law.targets import tables

LAW, TRIAGE = read_law(), read_triage()
ASSESSOR = assessor(LAW, read_words("en"))
RISKS = tuple(name for name, provision in LAW.provisions.items() if provision.kind == "risk")

Facts = Mapping[str, Any]


def strangers(seed: int, on: date, count: int) -> list[dict[str, Any]]:
    rng = Random(seed)
    return [random_person(rng, number, on, RISKS) for number in range(count)]


def needs_of(person: Facts, on: date) -> list[Need]:
    return rank_one(ASSESSOR.assess(person, on=on), law=LAW, triage=TRIAGE, on=on)


def prepared(people: Sequence[Facts], on: date) -> Prepared:
    frames = tables(people, RISKS)
    return prepare_people(LAW, *(Source(frame, "table") for frame in frames), day_number(on))


def ranked(people: Sequence[Facts], on: date) -> pl.DataFrame:
    return rank_people(LAW, prepared(people, on), triage=TRIAGE, on=on)


def by_person(people: Iterable[Facts], table: pl.DataFrame) -> dict[str, list[Need]]:
    found: dict[str, list[Need]] = {person["person_id"]: [] for person in people}
    for row in table.iter_rows(named=True):
        found[row["person_id"]].append(Need.of_row(row))
    return found
