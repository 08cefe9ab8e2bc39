"""A population: trees become Polars expressions over a prepared frame (see ``law.table``).

Dates are Int32 day numbers with ``NEVER`` for none, texts are codes of one dictionary, unknown is null.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

import polars as pl

from safar.base import NEVER
from safar.law import day_table
from safar.law.day_table import UNTOLD, Days
from safar.law.expression import Node, may_be_none, walk
from safar.law.model import STATUSES, Law, Value

CODE = pl.UInt32


def column_of(node: Node) -> str:
    """The column that holds what is reckoned from a list: stays, offences, another provision's part."""
    return "|".join(str(arg) for arg in (node.op, *node.args))


class Emitter:
    """Makes expressions for one law, one day and one dictionary of texts."""

    def __init__(self, law: Law, on: int, codes: Mapping[str, int], columns: frozenset[str]) -> None:
        """``columns`` are those the frame has; a fact without a column is unknown for everybody."""
        self.law, self.on, self.codes, self.columns = law, on, codes, columns
        self._nobody_has = max(codes.values(), default=-1) + 1
        self.parts: Mapping[tuple[str, str], Node] = law.parts_by_key()
        self._made: dict[Node, pl.Expr] = {}
        self._bound: set[Node] = set()

    def expr(self, node: Node) -> pl.Expr:
        """The expression of a tree; equal trees share one."""
        made = self._made.get(node)
        if made is None:
            made = self._made[node] = _EMITTERS[node.op](self, node)
        return made

    def bind(self, layer: Iterable[tuple[str, Node]]) -> None:
        """From now on these trees are read from their columns."""
        for name, node in layer:
            self._made[node] = pl.col(name)
            self._bound.add(node)

    def bound(self, node: Node) -> bool:
        """Whether a tree has a column of its own by now."""
        return node in self._bound

    def exprs(self, node: Node) -> list[pl.Expr]:
        """Expressions of the arguments that are nodes."""
        return [self.expr(part) for part in node.nodes]

    def code(self, text: str) -> pl.Expr:
        """A text as its code; a text that nobody has is a code that nobody has."""
        return pl.lit(self.codes.get(text, self._nobody_has), dtype=CODE)

    def by_code(self, values: Mapping[str, float | None]) -> pl.Series:
        """A value for each code, null for texts without one."""
        places = {self.codes[text]: value for text, value in values.items() if text in self.codes}
        return pl.Series([places.get(code) for code in range(self._nobody_has + 1)], dtype=pl.Float64)

    def column(self, name: str, kind: str) -> pl.Expr:
        """A column, or unknown where the frame has none."""
        return pl.col(name) if name in self.columns else pl.lit(None, dtype=DTYPES[kind])


LEAVES = frozenset(
    {"lit", "unknown", "fact", "on", "ref", "stay", "stay_days", "offence", "expelled", "answer"}
)
_REPEATS = {
    "iff": (2, 1, 1),
    "earliest": (2,),
    "latest": (3,),
    "highest": (2,),
    "at_least": (2,),
    "param": (9,),
}


def shared_nodes(trees: Iterable[Node]) -> list[Node]:
    """Nodes that more than one expression would hold, or one expression more than once.

    Polars expressions are trees: without a column of their own such nodes would be reckoned again and again.
    """
    uses: dict[Node, int] = {}
    for node in walk(*trees):
        repeats = _REPEATS.get(node.op, (2,) if any(may_be_none(part) for part in node.nodes) else (1,))
        for place, part in enumerate(node.nodes):
            uses[part] = uses.get(part, 0) + repeats[min(place, len(repeats) - 1)]
    return [node for node, count in uses.items() if count > 1 and node.op not in LEAVES]


DTYPES: dict[str, Any] = {
    "date": pl.Int32,
    "number": pl.Float64,
    "bool": pl.Boolean,
    "text": CODE,
    "status": pl.UInt8,  # places in STATUSES
}


def _lit(emit: Emitter, node: Node) -> pl.Expr:
    value = node.args[0]
    if node.type == "text":
        return emit.code(value)
    if node.type == "status":
        return pl.lit(STATUSES.index(value), dtype=pl.UInt8)
    if node.type == "date" or (node.type == "number" and isinstance(value, int)):
        return pl.lit(value, dtype=pl.Int32)
    return pl.lit(value)


def _comparison(emit: Emitter, node: Node) -> pl.Expr:
    left, right = node.nodes
    first, second = emit.expr(left), emit.expr(right)
    test = _TESTS[node.op](first, second)
    guards = [
        emit.expr(part) for part, other in ((left, right), (right, left)) if _guarded(node, part, other)
    ]
    if node.op == "ne":
        return reduce(operator.or_, (guard == NEVER for guard in guards), test)
    return reduce(operator.and_, (guard != NEVER for guard in guards), test)


def _guarded(node: Node, part: Node, other: Node) -> bool:
    """Whether ``none`` in ``part`` could give a wrong answer; ``NEVER`` is larger than every day."""
    if not may_be_none(part):
        return False
    certain = other.op in ("lit", "on")
    wrong_side = part == (node.nodes[1] if node.op in ("lt", "le") else node.nodes[0])
    if node.op in ("lt", "le", "gt", "ge"):
        return wrong_side or not certain
    return not certain


_TESTS: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def _in(emit: Emitter, node: Node) -> pl.Expr:
    value = emit.expr(node.args[0])
    kind = node.args[0].type
    wanted = [_lit(emit, Node("lit", (item,), kind)) for item in node.args[1]]
    return reduce(operator.or_, (value == item for item in wanted))


def _known(emit: Emitter, node: Node) -> pl.Expr:
    (part,) = node.nodes
    value = emit.expr(part)
    if part.type == "text":
        return value != emit.code("none")
    return value != NEVER if may_be_none(part) else value == value  # noqa: PLR0124 (true unless null)


def _iff(emit: Emitter, node: Node) -> pl.Expr:
    """A chain of conditions as one: which case holds, and whether an unknown condition stood before it.

    Whether something is unknown is reckoned on bits, which costs next to nothing; Polars takes an unknown
    condition as not met.
    """
    cases: list[tuple[Node, Node]] = []
    rest = node
    while rest.op == "iff" and (rest is node or not emit.bound(rest)):
        condition, then, rest = rest.nodes
        cases.append((condition, then))
    unknown = pl.lit(value=False)
    for condition, _ in reversed(cases):
        test = emit.expr(condition)
        unknown = ~test & unknown if condition.op == "untold" else test.is_null() | (~test & unknown)
    chain: Any = pl.when(unknown).then(pl.lit(None, dtype=DTYPES[node.type]))
    for condition, then in cases:
        chain = chain.when(emit.expr(condition)).then(emit.expr(then))
    result: pl.Expr = chain.otherwise(emit.expr(rest))
    return result


def _sum(emit: Emitter, node: Node) -> pl.Expr:
    left, right = emit.exprs(node)
    result: pl.Expr
    if node.op == "div":
        result = pl.when(right != 0).then(left / right)
    else:
        result = {"add": left + right, "sub": left - right, "mul": left * right}[node.op]
    for part in node.nodes:
        if may_be_none(part):
            result = pl.when(emit.expr(part) == NEVER).then(NEVER).otherwise(result)
    return result.cast(pl.Int32) if node.type == "date" else result


def _told(parts: list[pl.Expr]) -> pl.Expr:
    return reduce(operator.and_, (part.is_not_null() for part in parts))


def _earliest(emit: Emitter, node: Node) -> pl.Expr:
    parts = emit.exprs(node)
    return pl.when(_told(parts)).then(pl.min_horizontal(_filled(parts)))


def _latest(emit: Emitter, node: Node) -> pl.Expr:
    parts = emit.exprs(node)
    real = [
        pl.when(part < NEVER).then(part).otherwise(-NEVER) if may_be_none(below) else part.fill_null(-NEVER)
        for part, below in zip(parts, node.nodes, strict=True)
    ]
    last = pl.max_horizontal(real)
    return pl.when(_told(parts)).then(pl.when(last > -NEVER).then(last).otherwise(NEVER))


def _highest(emit: Emitter, node: Node) -> pl.Expr:
    parts = emit.exprs(node)
    return pl.when(_told(parts)).then(pl.max_horizontal(_filled(parts)))


def _filled(parts: list[pl.Expr]) -> list[pl.Expr]:
    """Polars compares columns without nulls much faster; that all were told is asked beside it."""
    return [part.fill_null(0) for part in parts]


def _day_by_day(emit: Emitter, part: Node, change: Callable[[Days], Days]) -> pl.Expr:
    """A change of days from ``law.day_table``, letting none and unknown through."""

    def changed(days: pl.Series) -> pl.Series:
        found = change(days.to_numpy())
        untold = found == UNTOLD
        return pl.Series(found).set(pl.Series(untold), None) if untold.any() else pl.Series(found)

    days = emit.expr(part)
    filled = days.fill_null(NEVER).map_batches(changed, return_dtype=pl.Int32, is_elementwise=True)
    return pl.when(days.is_not_null()).then(filled)


def _add_months(emit: Emitter, node: Node) -> pl.Expr:
    return _day_by_day(emit, node.args[0], lambda days: day_table.add_months(days, node.args[1]))


def _year_start(emit: Emitter, node: Node) -> pl.Expr:
    return _day_by_day(emit, node.args[0], day_table.year_start)


def _working_days(emit: Emitter, node: Node) -> pl.Expr:
    part, count, country = node.args
    days_off = emit.law.calendars[country]
    return _day_by_day(emit, part, lambda days: day_table.working_days(days, days_off, count))


def _param(emit: Emitter, node: Node) -> pl.Expr:
    name, key, day = node.args
    values = emit.law.params[name].values
    fixed = {"on": emit.on, "lit": day.args[0] if day.op == "lit" else None}.get(day.op)
    when = emit.expr(day)

    def by_day(rows: tuple[Value, ...]) -> pl.Expr:
        if fixed is not None:
            return pl.lit(value_on(rows, fixed), dtype=pl.Float64)
        chain = pl.lit(None, dtype=pl.Float64)
        for row in reversed(rows):
            inside = when >= row.start if row.until is None else when.is_between(row.start, row.until - 1)
            chain = pl.when(inside).then(float(row.value)).otherwise(chain)
        return chain

    if key is None:
        return by_day(values.get("", ()))
    if key.op == "lit":
        return by_day(values.get(key.args[0], ()))
    code = emit.expr(key)
    if fixed is not None:
        table = emit.by_code({text: value_on(rows, fixed) for text, rows in values.items()})
        return pl.lit(table).gather(code)
    chain = pl.lit(None, dtype=pl.Float64)
    for text, rows in values.items():
        chain = pl.when(code == emit.code(text)).then(by_day(rows)).otherwise(chain)
    return chain


def value_on(rows: tuple[Value, ...], day: int) -> float | None:
    """The value of a parameter on a day; None where none is known."""
    for row in rows:
        if row.start <= day and (row.until is None or day < row.until):
            return float(row.value)
    return None


def _at_least(emit: Emitter, node: Node) -> pl.Expr:
    wanted, parts = node.args[0], emit.exprs(node)
    true = reduce(operator.add, (part.fill_null(value=False).cast(pl.Int32) for part in parts))
    possible = reduce(operator.add, (part.fill_null(value=True).cast(pl.Int32) for part in parts))
    return pl.when(true >= wanted).then(True).when(possible < wanted).then(False)


def _fact(emit: Emitter, node: Node) -> pl.Expr:
    return emit.column(node.args[0], node.type)


def _reckoned(emit: Emitter, node: Node) -> pl.Expr:
    return emit.column(column_of(node), node.type)


_EMITTERS: dict[str, Callable[[Emitter, Node], pl.Expr]] = {
    "lit": _lit,
    "unknown": lambda emit, node: pl.lit(None, dtype=DTYPES[node.type]),
    "fact": _fact,
    "on": lambda emit, node: pl.lit(emit.on, dtype=pl.Int32),
    "and": lambda emit, node: reduce(operator.and_, emit.exprs(node)),
    "or": lambda emit, node: reduce(operator.or_, emit.exprs(node)),
    "not": lambda emit, node: ~emit.exprs(node)[0],
    "eq": _comparison,
    "ne": _comparison,
    "lt": _comparison,
    "le": _comparison,
    "gt": _comparison,
    "ge": _comparison,
    "in": _in,
    "known": _known,
    "untold": lambda emit, node: emit.exprs(node)[0].is_null(),
    "assume": lambda emit, node: pl.coalesce(emit.exprs(node)),
    "iff": _iff,
    "add": _sum,
    "sub": _sum,
    "mul": _sum,
    "div": _sum,
    "earliest": _earliest,
    "latest": _latest,
    "highest": _highest,
    "add_months": _add_months,
    "year_start": _year_start,
    "working_days": _working_days,
    "param": _param,
    "at_least": _at_least,
    "answer": lambda emit, node: emit.column(f"answers.{node.args[0]}", "bool"),
    "ref": lambda emit, node: emit.expr(emit.parts[node.args[0], node.args[1]]),
    "stay": _reckoned,
    "stay_days": _reckoned,
    "offence": _reckoned,
    "expelled": _reckoned,
}
