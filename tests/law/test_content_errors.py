"""Content that is wrong is refused by file and mend; each check is seen to fail."""

from pathlib import Path
from shutil import copytree

import pytest

from safar.base import LawError, content_path
from safar.law.check import check
from safar.law.read import build_law
from safar.law.words import LANGUAGES

RULE = """
id: RU-A-RULE
kind: duty
country: RU
versions:
  - in_force: {from: 2015-01-01, until: null}
    cites: [{act: 115-FZ, of: 2002-07-25, place: "art. 1"}]
    seen: none
    confidence: high
    applies: destination = 'RU'
    from_event: entered_on
    by: {days: 30, of: calendar, counting: event_day_is_day_one}
    done: registered_on >= entered_on
    done_on: registered_on
"""
CASES = """
cases:
  - name: in time
    on: 2026-01-10
    facts: {destination: RU, entered_on: 2026-01-01, registered_on: none}
    expect: {RU-A-RULE: {status: due, due_on: 2026-01-30}}
"""
CITES = '    cites: [{act: 115-FZ, of: 2002-07-25, place: "art. 1"}]\n'
WORDS = "RU-A-RULE: {title: A, rule: B, do: [C]}\n"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A country with one rule, complete in every way."""
    root = tmp_path / "content"
    copytree(content_path() / "calendars", root / "calendars")
    for language in LANGUAGES:
        for name in ("facts", "reasons", "regions", "words", "help"):
            source = content_path() / "words" / language / f"{name}.yaml"
            (root / "words" / language).mkdir(parents=True, exist_ok=True)
            (root / "words" / language / source.name).write_text(source.read_text("utf-8"), "utf-8")
        write(root / "words" / language / "law" / "ru" / "a.yaml", WORDS)
    write(root / "law" / "ru" / "a" / "RU-A-RULE.yaml", RULE)
    write(root / "law" / "ru" / "a" / "RU-A-RULE.cases.yaml", CASES)
    return root


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def rule(content: Path) -> Path:
    return content / "law" / "ru" / "a" / "RU-A-RULE.yaml"


def test_a_complete_rule_has_no_problems(content: Path) -> None:
    assert check(content).problems == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: duty", "kind: [duty", "not YAML"),
        ("kind: duty", "kind: obligation", "kind 'obligation' is not one of"),
        ("id: RU-A-RULE", "id: RU-B-RULE", "file and id must be the same"),
        ("country: RU", "country: KZ", "in the folder of RU"),
        ("confidence: high", "confidence: sure", "not high, medium or low"),
        ("    confidence: high\n", "", "confidence: is missing"),
        ("seen: none", "seen: somewhere", "list pages with url and gist"),
        ("from: 2015-01-01", "from: 2015-02-30", "no day of the form"),
        ("until: null", "until: 2014-01-01", "ends before it begins"),
        ("done_on:", "done_at:", "unknown key 'done_at'"),
        ("destination = 'RU'", "destinaton = 'RU'", "no fact or term called destinaton"),
        ("destination = 'RU'", "destination = 'XX'", "destination is never 'XX'"),
        ("destination = 'RU'", "entered_on = 'RU'", "compares a date with a text"),
        ("destination = 'RU'", "destination < 'RU'", "a text has no order"),
        ("destination = 'RU'", "entered_on", "is a date, expected a bool"),
        ("destination = 'RU'", "case when true then true end", "not part of the language"),
        ("destination = 'RU'", "coalesce(on_controlled_register, true)", "not part of the language"),
        ("destination = 'RU'", "param('secret') > 1", "no parameter secret"),
        ("destination = 'RU'", "breached('RU-NOBODY')", "refers to RU-NOBODY, which does not exist"),
        ("destination = 'RU'", "(destination = 'RU'", "cannot read"),
        ("days: 30", "days: 30, months: 1", "either days or months"),
        ("event_day_is_day_one", "somehow", "counting says"),
        ("from_event: entered_on", "from_event: destination", "is a text, expected a date"),
    ],
)
def test_a_wrong_rule_is_refused(content: Path, old: str, new: str, told: str) -> None:
    assert old in RULE
    rule(content).write_text(RULE.replace(old, new), "utf-8")

    with pytest.raises(LawError, match="RU-A-RULE") as refusal:
        build_law(content)

    assert told in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: rule(c).write_text(RULE.replace(CITES, "")),
         "cites no article; add cites:"),
        (lambda c: rule(c).write_text(RULE + "    breach: [RU-NOBODY]\n"), "breach names RU-NOBODY"),
        (lambda c: rule(c).write_text(RULE + "    disputed: true\n"), "RU-A-RULE has no dispute"),
        (lambda c: (c / "words/ru/law/ru/a.yaml").write_text("{}"), "content/words/ru: RU-A-RULE has no title"),
        (lambda c: (c / "words/ru/law/ru/a.yaml").write_text(WORDS.replace("[C]", "[C, D]")), "number of do lines"),
        (lambda c: (c / "words/ru/law/ru/a.yaml").write_text(WORDS.replace("rule: B", 'rule: "{due}"')),
         "other placeholders"),
        (lambda c: (c / "law/ru/a/RU-A-RULE.cases.yaml").unlink(), "no worked case expects it"),
        (lambda c: (c / "law/ru/a/RU-A-RULE.cases.yaml").write_text(CASES.replace("2026-01-30", "2026-01-31")),
         "due_on is '2026-01-30', expected '2026-01-31'"),
        (lambda c: (c / "law/ru/a/RU-A-RULE.cases.yaml").write_text(CASES.replace("status: due", "status: fine")),
         "status 'fine', which does not exist"),
    ],
)  # fmt: skip
def test_incomplete_content_is_told(content: Path, change, told: str) -> None:
    change(content)

    problems = check(content).problems

    assert any(told in problem for problem in problems), problems


def test_versions_that_overlap_or_leave_a_gap_are_refused(content: Path) -> None:
    later = RULE.split("versions:\n")[1].replace("2015-01-01", "2020-01-01")
    for until in ("2019-12-31", "2020-02-01", "null"):
        rule(content).write_text(RULE.replace("until: null", f"until: {until}") + later, "utf-8")
        with pytest.raises(LawError, match="without gap or overlap"):
            build_law(content)


def test_rules_in_a_ring_are_refused(content: Path) -> None:
    for one, other in (("RU-A-RULE", "RU-B-RULE"), ("RU-B-RULE", "RU-A-RULE")):
        text = RULE.replace("RU-A-RULE", one).replace("destination = 'RU'", f"not breached('{other}')")
        write(content / "law" / "ru" / "a" / f"{one}.yaml", text)

    with pytest.raises(LawError, match="ring"):
        build_law(content)


def test_a_parameter_with_overlapping_values_is_refused(content: Path) -> None:
    row = (
        "  - {from: 2020-01-01, until: 2021-01-01, value: 1}\n  - {from: 2020-06-01, until: null, value: 2}\n"
    )
    write(content / "law" / "ru" / "params" / "fee.yaml", f"name: fee\nunit: RUB\nvalues:\n{row}")

    with pytest.raises(LawError, match=r"fee\.yaml.*overlaps"):
        build_law(content)


def test_a_parameter_gap_is_told_and_its_value_stays_unknown(content: Path) -> None:
    row = (
        "  - {from: 2015-01-01, until: 2021-01-01, value: 1}\n  - {from: 2022-01-01, until: null, value: 2}\n"
    )
    cites = "cites: [{act: Tax Code}]\n"
    write(content / "law" / "ru" / "params" / "fee.yaml", f"name: fee\nunit: RUB\n{cites}values:\n{row}")

    assert any("no value from 2021-01-01 to 2022-01-01" in problem for problem in check(content).problems)


def test_the_cache_answers_only_for_the_files_it_was_made_from(
    content: Path, monkeypatch, tmp_path: Path
) -> None:
    from safar.law.read import read_law

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    read_law.cache_clear()
    assert read_law(content).provisions["RU-A-RULE"].versions[0].confidence == "high"
    read_law.cache_clear()
    rule(content).write_text(RULE.replace("confidence: high", "confidence: medium"), "utf-8")
    assert read_law(content).provisions["RU-A-RULE"].versions[0].confidence == "medium"
    (kept,) = {
        path for path in (tmp_path / "cache" / "safar").glob("law-*.json") if '"medium"' in path.read_text()
    }
    kept.write_text("{broken")
    read_law.cache_clear()
    assert read_law(content).provisions["RU-A-RULE"].versions[0].confidence == "medium"
