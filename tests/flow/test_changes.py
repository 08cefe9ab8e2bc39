"""What changed since yesterday: new, worse, better, solved, and what was the cause."""

import os
import subprocess
import sys
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from safar.base import content_path
from safar.flow import what_changed
from safar.flow.changes import Since, told_since
from safar.flow.digest import law_digest, rule_digests, triage_digest
from safar.flow.triage import triage_of
from safar.law.reform import read_change
from safar.law.store import load_yaml
from tests.flow.crowd import LAW, RISKS, TRIAGE, ranked
from tests.law.targets import tables
from tests.people import AIGUL, JAMSHED, MAVLUDA, ON, SHAVKAT, ZARINA

DAY = timedelta(days=1)
NOBODY_TOLD = Since()


def changes(
    before: pl.DataFrame, now: pl.DataFrame, since: Since | None = NOBODY_TOLD
) -> list[dict[str, Any]]:
    return what_changed(before, now, since=since).to_dicts()


def told(*ids: str) -> Since:
    return Since(pl.Series("person_id", list(ids), dtype=pl.String))


def test_nothing_changes_by_itself() -> None:
    people = [SHAVKAT, ZARINA]

    assert changes(ranked(people, ON), ranked(people, ON)) == []
    assert changes(ranked(people, ON), ranked(people, ON + DAY)) == []


def test_a_last_day_that_passes_makes_it_worse_because_of_the_day() -> None:
    last = date(2026, 12, 8)

    (change,) = [
        c
        for c in changes(ranked([MAVLUDA], last), ranked([MAVLUDA], last + DAY))
        if c["provision"] == "RU-STAY-90-CALENDAR-YEAR"
    ]

    assert (change["change"], change["cause"]) == ("worse", "day")
    assert (change["danger_before"], change["danger_now"]) == ("stay_ending", "ban_growing")
    assert change["harm_now"] > change["harm_before"]
    assert change["act_by"] == last


def test_the_day_is_the_cause_even_if_something_was_told_the_same_night() -> None:
    last = date(2026, 12, 8)

    found = changes(ranked([MAVLUDA], last), ranked([MAVLUDA], last + DAY), told("mavluda"))

    assert {c["cause"] for c in found if c["provision"] == "RU-STAY-90-CALENDAR-YEAR"} == {"day"}


def test_a_need_comes_up_when_its_day_comes_near() -> None:
    before = date(2026, 12, 8) - 31 * DAY

    found = changes(ranked([MAVLUDA], before), ranked([MAVLUDA], before + DAY))

    assert [(c["change"], c["cause"], c["danger_now"]) for c in found] == [("new", "day", "stay_ending")]


def test_what_was_done_is_solved_by_the_facts() -> None:
    paid = JAMSHED | {"patent_paid_until": "2027-01-28"}

    found = changes(ranked([JAMSHED], ON), ranked([paid], ON), told("jamshed"))

    solved = next(c for c in found if c["danger_before"] == "stay_ending")
    assert (solved["change"], solved["cause"], solved["danger_now"]) == ("solved", "facts", None)


def test_an_answer_that_settles_an_unknown_makes_it_better() -> None:
    told_all = AIGUL | {"banned_until": "none", "moved_on": "none"}

    found = changes(ranked([AIGUL], ON), ranked([told_all], ON), told("aigul"))

    assert {(c["change"], c["cause"], c["danger_before"]) for c in found} == {
        ("solved", "facts", "not_known"),
        ("solved", "facts", "not_known_small"),
    }


def test_a_danger_behind_worse_ones_is_neither_solved_nor_new() -> None:
    """Zarina's fines stood back behind three worse dangers; when the worst is gone they only come into sight."""
    safe = ZARINA | {"answers": {}}
    before, now = ranked([ZARINA], ON), ranked([safe], ON)
    assert before["left_out"][0] > 0

    found = changes(before, now, told("zarina"))

    assert {(c["change"], c["danger_before"]) for c in found} == {
        ("solved", "sign_critical"),
        ("solved", "unpaid_wages"),
    }


def test_a_danger_pushed_back_by_worse_ones_is_not_solved() -> None:
    safe = ZARINA | {"answers": {}}
    before, now = ranked([safe], ON), ranked([ZARINA], ON)

    found = changes(before, now, told("zarina"))

    assert {(c["change"], c["danger_now"]) for c in found} == {
        ("new", "sign_critical"),
        ("new", "unpaid_wages"),
    }


def test_somebody_new_and_somebody_gone() -> None:
    found = changes(ranked([SHAVKAT], ON), ranked([ZARINA], ON), told("shavkat", "zarina"))

    assert {(c["person_id"], c["change"]) for c in found} == {("shavkat", "solved"), ("zarina", "new")}


def test_the_first_night_and_an_empty_one() -> None:
    needs, nobody = ranked([SHAVKAT], ON), ranked([], ON)

    assert {c["change"] for c in changes(nobody, needs)} == {"new"}
    assert {c["change"] for c in changes(needs, nobody)} == {"solved"}
    assert changes(nobody, nobody) == []


def test_without_knowing_what_else_changed_no_cause_is_named() -> None:
    found = changes(ranked([SHAVKAT], ON), ranked([], ON), None)

    assert {c["cause"] for c in found} == {None}


@pytest.mark.parametrize(("who", "cause"), [((), "law"), (("shavkat",), None)])
def test_a_rule_that_changed_is_the_cause_unless_facts_did_too(
    who: tuple[str, ...], cause: str | None
) -> None:
    since = Since(pl.Series("person_id", list(who), dtype=pl.String), ["RU-STAY-EXT-PATENT"])

    found = changes(ranked([SHAVKAT], ON), ranked([], ON), since)

    assert {c["cause"] for c in found if c["provision"] == "RU-STAY-EXT-PATENT"} == {cause}


# What else changed


def told_in(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> set[str]:
    pairs = zip(tables(before, RISKS), tables(now, RISKS), strict=True)
    return {name for left, right in pairs for name in told_since(left, right)}


def test_of_whom_something_was_told() -> None:
    moved = MAVLUDA | {"moved_on": "2026-11-19"}
    left = SHAVKAT | {"stays": [{"country": "RU", "entered_on": "2026-03-01", "left_on": "2026-11-19"}]}

    assert told_in([MAVLUDA, SHAVKAT], [SHAVKAT, MAVLUDA]) == set()
    assert told_in([MAVLUDA, SHAVKAT], [moved, left]) == {"mavluda", "shavkat"}
    assert told_in([MAVLUDA, ZARINA], [MAVLUDA, SHAVKAT]) == {"shavkat", "zarina"}


def test_a_fact_that_is_taken_back_was_told_too() -> None:
    assert told_in([MAVLUDA], [MAVLUDA | {"region": None}]) == {"mavluda"}


def test_a_column_that_nobody_fills_or_another_type_tells_nothing() -> None:
    before, *_ = tables([MAVLUDA], RISKS)
    now = before.with_columns(
        shoe_size=pl.lit(None, dtype=pl.Int8), entered_on=pl.col("entered_on").cast(pl.String)
    )

    assert told_since(before, now).to_list() == []


def test_a_rule_has_another_digest_when_it_or_what_it_rests_on_changes(tmp_path: Any) -> None:
    change = tmp_path / "change.yaml"
    change.write_text(
        "title: a week less\nparams: {mci_kzt: 9999}\nprovisions: {RU-STAY-EXT-PATENT: null}\n", "utf-8"
    )
    proposed = read_change(LAW, change, on=ON).law

    before, after = rule_digests(LAW), rule_digests(proposed)

    changed = {name for name in before if before[name] != after[name]}
    assert {"RU-STAY-EXT-PATENT", "RU-BAN-26-8", "KZ-517-4"} <= changed
    assert not {"RU-PATENT-30D", "KZ-STAY-KG-2023", "R-ILO-07"} & changed


def test_digests_are_the_same_in_every_process() -> None:
    code = (
        "from safar.law import read_law; from safar.flow.digest import rule_digests, law_digest;"
        "print(law_digest(rule_digests(read_law())))"
    )

    def run(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
        )
        return run.stdout.strip()

    assert run("1") == run("2") == law_digest(rule_digests(LAW))
    assert triage_digest(TRIAGE) == triage_digest(
        triage_of(load_yaml(content_path() / "triage/dangers.yaml"), "x")
    )
