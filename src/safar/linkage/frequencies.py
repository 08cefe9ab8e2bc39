"""How often names and telephones occur: two Rustam Rahimovs say less than two people of a rare name."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from safar.base import DataError
from safar.lake import read_table, whole_file

_SHARES = ("given", "given_bare", "surname", "father")
_ONE_PERSON = 3  # records that the two compared persons bring to a small district's count themselves
_SCHEMA = {"kind": pl.String, "name": pl.String, "district": pl.String, "count": pl.Int64}


@dataclass(frozen=True)
class Frequencies:
    """Counts by ``kind``: given, given_bare, surname, father, here (a surname in a district), district, phone."""

    table: pl.DataFrame  # kind, name, district, count

    @property
    def records(self) -> int:
        """How many records were counted."""
        return int(self._of("records")["count"].sum())

    def joined(self, prepared: pl.DataFrame) -> pl.DataFrame:
        """``prepared`` with the columns ``<name>_frequency``, ``surname_here_frequency`` and ``phone_count``."""
        out = prepared
        for kind in _SHARES:
            out = self._share(out, kind)
        return self._phones(self._here(out))

    def _of(self, kind: str) -> pl.DataFrame:
        return self.table.filter(pl.col("kind") == kind)

    def _share(self, out: pl.DataFrame, kind: str) -> pl.DataFrame:
        counts = self._of(kind)
        total = max(int(counts["count"].sum()), 1)
        known = counts.select(
            pl.col("name").alias(kind), (pl.col("count") / total).alias(f"{kind}_frequency")
        )
        joined = out.join(known, on=kind, how="left", maintain_order="left")
        return joined.with_columns(pl.col(f"{kind}_frequency").fill_null(1 / total))

    def _here(self, out: pl.DataFrame) -> pl.DataFrame:
        districts = self._of("district").select("district", all_here=pl.col("count"))
        here = (
            self._of("here")
            .join(districts, on="district")
            .select(
                "district",
                pl.col("name").alias("surname"),
                surname_here_frequency=(pl.col("count") - _ONE_PERSON).clip(lower_bound=0)
                / pl.col("all_here"),
            )
        )
        joined = out.join(here, on=["surname", "district"], how="left", maintain_order="left")
        return joined.with_columns(pl.col("surname_here_frequency").fill_null(0.0))

    def _phones(self, out: pl.DataFrame) -> pl.DataFrame:
        phones = self._of("phone").select(
            pl.col("name").cast(pl.Int64).alias("phone"), phone_count=pl.col("count")
        )
        joined = out.join(phones, on="phone", how="left", maintain_order="left")
        return joined.with_columns(pl.col("phone_count").fill_null(1))

    def write(self, path: Path) -> None:
        """Save as Parquet, whole or not at all."""
        with whole_file(path) as part:
            self.table.write_parquet(part)


def count_frequencies(prepared: pl.DataFrame) -> Frequencies:
    """Count a register; names, districts and telephones that are not known are passed over."""
    empty = pl.lit(None, dtype=pl.String)
    parts = [_counted(prepared, kind, pl.col(kind), empty) for kind in (*_SHARES, "phone")]
    parts.append(_counted(prepared, "here", pl.col("surname"), pl.col("district")))
    parts.append(_counted(prepared, "district", pl.lit(""), pl.col("district")))
    records = pl.DataFrame([("records", "", None, prepared.height)], schema=_SCHEMA, orient="row")
    return Frequencies(pl.concat([*parts, records]))


def _counted(prepared: pl.DataFrame, kind: str, name: pl.Expr, district: pl.Expr) -> pl.DataFrame:
    told = prepared.select(name=name.cast(pl.String), district=district.cast(pl.String))
    known = told.filter(
        pl.col("name").is_not_null() & (pl.col("district").is_not_null() | (kind not in ("here", "district")))
    )
    counts = known.group_by("name", "district").len("count")
    return counts.select(
        kind=pl.lit(kind), name="name", district="district", count=pl.col("count").cast(pl.Int64)
    )


def read_frequencies(path: Path) -> Frequencies:
    """Counts that were saved. Raises DataError naming the file."""
    table = read_table(path)
    if dict(table.schema) != _SCHEMA:
        raise DataError(f"{path}: holds no name frequencies; save them again")
    return Frequencies(table)
