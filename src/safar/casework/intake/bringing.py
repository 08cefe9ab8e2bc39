"""What an officer does with a list: bring it, say what its columns are, let it be tried, let it run, stop it."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import polars as pl
from django.db.models import Q, QuerySet

from safar.casework.access import END, Acting, opened
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.intake.bounded import read_bounded
from safar.casework.intake.coded import DESTINATIONS
from safar.casework.intake.columns import guess_columns, heads_key, numbered
from safar.casework.intake.files import CELLS, CHECK, keep_table, kept_table
from safar.casework.intake.homes import Homes, read_homes
from safar.casework.intake.refusing import SheetError
from safar.casework.intake.rows import NAMES, Reader
from safar.casework.intake.sheets import Sheet
from safar.casework.intake.vocabulary import fields
from safar.law.facts import ISO_COUNTRIES
from safar.records.models import Intake, IntakeFile, IntakeMapping, Place

READ, CHECKING, CHECKED, RUNNING, STOPPED, DONE, FAILED = STATES = (
    "read", "checking", "checked", "running", "stopped", "done", "failed",
)  # fmt: skip
# In a mapping: what is so of everybody of whom the list does not say it. The home is a place's id.
HOME, CITIZENSHIP, DESTINATION = EVERYBODY = ("@home", "@citizenship", "@destination")
KEPT_DAYS = 90  # the cells of a list that is done


def bring_list(acting: Acting, name: str, path: Path, *, on: date, now: datetime) -> Intake:
    """Take a file in hand. The same file a second time is the same list; nothing of it is in the register yet."""
    acting.require("import")
    digest = _digest(acting, path)
    before = lists_of(acting).filter(digest=digest).first()
    if before is not None:
        return before
    try:
        sheet = read_bounded(path)
    except SheetError as error:
        raise NotPossibleError(error.code, **error.values) from None
    remembered = _remembered(acting, sheet.columns)
    intake = Intake.objects.create(
        register_id=acting.register_id,
        organisation_id=acting.organisation_id,
        place_path=acting.place_path,
        name=Path(name).name[-120:],
        digest=digest,
        columns=list(sheet.columns),
        notes=[*sheet.notes, *([{"code": "remembered"}] if remembered else [])],
        mapping=remembered or _guessed(acting, sheet, on=on),
        list_of=on,
        rows=sheet.table.height,
        uploaded_by_id=acting.officer_id,
        uploaded_at=now,
    )
    keep_table(intake, CELLS, sheet.table)
    return intake


def map_columns(
    acting: Acting,
    intake_id: UUID,
    mapping: Mapping[str, str],
    *,
    everybody: Mapping[str, str] | None = None,
    list_of: date | None = None,
    on: date,
    now: datetime,
) -> Intake:
    """Say which column is what, what is so of everybody in it, and of which day it speaks; then it is tried."""
    intake = find_list(acting, intake_id, hold=True)
    if intake.state not in (READ, CHECKED, FAILED) or intake.done_rows:
        raise NotPossibleError("list_under_way")
    chosen = {name: head for name, head in mapping.items() if head and name in fields()}
    _check_mapping(chosen, intake)
    if list_of and list_of > on:
        raise NotPossibleError("list_of_ahead")
    usual = {name: value for name, value in (everybody or {}).items() if value and name in EVERYBODY}
    _check_usual(acting, usual)
    intake.mapping = {**chosen, **usual}
    _remember(acting, intake, now)
    intake.list_of = list_of or on
    intake.state, intake.trouble, intake.counts = CHECKING, "", {}
    intake.save()
    IntakeFile.objects.filter(intake=intake, kind=CHECK).delete()
    return intake


def start_run(acting: Acting, intake_id: UUID) -> Intake:
    """Let a list that was tried go into the register, or go on where it stopped."""
    intake = find_list(acting, intake_id, hold=True)
    acting.require("register_person")
    if intake.state not in (CHECKED, STOPPED, FAILED) or not (intake.counts or intake.done_rows):
        raise NotPossibleError("list_not_tried" if intake.state == READ else "list_under_way")
    intake.state, intake.trouble = RUNNING, ""
    intake.save()
    return intake


def stop_run(acting: Acting, intake_id: UUID) -> Intake:
    """Stop after the piece that is being written. What is in stays in."""
    intake = find_list(acting, intake_id, hold=True)
    if intake.state == RUNNING:
        intake.state = STOPPED
    elif intake.state == CHECKING:
        intake.state = READ
    intake.save()
    return intake


def give_up(acting: Acting, intake_id: UUID, trouble: str) -> None:
    """For the worker: what it was doing with a list cannot be done. What is in stays in."""
    with opened(acting, "intake"):
        intake = find_list(acting, intake_id, hold=True)
        if intake.state in (CHECKING, RUNNING):
            intake.state, intake.trouble = FAILED, trouble
            intake.save()


def forget_list(acting: Acting, intake_id: UUID) -> Intake:
    """Delete what the list held. What became of its rows, and what they said of people, stays."""
    intake = find_list(acting, intake_id, hold=True)
    if intake.state in (CHECKING, RUNNING):
        raise NotPossibleError("list_under_way")
    IntakeFile.objects.filter(intake=intake).delete()
    return intake


def forget_old_lists(*, now: datetime) -> int:
    """For the night: delete what lists held that nobody has touched for long; the number of lists."""
    before = now - timedelta(days=KEPT_DAYS)
    old = Q(intake__finished_at__lt=before) | Q(intake__finished_at=None, intake__uploaded_at__lt=before)
    forgotten = IntakeFile.objects.filter(old).exclude(intake__state__in=(CHECKING, RUNNING))
    count = forgotten.values("intake").distinct().count()
    forgotten.delete()
    return count


def lists_of(acting: Acting) -> QuerySet[Intake]:
    """The lists that an officer sees: of the same register, brought for places within the officer's own."""
    acting.require("import")
    seen = Q(
        register_id=acting.register_id,
        place_path__gte=acting.place_path,
        place_path__lt=acting.place_path + END,
    )
    if acting.regions:
        seen &= Q(uploaded_by_id=acting.officer_id)
    return Intake.objects.filter(seen)


def find_list(acting: Acting, intake_id: UUID, *, hold: bool = False) -> Intake:
    """The list, or NotThereError; held until the transaction ends if asked."""
    lists = lists_of(acting)
    found = (lists.select_for_update() if hold else lists).filter(pk=intake_id).first()
    if found is None:
        raise NotThereError("list_not_there")
    return found


def reader_of(acting: Acting, intake: Intake, *, on: date) -> Reader:
    """How the list is to be read. Nobody brings people into places that are not their own."""
    scope = max(acting.place_path, intake.place_path, key=len)
    homes: Homes = read_homes(scope, default=intake.mapping.get(HOME, ""))
    columns = numbered(intake.mapping, intake.columns)
    usual = {name.removeprefix("@"): intake.mapping.get(name, "") for name in (CITIZENSHIP, DESTINATION)}
    return Reader(columns, on, acting.country, homes, acting.regions, usual)


def cells_of(intake: Intake) -> pl.DataFrame:
    """The cells of the list as they came."""
    return kept_table(intake, CELLS)


def _digest(acting: Acting, path: Path) -> str:
    """The same for the same file from the same place: who may not see a list is not told that it was brought."""
    digest = hashlib.sha256(f"{acting.organisation_id}|{acting.place_path}|{acting.regions}|".encode())
    with path.open("rb") as file:
        while piece := file.read(2**20):
            digest.update(piece)
    return digest.hexdigest()


def _guessed(acting: Acting, sheet: Sheet, *, on: date) -> dict[str, str]:
    """Columns by their heads and cells; where none tells the citizenship, most people are of the register's country."""
    homes = read_homes(acting.place_path)
    found = guess_columns(sheet.columns, sheet.table, homes=homes, country=acting.country, on=on)
    return found if "citizenship" in found else {**found, CITIZENSHIP: acting.country}


def _remembered(acting: Acting, columns: tuple[str, ...]) -> dict[str, str]:
    known = IntakeMapping.objects.filter(organisation_id=acting.organisation_id, heads=heads_key(columns))
    mapping = known.values_list("mapping", flat=True).first() or {}
    return {name: head for name, head in mapping.items() if head in columns or name in EVERYBODY}


def _remember(acting: Acting, intake: Intake, now: datetime) -> None:
    IntakeMapping.objects.update_or_create(
        organisation_id=acting.organisation_id,
        heads=heads_key(intake.columns),
        defaults={"register_id": acting.register_id, "mapping": intake.mapping, "changed_at": now},
    )


def _check_mapping(mapping: Mapping[str, str], intake: Intake) -> None:
    strange = [head for head in mapping.values() if head not in intake.columns]
    if strange:
        raise NotPossibleError("no_such_column", head=strange[0])
    if len(set(mapping.values())) < len(mapping):
        twice = next(head for head in mapping.values() if list(mapping.values()).count(head) > 1)
        raise NotPossibleError("column_twice", head=twice)
    if not set(NAMES) - {"patronymic"} & set(mapping):
        raise NotPossibleError("name_column_needed")


def _check_usual(acting: Acting, usual: Mapping[str, str]) -> None:
    citizenship, destination = usual.get(CITIZENSHIP, "TJ"), usual.get(DESTINATION, "RU")
    if citizenship not in ISO_COUNTRIES or destination not in DESTINATIONS:
        raise NotPossibleError("answer_wrong")
    if HOME not in usual:
        return
    home = Place.objects.filter(pk=usual[HOME], level__in=("unit", "community")).first()
    if home is None:
        raise NotThereError("place_not_there")
    if not home.path.startswith(acting.place_path):
        raise NotPossibleError("home_outside")
