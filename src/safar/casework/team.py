"""The team: how much lies with whom, who has waited longest, where nobody is in charge; and giving people to others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Func, Min, Q, QuerySet, TextField, Value

from safar.casework.access import END, Acting, needs_of, people_of
from safar.casework.boundaries import atlas, district_at
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.readings import note_reading
from safar.casework.today import colleagues, names_of, sentences_in, tone_of
from safar.records.models import Need, Officer, Person

SOON = 7  # days
LONGEST = 12  # people on the list of those who have waited longest
NOBODY = 0  # stands for no officer
BATCH = 5_000
DISTRICT = r"^(?:[^.]*\.){0,3}"  # of a path, its district


@dataclass(frozen=True)
class Load:
    """What lies with an officer. ``here``: whether they still work in this register; ``since``: the longest wait."""

    officer_id: int
    name: str
    here: bool
    people: int
    past: int
    soon: int
    since: date | None


@dataclass(frozen=True)
class District:
    """People of a district of whom nobody is in charge."""

    path: str
    names: Mapping[str, str]
    people: int
    past: int


@dataclass(frozen=True)
class Waiting:
    """Somebody who has waited long."""

    person_id: UUID
    names: Mapping[str, str]
    reference: str
    danger: str
    tone: str
    since: date
    days: int
    assigned_to: str


@dataclass(frozen=True)
class TeamPage:
    """The page. ``officers``: to whom people can be given; ``areas``: districts that can be named, by path."""

    loads: tuple[Load, ...]
    nobody: Load
    districts: tuple[District, ...]
    waiting: tuple[Waiting, ...]
    officers: tuple[tuple[int, str], ...]
    areas: tuple[tuple[str, Mapping[str, str]], ...]
    may_assign: bool


@dataclass(frozen=True)
class Handing:
    """Whose people go to whom: ``taken_from`` and ``given_to`` are officers, NOBODY for none.

    ``place`` keeps it to a district or what lies in it; ``most`` takes the most pressing first.
    """

    taken_from: int
    given_to: int
    place: str = ""
    most: int | None = None


def team_page(acting: Acting, *, on: date, now: datetime, language: str) -> TeamPage:
    """The page of a supervisor; that people are named on it is noted."""
    acting.require("see_team")
    here = colleagues(acting, on=on)
    needs = needs_of(acting).filter(first=True)
    loads = _loads(needs, dict(here), on=on)
    waiting = _waiting(acting, needs, on=on, language=language)
    note_reading(acting, "list", now=now, detail={"of": "team", "shown": len(waiting)})
    return TeamPage(
        loads=tuple(load for load in loads if load.officer_id != NOBODY),
        nobody=next(load for load in loads if load.officer_id == NOBODY),
        districts=_districts(needs, on=on),
        waiting=waiting,
        officers=here,
        areas=tuple(
            (one.path, one.names) for one in atlas().of_level("district") if _is_mine(acting, one.path)
        ),
        may_assign=acting.may("assign"),
    )


@transaction.atomic
def hand_over(acting: Acting, handing: Handing, *, on: date, now: datetime) -> int:
    """Give the people of one officer, or those of nobody, to another or to nobody; the number of people."""
    acting.require("see_team")
    acting.require("assign")
    if handing.taken_from == handing.given_to:
        raise NotPossibleError("same_officer")
    if handing.given_to != NOBODY and handing.given_to not in dict(colleagues(acting, on=on)):
        raise NotThereError("officer_not_there")
    if handing.most is not None and handing.most < 1:
        raise NotPossibleError("number_wrong")
    people = _people_handed(acting, handing)
    if not people:
        raise NotPossibleError("nobody_to_hand")
    given_to = handing.given_to or None
    for chosen in batched(people, BATCH):
        Person.objects.filter(pk__in=chosen).update(assigned_to=given_to, changed_at=now)
        Need.objects.filter(person__in=chosen).update(assigned_to=given_to)
    return len(people)


def batched(people: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    """The same in pieces of a size."""
    return (people[start : start + size] for start in range(0, len(people), size))


def _people_handed(acting: Acting, handing: Handing) -> list[UUID]:
    """Whom it is about, in scope. Of nobody's people only those who need somebody are given away."""
    low, high = handing.place, handing.place + END
    if not low.startswith(acting.place_path):
        if low:
            raise NotThereError("place_not_there")
        low, high = acting.place_path, acting.place_path + END
    taken_from = handing.taken_from or None
    if taken_from is None or handing.most is not None:
        needs = needs_of(acting).filter(
            first=True, assigned_to=taken_from, home_path__gte=low, home_path__lt=high
        )
        return list(
            needs.order_by("-priority", "person_id").values_list("person_id", flat=True)[: handing.most]
        )
    people = people_of(acting).filter(assigned_to=taken_from, home_path__gte=low, home_path__lt=high)
    return list(people.filter(merged_into=None).values_list("pk", flat=True))


def _loads(needs: QuerySet[Need], here: Mapping[int, str], *, on: date) -> tuple[Load, ...]:
    """What lies with each officer, the most that is past its day first; an officer with nothing is there too."""
    counted = needs.values("assigned_to").annotate(
        people=Count("id"), past=_past(on), soon=_soon(on), since=Min("since")
    )
    found: dict[int, Mapping[str, Any]] = {row["assigned_to"] or NOBODY: dict(row) for row in counted}
    names = {**dict(Officer.objects.filter(id__in=found).values_list("id", "name")), **here, NOBODY: ""}
    nothing: dict[str, Any] = {"people": 0, "past": 0, "soon": 0, "since": None}
    loads = [
        Load(
            officer_id=officer_id,
            name=names.get(officer_id, ""),
            here=officer_id in here,
            **{name: found.get(officer_id, nothing)[name] for name in nothing},
        )
        for officer_id in {*found, *here, NOBODY}
    ]
    return tuple(sorted(loads, key=lambda load: (-load.past, -load.people, load.name)))


def _past(on: date) -> Count:
    """People whose day has passed."""
    return Count("id", filter=Q(act_by__lt=on))


def _soon(on: date) -> Count:
    """People whose day comes within a week."""
    return Count("id", filter=Q(act_by__gte=on, act_by__lt=on + timedelta(days=SOON)))


def _districts(needs: QuerySet[Need], *, on: date) -> tuple[District, ...]:
    """Where nobody is in charge, the most people whose day has passed first."""
    district = Func(F("home_path"), Value(DISTRICT), function="substring", output_field=TextField())
    counted = (
        needs.filter(assigned_to=None)
        .annotate(district=district)
        .values("district")
        .annotate(people=Count("id"), past=_past(on))
        .order_by("-past", "-people", "district")
    )
    return tuple(
        District(path=row["district"], names=_names(row["district"]), people=row["people"], past=row["past"])
        for row in counted
    )


def _is_mine(acting: Acting, path: str) -> bool:
    """Whether a district lies in the officer's area, or, without one, in the country of their organisation."""
    return path.startswith(acting.place_path or f"{acting.country}.")


def _names(path: str) -> Mapping[str, str]:
    place = district_at(path) if path else None
    return place.names if place else {}


def _waiting(acting: Acting, needs: QuerySet[Need], *, on: date, language: str) -> tuple[Waiting, ...]:
    """Who has waited longest, whoever is in charge; of those who wait as long the most pressing first."""
    rows = list(needs.order_by("since", "-priority").select_related("assigned_to")[:LONGEST])
    people = {
        person.pk: person for person in people_of(acting).filter(pk__in=[row.person_id for row in rows])
    }
    names, sentences = names_of(list(people)), sentences_in(language)
    return tuple(
        Waiting(
            person_id=row.person_id,
            names=names.get(row.person_id, {}),
            reference=people[row.person_id].reference,
            danger=sentences.title(row.danger),
            tone=tone_of(row.harm),
            since=row.since,
            days=(on - row.since).days,
            assigned_to=row.assigned_to.name if row.assigned_to else "",
        )
        for row in rows
        if row.person_id in people
    )
