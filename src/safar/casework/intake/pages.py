"""What an officer sees of lists: all of them; one, at whatever point it is; the rows that somebody must decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl

from safar.casework.access import Acting, people_of
from safar.casework.intake.bringing import (
    CHECKED,
    CHECKING,
    DONE,
    EVERYBODY,
    FAILED,
    READ,
    RUNNING,
    STOPPED,
    cells_of,
    find_list,
    lists_of,
)
from safar.casework.intake.columns import Column, columns_of
from safar.casework.intake.deciding import rows_of
from safar.casework.intake.files import CELLS, CHECK, kept_table
from safar.casework.intake.outcomes import DOUBTFUL, OUTCOMES
from safar.casework.intake.rows import ADDRESS, NAMES, NOTES
from safar.casework.intake.vocabulary import fields
from safar.casework.readings import note_reading
from safar.linkage import Agreement, Name, describe_names
from safar.records.models import Intake, IntakeFile, IntakeRow, Person, PersonName, Phone, Place

LISTS, PROBLEMS, DECIDED_AT_ONCE = 50, 100, 10
MEND, DECIDE, READ_AS = "mend", "decide", "note"


@dataclass(frozen=True)
class Line:
    """A list among others."""

    intake_id: UUID
    name: str
    state: str
    rows: int
    done_rows: int
    counts: Mapping[str, int]
    brought_by: str
    brought_at: datetime
    waiting: int  # rows that somebody must decide

    @property
    def state_key(self) -> str:
        """The key of the word for its state."""
        return f"intake.state.{self.state}"


@dataclass(frozen=True)
class Problem:
    """What is the matter with a cell: its row, the head of its column, what stands in it."""

    row: int
    head: str
    cell: str
    code: str
    weight: str  # mend, decide, note

    @property
    def key(self) -> str:
        """The key of the sentence that says it."""
        return f"intake.problem.{self.code}"


@dataclass(frozen=True)
class Choice:
    """A column with the field it is read as."""

    column: Column
    field: str


@dataclass(frozen=True)
class Count:
    """How many rows of one outcome."""

    outcome: str
    rows: int

    @property
    def key(self) -> str:
        """The key of the word for it."""
        return f"intake.outcome.{self.outcome}"


@dataclass(frozen=True)
class ListPage:
    """One list, at whatever point it is."""

    line: Line
    notes: tuple[Mapping[str, Any], ...]
    choices: tuple[Choice, ...]
    fields: tuple[str, ...]
    usual: Mapping[str, str]  # what is so of everybody: home, citizenship, destination
    homes: tuple[tuple[str, Mapping[str, str]], ...]
    list_of: date | None
    counts: tuple[Count, ...]
    problems: tuple[Problem, ...]
    more_problems: bool
    trouble: str
    kept: bool  # the cells are still there
    may_map: bool
    may_run: bool
    may_stop: bool
    may_forget: bool
    under_way: bool

    @property
    def trouble_key(self) -> str:
        """The key of the sentence that says what made it fail."""
        return f"refused.{self.trouble}"


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a row may mean, with the reasons field by field."""

    person_id: UUID
    reference: str
    names: tuple[Name, ...]
    birth_date: date | None
    birth_precision: str
    home: Mapping[str, str]
    phones: tuple[str, ...]
    agreements: tuple[Agreement, ...]


@dataclass(frozen=True)
class Undecided:
    """A row that waits: its cells as they came, who it may be, where it may be from."""

    row: int
    cells: tuple[tuple[str, str], ...]
    like: tuple[Candidate, ...]
    homes: tuple[tuple[str, Mapping[str, str]], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class DecidePage:
    """The next rows to decide."""

    line: Line
    rows: tuple[Undecided, ...]


def lists_page(acting: Acting) -> tuple[Line, ...]:
    """The lists, the latest first."""
    found = list(lists_of(acting).select_related("uploaded_by").order_by("-uploaded_at")[:LISTS])
    return tuple(_line(intake) for intake in found)


def list_page(acting: Acting, intake_id: UUID, *, now: datetime) -> ListPage:
    """One list. Its cells are only shown while they are kept."""
    intake = find_list(acting, intake_id)
    kept = IntakeFile.objects.filter(intake=intake, kind=CELLS).exists()
    cells = cells_of(intake) if kept and intake.state not in (CHECKING, RUNNING) else None
    problems = _problems(intake, cells) if cells is not None else ()
    if cells is not None:
        note_reading(acting, "list", now=now, detail={"of": "intake", "shown": min(len(problems), PROBLEMS)})
    begun = bool(intake.done_rows)
    return ListPage(
        line=_line(intake),
        notes=tuple(intake.notes),
        choices=_choices(intake, cells) if cells is not None else (),
        fields=tuple(name for name in fields() if name != "ignore"),
        usual={name.removeprefix("@"): intake.mapping.get(name, "") for name in EVERYBODY},
        homes=_homes(acting),
        list_of=intake.list_of,
        counts=tuple(Count(name, intake.counts[name]) for name in OUTCOMES if intake.counts.get(name)),
        problems=problems[:PROBLEMS],
        more_problems=len(problems) > PROBLEMS,
        trouble=intake.trouble,
        kept=kept,
        may_map=kept and not begun and intake.state in (READ, CHECKED, FAILED),
        may_run=kept and acting.may("register_person") and intake.state in (CHECKED, STOPPED, FAILED)
        and bool(intake.counts or begun),
        may_stop=intake.state in (CHECKING, RUNNING),
        may_forget=kept and intake.state not in (CHECKING, RUNNING),
        under_way=intake.state in (CHECKING, RUNNING),
    )  # fmt: skip


def decide_page(acting: Acting, intake_id: UUID, *, on: date, now: datetime) -> DecidePage:
    """The next rows that somebody must decide, beside the people they may mean."""
    intake = find_list(acting, intake_id)
    waiting = IntakeRow.objects.filter(intake=intake, outcome=DOUBTFUL, decided="").order_by("row")
    rows = list(waiting[:DECIDED_AT_ONCE])
    cells = (
        cells_of(intake).filter(pl.col("row").is_in([row.row for row in rows])) if rows else pl.DataFrame()
    )
    read = (
        {row.number: row for row in rows_of(acting, intake, [row.row for row in rows], on=on)} if rows else {}
    )
    people = _candidates(acting, {person for row in rows for person in row.like})
    places = dict(
        Place.objects.filter(pk__in={p for row in read.values() for p in row.home.like}).values_list(
            "pk", "names"
        )
    )
    note_reading(acting, "list", now=now, detail={"of": "intake_doubtful", "shown": len(rows)})
    told = []
    for row in rows:
        meant = read[row.row]
        told.append(
            Undecided(
                row=row.row,
                cells=_shown_cells(intake, cells, row.row),
                like=tuple(_against(meant.name, people[one]) for one in row.like if one in people),
                homes=tuple((place, places[place]) for place in meant.home.like if place in places),
                problems=tuple(_problem(intake, cells, row.row, code) for code in row.errors),
            )
        )
    return DecidePage(_line(intake), tuple(told))


def outcomes_of(intake: Intake) -> pl.DataFrame:
    """What became of each row, or would: row, outcome, errors; of rows not yet reached what the trial said."""
    done = pl.DataFrame(
        list(IntakeRow.objects.filter(intake=intake).values_list("row", "outcome", "errors")),
        schema={"row": pl.Int32, "outcome": pl.String, "errors": pl.List(pl.String)}, orient="row",
    )  # fmt: skip
    if not IntakeFile.objects.filter(intake=intake, kind=CHECK).exists():
        return done.sort("row")
    tried = kept_table(intake, CHECK).select("row", "outcome", "errors")
    return pl.concat([done, tried.join(done, on="row", how="anti")]).sort("row")


def heads_of(intake: Intake, name: str) -> tuple[str, ...]:
    """The heads of the columns in which a field, or the name or home as a whole, is told."""
    parts = {"name": NAMES, "home": ADDRESS}.get(name, (name,))
    return tuple(intake.mapping[part] for part in parts if part in intake.mapping)


def weight_of(outcome: str, code: str) -> str:
    """How a problem is to be taken: mended before the row goes in, decided, or known."""
    if outcome == DOUBTFUL and code not in NOTES:
        return DECIDE
    return READ_AS if code in NOTES else MEND


def _line(intake: Intake) -> Line:
    return Line(
        intake_id=intake.pk,
        name=intake.name,
        state=intake.state,
        rows=intake.rows,
        done_rows=intake.done_rows,
        counts=intake.counts,
        brought_by=intake.uploaded_by.name if intake.uploaded_by else "",
        brought_at=intake.uploaded_at,
        waiting=intake.counts.get(DOUBTFUL, 0) if intake.state in (DONE, STOPPED) else 0,
    )


def _choices(intake: Intake, cells: pl.DataFrame) -> tuple[Choice, ...]:
    by_head = {head: name for name, head in intake.mapping.items() if name not in EVERYBODY}
    return tuple(Choice(column, by_head.get(column.head, "")) for column in columns_of(intake.columns, cells))


def _homes(acting: Acting) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Places a whole list may come from: the jamoats of an officer's places, and the villages where these are few."""
    inside = Place.objects.filter(path__startswith=acting.place_path, merged_into=None).exclude(names={})
    levels = ["unit", "community"] if acting.place_path.count(".") >= 3 else ["unit"]
    return tuple(inside.filter(level__in=levels).order_by("path").values_list("pk", "names")[:500])


def _problems(intake: Intake, cells: pl.DataFrame) -> tuple[Problem, ...]:
    outcomes = outcomes_of(intake).filter(pl.col("errors").list.len() > 0).head(4 * PROBLEMS)
    told = [
        _problem(intake, cells, row, error, outcome)
        for row, outcome, errors in outcomes.iter_rows()
        for error in errors
    ]
    order = {MEND: 0, DECIDE: 1, READ_AS: 2}
    return tuple(sorted(told, key=lambda one: (order[one.weight], one.row)))[: PROBLEMS + 1]


def _problem(intake: Intake, cells: pl.DataFrame, row: int, error: str, outcome: str = DOUBTFUL) -> Problem:
    name, _, code = error.partition(":")
    heads = heads_of(intake, name)
    at = [intake.columns.index(head) for head in heads if head in intake.columns]
    found = cells.filter(pl.col("row") == row)
    shown = [found[f"c{place}"][0] for place in at] if found.height else []
    return Problem(
        row, ", ".join(heads), " · ".join(text for text in shown if text), code, weight_of(outcome, code)
    )


def _shown_cells(intake: Intake, cells: pl.DataFrame, row: int) -> tuple[tuple[str, str], ...]:
    found = cells.filter(pl.col("row") == row)
    if not found.height:
        return ()
    told = ((head, found[f"c{at}"][0]) for at, head in enumerate(intake.columns))
    return tuple((head, text) for head, text in told if text)


def _candidates(
    acting: Acting, ids: set[UUID]
) -> dict[UUID, tuple[Person, tuple[Name, ...], tuple[str, ...]]]:
    names: dict[UUID, list[Name]] = {}
    for name in PersonName.objects.filter(person__in=ids).order_by("-shown", "id"):
        names.setdefault(name.person_id, []).append(Name(name.surname, name.given_name, name.patronymic))
    phones: dict[UUID, list[str]] = {}
    for phone in Phone.objects.filter(person__in=ids):
        phones.setdefault(phone.person_id, []).append(phone.number)
    people = people_of(acting).filter(pk__in=ids).select_related("home")
    return {one.pk: (one, tuple(names.get(one.pk, ())), tuple(phones.get(one.pk, ()))) for one in people}


def _against(typed: Name, known: tuple[Person, Sequence[Name], Sequence[str]]) -> Candidate:
    person, names, phones = known
    told = [describe_names(typed, name) for name in names]
    best = max(told, key=lambda agreed: sum(each.level for each in agreed), default=())
    return Candidate(
        person_id=person.pk,
        reference=person.reference,
        names=tuple(names),
        birth_date=person.birth_date,
        birth_precision=person.birth_precision,
        home=person.home.names if person.home else {},
        phones=tuple(phones),
        agreements=best,
    )
