"""Where people come from: households, each in one community."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from safar.base import DataError
from safar.world.draw import Codes, Days, Flags, chance, pick, stream
from safar.world.figures import Figures


@dataclass(frozen=True)
class Homes:
    """Households of size H and the household of each of N people."""

    household: Days  # (N,) index of the household, in order
    community: Days  # (H,) row of the community
    tajik: Flags  # (N,) the community lies in Tajikistan
    migrants: Days  # (H,)
    members: Days  # (H,) migrants included
    led_by_woman: Flags  # (H,)


def settle(people: int, seed: int, communities: pl.DataFrame, figures: Figures) -> Homes:
    """Make as many households as `people` migrants need and give each a community."""
    rng = stream(seed, "homes")
    sizes = _sizes(rng, people, figures)
    households = len(sizes)
    household = np.repeat(np.arange(households, dtype=np.int32), sizes)
    community = _communities(rng, households, communities, figures)
    tajik = (communities["country"] == "TJ").to_numpy()[community][household]
    others = 1 + rng.poisson(figures.number("others_in_household"), households)
    return Homes(
        household=household,
        community=community,
        tajik=tajik,
        migrants=sizes.astype(np.int32),
        members=(sizes + others).astype(np.int32),
        led_by_woman=chance(rng, figures.number("household_led_by_woman"), households),
    )


def _sizes(rng: np.random.Generator, people: int, figures: Figures) -> Codes:
    """Migrants in each household, adding up to `people`; the last household takes what is left."""
    weights = figures.table("migrants_in_household")
    drawn = np.array([int(size) for size in weights], dtype=np.int16)[pick(rng, weights, people)]
    total = np.cumsum(drawn, dtype=np.int64)
    last = int(np.searchsorted(total, people))
    sizes = drawn[: last + 1].copy()
    sizes[last] -= total[last] - people
    return sizes


def _communities(
    rng: np.random.Generator, households: int, communities: pl.DataFrame, figures: Figures
) -> Days:
    """The row of each household's community: countries by their share, communities by a made-up size."""
    size = rng.lognormal(0.0, figures.number("community_spread"), len(communities))
    country = communities["country"].to_numpy()
    share = np.zeros(len(communities))
    for code, weight in figures.table("people_by_country").items():
        here = country == code
        if here.any():
            share[here] = weight * size[here] / size[here].sum()
    if not share.all():
        raise DataError("communities: country must be TJ or KG in every row")
    luck = rng.random(households) * share.sum()
    rows: Days = np.minimum(np.searchsorted(np.cumsum(share), luck, side="right"), len(share) - 1).astype(
        np.int32
    )
    return rows
