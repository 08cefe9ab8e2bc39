"""A database of its own for tests that commit, sabotage or sign in as another role; the history cannot be emptied.

Import ``transactional_db`` and ``real`` into a test module, which then works in one copy of the test database from its
first test to its last. The first of them stands in for pytest-django's, which empties tables after a test.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from safar.records.models import Officer, Organisation, Place
from tests.casework.conftest import furnish


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """What is committed goes into a copy of the test database."""
    with django_db_blocker.unblock(), a_database("copy"):
        yield


@pytest.fixture(scope="module")
def real(transactional_db: None) -> dict[str, int]:
    """The small register, committed; officers' ids by user name."""
    return furnished()


@contextmanager
def a_database(name: str) -> Iterator[None]:
    """A copy of the test database, connected to as its owner; dropped afterwards."""
    template = connection.settings_dict["NAME"]
    name = f"{template}_{name}"
    with owner_at("postgres") as owner:
        connection.close()
        owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        owner.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = template
        with owner_at("postgres") as owner:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def owner_at(database: str | None = None, **changes: str) -> psycopg.Connection:
    """A connection of the tests' own, by default as the owner of the tables, outside Django."""
    params = connection.get_connection_params()
    wanted = {key: params[key] for key in ("host", "port", "user", "password") if params.get(key)}
    wanted |= {"dbname": database or connection.settings_dict["NAME"], **changes}
    return psycopg.connect(**wanted, autocommit=True)


def furnished() -> dict[str, int]:
    """Places, organisations and officers of the small register, committed; officers' ids by user name."""
    furnish()
    assert Place.objects.exists() and Organisation.objects.exists()
    return dict(Officer.objects.values_list("username", "id"))
