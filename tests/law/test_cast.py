"""The cast's stories are what the law says about them, on their day."""

import re
from random import Random
from typing import Any

import pytest

from safar.law import assessor, read_law, read_words
from safar.law.words import LANGUAGES
from tests.law.random_people import ON_DAYS, random_person
from tests.people import CAST, ON, SOMEONE, STORIES

ASSESSOR = assessor(read_law(), read_words("en"))


def findings(name: str) -> dict[str, dict[str, Any]]:
    answer = ASSESSOR.assess(CAST[name], on=ON)
    return {finding["provision"]: finding for finding in answer["findings"]}


@pytest.mark.parametrize("name", sorted(CAST))
def test_everybody_has_a_story_and_an_answer(name: str) -> None:
    assert "\n" not in STORIES[name]
    assert CAST[name]["person_id"] == name
    assert findings(name)


@pytest.mark.parametrize(
    ("name", "provision", "status", "due_on"),
    [
        ("jamshed", "RU-PATENT-30D", "late", "2026-09-30"),
        ("aigul", "RU-EAEU-15D-NEW-CONTRACT", "due", "2026-11-25"),
        ("rustam", "KZ-STAY-2023-NONEAEU", "overdue", "2026-11-05"),
        ("nigora", "KZ-LI-TERM", "due", "2027-01-20"),
        ("firuz", "RU-PATENT-2015", "forbidden", None),
        ("shavkat", "RU-PATENT-PAID-PERIOD", "overdue", "2026-09-02"),
        ("dilshod", "RU-BAN-27-2", "exposed", None),
        ("mavluda", "RU-STAY-90-CALENDAR-YEAR", "due", "2026-12-08"),
        ("ermek", "KZ-STAY-KG-2023", "unknown", "2026-11-12"),
        ("zarina", "R-ILO-07", "raised", None),
        ("zarina", "RU-PATENT-REGION", "forbidden", None),
    ],
)
def test_the_story_is_what_the_law_says(name: str, provision: str, status: str, due_on: str | None) -> None:
    finding = findings(name)[provision]
    assert (finding["status"], finding["due_on"]) == (status, due_on)


def test_of_somebody_unknown_nothing_is_promised() -> None:
    statuses = {finding["status"] for finding in ASSESSOR.assess(SOMEONE, on=ON)["findings"]}
    assert not statuses & {"done", "late", "overdue", "exposed", "raised", "clear"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_are_sentences_in_every_language(language: str) -> None:
    """No number of days below nothing, no name of a fact or placeholder left over, no coded value as it is stored."""
    told = assessor(read_law(), read_words(language))
    rng = Random(7)
    wrong = [
        reason
        for day in ON_DAYS[-4:]
        for number in range(25)
        for finding in told.assess(random_person(rng, number, day, ()), on=day)["findings"]
        for reason in finding["because"]
        if re.search(r"(?<![\w\d–-])-\d|[{}]|\b(stay_)?(entered|moved|registered)_(on|until)\b", reason)
    ]
    assert wrong == []
