"""Looking forward: deadlines, and the days on which something changes if nothing is done."""

from datetime import date, timedelta
from random import Random

from safar.law import LEFT_OUT, assessor, forecast, next_question, read_law, read_words
from safar.law.assess import statuses
from safar.law.person import case_of
from tests.law.random_people import random_person

ANSWERS = assessor(read_law(), read_words("en"))
ON = date(2026, 3, 1)
WORKER = {
    "citizenship": "TJ", "destination": "RU", "entry_purpose": "work", "region": "RU-MOW", "sex": "male",
    "stays": [{"country": "RU", "entered_on": "2026-02-20"}], "offences": [], "registered_on": "2026-02-25",
    "patent_applied_on": "none", "patent_issued_on": "none", "fingerprinted_on": "none", "medical_exam_on": "none",
}  # fmt: skip


def test_deadlines_of_the_coming_year_stand_in_order() -> None:
    deadlines = forecast(ANSWERS, WORKER, on=ON)["deadlines"]

    days = {item["provision"]: item["due_on"] for item in deadlines}
    assert days["RU-PATENT-30D"] == "2026-03-21"
    assert days["RU-STAY-90-CALENDAR-YEAR"] == "2026-05-20"
    assert [item["due_on"] for item in deadlines] == sorted(item["due_on"] for item in deadlines)


def test_cliffs_name_the_day_a_ban_begins_to_threaten() -> None:
    cliffs = forecast(ANSWERS, WORKER, on=ON)["cliffs"]

    found = {(item["provision"], item["to"]): item["on"] for item in cliffs}
    assert found["RU-PATENT-30D", "overdue"] == "2026-03-22"
    assert found["RU-STAY-90-CALENDAR-YEAR", "overdue"] == "2026-05-21"
    assert found["RU-BAN-26-8", "exposed"] == "2026-06-20"  # 31 days over the last lawful day
    assert found["RU-BAN-27-13", "exposed"] == "2026-11-17"  # 181 days over


def test_cliffs_are_what_a_day_by_day_reading_finds() -> None:
    rng = Random(11)
    for number in range(6):
        person = random_person(rng, number, ON, ())
        person.pop("birth_date", None)
        cliffs = forecast(ANSWERS, person, on=ON, months=4)["cliffs"]
        told = {
            (c["on"], c["provision"], *("left out" if c[k] in LEFT_OUT else c[k] for k in ("from", "to")))
            for c in cliffs
        }

        seen, before = set(), None
        for offset in range((date(2026, 7, 1) - ON).days + 1):
            day = ON + timedelta(days=offset)
            case = case_of(person, ANSWERS.compiled, on=day)
            now = {
                p.id: "left out" if s in LEFT_OUT else s
                for p, s in statuses(ANSWERS.law, case)
                if p.kind != "risk"
            }
            if before is not None:
                seen |= {(day.isoformat(), n, before[n], s) for n, s in now.items() if before[n] != s}
            before = now
        assert told == seen


def test_next_question_is_the_one_that_settles_most() -> None:
    person = {k: v for k, v in WORKER.items() if k not in ("region", "entry_purpose")}

    question = next_question(ANSWERS, person, on=ON)

    assert question is not None
    assert question["fact"] == "entry_purpose"
    work = next(answer for answer in question["answers"] if answer["value"] == "work")
    assert {"provision": "RU-PATENT-30D", "from": "unknown", "to": "due"} in work["changes"]


def test_nothing_to_ask_of_somebody_without_unknowns() -> None:
    nobody = {"citizenship": "TJ", "destination": "RU"}
    assert next_question(ANSWERS, nobody, on=ON) is not None
