"""From what people said to what the law is asked: statements folded into facts, each with who said it.

A later statement speaks instead of an earlier one. A doubtful one is kept and shown and decides nothing: a fact that
may be wrong would let the law say "you are fine". A date of birth reaches the law only when its day is known. Answers
about danger signs are told one by one: each is a fact of its own, ``answers.R-WAGE-01``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from safar.base import DataError
from safar.casework.errors import NotPossibleError
from safar.law import Assessor, assessor, read_law, read_words
from safar.law.facts import LISTS, SCALARS
from safar.records.models import Offence, Person, Statement, Stay

NONE = "none"
DOUBTFUL = "doubtful"
ANSWERS = "answers"
Row = TypeVar("Row", Stay, Offence)


@dataclass(frozen=True)
class Told:
    """A fact as it was told: its value in the contract's form, and where it comes from."""

    fact: str
    value: Any
    statement_id: int
    said_by: str
    said_on: date
    sureness: str
    evidence: str


@dataclass(frozen=True)
class Known:
    """What is known of a person: the facts that decide, and what was said otherwise."""

    facts: Mapping[str, Told]
    otherwise: Mapping[str, tuple[Told, ...]]  # doubtful or earlier tellings with another value, latest first

    def contract(
        self, stays: Iterable[Stay], offences: Iterable[Offence], *, person: Person
    ) -> dict[str, Any]:
        """The facts in the names of the contract, as the law takes them."""
        values = {name: told.value for name, told in self.facts.items() if "." not in name}
        listed = {"stays": [_stay(one) for one in stays], "offences": [_offence(one) for one in offences]}
        for name, rows in listed.items():
            said = values.pop(name, None)
            if rows or said in (NONE, []):
                values[name] = rows
        answers = {
            name.removeprefix(f"{ANSWERS}."): told.value
            for name, told in self.facts.items()
            if name.startswith(f"{ANSWERS}.")
        }
        if answers:
            values[ANSWERS] = answers
        if person.birth_date and person.birth_precision == "day":
            values["birth_date"] = person.birth_date.isoformat()
        else:
            values.pop("birth_date", None)
        return values


def fold(statements: Iterable[Statement]) -> Known:
    """Statements in any order folded into what is known."""
    tellings: dict[str, list[Told]] = {}
    standing = (one for one in statements if one.withdrawn_at is None)
    for said in sorted(standing, key=lambda one: (one.said_on, one.id), reverse=True):
        for name, value in facts_in(said.facts):
            tellings.setdefault(name, []).append(
                Told(name, value, said.id, said.said_by, said.said_on, said.sureness, said.evidence)
            )
    facts: dict[str, Told] = {}
    otherwise: dict[str, tuple[Told, ...]] = {}
    for name, told in tellings.items():
        deciding = next((one for one in told if one.sureness != DOUBTFUL), None)
        if deciding is not None:
            facts[name] = deciding
        others = tuple(one for one in told if deciding is None or one.value != deciding.value)
        if others:
            otherwise[name] = others
    return Known(facts, otherwise)


def facts_in(told: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The facts of a statement one by one; each answer about a danger sign is one."""
    for name, value in told.items():
        if name == ANSWERS and isinstance(value, dict):
            yield from ((f"{ANSWERS}.{sign}", said) for sign, said in value.items())
        else:
            yield name, value


def deciding(rows: Sequence[Row]) -> list[Row]:
    """Stays or offences that decide: said for sure, not taken back, and not replaced by one that decides itself.

    Whoever takes back "they left on 3 May" gives the stay back as it was.
    """
    stands = {
        row.pk: row
        for row in rows
        if row.statement.withdrawn_at is None and row.statement.sureness != DOUBTFUL
    }
    by_id = {row.pk: row for row in rows}

    def replaced(row: Row) -> bool:
        following = row.replaced_by_id
        while following is not None:
            if following in stands:
                return True
            following = by_id[following].replaced_by_id if following in by_id else None
        return False

    return [row for row in rows if row.pk in stands and not replaced(row)]


def circle_of(person: Person) -> list[UUID]:
    """The person's own file and those merged into it: what is said in any of them is said about the person."""
    return [person.pk, *Person.objects.filter(merged_into=person).values_list("pk", flat=True)]


def refold(person: Person, *, on: date) -> None:
    """Put what the statements come to into the person's own row; NotPossibleError where the law cannot take it."""
    circle = circle_of(person)
    known = fold(Statement.objects.filter(person__in=circle))
    stays, offences = stays_of(circle), offences_of(circle)
    values = {name: told.value for name, told in known.facts.items()}
    person.sex = values.get("sex") or ""
    person.destination = values.get("destination") or ""
    person.region = values.get("region") or ""
    if "birth_date" in values:
        person.birth_date, person.birth_precision = birth_of(values["birth_date"], on=on)
    person.facts = known.contract(deciding(stays), deciding(offences), person=person)
    checked(person.facts, on=on)


def stays_of(circle: Sequence[UUID]) -> list[Stay]:
    """All stays told of a person, in order of time, whether they decide or not."""
    rows = Stay.objects.filter(person__in=circle).select_related("statement")
    return list(rows.order_by("entered_on", "id"))


def offences_of(circle: Sequence[UUID]) -> list[Offence]:
    """All decisions told of a person, in order of time."""
    rows = Offence.objects.filter(person__in=circle).select_related("statement")
    return list(rows.order_by("decided_on", "id"))


def birth_of(told: str | None, *, on: date) -> tuple[date | None, str]:
    """A date of birth as told (1991-04-12, 1991-04 or 1991) as a day and how much of it is known."""
    if told is None:
        return None, "unknown"
    try:
        parts = [int(part) for part in told.split("-")]
        born = date(*[*parts, 1, 1][:3])
    except (ValueError, TypeError):
        raise NotPossibleError("birth_wrong") from None
    if born > on:
        raise NotPossibleError("birth_ahead")
    return born, ("year", "month", "day")[len(parts) - 1]


def birth_text(born: date, precision: str) -> str:
    """A date of birth as a statement holds it: only what is known of it."""
    return born.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]


def checked(facts: Mapping[str, Any], *, on: date) -> None:
    """Raise NotPossibleError with the law's own words where a fact cannot be true."""
    unknown = set(facts) - set(SCALARS) - set(LISTS)
    if unknown:
        raise NotPossibleError("no_such_fact", fact=sorted(unknown)[0])
    try:
        law_in("en").assess(dict(facts), on=on)
    except DataError as error:
        raise NotPossibleError("fact_impossible", told=str(error).partition(": ")[2]) from None


@cache
def law_in(language: str) -> Assessor:
    """The law of this installation with the sentences of a language."""
    return assessor(read_law(), read_words(language))


def _stay(stay: Stay) -> dict[str, Any]:
    row: dict[str, Any] = {"country": stay.country}
    if stay.entered_on:
        row["entered_on"] = stay.entered_on.isoformat()
    if stay.left_on:
        row["left_on"] = stay.left_on.isoformat()
    elif stay.still_there:
        row["left_on"] = NONE
    return row


def _offence(offence: Offence) -> dict[str, Any]:
    row: dict[str, Any] = {
        "country": offence.country,
        "kind": offence.kind,
        "decided_on": offence.decided_on.isoformat(),
    }
    if offence.expelled is not None:
        row["expelled"] = offence.expelled
    return row
