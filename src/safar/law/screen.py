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
from safar.law.compile.polars import Emitter
from safar.law.expression import Node, walk
from safar.law.model import LEFT_OUT, STATUSES, Law
from safar.law.plan import DAYS, UNKNOWN, VALUES, Plan, Query
from safar.law.prepare import Prepared, prepare
from safar.law.table import Source

Shaped = TypeVar("Shaped")
Whole = npt.NDArray[np.int32]

CHUNK = 2**16  # people reckoned together: fewer, and planning weighs; more, and memory does
RARE = 5_000  # a plan of its own costs as much as reckoning some thousand people without one
SHOWN = len(STATUSES) - len(LEFT_OUT)
_ABSENT: Mapping[str, Any] = {**dict.fromkeys(VALUES, np.nan), **dict.fromkeys(DAYS, np.int32(-1))}


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

    def reckon(work: Work) -> tuple[int, Shaped]:
        return len(work.rows), shape(work.found(prepared.frame))

    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[tuple[int, Shaped]]] = deque()
        for work in _work(law, prepared, on=on, everything=everything, only=only):
            waiting.append(pool.submit(reckon, work))
            if len(waiting) > workers + 1:
                done, shaped = waiting.popleft().result()
                progress(done)
                yield shaped
        while waiting:
            done, shaped = waiting.popleft().result()
            progress(done)
            yield shaped


def _work(
    law: Law, prepared: Prepared, *, on: int, everything: bool, only: Collection[str] | None
) -> Iterator["Work"]:
    """Plans with the people they are for."""
    texts = {code: text for text, code in prepared.codes.items()}
    columns = frozenset(prepared.frame.columns)
    risks = everything or any(name.startswith("answers.") for name in columns)
    for shared, rows in _groups(prepared.frame, texts):
        plan = Plan.make(law, shared, on=on, everything=everything, risks=risks, only=only)
        query = plan.query(Emitter(law, on, prepared.codes, columns))
        for start in range(0, len(rows), CHUNK):
            yield Work(plan, query, rows[start : start + CHUNK])


def _groups(frame: pl.DataFrame, texts: Mapping[int, str]) -> Iterator[tuple[dict[str, str], Whole]]:
    """Rows of people who share destination and citizenship, with what they share; the few of rare kinds together."""
    keys = [name for name in ("destination", "citizenship") if name in frame.columns]
    rows = frame.select(pl.int_range(pl.len(), dtype=pl.Int32).alias("row"), *keys)
    rare: list[Whole] = []
    for values, members in (rows.partition_by(keys, as_dict=True) if keys else {(): rows}).items():
        if members.height < RARE and keys:
            rare.append(members["row"].to_numpy())
        else:
            yield (
                {n: texts[v] for n, v in zip(keys, values, strict=True) if v is not None},
                members["row"].to_numpy(),
            )
    if rare:
        yield {}, np.sort(np.concatenate(rare))


@dataclass(frozen=True, eq=False)
class Work:
    """A plan and the rows of some people it is for, in rising order."""

    plan: Plan
    query: Query
    rows: Whole

    def found(self, frame: pl.DataFrame) -> Found:
        """Their findings; ``frame`` has everybody."""
        first, end = int(self.rows[0]), int(self.rows[-1]) + 1
        ours = np.zeros(end - first, dtype=np.bool_)
        ours[self.rows - first] = True  # a mask takes rows many times faster than their numbers do
        people = frame.select(pl.first().alias("someone"), *self.query.facts).slice(first, end - first)
        answers = self.query(people.filter(pl.Series(ours)).rechunk())
        pieces = [self._piece(answers, place, trees) for place, _, trees in self.plan.provisions]
        return Found(self.rows, tuple(piece for piece in pieces if len(piece.where)))

    def _piece(self, answers: pl.DataFrame, place: int, trees: Mapping[str, Node]) -> Piece:
        status = self._statuses(answers, trees["status"])
        where = np.flatnonzero(status < (len(STATUSES) if self.plan.everything else SHOWN))
        status = status[where]
        told: dict[Node, npt.NDArray[Any]] = {}  # often the latest last day is the last day, and high is low
        for part in VALUES:
            if part in trees and trees[part].op != "unknown" and trees[part] not in told:
                told[trees[part]] = self._values(answers, part, trees[part], where)
        values = {part: told[trees[part]] for part in VALUES if trees.get(part) in told}
        if self.plan.everything:  # what does not apply has a status, and no more
            left_out = status >= SHOWN
            for part, column in values.items():
                column[left_out] = _ABSENT[part]
        return Piece(place, where.astype(np.int32), status, values)

    def _statuses(self, answers: pl.DataFrame, tree: Node) -> npt.NDArray[np.int8]:
        if tree.op in ("lit", "unknown"):
            code = UNKNOWN if tree.op == "unknown" else STATUSES.index(tree.args[0])
            return np.full(len(self.rows), code, dtype=np.int8)
        return answers[self.plan.columns[tree]].to_numpy().view(np.int8)

    def _values(
        self, answers: pl.DataFrame, part: str, tree: Node, where: npt.NDArray[np.intp]
    ) -> npt.NDArray[Any]:
        """A part for some people of the chunk: day numbers, or amounts rounded to hundredths."""
        if tree.op != "lit":
            return answers[self.plan.columns[tree]].to_numpy()[where]
        value = tree.args[0]
        if part in DAYS:
            return np.full(len(where), -1 if value == NEVER else value, dtype=np.int32)
        return np.full(len(where), round(float(value), 2))
