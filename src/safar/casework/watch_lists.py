"""Lists that people are checked against: brought by a supervisor, kept sealed, forgotten when a later one comes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import polars as pl
from django.db import transaction
from django.db.models import QuerySet

from safar.atlas.folding import fold
from safar.base import DataError
from safar.casework.access import Acting
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.intake.bounded import read_bounded
from safar.casework.intake.days import month_first, read_birth, read_day
from safar.casework.intake.refusing import SheetError
from safar.casework.intake.sheets import Sheet
from safar.casework.intake.vocabulary import heads
from safar.casework.readings import note_reading
from safar.casework.seal import seal_content, unseal_content
from safar.linkage.check import check_list
from safar.records.models import LIST_KINDS, WatchList

# What is kept of a list, all as text; dob is 1991, 1991-04 or 1991-04-12, banned_until a whole day.
COLUMNS = ("row_id", "surname", "given_name", "patronymic", "dob", "sex", "citizenship", "banned_until")
WANTED = (
    "full_name",
    "surname",
    "given_name",
    "patronymic",
    "birth_date",
    "sex",
    "citizenship",
    "banned_until",
)


@dataclass(frozen=True)
class ListGiven:
    """What is said of a list that is brought: what for, whose it is, of which day it speaks."""

    kind: str
    source: str
    list_of: date


@transaction.atomic
def load_list(acting: Acting, path: Path, given: ListGiven, *, on: date, now: datetime) -> WatchList:
    """Keep a list, XLSX or CSV, instead of the earlier one of the same source. The same file twice is one list."""
    acting.require("load_lists")
    source = " ".join(given.source.split())
    if given.kind not in LIST_KINDS or not source:
        raise NotPossibleError("list_source_needed")
    if given.list_of > on:
        raise NotPossibleError("list_ahead")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    before = WatchList.objects.filter(register=acting.register_id, kind=given.kind, source=source)
    same = before.filter(digest=digest, list_of=given.list_of).exclude(content=None).first()
    if same is not None:
        return same
    if before.filter(list_of__gt=given.list_of).exists():
        raise NotPossibleError("list_is_older")
    entries = read_entries(path, on=on)
    before.update(content=None)
    kept, _ = WatchList.objects.update_or_create(
        register_id=acting.register_id,
        kind=given.kind,
        digest=digest,
        list_of=given.list_of,
        defaults={
            "source": source,
            "rows": entries.height,
            "content": _sealed(entries),
            "loaded_at": now,
            "loaded_by_id": acting.officer_id,
        },
    )
    note_reading(acting, "import", now=now, detail={"of": "list", "kind": given.kind, "rows": entries.height})
    return kept


def lists_of(acting: Acting) -> QuerySet[WatchList]:
    """The lists that a register has now, without their content."""
    return (
        WatchList.objects.filter(register=acting.register_id)
        .exclude(content=None)
        .defer("content")
        .select_related("loaded_by")
        .order_by("kind", "source")
    )


def find_list(acting: Acting, list_id: int) -> WatchList:
    """A list of the officer's register; NotThereError where there is none or it was forgotten."""
    found = lists_of(acting).filter(pk=list_id).first()
    if found is None:
        raise NotThereError("watch_list_not_there")
    return found


def entries_of(watch_list: WatchList) -> pl.DataFrame:
    """The entries of a list, opened for as long as they are needed."""
    if watch_list.content is None:
        raise NotThereError("watch_list_not_there")
    return pl.read_parquet(BytesIO(unseal_content(bytes(watch_list.content))))


def read_entries(path: Path, *, on: date) -> pl.DataFrame:
    """The entries of a file, in COLUMNS. What cannot be read of a date is left out, never the entry with it."""
    try:
        sheet = read_bounded(path)
    except SheetError as error:
        raise NotPossibleError(error.code, **error.values) from None
    told = _by_field(sheet)
    if "surname" not in told and "full_name" not in told:
        raise NotPossibleError("list_without_names")
    table = sheet.table
    nothing = pl.lit(None, dtype=pl.String)
    columns = {
        field: pl.col(f"c{told[field]}").str.strip_chars() if field in told else nothing for field in WANTED
    }
    entries = table.select(
        row_id=pl.col("row").cast(pl.String),
        # Whoever is named in one column is taken apart by whoever compares.
        surname=pl.coalesce(columns["surname"], columns["full_name"]),
        **{name: columns[name] for name in ("given_name", "patronymic", "sex", "citizenship")},
        dob=_days(table, told.get("birth_date"), on, birth=True),
        banned_until=_days(table, told.get("banned_until"), on, birth=False),
    ).filter(pl.any_horizontal(pl.col("surname", "given_name").fill_null("") != ""))
    if entries.is_empty():
        raise NotPossibleError("list_without_names")
    return _checked(entries.select(COLUMNS))


def _by_field(sheet: Sheet) -> dict[str, int]:
    """Field -> number of the first column that is headed so, in whichever language."""
    found: dict[str, int] = {}
    for at, head in enumerate(sheet.columns):
        field = heads().get(fold(head)) or fold(head).replace(" ", "_")
        if field in WANTED:
            found.setdefault(field, at)
    return found


def _days(table: pl.DataFrame, at: int | None, on: date, *, birth: bool) -> pl.Expr:
    """A column of days as as much of each as is known; each distinct text is read once."""
    if at is None:
        return pl.lit(None, dtype=pl.String)
    texts: Sequence[str] = table[f"c{at}"].drop_nulls().unique().to_list()
    order = month_first(texts)
    read: Mapping[str, str] = {
        text: (
            read_birth(text, on=on, order=order) if birth else read_day(text, on=on, ahead=True, order=order)
        ).told
        for text in texts
    }
    return pl.col(f"c{at}").replace_strict(read, default=None, return_dtype=pl.String)


def _checked(entries: pl.DataFrame) -> pl.DataFrame:
    """The entries as whoever compares will take them; sexes that are not understood are left out."""
    sexes = {"м": "M", "m": "M", "f": "F", "ж": "F"}
    first = pl.col("sex").str.to_lowercase().str.slice(0, 1)
    entries = entries.with_columns(
        pl.when(pl.col("dob") != "").then("dob"),
        pl.when(~pl.col("banned_until").is_in(["", "none"])).then("banned_until"),
        sex=first.replace_strict(sexes, default=None, return_dtype=pl.String),
    )
    try:
        check_list(entries, "list")
    except DataError:
        raise NotPossibleError("list_unreadable") from None
    return entries


def _sealed(entries: pl.DataFrame) -> bytes:
    out = BytesIO()
    entries.write_parquet(out, compression="zstd")
    return seal_content(out.getvalue())
