"""A migrated database that test databases are copies of, so that a run does not migrate anew.

Its name holds a digest of what makes it: migrations, tables, walls. An embedded server keeps it between runs; on a
server named by DATABASE_URL nothing is left behind, and each run migrates.
"""

import hashlib
import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
BEGINNING, OWN = "safar_template_", "test_safar_"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: pytest.FixtureDef
) -> None:
    """Let the test database be a copy of the template, made first where there is none for this code."""
    if os.environ.get("DATABASE_URL"):
        return
    name = BEGINNING + digest()
    with django_db_blocker.unblock():
        if not stands(name):
            make(name)
    # Two runs side by side do not take each other's database away.
    connection.settings_dict["TEST"] |= {"TEMPLATE": name, "NAME": f"{OWN}{os.getpid()}"}


def stands(name: str) -> bool:
    """Whether there is a database of this name; those of older code are dropped."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        found = {row[0] for row in cursor.fetchall()}
        for old in (one for one in found if one != name and is_left_over(one)):
            try:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
            except Exception:
                continue
    return name in found


def is_left_over(name: str) -> bool:
    """Whether a database is the template of older code, or of a run that was killed."""
    if name.startswith(BEGINNING):
        return True
    number = name.removeprefix(OWN).split("_")[0]
    return name.startswith(OWN) and number.isdigit() and not psutil.pid_exists(int(number))


def make(name: str) -> None:
    """Migrate under a name of this process, then give it its own at once: another run may be making it too."""
    own, before = f"{name}_{os.getpid()}", connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{own}"')
    connection.close()
    connection.settings_dict["NAME"] = own
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
    with connection._nodb_cursor() as cursor:
        try:
            cursor.execute(f'ALTER DATABASE "{own}" RENAME TO "{name}"')
        except Exception as error:
            if not isinstance(error.__cause__, psycopg.errors.DuplicateDatabase):
                raise
            cursor.execute(f'DROP DATABASE "{own}"')


def digest() -> str:
    """Twelve letters of a digest over everything that makes the schema."""
    told = hashlib.sha256()
    for path in sorted(_files()):
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:12]


def _files() -> Iterator[Path]:
    yield from (ROOT / "src" / "safar" / "records").rglob("*.py")
    for app in settings.INSTALLED_APPS:
        found = importlib.util.find_spec(app)
        for place in (found.submodule_search_locations if found else None) or ():
            yield from (Path(place) / "migrations").glob("*.py")
