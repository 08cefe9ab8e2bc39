"""When people went and came back: up to six stays a person, with season and with gaps in the register."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from safar.base import NEVER
from safar.world.draw import UNKNOWN, Days, Flags, Reals, between, chance, stream
from safar.world.figures import Figures
from safar.world.traits import COUNTRIES, Traits

MOST_STAYS = 6
MARGIN = 800  # days of calendar before and after the window


@dataclass(frozen=True)
class Journeys:
    """Stays of N people in order of time; places that are not used hold NEVER in `entered`.

    The truth and what the register knows are kept apart: `left` is the truth (NEVER while a stay runs),
    `noted_left` has UNKNOWN where nobody noted the exit.
    """

    entered: Days  # (N, 6)
    left: Days  # (N, 6)
    noted_left: Days  # (N, 6)
    other_country: Flags  # (N, 6) the stay was in the other country of destination
    count: NDArray[np.int64]  # (N,) 1 to 6

    def _latest(self, table: Days) -> Days:
        rows = np.arange(len(self.count))
        latest: Days = table[rows, self.count - 1]
        return latest

    @cached_property
    def last_entered(self) -> Days:
        """Entry of the latest stay."""
        return self._latest(self.entered)

    @cached_property
    def last_left(self) -> Days:
        """Exit of the latest stay, NEVER while it runs."""
        return self._latest(self.left)

    @cached_property
    def last_noted(self) -> Days:
        """Exit of the latest stay as far as anybody noted it."""
        return self._latest(self.noted_left)

    @cached_property
    def runs(self) -> Flags:
        """Who is abroad."""
        running: Flags = self.last_left == NEVER
        return running


@dataclass(frozen=True)
class Season:
    """A clock that runs faster in the months of departure; one unit is one average day."""

    first: int  # day number of cumulative[0]
    cumulative: Reals

    def at(self, day: Days) -> Reals:
        """Clock time at the end of a day."""
        found: Reals = self.cumulative[np.clip(day - self.first, 0, len(self.cumulative) - 1)]
        return found

    def day(self, time: Reals) -> Days:
        """The first day at whose end the clock shows `time` or more."""
        return (self.first + np.searchsorted(self.cumulative, time)).astype(np.int32)


def travel(traits: Traits, seed: int, today: int, figures: Figures) -> Journeys:
    """Let everybody travel from the start of the window until `today`."""
    rng, size = stream(seed, "journeys"), len(traits.female)
    season = _season(today, figures)
    entered = np.full((size, MOST_STAYS), NEVER, dtype=np.int32)
    left = np.full((size, MOST_STAYS), NEVER, dtype=np.int32)
    depart = _first_departure(rng, traits, season, today, figures)
    going = np.ones(size, dtype=np.bool_)
    for trip in range(MOST_STAYS):
        back = depart + _length(rng, traits, figures) - 1
        over = going & (back < today)
        entered[going, trip] = depart[going]
        left[over, trip] = back[over]
        depart = _next_departure(rng, traits, season, back, figures)
        going = over & (depart <= today)
    count = (entered != NEVER).sum(axis=1)
    return _as_noted(rng, entered, left, count, figures)


def _season(today: int, figures: Figures) -> Season:
    """The clock over the window and its margins."""
    first = today - figures.days("window_days", "with_ground") - MARGIN
    days = np.arange(first, today + MARGIN).astype("datetime64[D]")
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    weights: Reals = np.array(figures.value("departures_by_month"), dtype=np.float64)
    speed = weights[month] * 12 / weights.sum()
    return Season(first, np.cumsum(speed))


def _first_departure(
    rng: np.random.Generator, traits: Traits, season: Season, today: int, figures: Figures
) -> Days:
    """The first day of the first stay: never after yesterday."""
    size = len(traits.female)
    window = np.where(
        traits.ground, *(figures.days("window_days", key) for key in ("with_ground", "without"))
    ).astype(np.int32)
    early = chance(rng, figures.number("early_start_share"), size)
    start = today - window
    room = np.where(early, window // 3, window).astype(np.int32)
    begin = between(rng, start, start + room, size)
    ahead = season.at(np.full(size, today - 1, dtype=np.int32)) - season.at(begin)
    mean = figures.number("home_wait_days")
    luck = rng.random(size)
    wait = -mean * np.log1p(-luck * -np.expm1(-ahead / mean))  # exponential, cut off at `ahead`
    return np.minimum(season.day(season.at(begin) + wait), today - 1).astype(np.int32)


def _length(rng: np.random.Generator, traits: Traits, figures: Figures) -> Days:
    """Days of a stay, entry and exit day included."""
    size = len(traits.female)
    median, sigma = figures.number("spell_median_days"), figures.number("spell_spread", "sigma")
    spell = np.exp(np.log(median) + sigma * rng.standard_normal(size))
    spell = np.clip(spell, 1, figures.number("spell_spread", "longest_days")).astype(np.int32)
    visit = np.empty(size, dtype=np.int32)
    kept = np.empty(size)
    for country in COUNTRIES:
        there = traits.destination.is_(country)
        low, high = (figures.days("visit_days", country, key) for key in ("low", "high"))
        visit[there] = between(rng, low, high + 1, int(there.sum()))
        kept[there] = figures.number("visit_kept_share", country)
    student = traits.role.is_("student")
    in_time = ~traits.ground & ~student & chance(rng, kept, size)
    return np.where(in_time, visit, spell).astype(np.int32)


def _next_departure(
    rng: np.random.Generator, traits: Traits, season: Season, back: Days, figures: Figures
) -> Days:
    """When somebody who came `back` goes again: with the season, or at once to start a new count."""
    size = len(back)
    wait = rng.exponential(figures.number("home_wait_days"), size)
    later = np.maximum(season.day(season.at(back) + wait), back + 1)
    share = np.where(
        traits.ground, *(figures.number("border_run_share", key) for key in ("with_ground", "without"))
    )
    gap = between(rng, 1, figures.days("border_run_days", "longest") + 1, size)
    gap[chance(rng, figures.number("border_run_days", "same_day"), size)] = 0
    return np.where(chance(rng, share, size), back + gap, later).astype(np.int32)


def _as_noted(
    rng: np.random.Generator,
    entered: Days,
    left: Days,
    count: NDArray[np.int64],
    figures: Figures,
) -> Journeys:
    """Forget some exits and send some earlier stays to the other country."""
    place = np.arange(MOST_STAYS)[None, :]
    earlier, latest = place < count[:, None] - 1, place == count[:, None] - 1
    luck = rng.random(entered.shape, dtype=np.float32)
    lost = (earlier & (luck < figures.number("exit_unknown_share", "earlier"))) | (
        latest & (luck < figures.number("exit_unknown_share", "latest"))
    )
    other = earlier & (rng.random(entered.shape, dtype=np.float32) < figures.number("other_country_share"))
    noted = np.where(lost, UNKNOWN, left).astype(np.int32)
    return Journeys(entered, left, noted, other, count)
