"""Everything in one file and back: whatever is in the database comes again as it was, and nothing less is taken."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage
import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction

from safar.base import DataError
from safar.casework.access import acting_as, opened
from safar.casework.anchors import anchor_history
from safar.casework.audit import verify_history
from safar.casework.keeping import back_up, has_tables, keys_missing, new_keys, open_backup, restore
from safar.casework.people import register_person, state_facts
from safar.casework.readings import note_reading
from safar.records.models import Intake, IntakeFile, Officer, Organisation, Person, PersonEvent
from tests.casework.conftest import NOW, ON
from tests.casework.real_database import owner_at, real, transactional_db  # noqa: F401
from tests.casework.test_people import TOLD, jamshed

SECRET, PUBLIC = new_keys()


@pytest.fixture(scope="module")
def lived_in(real: dict[str, int]) -> dict[str, int]:  # noqa: F811
    """Files with a history, looks at them, a list that was brought, an officer's second factor."""
    acting = acting_as(real["isfara"], on=ON, now=NOW)
    for surname_region in ("RU-SVE", "RU-CHE"):
        with opened(acting, "test"):
            person = register_person(acting, jamshed(region=surname_region), saying=TOLD, on=ON, now=NOW)
        with opened(acting, "test"):
            state_facts(acting, person.id, {"registered_on": "2026-09-04"}, saying=TOLD, on=ON, now=NOW)
            note_reading(acting, "open_person", now=NOW, person_id=person.id)
    with transaction.atomic():
        officer, office = Officer.objects.get(username="isfara"), Organisation.objects.get(code="TJ-MS")
        intake = Intake.objects.create(**_intake(officer, office))
        IntakeFile.objects.create(intake=intake, kind="cells", content=bytes(range(256)))
        Authenticator.objects.create(user=officer, type="totp", data={"secret": "sealed\\text\tand a tab\n"})
    return real


def _intake(officer: Officer, office: Organisation) -> dict:
    given = {"uploaded_by": officer, "register": office, "organisation": office}
    names = {field.name for field in Intake._meta.concrete_fields}
    moments = {
        field.name: NOW
        for field in Intake._meta.concrete_fields
        if field.get_internal_type() == "DateTimeField" and not field.null
    }
    return {name: value for name, value in given.items() if name in names} | moments


@pytest.fixture
def kept(lived_in: dict[str, int], tmp_path: Path) -> Path:
    """A backup of it, encrypted."""
    anchor_history(path=tmp_path / "anchors.log", now=NOW)
    back_up(tmp_path / "kept.safar", key=PUBLIC, anchors=tmp_path / "anchors.log", now=NOW)
    return tmp_path / "kept.safar"


@contextmanager
def another_database() -> Iterator[None]:
    """An empty one that is migrated; dropped afterwards."""
    source = connection.settings_dict["NAME"]
    template, name = source.removesuffix("_copy"), source.removesuffix("_copy") + "_restored"
    connection.close()
    with owner_at("postgres") as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        owner.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = source
        with owner_at("postgres") as owner:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def contents() -> dict[str, list[str]]:
    """Every row of every table as text, and where every sequence stands."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text, relkind::text FROM pg_class WHERE relkind IN ('r', 'S') "
            "AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        for name, kind in cursor.fetchall():
            columns = "r::text" if kind == "r" else "last_value || ' ' || is_called"
            cursor.execute(f"SELECT {columns} FROM {name} r ORDER BY 1")
            found[name] = [row for (row,) in cursor.fetchall()]
    return found


def test_everything_comes_back_row_by_row(kept: Path, tmp_path: Path) -> None:
    before = contents()

    with another_database(), open_backup(kept, SECRET) as backup:
        restore(backup, anchors=tmp_path / "new" / "anchors.log")

        after = contents()
        assert {name for name, rows in before.items() if rows != after[name]} == set()
        assert before.keys() == after.keys()
        assert len(before["records_person"]) == 2
        assert len(before["records_intakefile"]) == len(before["mfa_authenticator"]) == 1
        report = verify_history(anchors=tmp_path / "new" / "anchors.log")
        assert report.findings == ()
        assert report.anchors == 1


def test_a_restored_register_is_worked_in_as_before(kept: Path, lived_in, tmp_path: Path) -> None:
    with another_database(), open_backup(kept, SECRET) as backup:
        restore(backup, anchors=tmp_path / "anchors.log")
        events = PersonEvent.objects.count()
        acting = acting_as(lived_in["isfara"], on=ON, now=NOW)
        with opened(acting, "test"):
            register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)

        assert Person.objects.count() == 3
        assert PersonEvent.objects.count() > events  # the triggers are on again
        assert verify_history(anchors=tmp_path / "anchors.log").sound


def test_only_the_holder_of_the_key_opens_it(kept: Path) -> None:
    other, _ = new_keys()

    assert kept.stat().st_mode & 0o077 == 0
    assert b"records_person" not in kept.read_bytes()
    for key in ("", PUBLIC, other):
        with pytest.raises(DataError, match="SAFAR_BACKUP_KEY"), open_backup(kept, key):
            pass
    # Without Safar too: what lies in it is a zip.
    assert pyrage.decrypt(kept.read_bytes(), [pyrage.x25519.Identity.from_str(SECRET)]).startswith(b"PK")


@pytest.mark.parametrize("encrypted", [True, False])
@pytest.mark.parametrize("harm", ["cut short", "one byte changed", "empty"])
def test_a_file_that_is_not_whole_is_refused(lived_in, tmp_path: Path, encrypted: bool, harm: str) -> None:
    path = tmp_path / "kept.safar"
    back_up(path, key=PUBLIC if encrypted else "", anchors=tmp_path / "none", now=NOW)
    told = path.read_bytes()
    place = len(told) // 3 if encrypted else told.index(b"records_personevent") + 100
    harmed = {
        "cut short": told[:-place],
        "one byte changed": told[:place] + bytes([told[place] ^ 1]) + told[place + 1 :],
        "empty": b"",
    }
    path.write_bytes(harmed[harm])

    with pytest.raises(DataError, match="broken"), open_backup(path, SECRET):
        pass


def test_what_is_there_already_is_never_written_over(kept: Path, tmp_path: Path) -> None:
    before = contents()

    with open_backup(kept, SECRET) as backup:
        with pytest.raises(DataError, match="not empty"):
            restore(backup, anchors=tmp_path / "anchors.log")
        (tmp_path / "others.log").write_text("another history\n")
        with pytest.raises(DataError, match=r"others\.log"):
            restore(backup, anchors=tmp_path / "others.log")

    assert contents() == before


def test_another_version_of_the_tables_is_refused(kept: Path, tmp_path: Path) -> None:
    with another_database(), open_backup(kept, SECRET) as backup:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE records_phone ADD COLUMN newer text")
        with pytest.raises(DataError, match="install that version"):
            restore(backup, anchors=tmp_path / "anchors.log")

        assert not Person.objects.exists()


def test_other_keys_are_noticed(kept: Path, settings) -> None:
    with open_backup(kept, SECRET) as backup:
        assert keys_missing(backup.manifest) == ()
        settings.DOCUMENT_KEYS = ["a new one", *settings.DOCUMENT_KEYS]
        assert keys_missing(backup.manifest) == ()
        settings.DOCUMENT_KEYS = ["a new one"]
        assert keys_missing(backup.manifest) == ("SAFAR_DOCUMENT_KEYS",)


def test_a_killed_backup_leaves_the_one_before(kept: Path, tmp_path: Path) -> None:
    """SIGKILL with the file half written; the next backup takes away what that one left."""
    before = kept.read_bytes()
    program = """
        import sys, time
        from pathlib import Path
        from safar.casework.keeping_file import new_backup
        with new_backup(Path(sys.argv[1]), sys.argv[2]) as members:
            with members.open("records_person", "w") as member:
                member.write(b"half a row" * 100_000)
                print("half", flush=True)
                time.sleep(60)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), str(kept), PUBLIC], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        os.kill(process.pid, signal.SIGKILL)

    assert kept.read_bytes() == before
    back_up(kept, key=PUBLIC, anchors=tmp_path / "none", now=NOW)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
    with open_backup(kept, SECRET) as backup:
        assert backup.manifest.rows > 0


def test_a_role_behind_walls_may_not_make_a_backup(lived_in, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE safar_app")
        try:
            with pytest.raises(DataError, match="owner"):
                back_up(tmp_path / "kept.safar", key="", anchors=tmp_path / "none", now=NOW)
        finally:
            cursor.execute("RESET ROLE")

    assert list(tmp_path.iterdir()) == []
    assert has_tables()
