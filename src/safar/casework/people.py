"""What an officer may do with a person's file: register, and write down what was said. Nothing is ever overwritten."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.crypto import get_random_string

from safar.casework.access import END, Acting, find_person
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.facts import refold
from safar.casework.needs import refresh_needs
from safar.casework.seal import number_key, seal
from safar.casework.search import scope_tokens
from safar.linkage.search_keys import name_keys
from safar.records.models import (
    Document,
    Household,
    Member,
    Offence,
    Person,
    PersonName,
    Phone,
    Place,
    Statement,
    Stay,
)

# No letter or digit that is taken for another on the telephone or in handwriting.
SPOKEN = "23456789ACDEFHJKMNPRTUVWXY"


@dataclass(frozen=True)
class Saying:
    """Who said it, when, how sure it is, and on what evidence."""

    said_by: str
    said_on: date
    sureness: str = "sure"
    evidence: str = ""
    intake_id: int | None = None


@dataclass(frozen=True)
class NameGiven:
    """A name as written, any script; at least a surname or a given name."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    kind: str = "common"
    used_from: date | None = None


@dataclass(frozen=True)
class DocumentGiven:
    """An identity document as read."""

    kind: str
    number: str
    country: str = ""
    issued_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class StayGiven:
    """A time in a country. ``still_there`` None: nobody knows whether they left."""

    country: str
    entered_on: date | None = None
    left_on: date | None = None
    still_there: bool | None = None


@dataclass(frozen=True)
class OffenceGiven:
    """A decision of an authority."""

    country: str
    kind: str
    decided_on: date
    expelled: bool | None = None


@dataclass(frozen=True)
class Registration:
    """What a new file begins with: a name; all else may be missing."""

    names: Sequence[NameGiven]
    home_id: str | None = None
    birth_date: date | None = None
    birth_precision: str = "unknown"
    facts: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[DocumentGiven] = ()
    phones: Sequence[str] = ()
    stays: Sequence[StayGiven] = ()
    offences: Sequence[OffenceGiven] = ()
    household_code: str = ""
    relation: str = ""


def register_person(
    acting: Acting, given: Registration, *, saying: Saying, on: date, now: datetime
) -> Person:
    """Open a file. The home must lie in the officer's scope; a person is told apart by names, not by a number."""
    acting.require("register_person")
    if not given.names:
        raise NotPossibleError("name_needed")
    person = Person(
        reference=new_reference(),
        register_id=acting.register_id,
        home_path=_home_in_scope(acting, given.home_id),
        home_id=given.home_id,
        region=given.facts.get("region") or "",
        birth_date=given.birth_date,
        birth_precision=given.birth_precision if given.birth_date else "unknown",
        registered_at=now,
        registered_by_id=acting.officer_id,
        changed_at=now,
    )
    if acting.regions and person.region not in acting.regions:
        raise NotPossibleError("region_outside")
    person.save(force_insert=True)
    statement = _say(acting, person, given.facts, saying=saying, now=now)
    for place, name in enumerate(given.names):
        _write_name(person, name, statement, shown=place == 0)
    for document in given.documents:
        _write_document(person, document, statement)
    Phone.objects.bulk_create(
        Phone(person=person, number=plain_phone(number), statement=statement) for number in given.phones
    )
    if given.household_code or given.relation:
        _join_household(person, given.household_code, given.relation, statement)
    _write_lists(person, given.stays, given.offences, statement)
    return _settle(person, on=on, now=now)


def state_facts(
    acting: Acting,
    person_id: UUID,
    facts: Mapping[str, Any],
    *,
    saying: Saying,
    on: date,
    now: datetime,
    stays: Sequence[StayGiven] = (),
    offences: Sequence[OffenceGiven] = (),
) -> Person:
    """Write down what somebody said. The clock moves at once; what cannot be true is refused."""
    person = find_person(acting, person_id, what="state_fact")
    if not facts and not stays and not offences:
        raise NotPossibleError("nothing_said")
    statement = _say(acting, person, facts, saying=saying, now=now)
    _write_lists(person, stays, offences, statement)
    return _settle(person, on=on, now=now)


def end_stay(
    acting: Acting, person_id: UUID, stay_id: int, left_on: date, *, saying: Saying, on: date, now: datetime
) -> Person:
    """Write down that they left: the stay is replaced by one with an end."""
    person = find_person(acting, person_id, what="state_fact")
    stay = Stay.objects.filter(person=person, id=stay_id, replaced_by=None).first()
    if stay is None:
        raise NotThereError("stay_not_there")
    if stay.entered_on and left_on < stay.entered_on:
        raise NotPossibleError("left_before_entered")
    statement = _say(acting, person, {}, saying=saying, now=now)
    stay.replaced_by = Stay.objects.create(
        person=person,
        country=stay.country,
        entered_on=stay.entered_on,
        left_on=left_on,
        still_there=False,
        statement=statement,
    )
    stay.save(update_fields=["replaced_by"])
    return _settle(person, on=on, now=now)


def add_name(
    acting: Acting,
    person_id: UUID,
    name: NameGiven,
    *,
    saying: Saying,
    on: date,
    now: datetime,
    shown: bool = False,
) -> Person:
    """Another name, beside those there are. ``shown`` makes it the one on lists and letters."""
    person = find_person(acting, person_id, what="state_fact")
    statement = _say(acting, person, {}, saying=saying, now=now)
    _write_name(person, name, statement, shown=shown)
    return _settle(person, on=on, now=now)


def add_document(
    acting: Acting, person_id: UUID, document: DocumentGiven, *, saying: Saying, on: date, now: datetime
) -> Person:
    """An identity document, sealed."""
    person = find_person(acting, person_id, what="state_fact")
    statement = _say(acting, person, {}, saying=saying, now=now)
    _write_document(person, document, statement)
    return _settle(person, on=on, now=now)


def withdraw_statement(
    acting: Acting, person_id: UUID, statement_id: int, *, because: str, on: date, now: datetime
) -> Person:
    """Take a statement back, with a reason. It stays in the file and decides nothing any more."""
    person = find_person(acting, person_id, what="state_fact")
    if not because.strip():
        raise NotPossibleError("reason_needed")
    statement = Statement.objects.filter(person=person, id=statement_id, withdrawn_at=None).first()
    if statement is None:
        raise NotThereError("statement_not_there")
    statement.withdrawn_at, statement.withdrawn_because = now, because.strip()
    statement.withdrawn_by_id = acting.officer_id
    statement.save(update_fields=["withdrawn_at", "withdrawn_because", "withdrawn_by"])
    return _settle(person, on=on, now=now)


def new_reference() -> str:
    """A random reference such as S7K2-M9QD, without letters that are taken for others."""
    return f"S{get_random_string(3, SPOKEN)}-{get_random_string(4, SPOKEN)}{secrets.choice(SPOKEN)}"


def script_of_name(name: str) -> str:
    """ISO 15924: Cyrl where a letter of it stands in the name, else Latn."""
    return "Cyrl" if any("\u0400" <= letter <= "\u052f" for letter in name) else "Latn"


def plain_phone(number: str) -> str:
    """Digits with the country code: +992 92 777-11-22 and 00992927771122 are 992927771122."""
    digits = "".join(letter for letter in number if letter.isdigit()).removeprefix("00")
    if not 7 <= len(digits) <= 15:
        raise NotPossibleError("phone_wrong")
    return digits


def _settle(person: Person, *, on: date, now: datetime) -> Person:
    region = person.region
    refold(person, on=on)
    if person.region != region:
        _scope_names(person)
    person.changed_at = now
    person.save()
    refresh_needs(person, on=on)
    return person


def _scope_names(person: Person) -> None:
    """Let the person's names be found where the person is now."""
    tokens = scope_tokens(person.register_id, person.home_path, person.region)
    for name in PersonName.objects.filter(person=person):
        name.keys = [*name_keys(name.surname, name.given_name, name.patronymic), *tokens]
        name.save(update_fields=["keys"])


def _home_in_scope(acting: Acting, home_id: str | None) -> str:
    if home_id is None:
        if acting.place_path:
            raise NotPossibleError("home_needed")
        return ""
    home = Place.objects.filter(id=home_id).first()
    if home is None:
        raise NotThereError("place_not_there")
    if not acting.place_path <= home.path < acting.place_path + END:
        raise NotPossibleError("home_outside")
    return home.path


def _say(
    acting: Acting, person: Person, facts: Mapping[str, Any], *, saying: Saying, now: datetime
) -> Statement:
    return Statement.objects.create(
        person=person,
        facts=dict(facts),
        said_by=saying.said_by,
        said_on=saying.said_on,
        sureness=saying.sureness,
        evidence=saying.evidence,
        intake_id=saying.intake_id,
        recorded_at=now,
        recorded_by_id=acting.officer_id,
    )


def _write_name(person: Person, name: NameGiven, statement: Statement, *, shown: bool) -> None:
    if not (name.surname or name.given_name):
        raise NotPossibleError("name_needed")
    if shown:
        PersonName.objects.filter(person=person, shown=True).update(shown=False)
    PersonName.objects.create(
        person=person,
        surname=name.surname.strip(),
        given_name=name.given_name.strip(),
        patronymic=name.patronymic.strip(),
        script=script_of_name(f"{name.surname}{name.given_name}"),
        kind=name.kind,
        used_from=name.used_from,
        shown=shown,
        keys=[
            *name_keys(name.surname, name.given_name, name.patronymic),
            *scope_tokens(person.register_id, person.home_path, person.region),
        ],
        statement=statement,
    )


def _write_document(person: Person, document: DocumentGiven, statement: Statement) -> None:
    Document.objects.create(
        person=person,
        kind=document.kind,
        country=document.country,
        number_sealed=seal(document.number.strip()),
        number_key=number_key(document.number),
        issued_on=document.issued_on,
        valid_until=document.valid_until,
        statement=statement,
    )


def _join_household(person: Person, code: str, relation: str, statement: Statement) -> None:
    found = Household.objects.filter(
        register_id=person.register_id, home_id=person.home_id, code=code
    ).first()
    household = (code and found) or Household.objects.create(
        register_id=person.register_id, home_id=person.home_id, home_path=person.home_path, code=code
    )
    Member.objects.create(household=household, person=person, relation=relation, statement=statement)


def _write_lists(
    person: Person, stays: Sequence[StayGiven], offences: Sequence[OffenceGiven], statement: Statement
) -> None:
    for stay in stays:
        if stay.entered_on and stay.left_on and stay.left_on < stay.entered_on:
            raise NotPossibleError("left_before_entered")
    Stay.objects.bulk_create(
        Stay(
            person=person,
            country=stay.country,
            entered_on=stay.entered_on,
            left_on=stay.left_on,
            still_there=False if stay.left_on else stay.still_there,
            statement=statement,
        )
        for stay in stays
    )
    Offence.objects.bulk_create(
        Offence(
            person=person,
            country=offence.country,
            kind=offence.kind,
            decided_on=offence.decided_on,
            expelled=offence.expelled,
            statement=statement,
        )
        for offence in offences
    )
