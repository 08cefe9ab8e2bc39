"""What is known of a person, fact by fact: the value that decides, who said it, and what was said otherwise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from safar.base import as_day
from safar.casework.facts import DOUBTFUL, NONE, Known, Told, facts_in
from safar.law.facts import SCALARS
from safar.law.words import Words
from safar.records.models import Officer, Statement
from safar.words import say, write_day

# Every fact of the contract stands in one group: tests/casework/test_person_page.py proves it.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "identity": ("citizenship", "second_citizenship", "birth_date", "sex"),
        "journey": ("destination", "region", "entry_purpose", "entry_document", "entered_on"),
        "registration": (
            "registered_on", "registered_until", "host_notified_on", "moved_on", "fingerprinted_on",
            "medical_exam_on", "language_certificate_until",
        ),
        "patent": (
            "patent_applied_on", "patent_issued_on", "patent_region", "patent_occupation", "patent_paid_until",
            "patent_contract_filed_on",
        ),
        "permit": ("permit_kind", "permit_issued_on", "permit_until"),
        "work": (
            "work_kind", "work_region", "occupation", "contract_signed_on", "contract_ends_on",
            "contract_ended_early_on", "unpaid_since",
        ),
        "family": ("study_mode", "study_region", "family_of"),
        "sanctions": ("on_controlled_register", "banned_until"),
    }
)  # fmt: skip
SIGNS = "signs"  # the group of answers about danger signs
COUNTRIES = ("citizenship", "second_citizenship")


@dataclass(frozen=True)
class Source:
    """Where a telling comes from, in one line: the family, 20 November 2026, likely; a letter."""

    statement_id: int
    said: str
    doubtful: bool


@dataclass(frozen=True)
class Otherwise:
    """A telling that does not decide, with its value in words."""

    value: str
    source: Source


@dataclass(frozen=True)
class FactRow:
    """One fact: its name in words, its value (None: not known), whence, and what was said otherwise."""

    fact: str
    name: str
    value: str | None
    source: Source | None
    otherwise: tuple[Otherwise, ...]


@dataclass(frozen=True)
class FactGroup:
    """Facts that are asked together; ``known`` of ``asked`` are known."""

    name: str
    rows: tuple[FactRow, ...]
    known: int

    @property
    def key(self) -> str:
        """The key of its title."""
        return f"facts.groups.{self.name}"

    @property
    def asked(self) -> int:
        """How many facts there are in the group."""
        return len(self.rows)

    @property
    def doubted(self) -> bool:
        """Whether anything in it was said otherwise."""
        return any(row.otherwise for row in self.rows)


@dataclass(frozen=True)
class StatementRow:
    """One telling as a whole; ``facts`` in words. ``by``: the officer who wrote it down."""

    statement_id: int
    said_on: date
    source: Source
    facts: tuple[str, ...]
    by: str
    withdrawn_because: str
    withdrawn_by: str
    withdrawn: bool


def fact_groups(known: Known, words: Words) -> tuple[FactGroup, ...]:
    """All groups of the contract's facts with what is known."""
    return tuple(_group(name, names, known, words) for name, names in GROUPS.items())


def answers_told(known: Known, words: Words) -> tuple[FactRow, ...]:
    """The danger signs that were asked about, by their titles."""
    names = {*known.facts, *known.otherwise}
    return tuple(fact_row(name, known, words) for name in sorted(names) if name.startswith("answers."))


def fact_row(name: str, known: Known, words: Words) -> FactRow:
    """One fact with its sources."""
    told = known.facts.get(name)
    others = tuple(
        Otherwise(value_in_words(name, one.value, words), source_of(one, words.language))
        for one in known.otherwise.get(name, ())
    )
    return FactRow(
        fact=name,
        name=name_in_words(name, words),
        value=None if told is None or told.value is None else value_in_words(name, told.value, words),
        source=None if told is None else source_of(told, words.language),
        otherwise=others,
    )


def statement_rows(
    statements: Iterable[Statement], officers: Mapping[int, Officer], words: Words
) -> tuple[StatementRow, ...]:
    """Statements with what hangs on them, the latest first."""
    rows = sorted(statements, key=lambda one: (one.said_on, one.pk), reverse=True)
    return tuple(_statement(one, officers, words) for one in rows)


def value_in_words(name: str, value: Any, words: Words) -> str:
    """A value of the contract as people say it; what is told as not known says so."""
    if value is None:
        return say(words.language, "ui.not_known")
    kind = SCALARS.get(name)
    if name.startswith("answers.") or (kind and kind.type == "bool"):
        return say(words.language, "yes" if value else "no")
    if value == NONE and kind and kind.type == "date":
        return words.fact(name, "never")
    if name == "birth_date":
        return birth_in_words(str(value), words.language)
    if kind and kind.type == "date":
        return write_day(words.language, as_day(value))
    if value == NONE:
        return words.value("", NONE)
    if name in COUNTRIES:
        return words.value("country", value)
    coded = name.endswith("region") or (kind and kind.values)
    return words.value(name, value) if coded else str(value).replace("_", " ")


def birth_in_words(told: str, language: str) -> str:
    """1991-04-12, 1991-04 or 1991 as people say it."""
    parts = told.split("-")
    if len(parts) == 3:
        return write_day(language, as_day(told))
    if len(parts) == 2:
        return write_day(language, date(int(parts[0]), int(parts[1]), 1), "month_and_year")
    return parts[0]


def name_in_words(name: str, words: Words) -> str:
    """What a fact is called; a danger sign by its title."""
    if name.startswith("answers."):
        sign = name.removeprefix("answers.")
        return str(words.risks.get(sign, {}).get("title", sign))
    return _capital(words.fact(name, "name"))


def source_of(told: Told | Statement, language: str) -> Source:
    """Who said it, on which day, how sure it is, on what evidence."""
    statement_id = told.statement_id if isinstance(told, Told) else told.pk
    key = "facts.source" if told.sureness == "sure" else "facts.source_unsure"
    said = say(
        language,
        key,
        who=say(language, f"facts.said_by.{told.said_by}"),
        day=write_day(language, told.said_on),
        sureness=say(language, f"facts.sureness.{told.sureness}"),
    )
    said = f"{said}; {told.evidence}" if told.evidence else said
    return Source(statement_id, said, told.sureness == DOUBTFUL)


def _group(name: str, names: Sequence[str], known: Known, words: Words) -> FactGroup:
    rows = tuple(fact_row(one, known, words) for one in names)
    return FactGroup(name, rows, sum(row.value is not None for row in rows))


def _statement(one: Statement, officers: Mapping[int, Officer], words: Words) -> StatementRow:
    return StatementRow(
        statement_id=one.pk,
        said_on=one.said_on,
        source=source_of(one, words.language),
        facts=tuple(_facts_in_words(one.facts, words)),
        by=_name(officers, one.recorded_by_id),
        withdrawn_because=one.withdrawn_because,
        withdrawn_by=_name(officers, one.withdrawn_by_id),
        withdrawn=one.withdrawn_at is not None,
    )


def _facts_in_words(facts: Mapping[str, Any], words: Words) -> Iterator[str]:
    for name, value in facts_in(facts):
        if isinstance(value, list):  # as a list took them in; the rows stand in the file on their own
            continue
        told = value_in_words(name, value, words)
        yield say(words.language, "facts.named", name=name_in_words(name, words), value=told)


def _name(officers: Mapping[int, Officer], officer_id: int | None) -> str:
    found = officers.get(officer_id or 0)
    return found.name if found else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
