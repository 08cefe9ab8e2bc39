"""The language of conditions: typed trees, the same for every target.

A :class:`Node` is an operation, its arguments (nodes or plain constants) and a type: ``bool`` (three-valued),
``date`` (a day number, or ``NEVER``), ``number`` (may be ``NEVER`` where it is a difference of days) or ``text``.
Unknown is null in every target. Nodes are frozen and hashable, so equal conditions are one condition.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from safar.base import NEVER


@dataclass(frozen=True, eq=False)
class Node:
    """One operation. ``args`` holds nodes and constants; ``type`` is bool, date, number or text."""

    op: str
    args: tuple[Any, ...]
    type: str

    def __hash__(self) -> int:
        """Reckoned once: trees are compared often while they are compiled."""
        cached = self.__dict__.get("_hash")
        if cached is None:
            typed = tuple((type(arg), arg) for arg in self.args)
            cached = hash((self.op, typed, self.type))
            object.__setattr__(self, "_hash", cached)
        return int(cached)

    def __eq__(self, other: object) -> bool:
        """Equal trees; 1 and True are different constants."""
        if self is other:
            return True
        if not isinstance(other, Node) or hash(self) != hash(other):
            return False
        return (self.op, self.type, self.args) == (other.op, other.type, other.args)

    @property
    def nodes(self) -> tuple["Node", ...]:
        """The arguments that are nodes."""
        cached: tuple[Node, ...] | None = self.__dict__.get("_nodes")
        if cached is None:
            cached = tuple([arg for arg in self.args if isinstance(arg, Node)])
            object.__setattr__(self, "_nodes", cached)
        return cached


TRUE, FALSE = Node("lit", (True,), "bool"), Node("lit", (False,), "bool")
ON = Node("on", (), "date")
NONE_DAY = Node("lit", (NEVER,), "date")


def lit(value: bool | int | float | str, kind: str) -> Node:
    """A constant."""
    return Node("lit", (value,), kind)


def fact(name: str, kind: str) -> Node:
    """A fact of the person."""
    return Node("fact", (name,), kind)


def both(*parts: Node) -> Node:
    """Kleene *and*."""
    return parts[0] if len(parts) == 1 else Node("and", parts, "bool")


def either(*parts: Node) -> Node:
    """Kleene *or*."""
    return parts[0] if len(parts) == 1 else Node("or", parts, "bool")


def negation(part: Node) -> Node:
    """Kleene *not*."""
    return Node("not", (part,), "bool")


def compare(op: str, left: Node, right: Node) -> Node:
    """``eq ne lt le gt ge``."""
    return Node(op, (left, right), "bool")


def known(part: Node) -> Node:
    """True: has a value. False: surely none. Unknown: not told."""
    return Node("known", (part,), "bool")


def untold(part: Node) -> Node:
    """True where the value is unknown, else false; only the engine may ask this, never a rule."""
    return Node("untold", (part,), "bool")


def iff(condition: Node, then: Node, otherwise: Node) -> Node:
    """The one or the other; unknown where the condition is."""
    return Node("iff", (condition, then, otherwise), then.type)


def decide(cases: list[tuple[Node, Node]], otherwise: Node) -> Node:
    """The first true case; an unknown condition met on the way makes the whole unknown."""
    result = otherwise
    for condition, value in reversed(cases):
        result = value if condition == TRUE else iff(condition, value, result)
    return result


def word(status: str) -> Node:
    """A status."""
    return lit(status, "status")


@lru_cache(maxsize=100_000)
def may_be_none(node: Node) -> bool:
    """Whether a date or number can be ``NEVER``, so that targets guard only where they must."""
    if node.type not in ("date", "number"):
        return False
    match node.op:
        case "lit":
            return bool(node.args[0] == NEVER)
        case "on" | "param" | "stay_days" | "year_start_of_on":
            return False
        case "earliest":
            return all(may_be_none(part) for part in node.nodes)
        case "iff":
            return may_be_none(node.args[1]) or may_be_none(node.args[2])
        case "fact" | "ref" | "stay" | "offence" | "expelled":
            return True
        case _:
            return any(may_be_none(part) for part in node.nodes)


def walk(*trees: Node) -> Iterator[Node]:
    """The trees and everything below them, each distinct node once, those above first."""
    seen: set[Node] = set()
    waiting = list(reversed(trees))
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            yield node
            waiting.extend(reversed(node.nodes))


@lru_cache(maxsize=50_000)
def nodes_of(tree: Node | None, *ops: str) -> tuple[Node, ...]:
    """The distinct nodes of some operations in a tree, those above first; none in no tree."""
    return () if tree is None else tuple(node for node in walk(tree) if node.op in ops)


def rebuild(node: Node, change: Callable[[Node], Node], memo: dict[Node, Node] | None = None) -> Node:
    """The tree with ``change`` applied to every node, leaves first; what was shared stays shared.

    ``memo`` carries what was rebuilt from one tree to the next.
    """
    done: dict[Node, Node] = {} if memo is None else memo

    def rebuilt(part: Node) -> Node:
        made = done.get(part)
        if made is None:
            args = tuple([rebuilt(arg) if isinstance(arg, Node) else arg for arg in part.args])
            made = done[part] = change(part if args == part.args else Node(part.op, args, part.type))
        return made

    return rebuilt(node)


def lenient(node: Node) -> Node:
    """The reading most in the person's favour where the list of stays is incomplete."""

    def change(part: Node) -> Node:
        if part.op == "stay":
            return Node("stay", (*part.args[:-1], "lenient"), part.type)
        return part

    return rebuild(node, change)


def facts_of(node: Node) -> tuple[str, ...]:
    """Names of the facts a tree asks about, in order of appearance; lists by their list name."""
    seen: dict[str, None] = {}
    for part in walk(node):
        match part.op:
            case "fact":
                seen[part.args[0]] = None
            case "stay" | "stay_days":
                seen["stays"] = None
            case "offence" | "expelled":
                seen["offences"] = None
            case "answer":
                seen[f"answers.{part.args[0]}"] = None
    return tuple(seen)


@dataclass(frozen=True)
class Group:
    """What is the same for everybody in a group: text facts, the day, parts of rules already folded."""

    texts: Mapping[str, str]
    on: int | None = None
    parts: Mapping[tuple[str, str], "Node"] = field(default_factory=dict)
    memo: dict["Node", "Node"] = field(default_factory=dict)  # trees share most of their conditions


def fold(node: Node, group: Group) -> Node:
    """The tree for a group of people: what is certain for all of them is reckoned once."""
    return rebuild(node, lambda part: _simplify(part, group), group.memo)


def _is(node: Node, value: object) -> bool:
    return node.op == "lit" and node.args[0] is value


_CERTAIN: dict[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def _simplify(node: Node, group: Group) -> Node:
    args = node.args
    match node.op:
        case "fact" if args[0] in group.texts:
            return lit(group.texts[args[0]], "text")
        case "on" if group.on is not None:
            return lit(group.on, "date")
        case "ref":
            known_part = group.parts.get((args[0], args[1]))
            return known_part if known_part is not None and known_part.op in ("lit", "unknown") else node
        case "eq" | "ne" | "lt" | "le" | "gt" | "ge" if args[0].op == args[1].op == "lit":
            if NEVER in (args[0].args[0], args[1].args[0]) and args[0].type != "text":
                return lit(node.op == "ne", "bool")
            return lit(_CERTAIN[node.op](args[0].args[0], args[1].args[0]), "bool")
        case "add" if args[0].op == args[1].op == "lit" and args[0].args[0] != NEVER:
            return lit(args[0].args[0] + args[1].args[0], node.type)
        case "in" if args[0].op == "lit":
            return lit(args[0].args[0] in args[1], "bool")
        case "in" if args[0].op == "unknown":
            return Node("unknown", (), "bool")
        case "assume" if args[0].op == "lit":
            return args[0]  # type: ignore[no-any-return]
        case "not" if args[0].op == "lit":
            return lit(not args[0].args[0], "bool")
        case "known" if args[0].op == "lit":
            return lit(args[0].args[0] not in (NEVER, "none"), "bool")
        case "untold" if args[0].op == "lit":
            return FALSE
        case "and" | "or":
            return _simplify_junction(node)
        case "iff" if args[0].op == "lit":
            return args[1] if args[0].args[0] else args[2]  # type: ignore[no-any-return]
        case "iff" if args[0].op == "unknown":
            return Node("unknown", (), node.type)
        case "highest" if all(part.op == "lit" for part in args):
            return lit(max(part.args[0] for part in args), "number")
        case _:
            return node


def _simplify_junction(node: Node) -> Node:
    neutral, deciding = (True, False) if node.op == "and" else (False, True)
    if any(_is(part, deciding) for part in node.args):
        return lit(deciding, "bool")
    parts = tuple(dict.fromkeys(part for part in node.args if not _is(part, neutral)))
    if not parts:
        return lit(neutral, "bool")
    return parts[0] if len(parts) == 1 else Node(node.op, parts, "bool")
