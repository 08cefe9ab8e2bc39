"""A need: why somebody should look at a person, how much harm threatens, and by which day."""

import math
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Array = npt.NDArray[Any]

DAY_UNKNOWN, _LATEST = 99_999, 90_000  # a day number beyond all that the law reaches
_BAN, _LONGEST_BAN, _LARGEST_FINE = 100, 899, 99


@dataclass(frozen=True)
class Need:
    """One danger of one person.

    ``provision`` is the rule to act on: the duty, limit or permission that was missed, or the sanction or sign
    itself. ``act_by`` is the safe day (null where there is no day, or it is over for good); ``days_left`` counts to
    it, negative once it has passed. ``amount`` is the largest fine and ``ban_months`` the longest ban that threaten
    through this rule today. ``because`` names the fact that decides where the status is unknown. ``harm`` orders by
    danger, then ban, then fine; ``priority`` by harm, then day, larger first. ``first``: the person's most pressing.
    """

    person_id: str
    danger: str
    harm: int
    provision: str
    status: str
    act_by: date | None
    days_left: int | None
    amount_low: float | None
    amount_high: float | None
    currency: str | None
    ban_months: int | None
    because: str | None
    priority: int
    first: bool
    left_out: int

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> "Need":
        """A need from a row of a needs table; further columns are passed over."""
        return cls(**{name: row[name] for name in SCHEMA})


SCHEMA = pl.Schema(
    {
        "person_id": pl.String,
        "danger": pl.String,
        "harm": pl.Int16,
        "provision": pl.String,
        "status": pl.String,
        "act_by": pl.Date,
        "days_left": pl.Int32,
        "amount_low": pl.Float64,
        "amount_high": pl.Float64,
        "currency": pl.String,
        "ban_months": pl.Int16,
        "because": pl.String,
        "priority": pl.Int64,
        "first": pl.Boolean,
        "left_out": pl.Int8,
    }
)
assert list(SCHEMA) == [field.name for field in fields(Need)]


def size_of(*, ban: bool, months: int, fine: float | None, unit: float) -> int:
    """How much within a danger, 0 to 999: any ban before any fine, a longer and a larger one first.

    ``unit`` is the mildest fine in the currency of ``fine``.
    """
    if ban:
        return _BAN + min(months, _LONGEST_BAN)
    return 0 if fine is None else min(math.floor(fine / unit), _LARGEST_FINE)


def sizes_of(*, ban: Array, months: Array, fine: Array, unit: float) -> Array:
    """``size_of`` for many; nan for no fine."""
    fines = np.minimum(np.floor(np.nan_to_num(fine) / unit), _LARGEST_FINE)
    return np.where(ban, _BAN + np.minimum(months, _LONGEST_BAN), fines).astype(np.int64)


def soon_of(act_by: int | None, status: str) -> int:
    """How soon, 0 to 99,999: the earlier the day (a day number) the larger; the same from one night to the next.

    First of all stands a day that has passed though nobody knows which it was, last what has no day.
    """
    if act_by is None:
        return DAY_UNKNOWN if status == "overdue" else 0
    return _LATEST - max(0, min(act_by, _LATEST))


def soons_of(act_by: Array, known: Array, status: str) -> Array:
    """``soon_of`` for many who have the same status; ``known`` says who has a day."""
    soon = _LATEST - np.clip(act_by, 0, _LATEST).astype(np.int64)
    return np.where(known, soon, soon_of(None, status))


def harm_of(danger: Any, size: Any) -> Any:
    """Harm as one number, or many: the danger's, then how much."""
    return danger * 1_000 + size


def priority_of(harm: Any, soon: Any) -> Any:
    """Harm and day as one number that sorts, or many."""
    return harm * 100_000 + soon
