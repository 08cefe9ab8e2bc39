"""What the law says of a person, in the order in which somebody should act, with reasons in the reader's words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from safar.base import as_day
from safar.casework.needs import triage
from safar.flow.one import rank_one
from safar.law import Assessor
from safar.words import say, write_money

PRESSING = ("raised", "overdue", "forbidden", "exposed")
SETTLED = ("done", "late", "allowed", "clear")
SOON_DAYS = 30


@dataclass(frozen=True)
class Missing:
    """A fact that would decide a finding: its name in the contract, and in words."""

    fact: str
    said: str


@dataclass(frozen=True)
class Finding:
    """One rule's answer. ``opened``: shown unfolded, because it is among what presses most."""

    provision: str
    kind: str
    title: str
    status: str
    due_on: date | None
    latest_on: date | None
    days_left: int | None
    amount: str
    ban: str
    because: tuple[str, ...]
    rule: str
    do: tuple[str, ...]
    cites: tuple[str, ...]
    confidence: str
    reviewed: bool
    dispute: str
    missing: tuple[Missing, ...]
    severity: str
    who_helps: tuple[str, ...]
    opened: bool

    @property
    def dated(self) -> bool:
        """Whether its day still counts down, or has passed without being kept."""
        return self.days_left is not None and self.status in ("due", "overdue", "unknown")


@dataclass(frozen=True)
class Findings:
    """All answers: what presses, what comes, what is not known, what is in order, what is only worth knowing."""

    pressing: tuple[Finding, ...]
    ahead: tuple[Finding, ...]
    unknown: tuple[Finding, ...]
    settled: tuple[Finding, ...]
    notices: tuple[Finding, ...]

    @property
    def signs(self) -> tuple[Finding, ...]:
        """Danger signs that were seen."""
        return tuple(one for one in self.pressing if one.kind == "risk")


def findings_of(law: Assessor, answer: Mapping[str, Any], *, on: date) -> Findings:
    """The answers of ``law.assess`` sorted: first as the worklist ranks them, then by status and day."""
    ranked = [need.provision for need in rank_one(dict(answer), law=law.law, triage=triage(), on=on)]
    order = {name: place for place, name in enumerate(dict.fromkeys(ranked))}
    told = sorted(answer["findings"], key=lambda one: order.get(one["provision"], len(order)))
    sorted_in: dict[str, list[Finding]] = {name: [] for name in Findings.__dataclass_fields__}
    for finding in told:
        where = _where(finding, order)
        sorted_in[where].append(
            _finding(law, finding, opened=where == "pressing" and finding["provision"] in order)
        )
    return Findings(**{name: tuple(found) for name, found in sorted_in.items()})


def _where(finding: Mapping[str, Any], order: Mapping[str, int]) -> str:
    status = finding["status"]
    if finding["kind"] == "notice" and finding["provision"] not in order:
        return "notices"
    if status in PRESSING or finding["provision"] in order:
        return "pressing"
    if status == "unknown":
        return "unknown"
    if status in SETTLED:
        return "settled"
    dated = finding["kind"] in ("duty", "limit") and finding["days_left"] is not None
    return "pressing" if dated and finding["days_left"] <= SOON_DAYS else "ahead"


def _finding(law: Assessor, finding: Mapping[str, Any], *, opened: bool) -> Finding:
    return Finding(
        provision=finding["provision"],
        kind=finding["kind"],
        title=finding["title"],
        status=finding["status"],
        due_on=as_day(finding["due_on"]) if finding["due_on"] else None,
        latest_on=as_day(finding["latest_on"]) if finding["latest_on"] != finding["due_on"] else None,
        days_left=finding["days_left"],
        amount=_amount(law, finding["amount"]),
        ban=_length(law, finding["ban_months"]),
        because=tuple(finding["because"]),
        rule=finding["rule"],
        do=tuple(finding["do"]),
        cites=tuple(finding["cites"]),
        confidence=str(law.explainer.words.labels["confidence"].get(finding["confidence"], "")),
        reviewed=finding["reviewed"],
        dispute=finding.get("dispute", ""),
        missing=tuple(missing_in(law, finding["missing"])),
        severity=str(law.explainer.words.labels["severity"].get(finding.get("severity"), "")),
        who_helps=tuple(_helpers(law, finding["provision"])),
        opened=opened,
    )


def missing_in(law: Assessor, names: Iterable[str]) -> Iterator[Missing]:
    """The facts that somebody can be asked for; a figure of the law that nobody knows is not one of them."""
    for name in names:
        if not name.startswith("param("):
            yield Missing(name, law.explainer.fact_name(name))


def _amount(law: Assessor, amount: Mapping[str, Any] | None) -> str:
    if amount is None:
        return ""
    return write_money(
        law.explainer.words.language, amount["low"], amount["high"], currency=amount["currency"]
    )


def _length(law: Assessor, months: float | None) -> str:
    """The length of a ban: whole years as years."""
    if months is None:
        return ""
    years, rest = divmod(int(months), 12)
    language = law.explainer.words.language
    return say(language, "written.months" if rest else "written.years", count=int(months) if rest else years)


def _helpers(law: Assessor, provision: str) -> Iterator[str]:
    risk = law.law.provisions[provision].risk
    for who in risk.who_helps if risk else ():
        yield law.explainer.words.help.get(who, who)
