"""Spark for real: a standalone master and two workers on loopback give the answers of the other targets."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from safar.base import DataError
from safar.law import read_law
from safar.law.compile.python import Compiled
from tests.law.random_people import random_person
from tests.law.targets import of_frame, tables, through_python

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]
LAW = read_law()
RISKS = tuple(name for name, provision in LAW.provisions.items() if provision.kind == "risk")
PEOPLE = 2_000
ON = date(2026, 11, 24)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def session(java: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session on a master and two workers of their own, all on 127.0.0.1, all ended afterwards."""
    import pyspark

    from safar.lake.spark import spark_session

    folder = tmp_path_factory.mktemp("spark")
    home = Path(pyspark.__file__).parent
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "512m",
    }

    def start(name: str, *words: str) -> subprocess.Popen[bytes]:
        log = (folder / f"{name}.log").open("wb")
        command = [str(home / "bin" / "spark-class"), *words]
        return subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder)

    kind = "org.apache.spark.deploy"
    running = [start("master", f"{kind}.master.Master", "--host", "127.0.0.1", "--port", str(port),
                     "--webui-port", str(free_port()))]  # fmt: skip
    for number in (1, 2):
        running.append(start(f"worker{number}", f"{kind}.worker.Worker", "--host", "127.0.0.1", "--cores", "1",
                             "--memory", "1200m", "--webui-port", str(free_port()), "--work-dir", str(folder / "work"),
                             address))  # fmt: skip
    try:
        wait_for(folder / "master.log", "Registering worker", 2)
        spark = spark_session(address, memory="800m")
        yield spark
        spark.stop()
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(20)


def wait_for(log: Path, text: str, times: int) -> None:
    for _ in range(120):
        if log.exists() and log.read_text(errors="replace").count(text) >= times:
            return
        time.sleep(0.5)
    raise AssertionError(f"the workers did not register: {log.read_text(errors='replace')[-2000:]}")


def test_two_workers_answer_like_one_person_at_a_time(session: Any, tmp_path: Path) -> None:
    from safar.law.compile.spark import screen_on_spark

    rng = Random(20)
    people = [random_person(rng, number, ON, RISKS) for number in range(PEOPLE)]
    paths = []
    for frame, name in zip(tables(people, RISKS), ("people", "stays", "offences"), strict=True):
        frame.write_parquet(tmp_path / f"{name}.parquet")
        paths.append(tmp_path / f"{name}.parquet")

    total = screen_on_spark(
        LAW, *paths, on=ON, out=tmp_path / "out.parquet", everything=True, session=session
    )

    assert total == PEOPLE * len(LAW.provisions)
    assert of_frame(pl.read_parquet(tmp_path / "out.parquet")) == through_python(Compiled(LAW), people, ON)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_both_workers_have_done_work(session: Any) -> None:
    context = session.sparkContext

    parents = set(context.parallelize(range(64), 16).map(lambda _: os.getppid()).collect())

    assert context._jsc.sc().getExecutorMemoryStatus().size() == 3  # two executors and the driver
    assert len(parents) >= 2


def test_csv_gives_what_parquet_gives(session: Any, tmp_path: Path) -> None:
    from safar.law.compile.spark import screen_on_spark

    people = tmp_path / "people.csv"
    people.write_text(
        "person_id,citizenship,destination,entered_on,entry_purpose\na,TJ,RU,2026-11-01,work\nb,KG,KZ,none,\n"
    )

    screen_on_spark(LAW, people, None, None, on=ON, out=tmp_path / "out.csv", session=session)

    found = pl.read_csv(tmp_path / "out.csv").filter(provision="RU-PATENT-30D")
    assert found.select("person_id", "status", "due_on").rows() == [("a", "unknown", "2026-11-30")]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("person_id,citizenship\na,TJ\na,KG\n", "person_id a stands in more than one row"),
        ("person_id,citizenship\na,TJ\nb,XX\n", "person_id b: citizenship is 'XX'"),
        ("name\na\n", "no column person_id"),
    ],
)
def test_bad_tables_are_refused_in_one_line(session: Any, tmp_path: Path, rows: str, told: str) -> None:
    from safar.law.compile.spark import screen_on_spark

    people = tmp_path / "people.csv"
    people.write_text(rows)

    with pytest.raises(DataError, match=told) as refusal:
        screen_on_spark(LAW, people, None, None, on=ON, out=tmp_path / "out.csv", session=session)

    assert len(str(refusal.value).splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_without_java_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from safar.lake.spark import spark_session

    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)

    with pytest.raises(DataError, match="Java is missing"):
        spark_session()
