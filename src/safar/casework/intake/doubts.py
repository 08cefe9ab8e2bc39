"""Rows that somebody must decide, beside the people they may mean and the places they may be from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import polars as pl

from safar.casework.access import Acting, people_of
from safar.casework.intake.bringing import cells_of, find_list
from safar.casework.intake.deciding import rows_of
from safar.casework.intake.outcomes import DOUBTFUL
from safar.casework.intake.pages import Line, line_of
from safar.casework.intake.results import Problem, problem_of
from safar.casework.intake.sheets import letters
from safar.casework.readings import note_reading
from safar.linkage import Name, describe_names
from safar.records.models import Intake, IntakeRow, Person, PersonName, Phone, Place

AT_ONCE = 10


@dataclass(frozen=True)
class Reason:
    """How one field of two names agrees."""

    field: str
    reason: str

    @property
    def field_key(self) -> str:
        """The key of the word for the field."""
        return f"people.field.{self.field}"

    @property
    def key(self) -> str:
        """The key of the sentence that says how it agrees."""
        return f"people.agrees.{self.reason}"


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
    reasons: tuple[Reason, ...]

    @property
    def birth_year(self) -> str:
        """The year, where no more is known."""
        return str(self.birth_date.year) if self.birth_date and self.birth_precision == "year" else ""

    @property
    def birth_form(self) -> str:
        """In which form the day of birth is written, as much of it as is known."""
        return "month_and_year" if self.birth_precision == "month" else "long"


@dataclass(frozen=True)
class Undecided:
    """A row that waits: its cells as they came, who it may be, where it may be from."""

    row: int
    cells: tuple[tuple[str, str], ...]
    like: tuple[Candidate, ...]
    homes: tuple[tuple[str, Mapping[str, str]], ...]
    needs_home: bool
    problems: tuple[Problem, ...]

    @property
    def number(self) -> str:
        """The row as it stands at the edge of a spreadsheet."""
        return str(self.row)


@dataclass(frozen=True)
class DecidePage:
    """The next rows to decide."""

    line: Line
    rows: tuple[Undecided, ...]


def decide_page(acting: Acting, intake_id: UUID, *, on: date, now: datetime) -> DecidePage:
    """The next rows that somebody must decide, beside the people they may mean."""
    intake = find_list(acting, intake_id)
    waiting = IntakeRow.objects.filter(intake=intake, outcome=DOUBTFUL, decided="").order_by("row")
    rows = list(waiting[:AT_ONCE])
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
                needs_home=meant.doubtful,
                problems=tuple(problem_of(intake, cells, row.row, code) for code in row.errors),
            )
        )
    return DecidePage(line_of(intake), tuple(told))


def _shown_cells(intake: Intake, cells: pl.DataFrame, row: int) -> tuple[tuple[str, str], ...]:
    found = cells.filter(pl.col("row") == row)
    if not found.height:
        return ()
    told = ((f"{letters(at)} · {head}", found[f"c{at}"][0]) for at, head in enumerate(intake.columns))
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
        reasons=tuple(Reason(one.field, one.reason) for one in best),
    )
