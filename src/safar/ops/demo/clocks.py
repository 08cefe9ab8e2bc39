"""One person's legal clock: the stay, the last lawful day, and the days on which something falls due or worsens."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from safar.ops.demo.shown import Clock, Mark

BACK_DAYS, AHEAD_DAYS = 300, 330
MISSED = ("overdue", "late")
WORSE = ("exposed", "forbidden")


def clock_of(facts: Mapping[str, Any], answer: Mapping[str, Any], country: str) -> Clock:
    """The clock of a person on the answer's day. ``answer`` carries ``ahead``; ``country`` is a word."""
    on = date.fromisoformat(answer["on"])
    entered = _entered(facts)
    limits = [f for f in answer["findings"] if f["kind"] == "limit" and f["status"] in ("due", "overdue")]
    limit = min(limits, key=lambda finding: finding["due_on"] or "9999", default=None)
    last_day = date.fromisoformat(limit["due_on"]) if limit and limit["due_on"] else None
    return Clock(
        country=country,
        entered_on=entered,
        days_in=(on - entered).days + 1 if entered else 0,
        last_day=last_day,
        last_day_rule=limit["title"] if limit else "",
        days_left=(last_day - on).days if last_day else None,
        marks=_marks(answer, on, entered),
    )


def _entered(facts: Mapping[str, Any]) -> date | None:
    """The day on which the stay that still runs began."""
    told = facts.get("entered_on")
    if told and told != "none":
        return date.fromisoformat(told)
    running = [
        stay["entered_on"]
        for stay in facts.get("stays") or []
        if stay["country"] == facts.get("destination") and stay.get("left_on") in (None, "none")
    ]
    return date.fromisoformat(max(running)) if running else None


def _marks(answer: Mapping[str, Any], on: date, entered: date | None) -> tuple[Mark, ...]:
    """Missed days of this stay, days to come, and the days on which more threatens; one mark a day and kind."""
    first = max(entered or on, on - timedelta(days=BACK_DAYS))
    found: dict[tuple[date, str], dict[str, None]] = {}

    def note(day: str | None, kind: str, title: str) -> None:
        if day and first <= date.fromisoformat(day) <= on + timedelta(days=AHEAD_DAYS):
            found.setdefault((date.fromisoformat(day), kind), {})[title] = None

    for finding in answer["findings"]:
        if finding["status"] in MISSED and finding["kind"] in ("duty", "limit"):
            note(finding["due_on"], "missed", finding["title"])
    for item in answer["ahead"]["deadlines"]:
        note(item["due_on"], "due", item["title"])
    already = {finding["provision"] for finding in answer["findings"] if finding["status"] in WORSE}
    for item in answer["ahead"]["cliffs"]:
        if item["to"] in WORSE and item["provision"] not in already:
            note(item["on"], "worse", item["title"])
    return tuple(Mark(day, kind, tuple(titles)) for (day, kind), titles in sorted(found.items()))
