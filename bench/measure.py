"""Measuring: whole processes by the system's own accounting, functions by their processor time; median and spread."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
ON = "2026-11-24"


@dataclass(frozen=True)
class Spread:
    """Several runs of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def text(self, digits: int = 2, unit: str = "s") -> str:
        low, high = min(self.values), max(self.values)
        return f"{self.median:.{digits}f} {unit} ({low:.{digits}f}-{high:.{digits}f})"


@dataclass(frozen=True)
class Process:
    """A command run several times: wall and processor seconds, peak memory in MiB of the largest process."""

    wall: Spread
    cpu: Spread
    memory: Spread


def process(command: Sequence[str], *, runs: int, warm: int = 1, stdin: str | None = None) -> Process:
    """Run a command ``warm`` + ``runs`` times; its output is thrown away; it must succeed."""
    wall, cpu, memory = [], [], []
    for number in range(warm + runs):
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
            given.write((stdin or "").encode())
            given.seek(0)
            start = time.perf_counter()
            child = subprocess.Popen(
                command, stdin=given, stdout=subprocess.DEVNULL, stderr=errors, cwd=ROOT, env=environment()
            )
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - start
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                errors.seek(0)
                raise SystemExit(f"{' '.join(command)}: {errors.read().decode()[-2000:]}")
        if number >= warm:
            wall.append(seconds)
            cpu.append(usage.ru_utime + usage.ru_stime)
            memory.append(usage.ru_maxrss / 1024)
    return Process(Spread(tuple(wall)), Spread(tuple(cpu)), Spread(tuple(memory)))


def environment() -> dict[str, str]:
    """As in anybody's shell: Python keeps what it has compiled, so that only the first start compiles."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(ROOT / "var" / "bench" / "bytecode")}


def cpu_of(work: Callable[[], object], *, runs: int, warm: int = 1) -> tuple[Spread, Spread]:
    """Processor and wall seconds of a function in this process, all threads together."""
    cpu, wall = [], []
    for number in range(warm + runs):
        start, clock = time.process_time(), time.perf_counter()
        work()
        if number >= warm:
            cpu.append(time.process_time() - start)
            wall.append(time.perf_counter() - clock)
    return Spread(tuple(cpu)), Spread(tuple(wall))


def world(people: int) -> Path:
    """A made-up world of so many people, made once, under var/."""
    folder = ROOT / "var" / "bench" / f"world-{people}-{ON}"
    if not (folder / "communities.parquet").exists():
        command = safar("world", "--people", str(people), "--seed", "1", "--on", ON, "--out", str(folder))
        subprocess.run(command, check=True, cwd=ROOT, stderr=subprocess.DEVNULL)
    return folder


def safar(*words: str) -> list[str]:
    """A `safar` command."""
    return [str(Path(PYTHON).with_name("safar")), *words]
