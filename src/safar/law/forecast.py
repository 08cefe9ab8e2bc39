"""Looking forward: the deadlines of the months to come, and the days on which a status changes by itself."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from safar.base import NEVER, as_iso, day_number
from safar.law.assess import Assessor, case_part, check_reach
from safar.law.case import Case
from safar.law.compile.python import add_months
from safar.law.expression import walk
from safar.law.model import LEFT_OUT, Law
from safar.law.person import case_of

TIMED = ("duty", "limit", "price")


def forecast(
    assessor: Assessor, person: Mapping[str, Any], *, on: date, months: int = 12
) -> dict[str, list[dict[str, Any]]]:
    """Deadlines and cliffs from ``on`` to ``months`` later, supposing that nothing is done or told.

    ``deadlines``: provision, title, due_on, latest_on, in order of days. ``cliffs``: on, provision, title, from,
    to: on that day the status is another than the day before. Raises DataError as assess does.
    """
    check_reach(assessor.law, on)
    last = min(add_months(day_number(on), months), day_number(assessor.law.day_reach()[1]))
    case = case_of(person, assessor.compiled, on=on)
    moving = _moving(assessor.law, case)
    statuses = {name: case.part(name, "status") for name in moving}
    deadlines: dict[tuple[int, str], dict[str, Any]] = {}
    cliffs: list[dict[str, Any]] = []
    _note_deadlines(assessor, case, statuses, last, deadlines)
    for number in range(case.on + 1, last + 1):
        tomorrow = case_of(person, assessor.compiled, on=on + timedelta(days=number - day_number(on)))
        changed = {}
        for name, before in statuses.items():
            after = tomorrow.part(name, "status")
            if after != before:
                changed[name] = after
                if before not in LEFT_OUT or after not in LEFT_OUT:
                    cliffs.append(_cliff(assessor, number, name, before, after))
        if changed:
            statuses |= changed
            _note_deadlines(assessor, tomorrow, changed, last, deadlines)
    return {"deadlines": [deadlines[key] for key in sorted(deadlines)], "cliffs": cliffs}


def _moving(law: Law, case: Case) -> list[str]:
    """Provisions whose status can change with the day: they ask about it, and may apply to the person."""
    depends: dict[tuple[str, str], bool] = {}

    def moves(name: str, part: str) -> bool:
        key = (name, part)
        if key not in depends:
            depends[key] = any(
                node.op in ("on", "stay_days")
                or (node.op == "ref" and node.args != key and moves(*node.args))
                for node in walk(law.parts[name][part])
            ) or any(n.args == ("entered_on",) for n in walk(law.parts[name][part]) if n.op == "fact")
        return depends[key]

    country = case.facts.get("destination")
    return [
        name
        for name, provision in law.provisions.items()
        if provision.kind != "risk"
        and (not provision.country or country in (None, provision.country))
        and moves(name, "status")
    ]


def _note_deadlines(
    assessor: Assessor,
    case: Case,
    statuses: Mapping[str, str | None],
    last: int,
    deadlines: dict[tuple[int, str], dict[str, Any]],
) -> None:
    for name, status in statuses.items():
        provision = assessor.law.provisions[name]
        if provision.kind not in TIMED or status not in ("due", None):
            continue
        due = case_part(case, provision, "due")
        if due is None or due == NEVER or not case.on <= due <= last:
            continue
        deadlines[due, name] = {
            "provision": name,
            "title": assessor.explainer.words.of(name).get("title", name),
            "status": status or "unknown",
            "due_on": as_iso(due),
            "latest_on": as_iso(case_part(case, provision, "latest")),
            "days_left": due - case.on,
        }


def _cliff(assessor: Assessor, day: int, name: str, before: str | None, after: str | None) -> dict[str, Any]:
    return {
        "on": as_iso(day),
        "provision": name,
        "title": assessor.explainer.words.of(name).get("title", name),
        "from": before or "unknown",
        "to": after or "unknown",
        "worse": after not in (*LEFT_OUT, "due", "done", "allowed", None),
    }
