"""The doctor names each thing that is wrong, says how to mend it, and never falls ill itself."""

import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.utils import timezone

from safar.casework.condition import database_seen
from safar.ops import doctor_environment, doctor_machine
from safar.ops.serving import SECRETS
from safar.records.models import Night

GOOD = {
    "SAFAR_SECRET_KEY": "Zr8wQp2LxV6nT1sKf9Hb3JmY7cD4gA0uE5oWiN",
    "SAFAR_DOCUMENT_KEYS": "mB2vX9qL4tR7yK1zP6wS3hF8jD5gC0nA-aQeUi",
    "SAFAR_AUDIT_KEY": "kT5nW1cV8xQ3rL6pZ9sH2mJ7bF4dG0yA_oEiUu",
    "SAFAR_HOSTS": "desk.example.org",
    "SAFAR_BACKUP_KEY": "age1example",
}


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A folder and an environment in which nothing is wrong."""
    for name in [name for name in os.environ if name.startswith("SAFAR_")] + ["DATABASE_URL"]:
        monkeypatch.delenv(name, raising=False)
    for name, value in (GOOD | {"SAFAR_VAR": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def worse(found) -> set[tuple[str, str]]:
    """State and subject of all that is not well; each of them says how to mend it."""
    found = [each for each in found if each[0] != "ok"]
    assert all(told and mend for _, _, told, mend in found)
    return {(state, about) for state, about, *_ in found}


def test_nothing_is_found_where_all_is_well(installation) -> None:
    assert worse(doctor_environment.seen()) == set()
    assert worse(doctor_machine.seen()) <= {("warn", "disk"), ("warn", "languages")}


ENVIRONMENTS = {
    "no secret": ({"SAFAR_AUDIT_KEY": ""}, ("bad", "secrets")),
    "a short secret": ({"SAFAR_SECRET_KEY": "abc"}, ("bad", "secrets")),
    "a long secret of one letter": ({"SAFAR_SECRET_KEY": "a" * 60}, ("bad", "secrets")),
    "one secret twice": ({"SAFAR_AUDIT_KEY": GOOD["SAFAR_SECRET_KEY"]}, ("bad", "secrets")),
    "a demonstration": ({"SAFAR_DEMO": "1"}, ("warn", "demo")),
    "no hosts": ({"SAFAR_HOSTS": ""}, ("warn", "hosts")),
    "every host": ({"SAFAR_HOSTS": "*"}, ("bad", "hosts")),
    "careless": ({"SAFAR_CARELESS": "1"}, ("bad", "careless")),
    "no backup key": ({"SAFAR_BACKUP_KEY": ""}, ("warn", "backup")),
    "a secret backup key": ({"SAFAR_BACKUP_KEY": "AGE-SECRET-KEY-1X"}, ("warn", "backup")),
    "another database": ({"DATABASE_URL": "mysql://here/safar"}, ("bad", "database")),
    "no port": ({"DATABASE_URL": "postgresql://here:x/safar"}, ("bad", "database")),
}


@pytest.mark.parametrize("harm", ENVIRONMENTS)
def test_each_harm_in_the_environment_is_named(installation, harm: str) -> None:
    changes, wanted = ENVIRONMENTS[harm]
    for name, value in changes.items():
        installation.setenv(name, value)

    assert worse(doctor_environment.seen()) == {wanted}


def test_secrets_of_a_demonstration_are_known_again(installation, tmp_path: Path) -> None:
    (tmp_path / "demo.env").write_text("".join(f"{name}={GOOD[name]}\n" for name in SECRETS))

    assert worse(doctor_environment.seen()) == {("bad", "secrets")}


def test_no_secret_is_ever_told(installation) -> None:
    installation.setenv("DATABASE_URL", "postgresql://safar:very-secret@here/safar")

    told = json.dumps([*doctor_environment.seen(), *doctor_machine.seen()])

    assert not [value for value in (*(GOOD[name] for name in SECRETS), "very-secret") if value in told]


def test_each_harm_on_the_machine_is_named(installation, tmp_path: Path) -> None:
    usage = namedtuple("usage", "total used free")

    with installation.context() as broken:
        broken.setattr(shutil, "disk_usage", lambda _: usage(0, 0, 10**8))
        assert ("bad", "disk") in worse(doctor_machine.seen())
    with installation.context() as broken:
        broken.setattr(sys, "version_info", (3, 9, 0))
        assert ("bad", "python") in worse(doctor_machine.seen())
    with installation.context() as broken:
        broken.setattr(doctor_machine.installed, "requires", lambda _: ["no-such-package>=1"])
        assert ("bad", "packages") in worse(doctor_machine.seen())
    with installation.context() as broken:
        broken.setenv("SAFAR_CONTENT", str(tmp_path))
        broken.setattr("safar.law.read_law", _fails)
        assert ("bad", "content") in worse(doctor_machine.seen())
    (tmp_path / "nights").mkdir(mode=0o755)
    assert ("bad", "folder") in worse(doctor_machine.seen())


def _fails() -> None:
    from safar.base import DataError

    raise DataError("content/law cannot be read")


def test_the_data_of_the_embedded_server_is_looked_at(installation, tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    installation.setattr(doctor_machine.pwd, "getpwuid", lambda _: type("", (), {"pw_name": "pgserver"}))

    assert ("bad", "embedded") in worse(doctor_machine.seen())  # no data in it
    (folder / "PG_VERSION").write_text("16\n")
    assert ("bad", "embedded") in worse(doctor_machine.seen())
    (folder / "PG_VERSION").write_text("18\n")
    assert not {each for each in worse(doctor_machine.seen()) if each[1] == "embedded"}
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n")  # a number that is another program's now
    assert psutil.Process().name() != "postgres"
    assert ("warn", "embedded") in worse(doctor_machine.seen())
    installation.setattr(doctor_machine.pwd, "getpwuid", lambda _: type("", (), {"pw_name": "somebody"}))
    if os.geteuid() == 0:
        assert ("bad", "embedded") in worse(doctor_machine.seen())


HARMS = {
    "a wall down": ("ALTER TABLE records_stay DISABLE ROW LEVEL SECURITY", ("bad", "walls")),
    "a trigger off": ("ALTER TABLE records_stay DISABLE TRIGGER USER", ("bad", "triggers")),
    "walls of older code": ("COMMENT ON TABLE records_chain IS 'older'", ("bad", "walls")),
    "the end of a chain gone": ("UPDATE records_chain SET seq = seq + 1 WHERE lane = 0", ("bad", "history")),
    "a right too many": ("GRANT DELETE ON records_reading TO safar_app", ("bad", "rights")),
    "a role raised": ("ALTER ROLE safar_app BYPASSRLS", ("bad", "roles")),
    "a role that owns": ("GRANT CREATE ON SCHEMA public TO safar_app; ALTER TABLE records_phone OWNER TO safar_app",
                         ("bad", "roles")),
    "a migration not in": ("DELETE FROM django_migrations WHERE app = 'sessions'", ("bad", "migrations")),
}  # fmt: skip


@pytest.mark.django_db
def test_a_sound_database_lacks_nothing_but_a_night_and_a_worker() -> None:
    found = worse(database_seen(timezone.now()))

    assert found <= {("warn", "night"), ("warn", "worker"), ("warn", "roles")}
    assert {("warn", "night"), ("warn", "worker")} <= found


@pytest.mark.django_db
@pytest.mark.parametrize("harm", HARMS)
def test_each_harm_in_the_database_is_named(harm: str) -> None:
    sql, wanted = HARMS[harm]
    with connection.cursor() as cursor:
        cursor.execute(sql)

    assert wanted in worse(database_seen(timezone.now()))


@pytest.mark.django_db
def test_a_night_long_ago_and_one_that_failed_are_named() -> None:
    now = timezone.now()
    night = Night.objects.create(on=now.date(), started_at=now, finished_at=now, state="done")
    assert "night" not in {about for _, about in worse(database_seen(now))}
    assert ("warn", "night") in worse(database_seen(now + timezone.timedelta(days=3)))
    night.state = "failed"
    night.save()

    assert ("bad", "night") in worse(database_seen(now))


def test_it_works_when_the_database_is_down(installation) -> None:
    installation.setenv("DATABASE_URL", "postgresql://safar:very-secret@127.0.0.1:1/safar")

    done = subprocess.run(
        [sys.executable, "-c", "from safar.ops.main import main; main()", "doctor", "--format", "json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    found = {each["about"]: each for each in json.loads(done.stdout)}
    assert done.returncode == 1
    assert found["database"]["state"] == "bad"
    assert "DATABASE_URL" in found["database"]["mend"]
    assert "very-secret" not in done.stdout + done.stderr
