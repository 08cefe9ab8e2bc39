"""A made-up register, written in bulk: for demonstrations, tests and benchmarks. Nobody in it lives.

Rows go in by COPY as the role of the night. The triggers of the history work as for any other row, unless ``history``
is switched off for a benchmark's million.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from uuid import UUID

import polars as pl
from django.db import connection, transaction

from safar.casework.copying import as_system, copy_in
from safar.casework.people import SPOKEN, script_of_name
from safar.casework.seal import number_key, seal
from safar.casework.search import scope_tokens
from safar.linkage.search_keys import name_keys
from safar.records.models import Organisation, Place

NOT_FACTS = {"person_id", "community_id", "household_id"}
NAME = ("surname", "given_name", "patronymic")
# An absent fact is not written at all: null in the middle, null at the end.
ABSENT = (r'"\w+":null,', ""), (r',?"\w+":null', "")


@dataclass(frozen=True)
class MadeUp:
    """A population in the tables of ``safar world``, dates as ISO text and none as a word, with what it does not hold.

    ``names``: person_id, surname, given_name, patronymic, kind; the first of a person is shown.
    ``phones``: person_id, number. ``papers``: person_id, kind, country, number. ``registers``: community_id, register
    (the code of an organisation).
    """

    people: pl.DataFrame
    stays: pl.DataFrame
    offences: pl.DataFrame
    names: pl.DataFrame
    phones: pl.DataFrame
    papers: pl.DataFrame
    registers: pl.DataFrame


def seed_register(
    made: MadeUp, *, on: date, now: datetime, progress: Callable[[str], None], history: bool = True
) -> int:
    """Write the population into an empty register; the number of people."""
    people = _people(made)
    with transaction.atomic(), connection.cursor() as cursor:
        if not history:
            cursor.execute(
                "SET LOCAL session_replication_role = replica"
            )  # the owner may; the night's role may not
        with as_system():
            for table, rows in _tables(made, people, on=on, now=now):
                copy_in(f"records_{table}", rows)
                progress(table)
        cursor.execute("ANALYZE")
    return people.height


def _people(made: MadeUp) -> pl.DataFrame:
    """One row a person, with the ids that the rows of all tables need."""
    places = pl.DataFrame(
        list(Place.objects.values_list("id", "path")), ["community_id", "home_path"], orient="row"
    )
    known = list(Organisation.objects.values_list("code", "id"))
    registers = pl.DataFrame(known, ["register", "register_id"], orient="row")
    homes = made.registers.join(registers, on="register").join(places, on="community_id")
    size = made.people.height
    return made.people.join(homes, on="community_id", how="left", maintain_order="left").with_columns(
        id=pl.Series(_random_ids(size)),
        reference=pl.Series(_references(size)),
        number=pl.int_range(size) + _next("statement"),
        facts=_facts(made),
    )


def _tables(
    made: MadeUp, people: pl.DataFrame, *, on: date, now: datetime
) -> Iterator[tuple[str, pl.DataFrame]]:
    at = pl.lit(now.isoformat())
    yield "person", people.select(
        "id", "reference", "register_id", "home_path", "facts",
        home_id="community_id",
        **{name: pl.col(name).fill_null("") for name in ("destination", "region", "sex")},
        birth_date="birth_date",
        birth_precision=pl.when(pl.col("birth_date").is_null()).then(pl.lit("unknown")).otherwise(pl.lit("day")),
        registered_at=at, changed_at=at,
    )  # fmt: skip
    yield "statement", people.select(
        id="number", person_id="id", facts="facts", said_by=pl.lit("list"), said_on=pl.lit(on.isoformat()),
        sureness=pl.lit("sure"), evidence=pl.lit("made up"), recorded_at=at, withdrawn_because=pl.lit(""),
    )  # fmt: skip
    whose = people.select("person_id", uuid="id", statement_id="number")
    named = whose.with_columns(scope=_scopes(people))
    yield "personname", _names(made.names.join(named, on="person_id", maintain_order="left"))
    yield "phone", _of(made.phones, whose).select("person_id", "number", "statement_id", whose=pl.lit("own"))
    yield "document", _papers(_of(made.papers, whose))
    yield from _households(people)
    yield "stay", _stays(_of(made.stays, whose))
    offences = _of(made.offences, whose)
    yield "offence", offences.select("person_id", "country", "kind", "decided_on", "expelled", "statement_id")


def _scopes(people: pl.DataFrame) -> pl.Series:
    """The tokens of scope of each person; each distinct scope is worked out once."""
    columns = ["register_id", "home_path", "region"]
    whole = people.select(columns).with_columns(pl.col("region").fill_null(""))
    scopes = whole.unique()
    scopes = scopes.with_columns(
        scope=pl.Series([",".join(scope_tokens(*row)) for row in scopes.iter_rows()])
    )
    return whole.join(scopes, on=columns, maintain_order="left")["scope"]


def _stays(stays: pl.DataFrame) -> pl.DataFrame:
    left = pl.when(pl.col("left_on") != "none").then("left_on")
    return stays.select(
        "person_id", "country", "entered_on", "statement_id",
        left_on=left,
        still_there=pl.when(pl.col("left_on") == "none").then(True).when(left.is_not_null()).then(False),
    )  # fmt: skip


def _of(table: pl.DataFrame, whose: pl.DataFrame) -> pl.DataFrame:
    joined = table.join(whose, on="person_id", maintain_order="left")
    return joined.drop("person_id").rename({"uuid": "person_id"})


def _facts(made: MadeUp) -> pl.Series:
    """The contract's facts of each person as JSON, without what is not known."""
    stays = _listed(made.stays, "stays")
    offences = _listed(made.offences, "offences")
    facts = [name for name in made.people.columns if name not in {*NOT_FACTS, "stays", "offences"}]
    none = [name for name in ("stays", "offences") if name in made.people.columns]
    table = made.people.select("person_id", *facts, *(pl.col(name).alias(f"{name}_none") for name in none))
    for name, listed in (("stays", stays), ("offences", offences)):
        table = table.join(listed, on="person_id", how="left", maintain_order="left")
        if f"{name}_none" in table.columns:
            empty = pl.when(pl.col(f"{name}_none") == "none").then(
                pl.lit("[]").str.json_decode(listed.schema[name])
            )
            table = table.with_columns(pl.coalesce(name, empty)).drop(f"{name}_none")
    text = pl.struct(pl.exclude("person_id")).struct.json_encode()
    for pattern, nothing in ABSENT:
        text = text.str.replace_all(pattern, nothing)
    return table.select(text.alias("facts")).to_series()


def _listed(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    kept = pl.struct(pl.exclude("person_id")).alias(name)
    return rows.select("person_id", kept).group_by("person_id", maintain_order=True).agg(name)


def _names(names: pl.DataFrame) -> pl.DataFrame:
    """Each distinct name is keyed once."""
    distinct = names.select(NAME).unique()
    keys = [
        "{" + ",".join(f'"{key}"' for key in name_keys(*(part or "" for part in row)))
        for row in distinct.iter_rows()
    ]
    scripts = [script_of_name(f"{surname or ''}{given or ''}") for surname, given, _ in distinct.iter_rows()]
    keyed = distinct.with_columns(keys=pl.Series(keys), script=pl.Series(scripts))
    scoped = pl.col("keys") + "," + pl.col("scope") + "}"
    return names.join(keyed, on=NAME, nulls_equal=True, maintain_order="left").select(
        *(pl.col(part).fill_null("") for part in NAME),
        "script", "kind", "statement_id",
        keys=scoped,
        person_id="uuid",
        shown=pl.int_range(pl.len()).over("person_id") == 0,
    )  # fmt: skip


def _papers(papers: pl.DataFrame) -> pl.DataFrame:
    numbers = papers["number"].to_list()
    return papers.select("person_id", "kind", "country", "statement_id").with_columns(
        number_sealed=pl.Series([rf"\x{seal(number).hex()}" for number in numbers], dtype=pl.String),
        number_key=pl.Series([rf"\x{number_key(number).hex()}" for number in numbers], dtype=pl.String),
    )


def _households(people: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    homes = people.filter(pl.col("household_id").is_not_null())
    distinct = homes.unique("household_id", maintain_order=True).with_columns(
        number=pl.int_range(pl.len()) + _next("household")
    )
    yield (
        "household",
        distinct.select("register_id", "home_path", id="number", home_id="community_id", code="household_id"),
    )
    members = homes.rename({"number": "statement"}).join(
        distinct.select("household_id", "number"), on="household_id"
    )
    yield (
        "member",
        members.select(household_id="number", person_id="id", relation=pl.lit(""), statement_id="statement"),
    )


def _random_ids(size: int) -> list[str]:
    drawn = os.urandom(16 * size)
    return [str(UUID(bytes=drawn[place : place + 16], version=4)) for place in range(0, 16 * size, 16)]


def _references(size: int) -> list[str]:
    """Distinct references: letters are drawn again where two are the same."""
    drawn, rng = set[str](), Random(os.urandom(8))
    while len(drawn) < size:
        text = "".join(rng.choices(SPOKEN, k=8))
        drawn.add(f"S{text[:3]}-{text[3:]}")
    return list(drawn)


def _next(table: str) -> int:
    """The first of the ids that this run may use."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM records_{table}")
        return int(cursor.fetchone()[0])
