"""Loading official boundaries: keyed by P-code or by name, and refused in one line when something is wrong."""

import json
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from shapely.geometry import mapping

from safar.atlas import Layer, Places, read_boundaries, read_schematic_areas
from safar.base import DataError

SHARED = Path(__file__).resolve().parents[3] / "shared" / "facts" / "places" / "boundaries"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the facts are not beside this checkout")


def square(x: float, y: float, size: float = 0.2) -> dict[str, Any]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def around(id: str) -> dict[str, Any]:
    """An outline that fits a district."""
    return mapping(next(area.shape for area in read_schematic_areas() if area.place_id == id))


ISFARA = around("TJ-SU-ISF")


def file(tmp_path: Path, *areas: tuple[dict[str, Any], Any], **more: Any) -> Path:
    path = tmp_path / "layer.geojson"
    features = [{"type": "Feature", "properties": told, "geometry": shape} for told, shape in areas]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | more), "utf-8")
    return path


# By code


@pytest.mark.parametrize(
    ("properties", "place"),
    [
        ({"ADM2_PCODE": "3505404"}, "TJ-SU-ISF"),
        ({"adm2_pcode": "3505404", "adm1_pcode": "3505000"}, "TJ-SU-ISF"),
        ({"ADM1_PCODE": "3505000"}, "TJ-SU"),
        ({"adm1_pcode": "KG05000000000"}, "KG-BA"),
        ({"admin2Pcode": "KG05214000000"}, "KG-BA-BAT"),
        ({"ADM3_PCODE": "KG05214812000"}, "KG-BA-BAT-U01"),
        ({"pcode": 3505404}, "TJ-SU-ISF"),
        ({"pcode_or_soate": "41705214000000"}, "KG-BA-BAT"),
        ({"shapeISO": "TJ-KT", "shapeType": "ADM1"}, "TJ-KH"),
        ({"place_id": "TJ-SU-ISF"}, "TJ-SU-ISF"),
    ],
)
def test_a_code_is_found_under_the_names_that_others_give_it(
    tmp_path: Path, places: Places, properties: dict[str, Any], place: str
) -> None:
    layer = read_boundaries(file(tmp_path, (properties, ISFARA)), places=places)

    (area,) = layer.areas
    assert area.place_id == place
    assert area.how in ("pcode", "id")
    assert not area.doubt


def test_pieces_with_one_code_all_belong_to_the_place(tmp_path: Path, places: Places) -> None:
    pieces = [({"pcode": "3505404"}, square(x, 40)) for x in (70.1, 70.5)]

    layer = read_boundaries(file(tmp_path, *pieces), places=places)

    assert [area.place_id for area in layer] == ["TJ-SU-ISF"] * 2


def test_a_code_that_is_not_ours_leaves_a_doubt_even_if_the_name_fits(tmp_path: Path, places: Places) -> None:
    told = {"ADM2_PCODE": "TJ9999", "ADM2_EN": "Isfara"}

    (area,) = read_boundaries(file(tmp_path, (told, ISFARA)), places=places).areas

    assert (area.place_id, area.how, area.doubt, area.detail) == (
        "TJ-SU-ISF",
        "name",
        "unknown_code",
        "TJ9999",
    )


# By name


@pytest.mark.parametrize(
    "told",
    [
        {"name": "Isfara"},
        {"NAME": "Исфара"},
        {"shapeName": "ISFARA", "shapeType": "ADM2"},
        {"adm2_ru": "г. Исфара", "adm2_name": "?"},
    ],
)
def test_a_name_is_believed_when_the_villages_inside_agree(
    tmp_path: Path, places: Places, told: dict[str, str]
) -> None:
    (area,) = read_boundaries(file(tmp_path, (told, ISFARA)), places=places).areas

    assert area.place_id == "TJ-SU-ISF"
    assert not area.doubt


def test_a_name_in_another_part_of_the_country_is_not_believed(tmp_path: Path, places: Places) -> None:
    (area,) = read_boundaries(file(tmp_path, ({"name": "Isfara"}, around("TJ-KH-QAB"))), places=places).areas

    assert area.place_id != "TJ-SU-ISF"
    assert area.doubt == "points_alone"


def test_a_name_whose_villages_lie_elsewhere_is_doubtful(tmp_path: Path, places: Places) -> None:
    konibodom = square(70.35, 40.2, 0.1)

    (area,) = read_boundaries(file(tmp_path, ({"name": "Isfara"}, konibodom)), places=places).areas

    assert area.place_id == "TJ-SU-ISF"
    assert area.doubt == "points_elsewhere"
    assert area.detail == "TJ-SU-KON"


def test_villages_alone_make_a_guess_that_is_marked(tmp_path: Path, places: Places) -> None:
    named = [({"name": "Vakhsh"}, around("TJ-KH-VAK")), ({"name": "Panj"}, around("TJ-KH-PNJ"))]

    layer = read_boundaries(file(tmp_path, ({"name": "Area 51"}, ISFARA), *named), places=places)

    assert layer.areas[0].place_id == "TJ-SU-ISF"
    assert layer.areas[0].doubt == "points_alone"


def test_two_areas_cannot_both_be_one_place(tmp_path: Path, places: Places) -> None:
    layer = read_boundaries(
        file(tmp_path, ({"name": "Isfara"}, square(70.3, 40.0, 0.1)), ({"name": "Isfara"}, ISFARA)),
        places=places,
    )

    assert [area.place_id for area in layer] == [None, "TJ-SU-ISF"]
    assert layer.areas[0].doubt == "claimed_twice"
    assert [area.place_id for area in layer.sure()] == ["TJ-SU-ISF"]


# The files of the facts, which have names only


@needs_shared
def test_provinces_of_the_facts_load(places: Places) -> None:
    tj = read_boundaries(SHARED / "tj_provinces.geojson", places=places)
    kg = read_boundaries(SHARED / "kg_provinces.geojson", places=places)

    assert {area.name: area.place_id for area in tj.matched} == {"Khatlon": "TJ-KH", "Leninabad": "TJ-SU"}
    assert {area.place_id for area in kg.matched} == {"KG-BA", "KG-JA", "KG-OS"}
    assert not tj.doubtful
    assert not kg.doubtful
    assert "Osh City" in {area.name for area in kg.unmatched}


@needs_shared
def test_districts_of_tajikistan_load_and_the_doubtful_ones_are_named(places: Places) -> None:
    layer = read_boundaries(SHARED / "tj_districts.geojson", places=places)

    by_name = {area.name: area for area in layer}
    assert by_name["Jilikul"].place_id == "TJ-KH-DUS"  # its former name
    assert by_name["Mir Said Ali Hamadoni"].place_id == "TJ-KH-HAM"
    assert by_name["Qubodiyon"].place_id == "TJ-KH-QAB"
    assert len(layer.sure().areas) == 33
    # Bokhtar is now a city and was a district; outlines that do not fit, see content/places/README.md
    assert {area.name for area in layer.doubtful} == {"Bokhtar", "Qurghonteppa", "Shahritus"}
    assert by_name["Dushanbe" if "Dushanbe" in by_name else "Varzob"].place_id is None


@needs_shared
def test_districts_of_kyrgyzstan_load_and_no_namesake_is_taken(places: Places) -> None:
    layer = read_boundaries(SHARED / "kg_districts.geojson", places=places)

    by_name = {area.name: area.place_id for area in layer}
    assert len(layer.sure().areas) == 24
    assert not layer.doubtful
    assert by_name["Batken"] == "KG-BA-BAT"
    assert by_name["Jalal-Abad"] == "KG-JA-JAC"  # now Manas
    assert by_name["Manas"] is None  # a rayon of Talas
    assert by_name["Karakol"] is None  # not Kara-Kul


@needs_shared
@pytest.mark.parametrize("name", ["tj_districts", "kg_districts", "tj_provinces", "kg_provinces"])
def test_a_loaded_layer_can_be_stored(places: Places, name: str) -> None:
    layer = read_boundaries(SHARED / f"{name}.geojson", places=places)

    again = Layer.from_geojson(json.loads(layer.text()))

    assert again.text() == layer.text()
    assert len(layer.text()) < 150_000


@needs_shared
def test_schematic_areas_lie_where_the_districts_do(places: Places) -> None:
    """content/places/README.md tells how well: the share of ground in both of the ground in either."""
    schematic = {area.place_id: area.shape for area in read_schematic_areas()}
    drawn = [
        area
        for name in ("tj_districts", "kg_districts")
        for area in read_boundaries(SHARED / f"{name}.geojson", places=places).sure()
        if area.place_id in schematic
    ]

    shares = [
        area.shape.intersection(schematic[area.place_id]).area
        / area.shape.union(schematic[area.place_id]).area
        for area in drawn
    ]

    assert len(shares) == 50
    assert 0.57 < median(shares) < 0.62
    assert min(shares) > 0.15


# Refused, with the mend in one line


def refuses(path: Path, places: Places) -> str:
    with pytest.raises(DataError) as told:
        read_boundaries(path, places=places)
    message = str(told.value)
    assert "\n" not in message
    assert path.name in message
    return message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a GeoJSON FeatureCollection"),
        ('{"type": "Topology"}', "not a GeoJSON FeatureCollection"),
        ('{"type": "FeatureCollection"}', "holds no areas"),
        ('{"type": "FeatureCollection", "features": []}', "holds no areas"),
        ('{"type": "FeatureCollection", "features": [7]}', "not a GeoJSON Feature"),
    ],
)
def test_what_is_not_geojson(tmp_path: Path, places: Places, text: str, told: str) -> None:
    path = tmp_path / "layer.geojson"
    path.write_text(text, "utf-8")

    assert told in refuses(path, places)


def test_what_is_not_text(tmp_path: Path, places: Places) -> None:
    path = tmp_path / "layer.shp"
    path.write_bytes(b"\x00\x00\x27\x0a\xff\xfe")

    assert "UTF-8" in refuses(path, places)


def test_a_file_that_is_not_there(tmp_path: Path, places: Places) -> None:
    assert "cannot be read" in refuses(tmp_path / "none.geojson", places)


def test_a_huge_file_is_not_even_opened(tmp_path: Path, places: Places) -> None:
    path = tmp_path / "huge.geojson"
    with path.open("wb") as out:
        out.truncate(80 * 2**20)

    assert "80 MB" in refuses(path, places)


def test_too_many_areas(tmp_path: Path, places: Places) -> None:
    path = file(tmp_path, *[({}, None)] * 5001)

    assert "5001 areas" in refuses(path, places)


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (None, "nothing is drawn"),
        ({"type": "Point", "coordinates": [70, 40]}, "Point is drawn"),
        ({"type": "LineString", "coordinates": [[70, 40], [71, 41]]}, "LineString is drawn"),
        ({"type": "Polygon", "coordinates": []}, "coordinates are broken"),
        ({"type": "Polygon", "coordinates": [[[70, 40], [71, 41]]]}, "coordinates are broken"),
        (
            {"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4], [5, 6]]]},
            "coordinates are broken",
        ),
        ({"type": "Polygon"}, "coordinates are broken"),
        ({"type": "Polygon", "coordinates": 5}, "coordinates are broken"),
        ({"type": "Polygon", "coordinates": [[[70, 40], [71, 41], [70, 40], [70, 40]]]}, "encloses nothing"),
    ],
)
def test_what_is_not_an_area_is_named_by_its_number(
    tmp_path: Path, places: Places, shape: Any, told: str
) -> None:
    message = refuses(file(tmp_path, ({"name": "Isfara"}, ISFARA), ({"name": "x"}, shape)), places)

    assert "area 2" in message
    assert told in message


def test_a_projection_that_is_named(tmp_path: Path, places: Places) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32642"}}

    assert "export it in longitude and latitude" in refuses(file(tmp_path, ({}, ISFARA), crs=crs), places)


def test_wgs84_may_be_named(tmp_path: Path, places: Places) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}

    assert read_boundaries(file(tmp_path, ({"name": "Isfara"}, ISFARA), crs=crs), places=places).matched


def test_metres_instead_of_degrees(tmp_path: Path, places: Places) -> None:
    assert "not degrees" in refuses(file(tmp_path, ({}, square(500_000, 4_400_000, 9_000))), places)


def test_swapped_longitude_and_latitude(tmp_path: Path, places: Places) -> None:
    assert "swapped" in refuses(file(tmp_path, ({}, square(40, 70))), places)


def test_another_part_of_the_world(tmp_path: Path, places: Places) -> None:
    assert "another part of the world" in refuses(file(tmp_path, ({}, square(10, 10))), places)


def test_an_outline_that_crosses_itself_is_mended(tmp_path: Path, places: Places) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[70.2, 39.7], [71, 40.5], [71, 39.7], [70.2, 40.5], [70.2, 39.7]]],
    }

    (area,) = read_boundaries(file(tmp_path, ({"pcode": "3505404"}, bow)), places=places).areas

    assert area.shape.is_valid
    assert area.shape.area > 0


def test_heights_are_dropped(tmp_path: Path, places: Places) -> None:
    high = {
        "type": "Polygon",
        "coordinates": [[[*point, 900.0] for point in square(70, 40)["coordinates"][0]]],
    }

    (area,) = read_boundaries(file(tmp_path, ({"pcode": "3505404"}, high)), places=places).areas

    assert not area.shape.has_z


def test_no_detail_is_kept_that_no_map_shows(tmp_path: Path, places: Places) -> None:
    wavy = [[70.2 + n / 5000, 39.7 + (n % 2) * 1e-4] for n in range(4000)]
    shape = {"type": "Polygon", "coordinates": [[*wavy, [71, 40.5], [70.2, 40.5], [70.2, 39.7]]]}

    (area,) = read_boundaries(file(tmp_path, ({"pcode": "3505404"}, shape)), places=places).areas

    assert len(area.shape.exterior.coords) < 20  # type: ignore[union-attr]
