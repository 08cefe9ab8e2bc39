"""Twelve rules on Spark in three ways: as Spark SQL written by hand, and as Safar's compiled Polars plan in its tasks.

`python -m bench.spark_sql [--quick]` prints the table; docs/adr/0016 stands on it. Every way goes from a Parquet file of people to
Parquet files of findings (person, provision, status, last day) in one warm session on two processors, and must give the
same rows. Java has its full compiler here, which Safar's own sessions do without; that is fair to SQL.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bench import report
from bench.measure import ON, ROOT, world
from bench.spark import family_of, seconds_of
from safar.base import content_path, day_number
from safar.lake.spark import cut_table, read_piece
from safar.law import Law, pack, read_law
from safar.law.build import Builder
from safar.law.output import Shaper
from safar.law.read import link
from safar.law.screen import prepare_people, screen
from safar.law.table import Source

# name: citizenships, destination, test of the purpose, event, days after it, day on which it was done
DUTIES = {
    "PATENT": (("TJ", "UZ", "AZ", "MD"), "RU", "= 'work'", "entered_on", 29, "patent_applied_on"),
    "REGISTRATION-TJ": (("TJ",), "RU", "", "entered_on", 14, "registered_on"),
    "REGISTRATION-KG": (("KG",), "RU", "", "entered_on", 29, "registered_on"),
    "FINGERPRINTS-WORK": (("TJ", "KG"), "RU", "= 'work'", "entered_on", 29, "fingerprinted_on"),
    "FINGERPRINTS-OTHER": (("TJ", "KG"), "RU", "<> 'work'", "entered_on", 89, "fingerprinted_on"),
    "MEDICAL": (("TJ", "KG"), "RU", "= 'work'", "entered_on", 29, "medical_exam_on"),
    "CONTRACT-COPY": (("TJ",), "RU", "", "patent_issued_on", 60, "patent_contract_filed_on"),
    "REGISTRATION-KZ": (("TJ", "KG"), "KZ", "", "entered_on", 29, "registered_on"),
    "HOST-NOTICE-KZ": (("TJ", "KG"), "KZ", "", "entered_on", 2, "host_notified_on"),
    "ADDRESS-KZ": (("TJ", "KG"), "KZ", "", "moved_on", 4, "registered_on"),
}
# name: citizenships, destination, what must be equal
PERMISSIONS = {
    "REGION-OF-PATENT": (("TJ", "UZ", "AZ", "MD"), "RU", "work_region = patent_region"),
    "DOCUMENT-AT-ENTRY": (("TJ",), "RU", "entry_document = 'passport'"),
}
FOUND = ("person_id", "provision", "status", "due_on")
SCHEMA = "person_id string, provision string, status string, due_on date"
DAY = day_number(date.fromisoformat(ON))


def main(*, quick: bool = False) -> list[dict]:
    """One row a way: median seconds of the warm runs, and whether the rows are those of SQL."""
    if shutil.which("java") is None:
        return []
    size, runs = (100_000, 2) if quick else (1_000_000, 5)
    people = world(size) / "people.parquet"
    spark = _session()
    packed = spark.sparkContext.broadcast(json.dumps(pack.packed(law_of_twelve())))
    ways = {
        "Spark SQL by hand": lambda out: _sql(spark, people, out),
        "plan, people as Spark rows": lambda out: _rows(spark, people, packed, out),
        "plan, tasks read and write (Safar)": lambda out: _pieces(spark, people, packed, out),
    }
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        rows = _measured(ways, Path(folder), runs, size)
    spark.stop()
    return rows


def _measured(ways: dict[str, Callable[[Path], None]], folder: Path, runs: int, size: int) -> list[dict]:
    """Ways take turns, so that a noisy minute meets all of them; the first turn warms up."""
    wall: dict[str, list[float]] = {way: [] for way in ways}
    cpu: dict[str, list[float]] = {way: [] for way in ways}
    digests = {}
    for turn in range(runs + 1):
        for way, work in ways.items():
            out = folder / uuid4().hex
            start, clock = _all_seconds(), time.perf_counter()
            work(out)
            if turn:
                cpu[way].append(_all_seconds() - start)
                wall[way].append(time.perf_counter() - clock)
            digests[way] = _digest(out)
            shutil.rmtree(out)
    expected = next(iter(digests.values()))
    return [
        {
            "way": way, "people": f"{size:,}", "findings": f"{digests[way][0]:,}",
            "processor time": _spread(cpu[way]), "wall": _spread(wall[way]),
            "rows as SQL": "yes" if digests[way] == expected else "NO",
        }
        for way in ways
    ]  # fmt: skip


def _spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f} s ({min(seconds):.1f}-{max(seconds):.1f})"


def _all_seconds() -> float:
    return sum(seconds_of(process) for process in family_of(os.getpid()))


def _digest(out: Path) -> tuple[Any, ...]:
    found = pl.scan_parquet(out / "*.parquet").select(pl.col(FOUND[:3]).cast(pl.String), "due_on")
    rows = pl.struct(pl.all()).hash(seed=1).cast(pl.UInt64).sum()
    return found.select(pl.len(), rows.alias("rows")).collect().row(0)


def _session() -> Any:
    from pyspark.sql import SparkSession

    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    settings = {
        "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.memory": "2g", "spark.log.level": "OFF",
        "spark.executorEnv.POLARS_MAX_THREADS": "1", "spark.executorEnv.PYTHONPATH": str(ROOT),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
    }  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def _concerned(citizens: tuple[str, ...], to: str, purpose: str) -> str:
    listed = ", ".join(f"'{citizen}'" for citizen in citizens)
    text = f"destination = '{to}' and citizenship in ({listed})"
    return f"{text} and entry_purpose {purpose}" if purpose else text


# --- by hand -------------------------------------------------------------------------------------------------------


def _sql(spark: Any, people: Path, out: Path) -> None:
    """Each rule as a status and a last day; what does not concern a person is null and left out."""
    cases = [_duty_sql(name, *keys) for name, keys in DUTIES.items()]
    cases += [_permission_sql(name, *keys) for name, keys in PERMISSIONS.items()]
    stacked = f"stack({len(cases)}, {', '.join(cases)}) as (provision, status, due_on)"
    table = spark.read.parquet(str(people)).selectExpr("person_id", stacked)
    table.where("status is not null").write.parquet(str(out))


def _duty_sql(
    name: str, citizens: tuple[str, ...], to: str, purpose: str, event: str, days: int, done: str
) -> str:
    concerned, due = _concerned(citizens, to, purpose), f"date_add({event}, {days})"
    fulfilled = f"case when {done}_none then false else {done} >= {event} end"
    status = f"""case
        when {event} is null and not coalesce({event}_none, false)
            then case when not ({concerned}) then null else 'unknown' end
        when {event}_none or {event} < date'2000-01-01' or not ({concerned}) then null
        when ({concerned}) is null then 'unknown'
        when ({fulfilled}) is null then 'unknown'
        when {fulfilled} then case when {done} > {due} then 'late' else 'done' end
        when date'{ON}' > {due} then 'overdue'
        else 'due' end"""
    return f"'RU-{name}', {status}, {due}"


def _permission_sql(name: str, citizens: tuple[str, ...], to: str, allows: str) -> str:
    concerned = _concerned(citizens, to, "")
    status = f"""case
        when not ({concerned}) then null
        when ({concerned}) is null or ({allows}) is null then 'unknown'
        when {allows} then 'allowed' else 'forbidden' end"""
    return f"'RU-{name}', {status}, cast(null as date)"


# --- the compiled plan ---------------------------------------------------------------------------------------------


def law_of_twelve() -> Law:
    """The same rules as provisions."""
    full = read_law()
    builder = Builder(content_path(), "RU", {})
    common = {"in_force": {"from": "2000-01-01", "until": None}, "cites": [{"act": "bench"}], "seen": "none",
              "confidence": "high"}  # fmt: skip
    versions = {}
    for name, (citizens, to, purpose, event, days, done) in DUTIES.items():
        versions[name] = ("duty", {"applies": _concerned(citizens, to, purpose), "from_event": event,
                                   "by": f"{event} + {days} days", "done": f"{done} >= {event}", "done_on": done})  # fmt: skip
    for name, (citizens, to, allows) in PERMISSIONS.items():
        versions[name] = ("permission", {"applies": _concerned(citizens, to, ""), "allows": allows})
    provisions = {}
    for name, (kind, keys) in versions.items():
        data = {"id": f"RU-{name}", "kind": kind, "country": "RU", "versions": [common | keys]}
        path = content_path() / "law" / "ru" / "bench" / f"RU-{name}.yaml"
        provisions[f"RU-{name}"] = builder.provision(path, data)
    return link(provisions, {}, full.calendars)


@lru_cache(maxsize=1)
def _unpacked(text: str) -> Law:
    return pack.unpacked(json.loads(text))


def _found(packed: Any, people: pl.DataFrame) -> Iterator[pa.Table]:
    law = _unpacked(packed.value)
    prepared = prepare_people(law, Source(people, "people"), None, None, DAY)
    for table in screen(law, prepared, on=DAY, shape=Shaper(law, prepared.ids)):
        yield table.select(list(FOUND))


def _rows(spark: Any, people: Path, packed: Any, out: Path) -> None:
    """Spark reads people and writes findings; the plan stands between."""

    def reckon(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for table in _found(packed, pl.DataFrame(pl.from_arrow(batch))):
                plain = pa.table([c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in table.columns],
                                 names=table.column_names)  # fmt: skip
                yield from plain.to_batches()

    spark.read.parquet(str(people)).mapInArrow(reckon, SCHEMA).write.parquet(str(out))


def _pieces(spark: Any, people: Path, packed: Any, out: Path) -> None:
    """Tasks read pieces of the file and write their findings; Spark only says who does what."""
    pieces = cut_table(people).pieces
    out.mkdir()

    def reckon(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for place in (place for batch in batches for place in batch.column(0).to_pylist()):
            tables = _found(packed, read_piece(pieces[place]))
            first = next(tables)
            with pq.ParquetWriter(out / f"{uuid4().hex}.parquet", first.schema, store_schema=False) as file:
                for table in (first, *tables):
                    file.write_table(table)
            yield pa.record_batch({"id": pa.array([place])})

    spark.range(0, len(pieces), 1, len(pieces)).mapInArrow(reckon, "id long").collect()


if __name__ == "__main__":
    from bench.spark_sql import main  # the name under which tasks find what they unpack

    print(report.table(main(quick="--quick" in sys.argv)))
