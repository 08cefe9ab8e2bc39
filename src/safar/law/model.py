"""The nouns of the law: provisions, versions, parameters, calendars. Frozen, and written once by ``read``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from safar.law.expression import Node

KINDS = ("duty", "limit", "permission", "price", "sanction", "risk", "notice")
STATUSES = (
    "overdue",
    "late",
    "forbidden",
    "exposed",
    "raised",
    "due",
    "unknown",
    "done",
    "allowed",
    "clear",
    "announced",
    "not_applicable",
    "no_rule_in_force",
)
LEFT_OUT = ("not_applicable", "no_rule_in_force")
BREACHES = ("overdue", "late", "forbidden")
STARTS = ("exact", "approximate", "first_seen", "general_knowledge")


@dataclass(frozen=True)
class Cite:
    """Where a rule is written: act, its date, article."""

    act: str
    of: str | None = None
    place: str | None = None

    def text(self) -> str:
        """One line, as a lawyer would cite it."""
        named = f"{self.act} of {self.of}" if self.of else self.act
        return f"{named}, {self.place}" if self.place else named


@dataclass(frozen=True)
class Seen:
    """A page that states the rule, and what it says in short."""

    url: str
    gist: str


@dataclass(frozen=True)
class Count:
    """How a last day is counted from the event, for the reasons. ``unit``: calendar, working, months."""

    number: int
    unit: str
    event_is_day_one: bool


@dataclass(frozen=True)
class Version:
    """One wording of a provision: period (day numbers, half-open), sources, and its compiled parts."""

    start: int | None
    until: int | None
    start_is: str
    cites: tuple[Cite, ...]
    seen: tuple[Seen, ...]
    confidence: str
    disputed: bool
    applies: Node
    due: Node | None = None
    latest: Node | None = None
    count: Count | None = None
    done: Node | None = None
    done_on: Node | None = None
    allows: Node | None = None
    when: Node | None = None
    low: Node | None = None
    high: Node | None = None
    currency: str | None = None
    ban_months: Node | None = None
    breach: tuple[str, ...] = ()
    announced_on: str | None = None
    figures: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Provision:
    """A rule with its versions in order of time. ``event`` is the date that chooses the version."""

    id: str
    kind: str
    country: str
    topic: str
    file: str
    event: Node
    versions: tuple[Version, ...]
    series: str | None = None
    notes: str | None = None
    reviewed: bool = False
    risk: "Risk | None" = None


@dataclass(frozen=True)
class Risk:
    """What a danger sign carries beyond a provision."""

    countries: tuple[str, ...]
    group: str
    severity: str
    escalate: Node | None
    who_helps: tuple[str, ...]
    hotlines: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Value:
    """A parameter's value for a half-open period of day numbers."""

    start: int
    until: int | None
    value: float
    status: str = "seen"


@dataclass(frozen=True)
class Param:
    """A dated amount. ``values`` by key; the key of an unkeyed parameter is ``''``."""

    name: str
    unit: str
    by: str | None
    values: Mapping[str, tuple[Value, ...]]
    file: str
    cites: tuple[Cite, ...] = ()
    confidence: str = "medium"


@dataclass(frozen=True, eq=False)
class Calendar:
    """A country's working days. ``working`` holds one flag a day from ``start`` (a day number)."""

    country: str
    start: int
    working: bytes
    statuses: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Law:
    """All provisions by id in an order in which each stands after those it refers to."""

    provisions: Mapping[str, Provision]
    params: Mapping[str, Param]
    calendars: Mapping[str, Calendar]
    parts: Mapping[str, Mapping[str, Node]]  # id -> status, breached, over, due, latest, low, high, ban

    def parts_by_key(self) -> dict[tuple[str, str], Node]:
        """The trees by provision and part."""
        return {(name, part): tree for name, parts in self.parts.items() for part, tree in parts.items()}

    def day_reach(self) -> tuple[date, date]:
        """First and last day that can be asked about: as far as the working-day calendars go."""
        from safar.base import day_of

        first = max(cal.start for cal in self.calendars.values())
        last = min(cal.start + len(cal.working) for cal in self.calendars.values()) - 1
        return day_of(first), day_of(last)
