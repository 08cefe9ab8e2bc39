"""What goes wrong: offences, bans, the register of controlled persons, unpaid wages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safar.base import NEVER
from safar.world.case import Case
from safar.world.draw import Codes, Days, Flags, Words, between, chance, pick
from safar.world.figures import Figures
from safar.world.traits import COUNTRIES, HOMES

MOST_OFFENCES = 3


@dataclass(frozen=True)
class Trouble:
    """Facts about troubles of N people and their M offences."""

    on_controlled_register: Flags
    banned_until: Days
    unpaid_since: Days
    person: NDArray[np.int64]  # (M,) row of the person, rising
    country: Codes  # (M,) index into COUNTRIES
    kind: Words  # (M,) stay, work, other
    decided_on: Days  # (M,)
    expelled: Flags  # (M,)


def get_into_trouble(case: Case, unlawful: Flags, figures: Figures) -> Trouble:
    """Draw the troubles. `unlawful`: who is abroad now with nothing that carries the stay."""
    rng = case.stream("trouble")
    barred = _barred(rng, case, figures)
    expelled = barred & chance(rng, figures.number("ban_days", "expelled_share"), case.size)
    expelled_on = np.maximum(
        case.end - between(rng, 0, figures.days("ban_days", "leaves_within"), case.size), case.start
    )
    length = np.where(expelled, *(figures.days("ban_days", key) for key in ("expelled", "barred")))
    begin = np.where(expelled, expelled_on, case.end)
    until = np.where(barred, begin + length, NEVER).astype(np.int32)
    rows, day, in_country = _offence_days(rng, case, figures)
    is_expulsion = np.concatenate([np.zeros(len(rows), np.bool_), np.ones(int(expelled.sum()), np.bool_)])
    rows = np.concatenate([rows, np.flatnonzero(expelled)])
    day = np.concatenate([day, expelled_on[expelled]]).astype(np.int32)
    in_country = np.concatenate([in_country, case.traits.destination.codes[expelled]]).astype(np.int16)
    kinds = figures.table("offence_kind")
    codes = pick(rng, kinds, len(rows))
    codes[is_expulsion] = list(kinds).index("stay")
    order = np.lexsort((is_expulsion, day, rows))
    return Trouble(
        on_controlled_register=_listed(rng, case, unlawful, figures),
        banned_until=until,
        unpaid_since=_unpaid(rng, case, figures),
        person=rows[order],
        country=in_country[order],
        kind=Words(tuple(kinds), codes[order]),
        decided_on=day[order],
        expelled=is_expulsion[order],
    )


def _barred(rng: np.random.Generator, case: Case, figures: Figures) -> Flags:
    """People at home who may not enter; the ban that began at their last exit still runs."""
    share = np.zeros(case.size)
    shortest = figures.days("ban_days", "barred")
    possible = ~case.journeys.runs & (case.end + shortest > case.today)
    for home in HOMES:
        mine = case.traits.tajik if home == "TJ" else ~case.traits.tajik
        wanted = figures.number("barred_share", home) * float(mine.sum())
        share[mine] = min(wanted / max(float((mine & possible).sum()), 1.0), 1.0)
    return possible & chance(rng, share, case.size)


def _offence_days(
    rng: np.random.Generator, case: Case, figures: Figures
) -> tuple[NDArray[np.int64], Days, Codes]:
    """Rows, days and countries of ordinary offences: each on some day of some stay of the person."""
    luck = rng.random(case.size)
    share = figures.number("offence_share")
    steps = (1.0, figures.number("offence_more", "second"), figures.number("offence_more", "third"))
    number = sum((luck < share * step).astype(np.int64) for step in steps)
    rows = np.repeat(np.arange(case.size), number)
    stay = (rng.random(len(rows)) * case.journeys.count[rows]).astype(np.int64)
    entered = case.journeys.entered[rows, stay]
    last = np.minimum(case.journeys.left[rows, stay], case.today).astype(np.int32)
    day = between(rng, entered, (last + 1).astype(np.int32), len(rows))
    away = case.journeys.other_country[rows, stay]
    country = np.where(away, 1 - case.traits.destination.codes[rows], case.traits.destination.codes[rows])
    return rows, day, country.astype(np.int16)


def _listed(rng: np.random.Generator, case: Case, unlawful: Flags, figures: Figures) -> Flags:
    """On Russia's register of controlled persons: likelier in a stay that nothing carries."""
    weight = np.where(unlawful, figures.number("controlled_register_weight"), 1.0)
    weight[~case.traits.destination.is_(COUNTRIES[0])] = 0.0
    share = np.zeros(case.size)
    for home in HOMES:
        mine = case.traits.tajik if home == "TJ" else ~case.traits.tajik
        total = max(float(weight[mine].sum()), 1.0)
        wanted = figures.number("controlled_register_share", home) * float((mine & (weight > 0)).sum())
        share[mine] = np.minimum(weight[mine] * wanted / total, 1.0)
    return chance(rng, share, case.size)


def _unpaid(rng: np.random.Generator, case: Case, figures: Figures) -> Days:
    """Since when a worker abroad waits for wages."""
    waits = (
        case.journeys.runs & case.work.works & (case.end - case.start > figures.days("unpaid", "least_days"))
    )
    waits &= chance(rng, figures.number("unpaid", "share"), case.size)
    day = between(
        rng, (case.start + figures.days("unpaid", "least_days") // 2).astype(np.int32), case.end, case.size
    )
    return np.where(waits, day, NEVER).astype(np.int32)
