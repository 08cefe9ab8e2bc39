"""Places: the tree and the numbers in it, names and how sure they are, and official boundaries after a look."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from safar.atlas import read_boundaries
from safar.casework.boundaries import atlas, drawn_layer, read_schematic, store_boundaries
from safar.casework.counting import load_figures
from safar.casework.errors import NotAllowedError, NotThereError
from safar.casework.places import places_page, vague_day
from safar.records.models import Boundary, Organisation, Place, Tally
from tests.casework.conftest import NOW, ON
from tests.casework.test_today import registered

NEEDING = {"TJ.SU.ISF.": 40, "TJ.SU.ASH.": 30, "TJ.KH.KUL.": 3, "TJ.KH.VOS.": 20}


def page(acting, place_id: str = "", language: str = "en"):
    return places_page(acting, place_id, language=language, address=lambda one: f"/places/{one}/")


def tally(register: str, path: str, people: int, danger: str = "fine") -> None:
    Tally.objects.create(
        register=Organisation.objects.get(code=register), home_path=path, corridor="TJ-RU", danger=danger,
        week=None, people=people, reckoned_on=ON,
    )  # fmt: skip


@pytest.fixture
def counted(system) -> None:
    """A night that counted."""
    with system():
        for path, people in NEEDING.items():
            tally("TJ-MS", path, people)
        tally("TJ-MS", "TJ.SU.ISF.", 500, danger="")
        tally("KG-NGO-OSH", "KG.OS.OSH.", 50)
        load_figures(on=ON)


def numbers(shown) -> dict[str, int | None]:
    return {line.place_id: line.number.people for line in shown.lines}


def test_an_officer_sees_places_everywhere_and_numbers_at_home_alone(working, counted) -> None:
    with working("isfara") as acting:
        told = numbers(page(acting))

    assert told["TJ-SU-ISF"] == told["TJ-SU"] == told["TJ"] == NEEDING["TJ.SU.ISF."]
    assert told["TJ-SU-ASH"] is None
    assert told["TJ-KH"] is None
    assert told["KG"] is None


def test_a_place_without_anybody_is_nought_and_not_unknown(working, counted) -> None:
    with working("sughd") as acting:
        told = numbers(page(acting, "TJ-SU"))

    assert told["TJ-SU-ASH"] == NEEDING["TJ.SU.ASH."]
    assert told["TJ-SU-PAN"] == 0


def test_the_files_of_others_are_not_counted(working, counted) -> None:
    with working("lawyer") as acting:
        assert set(numbers(page(acting, "TJ")).values()) == {0}
        assert numbers(page(acting))["KG"] == 50
    with working("sughd") as acting:
        assert numbers(page(acting))["KG"] is None


@pytest.mark.parametrize(("username", "tajik", "kyrgyz"), [("donor", 93, 50), ("admin", 93, 0)])
def test_whoever_sees_only_statistics_is_told_no_small_number(
    working, counted, username: str, tajik: int, kyrgyz: int
) -> None:
    with working(username) as acting:
        shown = page(acting)
        told = numbers(shown)
        whys = {line.place_id: line.number.why for line in shown.lines}

    assert (told["TJ"], told["KG"]) == (tajik, kyrgyz)
    assert told["TJ-KH-KUL"] is None and whys["TJ-KH-KUL"] == "withheld"
    assert told["TJ-KH-VOS"] is None, "else Kulob could be reckoned from Khatlon"


def test_statistics_go_down_to_the_district(working, counted) -> None:
    with working("donor") as acting:
        shown = page(acting, "TJ-SU-ISF")

    assert shown.place.line.number.people == 40
    assert {line.number.why for line in shown.lines} == {"finer"}
    assert not any(line.today for line in shown.lines)


def test_in_a_district_everybody_is_counted_at_home(working, counted) -> None:
    with working("isfara") as acting:
        for days in (200, 150):
            registered(acting, "Раҳимов", days)
        shown = page(acting, "TJ-SU-ISF")

    told = {line.place_id: line for line in shown.lines}
    assert told["TJ-SU-ISF-U01"].number.people == 2
    assert told["TJ-SU-ISF-U01"].today == "place=TJ.SU.ISF.U01."
    assert told["TJ-SU-ISF-U02"].number.people == 0
    assert told["TJ-SU-ISF-U02"].today == ""


def test_without_a_night_nothing_is_told(working) -> None:
    with working("isfara") as acting:
        shown = page(acting)

    assert {line.number.why for line in shown.lines} == {"never"}
    ET.fromstring(shown.map)


@pytest.mark.parametrize("language", ["tg", "ky", "uz", "ru", "en"])
def test_every_kind_of_place_has_its_page_and_map(working, counted, language: str) -> None:
    with working("donor") as acting:
        for place_id in ("TJ", "KG-BA", "KG-BA-KAD", "KG-BA-KAD-U07", "TJ-SU-ISF-003", "TJ-KH-DAN-U10"):
            shown = page(acting, place_id, language)
            assert shown.place.line.place_id == place_id
            drawn = ET.fromstring(shown.map)
            assert drawn.get("lang") == language
            assert {node.get("href") for node in drawn.iter() if node.get("href")}


def test_names_say_how_they_were_come_by(working) -> None:
    with working("isfara") as acting:
        arabqishloq = page(acting, "TJ-SU-ISF-001", "tg")
        sughd = page(acting, "TJ-SU", "tg")
        renamed = page(acting, "KG-BA-KAD-U07", "ky")
        merged = page(acting, "TJ-KH-DAN-U10", "en")

    assert arabqishloq.starred
    assert {one.language: one.by_rule for one in arabqishloq.place.spellings} == {
        "en": False,
        "tg": True,
        "ru": True,
    }
    assert sughd.place.spellings[0].text == "Вилояти Суғд"
    assert renamed.place.former[0].text == "Марказский айылный аймак"
    assert renamed.place.former[0].until == "2022"
    assert merged.place.became.place_id == "TJ-KH-DAN-U05"
    assert merged.place.line.gone


def test_days_are_told_as_surely_as_they_are_known() -> None:
    assert vague_day("en", "2024") == "2024"
    assert vague_day("en", "2024-06") == "June 2024"
    assert vague_day("ru", "2024-06-27") == "27 июня 2024 года"
    assert vague_day("en", "") == ""


def test_a_place_that_is_not_there(working) -> None:
    with working("isfara") as acting, pytest.raises(NotThereError):
        page(acting, "TJ-XX")
    with working("isfara") as acting, pytest.raises(NotThereError):
        page(acting, "SOATE:41705258834010")


def test_a_role_without_places_sees_none(working) -> None:
    with working("isfara") as acting, pytest.raises(NotAllowedError):
        page(replace(acting, role=replace(acting.role, may=frozenset())))


# Official boundaries


def square(code: str, name: str, west: float, south: float) -> dict[str, object]:
    corners = ((0, 0), (0.4, 0), (0.4, 0.4), (0, 0.4), (0, 0))
    ring = [[west + east, south + north] for east, north in corners]
    return {
        "type": "Feature", "properties": {"ADM2_PCODE": code, "ADM2_EN": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip


@pytest.fixture
def layer(tmp_path: Path):
    """Isfara by its code; Asht by its name, under a code that is not ours."""
    path = tmp_path / "official.geojson"
    areas = [square("3505404", "Isfara", 70.5, 39.9), square("3509999", "Asht", 70.3, 40.5)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": areas}))
    return read_boundaries(path, places=atlas())


@pytest.mark.django_db
def test_an_official_layer_takes_the_place_of_the_schematic_one(layer) -> None:
    assert drawn_layer() is read_schematic()

    count = store_boundaries(layer, now=NOW)

    drawn = drawn_layer()
    assert count == 1
    assert Place.objects.filter(level="community").count() == 500, "places are put there if there are none"
    assert {area.how for area in drawn if area.place_id == "TJ-SU-ISF"} == {"pcode"}
    assert drawn.source == "official.geojson"
    assert any(area.place_id == "KG-OS-ALA" for area in drawn), "elsewhere the schematic areas stay"


@pytest.mark.django_db
def test_doubtful_areas_are_loaded_only_when_somebody_says_so(layer) -> None:
    assert [area.place_id for area in layer.doubtful]
    assert store_boundaries(layer, now=NOW) == 1
    assert store_boundaries(layer, now=NOW, with_doubtful=True) == 2
    assert Boundary.objects.count() == 2


@pytest.mark.django_db
def test_the_same_layer_twice_is_once_and_what_it_no_longer_holds_goes(layer) -> None:
    store_boundaries(layer, now=NOW, with_doubtful=True)
    store_boundaries(replace(layer, areas=layer.areas[:1]), now=NOW)

    assert list(Boundary.objects.values_list("place", flat=True)) == ["TJ-SU-ISF"]
