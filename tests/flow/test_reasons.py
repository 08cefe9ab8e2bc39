"""The line an officer reads: whole, in either language, with days and amounts and nothing personal."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from safar.base import LawError
from safar.flow import Need, read_sentences, reason
from safar.flow.sentences import triage_words
from tests.flow.crowd import LAW, TRIAGE, needs_of, strangers
from tests.people import CAST, ERMEK, JAMSHED, MAVLUDA, ON, RUSTAM, SHAVKAT, SOMEONE, ZARINA

EN = read_sentences("en", law=LAW, triage=TRIAGE)
RU = read_sentences("ru", law=LAW, triage=TRIAGE)


def first(person: dict[str, Any], on: date = ON) -> Need:
    return needs_of(person, on)[0]


@pytest.mark.parametrize(
    ("person", "english", "russian"),
    [
        (
            RUSTAM,
            "Last lawful day in Kazakhstan was 5 November 2026; an entry ban of 5 years is possible.",
            "Последний законный день (Казахстан) был 5 ноября 2026 года; возможен запрет на въезд на 5 лет.",
        ),
        (
            SHAVKAT,
            "Last lawful day in Russia was 2 September 2026; an entry ban of 3 years is possible.",
            "Последний законный день (Россия) был 2 сентября 2026 года; возможен запрет на въезд на 3 года.",
        ),
        (
            JAMSHED,
            "Last lawful day in Russia is 28 November 2026, in 8 days.",
            "Последний законный день (Россия) — 28 ноября 2026 года, через 8 дней.",
        ),
        (
            ZARINA,
            "Danger sign: Somebody else holds your passport.",
            "Признак опасности: Ваш паспорт у чужого человека.",
        ),
        (
            ERMEK,
            "Last lawful day in Kazakhstan: 12 November 2026, but it is not certain that the stay is in order."
            " What decides: stays in the country.",
            "Последний законный день (Казахстан): 12 ноября 2026 года, но не ясно, всё ли с пребыванием в порядке."
            " Что решит: пребывания в стране.",
        ),
        (
            SOMEONE,
            "It is not known whether the stay in Russia is lawful. What decides: purpose of entry.",
            "Неизвестно, законно ли пребывание (Россия). Что решит: цель въезда.",
        ),
    ],
)
def test_the_reason_in_one_line(person: dict[str, Any], english: str, russian: str) -> None:
    need = first(person)

    assert reason(need, EN) == english
    assert reason(need, RU) == russian


def test_a_day_that_is_not_known_is_not_said() -> None:
    unsure = {name: value for name, value in MAVLUDA.items() if name != "stays"}

    line = reason(first(unsure, date(2027, 1, 15)), EN)

    assert line.startswith("The last lawful day in Russia has passed, which day is not known")


def test_the_fine_is_said_with_its_span() -> None:
    need = next(n for n in needs_of(CAST["firuz"], ON) if n.danger == "unlawful_work")

    assert (
        reason(need, EN)
        == "Not kept: “You may work only with a paid patent”; a fine of 5,000–7,000\u00a0RUB is possible."
    )


@pytest.mark.parametrize(
    ("days_left", "english", "russian"),
    [
        (0, "today", "сегодня"),
        (1, "tomorrow", "завтра"),
        (2, "in 2 days", "через 2 дня"),
        (21, "in 21 days", "через 21 день"),
    ],
)
def test_how_far_a_day_is(days_left: int, english: str, russian: str) -> None:
    assert (EN.days(days_left), RU.days(days_left)) == (english, russian)


def test_a_ban_of_months_is_said_in_months() -> None:
    assert (EN.length(18), EN.length(12), RU.length(60)) == ("18 months", "1 year", "5 лет")


def test_every_need_of_everybody_has_a_line_and_no_gap() -> None:
    people = [*CAST.values(), *strangers(5, ON, 150), *strangers(6, date(2026, 7, 1), 150)]

    for person in people:
        for need in needs_of(person, ON):
            for words in (EN, RU):
                line = reason(need, words)
                assert line.endswith(".")
                assert "{" not in line
                assert "  " not in line
                assert "None" not in line
                assert " ;" not in line
                assert " ." not in line


def test_nothing_personal_is_said() -> None:
    """Only days, amounts, names of countries, rules and facts: a line may be read aloud in a corridor."""
    need = first(SHAVKAT)
    other = replace(need, person_id="somebody else")

    assert reason(need, EN) == reason(other, EN)
    assert all(
        str(SHAVKAT[fact]) not in reason(need, EN)
        for fact in ("person_id", "citizenship", "birth_date", "region")
    )


def test_what_an_officer_can_do_is_said_for_every_danger() -> None:
    for danger in TRIAGE.dangers:
        assert EN.title(danger.id) != danger.id
        assert EN.advice(danger.id)
        assert RU.advice(danger.id)


def test_a_need_that_triage_no_longer_knows_is_refused() -> None:
    need = first(SHAVKAT)

    with pytest.raises(LawError, match="there is no danger 'gone'"):
        reason(replace(need, danger="gone"), EN)
    with pytest.raises(LawError, match="rank again"):
        reason(replace(need, status="done"), EN)


def test_a_language_that_triage_does_not_speak_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="triage does not speak 'en'"):
        triage_words("en", tmp_path)
