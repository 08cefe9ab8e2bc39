"""Short names for contents: of a file, of every rule with all it refers to, of a triage; the same every night."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safar.flow.triage import Triage
from safar.law.expression import Node
from safar.law.model import Law

_LENGTH = 20


def digest_of(*parts: Any) -> str:
    """The digest of plain values: numbers, texts, tuples of them."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:_LENGTH]


def file_digest(path: Path) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:_LENGTH]


def triage_digest(triage: Triage) -> str:
    """The digest of what triage says, wherever its file lies."""
    return digest_of(triage.dangers, sorted(triage.money.items()), triage.per_person)


def rule_digests(law: Law) -> dict[str, str]:
    """By provision, the digest of all its answers rest on: conditions, rules referred to, figures, calendars, chains.

    Notes, pages seen and words are left out: they change no answer.
    """
    digests = _Digests(law)
    return {name: digests.of_rule(name) for name in sorted(law.provisions)}


def law_digest(rules: dict[str, str]) -> str:
    """One digest of a whole law, from those of its rules."""
    return digest_of(sorted(rules.items()))


@dataclass
class _Digests:
    law: Law
    done: dict[Any, str] = field(default_factory=dict)

    def of_rule(self, name: str) -> str:
        provision, parts = self.law.provisions[name], self.law.parts[name]
        versions = [(v.start, v.until, v.currency, v.breach) for v in provision.versions]
        risk = provision.risk and (provision.risk.group, provision.risk.severity)
        trees = [(part, self._tree(tree)) for part, tree in sorted(parts.items())]
        return digest_of(
            name, provision.kind, provision.topic, versions, risk, self._tree(provision.event), trees
        )

    def _tree(self, node: Node) -> str:
        if node not in self.done:
            args = [
                self._tree(arg) if isinstance(arg, Node) else (type(arg).__name__, arg) for arg in node.args
            ]
            self.done[node] = digest_of(node.op, node.type, args, self._behind(node))
        return self.done[node]

    def _behind(self, node: Node) -> str:
        """What a node takes from elsewhere: another rule's part, a figure, a calendar."""
        match node.op:
            case "ref":
                name, part = node.args
                return self._once(node.args, lambda: self._tree(self.law.parts[name][part]))
            case "param":
                param = self.law.params[node.args[0]]
                values = sorted((key, tuple(rows)) for key, rows in param.values.items())
                return self._once(("param", param.name), lambda: digest_of(param.unit, param.by, values))
            case "working_days":
                calendar = self.law.calendars[node.args[2]]
                return self._once(calendar.country, lambda: digest_of(calendar.start, calendar.working))
            case _:
                return ""

    def _once(self, key: Any, make: Any) -> str:
        if key not in self.done:
            self.done[key] = make()
        return self.done[key]
