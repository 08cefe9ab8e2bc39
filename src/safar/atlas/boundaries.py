"""Reading an official layer: a GeoJSON file of provinces, districts or units, from whoever drew it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry import shape as geometry_of
from shapely.geometry.base import BaseGeometry

from safar.atlas.layer import Area, Layer, Shape, rounded
from safar.atlas.matching import Drawn, match_areas
from safar.atlas.model import Level
from safar.atlas.places import Places
from safar.atlas.plane import to_degrees, to_km
from safar.atlas.read import read_places
from safar.base import DataError

MOST_MEGABYTES = 64
MOST_AREAS = 5_000
LEAST_DETAIL_KM = 0.2  # finer detail is dropped: no map of ours shows it
HOME = (66.0, 36.0, 81.5, 44.0)  # degrees: Tajikistan and Kyrgyzstan with a margin
WGS84 = re.compile(r"CRS84|EPSG:+4326|WGS ?84", re.IGNORECASE)

LEVELS: Mapping[int, Level] = {1: "province", 2: "district", 3: "unit"}  # by the depth that others count
COUNTRIES = ("TJ", "KG", "TJK", "KGZ")

# Properties in which others keep a code or a name, in small letters.
CODES = ("place_id", "pcode", "p_code", "pcode_or_soate", "soate", "shapeiso", "iso_3166_2", "iso")
NAMES = ("name", "name_en", "name_ru", "name_tg", "name_ky", "name_uz", "shapename")


def read_boundaries(path: Path, *, places: Places | None = None) -> Layer:
    """The areas of a GeoJSON file, each with the place it belongs to (`matching` has the rules).

    `places` are those of the content unless given. Detail finer than 200 m is dropped. Raises DataError, in one
    line, for what is not a GeoJSON file of areas in longitude and latitude within the two countries, or is too
    large. What matches no place or only doubtfully is in `Layer.unmatched` and `Layer.doubtful`.
    """
    features = _features(path, _json(path))
    drawn = [_drawn(path, number, feature) for number, feature in enumerate(features, 1)]
    _check_home(path, drawn)
    areas = match_areas(drawn, places if places is not None else read_places())
    return Layer(tuple(_lighter(areas)), path.name)


def _json(path: Path) -> Any:
    try:
        size = path.stat().st_size
        if size > MOST_MEGABYTES * 2**20:
            raise DataError(f"{path}: {size >> 20} MB; simplify it to less than {MOST_MEGABYTES} MB first")
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise DataError(f"{path}: not UTF-8; save the file as GeoJSON in UTF-8") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataError(f"{path}: not JSON ({str(error)[:80]}); export the layer as GeoJSON again") from None


def _features(path: Path, data: Any) -> list[Mapping[str, Any]]:
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise DataError(f"{path}: not a GeoJSON FeatureCollection; export the layer as GeoJSON")
    crs = json.dumps(data.get("crs"))
    if crs != "null" and not WGS84.search(crs):
        raise DataError(
            f"{path}: projection {crs[:80]}; export it in longitude and latitude (WGS 84, EPSG:4326)"
        )
    features = data.get("features")
    if not isinstance(features, list) or not features:
        raise DataError(f"{path}: holds no areas")
    if len(features) > MOST_AREAS:
        raise DataError(
            f"{path}: {len(features)} areas, more than {MOST_AREAS}; keep one administrative level"
        )
    return features


def _drawn(path: Path, number: int, feature: Any) -> Drawn:
    where = f"{path}, area {number}"
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise DataError(f"{where}: not a GeoJSON Feature")
    told = feature.get("properties") or {}
    if not isinstance(told, dict):
        raise DataError(f"{where}: its properties are not a list of names and values")
    texts = {
        str(key).lower(): str(value).strip() for key, value in told.items() if isinstance(value, str | int)
    }
    depth = _depth(texts)
    shape = _shape(where, feature.get("geometry"))
    return Drawn(_codes(texts, depth), _names(texts, depth), shape, LEVELS.get(depth))


def _codes(texts: Mapping[str, str], depth: int) -> tuple[str, ...]:
    """The area's own codes; those of the units above it are passed over."""
    own = (f"adm{depth}_pcode", f"admin{depth}pcode") if depth else ()
    found = [texts[key] for key in (*own, *CODES) if texts.get(key)]
    return tuple(dict.fromkeys(code for code in found if code.upper() not in COUNTRIES))


def _names(texts: Mapping[str, str], depth: int) -> tuple[str, ...]:
    own = re.compile(rf"adm(in)?{depth}_?(name)?_?[a-z]{{0,2}}\d?")
    names = [texts[key] for key in texts if depth and own.fullmatch(key)]
    names += [texts[key] for key in NAMES if texts.get(key)]
    return tuple(dict.fromkeys(name for name in names if name))


def _depth(texts: Mapping[str, str]) -> int:
    """1 for provinces, 2 for districts, 3 for units, as far as the properties tell; else 0."""
    for depth in (3, 2, 1):
        if any(text and re.match(rf"adm(in)?{depth}", key) for key, text in texts.items()):
            return depth
    kind = texts.get("shapetype", "").upper().removeprefix("ADM")
    return int(kind) if kind in ("1", "2", "3") else 0


def _shape(where: str, geometry: Any) -> Shape:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise DataError(
            f"{where}: {kind or 'nothing'} is drawn where an area (Polygon, MultiPolygon) should be"
        )
    try:
        drawn = shapely.force_2d(geometry_of(geometry))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError):
        raise DataError(
            f"{where}: its coordinates are broken; repair the layer and export it again"
        ) from None
    if not all(map(math.isfinite, drawn.bounds)) or drawn.is_empty:
        raise DataError(f"{where}: its coordinates are broken; repair the layer and export it again")
    mended = _areas_only(drawn if drawn.is_valid else shapely.make_valid(drawn))
    if mended is None:
        raise DataError(f"{where}: its outline encloses nothing; repair the layer and export it again")
    return mended


def _areas_only(drawn: BaseGeometry) -> Shape | None:
    """The polygons of a shape that may hold lines and points as well, or None."""
    parts = list(shapely.get_parts(drawn))
    while any(part.geom_type == "GeometryCollection" for part in parts):
        parts = list(shapely.get_parts(parts))
    whole = shapely.union_all([part for part in shapely.get_parts(parts) if isinstance(part, Polygon)])
    return whole if isinstance(whole, Polygon | MultiPolygon) and not whole.is_empty else None


def _check_home(path: Path, drawn: list[Drawn]) -> None:
    """Refuse what does not lie where the two countries are, and say the likely reason."""
    west, south, east, north = shapely.total_bounds([item.shape for item in drawn])
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 180:
        raise DataError(
            f"{path}: its coordinates are not degrees; export it in longitude and latitude (WGS 84, EPSG:4326)"
        )
    home = shapely.box(*HOME)
    if not any(item.shape.intersects(home) for item in drawn):
        turned = shapely.box(south, west, north, east)
        why = (
            "longitude and latitude seem to be swapped"
            if turned.intersects(home)
            else "another part of the world"
        )
        raise DataError(f"{path}: no area lies in Tajikistan or Kyrgyzstan ({why})")


def _lighter(areas: tuple[Area, ...]) -> Iterator[Area]:
    """The areas without detail that no map of ours shows; edges shared by neighbours stay shared."""
    shapes = [to_km(area.shape) for area in areas]
    if bool(shapely.coverage_is_valid(shapes)):
        light = shapely.coverage_simplify(shapes, LEAST_DETAIL_KM)
    else:
        light = shapely.simplify(shapes, LEAST_DETAIL_KM)
    for area, shape in zip(areas, light, strict=True):
        kept = _areas_only(shapely.make_valid(rounded(to_degrees(shape))))
        yield Area(area.place_id, area.name, kept or area.shape, area.how, area.doubt, area.detail)
