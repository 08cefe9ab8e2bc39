"""The demonstration: its figures add up against a count of its own, its page needs nothing but itself."""

import json
import re
import string
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from safar.base import DataError, LawError, content_path
from safar.law import assessor, read_law, read_words
from safar.law.store import load_yaml
from safar.ops.demo import Demo, gather, page, sentences, show_demo
from safar.ops.demo.choose import ROWS, SAME_RULE, ten_rows
from safar.ops.demo.clocks import clock_of
from safar.ops.demo.costs import cost_of
from safar.ops.demo.gather import SEED
from safar.ops.demo.sentences import form_of
from safar.ops.demo.shown import leading
from safar.ops.making import write_new_world
from safar.ops.screening import screen_files

ON = date(2026, 11, 24)
PEOPLE = 3000
ALI = {
    "person_id": "ali", "citizenship": "TJ", "destination": "RU", "region": "RU-MOW", "entry_purpose": "work",
    "stays": [{"country": "RU", "entered_on": "2024-10-01"}], "offences": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def demo() -> Demo:
    return gather(people=PEOPLE, on=ON, language="en")


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The same world screened by the commands, through files, as rows."""
    out = tmp_path_factory.mktemp("demo")
    write_new_world(PEOPLE, SEED, ON, out)
    stays, offences = out / "stays.parquet", out / "offences.parquet"
    screen_files(
        out / "people.parquet",
        stays,
        offences,
        on=ON,
        out=out / "found.parquet",
        everything=False,
        engine="polars",
    )
    return pl.read_parquet(out / "found.parquet").to_dicts()


def timed(findings: list[dict[str, Any]], status: str) -> list[dict[str, Any]]:
    return [row for row in findings if row["kind"] in ("duty", "limit") and row["status"] == status]


def test_this_week_is_today_and_six_days_more(demo: Demo, findings: list[dict[str, Any]]) -> None:
    last = ON + timedelta(days=6)
    week = [row for row in timed(findings, "due") if row["due_on"] and ON <= row["due_on"] <= last]

    assert demo.urgent_people == len({row["person_id"] for row in week}) > 0
    assert sum(rule.due for rule in demo.rules) == demo.weeks[0] == len(week)
    assert sum(rule.past for rule in demo.rules) == len(timed(findings, "overdue"))
    titles = read_words("en").law
    counted = Counter(titles[row["provision"]]["title"] for row in week)
    assert {rule.title: rule.due for rule in demo.rules if rule.due} == counted


def test_weeks_follow_one_another_without_gap(demo: Demo, findings: list[dict[str, Any]]) -> None:
    days = Counter((row["due_on"] - ON).days // 7 for row in timed(findings, "due") if row["due_on"])

    assert demo.weeks == tuple(days[week] for week in range(8))


def test_rules_that_are_not_shown_are_in_the_others(demo: Demo) -> None:
    shown, others, every = leading(demo.rules)

    assert sum(rule.due for rule in shown) + others.due == every.due == demo.weeks[0]
    assert sum(rule.past for rule in shown) + others.past == every.past


def test_bans_count_each_person_once_by_the_longest(demo: Demo, findings: list[dict[str, Any]]) -> None:
    longest: dict[str, int] = {}
    under: Counter[int] = Counter()
    for row in findings:
        if row["status"] == "exposed" and (row["ban_months"] or 0) > 0:
            longest[row["person_id"]] = max(longest.get(row["person_id"], 0), row["ban_months"])
            under[row["ban_months"]] += 1

    assert dict(demo.bans) == Counter(longest.values())
    assert demo.exposed == len(longest)
    by_length: Counter[int] = Counter()
    for rule in demo.ban_rules:
        by_length[rule.months] += rule.people
    assert by_length == under
    limits = {row["person_id"] for row in timed(findings, "overdue") if row["kind"] == "limit"}
    assert demo.past_last_day == len(limits)
    assert demo.with_unknowns == len({row["person_id"] for row in timed(findings, "unknown")})
    assert demo.findings == len(findings)


def test_provinces_add_up_to_everybody(demo: Demo) -> None:
    assert len(demo.provinces) == 5
    assert sum(row.people for row in demo.provinces) == demo.people == PEOPLE
    assert sum(row.due for row in demo.provinces) == demo.urgent_people
    assert sum(row.past for row in demo.provinces) == demo.past_last_day
    assert sum(row.exposed for row in demo.provinces) == demo.exposed


def test_questions_are_scaled_from_the_sample(demo: Demo) -> None:
    assert demo.sample == 500
    assert [row.people for row in demo.questions] == sorted((q.people for q in demo.questions), reverse=True)
    assert all(0 < row.people <= demo.people and row.findings >= row.people for row in demo.questions)


def test_ten_rows_show_most_harm_and_no_rule_or_person_too_often(demo: Demo) -> None:
    assert len(demo.urgent) == 10
    assert len({row.person.person_id for row in demo.urgent}) == 10
    assert [row.due_on for row in demo.urgent] == sorted(row.due_on for row in demo.urgent)
    assert all(row.days_left == (row.due_on - ON).days for row in demo.urgent)
    assert any(row.cost.ban_months for row in demo.urgent)
    assert any(row.cost.fine for row in demo.urgent)
    assert all(row.why for row in demo.urgent)


def test_harm_comes_before_the_day_and_rules_take_turns() -> None:
    due = pl.DataFrame(
        [(f"P{n}", "RULE-A", ON, 36, True) for n in range(20)]
        + [("Q", "RULE-B", ON + timedelta(days=5), 0, True)],
        schema=["person_id", "provision", "due_on", "ban", "money"],
        orient="row",
    )

    rows = ten_rows(due)

    assert rows.height == ROWS
    assert rows["provision"].to_list().count("RULE-B") == 1
    assert ten_rows(due.filter(pl.col("person_id").is_in(["P1", "P2", "Q"]))).height == SAME_RULE + 1
    assert ten_rows(due.clear()).is_empty()


def test_a_miss_costs_what_the_law_says_on_the_days_after_it() -> None:
    answers = assessor(read_law(), read_words("en"))
    nothing_done = {**ALI, "patent_applied_on": "none"}

    duty = cost_of(answers, nothing_done, "RU-PATENT-30D", on=date(2024, 10, 25), due_on=date(2024, 10, 30))

    assert duty.fine is not None
    assert (duty.fine.low, duty.fine.high, duty.fine.currency) == (10000, 15000, "RUB")
    assert duty.ban_months == 0


def test_a_fine_that_comes_with_a_later_ban_is_dated_too() -> None:
    aida = {
        "person_id": "aida", "citizenship": "KG", "destination": "KZ", "entry_purpose": "private",
        "permit_kind": "none", "work_kind": "none", "family_of": "none", "study_mode": "none",
        "contract_signed_on": "none", "stays": [{"country": "KZ", "entered_on": "2026-08-29", "left_on": "none"}],
        "offences": [], "birth_date": "2001-03-08",
    }  # fmt: skip
    answers = assessor(read_law(), read_words("en"))

    cost = cost_of(answers, aida, "KZ-STAY-KG-2023", on=ON, due_on=date(2026, 11, 26))

    assert cost.fine is not None
    assert cost.fine.currency == "KZT"
    assert cost.fine_from == cost.ban_from == date(2026, 12, 7)  # more than ten days over
    assert cost.ban_months == 60


def test_a_first_ban_is_dated_to_the_day_it_threatens_from(demo: Demo) -> None:
    dated = [row for row in demo.urgent if row.cost.ban_from]

    assert dated
    assert all(row.cost.ban_from > row.due_on for row in dated if row.cost.ban_from)
    assert all(row.cost.ban_months in (36, 60, 120) for row in dated)


def test_the_person_is_past_a_day_with_a_fine_and_a_ban_chained(demo: Demo) -> None:
    findings = demo.answer["findings"]
    missed = {
        f["provision"]: set(f.get("breach", ())) for f in findings if f["status"] in ("overdue", "late")
    }
    threats = {f["provision"]: f for f in findings if f["status"] == "exposed"}
    chained = [threats[name] for names in missed.values() for name in names if name in threats]

    assert any(item["ban_months"] for item in chained)
    assert any(item["amount"] for item in chained)
    assert demo.clock.days_left is not None
    assert demo.clock.days_left < 0
    assert {mark.kind for mark in demo.clock.marks} >= {"missed", "worse"}


def test_a_clock_tells_days_used_and_left() -> None:
    answer = {
        "on": "2024-10-10",
        "findings": [{"kind": "limit", "status": "due", "due_on": "2024-12-29", "title": "90 days", "provision": "L"}],
        "ahead": {"deadlines": [{"due_on": "2024-10-30", "title": "Patent"}], "cliffs": []},
    }  # fmt: skip

    clock = clock_of(ALI, answer, "Russia")

    assert (clock.days_in, clock.days_left, clock.last_day) == (10, 80, date(2024, 12, 29))
    assert [(mark.day, mark.kind) for mark in clock.marks] == [(date(2024, 10, 30), "due")]


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_needs_nothing_but_itself(demo: Demo, language: str) -> None:
    source = page(replace(demo, language=language), sentences(language))
    tags = Tags(source)

    assert tags.open == []  # every tag is closed by its own
    names = {tag for tag, _ in tags.found}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    for _, attributes in tags.found:
        assert not {"src", "href", "style"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    assert "@import" not in source
    assert set(re.findall(r"url\(([^)]*)\)", source)) == {"#over"}
    assert "default-src &#x27;none&#x27;" in source
    assert f'<html lang="{language}">' in source
    assert len([tag for tag, _ in tags.found if tag == "svg"]) == 3


def test_every_value_on_the_page_is_escaped(demo: Demo) -> None:
    nasty = "<script>alert('1')</script>&\""
    person = replace(demo.person, community=nasty, district=nasty)
    urgent = tuple(replace(row, title=nasty, why=nasty, person=person) for row in demo.urgent)
    answer = {
        **demo.answer,
        "findings": [
            {**f, "title": nasty, "because": [nasty], "do": [nasty], "cites": [nasty], "dispute": nasty}
            for f in demo.answer["findings"]
        ],
        "questions": [{"ask": nasty}],
    }
    marks = tuple(replace(mark, titles=(nasty,)) for mark in demo.clock.marks)
    changed = replace(
        demo,
        person=person,
        urgent=urgent,
        answer=answer,
        clock=replace(demo.clock, country=nasty, last_day_rule=nasty, marks=marks),
        rules=tuple(replace(row, title=nasty) for row in demo.rules),
        ban_rules=tuple(replace(row, title=nasty) for row in demo.ban_rules),
        questions=tuple(replace(row, ask=nasty) for row in demo.questions),
        provinces=tuple(replace(row, name=nasty) for row in demo.provinces),
    )

    source = page(changed, sentences("en"))

    assert "<script" not in source
    assert nasty not in source
    assert "&lt;script&gt;" in source


def test_a_day_gives_one_page(demo: Demo) -> None:
    again = gather(people=PEOPLE, on=ON, language="en")

    assert again == demo
    assert page(again, sentences("en")) == page(demo, sentences("en"))


def placeholders(value: Any) -> set[str]:
    texts = value if isinstance(value, list) else [value]
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same() -> None:
    words = {name: load_yaml(content_path() / "words" / name / "demo.yaml") for name in ("en", "ru")}

    assert words["en"].keys() == words["ru"].keys()
    for key, value in words["en"].items():
        other = words["ru"][key]
        if isinstance(value, dict):
            assert value.keys() == other.keys()
        elif isinstance(value, list):
            assert (len(value), len(other)) == (2, 3), key
            assert placeholders(value) == placeholders(other), key
        else:
            assert placeholders(value) == placeholders(other), key


def test_no_sentence_is_written_in_vain() -> None:
    folder = Path(gather.__code__.co_filename).parent
    code = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    code += (folder.parent / "showing.py").read_text("utf-8")
    built = {"male", "female", "male_child", "female_child", "clock_missed", "clock_due", "clock_worse"}

    for key in load_yaml(content_path() / "words" / "en" / "demo.yaml"):
        assert key in built or f'"{key}"' in code or f"'{key}'" in code, key


@pytest.mark.parametrize(
    ("number", "form"), [(1, 0), (2, 1), (4, 1), (5, 2), (11, 2), (12, 2), (21, 0), (22, 1), (111, 2), (0, 2)]
)
def test_russian_nouns_take_the_form_of_their_number(number: int, form: int) -> None:
    assert form_of(number, 3) == form


def test_numbers_days_and_bans_read_well() -> None:
    english, russian = sentences("en"), sentences("ru")

    assert english.number(20000) == "20,000"
    assert russian.number(20000) == "20\u202f000"
    assert english.left(0) == "today"
    assert russian.left(1) == "завтра"
    assert english.length(36) == "3\u00a0years"
    assert russian.length(120) == "10\u00a0лет"
    assert english.length(18) == "18\u00a0months"


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_terminal_gets_no_line_too_long_and_no_colour_codes(demo: Demo, language: str, width: int) -> None:
    out = StringIO()

    show_demo(demo, sentences(language), console=Console(file=out, width=width, highlight=False))

    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert "\x1b" not in out.getvalue()
    assert sentences(language).say("proof") in out.getvalue()


def test_a_hundred_people_are_enough() -> None:
    few = gather(people=100, on=ON, language="ru")

    assert sum(row.people for row in few.provinces) == 100
    assert page(few, sentences("ru")).startswith("<!doctype html>")


def test_values_for_machines_and_refusals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from safar.ops.showing import show_the_demo

    show_the_demo(150, ON, "en", tmp_path / "demo.html", "json")

    told = json.loads(capsys.readouterr().out)
    assert told["people"] == 150
    assert (tmp_path / "demo.html").read_text("utf-8").count("<section>") == 7
    with pytest.raises(DataError, match="at least 100"):
        show_the_demo(99, ON, "en", tmp_path / "demo.html", "text")
    with pytest.raises(LawError, match="no words in 'xx'"):
        show_the_demo(150, ON, "xx", tmp_path / "demo.html", "text")
    with pytest.raises(DataError, match="reaches from"):
        show_the_demo(150, date(2090, 1, 1), "en", tmp_path / "demo.html", "text")
