"""The night's work on the register: snapshot, link, rank, what changed; then worklists, counts and reminders.

Each step writes its tables whole into the night's folder, so a run that was killed goes on where it stopped. The
folders hold personal data: only the owner may read them, and only two nights are kept.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from safar.base import DataError
from safar.casework.access import Acting
from safar.casework.copying import as_system
from safar.casework.counting import load_counts
from safar.casework.facts import law_in
from safar.casework.keys import reading_of_names, rekey_names
from safar.casework.linking import likely_pairs, load_pairs
from safar.casework.needs import triage
from safar.casework.snapshot import snapshot_in, take_snapshot
from safar.casework.worklist import load_changes, load_needs, load_tallies
from safar.flow import Night as NightOfFlow
from safar.flow import run_steps
from safar.flow.night import Done, Step
from safar.flow.steps import CHANGED, NEEDS, PAIRS
from safar.lake import read_table
from safar.records.models import Night, NightStep

KEPT_NIGHTS = 2
AHEAD = 7  # days: how near a day must be for a reminder
LOCK = 7247
STEPS = ("snapshot", "linked", "ranked", "changed", "loaded")


@dataclass(frozen=True)
class Clock:
    """What the door knows of time: the moment, and seconds for measuring."""

    now: Callable[[], datetime]
    seconds: Callable[[], float]


@dataclass(frozen=True)
class StepDone:
    """One step as the run's page shows it."""

    name: str
    state: str
    rows: int | None
    seconds: float | None
    trouble: str


@dataclass(frozen=True)
class NightDone:
    """A night as the run's page shows it."""

    on: date
    state: str
    people: int
    started_at: datetime
    seconds: float | None
    steps: tuple[StepDone, ...]


def nights(acting: Acting) -> tuple[NightDone, ...]:
    """The last nights, the latest first."""
    acting.require("see_runs")
    return tuple(told_of(night) for night in Night.objects.order_by("-on").prefetch_related("steps")[:30])


def told_of(night: Night) -> NightDone:
    """What came of a night."""
    steps = sorted(night.steps.all(), key=lambda step: step.pk)
    return NightDone(
        on=night.on,
        state=night.state,
        people=night.people,
        started_at=night.started_at,
        seconds=_seconds(night.started_at, night.finished_at),
        steps=tuple(
            StepDone(
                step.name, step.state, step.rows, _seconds(step.started_at, step.finished_at), step.trouble
            )
            for step in steps
        ),
    )


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else (end - start).total_seconds()


def run_night(
    root: Path,
    *,
    on: date,
    clock: Clock,
    progress: Callable[[str], None] = lambda name: None,
) -> NightDone:
    """Do the night of a day, or go on with it; run twice it does nothing twice. DataError if another one is running."""
    with as_system(), Alone():
        night = _begun(on, clock.now())
        folder = _folder(root, on)
        steps = NightOfFlow(on, law_in("en").law, triage(), _before(root, on))
        try:
            run_steps(
                steps.steps(
                    snapshot=lambda place: _snapshot(night, place),
                    link=likely_pairs,
                    load=lambda place: load(place, on=on),
                    also=("scopes.parquet",),
                ),
                folder,
                given=steps.given(),
                timer=clock.seconds,
                progress=lambda step, done: _noted(night, step, done, clock.now(), progress),
            )
        except Exception as error:
            _failed(night, error, clock.now())
            raise
        night.state, night.finished_at = "done", clock.now()
        night.save()
        _forget(root)
        return told_of(night)


@transaction.atomic
def load(folder: Path, *, on: date) -> None:
    """Bring a night's tables into the database: worklists, counts, changes, pairs, reminders. All or nothing."""
    scopes, needs = read_table(snapshot_in(folder).scopes), read_table(folder / NEEDS)
    load_needs(needs, scopes, on=on)
    load_tallies(needs, scopes, on=on)
    load_counts(scopes, read_table(snapshot_in(folder).records), on=on)
    load_pairs(read_table(folder / PAIRS), on=on)
    load_changes(_changes(read_table(folder / CHANGED)), scopes, on=on)
    remind(on=on)
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE records_need, records_tally, records_change, records_headcount, records_nightcount, records_pair"
        )


def remind(*, on: date) -> int:
    """Tell each officer in charge of the days that are near, and no longer of those that are over; the number told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM records_reminder r WHERE NOT EXISTS (SELECT FROM records_need n "
            "WHERE n.person_id = r.person_id AND n.danger = r.danger AND n.act_by = r.act_by "
            "AND n.assigned_to_id = r.officer_id) OR r.act_by < %s",
            [on],
        )
        cursor.execute(
            "INSERT INTO records_reminder (officer_id, person_id, danger, act_by, made_on) "
            "SELECT assigned_to_id, person_id, danger, act_by, %s FROM records_need "
            "WHERE assigned_to_id IS NOT NULL AND act_by BETWEEN %s AND %s ON CONFLICT DO NOTHING",
            [on, on, on + timedelta(days=AHEAD)],
        )
        return int(cursor.rowcount)


def _changes(changes: pl.DataFrame) -> pl.DataFrame:
    return changes.select(
        "person_id",
        "change",
        danger=pl.coalesce("danger_now", "danger_before"),
        cause=pl.col("cause").fill_null(""),
        harm=pl.max_horizontal("harm_now", "harm_before"),
    )


class Alone:
    """One night at a time, in whatever process; a killed one lets go by itself."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise DataError("another night is running; wait for it or stop it")

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _begun(on: date, now: datetime) -> Night:
    Night.objects.filter(state="running").exclude(on=on).update(state="stopped")
    night, new = Night.objects.get_or_create(on=on, defaults={"started_at": now})
    if not new:
        night.state, night.started_at, night.finished_at = "running", now, None
        night.save()
    for name in STEPS:
        NightStep.objects.update_or_create(
            night=night, name=name, defaults={"state": "waiting", "trouble": ""}
        )
    return night


def _snapshot(night: Night, folder: Path) -> None:
    """Everybody as they are now, found by the names as they are read now."""
    reading = reading_of_names()
    if (
        Night.objects.exclude(names_read="").order_by("-on").values_list("names_read", flat=True).first()
        != reading
    ):
        rekey_names()
    night.people, night.names_read = take_snapshot(folder), reading
    night.save(update_fields=["people", "names_read"])


def _noted(night: Night, step: Step, done: Done, now: datetime, progress: Callable[[str], None]) -> None:
    NightStep.objects.filter(night=night, name=step.name).update(
        state="done",
        finished_at=now,
        started_at=now - timedelta(seconds=done.seconds),
        rows=sum(done.rows.values()) if done.rows else None,
    )
    progress(step.name)


def _failed(night: Night, error: Exception, now: datetime) -> None:
    with suppress(Exception):  # the connection may be what failed
        step = night.steps.filter(state="waiting").order_by("id").first()
        if step is not None:
            step.state, step.finished_at, step.trouble = "failed", now, type(error).__name__
            step.save()
        night.state, night.finished_at = "failed", now
        night.save()


def _folder(root: Path, on: date) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o700)
    folder = root / on.isoformat()
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _before(root: Path, on: date) -> Path | None:
    """The folder of the last finished night before this one."""
    for folder in sorted(root.glob("????-??-??"), reverse=True):
        if folder.name < on.isoformat() and (folder / NEEDS).is_file():
            return folder
    return None


def _forget(root: Path) -> None:
    for folder in sorted(root.glob("????-??-??"), reverse=True)[KEPT_NIGHTS:]:
        shutil.rmtree(folder)
