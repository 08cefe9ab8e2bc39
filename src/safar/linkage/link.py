"""Which records are one person: prepare, learn, weigh, gather. Labels are never needed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from safar.linkage.cluster import Floats, Ints, average_link, candidate_groups
from safar.linkage.engine import DuckDBEngine, Edges, Engine
from safar.linkage.frequencies import Frequencies
from safar.linkage.model import Model
from safar.linkage.prepare import Prepared, prepare
from safar.linkage.train import train

THRESHOLD = 1.0  # bits: two to one that it is the same person; a wrong merge costs more than a missed one
_LOOK_AGAIN = (
    3.0  # bits below the threshold from which a pair still brings two groups to be looked at together
)
_DOUBT = 5.0  # bits around the threshold within which a person should look

Telling = Callable[[str], None]


def _silent(_: str) -> None:
    return


@dataclass(frozen=True)
class Linked:
    """``clusters``: record_id, cluster_id (the first record's id), one row a record in the order given.

    ``pairs``: every pair that was gathered or nearly so: record_id, other_id, weight (bits), merged.
    """

    clusters: pl.DataFrame
    pairs: pl.DataFrame
    threshold: float
    model: Model
    frequencies: Frequencies

    @property
    def doubtful(self) -> pl.DataFrame:
        """The pairs near the line, which an officer should look at."""
        return self.pairs.filter((pl.col("weight") - self.threshold).abs() < _DOUBT)


def link_records(
    records: pl.DataFrame,
    *,
    model: Model | None = None,
    pairs_a_record: float | None = None,
    threshold: float = THRESHOLD,
    threads: int | None = None,
    engine: Callable[[pl.DataFrame], Engine] | None = None,
    step: Telling = _silent,
) -> Linked:
    """Link a register: ``records`` has prepare.RECORD_COLUMNS, all text, null = not known.

    Without a ``model`` one is learnt from the records themselves; ``pairs_a_record`` is how often people stand there
    twice, where the records do not show it. The same records give the same answer. ``engine``
    (default DuckDB) is made from the prepared table; ``step`` is told what is being done.
    """
    step("Reading names")
    prepared = prepare(records)
    if prepared.frame.height < 2:
        return _linked(prepared, np.arange(prepared.frame.height), _no_edges(), threshold, model)
    step("Learning")
    if engine is None or model is None:
        local = DuckDBEngine(prepared.frame, threads=threads)
        model = model or train(local.connection, pairs_a_record=pairs_a_record, step=step)
    model = model.scaled(prepared.frame.height)
    weigher = engine(prepared.frame) if engine else local
    step("Comparing")
    edges = weigher.candidates(model, at_least=threshold - _LOOK_AGAIN)
    step("Gathering")
    edges = _with_pairs_between(weigher, model, prepared.frame.height, edges, threshold)
    people = gather(prepared.frame.height, edges, threshold=threshold)
    return _linked(prepared, people, edges, threshold, model)


def gather(size: int, edges: Edges, *, threshold: float) -> Ints:
    """People from weighed pairs, as the smallest record of each."""
    a, b, weight = edges
    groups = candidate_groups(size, a, b, weight, threshold=threshold)
    inside = groups[a] == groups[b]
    return average_link(groups, a[inside], b[inside], weight[inside], threshold=threshold)


def _with_pairs_between(engine: Engine, model: Model, size: int, edges: Edges, threshold: float) -> Edges:
    """Weigh also the pairs that no block found but that friends have in common."""
    a, b, weight = edges
    groups = candidate_groups(size, a, b, weight, threshold=threshold - _LOOK_AGAIN)
    more_a, more_b = _missing_pairs(groups, a, b)
    if not more_a.size:
        return edges
    found_a, found_b, found = engine.pairs(model, more_a, more_b)
    return np.concatenate([a, found_a]), np.concatenate([b, found_b]), np.concatenate([weight, found])


def _missing_pairs(groups: Ints, a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Pairs inside groups that ``a``, ``b`` do not hold; ``a`` < ``b`` in both."""
    members = pl.DataFrame({"group": groups, "id": np.arange(groups.size)}).filter(pl.len().over("group") > 2)
    pairs = members.join(members, on="group", suffix="_b").filter(pl.col("id") < pl.col("id_b"))
    missing = pairs.join(pl.DataFrame({"id": a, "id_b": b}), on=["id", "id_b"], how="anti").sort("id", "id_b")
    return missing["id"].to_numpy(), missing["id_b"].to_numpy()


def _linked(prepared: Prepared, people: Ints, edges: Edges, threshold: float, model: Model | None) -> Linked:
    from safar.linkage.model import start_model

    a, b, weight = edges
    ids = prepared.record_ids
    together = people[a] == people[b]
    told = together | (weight > threshold - _DOUBT)
    pairs = pl.DataFrame(
        {
            "record_id": ids[a[told]],
            "other_id": ids[b[told]],
            "weight": weight[told],
            "merged": together[told],
        }
    )
    clusters = pl.DataFrame({"record_id": ids, "cluster_id": ids[people] if people.size else ids})
    return Linked(
        clusters,
        pairs.sort("record_id", "other_id"),
        threshold,
        model or start_model(prepared.frame.height),
        prepared.frequencies,
    )


def _no_edges() -> Edges:
    none: Ints = np.zeros(0, dtype=np.int64)
    weights: Floats = np.zeros(0)
    return none, none, weights
