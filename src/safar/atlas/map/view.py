"""What a map shows: which areas in the middle, which around them, and where they lie on the sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from safar.atlas.layer import Layer
from safar.atlas.model import Level, Place
from safar.atlas.places import Places
from safar.atlas.plane import KM, to_km
from safar.base import DataError

WIDTH = 360.0  # units of the sheet; a telephone shows about one unit a pixel
TALLEST, LOWEST = 420.0, 150.0
MARGIN = 10.0
LEAST_KM = 15.0  # what is smaller is not magnified further
EDGE = 5.0  # units beyond the sheet where areas are cut, so that the cut is not seen
LEAST_ROOM_KM = 3.0  # around the outermost villages of a district
FINEST = 0.5  # units of detail that are kept
MOST_POINTS = 1800  # corners of all areas together; beyond that, detail is given up
BELOW: Mapping[str, tuple[Level, ...]] = {
    "": ("district", "province"),
    "country": ("district", "province"),
    "province": ("district", "province"),
    "district": ("unit", "district"),
}


@dataclass(frozen=True)
class Shown:
    """An area on the sheet, with the place it is."""

    place: Place
    shape: BaseGeometry


@dataclass(frozen=True)
class View:
    """Areas and the way from kilometres to the sheet, whose corner is at the upper left."""

    focus: Place | None
    level: Level
    areas: tuple[Shown, ...]  # the ones the map is about
    around: tuple[Shown, ...]  # their neighbours, cut at the edge of the sheet
    height: float
    scale: float  # units of the sheet for a kilometre
    west: float  # km
    north: float  # km

    @property
    def frame(self) -> Polygon:
        """The sheet."""
        return shapely.box(0, 0, WIDTH, self.height)

    def at(self, place: Place) -> Point | None:
        """Where the place's own point lies, or None if it has none or lies off the sheet."""
        if place.lat is None or place.lon is None:
            return None
        east, north = np.array((place.lon, place.lat)) * KM
        point = Point((east - self.west) * self.scale, (self.north - north) * self.scale)
        return point if self.frame.contains(point) else None


def look(
    places: Places, layer: Layer, focus: Place | None, level: Level | None, points: Iterable[str] = ()
) -> View:
    """The view on `focus` (None: all) with areas of `level` (None: the finest that suits the focus).

    A district is shown as far as its `points` (ids) reach, or its villages if it has none of them.
    """
    drawn: dict[str, BaseGeometry] = {}
    for area in layer.matched:
        id = str(area.place_id)
        drawn[id] = shapely.union(drawn[id], to_km(area.shape)) if id in drawn else to_km(area.shape)
    known = {id: places.get(id) for id in drawn}
    own_level, own = _own(known, drawn, focus, level, places)
    west, south, east, north = _extent(own, focus, places, points)
    wide = max(east - west, LEAST_KM)
    high = max(north - south, LEAST_KM)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
    height = max(LOWEST, high * scale + 2 * MARGIN)
    left = (west + east) / 2 - WIDTH / scale / 2
    top = (south + north) / 2 + height / scale / 2
    own_ids = {place.id for place, _ in own}
    others = _around(known, drawn, own_ids, focus, places)
    light = _lighter([_to_sheet(shape, scale, left, top) for _, shape in (*own, *others)])
    shown = [Shown(place, shape) for (place, _), shape in zip((*own, *others), light, strict=True)]
    cut = [*_cut(shown[: len(own)], height)], [*_cut(shown[len(own) :], height)]
    return View(focus, own_level, tuple(cut[0]), tuple(cut[1]), height, scale, left, top)


def _cut(shown: Iterable[Shown], height: float) -> Iterator[Shown]:
    """The areas without what lies well off the sheet."""
    sheet = shapely.box(-EDGE, -EDGE, WIDTH + EDGE, height + EDGE)
    for one in shown:
        shape = one.shape.intersection(sheet)
        if shape.area > 0:
            yield Shown(one.place, shape)


def _extent(
    own: Sequence[tuple[Place, BaseGeometry]], focus: Place | None, places: Places, points: Iterable[str]
) -> tuple[float, float, float, float]:
    """West, south, east and north in km: of the areas, but of a district only as far as it is lived in."""
    west, south, east, north = shapely.total_bounds([shape for _, shape in own])
    if focus is None or focus.level != "district":
        return west, south, east, north
    inside = [place for place in map(places.get, points) if place.path.startswith(focus.path)]
    lived = [
        Point(place.lon, place.lat)
        for place in (inside if len(inside) > 1 else places.within(focus.path))
        if place.lat is not None and place.lon is not None
    ]
    left, low, right, high = shapely.total_bounds([to_km(point) for point in lived])
    room = max(LEAST_ROOM_KM, 0.15 * (right - left), 0.15 * (high - low))
    return max(west, left - room), max(south, low - room), min(east, right + room), min(north, high + room)


def _own(
    known: Mapping[str, Place],
    drawn: Mapping[str, BaseGeometry],
    focus: Place | None,
    level: Level | None,
    places: Places,
) -> tuple[Level, list[tuple[Place, BaseGeometry]]]:
    """The level that is shown, and the areas of the focus at that level; larger ones are merged from smaller."""
    path = focus.path if focus else ""
    wanted = (level,) if level else BELOW[focus.level if focus else ""]
    for one in wanted:
        inside = [id for id, place in known.items() if place.path.startswith(path) and place.level == one]
        if inside:
            return one, sorted(((known[id], drawn[id]) for id in inside), key=lambda item: item[0].path)
        merged = _merged(known, drawn, path, one, places)
        if merged:
            return one, merged
    raise DataError(f"map: the areas given hold nothing of {path or 'our places'}; load a layer that does")


def _merged(
    known: Mapping[str, Place], drawn: Mapping[str, BaseGeometry], path: str, level: Level, places: Places
) -> list[tuple[Place, BaseGeometry]]:
    found = []
    for place in places.within(path, level) if path else places.of_level(level):
        parts = [drawn[id] for id, part in known.items() if part.path.startswith(place.path)]
        if parts:
            found.append((place, shapely.union_all(parts)))
    return found


def _around(
    known: Mapping[str, Place],
    drawn: Mapping[str, BaseGeometry],
    own: Iterable[str],
    focus: Place | None,
    places: Places,
) -> list[tuple[Place, BaseGeometry]]:
    """Neighbours: districts around a district, else provinces around a province."""
    if focus is None:
        return []
    if focus.level == "district":
        return [
            (known[id], shape)
            for id, shape in drawn.items()
            if id not in own and known[id].level == "district" and not known[id].path.startswith(focus.path)
        ]
    provinces = _merged(known, drawn, "", "province", places)
    return [item for item in provinces if not item[0].path.startswith(focus.path)]


def _to_sheet(shape: BaseGeometry, scale: float, west: float, north: float) -> BaseGeometry:
    return shapely.transform(shape, lambda km: (km - (west, north)) * (scale, -scale))


def _lighter(shapes: list[BaseGeometry]) -> list[BaseGeometry]:
    """The areas with as much detail as the sheet can show and a page should carry."""
    together = bool(shapely.coverage_is_valid(shapes))
    simplify = shapely.coverage_simplify if together else shapely.simplify
    finest, light = FINEST, shapes
    for _ in range(8):
        light = [shapely.make_valid(shape) for shape in simplify(shapes, finest)]
        if shapely.get_num_coordinates(light).sum() <= MOST_POINTS:
            break
        finest *= 1.5
    return light
