"""The same questions asked of Spark, past one machine: the same SQL, the same model, the same pairs.

The session is handed in (safar.lake opens it); pyspark is not imported here. What comes back to the driver is the
pairs that weigh enough.
"""

from typing import Any

import numpy as np
import polars as pl

from safar.linkage.cluster import Ints
from safar.linkage.engine import Edges, ordered
from safar.linkage.model import Model
from safar.linkage.pairs_sql import candidates_sql, weights_sql


class SparkEngine:
    """A register as a Spark view; see engine.Engine."""

    def __init__(self, prepared: pl.DataFrame, session: Any) -> None:
        self._session = session
        self._view("records", prepared)

    def _view(self, name: str, table: pl.DataFrame) -> None:
        # An empty text in Arrow stays empty and null stays null, where a detour through pandas would make both NaN.
        self._session.createDataFrame(table.to_arrow()).createOrReplaceTempView(name)

    def candidates(self, model: Model, *, at_least: float) -> Edges:
        """See engine.Engine."""
        self._session.sql(candidates_sql()).createOrReplaceTempView("pairs")
        return self._edges(weights_sql(model, pairs="pairs"), at_least)

    def pairs(self, model: Model, a: Ints, b: Ints) -> Edges:
        """See engine.Engine."""
        given = pl.DataFrame({"a": a, "b": b}, schema={"a": pl.Int32, "b": pl.Int32})
        self._view("given_pairs", given)
        return self._edges(weights_sql(model, pairs="given_pairs"), None)

    def _edges(self, sql: str, at_least: float | None) -> Edges:
        weighed = self._session.sql(sql)
        if at_least is not None:
            weighed = weighed.where(weighed.weight >= at_least)
        got = weighed.toArrow()
        a, b, weight = (got.column(name).to_numpy() for name in ("a", "b", "weight"))
        return ordered(a.astype(np.int64), b.astype(np.int64), weight.astype(np.float64))
