"""What the demonstration shows: finished values, ready for a terminal, a page or JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Person:
    """Whose life it is: sex (male, female or empty), age in years, home, countries as ISO codes or None."""

    person_id: str
    sex: str
    age: int | None
    community: str
    district: str
    home: str
    destination: str | None


@dataclass(frozen=True)
class Fine:
    """An amount of money, from ``low`` to ``high``."""

    low: float
    high: float
    currency: str


@dataclass(frozen=True)
class Cost:
    """What a miss brings: a fine at once or from a day on, an entry ban in months and its day, or only a title."""

    fine: Fine | None = None
    fine_from: date | None = None
    ban_months: int = 0
    ban_from: date | None = None
    titles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Urgent:
    """A last day of this week: whose, what, how the day is counted, and what a miss brings."""

    person: Person
    title: str
    why: str
    due_on: date
    days_left: int
    cost: Cost


@dataclass(frozen=True)
class RuleCount:
    """A duty or limit: last days within a week, and people for whom the day has passed with nothing done."""

    title: str
    due: int
    past: int


RULES_SHOWN = 10


def leading(rules: tuple[RuleCount, ...]) -> tuple[tuple[RuleCount, ...], RuleCount, RuleCount]:
    """The rules that press most, the others as one, and all as one, so that what is shown adds up."""
    return rules[:RULES_SHOWN], _sum(rules[RULES_SHOWN:]), _sum(rules)


def _sum(rules: tuple[RuleCount, ...]) -> RuleCount:
    return RuleCount("", sum(row.due for row in rules), sum(row.past for row in rules))


@dataclass(frozen=True)
class BanRule:
    """A sanction with an entry ban of so many months, and the people it threatens."""

    title: str
    months: int
    people: int


@dataclass(frozen=True)
class Question:
    """A question, for how many people it would settle something, and how many findings wait for it.

    Both are scaled from a sample.
    """

    ask: str
    people: int
    findings: int


@dataclass(frozen=True)
class Province:
    """People of a province: all, with a last day this week, past the last lawful day, facing a ban."""

    name: str
    people: int
    due: int
    past: int
    exposed: int


@dataclass(frozen=True)
class Mark:
    """A day on the legal clock. ``kind``: missed, due, worse."""

    day: date
    kind: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Clock:
    """One person's time in a country: since when, the last lawful day and its rule, and the days that matter."""

    country: str
    entered_on: date | None
    days_in: int
    last_day: date | None
    last_day_rule: str
    days_left: int | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Demo:
    """Everything that is shown. Counts are people unless said otherwise."""

    on: date
    language: str
    people: int
    communities: int
    provisions: int
    cases: int
    findings: int
    urgent: tuple[Urgent, ...]
    urgent_people: int
    rules: tuple[RuleCount, ...]
    weeks: tuple[int, ...]  # last days in each of the coming weeks
    past_last_day: int
    exposed: int
    bans: tuple[tuple[int, int], ...]  # months of the longest ban, people
    ban_rules: tuple[BanRule, ...]
    with_unknowns: int
    sample: int
    questions: tuple[Question, ...]
    provinces: tuple[Province, ...]
    person: Person
    answer: Mapping[str, Any]  # findings, questions, ahead: the contract's answer for that person
    clock: Clock
