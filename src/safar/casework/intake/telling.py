"""Rows about people whom the register knows: only what is new is written, and it is written as said by this list."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection

from safar.casework.access import Acting
from safar.casework.copying import copy_aside
from safar.casework.facts import birth_of, deciding, facts_in, fold
from safar.casework.intake.entries import (
    Brought,
    add_document,
    add_member,
    add_name,
    add_phone,
    add_statement,
    households_of,
    said_facts,
    scope_of,
)
from safar.casework.intake.needing import Reckoned
from safar.casework.intake.outcomes import Outcome
from safar.casework.intake.rows import Row
from safar.casework.intake.tables import Tables, next_ids
from safar.casework.person.telling import keep_in_scope, move_scope
from safar.casework.seal import number_key
from safar.records.models import Document, Member, Offence, Person, PersonName, Phone, Statement, Stay

EXACT = {"day": 3, "month": 2, "year": 1, "unknown": 0}
UPDATED = ("facts", "destination", "region", "sex", "birth_date", "birth_precision", "changed_at")


@dataclass(frozen=True)
class Told:
    """Rows (by number) that said something new, and the people whose facts are new."""

    rows: frozenset[int] = frozenset()
    people: tuple[Reckoned, ...] = ()


@dataclass
class File:
    """What is known of one person, as far as a list may add to it."""

    person: Person
    statements: list[Statement] = field(default_factory=list)
    names: set[tuple[str, str, str]] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    documents: set[bytes] = field(default_factory=set)
    at_home: bool = False

    def news(self, row: Row) -> dict[str, str]:
        """The facts of a row that nobody has told of the person yet. A less exact date of birth is no news."""
        told = {
            (name, str(value))
            for statement in self.statements
            if statement.withdrawn_at is None
            for name, value in facts_in(statement.facts)
        }
        said = said_facts(row)
        if EXACT[row.birth.precision] <= EXACT[self.person.birth_precision]:
            said.pop("birth_date", None)
        known = self.person.facts
        return {
            name: value
            for name, value in said.items()
            if (name, value) not in told and known.get(name) != value
        }


def tell_known(acting: Acting, brought: Brought, outcomes: Sequence[Outcome]) -> Told:
    """Write down what these rows say that is new."""
    if not outcomes:
        return Told()
    files = _files({one.person_id for one in outcomes if one.person_id})
    tables, rows, changed = Tables(), set(), dict[UUID, File]()
    households, new = households_of(
        acting, [(str(one.person_id), one.row) for one in outcomes if not files[_who(one)].at_home]
    )
    for household in new:
        tables.add("household", **household)
    for one, number in zip(outcomes, next_ids("statement", len(outcomes)), strict=True):
        file = files[_who(one)]
        facts = file.news(one.row)
        if _tell(tables, acting, brought, one, file, facts, number, households):
            rows.add(one.row.number)
        if facts:
            changed[file.person.pk] = file
    tables.write()
    return Told(frozenset(rows), tuple(_refolded(acting, brought, list(changed.values()))))


def rows_with_news(acting: Acting, brought: Brought, outcomes: Sequence[Outcome]) -> frozenset[int]:
    """The numbers of rows that would say something new; nothing is written. Who is not in the register yet is news."""
    files = _files({one.person_id for one in outcomes if one.person_id})
    households = {str(one.person_id): 0 for one in outcomes if one.row.household or one.row.relation}
    nowhere = Tables()
    return frozenset(
        one.row.number
        for one in outcomes
        if _who(one) not in files
        or _tell(
            nowhere, acting, brought, one, files[_who(one)], files[_who(one)].news(one.row), 0, households
        )
    )


def _who(one: Outcome) -> UUID:
    assert one.person_id is not None, "who is told something is somebody"
    return one.person_id


def _tell(
    tables: Tables,
    acting: Acting,
    brought: Brought,
    one: Outcome,
    file: File,
    facts: Mapping[str, str],
    number: int,
    households: Mapping[str, int],
) -> bool:
    """Whether the row says anything new; what it says then stands in ``tables`` and in ``file``."""
    row, person = one.row, str(file.person.pk)
    name = (row.name.surname, row.name.given_name, row.name.patronymic)
    phones = [(phone, whose) for phone, whose in row.phones if phone not in file.phones]
    documents = [(kind, text) for kind, text in row.documents if number_key(text) not in file.documents]
    new_name = not _is_known(name, file.names)
    joins = person in households and not file.at_home
    if not (facts or phones or documents or new_name or joins):
        return False
    add_statement(tables, acting, brought, number, person, row, facts)
    file.statements.append(_statement(brought, number, facts))
    if new_name:
        tokens = scope_of(acting, file.person.home_path, file.person.region)
        add_name(tables, person, row, number, tokens, shown=False)
        file.names.add(name)
    for phone, whose in phones:
        add_phone(tables, person, phone, whose, number)
        file.phones.add(phone)
    for kind, text in documents:
        add_document(tables, acting, person, row, kind, text, number)
        file.documents.add(number_key(text))
    if joins:
        add_member(tables, person, households[person], row, number)
        file.at_home = True
    return True


def _is_known(name: tuple[str, str, str], names: Iterable[tuple[str, str, str]]) -> bool:
    """Whether a name is one of these, letter for letter, or one of these without what it leaves out."""
    return any(all(part in ("", known) for part, known in zip(name, other, strict=True)) for other in names)


def _statement(brought: Brought, number: int, facts: Mapping[str, str]) -> Statement:
    return Statement(
        id=number, facts=dict(facts), said_by="list", said_on=brought.list_of, sureness="likely", evidence=""
    )


def _files(people: set[UUID]) -> dict[UUID, File]:
    """The files of people, held until the transaction ends; what was merged into a file belongs to it."""
    held = Person.objects.select_for_update().filter(pk__in=people).order_by("pk")
    files = {person.pk: File(person) for person in held}
    merged = Person.objects.filter(merged_into__in=people).values_list("pk", "merged_into_id")
    whose = {pk: files[pk] for pk in files} | {pk: files[head] for pk, head in merged if head in files}
    for statement in Statement.objects.filter(person__in=whose):
        whose[statement.person_id].statements.append(statement)
    for name in PersonName.objects.filter(person__in=whose).only(
        "person", "surname", "given_name", "patronymic"
    ):
        whose[name.person_id].names.add((name.surname, name.given_name, name.patronymic))
    for person_id, number in Phone.objects.filter(person__in=whose).values_list("person_id", "number"):
        whose[person_id].phones.add(number)
    for person_id, key in Document.objects.filter(person__in=whose).values_list("person_id", "number_key"):
        whose[person_id].documents.add(bytes(key))
    for person_id in Member.objects.filter(person__in=whose).values_list("person_id", flat=True):
        whose[person_id].at_home = True
    return files


def _refolded(acting: Acting, brought: Brought, files: Sequence[File]) -> list[Reckoned]:
    """Put into each person's own row what the statements now come to."""
    if not files:
        return []
    listed = _listed([file.person.pk for file in files])
    moved = []
    for file in files:
        person, region = file.person, file.person.region
        known = fold(file.statements)
        values = {name: told.value for name, told in known.facts.items()}
        person.sex = values.get("sex") or ""
        person.destination = values.get("destination") or ""
        person.region = values.get("region") or ""
        if "birth_date" in values:
            person.birth_date, person.birth_precision = birth_of(values["birth_date"], on=brought.on)
        person.facts = known.contract(*listed[person.pk], person=person)
        person.changed_at = brought.now
        keep_in_scope(acting, person)
        if person.region != region:
            moved.append(person)
    _update([file.person for file in files])
    for person in moved:
        move_scope(person)
    return [
        Reckoned(file.person.pk, file.person.home_path, file.person.region, file.person.facts)
        for file in files
    ]


def _listed(people: Sequence[UUID]) -> dict[UUID, tuple[list[Stay], list[Offence]]]:
    """Stays and offences that decide, by the person whose file is kept."""
    merged = dict(Person.objects.filter(merged_into__in=people).values_list("pk", "merged_into_id"))
    circle = [*people, *merged]
    stays: dict[UUID, list[Stay]] = defaultdict(list)
    offences: dict[UUID, list[Offence]] = defaultdict(list)
    for stay in (
        Stay.objects.filter(person__in=circle).select_related("statement").order_by("entered_on", "id")
    ):
        stays[merged.get(stay.person_id) or stay.person_id].append(stay)
    rows = Offence.objects.filter(person__in=circle).select_related("statement")
    for offence in rows.order_by("decided_on", "id"):
        offences[merged.get(offence.person_id) or offence.person_id].append(offence)
    return {person: (deciding(stays[person]), deciding(offences[person])) for person in people}


def _update(people: Sequence[Person]) -> None:
    """What is new in these rows, in one statement."""
    rows: list[dict[str, Any]] = [
        {
            "id": str(person.pk),
            **{name: getattr(person, name) for name in UPDATED[1:]},
            "facts": json.dumps(person.facts),
        }
        for person in people
    ]
    copy_aside("news", "records_person", pl.DataFrame(rows, infer_schema_length=None))
    told = ", ".join(f"{name} = n.{name}" for name in UPDATED)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE records_person p SET {told} FROM news n WHERE n.id = p.id")
        cursor.execute("DROP TABLE news")
