"""The door to Spark: a session on this machine or on a cluster, and tables cut in pieces that tasks read alone.

Spark is asked for by two settings of the environment: ``SAFAR_SPARK_MASTER`` (``spark://host:7077``; all processors of
this machine if it is not set) and ``SAFAR_SPARK_MEMORY`` (``2g``: what the driver and each executor may take).
"""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from polars.exceptions import PolarsError

from safar.base import DataError
from safar.lake.tables import read_table

JAVA_NEEDED = 17
MEMORY = "1g"
WORKER_SECONDS = 60  # how long to wait for the first worker of a cluster
PIECE_ROWS, PIECE_BYTES = 250_000, 32 * 2**20
_QUOTE, _LINE_BREAK = ord('"'), ord("\n")
_SIZES = {"m": 2**20, "g": 2**30}
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.executorEnv.POLARS_MAX_THREADS": "1",  # Spark already runs one task a processor
    "spark.python.worker.reuse": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "64",  # a record is a packed piece of a table, not a person
    "spark.buffer.pageSize": "4m",  # else each small table that is sent to all workers takes 64 MB of the heap
    # Java only plans and moves packets here: its quick compiler is enough and starts in half the processor time.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.log.level": "OFF",  # what fails is raised here; it need not stand on the terminal too
}


def spark_session(master: str | None = None, *, memory: str | None = None) -> Any:
    """A Spark session at ``master``, at SAFAR_SPARK_MASTER, or on all processors of this machine.

    ``memory`` (``800m``, ``2g``; SAFAR_SPARK_MEMORY, else 1g) is the heap of the driver and of each executor; Python
    takes its own beside it. Executors run this interpreter, so Safar must stand at the same place on each machine.
    Raises DataError, with the mend, where Java or pyspark is missing, the memory cannot be had or no worker answers.
    """
    where = master or os.environ.get("SAFAR_SPARK_MASTER") or "local[*]"
    heap = _heap(memory or os.environ.get("SAFAR_SPARK_MEMORY") or MEMORY)
    _check_java()
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise DataError(
            "--engine spark: pyspark is missing; install safar[spark] or use --engine polars"
        ) from None
    builder = SparkSession.builder.master(where).appName("safar")
    for key, value in {**_SETTINGS, **_place(where), **_memory(heap), **_python()}.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise DataError(f"--engine spark: no session at {where}: {first_line(error)}") from None
    if not where.startswith("local"):
        _wait_for_worker(session, where, heap)
    return session


@dataclass(frozen=True)
class Piece:
    """A part of a table that can be read alone: rows of a Parquet file, or whole lines of a CSV file in bytes."""

    path: Path
    start: int
    length: int
    header: bytes = b""  # of a CSV file: its first line, which every piece needs


@dataclass(frozen=True)
class Cut:
    """A table cut in pieces: its columns and their types, how many rows (of CSV: lines), and where the pieces are."""

    columns: pl.Schema
    rows: int
    pieces: tuple[Piece, ...]


def cut_table(path: Path) -> Cut:
    """Cut a table in pieces without reading it. Raises DataError as ``read_table`` does."""
    if path.is_file() and path.suffix.lower() == ".parquet":
        return _cut_parquet(path)
    if path.is_file() and path.suffix.lower() == ".csv":
        return _cut_csv(path)
    read_table(path)  # says what is wrong with it
    raise DataError(f"{path}: cannot be cut in pieces")


def read_piece(piece: Piece) -> pl.DataFrame:
    """The rows of a piece, as ``read_table`` reads them. Raises DataError as it does."""
    if not piece.path.is_file():
        raise DataError(
            f"{piece.path}: a worker does not see it; tables must lie where every worker sees them"
        )
    try:
        if not piece.header:
            table = pl.scan_parquet(piece.path, glob=False)
            return table.slice(piece.start, piece.length).collect()
        with piece.path.open("rb") as file:
            file.seek(piece.start)
            return pl.read_csv(piece.header + file.read(piece.length), infer_schema=False)
    except (PolarsError, OSError) as error:
        read_table(piece.path)  # says what is wrong and in which row
        raise DataError(f"{piece.path}: cannot be read: {first_line(error)}") from None


def _cut_parquet(path: Path) -> Cut:
    """Row groups are pieces; of a long one many rows at a time."""
    try:
        columns = pl.read_parquet_schema(path)
        with pq.ParquetFile(path) as file:
            groups = [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)]
    except (PolarsError, pa.ArrowException, OSError):
        read_table(path)
        raise
    pieces, start = [], 0
    for rows in groups:
        for place in range(0, rows, PIECE_ROWS):
            pieces.append(Piece(path.resolve(), start + place, min(PIECE_ROWS, rows - place)))
        start += rows
    return Cut(pl.Schema(columns), start, tuple(pieces))


def _cut_csv(path: Path) -> Cut:
    """Cut where a line ends outside quotes; what stands in quotes may hold a line break."""
    with path.open("rb") as file:
        header = file.readline()
    if header.count(b'"') % 2 or not header.strip():
        read_table(path)
        raise DataError(f"{path}: the first row must hold the column names, without line breaks")
    columns = pl.read_csv(header, infer_schema=False).schema
    header = header if header.endswith(b"\n") else header + b"\n"
    ends, lines, quoted = _line_ends(path, len(header))
    size = path.stat().st_size
    if quoted:  # a quote that nobody closed: let the reader of the whole file judge
        ends = []
    bounds = [len(header), *(end for end in ends if end < size), size]
    pieces = [Piece(path.resolve(), a, b - a, header) for a, b in pairwise(bounds) if b > a]
    return Cut(columns, lines, tuple(pieces))


def _line_ends(path: Path, start: int) -> tuple[list[int], int, bool]:
    """Ends of lines some ``PIECE_BYTES`` apart, how many lines, and whether a quote is open at the end."""
    ends: list[int] = []
    lines, quoted, at, rest = 0, False, start, 0
    with path.open("rb") as file:
        file.seek(start)
        while block := file.read(PIECE_BYTES):
            data = np.frombuffer(block, dtype=np.uint8)
            quotes, breaks = np.flatnonzero(data == _QUOTE), np.flatnonzero(data == _LINE_BREAK)
            before = np.searchsorted(quotes, breaks) + quoted
            outside = breaks[before % 2 == 0]
            if len(outside):
                ends.append(at + int(outside[-1]) + 1)
            lines += len(outside)
            quoted = bool((len(quotes) + quoted) % 2)
            at += len(block)
            rest = at - (ends[-1] if ends else start)
    return ends, lines + (rest > 0), quoted


def first_line(error: Exception) -> str:
    """What went wrong, out of Spark's many lines."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    java = [
        line.removeprefix(":").strip() for line in lines if line.startswith(": ")
    ]  # above it stands only who called
    for line in (*java, *lines):
        return line[:200]
    return type(error).__name__


def _heap(memory: str) -> str:
    told = re.fullmatch(r"([1-9]\d*)([mg])", memory.lower())
    if told is None:
        raise DataError(f"SAFAR_SPARK_MEMORY is {memory!r}; write it as 800m or 2g")
    wanted = int(told[1]) * _SIZES[told[2]]
    here = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if not 512 * 2**20 <= wanted <= here:
        raise DataError(
            f"SAFAR_SPARK_MEMORY is {memory}; name at least 512m and no more than the {here // 2**20}m of this machine"
        )
    return memory.lower()


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    path = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    mend = f"install a Java {JAVA_NEEDED} runtime, set JAVA_HOME, or use --engine polars"
    if path is None:
        raise DataError(f"--engine spark: Java is missing; {mend}")
    told = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if version is None or int(version[1]) < JAVA_NEEDED:
        raise DataError(f"--engine spark: Java is {version[1] if version else 'unknown'}; {mend}")


def _place(where: str) -> dict[str, str]:
    """On this machine nothing listens to the network; a cluster elsewhere must be able to call back."""
    if not where.startswith("local") and urlsplit(where).hostname not in ("127.0.0.1", "localhost"):
        return {}
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # read when the Java machine starts
    return {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def _memory(heap: str) -> dict[str, str]:
    return {"spark.driver.memory": heap, "spark.executor.memory": heap}


def _python() -> dict[str, str]:
    """Tasks run this interpreter; spark.pyspark.python would say so only to spark-submit."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return {"spark.executorEnv.PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _wait_for_worker(session: Any, where: str, heap: str) -> None:
    """Spark would wait for ever, and say so only in its log."""
    status = session.sparkContext._jsc.sc()
    until = time.monotonic() + WORKER_SECONDS
    while status.getExecutorMemoryStatus().size() < 2:  # the driver counts as one
        if time.monotonic() > until:
            session.stop()
            raise DataError(
                f"--engine spark: no worker of {where} took the work within {WORKER_SECONDS} seconds; start workers "
                f"that have {heap} of memory free, or name less in SAFAR_SPARK_MEMORY"
            )
        time.sleep(0.2)
