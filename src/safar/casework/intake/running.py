"""A list on its way into the register, piece by piece: each piece is one transaction that also says how far it came.

Killed in the middle, a run loses the pieces it was writing and nothing else; started again it takes the rows of which
nothing is written down yet. While a list runs no other list of the register does.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import polars as pl
from django.db import OperationalError, connection, transaction

from safar.casework.access import Acting, opened
from safar.casework.errors import ChangedMeanwhileError
from safar.casework.intake.bringing import CHECKED, CHECKING, DONE, RUNNING, cells_of, find_list, reader_of
from safar.casework.intake.entries import Brought
from safar.casework.intake.files import CHECK, keep_table
from safar.casework.intake.outcomes import ADDED, KNOWN, OUTCOMES, TOLD, Outcome, judge_rows
from safar.casework.intake.rows import read_rows
from safar.casework.intake.telling import rows_with_news
from safar.casework.intake.writing import needs_of_added, write_down, write_outcomes
from safar.records.models import Intake, IntakeFile, IntakeRow

LOCK = 7248
WAITING = "60s"  # for a run that was killed, until the database has noticed
SMALLEST, LARGEST, PIECES = 500, 5_000, 20
CHECKED_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.Int32,
    "outcome": pl.String,
    "errors": pl.List(pl.String),
    "person_id": pl.String,
    "like": pl.List(pl.String),
}


@dataclass(frozen=True)
class Run:
    """What all pieces of a run share."""

    acting: Acting
    intake_id: UUID
    needs: pl.DataFrame
    on: date
    clock: Callable[[], datetime]


def check_list(acting: Acting, intake_id: UUID, *, on: date) -> Intake:
    """Try a list: say what would become of each row, and write nothing of it into the register."""
    with opened(acting, "intake_check"):
        intake = find_list(acting, intake_id)
        if intake.state != CHECKING:
            return intake
        rows = read_rows(cells_of(intake), reader_of(acting, intake, on=on))
        outcomes = _as_they_will_be(acting, intake, judge_rows(acting, rows), on=on)
    with opened(acting, "intake_check"):
        intake = find_list(acting, intake_id, hold=True)
        if intake.state == CHECKING:
            keep_table(intake, CHECK, _as_table(outcomes))
            intake.state, intake.counts = CHECKED, counted(outcomes)
            intake.save()
    return intake


def run_list(
    acting: Acting, intake_id: UUID, *, on: date, clock: Callable[[], datetime], hands: int = 1
) -> Intake:
    """Take a list in, from where it stands to its end or until somebody stops it.

    ``hands``: how many pieces are written at a time, each by a connection of its own.
    """
    with _alone(acting.register_id):
        with opened(acting, "intake"):
            intake = find_list(acting, intake_id)
            if intake.state != RUNNING:
                return intake
            rows = read_rows(_left(intake), reader_of(acting, intake, on=on))
            outcomes = judge_rows(acting, rows)
        run = Run(acting, intake_id, needs_of_added(outcomes, on=on), on, clock)
        # Whoever is told something may be somebody whom an earlier row brings in: files first.
        for some in (ADDED,), set(OUTCOMES) - {ADDED}:
            pieces = _pieces([one for one in outcomes if one.outcome in some], intake.rows)
            if not _all_in(run, pieces, hands):
                break
        return _finish(acting, intake_id, now=clock())


def counted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many rows of each outcome, all of them named."""
    counts = Counter(one.outcome for one in outcomes)
    return {name: counts[name] for name in OUTCOMES}


def _as_they_will_be(
    acting: Acting, intake: Intake, outcomes: Sequence[Outcome], *, on: date
) -> list[Outcome]:
    """With those about people whom the register knows parted: who says something new, and who does not."""
    told = [one for one in outcomes if one.outcome == TOLD]
    brought = Brought(intake.pk, intake.name, intake.list_of or on, on, intake.uploaded_at)
    news = rows_with_news(acting, brought, told)
    return [
        replace(one, outcome=KNOWN) if one.outcome == TOLD and one.row.number not in news else one
        for one in outcomes
    ]


def _left(intake: Intake) -> pl.DataFrame:
    """The rows of which nothing is written down yet."""
    done = list(IntakeRow.objects.filter(intake=intake).values_list("row", flat=True))
    return cells_of(intake).filter(~pl.col("row").is_in(done))


def _all_in(run: Run, pieces: Iterable[Sequence[Outcome]], hands: int) -> bool:
    """Whether every piece went in, and nobody stopped the list meanwhile."""
    if hands == 1:
        return all(_take_in(run, piece) for piece in pieces)
    with ThreadPoolExecutor(hands) as pool:
        return all(pool.map(lambda piece: _closing(run, piece), pieces))


def _closing(run: Run, piece: Sequence[Outcome]) -> bool:
    """A piece by another thread, whose connection ends with it."""
    try:
        return _take_in(run, piece)
    finally:
        connection.close()


def _take_in(run: Run, piece: Sequence[Outcome]) -> bool:
    """One piece and how far the list has come, both or neither; false where the list is stopped."""
    now = run.clock()
    with opened(run.acting, "intake"):
        intake = find_list(run.acting, run.intake_id)
        if intake.state != RUNNING:
            return False
        brought = Brought(intake.pk, intake.name, intake.list_of or run.on, run.on, now)
        final = write_outcomes(run.acting, brought, piece, run.needs)
        write_down(brought, final)
        # Held only from here on: two pieces may be written at a time, and nobody waits long to stop the list.
        intake = find_list(run.acting, run.intake_id, hold=True)
        before, now_in = (intake.counts if intake.done_rows else {}), counted(final)
        intake.counts = {name: before.get(name, 0) + now_in[name] for name in OUTCOMES}
        intake.done_rows += len(piece)
        intake.save(update_fields=["counts", "done_rows"])
    return True


def _finish(acting: Acting, intake_id: UUID, *, now: datetime) -> Intake:
    with opened(acting, "intake"):
        intake = find_list(acting, intake_id, hold=True)
        if intake.state == RUNNING and intake.done_rows == intake.rows:
            intake.state, intake.finished_at = DONE, now
            intake.save()
            IntakeFile.objects.filter(intake=intake, kind=CHECK).delete()
        return intake


def _pieces(outcomes: Sequence[Outcome], rows: int) -> Iterator[Sequence[Outcome]]:
    size = min(max(rows // PIECES, SMALLEST), LARGEST)
    for start in range(0, len(outcomes), size):
        yield outcomes[start : start + size]


def _as_table(outcomes: Sequence[Outcome]) -> pl.DataFrame:
    rows = [
        (
            one.row.number, one.outcome, list(one.problems), str(one.person_id) if one.person_id else None,
            [str(person) for person in one.like],
        )
        for one in outcomes
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=CHECKED_SCHEMA, orient="row")


@contextmanager
def _alone(register_id: int) -> Iterator[None]:
    """While it lasts no other list goes into this register; a killed process lets go of it by itself."""
    key = [LOCK, register_id % 2**31]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAITING])
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
    except OperationalError:
        raise ChangedMeanwhileError("list_runs_already") from None
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
