"""The commands of the contract, run as a person would run them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

SAFAR = [sys.executable, "-c", "from safar.ops.main import main; main()"]
COLUMNS = [
    "person_id", "provision", "kind", "status", "due_on", "latest_on",
    "amount_low", "amount_high", "currency", "ban_months",
]  # fmt: skip
JAMSHED = {
    "person_id": "jamshed", "citizenship": "TJ", "destination": "RU", "region": "RU-MOW", "entry_purpose": "work",
    "stays": [{"country": "RU", "entered_on": "2024-10-01"}], "offences": [], "patent_applied_on": "2024-11-15",
}  # fmt: skip


def safar(*words: object, stdin: str | None = None) -> str:
    environment = {**os.environ, "COLUMNS": "100"}
    run = subprocess.run(
        [*SAFAR, *map(str, words)], input=stdin, capture_output=True, text=True, env=environment, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world")
    safar("world", "--people", 400, "--seed", 3, "--on", "2026-11-24", "--out", out)
    return out


def test_one_person_gets_one_answer_in_the_contracts_shape() -> None:
    answer = json.loads(safar("law", "assess", "-", "--on", "2024-11-20", stdin=json.dumps(JAMSHED)))

    assert answer["person_id"] == "jamshed"
    assert answer["on"] == "2024-11-20"
    patent = next(f for f in answer["findings"] if f["provision"] == "RU-PATENT-30D")
    assert (patent["kind"], patent["status"]) == ("duty", "late")
    assert (patent["due_on"], patent["latest_on"], patent["days_left"]) == ("2024-10-30", "2024-10-31", -21)
    assert "Entered on 1 October 2024, so day 30 is 30 October 2024." in patent["because"]
    assert patent["cites"][0].startswith("115-FZ of 2002-07-25, art. 13.3")
    assert patent["confidence"] == "high"
    assert patent["reviewed"] is False
    fine = next(f for f in answer["findings"] if f["provision"] == "RU-KOAP-18.20")
    assert fine["amount"] == {"low": 10000, "high": 15000, "currency": "RUB"}
    assert any("Apply for a patent" in line for line in fine["because"])  # the chain: what was missed
    assert {"fact", "ask", "decides"} <= set(answer["questions"][0])


def test_reasons_come_in_russian_too() -> None:
    answer = json.loads(
        safar("law", "assess", "-", "--on", "2024-11-20", "--lang", "ru", stdin=json.dumps(JAMSHED))
    )

    patent = next(f for f in answer["findings"] if f["provision"] == "RU-PATENT-30D")
    assert any("30 октября 2024 года" in line for line in patent["because"])


def test_a_list_and_lines_get_a_list(tmp_path: Path) -> None:
    people = [JAMSHED, {**JAMSHED, "person_id": "umed"}]
    lines = tmp_path / "people.jsonl"
    lines.write_text("\n".join(json.dumps(person) for person in people), "utf-8")

    as_list = json.loads(safar("law", "assess", "-", "--on", "2024-11-20", stdin=json.dumps(people)))
    as_lines = json.loads(safar("law", "assess", lines, "--on", "2024-11-20"))

    assert [answer["person_id"] for answer in as_list] == ["jamshed", "umed"]
    assert as_lines == as_list


def test_what_does_not_apply_is_shown_only_when_asked_for() -> None:
    some = json.loads(safar("law", "assess", "-", "--on", "2024-11-20", stdin=json.dumps(JAMSHED)))
    every = json.loads(safar("law", "assess", "-", "--on", "2024-11-20", "--all", stdin=json.dumps(JAMSHED)))

    left_out = {"not_applicable", "no_rule_in_force"}
    assert not left_out & {f["status"] for f in some["findings"]}
    assert left_out <= {f["status"] for f in every["findings"]}
    assert len(every["findings"]) >= 232


def test_the_card_says_that_no_lawyer_has_read_it() -> None:
    card = safar(
        "law", "assess", "-", "--on", "2024-11-20", "--format", "text", "--ahead", stdin=json.dumps(JAMSHED)
    )

    assert "Apply for a patent" in card
    assert "No lawyer has checked this text yet." in card
    assert "\x1b[" not in card


def test_a_world_is_the_same_for_a_seed(world: Path, tmp_path: Path) -> None:
    safar("world", "--people", 400, "--seed", 3, "--on", "2026-11-24", "--out", tmp_path)

    for name in ("people", "stays", "offences", "households", "communities"):
        for ending in ("csv", "parquet"):
            assert (tmp_path / f"{name}.{ending}").read_bytes() == (world / f"{name}.{ending}").read_bytes()


def test_screening_csv_and_parquet_gives_the_same_findings(world: Path, tmp_path: Path) -> None:
    for ending in ("csv", "parquet"):
        safar(
            "law", "screen", world / f"people.{ending}", "--stays", world / f"stays.{ending}",
            "--offences", world / f"offences.{ending}", "--on", "2026-11-24", "--out", tmp_path / f"out.{ending}",
        )  # fmt: skip
    parquet = pl.read_parquet(tmp_path / "out.parquet")
    csv = pl.read_csv(tmp_path / "out.csv", schema_overrides=parquet.schema)

    assert parquet.columns == COLUMNS
    assert parquet.schema["due_on"] == pl.Date
    assert parquet.schema["person_id"] == pl.String
    order = ["person_id", "provision"]
    assert parquet.sort(order).equals(csv.sort(order))
    assert parquet.select(order).is_duplicated().sum() == 0


def test_screening_says_what_assessing_says(world: Path, tmp_path: Path) -> None:
    safar(
        "law", "screen", world / "people.parquet", "--stays", world / "stays.parquet",
        "--offences", world / "offences.parquet", "--on", "2026-11-24", "--out", tmp_path / "out.parquet",
    )  # fmt: skip
    screened = pl.read_parquet(tmp_path / "out.parquet")
    person = facts_of(world, "P0000005")

    answer = json.loads(safar("law", "assess", "-", "--on", "2026-11-24", stdin=json.dumps(person)))

    said = {f["provision"]: (f["status"], f["due_on"], f["latest_on"]) for f in answer["findings"]}
    rows = screened.filter(person_id="P0000005").iter_rows(named=True)
    assert said == {r["provision"]: (r["status"], text(r["due_on"]), text(r["latest_on"])) for r in rows}


def text(value: object) -> str | None:
    return None if value is None else str(value)


def facts_of(world: Path, person_id: str) -> dict:
    """A person's facts out of the CSV tables, as JSON would carry them."""
    row = pl.read_csv(world / "people.csv", infer_schema=False).filter(person_id=person_id).row(0, named=True)
    facts = {k: v for k, v in row.items() if v is not None and not k.endswith("_id")} | {
        "person_id": person_id
    }
    if "on_controlled_register" in facts:
        facts["on_controlled_register"] = facts["on_controlled_register"] == "true"
    for name in ("stays", "offences"):
        rows = pl.read_csv(world / f"{name}.csv", infer_schema=False).filter(person_id=person_id)
        if rows.height:
            facts[name] = rows.drop("person_id").to_dicts()
    for offence in facts.get("offences") or [] if facts.get("offences") != "none" else []:
        offence["expelled"] = offence["expelled"] == "true"
    return facts


def test_what_changed_between_two_days_reads_well() -> None:
    changed = safar("law", "diff", "--from", "2024-12-31", "--to", "2025-01-01")

    assert "90 days" in changed
    assert "patent_month_rub[RU-MOW]: 7500 -> 8900 RUB" in changed


def test_every_command_has_help() -> None:
    assert "law" in safar("--help")
    for words in (
        ["law", "assess"],
        ["law", "screen"],
        ["law", "check"],
        ["law", "diff"],
        ["law", "reform"],
        ["world"],
        ["demo"],
    ):
        assert "--help" in safar(*words, "--help")
