"""Days that are near, for the officer in charge: told on the first page until they say that they have seen them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from safar.casework.access import Acting, people_of
from safar.casework.needs import triage
from safar.casework.today import names_of, sentences_in, tone_of
from safar.records.models import Reminder

SHOWN = 5
PER_PERSON = 3  # dangers of one person at the most


@dataclass(frozen=True)
class Near:
    """The nearest day of somebody the officer is in charge of, with the worst that threatens on it."""

    person_id: UUID
    names: Mapping[str, str]
    reference: str
    danger: str
    tone: str
    act_by: date
    days_left: int


@dataclass(frozen=True)
class NearDays:
    """Those whose day is nearest, and how many people there are."""

    lines: tuple[Near, ...]
    count: int


def near_days(acting: Acting, *, on: date, language: str) -> NearDays:
    """Of whom the officer was reminded and has not said so, the nearest day first."""
    found = _unseen(acting).filter(act_by__gte=on)
    harms = {danger.id: danger.harm * 1000 for danger in triage().dangers}
    nearest: dict[UUID, Reminder] = {}
    for row in found.select_related("person").order_by("act_by", "person")[: SHOWN * PER_PERSON]:
        kept = nearest.setdefault(row.person_id, row)
        if row.act_by == kept.act_by and harms.get(row.danger, 0) > harms.get(kept.danger, 0):
            nearest[row.person_id] = row
    rows = [row for row in nearest.values() if row.danger in harms][:SHOWN]
    names, sentences = names_of([row.person_id for row in rows]), sentences_in(language)
    lines = tuple(
        Near(
            person_id=row.person_id,
            names=names.get(row.person_id, {}),
            reference=row.person.reference,
            danger=sentences.title(row.danger),
            tone=tone_of(harms[row.danger]),
            act_by=row.act_by,
            days_left=(row.act_by - on).days,
        )
        for row in rows
    )
    count = len(lines) if len(lines) < SHOWN else found.values("person").distinct().count()
    return NearDays(lines, count)


def mark_seen(acting: Acting, person_id: UUID | None, *, on: date, now: datetime) -> int:
    """The officer has seen the near days of a person, or of everybody; how many there were. They do not come again."""
    near = _unseen(acting).filter(act_by__gte=on)
    return (near if person_id is None else near.filter(person=person_id)).update(seen_at=now)


def _unseen(acting: Acting) -> QuerySet[Reminder]:
    acting.require("see_today")
    return Reminder.objects.filter(officer=acting.officer_id, seen_at=None, person__in=people_of(acting))
