"""The night: everybody ranked as one by one, twice is once, a killed night goes on, and only one runs."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from safar.base import DataError
from safar.casework import night
from safar.casework.night import Clock, run_night
from safar.casework.people import state_facts
from safar.casework.today import assign_people
from safar.records.models import Change, Need, Night, NightStep, Reminder, Tally
from tests.casework.conftest import NOW, ON
from tests.casework.test_today import TOLD, registered

KEPT = (
    "person",
    "danger",
    "harm",
    "priority",
    "first",
    "provision",
    "status",
    "act_by",
    "ban_months",
    "since",
)


def clock() -> Clock:
    return Clock(now=lambda: datetime(2026, 11, 20, 23, 0, tzinfo=UTC), seconds=itertools.count().__next__)


def worklist() -> list[dict]:
    return list(Need.objects.order_by("person", "danger").values(*KEPT))


@pytest.fixture
def people(working):
    with working("isfara") as acting:
        return [registered(acting, "Раҳимов", days).id for days in (3, 60, 85, 200)]


def test_the_night_says_what_the_day_said(working, system, people, tmp_path: Path) -> None:
    with system():
        told_by_day = worklist()
        Need.objects.all().delete()

        done = run_night(tmp_path, on=ON, clock=clock())

        assert worklist() == told_by_day
        assert done.state == "done"
        assert done.people == len(people)
        assert {step.state for step in done.steps} == {"done"}
        assert sum(Tally.objects.values_list("people", flat=True)) == len(people)


def test_twice_is_once(system, people, tmp_path: Path) -> None:
    with system():
        run_night(tmp_path, on=ON, clock=clock())
        before = worklist()
        run_night(tmp_path, on=ON, clock=clock())

        assert worklist() == before
        assert Night.objects.count() == 1


@pytest.mark.parametrize(
    "step",
    ["take_snapshot", "likely_pairs", "load_needs", "load_pairs", "load_tallies", "load_changes", "remind"],
)
def test_a_night_that_broke_goes_on(
    system, people, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("somebody pulled the plug")

    with system():
        before = worklist()
        with monkeypatch.context() as broken:
            broken.setattr(night, step, breaks)
            with pytest.raises(RuntimeError):
                run_night(tmp_path, on=ON, clock=clock())
        assert Night.objects.get().state == "failed"
        assert NightStep.objects.filter(state="failed").get().trouble == "RuntimeError"
        assert worklist() == before

        assert run_night(tmp_path, on=ON, clock=clock()).state == "done"


def test_what_changed_is_told_with_its_cause(working, system, people, tmp_path: Path) -> None:
    with system():
        run_night(tmp_path, on=ON, clock=clock())
    with working("isfara") as acting:
        state_facts(acting, people[3], {"on_controlled_register": True}, saying=TOLD, on=ON, now=NOW)
    with system():
        run_night(tmp_path, on=ON + timedelta(days=1), clock=clock())

        changes = Change.objects.filter(on=ON + timedelta(days=1), person=people[3])
        assert "on_register" in set(changes.values_list("danger", flat=True))
        assert set(changes.filter(danger="on_register").values_list("change", "cause")) == {("new", "facts")}
        assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-11-20", "2026-11-21"]


def test_the_officer_in_charge_is_reminded_of_a_near_day(working, system, people, tmp_path: Path) -> None:
    with working("isfara") as acting:
        assign_people(acting, people, acting.officer_id, on=ON, now=NOW)
    with system():
        run_night(tmp_path, on=ON, clock=clock())

        reminders = Reminder.objects.values_list("person", "act_by")
        assert reminders
        assert all(ON <= day <= ON + timedelta(days=night.AHEAD) for _, day in reminders)


def test_a_snapshot_is_for_its_owner_alone(system, people, tmp_path: Path) -> None:
    with system():
        run_night(tmp_path / "nights", on=ON, clock=clock())

    assert (tmp_path / "nights").stat().st_mode & 0o077 == 0


def test_another_night_waits(system, people, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(night.Alone, "__enter__", _refuse)
    with system(), pytest.raises(DataError):
        run_night(tmp_path, on=ON, clock=clock())


def _refuse(_: object) -> None:
    raise DataError("another night is running; wait for it or stop it")
