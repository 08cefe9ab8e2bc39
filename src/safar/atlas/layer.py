"""A layer: areas on the map, each belonging to a place, and how we know that it does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping, shape

from safar.base import DataError, content_path

Shape = Polygon | MultiPolygon
COMPUTED = "computed"  # how a schematic area was come by
DECIMALS = 4  # of a degree: about ten metres


@dataclass(frozen=True)
class Area:
    """One area in longitude and latitude (WGS 84).

    `place_id` is the place it belongs to, or None. `how` says by what: "computed", "pcode", "id", "name",
    "name_without_kind", "former_name", "part_of_name", "similar_name", "points" (see `matching`) or "none".
    `doubt` says why a person should look before this is believed, and `detail` names what it is about:

    - "unknown_code": the code `detail` is not ours, the name is;
    - "name_of_two": the place `detail` has that name too;
    - "points_elsewhere": most of our settlements inside belong to the place `detail`;
    - "name_alone": no point of ours speaks for or against it;
    - "points_alone": only points speak for it, no name;
    - "claimed_twice": another area fits the place `detail` better, so this one has none.
    """

    place_id: str | None
    name: str
    shape: Shape
    how: str
    doubt: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Layer:
    """Areas, and the source that is named beside them (a file, an office)."""

    areas: tuple[Area, ...] = field(repr=False)
    source: str = ""

    def __iter__(self) -> Iterator[Area]:
        return iter(self.areas)

    @property
    def schematic(self) -> bool:
        """Whether areas were computed from points: such are not borders, and a map must say so."""
        return any(area.how == COMPUTED for area in self.areas)

    @property
    def matched(self) -> tuple[Area, ...]:
        """Areas that belong to a place, the doubtful ones among them."""
        return tuple(area for area in self.areas if area.place_id is not None)

    @property
    def unmatched(self) -> tuple[Area, ...]:
        """Areas that belong to none of our places."""
        return tuple(area for area in self.areas if area.place_id is None)

    @property
    def doubtful(self) -> tuple[Area, ...]:
        """Areas that a person should look at."""
        return tuple(area for area in self.areas if area.doubt)

    def sure(self) -> Layer:
        """The layer with only those areas that belong to a place beyond doubt."""
        kept = tuple(area for area in self.matched if not area.doubt)
        return Layer(kept, self.source)

    def over(self, base: Layer) -> Layer:
        """Ours, and of `base` what lies in provinces of which we have nothing of the same level."""
        here = {_province_and_level(area) for area in self.matched}
        rest = tuple(area for area in base.matched if _province_and_level(area) not in here)
        return Layer(self.matched + rest, self.source)

    def geojson(self) -> dict[str, Any]:
        """The layer as GeoJSON (RFC 7946), to be stored and read again with `from_geojson`."""
        features = [
            {
                "type": "Feature",
                "properties": _properties(area) | {"schematic": area.how == COMPUTED},
                "geometry": mapping(shapely.orient_polygons(rounded(area.shape))),
            }
            for area in self.areas
        ]  # fmt: skip
        return {
            "type": "FeatureCollection", "schematic": self.schematic, "source": self.source, "features": features,
        }  # fmt: skip

    def text(self) -> str:
        """The GeoJSON as the text of a file, an area a line."""
        told = self.geojson()
        areas = ",\n".join(
            json.dumps(area, ensure_ascii=False, separators=(",", ":")) for area in told.pop("features")
        )
        head = json.dumps(told, ensure_ascii=False)[:-1]
        return f'{head}, "features": [\n{areas}\n]}}\n'

    @classmethod
    def from_geojson(cls, stored: Mapping[str, Any]) -> Layer:
        """The layer that `geojson` wrote; DataError for anything else."""
        try:
            features: Sequence[Mapping[str, Any]] = stored["features"]
            areas = tuple(_area(feature["properties"], feature["geometry"]) for feature in features)
            return cls(areas, str(stored["source"]))
        except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
            raise DataError(f"layer: not as Safar stored it ({error}); load the boundaries again") from None


def _province_and_level(area: Area) -> tuple[str, int]:
    steps = str(area.place_id).split("-")
    return "-".join(steps[:2]), len(steps)


def _properties(area: Area) -> dict[str, Any]:
    """What is worth storing of an area; empty texts are left out."""
    told = {"place_id": area.place_id, "name": area.name, "how": area.how}
    return told | {key: text for key, text in (("doubt", area.doubt), ("detail", area.detail)) if text}


def _area(properties: Mapping[str, Any], geometry: Any) -> Area:
    drawn = shape(geometry)
    if not isinstance(drawn, Polygon | MultiPolygon):
        raise TypeError(f"{drawn.geom_type} is not an area")
    told = (
        properties["name"],
        drawn,
        properties["how"],
        properties.get("doubt", ""),
        properties.get("detail", ""),
    )
    return Area(properties["place_id"], *told)


def rounded(drawn: Shape) -> Shape:
    """The same shape with coordinates of `DECIMALS` places; edges shared with a neighbour stay shared."""
    result: Shape = shapely.transform(drawn, lambda xy: xy.round(DECIMALS))
    return result


def read_schematic_areas(content: Path | None = None) -> Layer:
    """The stored schematic areas of all districts that have settlements (content/places/areas.geojson)."""
    path = (content or content_path()) / "places" / "areas.geojson"
    try:
        return Layer.from_geojson(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}; write it with safar.atlas.schematic_areas") from None
