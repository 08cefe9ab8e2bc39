"""A person on a day: what is known, and what was already reckoned from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from safar.base import NEVER
from safar.law.model import Law
from safar.law.stays import History, Stay, history

Value = bool | int | float | str | None


@dataclass(frozen=True)
class Offence:
    """A decision against the person: kind (stay, work, other), day, whether it expelled."""

    country: str
    kind: str
    decided: int
    expelled: bool | None


@dataclass
class Case:
    """A person on a day, as the closures see them; ``memo`` keeps what was already reckoned."""

    law: Law
    on: int
    facts: Mapping[str, Value]
    stays: Sequence[Stay] | None
    offences: Sequence[Offence] | None
    answers: Mapping[str, bool | None] | None
    parts: Mapping[tuple[str, str], Callable[["Case"], Any]]
    memo: dict[Any, Any] = field(default_factory=dict)

    def past(self, *, safe: bool) -> History | None:
        """Stays in the destination; unknown stays leave only the running one, and only to the lenient."""
        key = ("history", safe)
        if key not in self.memo:
            self.memo[key] = self._past(safe)
        known: History | None = self.memo[key]
        return known

    def _past(self, safe: bool) -> History | None:
        destination, entered = self.facts.get("destination"), self.facts.get("entered_on")
        if not isinstance(destination, str):
            return None
        if self.stays is not None:
            return history(self.stays, destination, safe=safe)
        if isinstance(entered, int) and entered != NEVER and not safe:
            return History(((entered, NEVER),))
        return None

    def part(self, provision: str, part: str) -> Any:
        """A computed part of a provision: its status, its last day …"""
        key = (provision, part)
        if key not in self.memo:
            self.memo[key] = self.parts[key](self)
        return self.memo[key]
