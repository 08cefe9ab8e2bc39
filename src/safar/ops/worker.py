"""The worker: does in the background what takes longer than a page may, such as taking in a list.

Any number of workers may run. What a killed one was doing is taken up again by another, or by itself when it is back.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from safar.ops.serving import open_application

PATIENCE = 20  # seconds that a worker may take to finish a piece when it is asked to stop
BREATH = 5  # seconds before one that died is followed by another


def run_worker(*, wait: bool = True) -> None:
    """Work until stopped, or until there is nothing to do. In the role that sees what an officer sees, and no more."""
    open_application(role="safar_app")
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector):
        app.run_worker(wait=wait, delete_jobs="successful", shutdown_graceful_timeout=PATIENCE)


def work_on_a_leash() -> None:
    """Work until whoever started this process is gone, in whichever way: then its end of standard input is closed."""
    threading.Thread(target=_until_let_go, daemon=True).start()
    run_worker()


def _until_let_go() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker in a process of its own while something else, such as the server, runs in this one."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep_one_running, args=(over,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(PATIENCE + 10)


def _keep_one_running(over: threading.Event) -> None:
    """One that dies is followed by another, until it is over."""
    command = [sys.executable, "-c", "from safar.ops.worker import work_on_a_leash; work_on_a_leash()"]
    while not over.is_set():
        worker = subprocess.Popen(command, env=os.environ.copy(), stdin=subprocess.PIPE)  # noqa: S603
        while worker.poll() is None and not over.wait(1):
            pass
        if worker.poll() is None:
            _end(worker)
        else:
            over.wait(BREATH)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
