"""Who the people are: citizenship, age, sex, the country they go to, and what they do there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from safar.world.draw import (
    Days,
    Flags,
    Reals,
    Words,
    chance,
    pick,
    pick_by_group,
    stream,
)
from safar.world.figures import Figures

COUNTRIES = ("RU", "KZ")
HOMES = ("TJ", "KG")
DAYS_A_YEAR = 365.2425
ADULT = 18


@dataclass(frozen=True)
class Traits:
    """What does not change in a journey. Every field has one entry a person."""

    tajik: Flags  # home community in Tajikistan
    citizenship: Words
    second_citizenship: Words
    destination: Words
    female: Flags
    role: Words  # worker, family, student, visitor
    birth_date: Days
    ground: Flags  # a worker who sets out to get a patent, permit or contract

    def corridors(self) -> Iterator[tuple[str, str, Flags]]:
        """The four ways: country of destination, home country, and who goes it."""
        for destination in COUNTRIES:
            there = self.destination.is_(destination)
            for home in HOMES:
                yield destination, home, there & (self.tajik if home == "TJ" else ~self.tajik)


def describe(tajik: Flags, seed: int, today: int, figures: Figures) -> Traits:
    """Draw the traits of everybody. `tajik`: home in Tajikistan; `today`: day number of the picture."""
    size, rng = len(tajik), stream(seed, "traits")
    citizenship = _citizenship(rng, tajik, figures)
    abroad = np.where(tajik, *(figures.number("kazakhstan_share", home) for home in HOMES))
    destination = Words(COUNTRIES, chance(rng, abroad, size).astype(np.int16))
    female = chance(rng, np.where(tajik, *(figures.number("women_share", home) for home in HOMES)), size)
    role = pick_by_group(
        rng,
        size,
        [(~female, figures.table("role", "male")), (female, figures.table("role", "female"))],
        "worker",
    )
    second = pick_by_group(rng, size, [_rare(rng, figures, "second_citizenship_share", size)], "none")
    born = _births(rng, tajik, role, today, figures)
    return Traits(
        tajik=tajik,
        citizenship=citizenship,
        second_citizenship=second,
        destination=destination,
        female=female,
        role=role,
        birth_date=born,
        ground=_grounds(rng, tajik, destination, role, figures) & (today - born > ADULT * DAYS_A_YEAR),
    )


def _rare(rng: np.random.Generator, figures: Figures, name: str, size: int) -> tuple[Flags, dict[str, float]]:
    """The few who have something that most have not, and what it is."""
    shares = figures.table(name)
    return chance(rng, sum(shares.values()), size), shares


def _citizenship(rng: np.random.Generator, tajik: Flags, figures: Figures) -> Words:
    """The citizenship of the home country, for a few another one."""
    other, shares = _rare(rng, figures, "other_citizenship_share", len(tajik))
    words = (*HOMES, *shares)
    codes = np.where(tajik, 0, 1).astype(np.int16)
    codes[other] = len(HOMES) + pick(rng, shares, int(other.sum()))
    return Words(words, codes)


def _births(rng: np.random.Generator, tajik: Flags, role: Words, today: int, figures: Figures) -> Days:
    """Birth dates: adults by their country, some children in families, a few workers of 16 and 17."""
    size = len(tajik)
    bounds = [
        np.where(tajik, *(figures.number("adult_age", home, key) for home in HOMES))
        for key in ("low", "mode", "high")
    ]
    years: Reals = rng.triangular(*bounds)
    young = {
        "student": role.is_("student"),
        "child": role.is_("family") & chance(rng, figures.number("child_share_of_family"), size),
        "working_minor": role.is_("worker") & chance(rng, figures.number("working_minor_share"), size),
    }
    for name, members in young.items():
        low, high = (figures.number("young_age", name, key) for key in ("low", "high"))
        years[members] = rng.uniform(low, high, int(members.sum()))
    born = (today - years * DAYS_A_YEAR).astype(np.int32)
    rounded = born.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int32)
    vague = chance(rng, figures.number("first_of_january_share"), size)
    return np.where(vague, rounded, born).astype(np.int32)


def _grounds(
    rng: np.random.Generator, tajik: Flags, destination: Words, role: Words, figures: Figures
) -> Flags:
    """Workers who set out to get a ground to stay; the others hope to do without."""
    share = np.zeros(len(tajik))
    for country in COUNTRIES:
        for home in HOMES:
            way = destination.is_(country) & (tajik if home == "TJ" else ~tajik)
            share[way] = figures.number("ground_share", country, home)
    return role.is_("worker") & chance(rng, share, len(tajik))
