"""From a provision to the handful of trees every target computes: its status, its days, its amounts.

The meaning of *due*, *overdue*, *done*, *late* … is written once, here, in the language itself; targets only
know operations. An unknown status is null.
"""

from safar.law.expression import (
    FALSE,
    NONE_DAY,
    ON,
    TRUE,
    Node,
    both,
    compare,
    decide,
    either,
    iff,
    known,
    lenient,
    lit,
    negation,
    untold,
    word,
)
from safar.law.model import BREACHES, Provision, Version

PARTS = ("status", "breached", "over", "due", "latest", "low", "high", "ban", "escalated")
TYPES = {
    "status": "status",
    "breached": "bool",
    "over": "number",
    "due": "date",
    "latest": "date",
    "low": "number",
    "high": "number",
    "ban": "number",
    "escalated": "bool",
}
UNKNOWN = {kind: Node("unknown", (), kind) for kind in ("status", "bool", "number", "date")}
_LEFT = Node("fact", ("stay_left_on",), "date")


def lower(provision: Provision) -> dict[str, Node]:
    """The trees of one provision by part; parts that its kind does not have are missing."""
    parts = {"status": _status(provision)}
    for part in ("due", "latest", "low", "high", "ban"):
        trees = [_value(version, part) for version in provision.versions]
        if any(tree is not None for tree in trees):
            parts[part] = _by_version(provision, part, trees)
    if provision.kind in ("duty", "limit", "permission"):
        status = Node("ref", (provision.id, "status"), "status")
        parts["breached"] = Node("in", (status, BREACHES), "bool")
    if provision.kind in ("duty", "limit"):
        trees = [_over(provision, version) for version in provision.versions]
        parts["over"] = _by_version(provision, "over", trees)
    if provision.risk is not None and provision.risk.escalate is not None:
        parts["escalated"] = provision.risk.escalate
    return parts


def _status(provision: Provision) -> Node:
    event, versions = provision.event, provision.versions
    anyone = either(*(version.applies for version in versions))
    chain = word("no_rule_in_force")
    for version in reversed(versions):
        inside = _within(provision, version)
        if version.until is not None:
            inside = iff(compare("lt", event, lit(version.until, "date")), inside, chain)
        chain = inside
    first = versions[0]
    if first.start is not None:
        before = UNKNOWN["status"] if first.start_is == "first_seen" else word("no_rule_in_force")
        chain = iff(compare("lt", event, lit(first.start, "date")), before, chain)
    if event == ON:
        return chain
    return decide(
        [
            (both(untold(event), negation(anyone)), word("not_applicable")),
            (untold(event), UNKNOWN["status"]),
            (negation(known(event)), word("not_applicable")),
        ],
        chain,
    )


def _within(provision: Provision, version: Version) -> Node:
    out = (negation(version.applies), word("not_applicable"))
    match provision.kind:
        case "duty" | "limit":
            return decide([out, *_timed(provision, version)], UNKNOWN["status"])
        case "permission":
            assert version.allows is not None
            return decide([out, (version.allows, word("allowed"))], word("forbidden"))
        case "sanction":
            assert version.when is not None
            return decide([out, (version.when, word("exposed"))], word("not_applicable"))
        case "price":
            assert version.low is not None
            return decide([out, (known(version.low), word("due"))], UNKNOWN["status"])
        case "risk":
            answer = Node("answer", (provision.id,), "bool")
            return decide([out, (answer, word("raised"))], word("clear"))
        case _:
            return decide([out], word("announced"))


def done_parts(provision: Provision, version: Version) -> tuple[Node, Node | None]:
    """Whether a duty or limit is fulfilled, and on which day. A limit is fulfilled by leaving."""
    if version.done is not None:
        return version.done, version.done_on
    if provision.kind == "limit":
        return compare("le", _LEFT, ON), _LEFT
    return FALSE, None


def _timed(provision: Provision, version: Version) -> list[tuple[Node, Node]]:
    """Cases of a duty or limit, safest knowledge first.

    Where the list of stays is incomplete the last day lies between a safe and a lenient reading; only what both
    say is said.
    """
    assert version.due is not None
    due, due_at_best = version.due, lenient(version.due)
    done, done_on = done_parts(provision, version)
    fulfilled = [(done, word("done"))]
    if done_on is not None:
        fulfilled.insert(0, (both(done, compare("gt", done_on, due_at_best)), word("late")))
        if due != due_at_best:
            fulfilled[1] = (both(done, compare("le", done_on, due)), word("done"))
            fulfilled.append((done, UNKNOWN["status"]))
    open_still = word("due")
    if due != due_at_best:
        open_still = iff(compare("le", ON, due), word("due"), UNKNOWN["status"])
    return [
        (negation(known(due_at_best)), word("due")),
        *fulfilled,
        (compare("gt", ON, due_at_best), word("overdue")),
        (TRUE, open_still),
    ]


def _over(provision: Provision, version: Version) -> Node:
    """Days past the last day: to the day it was done, or to ``on``."""
    status = Node("ref", (provision.id, "status"), "status")
    _, done_on = done_parts(provision, version)
    due = Node("ref", (provision.id, "due"), "date")
    late = Node("sub", (done_on if done_on is not None else ON, due), "number")
    overdue = Node("sub", (ON, due), "number")
    return decide(
        [
            (Node("in", (status, ("late",)), "bool"), late),
            (Node("in", (status, ("overdue",)), "bool"), overdue),
        ],
        lit(0, "number"),
    )


def _value(version: Version, part: str) -> Node | None:
    match part:
        case "due":
            return version.due
        case "latest":
            if version.latest is None and version.due is not None:
                return lenient(version.due)
            return version.latest and lenient(version.latest)
        case "low":
            return version.low
        case "high":
            return version.high or version.low
        case _:
            return version.ban_months


def _by_version(provision: Provision, part: str, trees: list[Node | None] | list[Node]) -> Node:
    """The tree of the version in force on the event day."""
    kind = TYPES[part]
    result: Node | None = None
    for version, tree in zip(reversed(provision.versions), reversed(trees), strict=True):
        value = tree if tree is not None else (NONE_DAY if kind == "date" else UNKNOWN[kind])
        if result is None or result == value:
            result = value
            continue
        until = lit(version.until, "date") if version.until is not None else NONE_DAY
        result = iff(compare("lt", provision.event, until), value, result)
    assert result is not None
    return result
