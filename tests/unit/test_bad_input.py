"""The worst input we could think of: each gets one clear line, a non-zero exit, and no half-written output."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAFAR = [sys.executable, "-c", "from safar.ops.main import main; main()"]
PERSON = {"citizenship": "TJ", "destination": "RU", "entry_purpose": "work", "entered_on": "2026-11-01"}


def safar(*words: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(
        [*SAFAR, *map(str, words)], input=stdin, capture_output=True, text=True, env=environment, check=False
    )


def refused(run: subprocess.CompletedProcess[str], *told: str, code: int = 1) -> None:
    assert run.returncode == code, run.stderr
    assert run.stdout == ""
    assert len(run.stderr.strip().splitlines()) == 1, run.stderr
    for text in told:
        assert text in run.stderr


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"citizenshp": "TJ"}, ("citizenshp", "did you mean 'citizenship'")),
        ({"citizenship": "XX"}, ("citizenship is 'XX'", "no country")),
        ({"destination": "US"}, ("destination is 'US'", "RU, KZ")),
        ({"entered_on": "2026-02-30"}, ("entered_on is '2026-02-30'", "YYYY-MM-DD")),
        ({"entered_on": 20260230}, ("entered_on is 20260230", "no day")),
        ({"entered_on": "01.11.2026"}, ("YYYY-MM-DD",)),
        ({"birth_date": "2030-01-01"}, ("birth_date", "check the year")),
        ({"on_controlled_register": "maybe"}, ("true, false",)),
        ({"region": "Moscow"}, ("ISO 3166-2",)),
        ({"sex": "M"}, ("male, female",)),
        ({"stays": {"country": "RU"}}, ("stays must be a list",)),
        ({"stays": [{"country": "RU", "entered_on": "2026-02-10", "left_on": "2026-02-01"}]}, ("before it entered",)),
        ({"stays": [{"country": "RU"}]}, ("no entered_on",)),
        ({"stays": [{"country": "RU", "in": "2026-02-10"}]}, ("stays[1] has 'in'",)),
        ({"offences": [{"country": "RU", "kind": "speeding", "decided_on": "2026-01-01"}]}, ("stay, work or other",)),
        ({"answers": ["R-ILO-07"]}, ("answers must map",)),
        ({"citizenship": "'; DROP TABLE people; --"}, ("no country",)),
    ],
)  # fmt: skip
def test_impossible_facts_are_refused_by_name(facts: dict, told: tuple[str, ...]) -> None:
    run = safar("law", "assess", "-", "--on", "2026-11-24", stdin=json.dumps({"person_id": "X7", **facts}))

    refused(run, "X7", *told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[1, 2]", "person 1"),
        ('"TJ"', "JSON object"),
        ('{"citizenship": "TJ"}\n{"citizenship": }\n', "line 2"),
    ],
)
def test_broken_json_is_refused_with_its_line(text: str, told: str) -> None:
    refused(safar("law", "assess", "-", "--on", "2026-11-24", stdin=text), told)


@pytest.mark.parametrize("day", ["1999-01-01", "2031-01-01"])
def test_days_outside_the_reach_of_the_law_are_refused(day: str) -> None:
    refused(
        safar("law", "assess", "-", "--on", day, stdin=json.dumps(PERSON)),
        "reaches from 2007-01-01 to 2027-12-31",
    )


def test_a_day_that_is_none_is_refused() -> None:
    refused(
        safar("law", "assess", "-", "--on", "yesterday", stdin=json.dumps(PERSON)),
        "--on yesterday",
        "YYYY-MM-DD",
    )


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refused(safar("law", "assess", tmp_path / "nobody.json", "--on", "2026-11-24"), "no such file")
    out = tmp_path / "f.csv"
    refused(safar("law", "screen", tmp_path / "no.csv", "--on", "2026-11-24", "--out", out), "no such file")


def test_wrong_use_exits_with_2() -> None:
    assert safar("law", "assess").returncode == 2
    assert (
        safar(
            "law", "screen", "x.csv", "--on", "2026-11-24", "--out", "y.csv", "--engine", "abacus"
        ).returncode
        == 2
    )
    assert safar("no-such-command").returncode == 2


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (("citizenship", "TJ"), "no column person_id"),
        (("person_id,citizenshp", "a,TJ"), "did you mean 'citizenship'"),
        (("person_id,citizenship", "a,TJ", "a,KG"), "row 2"),
        (("person_id,citizenship", "a,TJ", ",KG"), "row 3: person_id is empty"),
        (("person_id,citizenship", "a,TJ", "b,XX"), "row 3: citizenship is 'XX'"),
        (("person_id,destination", "a,RU", "b,USA"), "row 3: destination is 'USA'"),
        (("person_id,entered_on", "a,2026-01-01", "b,none", "c,2026-13-01"), "row 4: entered_on is '2026-13-01'"),
        (("person_id,on_controlled_register", "a,perhaps"), "row 2: on_controlled_register is 'perhaps'"),
        (("person_id,citizenship", "a,TJ", "b,KG,extra"), "row 3: has 3 fields where the header has 2"),
        (("person_id,citizenship", 'a,"TJ', "b,KG"), "row"),
        (("name,age", "x,3"), "no column person_id"),
        (("person_id,name", "x,Jamshed"), "no column is a fact"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_nothing_is_written(tmp_path: Path, rows: tuple[str, ...], told: str) -> None:
    people, out = table(tmp_path / "people.csv", *rows), tmp_path / "out.parquet"

    run = safar("law", "screen", people, "--on", "2026-11-24", "--out", out)

    refused(run, "people.csv", told)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.csv"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ("person_id,country,entered_on,left_on", "a,RU,2026-02-10,2026-02-01"),
            "left on 2026-02-01 before it entered",
        ),
        (("person_id,country,entered_on,left_on", "a,RU,,2026-02-01"), "row 2: entered_on is empty"),
        (("person_id,country,entered_on,left_on", "a,Russia,2026-02-10,"), "row 2: country is 'Russia'"),
        (("person_id,country,entered_on", "a,RU,2026-02-10"), "has no column left_on"),
    ],
)
def test_bad_stays_are_named(tmp_path: Path, rows: tuple[str, ...], told: str) -> None:
    people = table(tmp_path / "people.csv", "person_id,citizenship,destination", "a,TJ,RU")
    stays, out = table(tmp_path / "stays.csv", *rows), tmp_path / "out.csv"

    refused(
        safar("law", "screen", people, "--stays", stays, "--on", "2026-11-24", "--out", out),
        "stays.csv",
        told,
    )
    assert not out.exists()


def test_a_table_that_is_no_table(tmp_path: Path) -> None:
    noise = tmp_path / "people.parquet"
    noise.write_bytes(b"\x00\x01 not parquet")
    refused(
        safar("law", "screen", noise, "--on", "2026-11-24", "--out", tmp_path / "o.csv"),
        "not a readable Parquet",
    )
    empty = table(tmp_path / "people.csv")
    empty.write_text("")
    refused(safar("law", "screen", empty, "--on", "2026-11-24", "--out", tmp_path / "o.csv"), "empty")
    latin = tmp_path / "latin.csv"
    latin.write_bytes("person_id,occupation\na,ма\n".encode("cp1251"))
    refused(safar("law", "screen", latin, "--on", "2026-11-24", "--out", tmp_path / "o.csv"), "UTF-8")
    refused(safar("law", "screen", table(tmp_path / "p.csv", "person_id,sex"), "--on", "2026-11-24",
                  "--out", tmp_path / "o.parquet"), "nobody to screen")  # fmt: skip


def test_an_ending_nobody_knows_is_refused(tmp_path: Path) -> None:
    people = table(tmp_path / "people.csv", "person_id,citizenship", "a,TJ")
    refused(
        safar("law", "screen", people, "--on", "2026-11-24", "--out", tmp_path / "out.xlsx"),
        ".csv or .parquet",
    )


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    people = table(tmp_path / "people.csv", "person_id,citizenship", "a,TJ")
    blocked = tmp_path / "file"
    blocked.write_text("")
    refused(
        safar("law", "screen", people, "--on", "2026-11-24", "--out", blocked / "out.csv"),
        "cannot be written",
    )
    refused(safar("world", "--people", 10, "--out", blocked), "is a file")


def test_killing_it_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    from safar.lake import whole_file

    out = tmp_path / "out.csv"
    out.write_text("old")
    with pytest.raises(KeyboardInterrupt), whole_file(out) as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
