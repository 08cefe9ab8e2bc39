"""What to compute for a group of people: the law folded for them, its trees in layers of Polars expressions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from safar.base import NEVER
from safar.law.compile.polars import Emitter, shared_nodes
from safar.law.expression import Group, Node, fold, walk
from safar.law.model import LEFT_OUT, STATUSES, Law

DAYS, AMOUNTS = ("due", "latest"), ("low", "high", "ban")
VALUES = (*DAYS, *AMOUNTS)
OUTPUT = ("status", *VALUES)
UNKNOWN = STATUSES.index("unknown")
_AS_WRITTEN = pl.QueryOptFlags.none()  # what is shared already has a column; there is nothing left to find


@dataclass(frozen=True)
class Plan:
    """What to compute for one group: trees in layers, each layer only using those before it.

    ``provisions`` are places, names and folded trees; ``columns`` tells the column of each tree that has one.
    """

    provisions: tuple[tuple[int, str, Mapping[str, Node]], ...]
    layers: tuple[tuple[Node, ...], ...]
    columns: Mapping[Node, str]
    parts: Mapping[tuple[str, str], Node]
    everything: bool

    @classmethod
    def make(
        cls,
        law: Law,
        shared: Mapping[str, str],
        *,
        on: int,
        everything: bool,
        risks: bool,
        only: Collection[str] | None = None,
    ) -> "Plan":
        """Fold the law for a group and put what is left in order."""
        folded: dict[tuple[str, str], Node] = {}
        group = Group(shared, on, folded)
        kept: list[tuple[int, str, Mapping[str, Node]]] = []
        for place, (name, parts) in enumerate(law.parts.items()):
            trees: dict[str, Node] = {}
            for part, tree in parts.items():
                trees[part] = folded[name, part] = fold(tree, group)
            status = trees["status"]
            left_out = status.op == "lit" and status.args[0] in LEFT_OUT
            wanted = only is None or name in only
            if wanted and (everything or not left_out) and (risks or law.provisions[name].kind != "risk"):
                kept.append((place, name, trees))
        columns = _columns(kept, folded)
        return cls(tuple(kept), _layers(columns, folded), columns, folded, everything)

    def query(self, emitter: Emitter) -> "Query":
        """The layers as Polars expressions, each reading the columns of those before it."""
        made: list[list[pl.Expr]] = []
        emitter.parts = self.parts
        for layer in self.layers:
            made.append([emitter.expr(tree).alias(self.columns[tree]) for tree in layer])
            emitter.bind((self.columns[tree], tree) for tree in layer)
        asked = {name for layer in made for expression in layer for name in expression.meta.root_names()}
        return Query(made, self._reported(), sorted(asked & emitter.columns))

    def _reported(self) -> list[pl.Expr]:
        """The columns that hold what is reported, in the form numpy reads without copying."""
        made: dict[str, pl.Expr] = {}
        for _, _, trees in self.provisions:
            for part in OUTPUT:
                name = self.columns.get(trees[part]) if part in trees else None
                if name is not None:
                    made[name] = _plain(pl.col(name), part)
        return list(made.values())


@dataclass(frozen=True, eq=False)
class Query:
    """A plan as Polars expressions; ``facts`` are the columns of people that it reads."""

    layers: list[list[pl.Expr]]
    reported: list[pl.Expr]
    facts: list[str]

    def __call__(self, people: pl.DataFrame) -> pl.DataFrame:
        """The columns reported, of these people."""
        lazy = people.lazy()
        for layer in self.layers:
            lazy = lazy.with_columns(layer)
        return lazy.select(self.reported).collect(optimizations=_AS_WRITTEN)


def _plain(column: pl.Expr, part: str) -> pl.Expr:
    if part == "status":
        return column.fill_null(UNKNOWN)
    if part in DAYS:
        return pl.when(column != NEVER).then(column).fill_null(-1).cast(pl.Int32)
    return column.cast(pl.Float64).round(2).fill_null(float("nan"))


def _columns(
    kept: list[tuple[int, str, Mapping[str, Node]]], folded: Mapping[tuple[str, str], Node]
) -> dict[Node, str]:
    """A column for each tree that is reported, referred to, or used more than once; equal trees share one."""
    roots: dict[Node, None] = {}
    waiting = [(name, part) for _, name, trees in kept for part in trees if part in OUTPUT]
    seen: set[tuple[str, str]] = set()
    while waiting:
        key = waiting.pop()
        if key in seen or folded[key].op in ("lit", "unknown"):
            continue
        seen.add(key)
        roots[folded[key]] = None
        waiting += [(node.args[0], node.args[1]) for node in walk(folded[key]) if node.op == "ref"]
    named = dict.fromkeys([*roots, *shared_nodes(roots)])
    return {tree: f"node|{number}" for number, tree in enumerate(named)}


def _layers(
    columns: Mapping[Node, str], folded: Mapping[tuple[str, str], Node]
) -> tuple[tuple[Node, ...], ...]:
    levels: dict[Node, int] = {}

    def level(node: Node) -> int:
        """The layer in which a node can be reckoned; a node with a column opens the next one."""
        if node not in levels:
            below = [level(part) for part in node.nodes]
            if node.op == "ref":
                below.append(level(folded[node.args[0], node.args[1]]))
            levels[node] = max(below, default=0) + (node in columns)
        return levels[node]

    layers: list[list[Node]] = []
    for node in columns:
        at = level(node) - 1
        layers += [[] for _ in range(at + 1 - len(layers))]
        layers[at].append(node)
    return tuple(tuple(layer) for layer in layers)
