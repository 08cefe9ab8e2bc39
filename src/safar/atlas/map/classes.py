"""Which class a value belongs to: a few classes that a reader can tell apart, and what each one holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST = 5  # classes above zero; more shades than that cannot be told apart


@dataclass(frozen=True)
class Class:
    """One class: its number (0 is the class of nothing but zero) and the least and greatest value it really has."""

    number: int
    low: float
    high: float


def classify(values: Iterable[float | None]) -> tuple[Class, ...]:
    """Classes of about equally many values, from low to high; equal values are never parted.

    Zero is a class of its own: none is another thing than few. Values that are not known are passed over.
    """
    known = sorted(value for value in values if value is not None)
    found = [Class(0, 0, 0)] if 0 in known else []
    rest = [value for value in known if value != 0]
    distinct = sorted(set(rest))
    groups: list[list[float]] = []
    for value in distinct:
        before = rest.index(value)
        if not groups or before * min(MOST, len(distinct)) >= len(groups) * len(rest):
            groups.append([])
        groups[-1].append(value)
    numbers = _spread(len(groups))
    return (*found, *(Class(n, group[0], group[-1]) for n, group in zip(numbers, groups, strict=True)))


def _spread(groups: int) -> list[int]:
    """`groups` numbers over 1..MOST, the ends included; the middle for a single one."""
    return (
        [1 + round(n * (MOST - 1) / max(1, groups - 1)) for n in range(groups)]
        if groups != 1
        else [MOST // 2 + 1]
    )


def class_of(value: float | None, classes: Iterable[Class]) -> Class | None:
    """The class of a value; None for a value that is not known."""
    if value is None:
        return None
    return next((one for one in classes if one.low <= value <= one.high), None)
