"""One person on one day: findings with reasons, and the questions that would settle most."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from safar.base import NEVER, DataError, as_iso
from safar.law.case import Case
from safar.law.compile.python import Compiled
from safar.law.explain import Explainer
from safar.law.facts import LISTS, SCALARS
from safar.law.model import LEFT_OUT, STATUSES, Law, Provision, Version
from safar.law.person import case_of
from safar.law.words import Words

_ORDER = {status: place for place, status in enumerate(STATUSES)}
_FACT_ORDER = {name: place for place, name in enumerate((*SCALARS, *LISTS))}
_KIND_WEIGHT = {"limit": 3, "duty": 3, "sanction": 3, "permission": 2, "price": 1, "notice": 1, "risk": 1}


@dataclass(frozen=True)
class Assessor:
    """Answers for one law in one language. Build once, ask often."""

    compiled: Compiled
    explainer: Explainer

    @property
    def law(self) -> Law:
        """The law asked."""
        return self.compiled.law

    def assess(self, person: Mapping[str, Any], *, on: date, everything: bool = False) -> dict[str, Any]:
        """The contract's answer for one person: person_id, on, findings, questions.

        ``everything`` adds what does not apply and what was not in force. Raises DataError for facts that
        cannot be true and for days outside the reach of the law.
        """
        check_reach(self.law, on)
        case = case_of(person, self.compiled, on=on)
        findings = [
            self._finding(provision, case, status)
            for provision, status in statuses(self.law, case)
            if everything or status not in LEFT_OUT
        ]
        if not everything and case.answers is None:
            findings = [item for item in findings if item["kind"] != "risk"]
        findings.sort(key=_urgency)
        return {
            "person_id": person.get("person_id"),
            "on": on.isoformat(),
            "findings": findings,
            "questions": self._questions(findings),
        }

    def _finding(self, provision: Provision, case: Case, status: str) -> dict[str, Any]:
        version = version_on(self.compiled, provision, case)
        words = self.explainer.words.of(provision.id)
        applies = status not in LEFT_OUT
        due = case_part(case, provision, "due") if applies else None
        latest = case_part(case, provision, "latest") if applies else None
        finding: dict[str, Any] = {
            "provision": provision.id,
            "kind": provision.kind,
            "title": words.get("title", provision.id),
            "status": status,
            "due_on": as_iso(due),
            "latest_on": as_iso(latest),
            "days_left": due - case.on if due is not None and due != NEVER else None,
            "amount": self._amount(provision, version, case) if applies else None,
            "ban_months": case_part(case, provision, "ban") if applies else None,
            "because": self.explainer.because(provision, version, case) if applies else [],
            "rule": words.get("rule", ""),
            "do": list(words.get("do", ())),
            "cites": [cite.text() for cite in version.cites],
            "confidence": version.confidence,
            "reviewed": provision.reviewed,
            "missing": self.explainer.missing_of(provision, case) if status == "unknown" else [],
        }
        if version.disputed:
            finding["dispute"] = words.get("dispute", "")
        if version.breach and applies:
            finding["breach"] = list(version.breach)
        if provision.risk is not None:
            escalated = case_part(case, provision, "escalated") is True and status == "raised"
            finding["severity"] = "critical" if escalated else provision.risk.severity
        return finding

    @staticmethod
    def _amount(provision: Provision, version: Version, case: Case) -> dict[str, Any] | None:
        low, high = case_part(case, provision, "low"), case_part(case, provision, "high")
        if version.low is None or low is None:
            return None
        return {
            "low": money(low),
            "high": None if high is None else money(high),
            "currency": version.currency,
        }

    def _questions(self, findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
        decides: dict[str, list[str]] = {}
        weight: dict[str, int] = {}
        for finding in findings:
            for name in finding["missing"]:
                if not name.startswith("param("):
                    decides.setdefault(name, []).append(finding["provision"])
                    weight[name] = weight.get(name, 0) + _KIND_WEIGHT[finding["kind"]]
        ordered = sorted(decides, key=lambda name: (-weight[name], _FACT_ORDER.get(name, 99), name))
        words = self.explainer.words
        return [{"fact": n, "ask": words.ask(n), "decides": sorted(decides[n])} for n in ordered]


def assessor(law: Law, words: Words) -> Assessor:
    """An assessor for a law and a language."""
    compiled = _compiled(law)
    return Assessor(compiled, Explainer(compiled, words))


_COMPILED: dict[int, tuple[Law, Compiled]] = {}


def _compiled(law: Law) -> Compiled:
    found = _COMPILED.get(id(law))
    if found is None or found[0] is not law:
        found = _COMPILED[id(law)] = (law, Compiled(law))
    return found[1]


def statuses(law: Law, case: Case) -> list[tuple[Provision, str]]:
    """Every provision with its status; unknown is said by that word."""
    return [(p, case.part(name, "status") or "unknown") for name, p in law.provisions.items()]


def case_part(case: Case, provision: Provision, part: str) -> Any:
    """A computed part, or None if the provision has none."""
    return case.part(provision.id, part) if (provision.id, part) in case.parts else None


def version_on(compiled: Compiled, provision: Provision, case: Case) -> Version:
    """The version in force on the event day; the latest where that day is not known."""
    event = compiled.thunk(provision.event)(case)
    if event is not None:
        for version in provision.versions:
            if version.until is None or event < version.until:
                return version
    return provision.versions[-1]


def check_reach(law: Law, on: date) -> None:
    """Refuse a day that the law's calendars and parameters do not reach."""
    first, last = law.day_reach()
    if not first <= on <= last:
        raise DataError(f"--on {on}: the law here reaches from {first} to {last}; choose a day within")


def money(value: float) -> float | int:
    """Rounded to hundredths, whole where it is whole."""
    rounded = round(value + 0.0, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _urgency(finding: Mapping[str, Any]) -> tuple[int, str, str]:
    return (_ORDER[finding["status"]], finding["due_on"] or "9999", finding["provision"])
