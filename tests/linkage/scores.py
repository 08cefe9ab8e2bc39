"""How well clusters fit the truth, counted in pairs of records."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Scores:
    precision: float
    recall: float
    f1: float


def scores(clusters: pl.DataFrame, truth: pl.DataFrame) -> Scores:
    """``clusters``: record_id, cluster_id; ``truth``: record_id, person."""
    both = truth.select("record_id", "person").join(
        clusters.select("record_id", "cluster_id"), on="record_id"
    )
    right = _pairs(both, "person", "cluster_id")
    precision, recall = right / max(_pairs(both, "cluster_id"), 1), right / max(_pairs(both, "person"), 1)
    return Scores(precision, recall, 2 * precision * recall / max(precision + recall, 1e-9))


def _pairs(table: pl.DataFrame, *columns: str) -> int:
    count = table.group_by(columns).len()["len"].cast(pl.Int64)
    return int((count * (count - 1) // 2).sum())
