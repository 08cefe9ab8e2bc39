"""Which place an area of somebody else's map belongs to: by code, by id, else by name, checked against points.

The rules, strongest first:

1. a P-code, SOATE or ISO code or a place id of ours ("pcode", "id");
2. the same name in any language ("name"); letters are compared across scripts and ways of romanising (`fold`);
3. the same name but for words such as district, city, rayon ("name_without_kind");
4. a former name ("former_name");
5. one name is the end of the other: Bobojon Ghafurov, Ghafurov ("part_of_name");
6. nearly the same spelling ("similar_name");
7. no name, but nearly all our settlements inside it belong to one place ("points").

A place whose own point lies more than `FAR_KM` away cannot be it. A name is believed when at least half of the
place's settlements lie inside the area and most settlements inside are the place's own. If no settlement
of the place has a point, its own point inside the area will do, unless another place has that name too. What is
not believed is kept with its doubt; nothing is guessed in silence.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import shapely
from shapely import Point

from safar.atlas.folding import fold, without_kind
from safar.atlas.layer import Area, Shape
from safar.atlas.model import Level, Place
from safar.atlas.places import Places
from safar.atlas.plane import to_km

FAR_KM = 30.0
LEAST_SHARE = 0.5  # of the settlements of a place that must lie inside its area
POINTS_ALONE = 0.8  # of the settlements inside an area that must belong to one place if no name speaks
LEAST_LIKENESS = 0.85  # of two spellings, by difflib
RANKS = ("name", "name_without_kind", "former_name", "part_of_name", "similar_name", "points")


@dataclass(frozen=True)
class Drawn:
    """One area of a file: what its properties say, and its shape in degrees."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    shape: Shape
    level: Level | None  # None: the file does not say


def match_areas(drawn: Sequence[Drawn], places: Places) -> tuple[Area, ...]:
    """An `Area` for each drawn one, in the same order, with its place, how it was found, and what is doubtful."""
    level = _level_of(drawn, places)
    by_level = {name: _Known(places, name) for name in {item.level or level for item in drawn}}
    found = [_match(item, places, by_level[item.level or level]) for item in drawn]
    return tuple(_each_place_once(found))


def _level_of(drawn: Sequence[Drawn], places: Places) -> Level:
    """The level of a file that does not say it: the one at which most of its areas bear a name of ours."""
    levels: tuple[Level, ...] = ("district", "province", "unit")

    def named(level: Level) -> int:
        keys = {
            key(name)
            for place in places.of_level(level)
            for name in _names(place)
            for key in (fold, without_kind)
        }
        return sum(
            any(fold(name) in keys or without_kind(name) in keys for name in item.names) for item in drawn
        )

    return max(levels, key=named)


def _names(place: Place) -> Iterable[str]:
    return (*place.names.values(), *(former.text for former in place.former_names))


class _Known:
    """The places of one level with the points of their settlements, on a plane of kilometres."""

    def __init__(self, places: Places, level: Level) -> None:
        self.places = places.of_level(level)
        self.count: Counter[str] = Counter()
        self._owners: list[str] = []
        points: list[Point] = []
        for place in self.places:
            for village in places.within(place.path):
                if village.level in ("community", "settlement") and (at := point_of(village)) is not None:
                    points.append(at)
                    self._owners.append(place.id)
                    self.count[place.id] += 1
        self._tree = shapely.STRtree(points)

    @cached_property
    def keys(self) -> dict[str, tuple[set[str], set[str], set[str]]]:
        """By place: its names, its names without words of kind, its former names; all folded."""
        return {
            place.id: (
                {fold(name) for name in place.names.values()},
                {without_kind(name) for name in place.names.values()},
                {key for name in place.former_names for key in (fold(name.text), without_kind(name.text))},
            )
            for place in self.places
        }

    def inside(self, shape: Shape) -> Counter[str]:
        """How many settlements of each place lie in the shape (km)."""
        return Counter(self._owners[int(n)] for n in self._tree.query(shape, predicate="intersects"))


def point_of(place: Place) -> Point | None:
    """The place's own point in kilometres, or None."""
    return None if place.lat is None or place.lon is None else to_km(Point(place.lon, place.lat))


def _match(item: Drawn, places: Places, known: _Known) -> Area:
    name = item.names[0] if item.names else " ".join(item.codes)
    area = Area(None, name, item.shape, "none")
    for code in item.codes:
        if (place := by_any_code(places, code)) is not None:
            return replace(area, place_id=place.id, how="id" if code == place.id else "pcode")
    area = _by_name(area, item, known)
    if item.codes and area.place_id is not None and not area.doubt:
        return replace(area, doubt="unknown_code", detail=item.codes[0])
    return area


def by_any_code(places: Places, code: str) -> Place | None:
    """The place with this code or id; a Kyrgyz P-code is a SOATE code with KG for 417."""
    soate = "417" + code.removeprefix("KG") if code.startswith("KG") else code
    for scheme, text in (("pcode", code), ("soate", soate), ("iso_3166_2", code)):
        if (place := places.by_code(scheme, text)) is not None:
            return place
    return places.find(code)


def _by_name(area: Area, item: Drawn, known: _Known) -> Area:
    shape = to_km(item.shape)
    inside = known.inside(shape)
    ranked: list[tuple[int, int, Place]] = []
    for place in known.places:
        own = point_of(place)
        rank = _rank(item.names, known.keys[place.id])
        if rank is not None and (own is None or own.distance(shape) <= FAR_KM):
            ranked.append((rank, -inside[place.id], place))
    ranked.sort(key=lambda entry: entry[:2])
    if not ranked:
        return _by_points(area, inside, known)
    confirmed = [entry for entry in ranked if _confirmed(entry[2], inside, known)]
    rank, _, place = (confirmed or ranked)[0]
    area = replace(area, place_id=place.id, how=RANKS[rank])
    if len(ranked) > 1 and rank > ranked[0][0]:
        return replace(area, doubt="name_of_two", detail=ranked[0][2].id)
    if confirmed:
        return area
    own = point_of(place)
    if len(ranked) == 1 and not known.count[place.id] and own is not None and own.intersects(shape):
        return area
    others = [id for id, _ in inside.most_common(1) if id != place.id]
    if others:
        return replace(area, doubt="points_elsewhere", detail=others[0])
    return replace(area, doubt="name_alone")


def _by_points(area: Area, inside: Counter[str], known: _Known) -> Area:
    for id, number in inside.most_common(1):
        if number >= POINTS_ALONE * inside.total() and number >= LEAST_SHARE * known.count[id]:
            return replace(area, place_id=id, how="points", doubt="points_alone")
    return area


def _confirmed(place: Place, inside: Counter[str], known: _Known) -> bool:
    own = inside[place.id]
    return own > 0 and own == max(inside.values()) and own >= LEAST_SHARE * known.count[place.id]


def _rank(names: Sequence[str], keys: tuple[set[str], set[str], set[str]]) -> int | None:
    """The number in RANKS of the strongest rule by which one of `names` is the place's, or None."""
    same, bare, former = keys
    ranks: list[int] = []
    for name in names:
        key, short = fold(name), without_kind(name)
        every = same | bare | former
        rules = (
            key in same,
            short in bare,
            key in former or short in former,
            any(_ends(short, other) or _ends(other, short) for other in every),
            any(difflib.SequenceMatcher(None, short, other).ratio() >= LEAST_LIKENESS for other in every),
        )
        ranks += [rules.index(True)] if any(rules) else []
    return min(ranks, default=None)


def _ends(long: str, short: str) -> bool:
    """Whether the words of `short` are the last ones of the longer text."""
    return bool(short) and long.endswith(" " + short)


def _each_place_once(found: Sequence[Area]) -> Iterable[Area]:
    """A place goes to the area that fits it best; areas of one code are pieces of one place and all stay."""
    best: dict[str, int] = {}
    for number, area in enumerate(found):
        if area.place_id is not None:
            now = best.setdefault(area.place_id, number)
            if _weight(area) < _weight(found[now]):
                best[area.place_id] = number
    for number, area in enumerate(found):
        if area.place_id is None or best[area.place_id] == number or area.how in ("pcode", "id"):
            yield area
        else:
            yield replace(area, place_id=None, doubt="claimed_twice", detail=area.place_id)


def _weight(area: Area) -> tuple[bool, int]:
    order = ("id", "pcode", *RANKS)
    return bool(area.doubt), order.index(area.how)
