"""From people to records: each office writes what it heard, in its script, with its slips."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import polars as pl

from safar.linkage.registers.difficulty import HARD, SOURCES, Difficulty
from safar.linkage.registers.people import Person, households
from safar.linkage.registers.writing import Writer

COLUMNS = (
    "record_id",
    "source",
    "reg_year",
    "surname",
    "given_name",
    "patronymic",
    "sex",
    "dob",
    "phone",
    "district",
)
FIRST_YEAR, LAST_YEAR = 2008, 2026


@dataclass(frozen=True)
class Register:
    """``records``: the contract's columns, all text, null = not known; ``truth``: record_id and who."""

    records: pl.DataFrame
    truth: pl.DataFrame


def make_register(
    *, records: int, seed: int, difficulty: Difficulty = HARD, progress: Callable[[int], None] | None = None
) -> Register:
    """A register of so many records; the same seed and difficulty give the same register."""
    rng = Random(seed)  # noqa: S311 - made-up people, no secret
    writer = Writer(rng, difficulty)
    rows: list[tuple[str | None, ...]] = []
    truth: list[tuple[int, int, str]] = []
    person_number = 0
    for people in households(rng, difficulty):
        for person, twin in _with_twins(people):
            for row in _records(rng, difficulty, writer, person):
                rows.append(row)
                truth.append((person_number, person.household, twin))
            person_number += 1
        if progress:
            progress(len(rows))
        if len(rows) >= records:
            break
    order = list(range(records))
    rng.shuffle(order)
    table = pl.DataFrame(rows[:records], schema=dict.fromkeys(COLUMNS[1:], pl.String), orient="row")
    known = pl.DataFrame(
        truth[:records], schema={"person": pl.Int64, "household": pl.Int64, "twin": pl.String}, orient="row"
    )
    ids = pl.Series("record_id", [f"R{n:07d}" for n in range(1, records + 1)])
    return Register(
        table[order].insert_column(0, ids),
        known[order].insert_column(0, ids),
    )


def _with_twins(people: list[Person]) -> list[tuple[Person, str]]:
    """Each person, and whether a brother or sister of the same day of birth is registered too."""
    days = [person.born for person in people]
    return [(person, "twin" if days.count(person.born) > 1 else "") for person in people]


def _records(rng: Random, hard: Difficulty, writer: Writer, person: Person) -> list[tuple[str | None, ...]]:
    more, limit = (
        0,
        2.718281828 ** -(hard.records_a_person - 1),
    )  # a Poisson number of records after the first
    chance = rng.random()
    while chance > limit:
        more += 1
        chance *= rng.random()
    writer.meet(person)
    years = sorted(rng.randint(FIRST_YEAR, LAST_YEAR) for _ in range(1 + more))
    sources = rng.choices(SOURCES, [hard.sources[source] for source in SOURCES], k=len(years))
    return [writer.record(source, year) for source, year in zip(sources, years, strict=True)]
