"""Maps as SVG: small, silent for the network, legible without colour, usable by keyboard and screen reader."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import safar.atlas.map
from safar.atlas import MAP_WORDS, Layer, Place, Places, draw_map
from safar.atlas.map.classes import class_of, classify
from safar.atlas.map.labels import extent
from safar.base import DataError

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {key: f"⟨{key}⟩" for key in MAP_WORDS} | {
    "title": "⟨title⟩ {place}", "description": "⟨description⟩", "value": "{number} ⟨people⟩",
    "kilometres": "{number} ⟨km⟩", "boundaries": "⟨boundaries⟩ {source}",
}  # fmt: skip
PROVINCES = ("TJ-SU", "TJ-KH", "KG-OS", "KG-BA", "KG-JA")
LANGUAGES = ("tg", "ky", "ru", "uz", "en")


def values(places: Places) -> dict[str, float | None]:
    """A made-up figure for each district: none for some, not known for others."""
    districts = places.of_level("district")
    return {d.id: None if n % 11 == 5 else float((n * 37) % 23 * n) for n, d in enumerate(districts)}


def dots(places: Places) -> dict[str, float | None]:
    return {place.id: float(n % 40 + 1) for n, place in enumerate(places.of_level("community"))}


def page_of(place: Place) -> str:
    return f"/places/{place.id}"


def read(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def texts(root: ET.Element, class_: str) -> list[str]:
    return ["".join(node.itertext()) for node in root.iter() if class_ in (node.get("class") or "").split()]


# What a page may carry


@pytest.mark.parametrize("province", PROVINCES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_province_with_all_its_communities_is_small(
    places: Places, areas: Layer, province: str, language: str
) -> None:
    svg = draw_map(
        places, areas, values=values(places), points=dots(places), focus=province, language=language,
        words=WORDS, href=page_of,
    )  # fmt: skip

    assert len(svg.encode()) < 60_000


@pytest.mark.parametrize("focus", [None, "TJ", "TJ-KH", "KG-BA-KAD", "TJ-SU-ISF-003"])
def test_nothing_runs_and_nothing_is_fetched(places: Places, areas: Layer, focus: str | None) -> None:
    svg = draw_map(
        places, areas, values=values(places), points=dots(places), focus=focus, language="tg", words=WORDS,
        href=page_of,
    )  # fmt: skip

    root = read(svg)
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {
        "svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "g", "a", "text", "tspan",
    }  # fmt: skip
    attributes = {(name, value) for node in root.iter() for name, value in node.items()}
    assert not any(name == "style" or name.startswith("on") for name, _ in attributes)
    assert all(value.startswith("/places/") for name, value in attributes if name == "href")
    assert all(value.startswith("url(#map-") for _, value in attributes if "url(" in value)
    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_the_looks_are_in_the_style_sheet_alone(places: Places, areas: Layer) -> None:
    """Every class that is written has a rule, every rule has a use, and no colour is written on an element."""
    css = (Path(safar.atlas.map.__file__).parent / "static" / "map.css").read_text("utf-8")
    written: set[str] = set()
    shown = [(focus, "ru") for focus in (None, "TJ-KH", "KG-JA", "TJ-SU-ISF", "TJ-SU-ISF-003")]
    for focus, language in [*shown, ("TJ-SU", "en")]:
        svg = draw_map(
            places, areas, values=values(places), points=dots(places) if focus else None, focus=focus,
            language=language, words=WORDS, href=page_of,
        )  # fmt: skip
        written |= {name for node in read(svg).iter() for name in (node.get("class") or "").split()}
        assert not re.search(r'(fill|stroke)="(?!url)', svg)
    ruled = set(re.findall(r"\.(map[\w-]*)", css))

    assert written - ruled <= {"map-areas", "map-cities", "map-points", "map-link"} | ruled
    assert ruled - written <= {"map-size-13", "map-lead"}, "a rule that no map uses"  # these need a crowd


def test_every_variable_is_told_and_set_for_light_dark_and_print() -> None:
    css = (Path(safar.atlas.map.__file__).parent / "static" / "map.css").read_text("utf-8")
    head, light, dark, print_ = (
        css[: css.index("*/")],
        css[css.index("\n.map {") : css.index("@media (prefers")],
        css[css.index(':root[data-appearance="dark"]') : css.index("@media print")],
        css[css.index("@media print") :],
    )
    set_ = set(re.findall(r"(--map-[\w]+):", light))

    assert set_ == set(re.findall(r"(--map-[\w]+):", dark))
    assert set_ - {"--map-focus"} == set(re.findall(r"(--map-[\w]+):", print_))
    assert set_ - set(re.findall(r"--map-\w+", head)) <= {"--map-k2", "--map-k3", "--map-k4", "--map-k5"}
    assert css.count(dark.split("{")[1].split("}")[0].replace("\n  ", "\n    ").strip()) == 1


def test_the_same_map_is_drawn_every_time(places: Places, areas: Layer) -> None:
    one, other = (
        draw_map(places, areas, values=values(places), focus="TJ-KH", language="tg", words=WORDS)
        for _ in range(2)
    )

    assert one == other


# Names


def boxes(root: ET.Element) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """The ground that each name on the map covers, reckoned from its letters."""
    for group in root.iter(f"{SVG}g"):
        if group.get("class") != "map-names":
            continue
        for text in group.iter(f"{SVG}text"):
            size = re.search(r"map-size-([\d-]+)", text.get("class") or "")
            lines = list(text.iter(f"{SVG}tspan"))
            if size is None or not lines:
                continue
            told = [line.text or "" for line in lines]
            width, height = extent(told, float(size[1].replace("-", ".")))
            x, top = float(lines[0].get("x") or 0), float(lines[0].get("y") or 0)
            top -= 0.86 * float(size[1].replace("-", "."))
            yield " ".join(told), (x - width / 2, top, x + width / 2, top + height)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("focus", [None, *PROVINCES, "TJ-SU-ISF", "TJ-SU-PAN", "KG-OS-KAS"])
def test_no_name_covers_another_and_none_leaves_the_map(
    places: Places, areas: Layer, focus: str | None, language: str
) -> None:
    points = dots(places) if focus and focus.count("-") == 2 else None
    svg = draw_map(
        places, areas, values=values(places), points=points, focus=focus, language=language, words=WORDS
    )

    root = read(svg)
    window = next(node for node in root if node.tag == f"{SVG}svg")
    placed = list(boxes(root))
    assert placed
    covered = [
        (a, b)
        for (a, one), (b, other) in combinations(placed, 2)
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] - 0.2 and other[1] < one[3] - 0.2
    ]
    assert covered == []
    width, height = float(window.get("width") or 0), float(window.get("height") or 0)
    assert all(
        left >= -0.5 and right <= width + 0.5 and bottom <= height + 1
        for _, (left, _, right, bottom) in placed
    )


@pytest.mark.parametrize("province", PROVINCES)
def test_every_district_is_named_on_the_map_or_below_it(places: Places, areas: Layer, province: str) -> None:
    root = read(draw_map(places, areas, focus=province, language="en", words=WORDS))

    told = " ".join(" ".join(node.itertext()) for node in root.iter(f"{SVG}text"))
    shown = {area.place_id for area in areas if str(area.place_id).startswith(province)}
    for id in shown:
        name = places.get(str(id)).names["en"].removesuffix(" city")
        assert all(part in told for part in re.split(r"[ -]", name)), name


def test_a_name_spelled_by_rule_has_a_star_that_is_explained(places: Places, areas: Layer) -> None:
    svg = draw_map(places, areas, points=dots(places), focus="TJ-SU-ISF", language="tg", words=WORDS)

    assert "Арабқишлоқ*" in svg
    assert "* ⟨by_rule⟩" in svg


def test_no_star_is_explained_where_there_is_none(places: Places, areas: Layer) -> None:
    assert "⟨by_rule⟩" not in draw_map(places, areas, focus="TJ-KH", language="tg", words=WORDS)


def test_a_name_in_another_language_says_which_for_a_screen_reader(places: Places, areas: Layer) -> None:
    root = read(draw_map(places, areas, focus="TJ-KH", language="uz", words=WORDS, href=page_of))

    assert root.get("lang") == "uz"
    links = [node for node in root.iter(f"{SVG}a") if node.get("href") == "/places/TJ-KH-VAK"]
    assert [link.get("lang") for link in links] == ["ru"]


def test_a_name_cannot_break_out_of_the_page(areas: Layer) -> None:
    evil = '"><script>alert(1)</script>'
    place = Place("TJ-SU-ISF", "TJ.SU.ISF.", "district", "city", None, {"en": evil}, {"en": "given"})
    layer = Layer(tuple(area for area in areas if area.place_id == place.id), "computed")

    svg = draw_map(Places((place,), {}), layer, language="en", words=WORDS, href=lambda _: evil)

    assert "<script" not in svg
    assert read(svg).tag == f"{SVG}svg"


# Figures


def test_zero_few_many_and_not_known_look_different(places: Places, areas: Layer) -> None:
    figures: dict[str, float | None] = {"TJ-KH-VAK": 0, "TJ-KH-PNJ": 3, "TJ-KH-FAR": 90, "TJ-KH-VOS": None}

    root = read(draw_map(places, areas, values=figures, focus="TJ-KH", language="en", words=WORDS))

    fills = {
        str(link.findtext(f"{SVG}title")).split(":")[0]: path.get("fill")
        for link in root.iter()
        for path in link.findall(f"{SVG}path")
        if link.get("class") == "map-link"
    }
    four = [fills[name] for name in ("Vakhsh", "Panj", "Farkhor", "Vose")]
    assert len(set(four)) == 4
    assert fills["Vose"] == fills["Kulob"], "an id left out is not known either"


def test_each_class_has_a_pattern_beside_its_colour(places: Places, areas: Layer) -> None:
    root = read(draw_map(places, areas, values=values(places), language="en", words=WORDS))

    drawn = {
        pattern.get("id"): [path.get("d") for path in pattern.findall(f"{SVG}path")]
        for pattern in root.iter(f"{SVG}pattern")
    }
    assert len(drawn) == 7
    with_lines = [tuple(lines) for lines in drawn.values() if lines]
    assert len(set(with_lines)) == len(with_lines) == 5  # zero and the least class are plain


def test_figures_are_written_on_the_map_and_spoken_with_it(places: Places, areas: Layer) -> None:
    svg = draw_map(places, areas, values={"TJ-KH-VAK": 1234.0}, focus="TJ-KH", language="en", words=WORDS)

    root = read(svg)
    assert "1,234" in texts(root, "map-figure")
    assert "Vakhsh: 1,234 ⟨people⟩" in {node.text for node in root.iter(f"{SVG}title")}
    assert "Vose: ⟨unknown⟩" in {node.text for node in root.iter(f"{SVG}title")}


def test_the_figure_of_a_city_and_of_a_village_stands_beside_its_name(places: Places, areas: Layer) -> None:
    province = draw_map(places, areas, values={"TJ-SU-KHU": 12}, focus="TJ-SU", language="en", words=WORDS)
    district = draw_map(
        places, areas, points={"TJ-SU-ISF-001": 7}, focus="TJ-SU-ISF", language="en", words=WORDS
    )

    assert "Khujand: 12" in texts(read(province), "map-village")
    assert "Arabqishloq: 7" in texts(read(district), "map-village")


def test_units_are_named_where_a_layer_has_them(places: Places, areas: Layer) -> None:
    whole = next(area for area in areas if area.place_id == "KG-BA-KAD")
    unit = type(whole)("KG-BA-KAD-U07", "", whole.shape, "pcode")

    svg = draw_map(places, Layer((whole, unit), ""), focus="KG-BA-KAD", language="ky", words=WORDS)

    assert "Айрыбаз" in texts(read(svg), "map-name")


def test_numbers_are_written_as_the_language_writes_them(places: Places, areas: Layer) -> None:
    svg = draw_map(places, areas, values={"TJ-KH-VAK": 1234.5}, focus="TJ-KH", language="ru", words=WORDS)

    assert "1\xa0234,5" in svg


def test_figures_of_provinces_show_provinces(places: Places, areas: Layer) -> None:
    figures: dict[str, float | None] = {"TJ-SU": 12, "TJ-KH": 3, "KG-BA": None, "KG-OS": 0}

    root = read(draw_map(places, areas, values=figures, language="en", words=WORDS, href=page_of))

    hrefs = [node.get("href") for node in root.iter(f"{SVG}a")]
    assert sorted(map(str, hrefs)) == sorted(f"/places/{id}" for id in PROVINCES)


def test_a_larger_figure_is_a_larger_dot(places: Places, areas: Layer) -> None:
    points: dict[str, float | None] = {"TJ-SU-ISF-001": 1, "TJ-SU-ISF-002": 100, "TJ-SU-ISF-003": None}

    root = read(draw_map(places, areas, points=points, focus="TJ-SU-ISF", language="en", words=WORDS))

    radius = [
        float(node.get("r") or 0) for node in root.iter(f"{SVG}circle") if node.get("class") == "map-dot"
    ]
    assert max(radius) == 7.0
    assert min(radius) == 2.0


@pytest.mark.parametrize(
    ("figures", "classes"),
    [
        ([], []),
        ([None, None], []),
        ([0, 0], [(0, 0, 0)]),
        ([7], [(3, 7, 7)]),
        ([0, 1, 2], [(0, 0, 0), (1, 1, 1), (5, 2, 2)]),
        ([1, 1, 1, 1, 9], [(1, 1, 1), (5, 9, 9)]),
        (list(range(1, 11)), [(1, 1, 2), (2, 3, 4), (3, 5, 6), (4, 7, 8), (5, 9, 10)]),
        ([-5, 5], [(1, -5, -5), (5, 5, 5)]),
    ],
)
def test_classes_tell_what_they_really_hold(
    figures: list[float | None], classes: list[tuple[int, float, float]]
) -> None:
    found = classify(figures)

    assert [(one.number, one.low, one.high) for one in found] == classes
    assert all(class_of(value, found) is not None for value in figures if value is not None)
    assert class_of(None, found) is None


# Links, screen readers, notes


def test_every_district_city_and_community_has_a_link_that_says_where_it_leads(
    places: Places, areas: Layer
) -> None:
    svg = draw_map(
        places, areas, points=dots(places), focus="TJ-SU", language="tg", words=WORDS, href=page_of
    )

    links = {node.get("href"): node for node in read(svg).iter(f"{SVG}a")}
    expected = [*places.within("TJ.SU.", "district"), *places.within("TJ.SU.", "community")]
    assert set(links) == {page_of(place) for place in expected}
    assert all(node.findtext(f"{SVG}title") for node in links.values())


def test_hundreds_of_dots_do_not_stand_in_the_way_of_the_keyboard(places: Places, areas: Layer) -> None:
    def stops(focus: str) -> int:
        svg = draw_map(
            places, areas, points=dots(places), focus=focus, language="tg", words=WORDS, href=page_of
        )
        return sum(node.get("tabindex") != "-1" for node in read(svg).iter(f"{SVG}a"))

    assert stops("TJ-SU") == len(places.within("TJ.SU.", "district"))
    assert stops("TJ-SU-ISF") == 1 + len(places.within("TJ.SU.ISF.", "community"))


def test_a_screen_reader_hears_what_the_map_is(places: Places, areas: Layer) -> None:
    root = read(draw_map(places, areas, focus="TJ-KH", language="en", words=WORDS, name="people"))

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "people-title people-desc"
    assert root.findtext(f"{SVG}title") == "⟨title⟩ Khatlon"
    assert root.findtext(f"{SVG}desc") == "⟨description⟩"


def test_with_links_it_is_a_group_whose_names_are_not_read_twice(places: Places, areas: Layer) -> None:
    root = read(draw_map(places, areas, focus="TJ-KH", language="en", words=WORDS, href=page_of))

    assert root.get("role") == "group"
    names = [node for node in root.iter() if node.get("class") == "map-names"]
    assert [node.get("aria-hidden") for node in names] == ["true"]


def test_two_maps_on_a_page_do_not_share_ids(places: Places, areas: Layer) -> None:
    ids = [
        {node.get("id") for node in read(svg).iter() if node.get("id")}
        for svg in (
            draw_map(places, areas, values=values(places), language="en", words=WORDS, name=name)
            for name in ("one", "two")
        )
    ]

    assert not ids[0] & ids[1]


def test_schematic_areas_are_said_to_be_so(places: Places, areas: Layer) -> None:
    told = texts(read(draw_map(places, areas, focus="TJ-KH", language="en", words=WORDS)), "map-note")

    assert told == ["⟨schematic⟩", "⟨attribution⟩"]


def test_official_boundaries_name_their_source(places: Places, areas: Layer) -> None:
    official = Layer(
        tuple(type(area)(area.place_id, area.name, area.shape, "pcode") for area in areas), "Land Committee"
    )

    told = texts(read(draw_map(places, official, focus="TJ-KH", language="en", words=WORDS)), "map-note")

    assert told == ["⟨boundaries⟩ Land Committee", "⟨attribution⟩"]


def test_every_sentence_comes_from_outside(places: Places, areas: Layer) -> None:
    """Whatever is written is a name of a place, a number, or one of the given words."""
    svg = draw_map(
        places, areas, values=values(places), points=dots(places), focus="TJ-SU", language="en", words=WORDS
    )

    told = [node.text or "" for node in read(svg).iter() if node.tag in (f"{SVG}text", f"{SVG}tspan")]
    names = {part for place in places for part in re.split(r"[ -]", place.name_in("en").text)}
    for text in told:
        rest = re.sub(r"⟨\w+⟩|[\d.,–:*]", " ", text)
        assert set(re.split(r"[ -]", rest)) <= names | {""}, text


def test_a_community_is_shown_in_its_district_and_marked(places: Places, areas: Layer) -> None:
    svg = draw_map(
        places, areas, points=dots(places), focus="TJ-SU-ISF-003", language="en", words=WORDS, href=page_of
    )

    marked = [node for node in read(svg).iter() if "map-here" in (node.get("class") or "")]
    assert len(marked) == 1


# Refused


def test_missing_words_are_named(places: Places, areas: Layer) -> None:
    with pytest.raises(DataError, match="the words attribution are missing"):
        draw_map(places, areas, language="en", words={k: v for k, v in WORDS.items() if k != "attribution"})


def test_an_unknown_place_is_named(places: Places, areas: Layer) -> None:
    for more in ({"focus": "TJ-XX"}, {"values": {"TJ-XX": 1}}, {"points": {"TJ-XX": 1}}):
        with pytest.raises(DataError, match="'TJ-XX'"):
            draw_map(places, areas, language="en", words=WORDS, **more)  # type: ignore[arg-type]


def test_areas_of_elsewhere_are_refused(places: Places, areas: Layer) -> None:
    sughd = Layer(tuple(area for area in areas if str(area.place_id).startswith("TJ-SU")), "")

    with pytest.raises(DataError, match=r"nothing of TJ\.KH\."):
        draw_map(places, sughd, focus="TJ-KH", language="en", words=WORDS)


def test_a_city_without_an_area_is_shown_in_its_province(places: Places, areas: Layer) -> None:
    """Khujand is a district of its own and has no villages, so no schematic area."""
    root = read(draw_map(places, areas, focus="TJ-SU-KHU", language="en", words=WORDS, href=page_of))

    assert "/places/TJ-SU-KHU" in {node.get("href") for node in root.iter(f"{SVG}a")}
    marked = [node for node in root.iter() if "map-here" in (node.get("class") or "")]
    assert [node.get("class") for node in marked] == ["map-city map-here"]
