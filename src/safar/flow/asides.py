"""Two things that findings do not say and triage asks: which fact decides, and whether signs make another critical.

Both are asked of the same law in its own language, so that a population is told what one person is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from safar.flow.need import Array
from safar.flow.table import ESCALATED
from safar.law import facts
from safar.law.expression import NONE_DAY, Node, both, decide, iff, lit, nodes_of, untold, walk, word
from safar.law.model import Law
from safar.law.prepare import Prepared
from safar.law.screen import Found, screen

DECIDES = "?"  # after the id of a rule: which fact decides it
Asked = tuple[str, ...]
_NOBODY = np.empty(0, dtype=np.int32)


def with_escalation(law: Law) -> Law:
    """The law with a second form of every danger sign that other signs can make critical."""
    provisions, parts = dict(law.provisions), dict(law.parts)
    for provision in law.provisions.values():
        if provision.risk is None or provision.risk.escalate is None:
            continue
        name = provision.id + ESCALATED
        raised = Node("in", (_ref(provision.id, "status"), ("raised",)), "bool")
        escalated = both(raised, _ref(provision.id, "escalated"))
        provisions[name] = replace(provision, id=name)
        parts[name] = {"status": decide([(escalated, word("raised"))], word("not_applicable"))}
    return replace(law, provisions=provisions, parts=parts)


def _ref(name: str, part: str) -> Node:
    return Node("ref", (name, part), {"status": "status", "due": "date"}.get(part, "bool"))


def fact_order(law: Law) -> Asked:
    """Every fact that can be missing, in the order in which one would ask."""
    signs = sorted(name for name, provision in law.provisions.items() if provision.kind == "risk")
    return (*facts.SCALARS, *facts.LISTS, *(f"answers.{name}" for name in signs))


def first_missing(missing: Iterable[str], order: Asked) -> str | None:
    """The fact that one would ask first; None if it is a figure of the law that is missing."""
    return min((name for name in missing if name in order), key=order.index, default=None)


def with_deciding_fact(law: Law, name: str) -> Law:
    """A provision, what it refers to, and an aside whose day is the place of the deciding fact in ``fact_order``."""
    needed = _behind(law, name)
    chart = _Missing(law, {fact: place for place, fact in enumerate(fact_order(law))})
    due = chart.of_provision(name)
    asked = decide([(untold(_ref(name, "status")), word("announced"))], word("not_applicable"))
    asides = {aside: {"status": word("not_applicable"), "due": tree} for aside, tree in chart.asides.items()}
    asides[name + DECIDES] = {"status": asked, "due": due}
    quiet = replace(law.provisions[name], kind="notice", risk=None)
    provisions = {key: law.provisions[key] for key in law.parts if key in needed}
    parts = {key: trees for key, trees in law.parts.items() if key in needed}
    return replace(
        law,
        provisions=provisions | {aside: replace(quiet, id=aside) for aside in asides},
        parts=parts | asides,
    )


def _behind(law: Law, name: str) -> set[str]:
    """A provision and all it refers to."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            trees = (law.provisions[one].event, *law.parts[one].values())
            waiting += [node.args[0] for node in walk(*trees) if node.op == "ref"]
    return found


@dataclass
class _Missing:
    """For a tree, a tree that gives the first fact that keeps it unknown, or none; ``law.explain`` in trees.

    ``asides`` holds one tree for each part of a rule that others refer to, those referred to first.
    """

    law: Law
    places: Mapping[str, int]
    done: dict[Node, Node] = field(default_factory=dict)
    asides: dict[str, Node] = field(default_factory=dict)

    def of_provision(self, name: str) -> Node:
        found = self.of(_ref(name, "status"))
        due = self.law.parts[name].get("due")
        if not nodes_of(due, "stay"):
            return found
        return iff(Node("known", (found,), "bool"), found, self._fact("stays"))

    def of(self, tree: Node) -> Node:
        if tree not in self.done:
            inside = self._inside(tree)
            self.done[tree] = inside if inside == NONE_DAY else iff(untold(tree), inside, NONE_DAY)
        return self.done[tree]

    def _inside(self, tree: Node) -> Node:
        match tree.op:
            case "fact":
                return self._fact(facts.ASKED_AS.get(tree.args[0], tree.args[0]))
            case "stay" | "stay_days":
                return self._fact("stays")
            case "offence" | "expelled":
                return self._fact("offences")
            case "answer":
                return self._fact(f"answers.{tree.args[0]}")
            case "ref":
                return self._aside(*tree.args)
            case "iff":
                condition, then, otherwise = tree.nodes
                chosen = iff(condition, self.of(then), self.of(otherwise))
                return iff(untold(condition), self.of(condition), chosen)
            case _:
                return _first(self.of(part) for part in tree.nodes)

    def _aside(self, name: str, part: str) -> Node:
        """What another provision's part waits for, referred to by name so that trees stay small."""
        aside = f"{name}{DECIDES}{part}"
        if aside not in self.asides:
            self.asides[aside] = self._waits(name, part)
        tree = self.asides[aside]
        return tree if tree.op == "lit" else Node("ref", (aside, "due"), "date")

    def _fact(self, name: str) -> Node:
        return lit(self.places[name], "date")

    def _waits(self, name: str, part: str) -> Node:
        """An unknown status may hide behind its event or its last day."""
        parts = self.law.parts[name]
        found = [self.of(parts[part])]
        if part != "due":
            found.append(self.of(self.law.provisions[name].event))
            if "due" in parts:
                found.append(iff(untold(_ref(name, "status")), self.of(parts["due"]), NONE_DAY))
        return _first(found)


def _first(found: Iterable[Node]) -> Node:
    trees = tuple(dict.fromkeys(tree for tree in found if tree != NONE_DAY))
    if not trees:
        return NONE_DAY
    return trees[0] if len(trees) == 1 else Node("earliest", trees, "date")


def deciding_facts(law: Law, people: Prepared, unknown: pl.DataFrame, *, on: int) -> pl.Series:
    """The fact that decides each row of ``unknown`` (row of the person, provision); null where it is no fact.

    Provision by provision, each asked only about the people for whom it is unknown: that is a small share of all.
    """
    told = pl.Series("because", [None], dtype=pl.String).new_from_index(0, unknown.height)
    spoken = pl.Series([*fact_order(law), None], dtype=pl.String)
    asked = unknown.select("row", "provision").with_row_index("place")
    for (name,), rows in asked.partition_by("provision", as_dict=True).items():
        wide = with_deciding_fact(law, name)
        some = Prepared(people.frame[rows["row"]], people.codes, people.ids.gather(rows["row"]))
        for where, number in screen(wide, some, on=on, shape=_numbers, only=(name + DECIDES,)):
            told.scatter(
                rows["place"].gather(where), spoken.gather(np.where(number < 0, len(spoken) - 1, number))
            )
    return told


def _numbers(found: Found) -> tuple[Array, Array]:
    """Rows of a chunk and the place of the deciding fact."""
    where = [found.rows[piece.where] for piece in found.pieces]
    number = [piece.values["due"] for piece in found.pieces]
    return np.concatenate([_NOBODY, *where]), np.concatenate([_NOBODY, *number])
