"""The official boundaries that somebody loaded, and the layer that maps are drawn from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import shapely
from django.db import transaction
from django.db.models import Count, Max
from shapely import MultiPolygon

from safar.atlas import Layer, Place, Places, read_places, read_schematic_areas
from safar.atlas.layer import Area
from safar.casework.installing import install_places
from safar.records.models import Boundary
from safar.records.models import Place as PlaceRow


@cache
def atlas() -> Places:
    """The places of this installation's content, read once a process."""
    return read_places()


def district_at(path: str) -> Place | None:
    """The country, province or district at a path; None where the content no longer has it."""
    return atlas().find(path.rstrip(".").replace(".", "-"))


@transaction.atomic
def store_boundaries(layer: Layer, *, now: datetime, with_doubtful: bool = False) -> int:
    """Put the areas of an official layer in the place of those there were; the number of places that have one now.

    Doubtful areas are left out unless somebody has looked at them. What an earlier layer of the same name held goes.
    """
    if not PlaceRow.objects.exists():
        install_places(atlas())
    kept = layer.matched if with_doubtful else layer.sure().areas
    by_place: dict[str, list[Area]] = {}
    for area in kept:
        by_place.setdefault(str(area.place_id), []).append(area)
    known = set(PlaceRow.objects.filter(id__in=by_place).values_list("id", flat=True))
    whole = [_whole(areas) for place_id, areas in by_place.items() if place_id in known]
    stored = Layer(tuple(whole), layer.source).geojson()["features"]
    Boundary.objects.filter(layer=layer.source).delete()
    Boundary.objects.filter(place__in=known).delete()
    Boundary.objects.bulk_create(_row(feature, layer.source, now) for feature in stored)
    return len(whole)


def drawn_layer() -> Layer:
    """The areas that maps are drawn from: official ones where they were loaded, schematic ones elsewhere."""
    told = Boundary.objects.aggregate(count=Count("pk"), latest=Max("loaded_at"))
    return _layer_of(told["latest"], told["count"]) if told["count"] else read_schematic()


@cache
def read_schematic() -> Layer:
    """The schematic areas of the content, read once a process."""
    return read_schematic_areas()


@lru_cache(maxsize=2)
def _layer_of(*_stamp: object) -> Layer:
    """The layer in the database; the stamp tells one loading from another."""
    rows = list(
        Boundary.objects.order_by("place__path").values("place_id", "layer", "name", "how", "outline")
    )
    sources = dict.fromkeys(row["layer"] for row in rows)
    official = {"source": ", ".join(sources), "features": [_feature(row) for row in rows]}
    return Layer.from_geojson(official).over(read_schematic())


def _whole(areas: list[Area]) -> Area:
    """The areas of one place as one."""
    first = areas[0]
    if len(areas) == 1:
        return first
    parts = [part for area in areas for part in shapely.get_parts(area.shape)]
    return replace(first, shape=MultiPolygon(shapely.get_parts(shapely.union_all(parts)).tolist()))


def _row(feature: Mapping[str, Any], source: str, now: datetime) -> Boundary:
    told = feature["properties"]
    return Boundary(
        place_id=told["place_id"],
        layer=source,
        name=told["name"],
        how=told["how"],
        outline=feature["geometry"],
        loaded_at=now,
    )


def _feature(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "properties": {name: row[name] for name in ("place_id", "name", "how")},
        "geometry": row["outline"],
    }
