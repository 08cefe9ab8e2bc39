"""Making a world from the content: which communities, which calibration, on which day."""

from datetime import date
from pathlib import Path

import polars as pl

from safar.base import DataError, content_path
from safar.lake import read_table
from safar.ops import show
from safar.world import World, make_world, write_world

_NUMBERS = {"lat": pl.Float64, "lon": pl.Float64, "elevation_m": pl.Int64, "population": pl.Int64}


def communities() -> pl.DataFrame:
    """The 500 communities, typed."""
    table = read_table(content_path() / "places" / "communities.csv")
    return table.cast({name: kind for name, kind in _NUMBERS.items() if name in table.columns})


def world_of(people: int, seed: int, on: date) -> World:
    """A made-up population on a day."""
    from safar.law.store import cached, load_yaml

    path = content_path() / "world" / "calibration.yaml"
    calibration = cached("calibration", [path], lambda: load_yaml(path))
    return make_world(people=people, seed=seed, on=on, communities=communities(), calibration=calibration)


def write_new_world(people: int, seed: int, on: date, out: Path) -> None:
    """Make a world and write its tables as CSV and Parquet."""
    if out.exists() and not out.is_dir():
        raise DataError(f"--out {out}: is a file; name a folder")
    with show.progress("Making the world", total=6) as advance:
        world = world_of(people, seed, on)
        advance()

        def wrote(line: str) -> None:
            advance()
            show.note(line)

        try:
            write_world(world, out, wrote)
        except OSError as error:
            raise DataError(f"--out {out}: cannot be written: {error.strerror or error}") from None
