"""What happened to a file, in words: who, when, what, from what to what; and who looked at it.

Read from the events that the database itself writes, in the scope of whoever asks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Model

from safar.casework.access import Acting, context_of, find_person
from safar.casework.facts import circle_of, facts_in, law_in
from safar.casework.person.told import name_in_words, value_in_words
from safar.casework.readings import note_reading
from safar.law.words import Words
from safar.records.models import (
    EVENT_OF,
    Consent,
    Document,
    Journey,
    Member,
    Merge,
    Offence,
    Officer,
    Person,
    PersonName,
    Phone,
    Place,
    Reading,
    Statement,
    Stay,
)
from safar.words import chosen, known, say, write_day

MOST = 400  # events and looks that one page shows
OF_PERSON: tuple[type[Model], ...] = (
    PersonName, Document, Phone, Member, Statement, Journey, Stay, Offence, Consent,
)  # fmt: skip
# Of each table the columns whose change means something to a reader.
TOLD: Mapping[type[Model], tuple[str, ...]] = {
    Person: ("home_id", "assigned_to_id"),
    PersonName: ("surname", "given_name", "patronymic", "used_until", "shown"),
    Document: ("kind", "country", "valid_until"),
    Phone: ("whose",),
    Member: ("relation",),
    Statement: ("withdrawn_because",),
    Journey: ("state", "destination", "left_home_on", "back_home_on"),
    Stay: ("country", "entered_on", "left_on", "still_there"),
    Offence: ("country", "kind", "decided_on", "expelled"),
    Consent: ("purpose", "until", "withdrawn_on"),
    Merge: ("undone_because",),
}


# Coded values of columns by table and column: the key under which their words stand.
CODED: Mapping[tuple[type[Model], str], str] = {
    (Document, "kind"): "people.document.kinds",
    (Offence, "kind"): "people.offence.kinds",
    (Phone, "whose"): "people.whose",
    (Member, "relation"): "people.relation",
    (Journey, "state"): "people.journeys",
    (Consent, "purpose"): "people.consent.purposes",
}


@dataclass(frozen=True)
class Happening:
    """One change. ``what``: the sentence; ``details``: a line for each thing that is another than before."""

    at: datetime
    by: str
    what: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """Somebody looked at the file: an officer, in a role, in which way."""

    at: datetime
    by: str
    role: str
    action: str


@dataclass(frozen=True)
class HistoryPage:
    """What happened, the latest first; ``looks`` are for those who may see them."""

    person_id: UUID
    reference: str
    happenings: tuple[Happening, ...]
    looks: tuple[Look, ...]
    sees_looks: bool
    more: bool


def history_page(acting: Acting, person_id: UUID, *, now: datetime, language: str) -> HistoryPage:
    """The history of a file. That it was looked at is noted too."""
    person = find_person(acting, person_id)
    note_reading(acting, "history", now=now, person_id=person.pk)
    words = law_in(language).explainer.words
    circle = circle_of(person)
    named = _Named(language)
    told = [one for model, rows in _events(circle) for one in _happenings(model, rows, words, named)]
    told.sort(key=lambda one: one.at, reverse=True)
    sees_looks = acting.may("see_history")
    return HistoryPage(
        person_id=person.pk,
        reference=person.reference,
        happenings=tuple(told[:MOST]),
        looks=tuple(_looks(circle, words.language, named)) if sees_looks else (),
        sees_looks=sees_looks,
        more=len(told) > MOST,
    )


class _Named:
    """Names of officers and places that events tell of by their ids."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._officers: dict[int, str] = dict(Officer.objects.values_list("pk", "name"))

    def officer(self, officer_id: object) -> str:
        return self._officers.get(officer_id, "") if isinstance(officer_id, int) else ""

    def place(self, place_id: str) -> str:
        found = Place.objects.filter(pk=place_id).values_list("names", flat=True).first()
        return chosen(self._language, found or {})


def _events(circle: Sequence[UUID]) -> Iterator[tuple[type[Model], list[Any]]]:
    """The events of each table that tell of the person, in the order of each row's life."""
    yield (
        Person,
        list(
            EVENT_OF[Person]._default_manager.filter(pgh_obj_id__in=circle).order_by("pgh_obj_id", "pgh_id")
        ),
    )
    for model in OF_PERSON:
        rows = model._default_manager.filter(person__in=circle).values("pk")
        events = EVENT_OF[model]._default_manager.filter(pgh_obj_id__in=rows)
        yield model, list(events.order_by("pgh_obj_id", "pgh_id"))
    merges = Merge.objects.filter(kept__in=circle).values("pk")
    yield (
        Merge,
        list(EVENT_OF[Merge]._default_manager.filter(pgh_obj_id__in=merges).order_by("pgh_obj_id", "pgh_id")),
    )


def _happenings(
    model: type[Model], events: Sequence[Any], words: Words, named: _Named
) -> Iterator[Happening]:
    noun = model.__name__.lower()
    for before, event in pairwise((None, *events)):
        earlier = before if before is not None and before.pgh_obj_id == event.pgh_obj_id else None
        details = tuple(_details(model, earlier, event, words, named))
        key = f"people.happened.{noun}.{event.pgh_label}"
        if not details and (event.pgh_label == "update" or model is Statement):
            continue  # facts folded anew, keys of names; a statement whose rows tell for themselves
        if known(words.language, key):
            by = named.officer(context_of(event).get("officer"))
            yield Happening(event.pgh_created_at, by, say(words.language, key), details)


def _details(model: type[Model], before: Any, event: Any, words: Words, named: _Named) -> Iterator[str]:
    if model is Statement and before is None:
        yield from _stated(event.facts, words)
        return
    for name in TOLD[model]:
        new, old = getattr(event, name), getattr(before, name) if before is not None else None
        if new == old or (before is None and new in ("", None)):
            continue
        title = say(words.language, f"people.column.{name}")
        value = _said(model, name, new, words, named)
        if before is None or old in ("", None):
            yield say(words.language, "people.changed_to", name=title, value=value)
        else:
            past = _said(model, name, old, words, named)
            yield say(words.language, "people.changed_from", name=title, value=value, before=past)


def _stated(facts: Mapping[str, Any], words: Words) -> Iterator[str]:
    for name, value in facts_in(facts):
        if not isinstance(value, list):
            told = value_in_words(name, value, words)
            yield say(words.language, "facts.named", name=name_in_words(name, words), value=told)


def _said(model: type[Model], name: str, value: Any, words: Words, named: _Named) -> str:
    """A value of a column as people say it."""
    if isinstance(value, bool):
        return say(words.language, "yes" if value else "no")
    if value in ("", None):
        return say(words.language, "ui.not_known")
    if isinstance(value, date):
        return write_day(words.language, value)
    if name == "assigned_to_id":
        return named.officer(value)
    if name == "home_id":
        return named.place(value)
    if name in ("country", "destination"):
        return words.value("country", value)
    coded = CODED.get((model, name))
    return say(words.language, f"{coded}.{value}") if coded else str(value)


def _looks(circle: Iterable[UUID], language: str, named: _Named) -> Iterator[Look]:
    for row in Reading.objects.filter(person__in=list(circle)).order_by("-at")[:MOST]:
        key = f"people.look.{row.action}"
        action = say(language, key if known(language, key) else "people.look.other")
        yield Look(row.at, named.officer(row.officer_id), say(language, f"role.{row.role}"), action)
