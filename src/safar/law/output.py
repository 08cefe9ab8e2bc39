"""Screened findings as tables: one CSV or Parquet file written whole or not at all, or a frame in memory."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from safar.base import DataError
from safar.lake import whole_file
from safar.law.model import STATUSES, Law
from safar.law.plan import DAYS
from safar.law.screen import CHUNK, Found, Piece

_WORD = pa.dictionary(pa.int16(), pa.string())
SCHEMA = pa.schema(
    [
        pa.field("person_id", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        pa.field("provision", _WORD, nullable=False),
        pa.field("kind", _WORD, nullable=False),
        pa.field("status", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("due_on", pa.date32()),
        pa.field("latest_on", pa.date32()),
        pa.field("amount_low", pa.float64()),
        pa.field("amount_high", pa.float64()),
        pa.field("currency", _WORD),
        pa.field("ban_months", pa.int16()),
    ]
)
_TYPES = {
    "due": pa.date32(),
    "latest": pa.date32(),
    "low": pa.float64(),
    "high": pa.float64(),
    "ban": pa.int16(),
}


class Shaper:
    """Makes a chunk of findings an Arrow table in the contract's columns.

    Texts are dictionaries, so a person's id is stored once a chunk; what a provision does not have costs nothing.
    """

    def __init__(self, law: Law, ids: pl.Series) -> None:
        """``ids`` are the person ids in the order of the people table."""
        provisions = list(law.provisions.values())
        self.ids = ids
        self.names = pa.array([p.id for p in provisions])
        self.kinds, self._kind_of = _dictionary([p.kind for p in provisions])
        currencies = [next((v.currency for v in p.versions if v.currency), "") for p in provisions]
        self.currencies, self._currency_of = _dictionary(currencies)
        self.statuses = pa.array(list(STATUSES))
        self._nothing = {part: pa.nulls(CHUNK, kind) for part, kind in _TYPES.items()}
        self._no_currency = pa.DictionaryArray.from_arrays(pa.nulls(CHUNK, pa.int16()), self.currencies)

    def __call__(self, found: Found) -> pa.Table:
        """One chunk."""
        pieces = found.pieces
        places = np.array([piece.provision for piece in pieces], dtype=np.int16)
        lengths = [len(piece.where) for piece in pieces]
        ids = self.ids.gather(found.rows).to_arrow().cast(pa.string())
        columns = [
            _words(_joined([piece.where for piece in pieces], np.int32), ids),
            _words(np.repeat(places, lengths), self.names),
            _words(np.repeat(self._kind_of[places], lengths), self.kinds),
            _words(_joined([piece.status for piece in pieces], np.int8), self.statuses),
            *(self._part(pieces, part) for part in ("due", "latest", "low", "high")),
            self._currency(pieces),
            self._part(pieces, "ban"),
        ]
        return pa.table(columns, schema=SCHEMA)

    def _part(self, pieces: tuple[Piece, ...], part: str) -> Any:
        chunks = [
            _array(piece.values[part], part) if part in piece.values
            else self._nothing[part].slice(0, len(piece.where))
            for piece in pieces
        ]  # fmt: skip
        return pa.chunked_array(chunks, type=_TYPES[part])

    def _currency(self, pieces: tuple[Piece, ...]) -> Any:
        chunks = []
        for piece in pieces:
            if "low" not in piece.values:
                chunks.append(self._no_currency.slice(0, len(piece.where)))
                continue
            code = np.full(len(piece.where), self._currency_of[piece.provision])
            chunks.append(_words(code, self.currencies, mask=np.isnan(piece.values["low"])))
        return pa.chunked_array(chunks, type=self._no_currency.type)


def _joined(parts: list[npt.NDArray[Any]], kind: Any) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)


def _words(codes: npt.NDArray[Any], words: Any, mask: npt.NDArray[np.bool_] | None = None) -> Any:
    """Texts by their places in ``words``; our own places need no check."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=mask), words, safe=False)


def _dictionary(texts: list[str]) -> tuple[Any, npt.NDArray[np.int16]]:
    words = sorted(set(texts))
    return pa.array(words), np.array([words.index(text) for text in texts], dtype=np.int16)


def _array(values: npt.NDArray[Any], part: str) -> Any:
    if part in DAYS:
        return pa.array(values, mask=values < 0).cast(pa.date32())
    nothing = np.isnan(values)
    if part == "ban":
        return pa.array(np.where(nothing, 0, values).astype(np.int16), mask=nothing)
    return pa.array(values, mask=nothing)


# Nothing to look up in statistics, and a chunk's ids are one dictionary however many they are.
_PARQUET: Mapping[str, Any] = {
    "compression": "lz4", "store_schema": False, "write_statistics": False, "dictionary_pagesize_limit": 2**30,
}  # fmt: skip


def write_findings(chunks: Iterable[pa.Table], out: Path) -> int:
    """Write shaped chunks to ``out`` (.csv or .parquet), columns as in the contract; the number of findings."""
    writer = {".parquet": _write_parquet, ".csv": _write_csv}.get(out.suffix.lower())
    if writer is None:
        raise DataError(f"--out {out}: write to a file that ends in .csv or .parquet")
    with whole_file(out) as part:
        return writer(chunks, part)


def _write_parquet(chunks: Iterable[pa.Table], path: Path) -> int:
    total = 0
    writer: Any = None
    try:
        for table in chunks:
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema, **_PARQUET)
            writer.write_table(table, row_group_size=table.num_rows or 1)
            total += table.num_rows
        if writer is None:
            raise DataError("the table of people is empty; there is nobody to screen")
    finally:
        if writer is not None:
            writer.close()
    return total


def _write_csv(chunks: Iterable[pa.Table], path: Path) -> int:
    total = 0
    with path.open("wb") as file:
        for place, table in enumerate(chunks):
            pl.DataFrame(pl.from_arrow(table)).write_csv(file, include_header=place == 0)
            total += table.num_rows
        if file.tell() == 0:
            raise DataError("the table of people is empty; there is nobody to screen")
    return total


def as_frame(chunks: Iterable[pa.Table]) -> pl.DataFrame:
    """All findings in memory, texts as text: for a few people or for a summary."""
    texts = ["person_id", "provision", "kind", "status", "currency"]
    frames = [
        pl.DataFrame(pl.from_arrow(table)).with_columns(pl.col(texts).cast(pl.String)) for table in chunks
    ]
    return pl.concat(frames) if frames else pl.DataFrame(schema=dict.fromkeys(SCHEMA.names, pl.String))
