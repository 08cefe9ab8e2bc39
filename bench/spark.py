"""Spark: the same rows as Polars, and how time and memory grow with people, processors and workers.

`python -m bench.spark [--quick]` prints the table. Workers are Spark's own, of one processor each, with a master on loopback.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from tests.law.cluster import cluster_of

from bench import report
from bench.measure import ON, ROOT, environment, safar, world

LOCAL = {"1 processor": "local[1]", "2 processors": "local[2]"}
TICKS = os.sysconf("SC_CLK_TCK")


def main(*, quick: bool = False) -> list[dict]:
    """One row a size and place: seconds, memory, and whether every row is that of the Polars engine."""
    if shutil.which("java") is None:
        return []
    rows = []
    for people in (10_000, 50_000) if quick else (100_000, 300_000, 1_000_000):
        folder = world(people)
        polars = _run(folder, "polars", None)
        rows.append(_row(people, "Polars, no Spark", polars, ""))
        expected = _digest(polars.out)
        for place, run in _runs(folder):
            rows.append(_row(people, place, run, "yes" if _digest(run.out) == expected else "NO"))
    return rows


def _runs(folder: Path) -> Iterator[tuple[str, "Run"]]:
    for place, master in LOCAL.items():
        yield place, _run(folder, "spark", master)
    for workers in (1, 2):
        with (
            tempfile.TemporaryDirectory() as work,
            cluster_of(workers, Path(work), memory="1200m") as started,
        ):
            run = _run(folder, "spark", started.address, started.processes)
            yield f"{workers} worker{'s' * (workers > 1)}", run


@dataclass
class Run:
    """A command with every process it started."""

    out: Path
    wall: float = 0.0
    cpu: float = 0.0  # processor seconds of all together
    memory: float = 0.0  # most MiB of all together, shared pages counted once
    largest_python: float = 0.0


def _run(folder: Path, engine: str, master: str | None, daemons: tuple[int, ...] = ()) -> Run:
    run = Run(ROOT / "var" / "bench" / f"{engine}.parquet")
    people, stays, offences = (str(folder / f"{name}.parquet") for name in ("people", "stays", "offences"))
    command = safar("law", "screen", people, "--stays", stays, "--offences", offences, "--on", ON,
                    "--engine", engine, "--out", str(run.out))  # fmt: skip
    where = {"SAFAR_SPARK_MASTER": master} if master else {}
    start = time.perf_counter()
    child = subprocess.Popen(
        command, env={**environment(), **where}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT
    )
    watch = threading.Thread(target=_watch, args=(child, run, daemons))
    watch.start()
    _, errors = child.communicate()
    run.wall = time.perf_counter() - start
    watch.join()
    if child.returncode:
        raise SystemExit(f"{' '.join(command)}: {errors.decode()[-2000:]}")
    return run


def _watch(child: subprocess.Popen, run: Run, daemons: tuple[int, ...]) -> None:
    before = sum(seconds_of(process) for process in daemons)
    while child.poll() is None:
        memory = cpu = 0.0
        for process in family_of(child.pid, *daemons):
            try:
                rollup = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
                name = Path(f"/proc/{process}/comm").read_text()
                cpu += seconds_of(process)
            except OSError:
                continue  # it has just ended; whoever started it counts its seconds
            own = next((int(line.split()[1]) for line in rollup if line.startswith("Pss:")), 0) / 1024
            memory += own
            if process != child.pid and name.startswith("python"):
                run.largest_python = max(run.largest_python, own)
        run.memory, run.cpu = max(run.memory, memory), max(run.cpu, cpu - before)
        time.sleep(0.1)


def seconds_of(process: int) -> float:
    """Processor seconds of a process and of its children that have ended."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in told[11:15]) / TICKS


def family_of(*roots: int) -> list[int]:
    """Processes with all they started and that still run."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    family = [*roots]
    for process in family:
        family += children.get(process, [])
    return family


def _row(people: int, place: str, run: Run, same: str) -> dict:
    return {
        "people": f"{people:,}",
        "where": place,
        "wall": f"{run.wall:.0f} s",
        "processor time": f"{run.cpu:.0f} s",
        "memory, all processes": f"{run.memory:,.0f} MiB",
        "largest Python worker": f"{run.largest_python:,.0f} MiB" if run.largest_python else "",
        "every row as Polars": same,
    }


def _digest(path: Path) -> tuple:
    """How many rows, and two sums of their hashes: equal for the same rows in any order."""
    row = pl.struct(pl.all())
    sums = [row.hash(seed=seed).cast(pl.UInt64).sum().alias(str(seed)) for seed in (1, 2)]
    return pl.scan_parquet(path).select(pl.len(), *sums).collect().row(0)


if __name__ == "__main__":
    print(report.table(main(quick="--quick" in sys.argv)))
