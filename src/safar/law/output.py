"""Writes screened findings to one CSV or Parquet file, chunk by chunk, whole or not at all."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from safar.base import DataError
from safar.lake import whole_file
from safar.law.model import STATUSES, Law
from safar.law.screen import Found

COLUMNS = (
    "person_id",
    "provision",
    "kind",
    "status",
    "due_on",
    "latest_on",
    "amount_low",
    "amount_high",
    "currency",
    "ban_months",
)


class Table:
    """Findings as Arrow tables; texts are dictionaries, so a person's id is stored once a chunk."""

    def __init__(self, law: Law, ids: pl.Series) -> None:
        """``ids`` are the person ids in the order of the people table."""
        provisions = list(law.provisions.values())
        self.ids = ids
        self.names = pa.array([p.id for p in provisions])
        self.kinds, self._kind_of = _dictionary([p.kind for p in provisions])
        currencies = [next((v.currency for v in p.versions if v.currency), "") for p in provisions]
        self.currencies, self._currency_of = _dictionary(currencies)
        self.statuses = pa.array(list(STATUSES))

    def arrow(self, found: Found) -> pa.Table:
        """One chunk in the contract's columns."""
        people, person = np.unique(found.person, return_inverse=True)
        ids = self.ids.gather(people).to_arrow().cast(pa.string())
        no_amount = np.isnan(found.low)
        columns = [
            pa.DictionaryArray.from_arrays(pa.array(person.astype(np.int32)), ids),
            _coded(found.provision, self.names),
            _coded(self._kind_of[found.provision], self.kinds),
            _coded(found.status, self.statuses),
            _days(found.due),
            _days(found.latest),
            pa.array(found.low, mask=no_amount),
            pa.array(found.high, mask=np.isnan(found.high)),
            _coded(self._currency_of[found.provision], self.currencies, no_amount),
            pa.array(np.nan_to_num(found.ban).astype(np.int16), mask=np.isnan(found.ban)),
        ]
        return pa.table(columns, names=list(COLUMNS))


def _dictionary(texts: list[str]) -> tuple[Any, np.ndarray[Any, np.dtype[np.int16]]]:
    words = sorted(set(texts))
    return pa.array(words), np.array([words.index(text) for text in texts], dtype=np.int16)


def _coded(codes: Any, words: Any, mask: Any = None) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int16), mask=mask), words)


def _days(days: np.ndarray[Any, np.dtype[np.int32]]) -> Any:
    return pa.array(days, mask=days < 0).cast(pa.date32())


def write_findings(law: Law, ids: pl.Series, chunks: Iterable[Found], out: Path) -> int:
    """Write all chunks to ``out`` (.csv or .parquet); the number of findings. Columns as in the contract."""
    writer = {".parquet": _write_parquet, ".csv": _write_csv}.get(out.suffix.lower())
    if writer is None:
        raise DataError(f"--out {out}: write to a file that ends in .csv or .parquet")
    with whole_file(out) as part:
        return writer(Table(law, ids), chunks, part)


def _write_parquet(table: Table, chunks: Iterable[Found], path: Path) -> int:
    total = 0
    writer: Any = None
    try:
        for found in chunks:
            arrow = table.arrow(found)
            if writer is None:
                writer = pq.ParquetWriter(path, arrow.schema, compression="lz4", store_schema=False)
            writer.write_table(arrow, row_group_size=len(found) or 1)
            total += len(found)
        if writer is None:
            raise DataError("the table of people is empty; there is nobody to screen")
    finally:
        if writer is not None:
            writer.close()
    return total


def _write_csv(table: Table, chunks: Iterable[Found], path: Path) -> int:
    total = 0
    with path.open("wb") as file:
        for place, found in enumerate(chunks):
            frame = pl.DataFrame(pl.from_arrow(table.arrow(found)))
            frame.write_csv(file, include_header=place == 0)
            total += len(found)
        if total == 0 and file.tell() == 0:
            file.write((",".join(COLUMNS) + "\n").encode())
    return total


def as_frame(law: Law, ids: pl.Series, chunks: Iterable[Found]) -> pl.DataFrame:
    """All findings in memory, for a few people or for a summary."""
    table = Table(law, ids)
    frames = [pl.DataFrame(pl.from_arrow(table.arrow(found))) for found in chunks if len(found)]
    texts = ["person_id", "provision", "kind", "status", "currency"]
    plain = [frame.with_columns(pl.col(texts).cast(pl.String)) for frame in frames]
    return pl.concat(plain) if plain else pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
