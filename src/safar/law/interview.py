"""The next best question: which unknown fact settles most, and what each answer would change."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from safar.law import facts
from safar.law.assess import Assessor, statuses
from safar.law.case import Case
from safar.law.person import case_of

TRIED = 8  # questions looked at closely; more would cost time and never came out first


def next_question(assessor: Assessor, person: Mapping[str, Any], *, on: date) -> dict[str, Any] | None:
    """The question whose worst answer settles most, then whose answers settle most on average.

    Keys: fact, ask, decides (provisions that wait for it), answers: for each plausible answer its label, how
    many findings it settles and which statuses change. None if nothing is unknown.
    """
    result = assessor.assess(person, on=on)
    before = {finding["provision"]: finding["status"] for finding in result["findings"]}
    ranked = [
        (_score(answers), question | {"answers": answers})
        for question in result["questions"][:TRIED]
        if (answers := list(_tried(assessor, person, question["fact"], before, on)))
    ]
    return max(ranked, key=lambda item: item[0])[1] if ranked else None


def _score(answers: list[dict[str, Any]]) -> tuple[int, float]:
    settled = [answer["settles"] for answer in answers]
    return min(settled), sum(settled) / len(settled)


def _tried(
    assessor: Assessor, person: Mapping[str, Any], fact: str, before: Mapping[str, str], on: date
) -> Iterator[dict[str, Any]]:
    seen: set[tuple[tuple[str, str, str], ...]] = set()
    for value in plausible(fact, on):
        case = case_of(_with(person, fact, value), assessor.compiled, on=on)
        after = _shown(assessor, case)
        changes = [
            {"provision": name, "from": before.get(name, "not_applicable"), "to": status}
            for name, status in after.items()
            if status != before.get(name, "not_applicable")
        ]
        key = tuple(tuple(change.values()) for change in changes)
        if key in seen:
            continue
        seen.add(key)  # type: ignore[arg-type]
        settled = [c for c in changes if c["from"] == "unknown"]
        yield {
            "value": value,
            "label": _label(assessor, fact, value),
            "settles": len(settled),
            "changes": changes,
        }


def _shown(assessor: Assessor, case: Case) -> dict[str, str]:
    return {
        provision.id: status
        for provision, status in statuses(assessor.law, case)
        if provision.kind != "risk" or case.answers is not None
    }


def _with(person: Mapping[str, Any], fact: str, value: Any) -> dict[str, Any]:
    if fact.startswith("answers."):
        answers = dict(person.get("answers") or {})
        return {**person, "answers": answers | {fact.removeprefix("answers."): value}}
    return {**person, fact: value}


def plausible(fact: str, on: date) -> list[Any]:
    """Answers worth trying: every coded value; days before, around and after ``on``; an empty list."""
    if fact.startswith("answers."):
        return [True, False]
    if fact in ("stays", "offences"):
        return [[]]
    kind = facts.SCALARS[fact]
    if kind.type == "bool":
        return [True, False]
    if kind.values:
        return list(kind.values)
    if kind.type == "text":
        return ["TJ", "KG", "UZ"] if fact == "citizenship" else []
    if fact == "birth_date":
        return [(on - timedelta(days=days)).isoformat() for days in (17 * 365, 30 * 365)]
    ago = ["none"] if fact not in ("entered_on",) else []
    return ago + [(on + timedelta(days=days)).isoformat() for days in (-400, -100, -40, -20, -5, 0, 60, 400)]


def _label(assessor: Assessor, fact: str, value: Any) -> str:
    words = assessor.explainer.words
    if fact in facts.SCALARS and facts.SCALARS[fact].type == "date":
        if value == "none":
            return words.fact(fact, "never")
        from safar.base import as_day, day_number

        return words.fact(fact, "happened").format(date=words.day(day_number(as_day(value))))
    if isinstance(value, list):
        return words.value(fact, "none")
    return words.value(fact, value)
