"""From what people said to what the law is asked: statements folded into facts, each with who said it.

A later statement speaks instead of an earlier one. A doubtful one is kept and shown and decides nothing: a fact that
may be wrong would let the law say "you are fine". A date of birth reaches the law only when its day is known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from safar.base import DataError
from safar.casework.errors import NotPossibleError
from safar.law import Assessor, assessor, read_law, read_words
from safar.law.facts import LISTS, SCALARS
from safar.records.models import Offence, Person, Statement, Stay

NONE = "none"


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
        values = {name: told.value for name, told in self.facts.items()}
        listed = {"stays": [_stay(one) for one in stays], "offences": [_offence(one) for one in offences]}
        for name, rows in listed.items():
            said = values.pop(name, None)
            if rows or said == NONE:
                values[name] = rows
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
        for name, value in said.facts.items():
            tellings.setdefault(name, []).append(
                Told(name, value, said.id, said.said_by, said.said_on, said.sureness, said.evidence)
            )
    facts: dict[str, Told] = {}
    otherwise: dict[str, tuple[Told, ...]] = {}
    for name, told in tellings.items():
        deciding = next((one for one in told if one.sureness != "doubtful"), None)
        if deciding is not None:
            facts[name] = deciding
        others = tuple(one for one in told if deciding is None or one.value != deciding.value)
        if others:
            otherwise[name] = others
    return Known(facts, otherwise)


def refold(person: Person, *, on: date) -> None:
    """Put what the statements come to into the person's own row; NotPossibleError where the law cannot take it."""
    circle = [person.pk, *Person.objects.filter(merged_into=person).values_list("pk", flat=True)]
    known = fold(Statement.objects.filter(person__in=circle))
    standing = {"person__in": circle, "replaced_by": None, "statement__withdrawn_at": None}
    stays = Stay.objects.filter(**standing).order_by("entered_on", "id")
    offences = Offence.objects.filter(**standing).order_by("decided_on", "id")
    values = {name: told.value for name, told in known.facts.items()}
    person.sex = values.get("sex") or ""
    person.destination = values.get("destination") or ""
    person.region = values.get("region") or ""
    person.facts = known.contract(stays, offences, person=person)
    checked(person.facts, on=on)


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
