"""What an officer may do with a person's file: register, and write down what was said. Nothing is ever overwritten."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string

from safar.casework.access import END, Acting, people_of
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.facts import birth_text, circle_of
from safar.casework.person.given import (
    DocumentGiven,
    NameGiven,
    OffenceGiven,
    Registration,
    StayGiven,
)
from safar.casework.person.telling import Saying, hold_file, move_scope, settle, write_statement
from safar.casework.seal import number_key, plain_number, seal
from safar.casework.search import scope_tokens
from safar.linkage import name_keys
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

__all__ = [
    "DocumentGiven",
    "NameGiven",
    "OffenceGiven",
    "Registration",
    "Saying",
    "StayGiven",
    "add_document",
    "add_name",
    "add_phone",
    "change_home",
    "correct_stay",
    "end_stay",
    "register_person",
    "state_facts",
    "withdraw_statement",
]

# No letter or digit that is taken for another on the telephone or in handwriting.
SPOKEN = "23456789ACDEFHJKMNPRTUVWXY"


@transaction.atomic
def register_person(
    acting: Acting,
    given: Registration,
    *,
    saying: Saying,
    on: date,
    now: datetime,
    person_id: UUID | None = None,
) -> Person:
    """Open a file. The home must lie in the officer's scope; a person is told apart by names, not by a number.

    ``person_id`` is drawn when the form is shown: sent twice, the form opens one file.
    """
    acting.require("register_person")
    if person_id is not None and (already := _opened_before(acting, person_id)):
        return already
    person, facts = _checked(acting, given, on=on, now=now)
    if person_id is not None:
        person.pk = person_id
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except (
        IntegrityError
    ):  # the same form, sent twice at once; or the number of a file that is nobody's business here
        if person_id is None:
            raise
        if (already := _opened_before(acting, person_id)) is None:
            raise NotPossibleError("form_old") from None
        return already
    _write_down(person, given, write_statement(acting, person, facts, saying=saying, now=now))
    return settle(acting, person, on=on, now=now)


def _checked(
    acting: Acting, given: Registration, *, on: date, now: datetime
) -> tuple[Person, dict[str, Any]]:
    """The new person and the facts told of them, if all is as it may be."""
    if not given.names:
        raise NotPossibleError("name_needed")
    if given.birth_date and given.birth_date > on:
        raise NotPossibleError("birth_ahead")
    facts = dict(given.facts)
    if given.birth_date and given.birth_precision != "unknown":
        facts["birth_date"] = birth_text(given.birth_date, given.birth_precision)
    person = _new_person(acting, given, now=now)
    if acting.regions and person.region not in acting.regions:
        raise NotPossibleError("region_outside")
    return person, facts


def _write_down(person: Person, given: Registration, statement: Statement) -> None:
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


@transaction.atomic
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
    person = hold_file(acting, person_id, what="state_fact")
    if not facts and not stays and not offences:
        raise NotPossibleError("nothing_said")
    statement = write_statement(acting, person, facts, saying=saying, now=now)
    _write_lists(person, stays, offences, statement)
    return settle(acting, person, on=on, now=now)


@transaction.atomic
def end_stay(
    acting: Acting, person_id: UUID, stay_id: int, left_on: date, *, saying: Saying, on: date, now: datetime
) -> Person:
    """Write down that they left: the stay is replaced by one with an end."""
    person = hold_file(acting, person_id, what="state_fact")
    stay = _stay_of(person, stay_id)
    ended = StayGiven(stay.country, stay.entered_on, left_on, still_there=False)
    _replace_stay(acting, person, stay, ended, saying=saying, now=now)
    return settle(acting, person, on=on, now=now)


@transaction.atomic
def correct_stay(
    acting: Acting, person_id: UUID, stay_id: int, stay: StayGiven, *, saying: Saying, on: date, now: datetime
) -> Person:
    """Another reading of a stay: it takes the place of the one there is, which stays in the file."""
    person = hold_file(acting, person_id, what="state_fact")
    _replace_stay(acting, person, _stay_of(person, stay_id), stay, saying=saying, now=now)
    return settle(acting, person, on=on, now=now)


@transaction.atomic
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
    person = hold_file(acting, person_id, what="state_fact")
    statement = write_statement(acting, person, {}, saying=saying, now=now)
    _write_name(person, name, statement, shown=shown)
    return settle(acting, person, on=on, now=now)


@transaction.atomic
def add_document(
    acting: Acting, person_id: UUID, document: DocumentGiven, *, saying: Saying, on: date, now: datetime
) -> Person:
    """An identity document, sealed."""
    person = hold_file(acting, person_id, what="state_fact")
    if not plain_number(document.number):
        raise NotPossibleError("number_needed")
    statement = write_statement(acting, person, {}, saying=saying, now=now)
    _write_document(person, document, statement)
    return settle(acting, person, on=on, now=now)


@transaction.atomic
def add_phone(
    acting: Acting,
    person_id: UUID,
    number: str,
    *,
    whose: str = "own",
    saying: Saying,
    on: date,
    now: datetime,
) -> Person:
    """A telephone number, with whose it is: own, family, abroad."""
    person = hold_file(acting, person_id, what="state_fact")
    digits = plain_phone(number)
    statement = write_statement(acting, person, {}, saying=saying, now=now)
    Phone.objects.create(person=person, number=digits, whose=whose, statement=statement)
    return settle(acting, person, on=on, now=now)


@transaction.atomic
def change_home(acting: Acting, person_id: UUID, home_id: str, *, on: date, now: datetime) -> Person:
    """The place a person comes from was another one, within the officer's scope."""
    person = hold_file(acting, person_id, what="state_fact")
    person.home_path, person.home_id = _home_in_scope(acting, home_id), home_id
    move_scope(person)
    return settle(acting, person, on=on, now=now)


@transaction.atomic
def withdraw_statement(
    acting: Acting, person_id: UUID, statement_id: int, *, because: str, on: date, now: datetime
) -> Person:
    """Take a statement back, with a reason. It stays in the file and decides nothing any more."""
    person = hold_file(acting, person_id, what="state_fact")
    if not because.strip():
        raise NotPossibleError("reason_needed")
    own = Statement.objects.filter(person__in=circle_of(person), withdrawn_at=None)
    statement = own.filter(id=statement_id).first()
    if statement is None:
        raise NotThereError("statement_not_there")
    statement.withdrawn_at, statement.withdrawn_because = now, because.strip()
    statement.withdrawn_by_id = acting.officer_id
    statement.save(update_fields=["withdrawn_at", "withdrawn_because", "withdrawn_by"])
    return settle(acting, person, on=on, now=now)


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


def _opened_before(acting: Acting, person_id: UUID) -> Person | None:
    return people_of(acting).filter(pk=person_id, registered_by_id=acting.officer_id).first()


def _new_person(acting: Acting, given: Registration, *, now: datetime) -> Person:
    return Person(
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


def _stay_of(person: Person, stay_id: int) -> Stay:
    stay = Stay.objects.filter(person__in=circle_of(person), id=stay_id, replaced_by=None).first()
    if stay is None:
        raise NotThereError("stay_not_there")
    return stay


def _replace_stay(
    acting: Acting, person: Person, stay: Stay, given: StayGiven, *, saying: Saying, now: datetime
) -> None:
    statement = write_statement(acting, person, {}, saying=saying, now=now)
    (stay.replaced_by,) = _write_lists(stay.person, [given], (), statement)
    stay.save(update_fields=["replaced_by"])


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
) -> list[Stay]:
    for stay in stays:
        if stay.entered_on and stay.left_on and stay.left_on < stay.entered_on:
            raise NotPossibleError("left_before_entered")
    written = Stay.objects.bulk_create(
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
    return written
