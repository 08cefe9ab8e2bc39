"""A night that is killed, as by a power cut, in the middle of each step: the next run brings the same worklists."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from safar.base import DataError
from safar.casework.access import acting_as, opened
from safar.casework.night import Clock, NightDone, run_night
from safar.casework.people import state_facts
from safar.casework.today import assign_people
from safar.records.models import Change, Need, Night, Reminder, Tally
from tests.casework.conftest import NOW, ON
from tests.casework.real_database import real, transactional_db  # noqa: F401
from tests.casework.test_night import worklist
from tests.casework.test_today import TOLD, registered

# Runs the night and kills itself, once a function was called or once it has done its work.
KILLED = """
import itertools, os, signal, sys
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
import django
django.setup()
from django.db import connection
from safar.casework.night import Clock, run_night
database, folder, on, module, name, when = sys.argv[1:]
connection.settings_dict["NAME"] = database
room = import_module(module)
whole = getattr(room, name)
def killed(*args, **words):
    if when == "after":
        whole(*args, **words)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(room, name, killed)
clock = Clock(now=lambda: datetime(2026, 11, 20, 23, 0, tzinfo=UTC), seconds=itertools.count().__next__)
run_night(Path(folder), on=date.fromisoformat(on), clock=clock)
"""
NIGHT = "safar.casework.night"
MOMENTS = {
    "the snapshot is not written yet": (NIGHT, "take_snapshot", "before"),
    "the snapshot is written and not noted": (NIGHT, "take_snapshot", "after"),
    "a step's notes are not written": ("safar.flow.night", "write_json", "before"),
    "half of the worklists is loaded": (NIGHT, "load_needs", "after"),
    "all is loaded and not committed": (NIGHT, "remind", "after"),
    "all is committed and not noted": (NIGHT, "load", "after"),
}


def clock() -> Clock:
    return Clock(now=lambda: datetime(2026, 11, 20, 23, 0, tzinfo=UTC), seconds=itertools.count().__next__)


def told() -> list[list]:
    """What a night leaves for the officers."""
    return [
        worklist(),
        sorted(Tally.objects.values_list("home_path", "danger", "people")),
        sorted(Change.objects.values_list("on", "person", "danger", "change", "cause"), key=str),
        sorted(Reminder.objects.values_list("officer", "person", "danger", "act_by"), key=str),
    ]


def forget() -> None:
    for model in (Need, Tally, Change, Reminder, Night):
        model.objects.all().delete()


@pytest.fixture(scope="module")
def before(real: dict[str, int], tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """The folder of the nights with that of the day before; something has changed since."""
    nights = tmp_path_factory.mktemp("nights")
    acting = acting_as(real["isfara"], on=ON, now=NOW)
    with opened(acting, "test"):
        people = [registered(acting, "Раҳимов", days).id for days in (3, 60, 85, 200)]
        assign_people(acting, people, acting.officer_id, on=ON, now=NOW)
    run_night(nights, on=ON - timedelta(days=1), clock=clock())
    with opened(acting, "test"):
        state_facts(acting, people[3], {"on_controlled_register": True}, saying=TOLD, on=ON, now=NOW)
    return nights


@pytest.fixture(scope="module")
def undisturbed(before: Path, tmp_path_factory: pytest.TempPathFactory) -> list[list]:
    """What a night leaves that nobody disturbs."""
    nights = tmp_path_factory.mktemp("undisturbed") / "nights"
    shutil.copytree(before, nights)
    forget()
    run_night(nights, on=ON, clock=clock())
    found = told()
    assert all(found)
    return found


def again(folder: Path) -> NightDone:
    """The next run; the server needs a moment to see that the killed one is gone."""
    for _ in range(100):
        try:
            return run_night(folder, on=ON, clock=clock())
        except DataError:
            time.sleep(0.1)
    raise AssertionError("the killed night still holds its lock")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_night_killed_at_any_moment_is_the_same_in_the_end(
    undisturbed: list[list], before: Path, tmp_path: Path, moment: str
) -> None:
    from django.db import connection

    nights = tmp_path / "nights"
    shutil.copytree(before, nights)
    forget()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, connection.settings_dict["NAME"], str(nights), str(ON), *MOMENTS[moment]],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert Night.objects.get().state == "running"

    assert again(nights).state == "done"

    assert told() == undisturbed
