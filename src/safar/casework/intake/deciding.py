"""Rows that may mean somebody the register knows, or a place that is not clear: a person looks and says which."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

import polars as pl
from django.db import transaction

from safar.casework.access import Acting, people_of
from safar.casework.errors import ChangedMeanwhileError, NotPossibleError, NotThereError
from safar.casework.intake.bringing import DONE, STOPPED, cells_of, find_list, reader_of
from safar.casework.intake.entries import Brought
from safar.casework.intake.homes import Home, read_homes
from safar.casework.intake.outcomes import ADDED, DOUBTFUL, OUTCOMES, REFUSED, TOLD, Outcome
from safar.casework.intake.rows import DOUBTFUL as UNCLEAR
from safar.casework.intake.rows import Row, read_rows
from safar.casework.intake.writing import needs_of_added, write_outcomes
from safar.casework.pairs import BY_HAND, alike_reasons, say_different
from safar.records.models import Intake, IntakeRow, Pair

SAME, DIFFERENT, UNSURE, LEFT_OUT = DECISIONS = ("same", "different", "unsure", "left_out")
AT_ONCE = 500  # rows that go in together as new people to be compared later


@transaction.atomic
def decide_row(
    acting: Acting,
    intake_id: UUID,
    row_number: int,
    decision: str,
    *,
    person_id: UUID | None = None,
    home_id: str = "",
    on: date,
    now: datetime,
) -> IntakeRow:
    """The person it may be; somebody else; not sure (in, and a pair to compare); or not to be taken in."""
    if decision not in DECISIONS:
        raise NotPossibleError("answer_wrong")
    intake, (held,) = _held(acting, intake_id, [row_number])
    if decision == LEFT_OUT:
        return _note(acting, intake, held, LEFT_OUT, REFUSED, None, now)
    row = rows_of(acting, intake, [row_number], on=on)[0]
    if decision == SAME:
        if person_id not in held.like or not people_of(acting).filter(pk=person_id).exists():
            raise NotThereError("person_not_there")
        outcome = Outcome(row, bytes(held.row_key), TOLD, person_id)
    else:
        outcome = Outcome(_at_home(acting, row, home_id), bytes(held.row_key), ADDED, uuid4())
    (final,) = _write(acting, intake, [outcome], on=on, now=now)
    if decision != SAME and final.person_id:
        _pair_with(acting, final.person_id, held.like, decision, on=on, now=now)
    return _note(acting, intake, held, decision, final.outcome, final.person_id, now)


@transaction.atomic
def take_in_unsure(acting: Acting, intake_id: UUID, *, on: date, now: datetime) -> int:
    """Open files for the next doubtful rows whose home is clear, each with a pair to compare; how many."""
    numbers = IntakeRow.objects.filter(intake=intake_id, outcome=DOUBTFUL, decided="").order_by("row")
    intake, rows = _held(acting, intake_id, list(numbers.values_list("row", flat=True)[:AT_ONCE]))
    read = {row.number: row for row in rows_of(acting, intake, [held.row for held in rows], on=on)}
    clear = [held for held in rows if not read[held.row].doubtful]
    outcomes = [Outcome(read[held.row], bytes(held.row_key), ADDED, uuid4()) for held in clear]
    final = _write(acting, intake, outcomes, on=on, now=now)
    for held, one in zip(clear, final, strict=True):
        assert one.person_id is not None
        _pair_with(acting, one.person_id, held.like, UNSURE, on=on, now=now)
        _note(acting, intake, held, UNSURE, one.outcome, one.person_id, now)
    return len(clear)


def rows_of(acting: Acting, intake: Intake, numbers: Sequence[int], *, on: date) -> list[Row]:
    """Some rows of a list, read as the list is read."""
    table = cells_of(intake)
    order = reader_of(acting, intake, on=on)
    return read_rows(table.filter(pl.col("row").is_in(list(numbers))), order)


def _held(acting: Acting, intake_id: UUID, numbers: Sequence[int]) -> tuple[Intake, list[IntakeRow]]:
    """The list and its undecided rows, held until the transaction ends."""
    acting.require("register_person")
    intake = find_list(acting, intake_id, hold=True)
    if intake.state not in (DONE, STOPPED):
        raise NotPossibleError("list_under_way")
    rows = list(
        IntakeRow.objects.filter(intake=intake, row__in=numbers, outcome=DOUBTFUL, decided="").order_by("row")
    )
    if len(rows) != len(numbers):
        raise ChangedMeanwhileError("row_decided_already")
    return intake, rows


def _at_home(acting: Acting, row: Row, home_id: str) -> Row:
    """The row with the home that was chosen; it must be chosen where the list does not make it clear."""
    if not home_id:
        if row.doubtful or row.refused:
            raise NotPossibleError("home_needed")
        return row
    spot = read_homes(acting.place_path).by_id.get(home_id)
    if spot is None:
        raise NotThereError("place_not_there")
    if not spot.path.startswith(acting.place_path):
        raise NotPossibleError("home_outside")
    problems = tuple(one for one in row.problems if one.partition(":")[2] not in UNCLEAR)
    return replace(row, home=Home(spot.id, spot.path), problems=problems)


def _write(
    acting: Acting, intake: Intake, outcomes: Sequence[Outcome], *, on: date, now: datetime
) -> list[Outcome]:
    brought = Brought(intake.pk, intake.name, intake.list_of or on, on, now)
    needs = (
        needs_of_added(outcomes, on=on) if any(one.outcome == ADDED for one in outcomes) else pl.DataFrame()
    )
    return write_outcomes(acting, brought, outcomes, needs)


def _pair_with(
    acting: Acting, person_id: UUID, like: Sequence[UUID], decision: str, *, on: date, now: datetime
) -> None:
    """The new file beside each of those it was like: decided, or to be looked at."""
    for other in people_of(acting).filter(pk__in=list(like)).values_list("pk", flat=True):
        reasons = alike_reasons(person_id, other)
        if decision == DIFFERENT:
            say_different(acting, person_id, other, reasons=reasons, on=on, now=now)
        else:
            one, two = sorted((person_id, other))
            Pair.objects.create(one_id=one, two_id=two, probability=BY_HAND, reasons=reasons, found_on=on)


def _note(
    acting: Acting,
    intake: Intake,
    held: IntakeRow,
    decision: str,
    outcome: str,
    person_id: UUID | None,
    now: datetime,
) -> IntakeRow:
    """What was decided, by whom; the counts of the list follow."""
    held.decided, held.decided_at, held.decided_by_id = decision, now, acting.officer_id
    held.outcome, held.person_id = outcome, person_id
    held.save(update_fields=["decided", "decided_at", "decided_by", "outcome", "person"])
    counts = {name: intake.counts.get(name, 0) for name in OUTCOMES}
    counts[DOUBTFUL] -= 1
    counts[outcome] += 1
    intake.counts = counts
    intake.save(update_fields=["counts"])
    return held
