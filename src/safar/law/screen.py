"""A population on a day: every provision for everybody, through Polars, written as it is reckoned.

People who share destination and citizenship are reckoned together: what is certain for all of them is folded
away before anything is computed, so a rule for Tajik citizens in Russia costs nothing for anyone else.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from safar.base import NEVER
from safar.law.compile.polars import Emitter, shared_nodes
from safar.law.expression import Group, Node, fold, walk
from safar.law.model import LEFT_OUT, STATUSES, Law
from safar.law.prepare import Prepared, prepare
from safar.law.table import Source

Shaped = TypeVar("Shaped")
Whole = npt.NDArray[np.int32]

CHUNK = 65_536
RARE = 5_000  # a plan of its own costs as much as reckoning some thousand people without one
SHOWN = len(STATUSES) - len(LEFT_OUT)
UNKNOWN = STATUSES.index("unknown")
DAYS, AMOUNTS = ("due", "latest"), ("low", "high", "ban")
VALUES = (*DAYS, *AMOUNTS)
NOTHING: Mapping[str, Any] = {**dict.fromkeys(DAYS, np.int32(-1)), **dict.fromkeys(AMOUNTS, np.nan)}
_AS_WRITTEN = pl.QueryOptFlags.none()  # what is shared already has a column; there is nothing left to find
OUTPUT = ("status", *VALUES)


@dataclass(frozen=True, eq=False)
class Piece:
    """One provision's findings in a chunk: ``where`` in the chunk, ``status`` as places in STATUSES.

    ``values`` holds the day numbers of due and latest (-1 for nothing) and the amounts low, high and ban (nan for
    nothing), each as long as ``where``; a part that the provision does not have is missing.
    """

    provision: int
    where: Whole
    status: npt.NDArray[np.int8]
    values: Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Found:
    """Findings of a chunk of people: ``rows`` are their rows among all, ``pieces`` one a provision."""

    rows: Whole
    pieces: tuple[Piece, ...]

    def __len__(self) -> int:
        """How many findings."""
        return sum(len(piece.where) for piece in self.pieces)


def no_rows() -> Whole:
    """Nobody."""
    return np.empty(0, dtype=np.int32)


def prepare_people(
    law: Law, people: Source, stays: Source | None, offences: Source | None, on: int
) -> Prepared:
    """The tables checked and coded for this law."""
    nodes = list(walk(*(tree for parts in law.parts.values() for tree in parts.values())))
    listed = [node for node in nodes if node.op in ("stay", "stay_days", "offence", "expelled")]
    texts = {node.args[0] for node in nodes if node.op == "lit" and node.type == "text"}
    texts |= {text for n in nodes if n.op == "in" and n.args[0].type == "text" for text in n.args[1]}
    texts |= {key for param in law.params.values() if param.by for key in param.values}
    texts |= {"RU", "KZ"}
    return prepare(people, stays, offences, on=on, wanted=listed, texts=texts)


def screen(
    law: Law,
    prepared: Prepared,
    *,
    on: int,
    shape: Callable[[Found], Shaped],
    everything: bool = False,
    only: Collection[str] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Iterator[Shaped]:
    """Findings of everybody, chunk by chunk in a fixed order, each as ``shape`` makes it.

    ``only`` names the provisions to report; what they refer to is reckoned too.
    Chunks are reckoned side by side, one a processor, a few ahead of the reader. ``progress`` is told the
    people done since the last call.
    """
    workers = pl.thread_pool_size()

    def reckon(plan: Plan, layers: list[list[pl.Expr]], chunk: pl.DataFrame) -> tuple[int, Shaped]:
        return chunk.height, shape(_found(plan, layers, chunk))

    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[tuple[int, Shaped]]] = deque()
        for work in _work(law, prepared, on=on, everything=everything, only=only):
            waiting.append(pool.submit(reckon, *work))
            if len(waiting) > workers:
                done, shaped = waiting.popleft().result()
                progress(done)
                yield shaped
        while waiting:
            done, shaped = waiting.popleft().result()
            progress(done)
            yield shaped


def _work(
    law: Law, prepared: Prepared, *, on: int, everything: bool, only: Collection[str] | None
) -> Iterator[tuple["Plan", list[list[pl.Expr]], pl.DataFrame]]:
    """Plans with the chunks of people they are for."""
    texts = {code: text for text, code in prepared.codes.items()}
    frame = prepared.frame.with_row_index("row")
    asked = any(name.startswith("answers.") for name in frame.columns)
    for shared, members in _groups(frame, texts):
        plan = Plan.make(law, shared, on=on, everything=everything, risks=asked or everything, only=only)
        layers = plan.expressions(Emitter(law, on, prepared.codes, frozenset(frame.columns)))
        for start in range(0, members.height, CHUNK):
            yield plan, layers, members.slice(start, CHUNK)


def _groups(frame: pl.DataFrame, texts: Mapping[int, str]) -> Iterator[tuple[dict[str, str], pl.DataFrame]]:
    """People who share destination and citizenship, with what they share; the few of rare kinds together."""
    keys = [name for name in ("destination", "citizenship") if name in frame.columns]
    rare: list[pl.DataFrame] = []
    for values, members in (frame.partition_by(keys, as_dict=True) if keys else {(): frame}).items():
        if members.height < RARE and keys:
            rare.append(members)
        else:
            yield {n: texts[v] for n, v in zip(keys, values, strict=True) if v is not None}, members
    if rare:
        yield {}, pl.concat(rare)


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

    def expressions(self, emitter: Emitter) -> list[list[pl.Expr]]:
        """The layers as Polars expressions, each reading the columns of those before it."""
        made: list[list[pl.Expr]] = []
        emitter.parts = self.parts
        for layer in self.layers:
            made.append([emitter.expr(tree).alias(self.columns[tree]) for tree in layer])
            emitter.bind((self.columns[tree], tree) for tree in layer)
        return made

    def reported(self) -> list[pl.Expr]:
        """The columns that hold what is reported, in the form numpy reads without copying."""
        made: dict[str, pl.Expr] = {}
        for _, _, trees in self.provisions:
            for part in OUTPUT:
                name = self.columns.get(trees[part]) if part in trees else None
                if name is not None:
                    made[name] = _plain(pl.col(name), part)
        return list(made.values())


def _plain(column: pl.Expr, part: str) -> pl.Expr:
    if part == "status":
        return column.fill_null(UNKNOWN).cast(pl.Int8)
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


def _found(plan: Plan, layers: list[list[pl.Expr]], chunk: pl.DataFrame) -> Found:
    lazy = chunk.lazy()
    for layer in layers:
        lazy = lazy.with_columns(layer)
    frame = lazy.select("row", *plan.reported()).collect(optimizations=_AS_WRITTEN)
    rows = frame["row"].to_numpy().astype(np.int32)
    pieces = [_piece(plan, frame, place, trees) for place, _, trees in plan.provisions]
    return Found(rows, tuple(piece for piece in pieces if len(piece.where)))


def _piece(plan: Plan, frame: pl.DataFrame, place: int, trees: Mapping[str, Node]) -> Piece:
    status = _statuses(plan, frame, trees["status"])
    where = np.flatnonzero(status < (len(STATUSES) if plan.everything else SHOWN)).astype(np.int32)
    status = status[where]
    shown = status < SHOWN
    values = {
        part: np.where(shown, _values(plan, frame, part, trees[part])[where], NOTHING[part])
        for part in VALUES
        if part in trees and trees[part].op != "unknown"
    }
    return Piece(place, where, status, values)


def _statuses(plan: Plan, frame: pl.DataFrame, tree: Node) -> npt.NDArray[np.int8]:
    if tree.op in ("lit", "unknown"):
        code = UNKNOWN if tree.op == "unknown" else STATUSES.index(tree.args[0])
        return np.full(frame.height, code, dtype=np.int8)
    return frame[plan.columns[tree]].to_numpy()


def _values(plan: Plan, frame: pl.DataFrame, part: str, tree: Node) -> npt.NDArray[Any]:
    """A part for every person of the chunk: day numbers, or amounts rounded to hundredths."""
    if tree.op != "lit":
        return frame[plan.columns[tree]].to_numpy()
    value = tree.args[0]
    if part in DAYS:
        return np.full(frame.height, -1 if value == NEVER else value, dtype=np.int32)
    return np.full(frame.height, round(float(value), 2))
