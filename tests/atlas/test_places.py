"""The tree of places: every place lies where its path says, and is found by id, path and code."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from safar.atlas import LANGUAGES, Place, Places, path_range
from safar.atlas.model import LEVELS
from safar.base import DataError


def test_the_tree_holds_what_the_content_lists(places: Places) -> None:
    count = Counter(place.level for place in places)

    assert count["country"] == 2
    assert count["province"] == 5
    assert count["district"] == 68
    assert count["community"] == 500
    assert Counter(p.path[:5] for p in places.of_level("community")) == {
        "TJ.SU": 158, "TJ.KH": 222, "KG.OS": 57, "KG.BA": 20, "KG.JA": 43,
    }  # fmt: skip


def test_a_community_lies_in_its_district_province_and_country(places: Places) -> None:
    village = places.get("KG-BA-KAD-001")

    above = places.ancestors(village)

    assert [place.level for place in above] == ["country", "province", "district", "unit"]
    assert [place.id for place in above[:3]] == ["KG", "KG-BA", "KG-BA-KAD"]
    assert above[-1].kind == "aiyl_aimak"
    assert village in places.children(above[-1])


def test_paths_are_prefixes_and_sort_the_tree(places: Places) -> None:
    paths = [place.path for place in places]

    assert paths == sorted(paths)
    assert all(path.endswith(".") and path.replace(".", "").isalnum() and path.isascii() for path in paths)
    for place in places:
        if place.parent is not None:
            parent = places.get(place.parent)
            assert place.path.startswith(parent.path)
            assert LEVELS.index(place.level) > LEVELS.index(parent.level)


def test_a_scope_is_a_range_of_paths(places: Places) -> None:
    low, high = path_range("TJ.SU.ISF.")

    inside = [place for place in places if low <= place.path < high]

    assert inside == list(places.within("TJ.SU.ISF."))
    assert all(place.id == "TJ-SU-ISF" or "TJ-SU-ISF" in place.path.replace(".", "-") for place in inside)
    assert len(places.within("TJ.SU.ISF.", "community")) == 15


def test_one_district_is_never_within_another_whose_code_it_begins_with(places: Places) -> None:
    ranges = sorted(path_range(place.path) for place in places.of_level("district"))

    assert all(high <= low for (_, high), (low, _) in pairwise(ranges))


def test_a_village_without_a_known_unit_lies_in_u00_which_has_no_name(places: Places) -> None:
    village = places.get("TJ-SU-ISF-001")

    unit = places.get(str(village.parent))

    assert village.path == "TJ.SU.ISF.U00.001."
    assert (unit.id, unit.level, unit.kind) == ("TJ-SU-ISF-U00", "unit", "not_known")
    assert unit.name_in("tg").how == "none"


def test_a_village_of_a_town_and_a_jamoat_of_one_name_goes_by_its_kind(places: Places) -> None:
    town = places.get("GN:1221758")  # Ghonchi, a town; a jamoat has the same name

    assert places.get(str(town.parent)).kind == "town"


def test_a_place_is_found_by_id_path_and_code(places: Places) -> None:
    isfara = places.get("TJ-SU-ISF")

    assert places.at("TJ.SU.ISF.") is isfara
    assert places.by_code("pcode", "3505404") is isfara
    assert places.by_code("pcode", "KG05214000000") is places.get("KG-BA-BAT")
    assert places.by_code("soate", "41705214000000") is places.get("KG-BA-BAT")
    assert places.by_code("iso_3166_2", "TJ-KT") is places.get("TJ-KH")
    assert places.by_code("geonames", "8277165") is places.get("TJ-SU-ISF-001")


def test_a_community_is_found_by_the_id_of_its_settlement_too(places: Places) -> None:
    assert places.get("GN:8277165").id == "TJ-SU-ISF-001"


def test_no_code_stands_for_two_places(places: Places) -> None:
    codes = Counter(item for place in places for item in place.codes.items())

    assert [item for item, times in codes.items() if times > 1] == []


@pytest.mark.parametrize("id", ["TJ-SU-XXX", "", "TJ.SU."])
def test_an_unknown_id_is_refused_by_name(places: Places, id: str) -> None:
    assert places.find(id) is None
    with pytest.raises(DataError, match="there is no place"):
        places.get(id)


@pytest.mark.parametrize("path", ["TJ.SU", "TJ.SU.XXX.", "", "ZZ."])
def test_an_unknown_path_is_refused_by_name(places: Places, path: str) -> None:
    with pytest.raises(DataError, match="nothing lies at"):
        places.at(path)


# Names


def test_a_reader_gets_the_name_in_their_language_if_a_source_has_it(places: Places) -> None:
    khujand = places.get("TJ-SU-KHU")

    assert khujand.name_in("tg").text == "Хуҷанд"
    assert (khujand.name_in("tg").language, khujand.name_in("tg").how) == ("tg", "given")


def test_else_in_russian_then_in_english_and_is_told_which(places: Places) -> None:
    isfara = places.get("TJ-SU-ISF")

    name = isfara.name_in("ky")

    assert (name.text, name.language, name.how) == ("г. Исфара", "ru", "given")


def test_a_name_spelled_by_rule_says_so(places: Places) -> None:
    name = places.get("TJ-SU-ISF-001").name_in("tg")  # only Arabqishloq is known

    assert (name.text, name.language, name.how) == ("Арабқишлоқ", "tg", "rule")


def test_uzbek_readers_get_russian_since_no_source_has_uzbek_names(places: Places) -> None:
    assert not any("uz" in place.names for place in places if place.level != "country")
    assert places.get("TJ-SU-ISF").name_in("uz").language == "ru"


def test_every_named_place_has_a_name_for_every_reader(places: Places) -> None:
    nameless = {place.kind for place in places for lang in LANGUAGES if not place.name_in(lang).text}

    assert nameless == {"not_known"}


def test_names_and_how_we_know_them_go_together(places: Places) -> None:
    assert all(place.names.keys() == place.name_how.keys() for place in places)
    assert not any(
        place.name_how[language] == "rule" for place in places for language in place.names if language == "en"
    )


# Dates


@pytest.mark.parametrize(
    ("since", "until", "day", "there"),
    [
        ("", "", date(2026, 11, 24), True),
        ("2024-06-27", "", date(2024, 6, 26), False),
        ("2024-06-27", "", date(2024, 6, 27), True),
        ("", "2024-06-27", date(2024, 6, 26), True),
        ("", "2024-06-27", date(2024, 6, 27), False),
        ("", "2024", date(2023, 12, 31), True),
        ("", "2024", date(2024, 5, 1), None),
        ("", "2024", date(2025, 1, 1), False),
        ("2018-02", "", date(2018, 2, 28), None),
        ("2018-02", "", date(2018, 3, 1), True),
    ],
)
def test_a_vague_date_gives_no_false_assurance(since: str, until: str, day: date, there: bool | None) -> None:
    place = Place("X", "X.", "unit", "jamoat", None, {}, {}, valid_from=since, valid_until=until)

    assert place.valid_on(day) is there


def test_population_has_its_year_and_source(places: Places) -> None:
    known = [place for place in places if place.population is not None and place.level != "settlement"]

    assert known
    assert all(place.population_year and place.population_source for place in known)
