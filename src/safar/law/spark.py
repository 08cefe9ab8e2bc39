"""Past one machine: Spark spreads the people, each executor runs the compiled Polars plan on its share.

People, stays and offences are sent to a share by person_id in one shuffle; every task hands its share, as Arrow, to the
same code that screens a table on one machine, so the answers cannot differ. A task writes its findings as a file of its
own and tells only the name; the driver joins the files that were told. See docs/adr/0016.

Files given and ``out`` must lie where every worker sees them under the same path.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

import polars as pl
import polars.selectors as cs
import pyarrow as pa
import pyarrow.parquet as pq

from safar.base import DataError, day_number
from safar.lake import whole_file
from safar.lake.spark import Cut, Piece, cut_table, first_line, read_piece, spark_session
from safar.law import facts, pack
from safar.law.model import Law
from safar.law.output import Shaper, write_findings
from safar.law.screen import prepare_people, screen
from safar.law.table import Source, refuse_near_misses

SHARE = 400_000  # rows of all tables in a share: plans are made once a share, which takes most of a second
FEW = 2_000  # fewer rows are not worth a share of their own
_PACKET = "share int, table string, rows binary"
_TOLD = "file string, findings int, refused string"
_REFUSED = "refused"
_TEXTS = ("person_id", "provision", "kind", "status", "currency")
_LIST_COLUMNS = {
    "stays": ("country", "entered_on", "left_on"),
    "offences": ("country", "kind", "decided_on", "expelled"),
}


def screen_on_spark(
    law: Law,
    people: Path,
    stays: Path | None,
    offences: Path | None,
    *,
    on: date,
    out: Path,
    everything: bool = False,
    session: Any = None,
) -> int:
    """Screen people on Spark into one file, columns and types as the Polars engine's; the number of findings.

    Without a ``session`` one is opened and ended. Raises DataError naming the file, the person and the mend; nothing
    half-written stays.
    """
    if out.suffix.lower() not in (".csv", ".parquet"):
        raise DataError(f"--out {out}: write to a file that ends in .csv or .parquet")
    paths = {"people": people, "stays": stays, "offences": offences}
    names = {name: str(path) for name, path in paths.items() if path is not None}
    tables = {name: _cut(name, Path(path)) for name, path in names.items()}
    spark = session or spark_session()
    try:
        with _folder_beside(out) as folder:
            law_once = spark.sparkContext.broadcast(json.dumps(pack.packed(law)))
            task = Screening(
                names,
                {name: {c: table.columns[c] for c in _ours(name, table.columns)} for name, table in tables.items()},
                day_number(on), everything, str(Path(folder).resolve()), out.suffix.lower(), law_once,
            )  # fmt: skip
            return _joined(_run(_spread(spark, tables), task), out)
    finally:
        if session is None:
            spark.stop()


def _folder_beside(out: Path) -> "tempfile.TemporaryDirectory[str]":
    """Where the parts are written, only for the owner to read: they hold what the result holds."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise DataError(f"{out}: cannot be written: {error.strerror or error}") from None


def _cut(name: str, path: Path) -> Cut:
    """A table cut in pieces; its columns are looked at before anybody starts to work."""
    table = cut_table(path)
    if "person_id" not in table.columns:
        raise DataError(f"{path}: has no column person_id; add one")
    if name == "people":
        refuse_near_misses(Source(pl.DataFrame(schema=table.columns), str(path)))
        if not table.rows:
            raise DataError("the table of people is empty; there is nobody to screen")
    return table


def _ours(name: str, columns: Iterable[str]) -> list[str]:
    """The columns the law reads; the rest need not travel."""
    wanted = {"person_id", *_LIST_COLUMNS.get(name, (*facts.SCALARS, "stays", "offences"))}
    wanted |= {f"{column}_none" for column in wanted}
    return [c for c in columns if c in wanted or (name == "people" and c.startswith("answers."))]


def _spread(spark: Any, tables: Mapping[str, Cut]) -> Any:
    """Packed rows of all tables, so parted that all rows of a person are in one share.

    Spark moves a few large packets and not people: turning rows to Arrow and back is what costs most in it.
    """
    pieces = tuple((name, piece) for name, table in tables.items() for piece in table.pieces)
    rows, at_once = sum(table.rows for table in tables.values()), spark.sparkContext.defaultParallelism
    shares = max(ceil(rows / SHARE), min(at_once, ceil(rows / FEW)))
    packets = spark.range(0, len(pieces), 1, len(pieces)).mapInArrow(Parting(pieces, shares), _PACKET)
    return packets.repartitionById(shares, "share")


@dataclass(frozen=True)
class Parting:
    """The first task: read a piece of a table and part its rows by person, one packet a share."""

    pieces: tuple[tuple[str, Piece], ...]
    shares: int

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Batches of one column, the places of pieces; a refusal travels like a packet."""
        for place in (place for batch in batches for place in batch.column(0).to_pylist()):
            name, piece = self.pieces[place]
            try:
                for share, rows in self._parted(name, piece):
                    yield _batch(share=share, table=name, rows=rows)
            except DataError as error:
                yield _batch(share=0, table=_REFUSED, rows=str(error).encode())

    def _parted(self, name: str, piece: Piece) -> Iterator[tuple[int, bytes]]:
        rows = read_piece(piece)
        texts = cs.by_name("person_id") | cs.categorical() | cs.enum()  # dictionaries of two pieces differ
        rows = rows.select(_ours(name, rows.columns)).with_columns(texts.cast(pl.String))
        # Not Polars' own hash: a share is right only if every machine reckons it alike.
        share = [crc32(person.encode()) % self.shares if person else 0 for person in rows["person_id"]]
        rows = rows.with_columns(pl.Series("|share", share, dtype=pl.Int32))
        for (number,), part in rows.partition_by("|share", as_dict=True, include_key=False).items():
            packet = BytesIO()
            part.write_ipc_stream(packet, compression="lz4")
            yield int(number), packet.getvalue()


def _batch(**values: Any) -> pa.RecordBatch:
    kinds = {int: pa.int32(), bytes: pa.binary(), str: pa.string()}
    return pa.record_batch({name: pa.array([value], kinds[type(value)]) for name, value in values.items()})


@dataclass(frozen=True)
class Screening:
    """The second task: what every share is told. Tables by name, the day, where to write, and the law."""

    names: Mapping[str, str]
    columns: Mapping[str, Mapping[str, Any]]
    on: int
    everything: bool
    folder: str
    suffix: str
    packed: Any  # a broadcast: sent to a machine once

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Screen one share. A refusal is an answer, not a failure: Spark would try again what cannot go well."""
        packets: dict[str, list[pl.DataFrame]] = {name: [] for name in self.names}
        for packet in (row for batch in batches for row in batch.to_pylist()):
            if packet["table"] == _REFUSED:
                yield _batch(file="", findings=0, refused=packet["rows"].decode())
                return
            packets[packet["table"]].append(pl.read_ipc_stream(packet["rows"]))
        try:
            file, findings = self._screened(packets)
        except DataError as error:
            yield _batch(file="", findings=0, refused=str(error))
        else:
            yield _batch(file=file, findings=findings, refused="")

    def _screened(self, packets: Mapping[str, list[pl.DataFrame]]) -> tuple[str, int]:
        law = _unpacked(self.packed.value)
        sources = {name: self._source(name, packets[name]) for name in self.names}
        people = sources["people"]
        empty = people.frame["person_id"].null_count()
        if empty:
            raise DataError(f"{people.name}: person_id is empty in {empty} rows; every row needs one")
        prepared = prepare_people(law, people, sources.get("stays"), sources.get("offences"), self.on)
        if not prepared.ids.len():
            return "", 0  # only stays and offences of people nobody asks about; they have been checked
        chunks = screen(
            law, prepared, on=self.on, shape=Shaper(law, prepared.ids), everything=self.everything
        )
        file = f"{uuid4().hex}{self.suffix}"
        return file, write_findings(chunks, Path(self.folder) / file)

    def _source(self, name: str, packets: list[pl.DataFrame]) -> Source:
        empty = pl.DataFrame(schema=self.columns[name])
        return Source(pl.concat(packets) if packets else empty, self.names[name], by_person=True)


@lru_cache(maxsize=2)
def _unpacked(text: str) -> Law:
    """Made once a process; Spark keeps its Python processes from task to task."""
    return pack.unpacked(json.loads(text))


def _run(shares: Any, task: Screening) -> list[tuple[Path, int]]:
    """The parts that were written, with their numbers of findings."""
    try:
        told = shares.mapInArrow(task, _TOLD).collect()
    except Exception as error:
        raise DataError(f"Spark could not finish: {first_line(error)}") from None
    refused = sorted(row["refused"] for row in told if row["refused"])
    if refused:
        raise DataError(refused[0])
    return [(Path(task.folder) / row["file"], row["findings"]) for row in told if row["file"]]


def _joined(parts: list[tuple[Path, int]], out: Path) -> int:
    missing = [file for file, _ in parts if not file.is_file()]
    if missing:
        raise DataError(
            f"{out}: {len(missing)} parts are not here; --out must lie where every worker sees it"
        )
    files = [file for file, _ in parts]
    if out.suffix.lower() == ".parquet":
        return write_findings(_row_groups(files), out)
    with whole_file(out) as whole, whole.open("wb") as joined:
        for place, file in enumerate(files):
            with file.open("rb") as part:
                if place:
                    part.readline()  # the header stands once
                shutil.copyfileobj(part, joined, 2**20)
            with suppress(OSError):
                file.unlink()
    return sum(findings for _, findings in parts)


def _row_groups(files: list[Path]) -> Iterator[pa.Table]:
    """The parts as they were written, one row group at a time; a part that is read is deleted to free the disk."""
    for file in files:
        with pq.ParquetFile(file, read_dictionary=list(_TEXTS)) as part:
            for place in range(part.num_row_groups):
                yield part.read_row_group(place)
        with suppress(OSError):
            file.unlink()
