"""Schematic areas: computed from settlements alone, the same every time, and never taken for borders."""

import json
import random
from pathlib import Path

import pytest
import shapely
from shapely import Point, box
from shapely.geometry import shape

from safar.atlas import Layer, Place, Places, read_schematic_areas, schematic_areas
from safar.base import DataError, content_path

FILE = content_path() / "places" / "areas.geojson"


@pytest.fixture(scope="module")
def computed(places: Places) -> Layer:
    return schematic_areas(places)


def village(n: int, x: float, y: float, district: str = "AA") -> Place:
    return Place(
        f"S{n}", f"TJ.SU.{district}.U00.S{n}.", "settlement", "settlement", None, {}, {}, lat=y, lon=x
    )


def test_the_file_is_what_the_recipe_gives(computed: Layer, areas: Layer) -> None:
    """If settlements or the recipe changed: content/places/README.md says how to write the file anew."""
    now = {area.place_id: area.shape for area in computed}
    stored = {area.place_id: area.shape for area in areas}

    assert stored.keys() == now.keys()
    off = {id: stored[id].symmetric_difference(now[id]).area / now[id].area for id in now}
    assert max(off.values()) < 0.001, max(off, key=lambda id: off[id] or 0)


def test_the_file_is_small_and_says_that_it_is_schematic() -> None:
    told = json.loads(FILE.read_text("utf-8"))

    assert FILE.stat().st_size < 150_000
    assert told["schematic"] is True
    assert all(feature["properties"]["schematic"] is True for feature in told["features"])


def test_the_order_of_the_settlements_does_not_matter(places: Places, computed: Layer) -> None:
    shuffled = list(places)
    random.Random(1).shuffle(shuffled)

    assert schematic_areas(shuffled).text() == computed.text()


def test_every_district_with_a_settlement_has_an_area(places: Places, computed: Layer) -> None:
    with_villages = {
        "-".join(place.path.split(".")[:3])
        for place in places
        if place.level in ("community", "settlement") and place.lat is not None
    }

    assert {area.place_id for area in computed} == with_villages


def test_areas_neither_overlap_nor_leave_slivers_between_neighbours(computed: Layer) -> None:
    shapes = [area.shape for area in computed]

    assert shapely.coverage_is_valid(shapes)
    assert all(each.is_valid for each in shapes)


def test_nearly_every_settlement_lies_in_the_area_of_its_district(places: Places, computed: Layer) -> None:
    """Nearly: edges are simplified, and a lone village inside another district goes to that district."""
    by_id = {area.place_id: area.shape for area in computed}
    villages = [
        (by_id["-".join(place.path.split(".")[:3])], Point(place.lon, place.lat))
        for place in places
        if place.level in ("community", "settlement") and place.lat is not None and place.lon is not None
    ]

    inside = sum(area.intersects(point) for area, point in villages)

    assert inside / len(villages) > 0.95


def test_exclaves_of_several_villages_stay(computed: Layer) -> None:
    pieces = {area.place_id: len(shapely.get_parts(area.shape)) for area in computed}

    assert pieces["TJ-SU-ISF"] == 2
    assert sum(pieces.values()) <= len(pieces) + 6


def test_a_lone_village_beyond_the_neighbours_goes_to_them() -> None:
    own = [village(n, 70 + n / 50, 40) for n in range(5)]
    others = [village(10 + n, 70.2 + n / 50, 40, "BB") for n in range(5)]
    stray = village(99, 70.26, 40.01)

    layer = schematic_areas([*own, *others, stray])

    assert all(area.shape.geom_type == "Polygon" for area in layer)


def test_a_point_shared_by_two_districts_says_nothing() -> None:
    own = [village(n, 70 + n / 50, 40) for n in range(5)]
    others = [village(10 + n, 70.2 + n / 50, 40, "BB") for n in range(5)]
    shared = [village(98, 70.5, 40.3), village(99, 70.5, 40.3, "BB")]

    assert schematic_areas([*own, *others, *shared]).text() == schematic_areas([*own, *others]).text()


def test_too_few_settlements_are_refused() -> None:
    with pytest.raises(DataError, match="need 3 settlements"):
        schematic_areas([village(1, 70, 40)])


# Layers are stored and read again


def test_a_stored_layer_is_read_as_it_was(areas: Layer) -> None:
    again = Layer.from_geojson(json.loads(areas.text()))

    assert again.text() == areas.text()
    assert again.schematic


def test_outlines_turn_as_the_standard_wants() -> None:
    """RFC 7946: the outer ring against the clock."""
    for feature in json.loads(FILE.read_text("utf-8"))["features"]:
        for part in shapely.get_parts(shape(feature["geometry"])):
            assert part.exterior.is_ccw


@pytest.mark.parametrize(
    "stored", [{}, {"features": 3}, {"features": [{}], "source": ""}, {"features": [None], "source": ""}]
)
def test_what_safar_did_not_store_is_refused(stored: dict) -> None:
    with pytest.raises(DataError, match="load the boundaries again"):
        Layer.from_geojson(stored)


def test_a_point_is_not_an_area() -> None:
    stored = {
        "source": "",
        "features": [
            {"properties": {"place_id": "TJ", "name": "", "how": ""},
             "geometry": {"type": "Point", "coordinates": [70, 40]}}
        ],
    }  # fmt: skip

    with pytest.raises(DataError, match="not an area"):
        Layer.from_geojson(stored)


def test_a_missing_file_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="schematic_areas"):
        read_schematic_areas(tmp_path)


def test_an_official_layer_takes_the_place_of_the_schematic_one_by_province(areas: Layer) -> None:
    isfara = next(area for area in areas if area.place_id == "TJ-SU-ISF")
    official = Layer((type(isfara)("TJ-SU-ISF", "Isfara", box(70, 40, 71, 41), "pcode"),), "the office")

    both = official.over(areas)

    sughd = [area for area in both if str(area.place_id).startswith("TJ-SU")]
    assert [area.how for area in sughd] == ["pcode"]
    assert len(both.areas) == 1 + sum(not str(area.place_id).startswith("TJ-SU") for area in areas)
    assert both.schematic
    assert not official.schematic
