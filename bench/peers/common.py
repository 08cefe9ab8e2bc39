"""What both peers are given: the fifteen rules' columns with their usual defaults for what is missing.

Neither engine knows a missing value. As their guides do, a missing date becomes the default of a date variable
(1970-01-01) and a missing text the empty text; "never" has no place either and becomes the same default.
"""

import sys
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fifteen_rules import DATES, TEXTS

EPOCH = np.datetime64("1970-01-01", "D")


def columns(path: str) -> tuple[dict[str, np.ndarray], int]:
    """The columns as numpy arrays: datetime64[D] and texts of fixed width."""
    table = pl.read_parquet(path)
    arrays = {}
    for name in DATES:
        arrays[name] = table[name].fill_null(EPOCH.astype(object)).to_numpy().astype("datetime64[D]")
    for name in TEXTS:
        arrays[name] = table[name].fill_null("").to_numpy().astype("U12")
    return arrays, table.height
