"""Spark for real: a standalone master and two workers on loopback give the answers of the other targets."""

import json
import os
import re
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safar.base import DataError, day_number
from safar.lake import read_table
from safar.lake import spark as lake
from safar.law import read_law
from safar.law import spark as target
from safar.law.compile.python import Compiled
from safar.law.output import Shaper, write_findings
from safar.law.screen import prepare_people, screen
from safar.law.table import Source
from tests.law.cluster import cluster_of, until
from tests.law.random_people import random_person
from tests.law.targets import of_frame, tables, through_polars, through_python

LAW = read_law()
RISKS = tuple(name for name, provision in LAW.provisions.items() if provision.kind == "risk")
DAYS = (date(2014, 1, 1), date(2025, 1, 1), date(2026, 11, 24))
PEOPLE = 700  # on each day
ON = DAYS[-1]
TABLES = ("people", "stays", "offences")
pytestmark = pytest.mark.xdist_group(
    "spark"
)  # one cluster for all of them, not one for each process that tests


@dataclass(frozen=True)
class Both:
    """A session with two workers, and the page on which their master tells of them."""

    session: Any
    page: str

    def workers(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.page}/json/", timeout=10) as answer:
            told: list[dict[str, Any]] = json.load(answer)["workers"]
        return told

    def done(self) -> dict[str, int]:
        """Tasks that each executor has finished; the driver is none."""
        listed = self.session.sparkContext._jsc.sc().statusStore().executorList(False)
        executors = [listed.apply(place) for place in range(listed.size())]
        return {one.id(): one.completedTasks() for one in executors if one.id() != "driver"}


@pytest.fixture(scope="module")
def cluster(java: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with cluster_of(2, tmp_path_factory.mktemp("spark"), memory="1200m") as started:
        session = lake.spark_session(started.address, memory="800m")
        both = Both(session, started.page)
        until(lambda: len(both.done()) == 2, "two executors")
        yield both
        session.stop()


def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two thousand people travel as a million would: in several pieces, to several shares."""
    monkeypatch.setattr(lake, "PIECE_ROWS", 400)
    monkeypatch.setattr(lake, "PIECE_BYTES", 150_000)
    monkeypatch.setattr(target, "SHARE", 1_000)


def written(folder: Path, frames: tuple[pl.DataFrame, ...]) -> list[Path]:
    paths = [folder / f"{name}.parquet" for name in TABLES]
    for frame, path in zip(frames, paths, strict=True):
        frame.write_parquet(path)
    return paths


def through_one_machine(paths: list[Path | None], on: date, out: Path) -> int:
    """The Polars engine, as the command runs it."""
    people, stays, offences = (Source(read_table(path), str(path)) if path else None for path in paths)
    assert people is not None
    prepared = prepare_people(LAW, people, stays, offences, day_number(on))
    return write_findings(screen(LAW, prepared, on=day_number(on), shape=Shaper(LAW, prepared.ids)), out)


@pytest.mark.spark
@pytest.mark.parametrize("on", DAYS)
def test_two_workers_answer_like_every_other_target(
    cluster: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on: date
) -> None:
    small_pieces(monkeypatch)
    rng = Random(on.toordinal())
    people = [random_person(rng, number, on, RISKS) for number in range(PEOPLE)]
    paths = written(tmp_path, tables(people, RISKS))
    before, out = cluster.done(), tmp_path / "out.parquet"

    total = target.screen_on_spark(LAW, *paths, on=on, out=out, everything=True, session=cluster.session)

    answers = of_frame(pl.read_parquet(out))
    assert total == len(answers) == PEOPLE * len(LAW.provisions)
    assert answers == through_python(Compiled(LAW), people, on)
    assert answers == through_polars(LAW, people, on, RISKS)
    assert {name for name, tasks in cluster.done().items() if tasks > before[name]} == set(before)
    assert [(worker["state"], worker["coresused"]) for worker in cluster.workers()] == [("ALIVE", 1)] * 2
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*(path.name for path in paths), "out.parquet"]
    )


@pytest.mark.spark
def test_tasks_run_this_interpreter_with_one_thread(cluster: Both) -> None:
    context = cluster.session.sparkContext

    told = (
        context.parallelize(range(2), 2)
        .map(lambda _: (sys.executable, os.environ["POLARS_MAX_THREADS"]))
        .collect()
    )

    assert set(told) == {(sys.executable, "1")}


@pytest.mark.spark
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_file_is_the_one_the_polars_engine_writes(
    cluster: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    small_pieces(monkeypatch)
    rng = Random(5)
    people = [random_person(rng, number, ON, ()) for number in range(400)]
    paths = written(tmp_path, tables(people, ()))
    if ending == "csv":
        for path in paths:
            rows = read_table(path)
            days = [
                name
                for name in rows.columns
                if rows[name].dtype == pl.Date and f"{name}_none" in rows.columns
            ]
            never = [pl.when(f"{name}_none").then(pl.lit("none")).otherwise(pl.col(name).cast(pl.String)).alias(name)
                     for name in days]  # fmt: skip
            rows.with_columns(never).drop(f"{name}_none" for name in days).write_csv(path.with_suffix(".csv"))
        paths = [path.with_suffix(".csv") for path in paths]
    one, many = tmp_path / f"one.{ending}", tmp_path / f"many.{ending}"

    expected = through_one_machine([*paths], ON, one)
    total = target.screen_on_spark(LAW, *paths, on=ON, out=many, session=cluster.session)

    first, second = read_table(one), read_table(many)
    assert total == expected
    assert second.schema == first.schema
    assert second.sort(*first.columns).equals(first.sort(*first.columns))


MISTAKES = {
    "a country code": ("person_id,citizenship\na,TJ\nb,XX\n", None),
    "a day": ("person_id,entered_on\na,2026-02-30\n", None),
    "an unborn person": ("person_id,birth_date\na,2027-01-01\n", None),
    "the same person twice": ("person_id,citizenship\na,TJ\nb,KG\na,KG\n", None),
    "nobody's row": ("person_id,citizenship\n,KG\n", None),
    "no ids": ("name\na\n", None),
    "a misspelt fact": ("person_id,citizenshp\na,TJ\n", None),
    "no facts": ("person_id\na\n", None),
    "nobody at all": ("person_id,citizenship\n", None),
    "an empty file": ("", None),
    "too many fields": ("person_id,citizenship\na,TJ,RU\n", None),
    "another encoding": ("person_id,citizenship\n\udcff,TJ\n", None),
    "a stay without a day": (
        "person_id,citizenship\na,TJ\n",
        "person_id,country,entered_on,left_on\na,RU,,\n",
    ),
    "a stay of a stranger": (
        "person_id,citizenship\na,TJ\n",
        "person_id,country,entered_on,left_on\nz,R,2026-01-01,\n",
    ),
    "stays without exits": (
        "person_id,citizenship\na,TJ\n",
        "person_id,country,entered_on\na,RU,2026-01-01\n",
    ),
}


@pytest.mark.spark
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_bad_table_is_refused_as_on_one_machine(cluster: Both, tmp_path: Path, mistake: str) -> None:
    people, stays = tmp_path / "people.csv", tmp_path / "stays.csv"
    paths: list[Path | None] = [people, None, None]
    people.write_text(MISTAKES[mistake][0], errors="surrogateescape")
    if MISTAKES[mistake][1] is not None:
        stays.write_text(MISTAKES[mistake][1] or "")
        paths[1] = stays
    given = sorted(tmp_path.iterdir())

    with pytest.raises(DataError) as expected:
        through_one_machine(paths, ON, tmp_path / "out.csv")
    with pytest.raises(DataError) as refusal:
        target.screen_on_spark(LAW, *paths, on=ON, out=tmp_path / "out.csv", session=cluster.session)

    assert without_place(str(refusal.value)) == without_place(str(expected.value))
    assert sorted(tmp_path.iterdir()) == given


def without_place(told: str) -> str:
    """A share of a table knows no row numbers; it names the person, or how many rows."""
    told = re.sub(r", person_id \S+: |, row \d+: (?!has )", ": ", told)
    return re.sub(r"person_id is empty( in \d+ rows)?", "person_id is empty", told)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.text('a,"\n\r ж', max_size=6)] * 2), min_size=1, max_size=40),
    size=st.integers(8, 90),
)
def test_pieces_of_a_csv_table_are_its_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], size: int
) -> None:
    path = tmp_path_factory.mktemp("pieces") / "people.csv"
    quoted = [",".join('"' + text.replace('"', '""') + '"' for text in row) for row in rows]
    path.write_text("\n".join(["person_id,region", *quoted]), newline="")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lake, "PIECE_BYTES", size)
        cut = lake.cut_table(path)

    assert cut.rows == len(rows)
    assert pl.concat([lake.read_piece(piece) for piece in cut.pieces]).equals(read_table(path))


def test_pieces_of_a_parquet_table_are_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake, "PIECE_ROWS", 7)
    rows = pl.DataFrame(
        {"person_id": [f"p{number}" for number in range(50)], "region": [None, "RU-MOW"] * 25}
    )
    rows.write_parquet(tmp_path / "people.parquet", row_group_size=20)

    cut = lake.cut_table(tmp_path / "people.parquet")

    assert [piece.length for piece in cut.pieces] == [7, 7, 6, 7, 7, 6, 7, 3]
    assert pl.concat([lake.read_piece(piece) for piece in cut.pieces]).equals(rows)


def test_without_java_the_mend_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)

    with pytest.raises(DataError, match="Java is missing; install a Java 17"):
        lake.spark_session()


@pytest.mark.parametrize(("memory", "told"), [("much", "write it as 800m or 2g"), ("900000g", "of this machine"),
                                              ("64m", "at least 512m")])  # fmt: skip
def test_memory_that_cannot_be_had_is_refused(memory: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        lake.spark_session(memory=memory)


@pytest.mark.spark
def test_a_cluster_without_workers_is_no_endless_wait(java: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Nobody:
        """A session whose master has no worker."""

        stopped = 0
        sparkContext = _jsc = property(lambda self: self)  # noqa: N815

        def sc(self) -> "Nobody":
            return self

        def getExecutorMemoryStatus(self) -> "Nobody":  # noqa: N802
            return self

        def size(self) -> int:
            return 1

        def stop(self) -> None:
            self.stopped += 1

    session = Nobody()
    monkeypatch.setattr(lake, "WORKER_SECONDS", 0)

    with pytest.raises(DataError, match=r"no worker of spark://nowhere:7077 .* SAFAR_SPARK_MEMORY"):
        lake._wait_for_worker(session, "spark://nowhere:7077", "1g")
    assert session.stopped == 1
