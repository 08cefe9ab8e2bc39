"""Checking people against lists: asked by an officer, answered by linkage, kept with what the answer rests on.

An answer is never "clear": whoever is not found is not found in this list of that day. What is found becomes a fact
only when an officer, having looked, says that it is the same person.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import Q

from safar.casework.access import END, Acting, find_person, people_of
from safar.casework.errors import ChangedMeanwhileError, NotPossibleError, NotThereError
from safar.casework.facts import birth_text, circle_of
from safar.casework.person.telling import Saying, hold_file, settle, write_statement
from safar.casework.readings import note_reading
from safar.casework.seal import keyed_hash, seal, unseal
from safar.casework.watch_lists import COLUMNS, entries_of, find_list, lists_of
from safar.linkage.check import check_list, check_people
from safar.linkage.match import FIELDS, match_people
from safar.records.models import Check, PersonName, WatchList

MOST = 25_000  # people in one go; a larger register is checked place by place
SHOWN = 5  # entries that are kept of one answer, the likeliest
BACKGROUND = (
    2_000  # entries that stand for people when few are asked about, so that names are as frequent as they are
)
BATCH = 2_000
FOUND = ("certain", "possible")
FACTS = {"controlled": "on_controlled_register", "entry_ban": "banned_until"}
SAME, DIFFERENT, AGAIN = "same", "different", "again"
THREADS = 2


@dataclass(frozen=True)
class Found:
    """What a list says of a person: ``state`` certain, possible, none, unknown; ``entries`` the likeliest first.

    An entry has row, probability, and by field (surname, given_name, patronymic, dob) the level of agreement.
    """

    state: str
    entries: tuple[dict[str, Any], ...] = ()

    @property
    def probability(self) -> float | None:
        """Of the likeliest entry."""
        return self.entries[0]["probability"] if self.entries else None


@dataclass(frozen=True)
class Checked:
    """What came of checking many: people asked about, and how many in each state."""

    people: int
    certain: int
    possible: int
    unknown: int


@transaction.atomic
def check_person(acting: Acting, person_id: UUID, *, now: datetime) -> list[Check]:
    """Ask all lists of the register about one person; the answers, one a list."""
    person = find_person(acting, person_id, what="match")
    if person.merged_into_id is not None:
        person = find_person(acting, person.merged_into_id, what="match")
    lists = list(lists_of(acting).values_list("pk", flat=True))
    if not lists:
        raise NotPossibleError("no_lists")
    named = _named([person.pk], circle_of(person))
    checks = [_check(acting, find_list(acting, one), named, now=now)[0] for one in lists]
    note_reading(acting, "match", now=now, person_id=person.pk, detail={"lists": len(lists)})
    return checks


@transaction.atomic
def check_everybody(acting: Acting, list_id: int, *, place: str = "", now: datetime) -> Checked:
    """Ask one list about everybody in the officer's area, or in a place of it."""
    acting.require("match")
    watch_list = find_list(acting, list_id)
    if place and not place.startswith(acting.place_path):
        raise NotThereError("place_not_there")
    within = Q(home_path__gte=place, home_path__lt=place + END) if place else Q()
    people = list(people_of(acting).filter(within, merged_into=None).values_list("pk", flat=True)[: MOST + 1])
    if len(people) > MOST:
        raise NotPossibleError("too_many_to_check", most=MOST)
    if not people:
        raise NotPossibleError("nobody_to_check")
    checks = _check(acting, watch_list, _named(people, people), now=now)
    states = [check.result for check in checks]
    told = Checked(len(people), *(states.count(state) for state in (*FOUND, "unknown")))
    detail = {"list": watch_list.kind, "people": told.people, "found": told.certain + told.possible}
    note_reading(acting, "match", now=now, detail=detail)
    return told


@transaction.atomic
def decide_check(
    acting: Acting, check_id: int, decision: str, *, entry: int = 0, on: date, now: datetime
) -> bool:
    """Say whether a person and an entry are one; whether a fact came of it.

    A ban becomes a fact only with a day until which it lasts. Whoever is not the same stays so for this entry.
    """
    check = find_check(acting, check_id)
    person = hold_file(acting, check.person_id, what="state_fact")
    if check.decided:
        raise ChangedMeanwhileError("check_decided")
    if decision not in (SAME, DIFFERENT) or check.result not in FOUND:
        raise NotPossibleError("no_decision")
    if decision == SAME:
        fact = _fact(check, entry)
        if fact:
            said = Saying(said_by="list", said_on=check.list_of, evidence=_evidence(check, entry))
            check.statement = write_statement(acting, person, fact, saying=said, now=now)
            settle(acting, person, on=on, now=now)
    check.decided, check.decided_at, check.decided_by_id = decision, now, acting.officer_id
    check.save(update_fields=["decided", "decided_at", "decided_by", "statement"])
    return check.statement_id is not None


def find_check(acting: Acting, check_id: int) -> Check:
    """An answer about somebody in scope."""
    acting.require("match")
    found = Check.objects.filter(pk=check_id, person__in=people_of(acting))
    check = found.select_related("person", "asked_by", "decided_by").first()
    if check is None:
        raise NotThereError("check_not_there")
    return check


def entries_found(check: Check) -> list[dict[str, str | None]]:
    """The entries that an answer rests on, as the list had them, in the order of ``check.reasons``."""
    return json.loads(unseal(bytes(check.entry_sealed))) if check.entry_sealed else []


def _fact(check: Check, entry: int) -> dict[str, Any]:
    told = entries_found(check)
    if not 0 <= entry < len(told):
        raise NotPossibleError("no_decision")
    if check.kind == "controlled":
        return {FACTS["controlled"]: True}
    until = told[entry].get("banned_until")
    return {FACTS["entry_ban"]: until} if until else {}


def _evidence(check: Check, entry: int) -> str:
    return f"{check.list_name}, {check.list_of.isoformat()}, {check.reasons[entry]['row']}"


def _named(people: Sequence[UUID], circle: Sequence[UUID]) -> pl.DataFrame:
    """All names of people, each a record: name_id, person_id, surname, given_name, patronymic, dob, sex.

    Of one person ``circle`` are the files joined into it; of many each stands for itself.
    """
    whose = people[0] if len(people) == 1 else None
    facts = ("person__birth_date", "person__birth_precision", "person__sex")
    rows = PersonName.objects.filter(person__in=circle).values_list(
        "pk", "person_id", "surname", "given_name", "patronymic", *facts
    )
    columns = ("name_id", "person_id", "surname", "given_name", "patronymic", "dob", "sex")
    records = [
        (
            str(name_id),
            str(whose or person_id),
            *name,
            _born(born, precision),
            {"male": "M", "female": "F"}.get(sex),
        )
        for name_id, person_id, *name, born, precision, sex in rows
    ]
    return pl.DataFrame(records, schema=dict.fromkeys(columns, pl.String), orient="row")


def _born(born: date | None, precision: str) -> str | None:
    return birth_text(born, precision) if born and precision != "unknown" else None


def _check(acting: Acting, watch_list: WatchList, named: pl.DataFrame, *, now: datetime) -> list[Check]:
    """Ask a list about people and write the answers down, in the order of the people."""
    entries = entries_of(watch_list)
    found = compare(named, entries)
    kept = _picked(entries, {entry["row"] for one in found.values() for entry in one.entries})
    checks = [
        _answer(acting, watch_list, UUID(person), one, [kept[entry["row"]] for entry in one.entries], now)
        for person, one in found.items()
    ]
    _settle_earlier(checks, now=now)
    return Check.objects.bulk_create(checks, batch_size=BATCH)


def compare(named: pl.DataFrame, entries: pl.DataFrame) -> dict[str, Found]:
    """What a list says of each person, by person_id. A person is asked about under every name they have had."""
    asked = check_people(named.drop("person_id").rename({"name_id": "record_id"}), "people")
    listed = check_list(entries, "list")
    answer = match_people(_among_others(asked, listed), listed, everybody=True, threads=THREADS)
    whose = dict(named.select("name_id", "person_id").iter_rows())
    found: dict[str, dict[str, dict[str, Any]]] = {
        person: {} for person in named["person_id"].unique(maintain_order=True)
    }
    states: dict[str, set[str]] = {person: set() for person in found}
    for row in answer.iter_rows(named=True):
        person = whose.get(row["person_id"])
        if person is None:
            continue
        states[person].add(row["state"])
        if row["list_row"] is not None:
            levels = {field: row[field] for field in FIELDS.values()}
            entry = {
                "row": row["list_row"],
                "probability": round(row["probability"], 4),
                "state": row["state"],
                **levels,
            }
            before = found[person].get(row["list_row"])
            if before is None or _rank(entry) < _rank(before):
                found[person][row["list_row"]] = entry
    return {person: _found(states[person], found[person].values()) for person in found}


def _found(states: Iterable[str], entries: Iterable[dict[str, Any]]) -> Found:
    """Certain before possible before none; unknown only where no name of the person could be compared."""
    worst = next((state for state in (*FOUND, "none", "unknown") if state in set(states)), "unknown")
    return Found(worst, tuple(sorted(entries, key=_rank)[:SHOWN]))


def _rank(entry: Mapping[str, Any]) -> tuple[int, float]:
    return FOUND.index(entry["state"]), -entry["probability"]


def _among_others(asked: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Few people among entries of the list itself: how rare a name is can only be told among many."""
    if asked.height >= BACKGROUND or listed.height == 0:
        return asked
    step = max(1, listed.height // BACKGROUND)
    others = listed.gather_every(step).with_columns(record_id=pl.lit("~") + pl.col("record_id"))
    return pl.concat([asked, others])


def _picked(entries: pl.DataFrame, rows: set[str]) -> dict[str, dict[str, str | None]]:
    chosen = entries.filter(pl.col("row_id").is_in(list(rows)))
    return {row["row_id"]: {name: row[name] for name in COLUMNS} for row in chosen.iter_rows(named=True)}


def _answer(
    acting: Acting,
    watch_list: WatchList,
    person: UUID,
    found: Found,
    entries: Sequence[Mapping[str, Any]],
    now: datetime,
) -> Check:
    reasons = [{**reason, "key": _key(entry)} for reason, entry in zip(found.entries, entries, strict=True)]
    return Check(
        person_id=person, watch_list=watch_list, kind=watch_list.kind, list_name=watch_list.source,
        list_of=watch_list.list_of, result=found.state, probability=found.probability, reasons=reasons,
        entry_sealed=seal(json.dumps(entries, ensure_ascii=False)) if entries else None,
        asked_at=now, asked_by_id=acting.officer_id,
    )  # fmt: skip


def _key(entry: Mapping[str, Any]) -> str:
    """The same for the same entry in a later list, whatever its row; nothing can be read from it."""
    told = "|".join(str(entry[name] or "") for name in COLUMNS if name != "row_id")
    return keyed_hash(told, "entry").hex()[:24]


def _settle_earlier(checks: Sequence[Check], *, now: datetime) -> None:
    """An answer takes the place of the open one before it; and who was told apart from an entry stays so."""
    if not checks:
        return
    one = checks[0]
    earlier = Check.objects.filter(
        person__in=[check.person_id for check in checks],
        kind=one.kind,
        list_name=one.list_name,
        result__in=FOUND,
    )
    apart: dict[UUID, dict[str, tuple[datetime | None, int | None]]] = {}
    for told in earlier.filter(decided=DIFFERENT).values("person_id", "reasons", "decided_at", "decided_by"):
        for reason in told["reasons"]:
            apart.setdefault(told["person_id"], {})[reason.get("key", "")] = (
                told["decided_at"],
                told["decided_by"],
            )
    for check in checks:
        known = apart.get(check.person_id, {})
        keys = [reason["key"] for reason in check.reasons]
        if keys and all(key in known for key in keys):
            check.decided = DIFFERENT
            check.decided_at, check.decided_by_id = known[keys[0]]
    earlier.filter(decided="").update(decided=AGAIN, decided_at=now)
