"""A world on disk: each table as CSV and as Parquet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from safar.world.population import World

NONE = "_none"


def write_world(world: World, out: Path, progress: Callable[[str], None]) -> None:
    """Write <table>.csv and <table>.parquet into `out`, telling `progress` one line a table.

    Parquet keeps dates typed, each with its flag `<name>_none`. In CSV there are no flags: the date column
    itself holds the word none, and is empty where nothing is known; a list that surely has no entry is a
    column of its name that says none.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name, table in world.tables().items():
        table.write_parquet(out / f"{name}.parquet", compression="zstd", statistics=True)
        spoken_table(table).write_csv(out / f"{name}.csv")
        progress(f"{name}: {table.height:,} rows")


def spoken_table(table: pl.DataFrame) -> pl.DataFrame:
    """The table as CSV spells it: dates as ISO text, none as a word, no flags."""
    columns: list[pl.Expr] = []
    for name in table.columns:
        if name.endswith(NONE):
            if (spoken := name.removesuffix(NONE)) not in table.columns:
                columns.append(pl.when(pl.col(name)).then(pl.lit("none")).alias(spoken))
            continue
        flag = f"{name}{NONE}"
        if flag in table.columns:
            iso = pl.col(name).dt.strftime("%Y-%m-%d")
            columns.append(pl.when(pl.col(flag)).then(pl.lit("none")).otherwise(iso).alias(name))
        else:
            columns.append(pl.col(name))
    return table.select(columns)
