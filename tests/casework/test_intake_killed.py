"""A run that is killed in the middle loses nothing and doubles nothing; two runs at a time write each row once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from safar.casework.access import Acting, acting_as, opened
from safar.casework.errors import ChangedMeanwhileError
from safar.casework.intake import bringing
from safar.casework.intake.bringing import start_run
from safar.casework.intake.running import LOCK, run_list
from safar.casework.intake.sheets import read_sheet
from safar.records.models import Intake, IntakeRow, Person, PersonEvent, Statement
from tests.casework.conftest import NOW, ON
from tests.casework.lists import RAHIMOV, counts, tried, xlsx
from tests.casework.real_database import a_database, furnished, owner_at

ROWS, PIECE = 40, 10
PATIENCE = 120  # seconds until a process that hangs fails the test
WORKER = f"""
import sys, time
from pathlib import Path
import django
django.setup()
from django.db import connection
database, officer, intake, mark = sys.argv[1:]
connection.settings_dict["NAME"] = database
connection.settings_dict["OPTIONS"] = {{"options": "-c role=safar_app"}}
from safar.casework.access import acting_as
from safar.casework.intake import running
from tests.casework.conftest import NOW, ON
running.SMALLEST = {PIECE}
written = 0
write_down = running.write_down
def hanging(brought, outcomes):
    global written
    write_down(brought, outcomes)
    written += 1
    if written == 3:  # all of the third piece is written, and none of it committed
        Path(mark).touch()
        time.sleep({PATIENCE})
running.write_down = hanging
acting = acting_as(int(officer), on=ON, now=NOW)
running.run_list(acting, intake, on=ON, clock=lambda: NOW)
"""


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Each of these tests commits into a database of its own."""
    with django_db_blocker.unblock(), a_database("list"):
        yield


@pytest.fixture
def isfara(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Acting:
    """The officer of Isfara, at work as the role of the server."""
    officers = furnished()
    monkeypatch.setattr(bringing, "read_bounded", read_sheet)
    monkeypatch.setattr("safar.casework.intake.running.SMALLEST", PIECE)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE safar_app")
    return acting_as(officers["isfara"], on=ON, now=NOW)


SURNAMES = (
    "Раҳимов",
    "Каримов",
    "Шарипов",
    "Назаров",
    "Юсупов",
    "Мирзоев",
    "Саидов",
    "Холов",
    "Ғафуров",
    "Баротов",
)
GIVEN = ("Умед", "Далер", "Зафар", "Комрон")


def names(number: int) -> tuple:
    """A row about somebody whom no other row is about."""
    surname, given = SURNAMES[number % len(SURNAMES)], GIVEN[number // len(SURNAMES)]
    return (
        number,
        surname,
        given,
        *RAHIMOV[3:5],
        f"12.04.{1960 + number}",
        *RAHIMOV[6:9],
        "",
        f"40{number:07}",
    )


def ready(acting: Acting, folder: Path) -> Intake:
    rows = [names(number) for number in range(ROWS)]
    with opened(acting, "test"):
        intake = tried(acting, xlsx(folder / "list.xlsx", *rows, rows[0], rows[7]))
        assert counts(intake) == {"added": ROWS, "known": 2}
        return start_run(acting, intake.pk)


def test_killed_in_the_middle(isfara: Acting, tmp_path: Path) -> None:
    intake, mark = ready(isfara, tmp_path), tmp_path / "mark"
    told = [connection.settings_dict["NAME"], str(isfara.officer_id), str(intake.pk), str(mark)]
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, *told], env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    )
    until = time.monotonic() + PATIENCE
    while not mark.exists() and worker.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert mark.exists()
    worker.send_signal(signal.SIGKILL)
    worker.wait()

    with opened(isfara, "test"):
        killed = Intake.objects.get()
        assert (killed.state, killed.done_rows) == ("running", 2 * PIECE)
        assert Person.objects.count() == IntakeRow.objects.count() == 2 * PIECE

    done = run_list(isfara, intake.pk, on=ON, clock=lambda: NOW)

    with opened(isfara, "test"):
        assert (done.state, done.done_rows, counts(done)) == ("done", ROWS + 2, {"added": ROWS, "known": 2})
        assert Person.objects.count() == Statement.objects.count() == ROWS
        assert PersonEvent.objects.filter(pgh_label="insert").count() == ROWS
        assert sorted(IntakeRow.objects.values_list("row", flat=True)) == list(range(2, ROWS + 4))


def test_two_hands_write_each_row_once(
    isfara: Acting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = ready(isfara, tmp_path)
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"options": "-c role=safar_app"})

    done = run_list(isfara, intake.pk, on=ON, clock=lambda: NOW, hands=2)

    with opened(isfara, "test"):
        assert (done.state, counts(done)) == ("done", {"added": ROWS, "known": 2})
        assert Person.objects.count() == ROWS
        assert IntakeRow.objects.count() == ROWS + 2


def test_while_a_list_runs_no_other_of_the_register_does(
    isfara: Acting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = ready(isfara, tmp_path)
    monkeypatch.setattr("safar.casework.intake.running.WAITING", "50ms")
    with owner_at() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, isfara.register_id % 2**31])

        with pytest.raises(ChangedMeanwhileError, match="list_runs_already"):
            run_list(isfara, intake.pk, on=ON, clock=lambda: NOW)
