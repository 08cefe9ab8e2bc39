"""The night as steps: what is done stays done, a killed run goes on where it was, and nothing is half-written."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from safar.base import DataError
from safar.flow import Night, run_steps
from safar.flow.night import MANIFEST, Step, read_manifest
from safar.lake import write_table
from tests.flow.crowd import LAW, RISKS, TRIAGE, ranked
from tests.law.targets import tables
from tests.people import JAMSHED, ON, RUSTAM, SHAVKAT

STEPS = ["snapshot", "linked", "ranked", "changed", "loaded"]
TABLES = ("people", "stays", "offences")
PEOPLE = [JAMSHED, RUSTAM, SHAVKAT]


class Killed(BaseException):
    """Stands for kill -9: nothing catches it, nothing is tidied up."""


class Database:
    """What casework gives and takes: the people of a night, and what was loaded."""

    def __init__(self, people: list[dict[str, object]] | None = None) -> None:
        self.people = PEOPLE if people is None else people
        self.loaded: list[pl.DataFrame] = []
        self.snapshots = 0

    def snapshot(self, folder: Path) -> None:
        self.snapshots += 1
        for name, frame in zip(TABLES, tables(self.people, RISKS), strict=True):
            write_table(frame, folder / f"{name}.parquet")
        records = pl.DataFrame({"record_id": [person["person_id"] for person in self.people]})
        write_table(records, folder / "records.parquet")

    def load(self, folder: Path) -> None:
        self.loaded.append(pl.read_parquet(folder / "needs.parquet"))


def link(records: pl.DataFrame) -> pl.DataFrame:
    return records.select(one="record_id", two="record_id", probability=pl.lit(0.5))


def seconds() -> Callable[[], float]:
    return map(float, count()).__next__


def run(
    night: Night,
    folder: Path,
    database: Database,
    wrap: Callable[[Step], Step] = lambda step: step,
    keep_findings: bool = False,
) -> list[str]:
    """Run a night; the names of the steps that ran."""
    ran: list[str] = []

    def noted(step: Step) -> Step:
        def act(place: Path) -> None:
            ran.append(step.name)
            step.run(place)

        return Step(step.name, step.inputs, step.outputs, act)

    steps = night.steps(
        snapshot=database.snapshot, load=database.load, link=link, keep_findings=keep_findings
    )
    run_steps([wrap(noted(step)) for step in steps], folder, given=night.given(), timer=seconds())
    return ran


@pytest.fixture
def night() -> Night:
    return Night(ON, LAW, TRIAGE)


def test_a_night_goes_from_snapshot_to_worklist(night: Night, tmp_path: Path) -> None:
    database = Database()

    assert run(night, tmp_path, database) == STEPS

    assert_frame_equal(database.loaded[0], ranked(PEOPLE, ON))
    assert pl.read_parquet(tmp_path / "changes.parquet").is_empty()
    assert not list(tmp_path.glob(".*.part"))


def test_the_manifest_says_what_went_in_and_came_out(night: Night, tmp_path: Path) -> None:
    run(night, tmp_path, Database())

    manifest = read_manifest(tmp_path)

    assert list(manifest) == STEPS
    assert manifest["snapshot"].rows["people.parquet"] == len(PEOPLE)
    assert manifest["ranked"].rows["needs.parquet"] == ranked(PEOPLE, ON).height
    assert manifest["ranked"].inputs["people.parquet"] == manifest["snapshot"].outputs["people.parquet"]
    assert manifest["ranked"].inputs["day"] == "2026-11-20"
    assert {done.seconds for done in manifest.values()} == {1.0}


def test_what_is_done_is_not_done_again(night: Night, tmp_path: Path) -> None:
    database = Database()
    run(night, tmp_path, database)

    assert run(night, tmp_path, database) == []
    assert (database.snapshots, len(database.loaded)) == (1, 1)


def test_findings_can_be_kept_and_ranked_from_the_file(night: Night, tmp_path: Path) -> None:
    run(night, tmp_path / "kept", Database(), keep_findings=True)
    run(night, tmp_path / "not", Database())

    kept, passed = (pl.read_parquet(tmp_path / name / "needs.parquet") for name in ("kept", "not"))
    assert_frame_equal(kept, passed)
    assert pl.read_parquet(tmp_path / "kept" / "findings.parquet").height > kept.height


# Killed


def moments(step: Step) -> Iterator[tuple[str, Step]]:
    """A step killed before it does anything, in the middle of writing, and after it, before that is noted."""

    def before(folder: Path) -> None:
        raise Killed

    def amid(folder: Path) -> None:
        step.run(folder)
        for name in step.outputs:
            whole = (folder / name).read_bytes()
            (folder / name).unlink()
            (folder / f".{name}.1.part").write_bytes(whole[: len(whole) // 2])
        raise Killed

    def after(folder: Path) -> None:
        step.run(folder)
        raise Killed

    for moment, act in (("before", before), ("amid", amid), ("after", after)):
        yield moment, Step(step.name, step.inputs, step.outputs, act)


@pytest.mark.parametrize("moment", ["before", "amid", "after"])
@pytest.mark.parametrize("name", STEPS)
def test_a_killed_run_goes_on_at_that_step_and_ends_the_same(
    night: Night, tmp_path: Path, name: str, moment: str
) -> None:
    database = Database()
    with pytest.raises(Killed):
        run(
            night, tmp_path, database, lambda step: dict(moments(step))[moment] if step.name == name else step
        )

    again = run(night, tmp_path, database)

    assert again == STEPS[STEPS.index(name) :]
    assert_frame_equal(database.loaded[-1], ranked(PEOPLE, ON))


def test_kill_9_in_the_middle_loses_nothing(night: Night, tmp_path: Path) -> None:
    """A process of its own, killed by the system while it ranks; the next one needs no second snapshot."""
    program = f"""
import os, signal
from dataclasses import replace
from pathlib import Path
from tests.flow.test_night import *
night, folder = Night(ON, LAW, TRIAGE), Path({str(tmp_path)!r})
def fatal(step):
    def act(place):
        (place / ".needs.parquet.1.part").write_bytes(b"half of a table")
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(step, run=act) if step.name == "ranked" else step
run(night, folder, Database(), fatal)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert list(read_manifest(tmp_path)) == ["snapshot", "linked"]

    database = Database()
    assert run(night, tmp_path, database) == ["ranked", "changed", "loaded"]
    assert database.snapshots == 0
    assert_frame_equal(database.loaded[0], ranked(PEOPLE, ON))


# What makes a step run again


def test_a_table_that_was_lost_or_touched_is_made_again(night: Night, tmp_path: Path) -> None:
    database = Database()
    run(night, tmp_path, database)
    (tmp_path / "changes.parquet").unlink()
    assert run(night, tmp_path, database) == ["changed"]

    (tmp_path / "needs.parquet").write_bytes(b"touched")
    assert run(night, tmp_path, database) == [
        "ranked"
    ]  # the same needs again, so nothing after it has to run


def test_another_day_is_another_night(night: Night, tmp_path: Path) -> None:
    database = Database()
    run(night, tmp_path, database)

    assert run(Night(ON + timedelta(days=1), LAW, TRIAGE), tmp_path, database)[:2] == ["snapshot", "ranked"]


def test_a_manifest_that_cannot_be_read_costs_time_and_no_more(night: Night, tmp_path: Path) -> None:
    database = Database()
    run(night, tmp_path, database)

    for broken in ('{"snapshot": {"inputs"', "[]", '{"snapshot": {"what": 1}}', '{"snapshot": 5}'):
        (tmp_path / MANIFEST).write_text(broken, "utf-8")
        assert run(night, tmp_path, database) == STEPS


def test_the_second_night_says_what_changed(night: Night, tmp_path: Path) -> None:
    run(night, tmp_path / "1", Database())
    paid = [JAMSHED | {"patent_paid_until": "2027-01-28"}, RUSTAM, SHAVKAT]
    tomorrow = Night(ON + timedelta(days=1), LAW, TRIAGE, before=tmp_path / "1")

    run(tomorrow, tmp_path / "2", Database(paid))

    changed = pl.read_parquet(tmp_path / "2" / "changes.parquet")
    solved = changed.filter(person_id="jamshed", change="solved", danger_before="stay_ending")
    assert solved["cause"].to_list() == ["facts"]
    assert set(changed.filter(pl.col("person_id") != "jamshed")["cause"]) <= {"day"}


def test_without_the_snapshot_of_yesterday_changes_are_told_without_a_cause(
    night: Night, tmp_path: Path
) -> None:
    run(night, tmp_path / "1", Database())
    (tmp_path / "1" / "stays.parquet").unlink()

    run(Night(ON, LAW, TRIAGE, before=tmp_path / "1"), tmp_path / "2", Database([RUSTAM]))

    changed = pl.read_parquet(tmp_path / "2" / "changes.parquet")
    assert set(changed["change"]) == {"solved"}
    assert changed["cause"].null_count() == changed.height


def test_casework_may_hand_further_tables_through(night: Night, tmp_path: Path) -> None:
    database = Database()

    def snapshot(folder: Path) -> None:
        database.snapshot(folder)
        write_table(pl.DataFrame({"person_id": ["jamshed"]}), folder / "scopes.parquet")

    steps = night.steps(snapshot=snapshot, load=database.load, also=("scopes.parquet",))
    manifest = run_steps(steps, tmp_path, given=night.given(), timer=seconds())

    assert manifest["snapshot"].rows["scopes.parquet"] == 1
    assert "scopes.parquet" in manifest["loaded"].inputs


# Steps that are wrong


def test_a_step_that_breaks_its_promise_is_told(tmp_path: Path) -> None:
    idle = Step("idle", (), ("table.parquet",), lambda folder: None)
    with pytest.raises(DataError, match=r"step idle: has not written table\.parquet"):
        run_steps([idle], tmp_path, given={}, timer=seconds())

    lost = Step("lost", ("nothing.parquet",), (), lambda folder: None)
    with pytest.raises(DataError, match=r"step lost: nothing\.parquet is neither given nor written"):
        run_steps([lost], tmp_path, given={}, timer=seconds())


def test_links_without_pairs_are_refused(night: Night, tmp_path: Path) -> None:
    database = Database()
    steps = night.steps(snapshot=database.snapshot, load=database.load, link=lambda records: records)

    with pytest.raises(DataError, match="one, two and probability"):
        run_steps(steps, tmp_path, given=night.given(), timer=seconds())


def test_progress_hears_of_every_step(night: Night, tmp_path: Path) -> None:
    database, heard = Database(), []
    steps = night.steps(snapshot=database.snapshot, load=database.load)

    run_steps(
        steps,
        tmp_path,
        given=night.given(),
        timer=seconds(),
        progress=lambda step, done: heard.append(step.name),
    )

    assert heard == ["snapshot", "ranked", "changed", "loaded"]
