"""Triage as data: the file that came with the code holds together, and each mistake in it is told by name and mend."""

from collections.abc import Callable
from pathlib import Path

import pytest

from safar.base import LawError, content_path
from safar.flow import check_triage, read_triage
from tests.flow.crowd import LAW

Edit = Callable[[str, str], None]
DANGERS, WORDS = "triage/dangers.yaml", "words/en/triage.yaml"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The triage and its words, to be spoilt."""
    for name in (DANGERS, WORDS, "words/ru/triage.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text((content_path() / name).read_text("utf-8"), "utf-8")
    return tmp_path


def spoil(content: Path, file: str, old: str, new: str) -> None:
    text = (content / file).read_text("utf-8")
    assert old in text, f"{file} has no {old!r} any more"
    (content / file).write_text(text.replace(old, new, 1), "utf-8")


def test_the_triage_holds_together() -> None:
    assert check_triage(LAW) == ()


def test_the_worst_stands_first() -> None:
    harms = [danger.harm for danger in read_triage().dangers]

    assert harms == sorted(set(harms), reverse=True)


# What cannot be read


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("per_person: 3", "per_person: 0", "per_person is 0; write a whole number from 1"),
        ("per_person: 3", "per_person: many", "per_person is 'many'"),
        (
            "harm: 30",
            "harm: 31",
            r"danger 1 \(sign_critical\): harm is 31; write a whole number from 1 to 30",
        ),
        ("harm: 30", "harms: 30", "danger 1: must have id, harm and when"),
        (
            "kind: limit, status: overdue, brings: ban",
            "kind: limits, status: overdue, brings: ban",
            r"danger 2 \(ban_growing\), line 1: kind is 'limits'; write duty or limit",
        ),
        ("status: overdue, brings: ban", "status: over, brings: ban", "status is 'over'; write overdue or"),
        (
            "brings: ban, sentence: stay_over_ban",
            "brings: death, sentence: stay_over_ban",
            "brings is 'death'; write nothing or",
        ),
        (
            "brings: ban, sentence: stay_over_ban",
            "bring: ban, sentence: stay_over_ban",
            "there is no condition 'bring'; use kind,",
        ),
        (
            "severity: critical, sentence: sign",
            "severity: critical",
            "line 1: needs conditions and a sentence",
        ),
        ("within_days: 30", "within_days: soon", "within_days is 'soon'; write a whole number of days"),
        (
            "{provision: RU-RKL-DUTIES, status: announced,",
            "{provision: RU-RKL-DUTIES,",
            "needs a status, and a kind or a provision",
        ),
        ("{amount: 2000}", "2000", "money.RUB: write {amount: NUMBER}, or {param: NAME, times: NUMBER}"),
        ("money:", "monies:", "must have per_person, money and dangers, and nothing else"),
        ("  - id: sign_critical", "   - id: sign_critical", "not YAML"),
    ],
)
def test_a_slip_of_the_pen_is_told(content: Path, old: str, new: str, told: str) -> None:
    spoil(content, DANGERS, old, new)

    with pytest.raises(LawError, match=told):
        check_triage(LAW, content=content)


def test_all_slips_are_told_at_once(content: Path) -> None:
    spoil(content, DANGERS, "harm: 30", "harm: 99")
    spoil(content, DANGERS, "kind: risk, status: raised", "kind: risk, status: rised")

    with pytest.raises(LawError) as told:
        check_triage(LAW, content=content)

    assert len(str(told.value).splitlines()) == 2


def test_no_triage_at_all(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="no triage found"):
        check_triage(LAW, content=tmp_path)


# What can be read and is wrong


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "harm: 28",
            "harm: 21",
            "ban_growing (harm 21) stands above on_register (harm 26); the worst stands first",
        ),
        ("- id: fine\n", "- id: missed\n", "danger missed stands there twice; rename one"),
        (
            "{provision: RU-RKL-DUTIES, status: announced",
            "{provision: RU-RKL-DUTY, status: announced",
            "on_register: the law here has no provision RU-RKL-DUTY",
        ),
        ("group: unpaid_wages", "group: unpaid", "unpaid_wages: the law here has no group unpaid"),
        ("topic: wages", "topic: wage", "unpaid_wages: the law here has no topic wage"),
        (
            "  RUB: {amount: 2000}",
            "  EUR: {amount: 20}",
            "money has no RUB, in which the law sets fines; add its mildest fine",
        ),
        (
            "param: mci_kzt",
            "param: mci",
            "money.KZT: the law here has no parameter mci that is one figure for everybody",
        ),
        (
            "      - {kind: sanction, status: exposed, brings: ban, sentence: sanction_ban}\n",
            "",
            "RU-BAN-26-4 exposed that brings ban is in no danger, so nobody would be told; add a line that takes it",
        ),
        (
            "      - {kind: limit, status: overdue, sentence: stay_over}\n",
            "      - {kind: limit, status: overdue, brings: fine, sentence: stay_over}\n",
            "RU-STAY-EXT-PATENT overdue is in no danger, so nobody would be told; add a line that takes it",
        ),
        (
            "{kind: risk, status: raised, severity: high, sentence: sign}",
            "{kind: risk, status: unknown, severity: high, sentence: sign}",
            "sign_high: what nobody asked about is no danger sign (docs/adr/0021); name other kinds",
        ),
        (
            "{kind: limit, status: late, brings: ban,",
            "{kind: limit, status: [late, done], brings: ban,",
            "ban_ahead: done means that nobody needs help; take it out",
        ),
        (
            "{kind: duty, status: overdue, brings: fine, sentence: missed_fine}",
            "{kind: duty, status: overdue, brings: fine, within_days: 3, sentence: missed_fine}",
            None,
        ),
        (
            "status: overdue, sentence: missed}\n\n  - id: not_known_small",
            "status: overdue, within_days: 3, sentence: missed}\n\n  - id: not_known_small",
            None,
        ),
    ],
)
def test_a_triage_that_would_mislead_is_told(content: Path, old: str, new: str, told: str | None) -> None:
    spoil(content, DANGERS, old, new)

    problems = check_triage(LAW, content=content)

    if told is None:  # another line takes what this one lets go, and that is well
        assert problems == ()
    else:
        assert f"content/triage/dangers.yaml: {told}" in problems


def test_unknown_must_stand_above_certain_fines(content: Path) -> None:
    """Whoever moves it down is told, whatever the reason: a false assurance is the worst outcome."""
    text = (content / DANGERS).read_text("utf-8")
    text = text.replace("harm: 12", "harm: 17").replace("harm: 10", "harm: 13")
    blocks = text.split("\n\n  - id: ")
    names = [block.split("\n")[0] for block in blocks]
    unknown, work = names.index("not_known"), names.index("unlawful_work")
    blocks[unknown], blocks[work] = blocks[work], blocks[unknown]
    (content / DANGERS).write_text("\n\n  - id: ".join(blocks), "utf-8")

    problems = check_triage(LAW, content=content)

    assert any(
        "unknown (not_known) may hide a ban and stands below a certain fine" in line for line in problems
    )


def test_a_milder_sign_above_a_worse_one_is_told(content: Path) -> None:
    spoil(content, DANGERS, "severity: high,", "severity: LATER,")
    spoil(content, DANGERS, "severity: medium,", "severity: high,")
    spoil(content, DANGERS, "severity: LATER,", "severity: medium,")

    assert (
        "content/triage/dangers.yaml: a high danger sign stands below a medium one; turn them round"
        in check_triage(LAW, content=content)
    )


# Words


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "  stay_over:\n    title: No longer a lawful stay\n",
            "  stay_over:\n",
            "dangers.stay_over needs a title and, under do, what an officer can do",
        ),
        (
            "  missed:\n    title: Something was missed",
            "  omitted:\n    title: Something was missed",
            "dangers.omitted is no danger of content/triage; take it out",
        ),
        ("  register:\n", "  registers:\n", "reasons.register has no none; write it"),
        (
            "  register:\n",
            "  registers:\n",
            "reasons.registers is used by no line of content/triage; take it out",
        ),
        (
            '; an entry ban of {length} is possible."\n    none: "Last',
            '; an entry ban of {amount} is possible."\n    none: "Last',
            "reasons.stay_over_ban.ban cannot say {amount}, which is not known there",
        ),
        (
            "Danger sign: {title}.",
            "Danger sign of {day}: {title}.",
            "reasons.sign.none cannot say {day}, which is not known there",
        ),
        (
            '    none_undated: "The last lawful day in {country} has passed, which day is not known."\n',
            "",
            "reasons.stay_over.none says {day}; write none_undated too, for a day that is not known",
        ),
        (
            'years: {one: "{n} year", other',
            'years: {one: "{n} year", others',
            "phrases.years has no form 'other', which en needs",
        ),
        ("  today: today\n", "", "phrases.today is missing"),
        (
            '    none: "{title}: the last day is {day}, {left}."',
            '    nothing: "{title}"',
            "reasons.ending.nothing is no form; write ban, fine, none, or one of these with _undated",
        ),
    ],
)
def test_words_that_lack_or_say_too_much_are_told(content: Path, old: str, new: str, told: str) -> None:
    spoil(content, WORDS, old, new)

    assert f"content/words/en/triage.yaml: {told}" in check_triage(LAW, content=content)


def test_languages_that_drift_apart_are_told(content: Path) -> None:
    russian = "words/ru/triage.yaml"
    spoil(content, russian, "      - Спросите юриста, что ещё можно спасти.\n", "")
    spoil(content, russian, "В реестре контролируемых лиц ({country})", "В реестре контролируемых лиц")

    problems = check_triage(LAW, content=content)

    assert problems == (
        "content/words/ru/triage.yaml: dangers.right_at_stake has another number of do lines than en",
        "content/words/ru/triage.yaml: reasons.register.none has other placeholders than en",
    )
