"""What an officer sees of lists: all of them, and one at whatever point it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl

from safar.casework.access import Acting
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
from safar.casework.intake.files import CELLS
from safar.casework.intake.outcomes import DOUBTFUL, OUTCOMES
from safar.casework.intake.results import PROBLEMS, Problem, problems_of
from safar.casework.intake.vocabulary import fields
from safar.casework.readings import note_reading
from safar.records.models import Intake, IntakeFile, Place

LISTS = 50


@dataclass(frozen=True)
class Line:
    """A list among others."""

    intake_id: UUID
    name: str
    state: str
    rows: int
    done_rows: int
    brought_by: str
    brought_at: datetime
    told: tuple["Count", ...]
    waiting: int  # rows that somebody must decide

    @property
    def state_key(self) -> str:
        """The key of the word for its state."""
        return f"intake.state.{self.state}"


@dataclass(frozen=True)
class Choice:
    """A column with the field it is read as."""

    column: Column
    field: str


@dataclass(frozen=True)
class FieldName:
    """A field that a column may be read as."""

    name: str

    @property
    def key(self) -> str:
        """The key of its word."""
        return f"intake.field.{self.name}"


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
    fields: tuple["FieldName", ...]
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
    def under_way_key(self) -> str:
        """The key of the sentence that says what the worker does."""
        return f"intake.under_way.{self.line.state}"

    @property
    def trouble_key(self) -> str:
        """The key of the sentence that says what made it fail."""
        return f"refused.{self.trouble}"


def lists_page(acting: Acting) -> tuple[Line, ...]:
    """The lists, the latest first."""
    found = list(lists_of(acting).select_related("uploaded_by").order_by("-uploaded_at")[:LISTS])
    return tuple(line_of(intake) for intake in found)


def list_page(acting: Acting, intake_id: UUID, *, now: datetime) -> ListPage:
    """One list. Its cells are only shown while they are kept."""
    intake = find_list(acting, intake_id)
    kept = IntakeFile.objects.filter(intake=intake, kind=CELLS).exists()
    cells = cells_of(intake) if kept and intake.state not in (CHECKING, RUNNING) else None
    problems = problems_of(intake, cells) if cells is not None else ()
    if cells is not None:
        note_reading(acting, "list", now=now, detail={"of": "intake", "shown": min(len(problems), PROBLEMS)})
    begun = bool(intake.done_rows)
    return ListPage(
        line=line_of(intake),
        notes=tuple({**note, "key": f"intake.note.{note['code']}"} for note in intake.notes),
        choices=_choices(intake, cells) if cells is not None else (),
        fields=tuple(FieldName(name) for name in fields() if name != "ignore"),
        usual={name.removeprefix("@"): intake.mapping.get(name, "") for name in EVERYBODY},
        homes=_homes(acting),
        list_of=intake.list_of,
        counts=_told(intake),
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


def line_of(intake: Intake) -> Line:
    """A list as it stands among others."""
    return Line(
        intake_id=intake.pk,
        name=intake.name,
        state=intake.state,
        rows=intake.rows,
        done_rows=intake.done_rows,
        told=_told(intake),
        brought_by=intake.uploaded_by.name if intake.uploaded_by else "",
        brought_at=intake.uploaded_at,
        waiting=intake.counts.get(DOUBTFUL, 0) if intake.state in (DONE, STOPPED) else 0,
    )


def _told(intake: Intake) -> tuple[Count, ...]:
    return tuple(Count(name, intake.counts[name]) for name in OUTCOMES if intake.counts.get(name))


def _choices(intake: Intake, cells: pl.DataFrame) -> tuple[Choice, ...]:
    by_head = {head: name for name, head in intake.mapping.items() if name not in EVERYBODY}
    return tuple(Choice(column, by_head.get(column.head, "")) for column in columns_of(intake.columns, cells))


def _homes(acting: Acting) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Places a whole list may come from: the jamoats of an officer's places, and the villages where these are few."""
    inside = Place.objects.filter(path__startswith=acting.place_path, merged_into=None).exclude(names={})
    levels = ["unit", "community"] if acting.place_path.count(".") >= 3 else ["unit"]
    return tuple(inside.filter(level__in=levels).order_by("path").values_list("pk", "names")[:500])
