"""What changed between two days, and what a reform would do."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from safar.base import LawError, day_number
from safar.law import changes, read_law, read_words
from safar.law.reform import compare, read_change, summary
from safar.law.screen import prepare_people
from safar.law.table import Source

LAW, WORDS = read_law(), read_words("en")
ON = date(2026, 3, 1)


def test_the_turn_of_2025_brings_the_calendar_year() -> None:
    found = changes(LAW, WORDS, start=date(2024, 12, 31), end=date(2025, 1, 1))

    by_rule = {(item.get("provision"), item["change"]): item for item in found}
    assert by_rule["RU-STAY-90-CALENDAR-YEAR", "began"]["on"] == "2025-01-01"
    assert by_rule["RU-STAY-90-180", "ended"]["for"]["destination"] == ["RU"]
    values = {(i["param"], i["key"]): (i["from"], i["to"]) for i in found if i["change"] == "value"}
    assert values["patent_month_rub", "RU-MOW"] == (7500, 8900)
    assert values["mci_kzt", ""] == (3692, 3932)


def test_a_rule_for_tajik_workers_says_so() -> None:
    (patent,) = (
        item for item in changes(LAW, WORDS, start=date(2014, 12, 31), end=date(2015, 1, 1))
        if item.get("provision") == "RU-PATENT-30D"
    )  # fmt: skip
    assert patent["for"] == {"destination": ["RU"], "citizenship": ["TJ", "UZ"], "entry_purpose": ["work"]}


def test_nothing_changes_within_a_day() -> None:
    assert changes(LAW, WORDS, start=ON, end=ON) == []


PEOPLE = pl.DataFrame(
    {
        "person_id": ["soon", "late", "kyrgyz"],
        "citizenship": ["TJ", "TJ", "KG"],
        "destination": ["RU"] * 3,
        "region": ["RU-MOW"] * 3,
        "entry_purpose": ["work"] * 3,
        "entered_on": ["2026-02-20", "2026-02-05", "2026-02-05"],
        "patent_applied_on": ["none"] * 3,
        "patent_issued_on": ["none"] * 3,
        "stays": ["none"] * 3,
    }
)


def tried(tmp_path: Path, text: str) -> dict:
    path = tmp_path / "change.yaml"
    path.write_text(text, "utf-8")
    change = read_change(LAW, path, on=ON)
    prepared = prepare_people(LAW, Source(PEOPLE, "people"), None, None, day_number(ON))
    return summary(compare(LAW, change, prepared, on=ON), PEOPLE.height)


SHORTER = """
title: Fifteen days for a patent
provisions:
  RU-PATENT-30D:
    by: {days: 15, of: calendar, counting: event_day_is_day_one}
"""


def test_a_shorter_term_makes_somebody_unlawful(tmp_path: Path) -> None:
    answer = tried(tmp_path, SHORTER)

    assert answer["becomes_unlawful"] == 1  # entered on 5 February: day 15 was 19 February
    assert answer["loses"] == 2  # and the other has fewer days left
    assert answer["gains"] == 0


def test_a_dearer_month_costs_those_who_pay_it(tmp_path: Path) -> None:
    answer = tried(tmp_path, "params: {patent_month_rub: {RU-MOW: 12000}}\n")

    assert answer["loses"] == 2
    assert {move["amount_change"] for move in answer["moves"]} == {4000.0}


def test_a_repealed_duty_frees(tmp_path: Path) -> None:
    answer = tried(tmp_path, "provisions: {RU-PATENT-30D: null}\n")

    assert {m["status_after"] for m in answer["moves"] if m["provision"] == "RU-PATENT-30D"} == {
        "not_applicable"
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("provisions: {RU-NO-SUCH: null}", "there is no provision RU-NO-SUCH"),
        ("params: {no_such: 1}", "there is no parameter no_such"),
        ("params: {patent_month_rub: {RU-MOW: dear}}", "needs a known key and a number"),
        ("provisions: {RU-PATENT-30D: {by: never}}", "there is no fact or term called never"),
        ("provisions: {RU-PATENT-2010: {seen: none}}", "not in force on 2026-03-01"),
        ("rules: {}", "title, params and provisions only"),
    ],
)
def test_a_wrong_change_is_refused_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "change.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(LawError, match=told) as refusal:
        read_change(LAW, path, on=ON)
    assert "\n" not in str(refusal.value)
