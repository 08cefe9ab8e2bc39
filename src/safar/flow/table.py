"""Triage for one law and one day, worked out before anybody is ranked: which danger each answer of each rule is.

Both ways of ranking read this table: people by the million (``rank``) and one person (``one``).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from safar.base import day_number
from safar.flow.triage import BAN, BRINGS, COST_UNKNOWN, FINE, NOTHING, RIGHT, Danger, Line, Triage, Unit
from safar.law.expression import walk
from safar.law.model import BREACHES, STATUSES, Law, Provision

ESCALATED = "!"  # after the id of a danger sign: the sign together with others that make it critical


@dataclass(frozen=True)
class Entry:
    """The danger an answer is, its place among the dangers, and the line that says so with its place there."""

    place: int
    danger: Danger
    turn: int
    line: Line

    def is_near(self, days_left: int | None) -> bool:
        """Whether the day is near enough, for a line that waits for it."""
        within = self.line.within_days
        return within is None or (days_left is not None and 0 <= days_left <= within)


@dataclass(frozen=True)
class Table:
    """``entries`` by provision, status and what is brought: the first whose wait is over is the danger.

    ``chain``: the sanctions a breach may bring; ``namers``: the breaches that may bring a sanction.
    ``carries``: what a sanction brings; ``longest``: its longest ban in months; ``units``: money by currency.
    """

    law: Law
    triage: Triage
    entries: Mapping[tuple[str, str, int], tuple[Entry, ...]]
    chain: Mapping[str, tuple[str, ...]]
    namers: Mapping[str, tuple[str, ...]]
    carries: Mapping[str, int]
    longest: Mapping[str, int]
    currency: Mapping[str, str]
    units: Mapping[str, float]

    def rows(self) -> Iterator[tuple[str, str]]:
        """Provisions and statuses that are a danger in some case."""
        yield from dict.fromkeys((name, status) for name, status, _ in self.entries)

    def wanted(self) -> list[str]:
        """Provisions whose findings must be known to rank somebody."""
        names = {name.removesuffix(ESCALATED) for name, _ in self.rows()}
        return sorted(names | set(self.carries) | {name for name, chain in self.chain.items() if chain})

    def worst(self, name: str) -> int:
        """What a provision can bring at worst."""
        return worst_of(name, self.chain, self.carries)

    def possible(self, name: str, status: str) -> tuple[int, ...]:
        """What a status of a provision may bring."""
        provision = self.law.provisions[name]
        return _possible(provision, status, self.worst(name), self.chain[name], self.carries)

    def severity(self, name: str) -> str:
        """How grave a danger sign is in this form; nothing for other provisions."""
        risk = self.law.provisions[base_of(name)].risk
        return "" if risk is None else "critical" if name != base_of(name) else risk.severity

    def statuses(self) -> list[str]:
        """Statuses that must be known to rank somebody."""
        return sorted({status for _, status in self.rows()} | {"exposed", "unknown", *BREACHES})


def base_of(name: str) -> str:
    """The danger sign behind its escalated form; any other id as it is."""
    return name.removesuffix(ESCALATED)


_TABLES: dict[tuple[int, int, date], Table] = {}


def table_of(law: Law, triage: Triage, on: date) -> Table:
    """The table of a law, a triage and a day; kept, as one person after the other is ranked by it."""
    key = (id(law), id(triage), on)
    found = _TABLES.get(key)
    if found is None or found.law is not law or found.triage is not triage:
        if len(_TABLES) > 8:
            _TABLES.clear()
        found = _TABLES[key] = _made(law, triage, on)
    return found


def _made(law: Law, triage: Triage, on: date) -> Table:
    sanctions = [p for p in law.provisions.values() if p.kind == "sanction"]
    carries = {p.id: carried(p) for p in sanctions}
    chain = {
        p.id: tuple(dict.fromkeys(n for v in p.versions for n in v.breach if n in carries))
        for p in law.provisions.values()
    }
    namers = {p.id: tuple(name for name, names in chain.items() if p.id in names) for p in sanctions}
    currency = {name: _currency(law, name, names) for name, names in chain.items()}
    return Table(
        law,
        triage,
        dict(_entries(law, triage, chain, carries)),
        chain,
        namers,
        carries,
        {p.id: _longest(p) for p in sanctions},
        currency,
        {code: unit_on(law, unit, on) for code, unit in triage.money.items()},
    )


def carried(sanction: Provision) -> int:
    """What a sanction brings: a ban before a right before a fine."""
    if any(version.ban_months is not None for version in sanction.versions):
        return BAN
    return FINE if any(version.low is not None for version in sanction.versions) else RIGHT


def worst_of(name: str, chain: Mapping[str, tuple[str, ...]], carries: Mapping[str, int]) -> int:
    """What a provision can bring at worst: its own as a sanction, or the worst its breach names."""
    return carries.get(name, max((carries[sanction] for sanction in chain[name]), default=NOTHING))


def _longest(sanction: Provision) -> int:
    """The longest ban in months that any wording can give."""
    trees = [version.ban_months for version in sanction.versions if version.ban_months is not None]
    return max((int(n.args[0]) for n in walk(*trees) if n.op == "lit" and n.type == "number"), default=0)


def _currency(law: Law, name: str, chain: tuple[str, ...]) -> str:
    versions = [v for member in (name, *chain) for v in law.provisions[member].versions]
    return next((version.currency for version in versions if version.currency), "")


def unit_on(law: Law, unit: Unit, on: date) -> float:
    """The mildest fine on a day; infinite where the law has no figure for it yet, as then no fine has an amount."""
    if unit.param is None:
        return float(unit.amount or 1)
    day = day_number(on)
    for value in law.params[unit.param].values[""]:
        if value.start <= day and (value.until is None or day < value.until):
            return value.value * unit.times
    return math.inf


def _entries(
    law: Law, triage: Triage, chain: Mapping[str, tuple[str, ...]], carries: Mapping[str, int]
) -> Iterator[tuple[tuple[str, str, int], tuple[Entry, ...]]]:
    for provision in law.provisions.values():
        worst = worst_of(provision.id, chain, carries)
        risk = provision.risk
        forms = {provision.id: risk.severity if risk else ""}
        if risk is not None and risk.escalate is not None:
            forms[provision.id + ESCALATED] = "critical"
        for name, severity in forms.items():
            static = _static(provision, severity, worst)
            for status in STATUSES:
                for brings in _possible(provision, status, worst, chain[provision.id], carries):
                    found = _fitting(triage, static | {"status": status, "brings": BRINGS[brings]})
                    if found:
                        yield (name, status, brings), found


def _static(provision: Provision, severity: str, worst: int) -> dict[str, str]:
    return {
        "kind": provision.kind,
        "topic": provision.topic,
        "group": provision.risk.group if provision.risk else "",
        "severity": severity,
        "provision": provision.id,
        "can_bring": BRINGS[worst],
    }


def _possible(
    provision: Provision, status: str, worst: int, chain: tuple[str, ...], carries: Mapping[str, int]
) -> tuple[int, ...]:
    """What this status may bring: a breach what its sanctions carry, a sanction that threatens its own."""
    if provision.kind == "sanction":
        return (worst,) if status == "exposed" else (NOTHING,)
    if status in BREACHES:
        fine = {FINE} if chain and status in COST_UNKNOWN else set()
        return (NOTHING, *sorted({carries[name] for name in chain} | fine))
    return (NOTHING,)


def _fitting(triage: Triage, told: Mapping[str, str]) -> tuple[Entry, ...]:
    """The lines that take an answer, the worst danger first; none comes after one that does not look at the day."""
    found: list[Entry] = []
    for place, danger in enumerate(triage.dangers):
        for turn, line in enumerate(danger.when):
            if all(not (asked := getattr(line, key)) or value in asked for key, value in told.items()):
                found.append(Entry(place, danger, turn, line))
                if line.within_days is None:
                    return tuple(found)
    return tuple(found)
