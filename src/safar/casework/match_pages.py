"""The pages of list checks: the lists there are, whose answers wait for a decision, one answer beside the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from safar.atlas import Place
from safar.casework.access import Acting, people_of
from safar.casework.boundaries import atlas
from safar.casework.facts import birth_text, circle_of
from safar.casework.matching import AGAIN, FOUND, entries_found, find_check
from safar.casework.person.told import birth_in_words
from safar.casework.readings import note_reading
from safar.casework.today import names_of
from safar.casework.watch_lists import lists_of
from safar.linkage.match import FIELDS
from safar.records.models import LIST_KINDS, Check, PersonName
from safar.words import say
from safar.words.writing import write_probability

SHOWN = 40  # open answers
LIKELY = 0.2  # from this probability on an answer waits; what is less likely is shown when asked for, and never as none
TONES = {"certain": "danger", "possible": "soon", "none": "plain", "unknown": "unknown"}
# How a level of agreement looks: what speaks for it, against it, or is not known.
AGREE = frozenset({"same", "optional_ending", "slip", "swapped", "initial", "sound", "day_and_month_swapped",
                   "one_digit", "same_new_year", "same_year_one_new_year"})  # fmt: skip
AGAINST = frozenset({"different", "different_woman", "near_year"})


@dataclass(frozen=True)
class ListTold:
    """A list of the register."""

    list_id: int
    kind: str
    source: str
    list_of: date
    rows: int
    loaded_at: datetime
    loaded_by: str


@dataclass(frozen=True)
class Answer:
    """An answer of a list about a person; ``decided``: same, different, again, or empty while it waits."""

    check_id: int
    person_id: UUID
    names: Mapping[str, str]
    reference: str
    kind: str
    source: str
    list_of: date
    result: str
    tone: str
    share: str
    asked_at: datetime
    asked_by: str
    decided: str
    decided_by: str
    decided_at: datetime | None

    @property
    def said_key(self) -> str:
        """The key of the sentence that says it; never that somebody is clear."""
        return f"match.said.{self.result}"


@dataclass(frozen=True)
class MatchPage:
    """The page. ``unlikely``: open answers that are not shown; ``areas``: districts to be checked alone, by path."""

    lists: tuple[ListTold, ...]
    waiting: tuple[Answer, ...]
    more: bool
    unlikely: int
    areas: tuple[tuple[str, Mapping[str, str]], ...]
    kinds: tuple[str, ...]
    may_load: bool
    may_decide: bool


@dataclass(frozen=True)
class Compared:
    """One field of an entry beside the person's: both as written, the level in words, its tone."""

    field: str
    ours: tuple[str, ...]
    theirs: str
    level: str
    tone: str


@dataclass(frozen=True)
class Entry:
    """An entry of the list that may be the person."""

    at: int
    row: str
    share: str
    state: str
    tone: str
    fields: tuple[Compared, ...]
    citizenship: str
    banned_until: date | None


@dataclass(frozen=True)
class CheckPage:
    """One answer beside the person."""

    answer: Answer
    entries: tuple[Entry, ...]
    may_decide: bool


def match_page(acting: Acting, *, now: datetime, language: str, unlikely: bool = False) -> MatchPage:
    """Lists, and the answers that wait for a decision, the likeliest first; with ``unlikely`` all of them."""
    acting.require("match")
    waiting = Check.objects.filter(result__in=FOUND, decided="", person__in=people_of(acting))
    shown = waiting if unlikely else waiting.filter(Q(result="certain") | Q(probability__gte=LIKELY))
    rows = list(
        shown.select_related("person", "asked_by", "decided_by").order_by("-probability", "-asked_at")[
            : SHOWN + 1
        ]
    )
    note_reading(acting, "list", now=now, detail={"of": "match", "shown": min(len(rows), SHOWN)})
    return MatchPage(
        lists=tuple(
            ListTold(
                one.pk,
                one.kind,
                one.source,
                one.list_of,
                one.rows,
                one.loaded_at,
                one.loaded_by.name if one.loaded_by else "",
            )
            for one in lists_of(acting)
        ),
        waiting=tuple(_answers(rows[:SHOWN], language)),
        more=len(rows) > SHOWN,
        unlikely=0 if unlikely else waiting.filter(result="possible", probability__lt=LIKELY).count(),
        areas=tuple((one.path, one.names) for one in _areas(acting)),
        kinds=LIST_KINDS,
        may_load=acting.may("load_lists"),
        may_decide=acting.may("state_fact"),
    )


def check_page(acting: Acting, check_id: int, *, now: datetime, language: str) -> CheckPage:
    """One answer; that the person was looked at is noted."""
    check = find_check(acting, check_id)
    note_reading(acting, "open_person", now=now, person_id=check.person_id, detail={"of": "match"})
    (answer,) = _answers([check], language)
    told = entries_found(check)
    ours = _ours(check, language)
    entries = (
        _entry(at, reason, entry, ours, language)
        for at, (reason, entry) in enumerate(zip(check.reasons, told, strict=True))
    )
    return CheckPage(
        answer, tuple(entries), acting.may("state_fact") and not check.decided and check.result in FOUND
    )


def checks_of(acting: Acting, person_id: UUID, *, language: str) -> tuple[Answer, ...]:
    """What lists said of a person, the latest first; for the person's own page."""
    acting.require("match")
    person = people_of(acting).filter(pk=person_id).first()
    if person is None:
        return ()
    rows = Check.objects.filter(person__in=circle_of(person)).exclude(decided=AGAIN)
    return tuple(
        _answers(
            list(rows.select_related("person", "asked_by", "decided_by").order_by("-asked_at")[:10]), language
        )
    )


def _answers(rows: Sequence[Check], language: str) -> list[Answer]:
    names = names_of([row.person_id for row in rows])
    return [
        Answer(
            check_id=row.pk,
            person_id=row.person_id,
            names=names.get(row.person_id, {}),
            reference=row.person.reference,
            kind=row.kind,
            source=row.list_name,
            list_of=row.list_of,
            result=row.result,
            tone=TONES.get(row.result, "unknown"),
            share="" if row.probability is None else write_probability(language, row.probability),
            asked_at=row.asked_at,
            asked_by=row.asked_by.name if row.asked_by else "",
            decided=row.decided,
            decided_by=row.decided_by.name if row.decided_by else "",
            decided_at=row.decided_at,
        )
        for row in rows
    ]


def _areas(acting: Acting) -> list[Place]:
    return [
        one
        for one in atlas().of_level("district")
        if one.path.startswith(acting.place_path or f"{acting.country}.")
    ]


def _ours(check: Check, language: str) -> dict[str, tuple[str, ...]]:
    """Every way in which the person's own file writes each field."""
    person = check.person
    names = PersonName.objects.filter(person__in=circle_of(person)).order_by("-shown", "-id")
    found = {
        field: tuple(dict.fromkeys(text for name in names if (text := getattr(name, field))))
        for field in ("surname", "given_name", "patronymic")
    }
    born = (
        (birth_in_words(birth_text(person.birth_date, person.birth_precision), language),)
        if person.birth_date and person.birth_precision != "unknown"
        else ()
    )
    return {**found, "dob": born}


def _entry(
    at: int,
    reason: Mapping[str, Any],
    entry: Mapping[str, str | None],
    ours: Mapping[str, tuple[str, ...]],
    language: str,
) -> Entry:
    until = entry.get("banned_until")
    return Entry(
        at=at,
        row=str(reason["row"]),
        share=write_probability(language, reason["probability"]),
        state=reason["state"],
        tone=TONES.get(reason["state"], "unknown"),
        fields=tuple(
            _compared(field, reason.get(field) or "unknown", entry, ours, language)
            for field in FIELDS.values()
        ),
        citizenship=entry.get("citizenship") or "",
        banned_until=date.fromisoformat(until) if until else None,
    )


def _compared(
    field: str,
    level: str,
    entry: Mapping[str, str | None],
    ours: Mapping[str, tuple[str, ...]],
    language: str,
) -> Compared:
    theirs = entry.get(field) or ""
    if level == "unknown" and theirs and theirs in ours[field]:
        level = "same"  # written alike, whatever could be made of it
    tone = (
        "good"
        if level in AGREE
        else "danger"
        if level in AGAINST
        else "unknown"
        if level == "unknown"
        else "soon"
    )
    return Compared(
        field=field,
        ours=ours[field],
        theirs=birth_in_words(theirs, language) if field == "dob" and theirs else theirs,
        level=say(language, f"match.level.{level}"),
        tone=tone,
    )
