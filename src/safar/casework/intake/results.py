"""What is the matter with rows: the column, what stands in the cell, how heavily it weighs."""

from dataclasses import dataclass

import polars as pl

from safar.casework.intake.files import CHECK, kept_table
from safar.casework.intake.outcomes import DOUBTFUL
from safar.casework.intake.rows import ADDRESS, NAMES, NOTES
from safar.records.models import Intake, IntakeFile, IntakeRow

PROBLEMS = 100
MEND, DECIDE, READ_AS = "mend", "decide", "note"
TONES = {MEND: "danger", DECIDE: "soon", READ_AS: "plain"}


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

    @property
    def number(self) -> str:
        """The row as it stands at the edge of a spreadsheet, without signs between the figures."""
        return str(self.row)

    @property
    def weight_key(self) -> str:
        """The key of the word that says what is to be done."""
        return f"intake.weight.{self.weight}"

    @property
    def tone(self) -> str:
        """How it looks."""
        return TONES[self.weight]


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


def problems_of(intake: Intake, cells: pl.DataFrame) -> tuple[Problem, ...]:
    """What is the matter with a list: what keeps rows out first. One more than ``PROBLEMS`` where there are more."""
    outcomes = outcomes_of(intake).filter(pl.col("errors").list.len() > 0).head(4 * PROBLEMS)
    told = [
        problem_of(intake, cells, row, error, outcome)
        for row, outcome, errors in outcomes.iter_rows()
        for error in errors
    ]
    order = {MEND: 0, DECIDE: 1, READ_AS: 2}
    return tuple(sorted(told, key=lambda one: (order[one.weight], one.row)))[: PROBLEMS + 1]


def problem_of(intake: Intake, cells: pl.DataFrame, row: int, error: str, outcome: str = DOUBTFUL) -> Problem:
    """What is the matter with a cell, from how it is kept: field:code."""
    name, _, code = error.partition(":")
    heads = heads_of(intake, name)
    at = [intake.columns.index(head) for head in heads if head in intake.columns]
    found = cells.filter(pl.col("row") == row)
    shown = [found[f"c{place}"][0] for place in at] if found.height else []
    return Problem(
        row, ", ".join(heads), " · ".join(text for text in shown if text), code, weight_of(outcome, code)
    )
