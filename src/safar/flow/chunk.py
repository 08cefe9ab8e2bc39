"""A chunk of people as arrays: what everybody's findings say, and the best need of each danger so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from safar.flow.need import Array, priority_of
from safar.law.model import STATUSES
from safar.law.screen import Piece

NO_DAY = NO_MONTHS = -1
_CODE = {status: np.int8(place) for place, status in enumerate(STATUSES)}
_LINES, _NAMES = 2**5, 2**11  # more than a danger has lines and the law has rules
_NOBODY = np.empty(0, dtype=np.int32)
_NOTHING: Mapping[str, tuple[Any, Any]] = {
    "status": (-1, np.int8),
    "due": (NO_DAY, np.int32),
    "low": (np.nan, np.float64),
    "high": (np.nan, np.float64),
    "ban": (np.nan, np.float64),
}


@dataclass(frozen=True)
class Chunk:
    """Findings of ``size`` people, by provision; what is asked for everybody is spread out once."""

    size: int
    pieces: Mapping[str, Piece]
    spread: dict[tuple[str, str], Array] = field(default_factory=dict)

    def who(self, name: str, status: str) -> Array:
        """The people for whom a provision has this status."""
        piece = self.pieces.get(name)
        return _NOBODY if piece is None else piece.where[piece.status == _CODE[status]]

    def has(self, name: str, statuses: Sequence[str], at: Array) -> Array:
        """Whether a provision has one of these statuses, for some of the people."""
        if name not in self.pieces:
            return np.zeros(len(at), dtype=bool)
        return np.isin(self._everybody(name, "status")[at], [_CODE[status] for status in statuses])

    def values(self, name: str, part: str, at: Array) -> Array:
        """A part of a provision for some of the people: a day number, an amount; -1 or nan for nothing."""
        piece = self.pieces.get(name)
        if piece is None or part not in piece.values:
            empty, kind = _NOTHING[part]
            return np.full(len(at), empty, dtype=kind)
        return self._everybody(name, part)[at]

    def _everybody(self, name: str, part: str) -> Array:
        key = (name, part)
        if key not in self.spread:
            piece, (empty, kind) = self.pieces[name], _NOTHING[part]
            everybody = np.full(self.size, empty, dtype=kind)
            everybody[piece.where] = piece.status if part == "status" else piece.values[part]
            self.spread[key] = everybody
        return self.spread[key]


@dataclass(frozen=True)
class Offer:
    """One answer of one rule as needs: ``at`` whom, everything else in the same order.

    ``place`` is that of the danger, ``turn`` that of the line that says so; ``due`` a day number or -1, ``low`` and
    ``high`` amounts or nan, ``months`` of the ban or -1.
    """

    name: str
    status: str
    at: Array
    place: Array
    turn: Array
    harm: Array
    soon: Array
    due: Array
    low: Array
    high: Array
    months: Array

    def only(self, chosen: Array) -> "Offer":
        """The same for some of the people."""
        arrays = {name: value[chosen] for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        return Offer(self.name, self.status, **arrays)


class Best:
    """The best offer by danger and person."""

    def __init__(self, dangers: int, size: int) -> None:
        """Nothing offered yet."""
        self.key = np.zeros((dangers, size), dtype=np.int64)
        self.number = np.zeros((dangers, size), dtype=np.int32)
        self.offers: list[Offer] = []
        self.count = 0

    def take(self, offer: Offer, name: int) -> None:
        """Keep an offer where it is better than what was there.

        Of equal ones the earlier line of the danger is told, then the rule with the smaller ``name`` (a number).
        """
        key = (priority_of(offer.harm, offer.soon) * _LINES + (_LINES - 1 - offer.turn)) * _NAMES + (
            _NAMES - 1 - name
        )
        better = key > self.key[offer.place, offer.at]
        kept = offer.only(better)
        self.key[kept.place, kept.at] = key[better]
        self.number[kept.place, kept.at] = np.arange(self.count, self.count + len(kept.at), dtype=np.int32)
        self.offers.append(kept)
        self.count += len(kept.at)

    def kept(self, at_most: int) -> dict[str, Array]:
        """The parts of the offers that stand, the worst ``at_most`` of each person.

        Beside them: ``offer``, its place in ``offers``; ``first``, whether it is the person's worst; ``left_out``,
        how many milder ones of the person stand back.
        """
        there = self.key > 0
        turn = np.cumsum(there, axis=0)  # dangers come from the worst to the mildest
        left_out = np.broadcast_to(np.maximum(turn[-1] - at_most, 0), there.shape)
        there &= turn <= at_most
        numbers = self.number[there]
        parts = [name for name, value in vars(self.offers[0]).items() if isinstance(value, np.ndarray)]
        kept = {
            name: np.concatenate([getattr(offer, name) for offer in self.offers])[numbers] for name in parts
        }
        lengths = [len(offer.at) for offer in self.offers]
        kept["offer"] = np.repeat(np.arange(len(lengths)), lengths)[numbers]
        return kept | {"first": turn[there] == 1, "left_out": left_out[there]}
