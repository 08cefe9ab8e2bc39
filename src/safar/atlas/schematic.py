"""Schematic areas: what a district may look like if all we know are its settlements.

Each settlement gets the ground that is nearer to it than to any other (Voronoi), over all provinces at once, so
neighbours share their edges. The cells of a district are merged and cut off a little beyond the province's
outermost villages. These are no borders: the areas say where a district lies, not where it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import MultiPoint, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from safar.atlas.layer import COMPUTED, Area, Layer, Shape, rounded
from safar.atlas.model import Place
from safar.atlas.plane import KM, to_degrees
from safar.base import DataError

REACH_KM = 12.0  # how far beyond its outermost settlements a province is drawn
BRIDGE_KM = 30.0  # gaps narrower than twice this are filled: mountains between two valleys of one province
LEAST_SETTLEMENTS = 3  # an outlying piece with fewer goes to its neighbour
ROUND = 8  # segments to a quarter of a circle
GRID_KM = 0.01  # lines that are nearer than this are one line
TOLERANCE_KM = 1.2  # how much of a line's detail is given up


@dataclass(frozen=True)
class _Dot:
    x: float  # km
    y: float  # km
    district: str


def _province(district: str) -> str:
    return district.rpartition("-")[0]


def schematic_areas(places: Iterable[Place]) -> Layer:
    """One area for each district that has settlements with a point, the same for the same places.

    Settlements that share a point with one of another district are passed over: the point says nothing then.
    """
    dots = _dots(places)
    if len(dots) < LEAST_SETTLEMENTS:
        raise DataError(
            f"schematic areas need {LEAST_SETTLEMENTS} settlements with a point, there are {len(dots)}"
        )
    pieces = _fitted(_joined(_merged(dots), dots))
    simple = shapely.coverage_simplify(list(pieces.values()), TOLERANCE_KM)
    areas = (
        Area(name, name, rounded(to_degrees(drawn)), COMPUTED)
        for name, drawn in zip(pieces, simple, strict=True)
    )
    return Layer(tuple(areas), "settlements of content/places")


def _dots(places: Iterable[Place]) -> list[_Dot]:
    """Settlements in km on a plane, by district and point; one for each point."""
    at: dict[tuple[float, float], set[str]] = {}
    for place in places:
        if place.level in ("community", "settlement") and place.lat is not None and place.lon is not None:
            at.setdefault((place.lon, place.lat), set()).add("-".join(place.path.split(".")[:3]))
    plain = sorted((next(iter(owners)), point) for point, owners in at.items() if len(owners) == 1)
    return [_Dot(lon * KM[0], lat * KM[1], owner) for owner, (lon, lat) in plain]


def _merged(dots: list[_Dot]) -> dict[str, Shape]:
    """The cells of each district as one shape, cut at the reach of its province."""
    points = MultiPoint([(dot.x, dot.y) for dot in dots])
    frame = points.envelope.buffer(4 * BRIDGE_KM)
    cells = shapely.voronoi_polygons(points, extend_to=frame, ordered=True).geoms
    reach: dict[str, BaseGeometry] = {}
    for province in sorted({_province(dot.district) for dot in dots}):
        own = MultiPoint([(dot.x, dot.y) for dot in dots if _province(dot.district) == province])
        wide = own.buffer(REACH_KM).buffer(BRIDGE_KM, quad_segs=ROUND)
        reach[province] = wide.buffer(-BRIDGE_KM, quad_segs=ROUND)
    found: dict[str, Shape] = {}
    for district in sorted({dot.district for dot in dots}):
        own_cells = [cell for cell, dot in zip(cells, dots, strict=True) if dot.district == district]
        found[district] = _area_of(shapely.union_all(own_cells).intersection(reach[_province(district)]))
    return found


def _joined(districts: Mapping[str, Shape], dots: list[_Dot]) -> dict[str, Shape]:
    """Give each small outlying piece to the district of its province with which it shares the longest edge."""
    own: dict[str, list[Polygon]] = {}
    stray: list[tuple[str, Polygon]] = []
    for name, drawn in districts.items():
        pieces = sorted(getattr(drawn, "geoms", [drawn]), key=lambda piece: -piece.area)
        inside = np.array([(dot.x, dot.y) for dot in dots if dot.district == name]).T
        big = [p for p in pieces[1:] if shapely.contains_xy(p, *inside).sum() >= LEAST_SETTLEMENTS]
        own[name] = [pieces[0], *big]
        stray += [(name, piece) for piece in pieces[1:] if piece not in big]
    for name, piece in sorted(stray, key=lambda item: -item[1].area):
        edges = {
            other: piece.boundary.intersection(shapely.union_all(own[other]).boundary).length
            for other in sorted(own)
            if _province(other) == _province(name)
        }
        best = max(edges, key=lambda other: edges[other])
        own[best if edges[best] > 0 else name].append(piece)
    return {name: _area_of(shapely.union_all(pieces)) for name, pieces in own.items()}


def _fitted(districts: Mapping[str, Shape]) -> dict[str, Shape]:
    """The same areas with every corner known to both sides of an edge, so that they can be simplified together."""
    lines = shapely.union_all([drawn.boundary for drawn in districts.values()], grid_size=GRID_KM)
    faces: dict[str, list[Shape]] = {}
    for face in shapely.get_parts(shapely.polygonize([lines])):
        middle = face.representative_point()
        owner = next((name for name, drawn in districts.items() if drawn.contains(middle)), None)
        if owner is not None:  # None: a gap that areas enclose
            faces.setdefault(owner, []).append(face)
    return {name: _area_of(shapely.union_all(faces[name])) for name in districts}


def _area_of(drawn: object) -> Shape:
    if not isinstance(drawn, Polygon | MultiPolygon):
        raise DataError(f"schematic areas: a district came out as {type(drawn).__name__}, not as an area")
    return drawn
