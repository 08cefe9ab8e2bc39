"""Choose the 500 communities from the list of real settlements, the same way every time.

The places that the programme of 2009-2011 really worked in were never published. What is known is how many
there were: 380 in Sughd and Khatlon, 120 in Osh, Batken and Jalal-Abad. This recipe spreads as many over the
rural districts of today. There is no luck in it: no seed, no draw.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

COLUMNS = (
    "community_id", "country", "province", "district", "unit", "pcode_or_soate", "name_en", "name_tg",
    "name_ky", "name_ru", "lat", "lon", "elevation_m", "population", "population_source", "source_id",
)  # fmt: skip

PER_COUNTRY: Mapping[str, int] = {"TJ": 380, "KG": 120}
LEAST_PER_DISTRICT = 3
LEAST_PEOPLE = 100  # a smaller published population is a hamlet, not a community
NOT_A_VILLAGE = (
    r"(?i)^(uchastok|sovkhoz|kolkhoz|stantsiya|kharoba|razvaliny|lager|ferma|imeni|brigada)|(ferma|kolkhoz)"
)


def choose_communities(
    *,
    settlements: pl.DataFrame,
    districts: pl.DataFrame,
    per_country: Mapping[str, int] = PER_COUNTRY,
) -> pl.DataFrame:
    """Return one row a community, in the order of its id.

    `settlements` and `districts` are content/places/settlements.csv and districts.csv. The result has the
    columns of communities.csv (`COLUMNS`).
    """
    candidates = _candidates(settlements)
    chosen: list[pl.DataFrame] = []
    for country, wanted in per_country.items():
        here = candidates.filter(pl.col("country") == country)
        quota = _quota(_weights(here, districts), wanted)
        for district_id, places in sorted(quota.items()):
            rows = here.filter(pl.col("district_id") == district_id)
            chosen.append(_spread(rows, places, district_id))
    return pl.concat(chosen).select(COLUMNS)


def _candidates(settlements: pl.DataFrame) -> pl.DataFrame:
    """Villages with a point on the map: one of each name in a district, in the order of unit and name."""
    village = (
        (pl.col("kind") == "settlement")
        & pl.col("lat").is_not_null()
        & ~pl.col("name_en").str.contains(NOT_A_VILLAGE)
        & (pl.col("population").is_null() | (pl.col("population") >= LEAST_PEOPLE))
    )
    in_unit = pl.when(pl.col("country") == "KG").then(pl.col("unit")).otherwise(pl.lit(""))
    return (
        settlements.filter(village)
        .sort("district_id", in_unit, "name_en", "source_id")
        .unique(["district_id", "name_en"], keep="first", maintain_order=True)
    )


def _weights(candidates: pl.DataFrame, districts: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """For each district with a candidate: (rural units, candidates)."""
    counts = candidates.group_by("district_id").len("candidates")
    table = districts.join(counts, on="district_id").filter(pl.col("rural_units") > 0)
    rows = table.select("district_id", "rural_units", "candidates").iter_rows()
    return {name: (int(units), int(have)) for name, units, have in rows}


def _quota(weights: Mapping[str, tuple[int, int]], wanted: int) -> dict[str, int]:
    """Share out `wanted` places: at least three a district, the rest one by one to whoever is owed most.

    Owed = rural units for each place already held (the method of Sainte-Lague). Nobody gets more places
    than it has candidates.
    """
    if sum(have for _, have in weights.values()) < wanted:
        raise ValueError(f"{wanted} communities wanted, fewer villages with a point; add settlements")
    quota = {name: min(LEAST_PER_DISTRICT, have) for name, (_, have) in weights.items()}
    while sum(quota.values()) < wanted:
        open_ = (name for name, (_, have) in weights.items() if quota[name] < have)
        nxt = max(open_, key=lambda name: (weights[name][0] / (2 * quota[name] + 1), name))
        quota[nxt] += 1
    return quota


def _spread(rows: pl.DataFrame, places: int, district_id: str) -> pl.DataFrame:
    """Take `places` rows at even steps through the sorted list and number them."""
    at = [int((2 * i + 1) * len(rows) / (2 * places)) for i in range(places)]
    ids = [f"{district_id}-{i:03d}" for i in range(1, places + 1)]
    return rows[at].with_columns(pl.Series("community_id", ids))
