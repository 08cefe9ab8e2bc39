"""Spark: the same answer as Polars, and how time and memory grow with people and processors."""

import time

import polars as pl

from bench.measure import ON, ROOT, process, safar, world


def main(*, quick: bool = False) -> list[dict]:
    import shutil

    if shutil.which("java") is None:
        return []
    rows = []
    for people in (10_000, 50_000) if quick else (100_000, 300_000, 1_000_000):
        folder = world(people)
        for cores in (1, 2):
            rows.append(_row(folder, people, cores))
    return rows


def _row(folder, people: int, cores: int) -> dict:
    import os

    out = {engine: ROOT / "var" / "bench" / f"{engine}.parquet" for engine in ("spark", "polars")}
    tables = [str(folder / f"{name}.parquet") for name in ("people", "stays", "offences")]
    words = ["law", "screen", tables[0], "--stays", tables[1], "--offences", tables[2], "--on", ON]
    os.environ["SAFAR_SPARK_MASTER"] = f"local[{cores}]"
    start = time.perf_counter()
    done = process(safar(*words, "--engine", "spark", "--out", str(out["spark"])), runs=1, warm=0)
    seconds = time.perf_counter() - start
    process(safar(*words, "--out", str(out["polars"])), runs=1, warm=0)
    same = _digest(out["spark"]) == _digest(out["polars"])
    return {
        "people": f"{people:,}",
        "processors": cores,
        "wall": f"{seconds:.0f} s",
        "peak memory of the largest process": done.memory.text(0, "MiB"),
        "same as Polars": "yes" if same else "NO",
    }


def _digest(path) -> tuple[int, int]:
    """Number of rows, and a sum of row hashes that does not depend on their order."""
    table = pl.scan_parquet(path)
    hashed = table.select(pl.struct(pl.all()).hash(seed=1).alias("h"))
    rows = hashed.select(pl.len(), pl.col("h").cast(pl.UInt64).sum()).collect()
    return tuple(rows.row(0))
