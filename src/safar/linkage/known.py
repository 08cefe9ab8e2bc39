"""A register kept ready, so that new records are compared with a million in a moment; and why a pair weighs so much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from safar.base import DataError
from safar.lake import read_table, whole_file
from safar.linkage.engine import DuckDBEngine
from safar.linkage.frequencies import Frequencies, read_frequencies
from safar.linkage.levels import COMPARISONS
from safar.linkage.model import STRANGER, Model
from safar.linkage.pairs_sql import gammas_sql
from safar.linkage.prepare import PREPARED, prepare

_RECORDS, _FREQUENCIES = "records.parquet", "frequencies.parquet"


@dataclass(frozen=True)
class KnownRecords:
    """Prepared records with their ids and name frequencies; loaded into DuckDB at the first question."""

    frame: pl.DataFrame
    record_ids: pl.Series
    frequencies: Frequencies

    @cached_property
    def engine(self) -> DuckDBEngine:
        """The records as table ``records``."""
        return DuckDBEngine(self.frame)

    def write(self, folder: Path) -> None:
        """Save in a folder, each file whole or not at all; ``read_known`` reads it back in a moment."""
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(folder / _RECORDS) as part:
            self.frame.with_columns(record_id=self.record_ids).write_parquet(part)
        self.frequencies.write(folder / _FREQUENCIES)


def known_records(records: pl.DataFrame) -> KnownRecords:
    """A register (prepare.RECORD_COLUMNS, text) made ready."""
    prepared = prepare(records)
    return KnownRecords(prepared.frame, prepared.record_ids, prepared.frequencies)


def read_known(folder: Path) -> KnownRecords:
    """A register that was saved. Raises DataError naming the file and the mend."""
    table = read_table(folder / _RECORDS)
    if dict(table.schema) != {**PREPARED, "record_id": pl.String}:
        raise DataError(f"{folder / _RECORDS}: was saved by another version; make it again from the records")
    return KnownRecords(table.drop("record_id"), table["record_id"], read_frequencies(folder / _FREQUENCIES))


def link_new(
    records: pl.DataFrame, *, against: KnownRecords, model: Model, at_least: float = 0.0
) -> pl.DataFrame:
    """New records against known ones: record_id, known_id, weight (bits), probability; the best first for each record.

    ``records`` has prepare.RECORD_COLUMNS, all text. Pairs that weigh less than ``at_least`` are left out.
    """
    new = prepare(records, frequencies=against.frequencies)
    engine = against.engine
    engine.add("new", new.frame)
    scaled = model.scaled(against.frame.height)
    a, b, weight = engine.weigh_between("new", "records", scaled, at_least=at_least)
    found = pl.DataFrame(
        {"record_id": new.record_ids[a], "known_id": against.record_ids[b], "weight": weight}
    )
    return found.with_columns(probability=_probability(pl.col("weight"))).sort(
        "record_id", "weight", "known_id", descending=[False, True, False]
    )


def _probability(bits: pl.Expr) -> pl.Expr:
    odds = pl.lit(2.0).pow(bits.clip(-60, 60))
    return odds / (1 + odds)


@dataclass(frozen=True)
class Step:
    """One bar of a waterfall: what was compared, how it agreed, what that is worth in bits."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True)
class Explanation:
    """Why two records weigh what they do; ``weight`` is the sum of all steps."""

    record_id: str
    other_id: str
    weight: float
    steps: tuple[Step, ...]

    @property
    def probability(self) -> float:
        """Of being one person."""
        return float(1 / (1 + 2.0 ** -max(-60.0, min(60.0, self.weight))))


def explain_pair(a: pl.DataFrame, b: pl.DataFrame, *, model: Model, frequencies: Frequencies) -> Explanation:
    """Two records (one row each, prepare.RECORD_COLUMNS) and the reasons for and against their being one person.

    ``frequencies`` are those of the register both belong to. The last step, ``household``, is what is taken off because
    a brother, a sister or a twin would agree nearly as well.
    """
    pair = pl.DataFrame({"record_id": [a["record_id"][0]], "other_id": [b["record_id"][0]]})
    return next(explain_pairs(pair, pl.concat([a, b]), model=model, frequencies=frequencies))


def explain_pairs(
    pairs: pl.DataFrame, records: pl.DataFrame, *, model: Model, frequencies: Frequencies
) -> Iterator[Explanation]:
    """Many pairs (record_id, other_id) of ``records``, each explained as by ``explain_pair``, in the order given."""
    if not pairs.height:
        return
    both = prepare(records, frequencies=frequencies)
    engine = DuckDBEngine(both.frame, threads=1)
    places = pl.DataFrame({"id": both.record_ids, "place": both.frame["id"]})
    asked = pairs.select("record_id", "other_id")
    for name, column in (("a", "record_id"), ("b", "other_id")):
        asked = asked.join(
            places.rename({"place": name}), left_on=column, right_on="id", how="left", maintain_order="left"
        )
    engine.add("pair", asked.select("a", "b"))
    told = engine.rows(gammas_sql(pairs="pair"))
    rows = asked.join(told, on=["a", "b"], how="left", maintain_order="left")
    for row in rows.iter_rows(named=True):
        yield _explained(row, model)


def _explained(told: Mapping[str, Any], model: Model) -> Explanation:
    gamma = {comparison.field: int(told[f"g_{comparison.field}"]) for comparison in COMPARISONS}
    steps = [Step("prior", "any_two_records", model.stories[STRANGER].prior_bits)]
    for comparison in COMPARISONS:
        field, place = comparison.field, gamma[comparison.field]
        bits = model.weights(STRANGER, field)[place]
        if place and comparison.levels[place - 1].chance:
            bits -= log2(told[f"c_{field}_{place}"])
        steps.append(Step(field, comparison.codes()[place], bits))
    stranger = sum(step.bits for step in steps)
    kin = [_against(model, name, gamma) for name in model.stories if name != STRANGER]
    weight = -float(np.logaddexp2.reduce([-stranger, *(-bits for bits in kin)]))
    steps.append(Step("household", "a_brother_or_sister_would_agree_too", weight - stranger))
    return Explanation(str(told["record_id"]), str(told["other_id"]), weight, tuple(steps))


def _against(model: Model, story: str, gamma: Mapping[str, int]) -> float:
    told = model.stories[story]
    return told.prior_bits + sum(model.weights(story, field)[gamma[field]] for field in told.fields)
