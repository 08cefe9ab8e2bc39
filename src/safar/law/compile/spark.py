"""Past one machine: Spark spreads the people, each executor runs the compiled Polars plan on its share.

People meet their stays and offences by person_id in one shuffle; every task then hands Arrow batches to the same
code that screens a table on one machine, so the answers cannot differ. See docs/adr/0016.
"""

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from safar.base import DataError, day_number
from safar.law import pack
from safar.law.model import Law
from safar.law.output import COLUMNS, Shaper, write_findings
from safar.law.screen import prepare_people, screen
from safar.law.table import Source

_SCHEMA = (
    "person_id string, provision string, kind string, status string, due_on date, latest_on date, "
    "amount_low double, amount_high double, currency string, ban_months smallint"
)
_DOT, _NO_DOT = "answers.", "answers|"  # in Spark a dot in a name means a field
_LISTS = {
    "stays": ("country", "entered_on", "left_on", "left_on_none"),
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
    """Screen people on Spark into one file, columns as the Polars engine's; the number of findings.

    Raises DataError naming the file and the person; nothing half-written stays.
    """
    from safar.lake.spark import spark_session

    spark = session or spark_session()
    table = _read(spark, people)
    names = {"people": str(people), "stays": str(stays), "offences": str(offences)}
    _refuse_twice(table, names["people"])
    given = {}
    for name, path in (("stays", stays), ("offences", offences)):
        if path is not None:
            table = _with_list(spark, table, name, path)
            given[name] = True
    packed = spark.sparkContext.broadcast(json.dumps(pack.packed(law)))
    reckon = _reckoner(packed, names, given, day_number(on), everything)
    findings = table.repartition("person_id").mapInArrow(reckon, _SCHEMA)
    with tempfile.TemporaryDirectory(
        dir=out.parent if out.parent.is_dir() else None, prefix=".spark-"
    ) as folder:
        try:
            findings.write.parquet(f"{folder}/parts", compression="lz4")
        except Exception as error:
            raise DataError(_told(error)) from None
        return write_findings(_parts(Path(folder) / "parts"), out)


def _read(spark: Any, path: Path) -> Any:
    if not path.is_file():
        raise DataError(f"{path}: there is no such file")
    if path.suffix.lower() == ".parquet":
        table = spark.read.parquet(str(path.resolve()))
    elif path.suffix.lower() == ".csv":
        table = spark.read.csv(str(path.resolve()), header=True, inferSchema=False, escape='"')
    else:
        raise DataError(f"{path}: write the table as .csv or .parquet")
    return table.toDF(*(name.replace(_DOT, _NO_DOT) for name in table.columns))


def _refuse_twice(table: Any, name: str) -> None:
    if "person_id" not in table.columns:
        raise DataError(f"{name}: has no column person_id; add one")
    twice = table.groupBy("person_id").count().where("count > 1 or person_id is null").limit(1).collect()
    if twice:
        who = twice[0]["person_id"]
        told = "stands in more than one row; keep one" if who is not None else "is empty; every row needs one"
        raise DataError(f"{name}: person_id {who or ''} {told}".replace("  ", " "))


def _with_list(spark: Any, table: Any, name: str, path: Path) -> Any:
    """People with a list of structs; who has no row has null there."""
    from pyspark.sql import functions as f

    rows = _read(spark, path)
    wanted = [column for column in _LISTS[name] if column in rows.columns]
    if "person_id" not in rows.columns:
        raise DataError(f"{path}: has no column person_id; add one")
    lists = rows.groupBy("person_id").agg(f.collect_list(f.struct(*wanted)).alias(f"{name}|rows"))
    return table.join(lists, on="person_id", how="left")


def _reckoner(packed: Any, names: dict[str, str], given: dict[str, bool], on: int, everything: bool) -> Any:
    """The function each task runs on its Arrow batches."""

    def reckon(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        law = _unpacked(packed.value)
        for batch in batches:
            if not batch.num_rows:
                continue
            table = _screened(law, pl.DataFrame(pl.from_arrow(batch)), names, given, on, everything)
            yield from table.to_batches()

    return reckon


@lru_cache(maxsize=2)
def _unpacked(text: str) -> Law:
    return pack.unpacked(json.loads(text))


def _screened(
    law: Law, frame: pl.DataFrame, names: dict[str, str], given: dict[str, bool], on: int, everything: bool
) -> pa.Table:
    sources = {name: _list_of(frame, name, names[name]) if given.get(name) else None for name in _LISTS}
    frame = frame.rename(lambda name: name.replace(_NO_DOT, _DOT))
    people = Source(frame.drop([f"{name}|rows" for name in given]), names["people"], by_person=True)
    prepared = prepare_people(law, people, sources["stays"], sources["offences"], on)
    shape = Shaper(law, prepared.ids)
    tables = list(screen(law, prepared, on=on, shape=shape, everything=everything))
    plain = [_plain(table) for table in tables]
    return pa.concat_tables(plain).combine_chunks() if plain else _plain(_of_nobody(shape))


def _of_nobody(shape: Shaper) -> pa.Table:
    from safar.law.screen import Found, no_rows

    return shape(Found(no_rows(), ()))


def _plain(table: pa.Table) -> pa.Table:
    """Texts as text: Spark knows no dictionaries."""
    columns = [
        column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for column in table.columns
    ]
    return pa.table(columns, names=list(COLUMNS))


def _list_of(frame: pl.DataFrame, name: str, file: str) -> Source:
    rows = frame.select("person_id", f"{name}|rows").explode(f"{name}|rows").drop_nulls(f"{name}|rows")
    return Source(rows.unnest(f"{name}|rows"), file, by_person=True)


def _parts(folder: Path) -> Iterator[pa.Table]:
    for path in sorted(folder.glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=1_000_000):
            yield pa.table(batch)


def _told(error: Exception) -> str:
    """The refusal that a task told, out of Spark's many lines."""
    for line in str(error).splitlines():
        if "DataError: " in line:
            return line.split("DataError: ", 1)[1].strip()
    return f"Spark could not finish: {str(error).splitlines()[0][:200]}"
