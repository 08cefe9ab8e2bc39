"""Where pairs are found and weighed: DuckDB inside this process. Spark has the same two questions in ``spark.py``."""

import os
from typing import Protocol

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from safar.linkage.cluster import Floats, Ints
from safar.linkage.model import Model
from safar.linkage.pairs_sql import candidates_sql, weights_sql

_MEMORY = "1400MB"  # of DuckDB alone; tables and Python stand beside it
_DIGITS = 6
Edges = tuple[Ints, Ints, Floats]  # a, b, weight in bits


class Engine(Protocol):
    """Weighs pairs of a register, by ids of prepare.PREPARED."""

    def candidates(self, model: Model, *, at_least: float) -> Edges:
        """Every pair that a block brings together and that weighs ``at_least`` so much, each once."""
        ...

    def pairs(self, model: Model, a: Ints, b: Ints) -> Edges:
        """The given pairs, all of them."""
        ...


def ordered(a: Ints, b: Ints, weight: Floats) -> Edges:
    """Edges by a and b; weights without the last digits, in which engines and orders of adding differ."""
    order = np.lexsort((b, a))
    return a[order], b[order], np.round(weight[order], _DIGITS)


class DuckDBEngine:
    """A register in DuckDB's memory. ``connection`` holds it as table ``records``."""

    def __init__(self, prepared: pl.DataFrame, *, threads: int | None = None) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(f"set threads = {threads or os.cpu_count() or 1}")
        self.connection.execute(f"set memory_limit = '{_MEMORY}'")
        self.connection.execute("set preserve_insertion_order = false")
        self.connection.execute("set enable_progress_bar = false")  # the door shows one of its own
        self.add("records", prepared)

    def add(self, name: str, table: pl.DataFrame) -> None:
        """Load a table under ``name``, in place of what stood there."""
        self.connection.register("given", table.to_arrow())
        self.connection.execute(f"create or replace table {name} as select * from given")  # noqa: S608 - our own name
        self.connection.unregister("given")

    def keep(self, name: str, sql: str) -> None:
        """Keep the answer of a query as a table for a while."""
        self.connection.execute(f"create or replace temp table {name} as {sql}")

    def candidates(self, model: Model, *, at_least: float) -> Edges:
        """See Engine."""
        return self.weigh_between("records", "records", model, at_least=at_least)

    def weigh_between(self, left: str, right: str, model: Model, *, at_least: float) -> Edges:
        """Every pair of two tables, or of one with itself, that a block brings together, of ``at_least`` bits."""
        self.keep("pairs", candidates_sql(left, right))
        self.keep("weighed", weights_sql(model, pairs="pairs", left=left, right=right))
        edges = self._edges(f"select * from weighed where weight >= {at_least!r}")  # noqa: S608 - a number
        self.connection.execute("drop table pairs")
        self.connection.execute("drop table weighed")
        return edges

    def pairs(self, model: Model, a: Ints, b: Ints) -> Edges:
        """See Engine."""
        self.connection.register("pairs", pa.table({"a": a.astype(np.int32), "b": b.astype(np.int32)}))
        try:
            return self._edges(weights_sql(model, pairs="pairs"))
        finally:
            self.connection.unregister("pairs")

    def rows(self, sql: str) -> pl.DataFrame:
        """The rows of a query."""
        return pl.DataFrame(self.connection.sql(sql).to_arrow_table())

    def _edges(self, sql: str) -> Edges:
        """The rows a, b, weight of a query."""
        got = self.connection.execute(sql).fetchnumpy()
        a, b = np.asarray(got["a"], dtype=np.int64), np.asarray(got["b"], dtype=np.int64)
        return ordered(a, b, np.asarray(got["weight"], dtype=np.float64))
