"""Who may see what: an officer works in one role at a time, and every query and every row is held to its scope.

The first wall is ``in_scope``, which every query of people goes through; the second is PostgreSQL, told by ``opened``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import pghistory
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from ruamel.yaml import YAML

from safar.base import content_path
from safar.casework.errors import NotAllowedError, NotThereError
from safar.records.models import Emergency, Grant, Need, Officer, Person

END = "~"  # sorts after every letter and digit a path is made of


@dataclass(frozen=True)
class Role:
    """What a role may do, and whether it sees people at all."""

    name: str
    sees_people: bool
    may: frozenset[str]
    clashes_with: frozenset[str]


@dataclass(frozen=True)
class Acting:
    """An officer at work: in one role of one organisation, with the scope that goes with it."""

    officer_id: int
    name: str
    language: str
    grant_id: int
    role: Role
    organisation_id: int
    organisation: Mapping[str, str]
    register_id: int
    country: str
    place_id: str | None
    place_path: str
    regions: tuple[str, ...]
    emergencies: tuple[UUID, ...] = ()

    def may(self, what: str) -> bool:
        """Whether the role includes it."""
        return what in self.role.may

    def require(self, what: str) -> None:
        """Raise NotAllowedError unless the role includes it."""
        if what not in self.role.may:
            raise NotAllowedError("not_allowed", what=what)


@cache
def roles() -> Mapping[str, Role]:
    """All roles by name, from content/roles."""
    data = YAML(typ="safe").load(content_path() / "roles" / "roles.yaml")
    clashes: dict[str, set[str]] = {name: set() for name in data["roles"]}
    for one, two in data["incompatible"]:
        clashes[one].add(two)
        clashes[two].add(one)
    return {
        name: Role(name, told["people"] == "all", frozenset(told["may"]), frozenset(clashes[name]))
        for name, told in data["roles"].items()
    }


def grants_of(officer_id: int, *, on: date) -> QuerySet[Grant]:
    """The grants of an officer that hold on a day."""
    held = Q(starts_on__lte=on, revoked_at=None) & (Q(ends_on=None) | Q(ends_on__gt=on))
    return (
        Grant.objects.filter(held, officer_id=officer_id, officer__is_active=True)
        .select_related("officer", "organisation", "place")
        .order_by("id")
    )


def acting_as(officer_id: int, *, on: date, now: datetime, grant_id: int | None = None) -> Acting:
    """The officer in the role of a grant, the first one if none is named. NotAllowedError where there is none."""
    held = grants_of(officer_id, on=on)
    grant = (held.filter(id=grant_id).first() if grant_id else None) or held.first()
    if grant is None:
        raise NotAllowedError("no_role")
    role = roles().get(grant.role)
    if role is None:
        raise NotAllowedError("no_role")
    organisation = grant.organisation
    register = organisation.register_id or organisation.id
    return Acting(
        officer_id=officer_id,
        name=grant.officer.name,
        language=grant.officer.language,
        grant_id=grant.id,
        role=role,
        organisation_id=organisation.id,
        organisation=organisation.names,
        register_id=register,
        country=organisation.country,
        place_id=grant.place_id,
        place_path=grant.place.path if grant.place else "",
        regions=tuple(grant.regions),
        emergencies=_emergencies(officer_id, register, now=now) if role.sees_people else (),
    )


def _emergencies(officer_id: int, register_id: int, *, now: datetime) -> tuple[UUID, ...]:
    """The people whom the officer may see for an emergency that has not ended, with the files merged into theirs."""
    open_now = Emergency.objects.filter(officer_id=officer_id, register_id=register_id, until__gt=now)
    with told({**whole_register(register_id), "safar.officer": str(officer_id)}):
        people = tuple(open_now.values_list("person_id", flat=True))
        merged = Person.objects.filter(merged_into__in=people, register_id=register_id) if people else ()
        return (*people, *(person.pk for person in merged))


def whole_register(register_id: int) -> Mapping[str, str]:
    """The scope of a whole register: for what is looked up exactly in an emergency, and for nothing else."""
    return {
        "safar.register": str(register_id),
        "safar.place_from": "",
        "safar.place_to": END,
        "safar.regions": "",
    }


def scope_of(acting: Acting) -> Mapping[str, str]:
    """What PostgreSQL is told of an officer's scope. A role that sees no people audits the register if at all."""
    sees = acting.role.sees_people
    audits = acting.may("see_history") and not sees
    return {
        "safar.register": str(acting.register_id) if sees else "",
        "safar.audits": str(acting.register_id) if audits else "",
        "safar.place_from": acting.place_path,
        "safar.place_to": acting.place_path + END,
        "safar.regions": ",".join(acting.regions),
        "safar.people": ",".join(map(str, acting.emergencies)),
        "safar.officer": str(acting.officer_id),
    }


@contextmanager
def opened(acting: Acting, action: str) -> Iterator[None]:
    """A transaction that PostgreSQL holds to the officer's scope, and whose changes are written down as theirs."""
    context = pghistory.context(officer=acting.officer_id, grant=acting.grant_id, action=action)
    with transaction.atomic(), told(scope_of(acting)), context:
        yield


@contextmanager
def told(settings: Mapping[str, str]) -> Iterator[None]:
    """The settings for this transaction, and as they were before afterwards."""
    names = list(settings)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(['current_setting(%s, true)'] * len(names))}", names)
            before = cursor.fetchone()
        _tell(settings)
        try:
            yield
        finally:
            if not connection.needs_rollback:
                _tell(dict(zip(names, (value or "" for value in before), strict=True)))


def _tell(settings: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
        cursor.execute(f"SELECT {calls}", [part for pair in settings.items() for part in pair])


def in_scope(acting: Acting) -> Q:
    """The condition on ``register``, ``home_path`` and ``region`` of a person, need, tally or change."""
    if not acting.role.sees_people:
        return Q(pk__in=[])
    scope = Q(register_id=acting.register_id)
    if acting.place_path:
        scope &= Q(home_path__gte=acting.place_path, home_path__lt=acting.place_path + END)
    if acting.regions:
        scope &= Q(region__in=acting.regions)
    return scope


def people_of(acting: Acting) -> QuerySet[Person]:
    """The people this officer may see; emergencies included."""
    emergencies = Q(id__in=acting.emergencies, register_id=acting.register_id)
    return Person.objects.filter(in_scope(acting) | emergencies if acting.emergencies else in_scope(acting))


def needs_of(acting: Acting) -> QuerySet[Need]:
    """What is to be done for the people this officer may see."""
    return Need.objects.filter(in_scope(acting))


def find_person(acting: Acting, person_id: UUID, *, what: str = "see_people") -> Person:
    """The person, or NotThereError: not there and not for you are the same answer."""
    acting.require(what)
    person = people_of(acting).filter(id=person_id).select_related("home", "assigned_to").first()
    if person is None:
        raise NotThereError("person_not_there")
    return person


def may_hold(officer: Officer, role: str, *, on: date) -> bool:
    """Whether the roles that the officer holds on that day leave room for this one."""
    held = set(grants_of(officer.pk, on=on).values_list("role", flat=True))
    return not held & roles()[role].clashes_with


def context_of(event: Any) -> Mapping[str, Any]:
    """Who changed it and in which action, as written in an event of the history."""
    return event.pgh_context or {}
