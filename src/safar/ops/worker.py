"""The worker: does in the background what takes longer than a page may, such as taking in a list.

Any number of workers may run. What a killed one was doing is taken up again by another, or by itself when it is back.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from safar.ops.serving import open_application

PATIENCE = 20  # seconds that a worker may take to finish a piece when it is asked to stop


def run_worker(*, wait: bool = True) -> None:
    """Work until stopped, or until there is nothing to do. In the role that sees what an officer sees, and no more."""
    open_application(role="safar_app")
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector):
        app.run_worker(wait=wait, delete_jobs="successful", shutdown_graceful_timeout=PATIENCE)


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker in a process of its own while something else, such as the server, runs in this one."""
    command = [sys.executable, "-c", "from safar.ops.main import main; main()", "work"]
    worker = subprocess.Popen(command, env=os.environ.copy(), stdin=subprocess.DEVNULL)  # noqa: S603
    try:
        yield
    finally:
        worker.terminate()
        with suppress(subprocess.TimeoutExpired):
            worker.wait(PATIENCE + 5)
        if worker.poll() is None:
            worker.kill()
