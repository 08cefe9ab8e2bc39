"""Chance and days: seeded streams of random numbers, and arrays of days and of words.

A day is an int32 count of days since 1970-01-01; ``NEVER`` (from safar.base) = surely never happened,
``UNKNOWN`` = nobody told us. All arrays have one entry a person unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from safar.base import NEVER

UNKNOWN = -NEVER
MISSING = -1  # the code of a word that nobody told us

Days: TypeAlias = NDArray[np.int32]
Codes: TypeAlias = NDArray[np.int16]
Flags: TypeAlias = NDArray[np.bool_]
Reals: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Words:
    """A column of text: `codes` point into `words`; -1 is unknown."""

    words: tuple[str, ...]
    codes: Codes

    def is_(self, *wanted: str) -> Flags:
        """Where the column holds one of the words."""
        at = [i for i, word in enumerate(self.words) if word in wanted]
        return np.isin(self.codes, at)


def stream(seed: int, topic: str) -> np.random.Generator:
    """The random numbers of one topic, so that a new topic does not disturb the others."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, crc32(topic.encode())])))


def chance(rng: np.random.Generator, share: float | Reals, size: int) -> Flags:
    """True with probability `share` (one number, or one for each person)."""
    return rng.random(size, dtype=np.float32) < share


def between(rng: np.random.Generator, low: int | Days, high: int | Days, size: int) -> Days:
    """Whole numbers from `low` up to but without `high`; `low` where there is no room."""
    room = np.maximum(np.asarray(high, dtype=np.int64) - low, 1)
    drawn: Days = (low + rng.random(size) * room).astype(np.int32)
    return drawn


def pick(rng: np.random.Generator, weights: Mapping[str, float], size: int) -> Codes:
    """Indices into the keys of `weights`, drawn by weight."""
    shares = np.cumsum(np.array(list(weights.values()), dtype=np.float64))
    drawn = np.searchsorted(shares / shares[-1], rng.random(size), side="right")
    return np.minimum(drawn, len(weights) - 1).astype(np.int16)


def pick_by_group(
    rng: np.random.Generator,
    size: int,
    groups: Sequence[tuple[Flags, Mapping[str, float]]],
    otherwise: str,
) -> Words:
    """A word for each person, drawn by the weights of the group; `otherwise` for those in no group."""
    words: list[str] = [otherwise]
    codes = np.zeros(size, dtype=np.int16)
    for members, weights in groups:
        words.extend(word for word in weights if word not in words)
        at = np.array([words.index(word) for word in weights], dtype=np.int16)
        chosen = np.flatnonzero(members)
        codes[chosen] = at[pick(rng, weights, len(chosen))]
    return Words(tuple(words), codes)


def delayed(
    rng: np.random.Generator,
    start: Days,
    end: Days,
    figure: Callable[[str], float],
) -> Days:
    """The day on which something due after `start` was done, or NEVER.

    `figure` gives `within_days` (the start is day one), `in_time` and `late` (shares) and `late_days`. What
    would fall after `end` has not happened yet.
    """
    size, within = len(start), int(figure("within_days"))
    luck = rng.random(size)
    early = start + between(rng, 0, within, size)
    after = start + within + between(rng, 0, int(figure("late_days")), size)
    on_time, late = figure("in_time"), figure("in_time") + figure("late")
    day = np.where(luck < on_time, early, after)
    return np.where((luck < late) & (day <= end), day, NEVER).astype(np.int32)


def happened(days: Days) -> Flags:
    """Where there is a real day: neither NEVER nor UNKNOWN."""
    real: Flags = (days != NEVER) & (days != UNKNOWN)
    return real
