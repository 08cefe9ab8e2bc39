"""One person's needs from the answer of ``Assessor.assess``: the rules of ranking, said plainly.

``rank`` does the same for a population at once; a test holds them together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from safar.base import DataError, as_day, day_number
from safar.flow.asides import fact_order, first_missing
from safar.flow.need import Need, harm_of, priority_of, size_of, soon_of
from safar.flow.table import ESCALATED, Entry, Table, base_of, table_of
from safar.flow.triage import BAN, COST_UNKNOWN, DAY_COUNTS, FINE, NOTHING, TOLD_WITH, Triage
from safar.law.model import BREACHES, Law

Finding = Mapping[str, Any]


@dataclass(frozen=True)
class Brought:
    """What a finding brings today: the worst, the longest ban (None: not known how long), the largest fine."""

    worst: int = NOTHING
    months: int | None = None
    months_at_most: int = 0
    low: float | None = None
    high: float | None = None


def rank_one(assessment: Mapping[str, Any], *, law: Law, triage: Triage, on: date) -> list[Need]:
    """The needs of one person, the most pressing first; at most ``triage.per_person``.

    Raises DataError if the assessment is of another day than ``on``.
    """
    if assessment["on"] != on.isoformat():
        raise DataError(f"the assessment is of {assessment['on']}, not of {on}; assess again")
    table = table_of(law, triage, on)
    findings = {finding["provision"]: finding for finding in assessment["findings"]}
    found = (_need(assessment, finding, findings, table, on) for finding in findings.values())
    best: dict[str, Need] = {}
    for _, need in sorted((pair for pair in found if pair), key=_order):
        best.setdefault(need.danger, need)
    left_out = max(0, len(best) - triage.per_person)
    shown = list(best.values())[: triage.per_person]
    return [replace(need, first=place == 0, left_out=left_out) for place, need in enumerate(shown)]


def _order(pair: tuple[Entry, Need]) -> tuple[int, int, str]:
    """The higher priority first; of equal needs the earlier line of the danger, then the smaller id."""
    entry, need = pair
    return (-need.priority, entry.turn, need.provision)


def _need(
    assessment: Mapping[str, Any], finding: Finding, findings: Mapping[str, Finding], table: Table, on: date
) -> tuple[Entry, Need] | None:
    name, status = finding["provision"], finding["status"]
    if _told_elsewhere(name, status, findings, table):
        return None
    brought = _brought(_sanctions(finding, findings, table), table)
    fitting = table.entries.get((_form(finding, table), status, brought.worst), ())
    due = as_day(finding["due_on"]) if finding["due_on"] and status in DAY_COUNTS else None
    left = None if due is None else (due - on).days
    entry = next((entry for entry in fitting if entry.is_near(left)), None)
    if entry is None:
        return None
    known = table.currency[name]
    size = size_of(
        ban=brought.worst == BAN,
        months=brought.months_at_most,
        fine=brought.high,
        unit=table.units.get(known, 1),
    )
    harm = harm_of(entry.danger.harm, size)
    need = Need(
        person_id=assessment["person_id"],
        danger=entry.danger.id,
        harm=harm,
        provision=name,
        status=status,
        act_by=due,
        days_left=left,
        amount_low=brought.low,
        amount_high=brought.high,
        currency=None if brought.low is None else known,
        ban_months=brought.months,
        because=first_missing(finding["missing"], fact_order(table.law)) if status == "unknown" else None,
        priority=priority_of(harm, soon_of(None if due is None else day_number(due), status)),
        first=False,
        left_out=0,
    )
    return entry, need


def _told_elsewhere(name: str, status: str, findings: Mapping[str, Finding], table: Table) -> bool:
    """A sanction is told with the breach that brings it, and an unknown one with the unknown rule it follows."""
    namers = [findings[namer] for namer in table.namers.get(name, ()) if namer in findings]
    return any(namer["status"] in TOLD_WITH.get(status, ()) for namer in namers)


def _sanctions(finding: Finding, findings: Mapping[str, Finding], table: Table) -> list[Finding]:
    """The sanctions that threaten through a finding, or may: those its breach names, or itself."""
    name, status = finding["provision"], finding["status"]
    if name in table.carries:
        return [finding] if status == "exposed" else []
    if status not in BREACHES:
        return []
    shown = ("exposed", "unknown") if status in COST_UNKNOWN else ("exposed",)
    named = [findings[sanction] for sanction in table.chain[name] if sanction in findings]
    return [sanction for sanction in named if sanction["status"] in shown]


def _brought(sanctions: Iterable[Finding], table: Table) -> Brought:
    worst, months, fines = NOTHING, [], []
    for sanction in sanctions:
        if sanction["status"] == "unknown":
            worst = max(worst, FINE)
            continue
        name = sanction["provision"]
        worst = max(worst, table.carries[name])
        if table.carries[name] == BAN:
            months.append((sanction["ban_months"], table.longest[name]))
        if sanction["amount"]:
            low, high = sanction["amount"]["low"], sanction["amount"]["high"]
            fines.append((low if high is None else high, low))
    open_end = any(known is None for known, _ in months)
    high, low = max(fines, default=(None, None))
    return Brought(
        worst,
        None if open_end or not months else max(int(known) for known, _ in months),
        max((longest if known is None else int(known) for known, longest in months), default=0),
        low,
        high,
    )


def _form(finding: Finding, table: Table) -> str:
    """A danger sign that others made critical has a second form."""
    name = base_of(finding["provision"])
    risk = table.law.provisions[name].risk
    escalated = risk is not None and risk.severity != "critical" and finding.get("severity") == "critical"
    return name + ESCALATED if escalated else name
