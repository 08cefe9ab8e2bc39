"""All places as one tree, sorted by path."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from safar.atlas.model import Level, Place, path_range
from safar.base import DataError


@dataclass(frozen=True)
class Places:
    """The tree. `all` is sorted by path, so a place comes before what lies in it.

    `also` leads from a second id of a place to its own: a community is found by the id of its settlement too.
    """

    all: tuple[Place, ...] = field(repr=False)
    also: Mapping[str, str] = field(repr=False)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def find(self, id: str) -> Place | None:
        """The place with this id, or None."""
        return self._by_id.get(self.also.get(id, id))

    def get(self, id: str) -> Place:
        """The place with this id; DataError if there is none."""
        place = self.find(id)
        if place is None:
            raise DataError(f"places: there is no place {id!r}; ids are those of content/places")
        return place

    def at(self, path: str) -> Place:
        """The place with this path; DataError if there is none."""
        at = bisect_left(self._paths, path)
        if at == len(self.all) or self._paths[at] != path:
            raise DataError(f"places: nothing lies at {path!r}; a path looks like TJ.SU.ISF.")
        return self.all[at]

    def by_code(self, scheme: str, code: str) -> Place | None:
        """The place with this code (schemes: see Place), or None."""
        return self._by_code.get((scheme, code))

    def ancestors(self, place: Place) -> tuple[Place, ...]:
        """What the place lies in, country first, itself left out."""
        steps = place.path.rstrip(".").split(".")[:-1]
        return tuple(self.at(".".join(steps[: n + 1]) + ".") for n in range(len(steps)))

    def children(self, place: Place) -> tuple[Place, ...]:
        """What lies directly in the place, by path."""
        return tuple(self._children[place.id])

    def within(self, path: str, level: Level | None = None) -> tuple[Place, ...]:
        """All that lies at or below `path`, by path; of one level if `level` is given."""
        low, high = path_range(path)
        found = self.all[bisect_left(self._paths, low) : bisect_left(self._paths, high)]
        return found if level is None else tuple(place for place in found if place.level == level)

    def of_level(self, level: Level) -> tuple[Place, ...]:
        """Every place of one level, by path."""
        return tuple(place for place in self.all if place.level == level)

    def successor(self, place: Place) -> Place:
        """The place that this one went into, step by step; itself if it went into none."""
        seen = {place.id}
        while place.merged_into is not None:
            place = self.get(place.merged_into)
            if place.id in seen:
                raise DataError(f"places: {place.id} is merged into itself in a ring; mend changes.csv")
            seen.add(place.id)
        return place

    @cached_property
    def _paths(self) -> list[str]:
        return [place.path for place in self.all]

    @cached_property
    def _by_id(self) -> dict[str, Place]:
        return {place.id: place for place in self.all}

    @cached_property
    def _by_code(self) -> dict[tuple[str, str], Place]:
        return {item: place for place in self.all for item in place.codes.items()}

    @cached_property
    def _children(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = defaultdict(list)
        for place in self.all:
            if place.parent is not None:
                found[place.parent].append(place)
        return found
