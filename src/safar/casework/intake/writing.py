"""A piece of a list into the register: all of it in one transaction, or nothing."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl
from django.db import IntegrityError, transaction

from safar.casework.access import Acting
from safar.casework.intake.entries import (
    Brought,
    add_document,
    add_member,
    add_name,
    add_phone,
    add_statement,
    contract_of,
    households_of,
    said_facts,
    scope_of,
)
from safar.casework.intake.needing import Reckoned, put_needs, rank
from safar.casework.intake.outcomes import ADDED, KNOWN, TOLD, Outcome
from safar.casework.intake.tables import Tables, as_array, as_bytes, next_ids
from safar.casework.intake.telling import tell_known
from safar.casework.people import new_reference

ATTEMPTS = 4  # at references that nobody else has


def needs_of_added(outcomes: Sequence[Outcome], *, on: date) -> pl.DataFrame:
    """The needs of those for whom a file is to be opened, reckoned together."""
    return rank([_reckoned(one) for one in outcomes if one.outcome == ADDED], on=on)


def write_outcomes(
    acting: Acting, brought: Brought, outcomes: Sequence[Outcome], needs: pl.DataFrame
) -> list[Outcome]:
    """Do what was judged; TOLD that says nothing new becomes KNOWN. ``needs``: those of everybody who is added."""
    opened = _open_files(acting, brought, [one for one in outcomes if one.outcome == ADDED])
    told = tell_known(acting, brought, [one for one in outcomes if one.outcome == TOLD])
    final = [
        replace(one, outcome=KNOWN) if one.outcome == TOLD and one.row.number not in told.rows else one
        for one in outcomes
    ]
    if opened:
        put_needs(acting.register_id, opened, needs, on=brought.on)
    if told.people:
        put_needs(acting.register_id, told.people, rank(told.people, on=brought.on), on=brought.on)
    return final


def _open_files(acting: Acting, brought: Brought, added: Sequence[Outcome]) -> list[Reckoned]:
    """New files, with references that nobody has, also not in registers that cannot be seen from here."""
    if not added:
        return []
    households, new = households_of(acting, [(str(one.person_id), one.row) for one in added])
    statements = next_ids("statement", len(added))
    for attempt in range(ATTEMPTS):
        tables = Tables()
        for household in new:
            tables.add("household", **household)
        opened = [
            _open_file(tables, acting, brought, one, statement, households)
            for one, statement in zip(added, statements, strict=True)
        ]
        try:
            with transaction.atomic():
                tables.write()
        except IntegrityError as error:
            if attempt == ATTEMPTS - 1 or "reference" not in str(error):
                raise
        else:
            return opened
    return []


def _open_file(
    tables: Tables, acting: Acting, brought: Brought, one: Outcome, statement: int, households: dict[str, int]
) -> Reckoned:
    row, person = one.row, str(one.person_id)
    region, facts = row.facts.get("region", ""), contract_of(row)
    tables.add(
        "person",
        id=person,
        reference=new_reference(),
        register_id=acting.register_id,
        home_id=row.home.place_id or None,
        home_path=row.home.path,
        destination=row.facts.get("destination", ""),
        region=region,
        sex=row.facts.get("sex", ""),
        birth_date=row.birth.value,
        birth_precision=row.birth.precision,
        facts=json.dumps(facts),
        registered_at=brought.now,
        registered_by_id=acting.officer_id,
        changed_at=brought.now,
    )
    add_statement(tables, acting, brought, statement, person, row, said_facts(row))
    add_name(tables, person, row, statement, scope_of(acting, row.home.path, region), shown=True)
    for number, whose in row.phones:
        add_phone(tables, person, number, whose, statement)
    for kind, number in row.documents:
        add_document(tables, acting, person, row, kind, number, statement)
    if person in households:
        add_member(tables, person, households[person], row, statement)
    return _reckoned(one)


def _reckoned(one: Outcome) -> Reckoned:
    assert one.person_id is not None, "whoever is added has an id"
    return Reckoned(one.person_id, one.row.home.path, one.row.facts.get("region", ""), contract_of(one.row))


def write_down(brought: Brought, outcomes: Sequence[Outcome]) -> None:
    """What became of each row."""
    tables = Tables()
    for one in outcomes:
        tables.add(
            "intakerow",
            intake_id=str(brought.intake_id),
            row=one.row.number,
            row_key=as_bytes(one.key),
            outcome=one.outcome,
            person_id=str(one.person_id) if one.person_id else None,
            errors=as_array(one.problems),
            like=as_array([str(person) for person in one.like]),
            decided="",
        )
    tables.write()
