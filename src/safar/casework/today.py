"""The officer's first page: whom to help today, in the order of harm and day, with the reason in one line."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count as Counted
from django.db.models import Q, QuerySet, Sum

from safar.casework.access import END, Acting, in_scope, needs_of, people_of, roles
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.facts import law_in
from safar.casework.needs import triage
from safar.casework.readings import note_reading
from safar.flow.need import Need as Ranked
from safar.flow.sentences import Sentences, read_sentences, reason
from safar.records.models import Change, Grant, Need, Officer, Person, PersonName, Place, Tally

PAGE = 40
WEEKS = {"past": -1, "week": 0, "month": 1, "later": 4}  # Tally.week by the word of a filter
HARSH, GRAVE = 24_000, 10_000  # harm from which a line is red, and amber


@dataclass(frozen=True)
class Filters:
    """What the officer wants to see; empty is everything in scope. ``mine``: mine, nobody."""

    place: str = ""
    danger: str = ""
    corridor: str = ""
    near: str = ""
    mine: str = ""

    def told(self) -> dict[str, str]:
        """The filters that are set, as an address carries them."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Line:
    """One person on the list."""

    person_id: UUID
    names: Mapping[str, str]  # by script
    reference: str
    place: Mapping[str, str]  # by language
    corridor: str
    region: str
    danger: str
    reason: str
    act_by: date | None
    days_left: int | None
    tone: str
    others: int
    assigned_to: str
    since: date


@dataclass(frozen=True)
class Count:
    """A number of people under a heading that can be chosen as a filter."""

    value: int
    key: str
    label: str
    tone: str = "accent"

    @property
    def near(self) -> str:
        """The key of the word for a nearness."""
        return f"today.nearness.{self.key}"


@dataclass(frozen=True)
class Different:
    """What became different since last night, for how many; ``people``: the gravest of them."""

    change: str
    people: int

    @property
    def key(self) -> str:
        """The key of its sentence."""
        return f"today.change.{self.change}"


@dataclass(frozen=True)
class TodayPage:
    """The page. ``following`` is the mark from which the next lines are asked; empty at the end."""

    filters: Filters
    lines: tuple[Line, ...]
    following: str
    people: int
    by_danger: tuple[Count, ...]
    by_nearness: tuple[Count, ...]
    corridors: tuple[Count, ...]
    places: tuple[tuple[str, Mapping[str, str]], ...]
    changes: tuple[Different, ...]
    changed_on: date | None
    reckoned_on: date | None
    officers: tuple[tuple[int, str], ...]
    may_assign: bool
    may_print: bool
    may_export: bool

    @property
    def next_query(self) -> str:
        """The address of the lines that follow."""
        return urlencode({**self.filters.told(), "after": self.following})


def today_page(
    acting: Acting, filters: Filters, *, on: date, now: datetime, language: str, after: str = ""
) -> TodayPage:
    """The list with its counts. ``after`` is the ``following`` of the page before."""
    acting.require("see_today")
    needs = filtered_needs(acting, filters, on)
    rows = list(_from(needs, after).order_by("-priority", "person_id")[: PAGE + 1])
    counts = _counted(acting, filters)
    note_reading(
        acting, "list", now=now, detail={"of": "today", "shown": min(len(rows), PAGE), **filters.told()}
    )
    changed_on, changes = _changes(acting, filters, on)
    return TodayPage(
        filters=filters,
        lines=_lines(rows[:PAGE], acting, on=on, language=language),
        following=_mark(rows[PAGE - 1]) if len(rows) > PAGE else "",
        people=sum(count.value for count in counts["danger"]),
        by_danger=_dangers(counts["danger"], language),
        by_nearness=_nearness(counts["week"]),
        corridors=counts["corridor"],
        places=_places(acting, filters),
        changes=changes,
        changed_on=changed_on,
        reckoned_on=Tally.objects.filter(in_scope(acting)).values_list("reckoned_on", flat=True).first(),
        officers=colleagues(acting, on=on) if acting.may("assign") else (),
        may_assign=acting.may("assign"),
        may_print=acting.may("print"),
        may_export=acting.may("export"),
    )


def assign_people(
    acting: Acting, people: Sequence[UUID], officer_id: int | None, *, on: date, now: datetime
) -> int:
    """Put a colleague in charge of people, or nobody; the number of people. All of them or none."""
    acting.require("assign")
    if officer_id is not None and officer_id not in dict(colleagues(acting, on=on)):
        raise NotThereError("officer_not_there")
    chosen = people_of(acting).filter(id__in=people)
    if not people or chosen.count() != len(set(people)):
        raise NotThereError("person_not_there") if people else NotPossibleError("nobody_chosen")
    for person in chosen:
        person.assigned_to_id, person.changed_at = officer_id, now
        person.save(update_fields=["assigned_to", "changed_at"])
    Need.objects.filter(person__in=[person.pk for person in chosen]).update(assigned_to=officer_id)
    return len(set(people))


def colleagues(acting: Acting, *, on: date) -> tuple[tuple[int, str], ...]:
    """Officers who work in the same register today, by name: who can be put in charge."""
    of_register = Q(organisation_id=acting.register_id) | Q(organisation__register_id=acting.register_id)
    held = Q(starts_on__lte=on, revoked_at=None) & (Q(ends_on=None) | Q(ends_on__gt=on))
    grants = Grant.objects.filter(of_register, held, officer__is_active=True).select_related("officer")

    named = {grant.officer_id: grant.officer.name for grant in grants if roles()[grant.role].sees_people}
    return tuple(sorted(named.items(), key=lambda pair: pair[1]))


def ranked(need: Need, *, on: date) -> Ranked:
    """A row of the worklist as flow's need."""
    return Ranked(
        person_id=str(need.person_id),
        days_left=None if need.act_by is None else (need.act_by - on).days,
        currency=need.currency or None,
        because=need.because or None,
        **{
            name: getattr(need, name)
            for name in ("danger", "harm", "provision", "status", "act_by", "amount_low", "amount_high", "ban_months",
                         "priority", "first", "left_out")
        },
    )  # fmt: skip


@cache
def sentences_in(language: str) -> Sentences:
    """The sentences of triage in a language."""
    return read_sentences(language, law=law_in("en").law, triage=triage())


def names_of(people: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """The names of people as they are shown, one for each script; the one on lists first."""
    found: dict[UUID, dict[str, str]] = {}
    for row in PersonName.objects.filter(person__in=people).order_by("-shown", "-id"):
        text = " ".join(part for part in (row.surname, row.given_name, row.patronymic) if part)
        found.setdefault(row.person_id, {}).setdefault(row.script, text)
    return found


def tone_of(harm: int) -> str:
    """How a line looks: danger, soon, plain."""
    return "danger" if harm >= HARSH else "soon" if harm >= GRAVE else "plain"


def filtered_needs(acting: Acting, filters: Filters, on: date) -> QuerySet[Need]:
    """The lines of the worklist that the filters leave, within the officer's scope."""
    needs = needs_of(acting).filter(within_place(acting, filters), _near(filters, on))
    # Under one danger everybody who has it is shown, whatever else presses more.
    needs = needs.filter(danger=filters.danger) if filters.danger else needs.filter(first=True)
    if filters.corridor:
        needs = needs.filter(corridor=filters.corridor)
    if filters.mine:
        needs = needs.filter(assigned_to=acting.officer_id if filters.mine == "mine" else None)
    return needs


def _near(filters: Filters, on: date) -> Q:
    bounds: Mapping[str, Q] = {
        "past": Q(act_by__lt=on),
        "week": Q(act_by__gte=on, act_by__lt=on + timedelta(days=7)),
        "month": Q(act_by__gte=on + timedelta(days=7), act_by__lt=on + timedelta(days=28)),
        "later": Q(act_by__gte=on + timedelta(days=28)),
        "none": Q(act_by=None),
    }
    return bounds.get(filters.near, Q())


def within_place(acting: Acting, filters: Filters) -> Q:
    """The condition on ``home_path`` that a filter asks for; NotThereError beyond the officer's places."""
    if not filters.place:
        return Q()
    if not filters.place.startswith(acting.place_path):
        raise NotThereError("place_not_there")
    return Q(home_path__gte=filters.place, home_path__lt=filters.place + END)


def _mark(need: Need) -> str:
    return f"{need.priority}.{need.person_id}"


def _from(needs: QuerySet[Need], after: str) -> QuerySet[Need]:
    if not after:
        return needs
    priority, _, person = after.partition(".")
    try:
        mark, whose = int(priority), UUID(person)
    except ValueError:
        raise NotPossibleError("page_not_there") from None
    return needs.filter(Q(priority__lte=mark) & (Q(priority__lt=mark) | Q(person_id__gt=whose)))


def _lines(rows: Sequence[Need], acting: Acting, *, on: date, language: str) -> tuple[Line, ...]:
    ids = [row.person_id for row in rows]
    names, sentences = names_of(ids), sentences_in(language)
    people = {person.id: person for person in people_of(acting).filter(id__in=ids).select_related("home")}
    officers = dict(
        Officer.objects.filter(id__in={row.assigned_to_id for row in rows if row.assigned_to_id}).values_list(
            "id", "name"
        )
    )
    return tuple(
        _line(row, people[row.person_id], names.get(row.person_id, {}), officers, sentences, on)
        for row in rows
        if row.person_id in people
    )


def _line(
    need: Need,
    person: Person,
    names: Mapping[str, str],
    officers: Mapping[int, str],
    sentences: Sentences,
    on: date,
) -> Line:
    told = ranked(need, on=on)
    return Line(
        person_id=need.person_id,
        names=names,
        reference=person.reference,
        place=person.home.names if person.home else {},
        corridor=need.corridor,
        region=sentences.words.value("region", need.region) if need.region else "",
        danger=sentences.title(need.danger),
        reason=reason(told, sentences),
        act_by=need.act_by,
        days_left=told.days_left,
        tone=tone_of(need.harm),
        others=need.left_out,
        assigned_to=officers.get(need.assigned_to_id or 0, ""),
        since=need.since,
    )


def _counted(acting: Acting, filters: Filters) -> dict[str, tuple[Count, ...]]:
    """People by danger, nearness and corridor, from the tallies of the night."""
    within = within_place(acting, replace(filters, place=_district(filters.place)))
    tallies = Tally.objects.filter(in_scope(acting), within).exclude(danger="")
    found = {}
    for column in ("danger", "week", "corridor"):
        rows = tallies.values(column).annotate(people=Sum("people")).order_by("-people")
        found[column] = tuple(Count(row["people"], str(row[column]), str(row[column])) for row in rows)
    return found


def _district(path: str) -> str:
    """Tallies are kept by district: a path below one counts as its district."""
    return "".join(f"{step}." for step in path.split(".")[:3] if step)


def _dangers(counts: Sequence[Count], language: str) -> tuple[Count, ...]:
    sentences = sentences_in(language)
    harms = {danger.id: danger.harm * 1000 for danger in triage().dangers}
    told = [
        replace(count, label=sentences.title(count.key), tone=_chart_tone(harms[count.key]))
        for count in counts
        if count.key in harms
    ]
    return tuple(sorted(told, key=lambda count: -harms[count.key]))


def _chart_tone(harm: int) -> str:
    return {"plain": "soft"}.get(tone_of(harm), tone_of(harm))


def _nearness(counts: Sequence[Count]) -> tuple[Count, ...]:
    by_week: dict[str, int] = {count.key: count.value for count in counts}
    tones = {"past": "danger", "week": "soon", "month": "accent", "later": "soft", "none": "unknown"}
    weeks: dict[str, Any] = {**{word: str(week) for word, week in WEEKS.items()}, "none": "None"}
    return tuple(Count(by_week.get(week, 0), word, word, tones[word]) for word, week in weeks.items())


def _places(acting: Acting, filters: Filters) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """What lies one level below the place looked at, and the way back up to the officer's own."""
    here = filters.place or acting.place_path
    depth = here.count(".")
    if depth >= 5:
        return ()
    below = Place.objects.filter(path__gte=here, path__lt=here + END).order_by("path")
    level = ("country", "province", "district", "unit", "community")[depth]
    return tuple((place.path, place.names) for place in below.filter(level=level)[:200])


def _changes(acting: Acting, filters: Filters, on: date) -> tuple[date | None, tuple[Different, ...]]:
    scope = Change.objects.filter(in_scope(acting), within_place(acting, filters), on__lte=on)
    latest = scope.order_by("-on").values_list("on", flat=True).first()
    if latest is None:
        return None, ()
    counted = scope.filter(on=latest).values("change").annotate(people=Counted("id")).order_by("change")
    return latest, tuple(Different(row["change"], row["people"]) for row in counted)
