"""Which counts may be told: small ones are withheld, and as many others as it takes that none can be reckoned back.

A count of 1 to 4 people may point at somebody. Withholding it alone helps little where the others and their sum are
told. So whoever knows all that is told, and that what is withheld is not nothing, is left with at least five different
numbers that each withheld count could be. Figures of two nights can still be compared: who does not want that
publishes less often.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

LEAST = 5  # people: fewer than this are withheld, and so many numbers a withheld count could be

Bounds = dict[str, tuple[float, float]]  # least and greatest


@dataclass(frozen=True)
class Sum:
    """A count that is the sum of others, each by its name."""

    whole: str
    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every count that takes part."""
        return (self.whole, *self.parts)


def withheld(counts: Mapping[str, int], sums: Sequence[Sum]) -> frozenset[str]:
    """The names of the counts that must not be told; counts of nobody are always told.

    ``sums`` must hang together like a tree: no two of them share two counts, and there is no ring of them. ValueError
    where they do, and where one does not add up: nothing could be promised then.
    """
    _check(counts, sums)
    hidden = {name for name, count in counts.items() if 0 < count < LEAST}
    while exposed := _exposed(counts, sums, hidden):
        hidden.add(_next_to_hide(counts, sums, hidden, exposed))
    return frozenset(hidden)


def possible(counts: Mapping[str, int], sums: Sequence[Sum], hidden: Iterable[str]) -> Bounds:
    """The least and the greatest number that each count can be, for whoever knows all but the ``hidden`` ones.

    Exact, because sums like a tree leave nothing to be learned from all of them together that is not learned from one
    after the other.
    """
    unknown = set(hidden)
    bounds: Bounds = {name: (1, inf) if name in unknown else (count, count) for name, count in counts.items()}
    while any(_narrow(one, bounds) for one in sums):
        pass
    return bounds


def _narrow(one: Sum, bounds: Bounds) -> bool:
    """Narrow the bounds of a sum and of its parts by one another; whether anything became narrower."""
    before = [bounds[name] for name in one.names]
    least, most = bounds[one.whole]
    lows, highs = zip(*(bounds[name] for name in one.parts), strict=True)
    least, most = max(least, sum(lows)), min(most, sum(highs))
    bounds[one.whole] = least, most
    for place, name in enumerate(one.parts):
        others_low = sum(lows) - lows[place]
        others_high = sum(highs[:place]) + sum(highs[place + 1 :])
        bounds[name] = max(lows[place], least - others_high), min(highs[place], most - others_low)
    return before != [bounds[name] for name in one.names]


def _exposed(counts: Mapping[str, int], sums: Sequence[Sum], hidden: set[str]) -> str | None:
    """A withheld count that could be fewer than LEAST different numbers, the first by name; or None."""
    bounds = possible(counts, sums, hidden)
    return next((name for name in sorted(hidden) if _width(bounds[name]) < LEAST - 1), None)


def _next_to_hide(counts: Mapping[str, int], sums: Sequence[Sum], hidden: set[str], exposed: str) -> str:
    """The count whose loss costs least and helps: parts before sums, small before large."""
    wholes = {one.whole for one in sums}
    told = sorted(
        (name for name, count in counts.items() if count and name not in hidden),
        key=lambda name: (name in wholes, counts[name], name),
    )
    for name in told:
        if _width(possible(counts, sums, hidden | {name})[exposed]) >= LEAST - 1:
            return name
    near = {name for one in sums if exposed in one.names for name in one.names}
    return next((name for name in told if name in near), told[0])


def _width(bounds: tuple[float, float]) -> float:
    return bounds[1] - bounds[0]


def _check(counts: Mapping[str, int], sums: Sequence[Sum]) -> None:
    """Raise ValueError for sums that do not add up or do not hang together like a tree."""
    group = {name: name for name in counts}

    def root(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    for one in sums:
        if counts[one.whole] != sum(counts[name] for name in one.parts):
            raise ValueError(f"{one.whole} is not the sum of its parts")
        roots = [root(name) for name in one.names]
        if len(set(roots)) < len(roots):
            raise ValueError(f"the sum of {one.whole} closes a ring of sums")
        for name in roots:
            group[name] = roots[0]
