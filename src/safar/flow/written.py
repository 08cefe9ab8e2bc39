"""Ranking from findings that were written, by ``safar law screen`` or on Spark: read lazily, made chunks again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from safar.base import DataError, day_number
from safar.flow.asides import with_escalation
from safar.flow.chunk import NO_DAY
from safar.flow.rank import Ranker, finished
from safar.flow.table import table_of
from safar.flow.triage import Triage
from safar.law.model import STATUSES, Law
from safar.law.prepare import Prepared
from safar.law.screen import CHUNK, Found, Piece, screen

_PARTS = {"due": "due_on", "low": "amount_low", "high": "amount_high", "ban": "ban_months"}
_NEEDED = ("person_id", "provision", "status", *_PARTS.values())


def rank(
    findings: pl.LazyFrame | pl.DataFrame, people: Prepared, *, law: Law, triage: Triage, on: date
) -> pl.DataFrame:
    """The needs of everybody from their findings of that day, the same as ``rank_people`` gives.

    ``findings`` in the columns of ``safar law screen``; ``people`` are the tables they were screened from, made
    ready by ``prepare_people``: they say which fact decides, and whether danger signs make another critical.
    Raises DataError for findings of somebody who is not among the people.
    """
    wide = with_escalation(law)
    ranker = Ranker(wide, table_of(law, triage, on), day_number(on))
    coded = _coded(findings.lazy(), people, ranker)
    extra = set(wide.parts) - set(law.parts)
    chunks = screen(wide, people, on=day_number(on), shape=_raised, only=extra)
    found = pl.concat([coded, *chunks])
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        ranked = pool.map(lambda start: ranker(_chunk(found, start)), range(0, len(people.ids), CHUNK))
        return finished(law, people, ranked, day_number(on))


def _coded(findings: pl.LazyFrame, people: Prepared, ranker: Ranker) -> pl.DataFrame:
    """Row of the person, places of provision and status, days and amounts; only what can be a need or bring one."""
    schema = findings.collect_schema()
    lacking = set(_NEEDED) - set(schema)
    if lacking:
        raise DataError(f"the findings have no column {min(lacking)}; write them with `safar law screen`")
    wanted = ranker.table.wanted()
    kept = findings.select(_NEEDED).filter(
        pl.col("provision").cast(pl.String).is_in(wanted),
        pl.col("status").cast(pl.String).is_in(ranker.table.statuses()),
    )
    day = pl.col("due_on")
    ids = pl.LazyFrame({"person_id": people.ids}).with_row_index("row")
    coded = kept.join(ids, on="person_id", how="left").select(
        pl.col("row").cast(pl.Int32),
        _place("provision", ranker.names, pl.Int16),
        _place("status", list(STATUSES), pl.Int8),
        due=(day.str.to_date() if schema["due_on"] == pl.String else day).cast(pl.Int32).fill_null(NO_DAY),
        **{
            part: pl.col(name).cast(pl.Float64).fill_null(np.nan)
            for part, name in _PARTS.items()
            if part != "due"
        },
    )
    frame = coded.collect()
    if frame["row"].null_count():
        raise DataError("the findings are of somebody who is not among the people; screen these people again")
    return frame


def _place(column: str, values: list[str], kind: Any) -> pl.Expr:
    return pl.col(column).cast(pl.String).replace_strict(values, range(len(values)), return_dtype=kind)


def _raised(found: Found) -> pl.DataFrame:
    frames = [
        pl.DataFrame({"row": found.rows[piece.where], "status": piece.status}).with_columns(
            provision=pl.lit(piece.provision, dtype=pl.Int16)
        )
        for piece in found.pieces
    ]
    nothing = {"due": pl.lit(NO_DAY, pl.Int32), **dict.fromkeys(("low", "high", "ban"), pl.lit(np.nan))}
    joined = pl.concat([pl.DataFrame(schema=_RAISED), *frames])
    return joined.with_columns(**nothing).select("row", "provision", "status", *_PARTS)


_RAISED = {"row": pl.Int32, "status": pl.Int8, "provision": pl.Int16}


def _chunk(found: pl.DataFrame, start: int) -> Found:
    """The findings of the people from a row on, as screening gives them."""
    part = found.filter(pl.col("row").is_between(start, start + CHUNK - 1))
    pieces = part.partition_by("provision", as_dict=True).items()
    rows = np.arange(start, start + CHUNK, dtype=np.int32)
    return Found(rows, tuple(_piece(place, own, start) for (place,), own in pieces))


def _piece(provision: int, own: pl.DataFrame, start: int) -> Piece:
    values = {part: own[part].to_numpy() for part in _PARTS}
    return Piece(provision, own["row"].to_numpy() - np.int32(start), own["status"].to_numpy(), values)
