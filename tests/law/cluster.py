"""Spark's own master and workers on loopback, for tests and benchmarks; all are ended afterwards."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DEPLOY = "org.apache.spark.deploy"


@dataclass(frozen=True)
class Cluster:
    """Where a session is opened, and the page on which the master tells of its workers."""

    address: str
    page: str
    processes: tuple[int, ...]  # the master and the workers


@contextmanager
def cluster_of(workers: int, folder: Path, *, memory: str) -> Iterator[Cluster]:
    """A master and ``workers`` of one processor and ``memory`` each; logs and work are under ``folder``."""
    import pyspark

    home = Path(pyspark.__file__).parent
    port, page = free_port(), free_port()
    address, here = f"spark://127.0.0.1:{port}", ("--host", "127.0.0.1")
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m",
                   "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1"}  # fmt: skip
    running: list[subprocess.Popen[bytes]] = []

    def start(name: str, *words: str) -> None:
        with (folder / f"{name}.log").open("wb") as log:
            command = [str(home / "bin" / "spark-class"), *words]
            running.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder))

    def registered() -> bool:
        return (folder / "master.log").read_text(errors="replace").count("Registering worker") == workers

    try:
        start("master", f"{DEPLOY}.master.Master", *here, "--port", str(port), "--webui-port", str(page))
        for number in range(workers):
            start(f"worker{number}", f"{DEPLOY}.worker.Worker", *here, "--cores", "1", "--memory", memory,
                  "--webui-port", str(free_port()), "--work-dir", str(folder / "work"), address)  # fmt: skip
        until(registered, f"{workers} workers")
        yield Cluster(address, f"http://127.0.0.1:{page}", tuple(process.pid for process in running))
    finally:
        _end(running)


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for process in reversed(running):
        process.terminate()
    for process in reversed(running):
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(15)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], bool], what: str, seconds: int = 180) -> None:
    """Wait for something, or fail by name."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.2)
