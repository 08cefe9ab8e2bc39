"""How a row stands in the tables of a file: statement, name, telephone, document, household; and as facts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from safar.casework.access import Acting
from safar.casework.intake.rows import Row
from safar.casework.intake.tables import Tables, as_array, as_bytes, next_ids
from safar.casework.people import script_of_name
from safar.casework.seal import number_key, seal
from safar.casework.search import scope_tokens
from safar.linkage import name_keys
from safar.records.models import Household


@dataclass(frozen=True)
class Brought:
    """A list on its way in: which one, its name, the day it speaks of, and when it is taken in."""

    intake_id: UUID
    name: str
    list_of: date
    on: date
    now: datetime


def said_facts(row: Row) -> dict[str, str]:
    """What a row says, as a statement holds it."""
    born = {"birth_date": row.birth.told} if row.birth.told else {}
    return {**row.facts, **born}


def contract_of(row: Row) -> dict[str, str]:
    """What the law is asked of a person of whom nothing else is known: a date of birth only if its day is known."""
    born = {"birth_date": row.birth.told} if row.birth.precision == "day" else {}
    return {**row.facts, **born}


def add_statement(
    tables: Tables,
    acting: Acting,
    brought: Brought,
    number: int,
    person: str,
    row: Row,
    facts: Mapping[str, Any],
) -> None:
    """What the list said of a person. Lists are copied from lists: likely, and never surer than that."""
    tables.add(
        "statement",
        id=number,
        person_id=person,
        facts=json.dumps(facts),
        said_by="list",
        said_on=brought.list_of,
        sureness="likely",
        evidence=f"{brought.name}: {row.number}",
        recorded_at=brought.now,
        recorded_by_id=acting.officer_id,
        intake_id=str(brought.intake_id),
        withdrawn_because="",
    )


def add_name(
    tables: Tables, person: str, row: Row, statement: int, scope: tuple[str, ...], *, shown: bool
) -> None:
    """The name as the list spells it; ``scope`` are the tokens by which the person is found where they are."""
    name = row.name
    tables.add(
        "personname",
        person_id=person,
        surname=name.surname,
        given_name=name.given_name,
        patronymic=name.patronymic,
        script=script_of_name(f"{name.surname}{name.given_name}"),
        kind="common",
        shown=shown,
        keys=as_array([*keys_of(name.surname, name.given_name, name.patronymic), *scope]),
        statement_id=statement,
    )


def add_phone(tables: Tables, person: str, number: str, whose: str, statement: int) -> None:
    """A telephone number."""
    tables.add("phone", person_id=person, number=number, whose=whose, statement_id=statement)


def add_document(
    tables: Tables, acting: Acting, person: str, row: Row, kind: str, number: str, statement: int
) -> None:
    """An identity document, sealed; of the person's citizenship, which is mostly that of the register's country."""
    tables.add(
        "document",
        person_id=person,
        kind=kind,
        country=row.facts.get("citizenship") or acting.country,
        number_sealed=as_bytes(seal(number)),
        number_key=as_bytes(number_key(number)),
        valid_until=row.passport_until or None,
        statement_id=statement,
    )


def add_member(tables: Tables, person: str, household: int, row: Row, statement: int) -> None:
    """A place in a household."""
    tables.add(
        "member", household_id=household, person_id=person, relation=row.relation, statement_id=statement
    )


def households_of(
    acting: Acting, rows: Iterable[tuple[str, Row]]
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """For each person the household that a row names, and those households that do not exist yet.

    A code is one household within a home; who has a relation and no code is in a household of their own.
    """
    asked = {person: _place_in(person, row) for person, row in rows if row.household or row.relation}
    if not asked:
        return {}, []
    codes = {code for _, code, _ in asked.values() if code}
    found = Household.objects.filter(register_id=acting.register_id, code__in=codes)
    known = {
        (home or "", code, ""): number for number, home, code in found.values_list("id", "home_id", "code")
    }
    wanted = [place for place in dict.fromkeys(asked.values()) if place not in known]
    paths = {row.home.place_id: row.home.path for _, row in rows}
    new: list[dict[str, Any]] = [
        {
            "id": number, "register_id": acting.register_id, "home_id": home or None, "home_path": paths.get(home, ""),
            "code": code,
        }
        for number, (home, code, _) in zip(next_ids("household", len(wanted)), wanted, strict=True)
    ]  # fmt: skip
    known |= {place: int(household["id"]) for place, household in zip(wanted, new, strict=True)}
    return {person: known[place] for person, place in asked.items()}, new


def scope_of(acting: Acting, home_path: str, region: str) -> tuple[str, ...]:
    """The tokens by which scope is asked together with names."""
    return _tokens(acting.register_id, home_path, region)


def keys_of(*parts: str) -> list[str]:
    """The search tokens of a name; each part, which thousands share, is read once."""
    return sorted(set().union(*(_part_keys(part) for part in parts if part)))


def _place_in(person: str, row: Row) -> tuple[str, str, str]:
    return row.home.place_id, row.household, "" if row.household else person


@lru_cache(maxsize=20_000)
def _part_keys(part: str) -> frozenset[str]:
    return frozenset(name_keys(part))


@lru_cache(maxsize=20_000)
def _tokens(register_id: int, home_path: str, region: str) -> tuple[str, ...]:
    return tuple(scope_tokens(register_id, home_path, region))
