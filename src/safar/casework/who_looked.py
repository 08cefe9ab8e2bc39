"""Who looked: every look that was noted, for auditors and for whoever is responsible for the people looked at.

An auditor sees all looks of the register and nobody who was looked at; a supervisor sees looks at their own people, and
what their own team did otherwise.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from safar.casework.access import END, Acting, in_scope
from safar.casework.readings import note_reading
from safar.records.models import Grant, Officer, Person, Reading

SHOWN = 100


@dataclass(frozen=True)
class Looked:
    """What is asked for; empty is everything. ``until`` is a day that is still in."""

    officer_id: int | None = None
    person_id: UUID | None = None
    action: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class LookLine:
    """One look. ``reference`` is empty where the reader may not know whose file it is, ``file`` tells files apart."""

    at: datetime
    officer: str
    role: str
    action: str
    person_id: UUID | None
    reference: str
    file: str
    found: int | None  # of a search or list: how many


@dataclass(frozen=True)
class LooksPage:
    """Looks, the latest first. ``after``: the last line, from which the next page goes on; None at the end."""

    asked: Looked
    lines: tuple[LookLine, ...]
    after: int | None
    officers: tuple[tuple[int, str], ...]
    actions: tuple[str, ...]


def looks_page(acting: Acting, asked: Looked, *, now: datetime, after: int | None = None) -> LooksPage:
    """A page of looks. That somebody looked at them is noted too."""
    acting.require("see_history")
    note_reading(acting, "looks", now=now, person_id=None)
    team = _team(acting)
    rows = _seen(acting, team).filter(_asked(asked)).order_by("-at", "-pk")
    last = _seen(acting, team).filter(pk=after).first() if after else None
    if last:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    found = list(rows.select_related("officer")[: SHOWN + 1])
    return LooksPage(
        asked=asked,
        lines=tuple(_lines(acting, found[:SHOWN])),
        after=found[SHOWN - 1].pk if len(found) > SHOWN else None,
        officers=tuple(team.order_by("name").values_list("pk", "name")),
        actions=ACTIONS,
    )


# Ways of looking, as words are kept for them under audit.action.
ACTIONS = (
    "open_person", "search", "list", "history", "show_document", "compare", "export", "import", "print", "match",
    "emergency", "looks", "invite_officer", "grant_role", "revoke_grant", "reset_second_factor", "deactivate_officer",
)  # fmt: skip


def _team(acting: Acting) -> QuerySet[Officer]:
    """The officers whose doings the reader answers for: of the whole register, or whose role lies in the place."""
    register = Q(organisation=acting.register_id) | Q(organisation__register=acting.register_id)
    grants = Grant.objects.filter(register)
    if acting.place_path:
        grants = grants.filter(place__path__gte=acting.place_path, place__path__lt=acting.place_path + END)
    if acting.regions:
        grants = grants.filter(regions__overlap=list(acting.regions))
    return Officer.objects.filter(pk__in=grants.values("officer"))


def _seen(acting: Acting, team: QuerySet[Officer]) -> QuerySet[Reading]:
    rows = Reading.objects.filter(register=acting.register_id)
    if not acting.role.sees_people:
        return rows
    own = Exists(Person.objects.filter(in_scope(acting), pk=OuterRef("person")))
    return rows.filter(own | Q(person=None, officer__in=team.values("pk")))


def _asked(asked: Looked) -> Q:
    wanted = Q()
    if asked.officer_id:
        wanted &= Q(officer=asked.officer_id)
    if asked.person_id:
        wanted &= Q(person=asked.person_id)
    if asked.action:
        wanted &= Q(action=asked.action)
    if asked.since:
        wanted &= Q(at__gte=_midnight(asked.since))
    if asked.until:
        wanted &= Q(at__lt=_midnight(asked.until + timedelta(days=1)))
    return wanted


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _lines(acting: Acting, rows: list[Reading]) -> list[LookLine]:
    people = Person.objects.filter(in_scope(acting), pk__in=[row.person for row in rows if row.person])
    references: dict[UUID | None, str] = dict(people.values_list("pk", "reference"))
    return [
        LookLine(
            at=row.at,
            officer=row.officer.name,
            role=row.role,
            action=row.action if row.action in ACTIONS else "other",
            person_id=row.person if row.person in references else None,
            reference=references.get(row.person, ""),
            file=str(row.person)[:8] if row.person else "",
            found=found if isinstance(found := row.detail.get("found"), int) and found is not True else None,
        )
        for row in rows
    ]
