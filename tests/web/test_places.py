"""The pages of places as a browser asks for them."""

import re
from pathlib import Path

import pytest

import safar.atlas.map
from safar.words import say
from tests.web.at_work import LANGUAGES, counted, in_order, register, system, visit, working  # noqa: F401
from tests.web.test_contrast import TEXT, contrast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tree_and_the_map_in_every_language(visit, counted, language: str) -> None:  # noqa: F811
    text = in_order(visit("isfara", language).get("/places/"))

    assert say(language, "places.map.title_all") in text
    assert say(language, "places.why.outside") in text
    assert 'href="/places/TJ-SU-ISF/"' in text
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="map"' in text
    assert "map.css" in text


@pytest.mark.parametrize(
    "place", ["TJ", "TJ-SU", "TJ-SU-ISF", "TJ-SU-ISF-U04", "TJ-SU-ISF-001", "KG-BA-KAD-U07"]
)
def test_every_level_has_a_page(visit, counted, place: str) -> None:  # noqa: F811
    text = in_order(visit("isfara").get(f"/places/{place}/"))

    assert 'aria-label="Where this place lies"' in text
    assert "<dl" in text


def test_numbers_lead_to_the_people_of_the_place(visit, counted) -> None:  # noqa: F811
    client = visit("isfara")
    text = in_order(client.get("/places/TJ-SU/"))

    (link,) = re.findall(r'href="(/\?place=[^"]+)" aria-label="Isfara: 40', text)
    assert client.get(link).status_code == 200
    assert re.findall(r'href="/\?place=TJ\.SU\.ASH', text) == []


def test_statistics_lead_to_nobody_and_name_no_small_number(visit, counted) -> None:  # noqa: F811
    text = in_order(visit("donor").get("/places/TJ-SU/"))

    assert "/?place=" not in text
    assert ">40<" in text


def test_an_unknown_place_is_not_there(visit, register) -> None:  # noqa: F811
    client = visit("isfara")
    assert client.get("/places/TJ-XX/").status_code == 404
    assert client.get("/places/..%2Fetc/").status_code == 404


def test_whoever_has_not_signed_in_is_sent_to_sign_in(client, db) -> None:
    assert client.get("/places/").status_code == 302


def test_places_are_among_the_rooms_of_every_role_that_may(visit, register) -> None:  # noqa: F811
    for username in ("isfara", "sughd", "consul", "lawyer", "donor", "admin"):
        assert visit(username).get("/places/").status_code == 200, username


# Letters on a map, which axe cannot judge in a browser

CSS = (Path(safar.atlas.map.__file__).parent / "static" / "map.css").read_text("utf-8")
COLOUR = re.compile(r"--map-([\w]+): #([0-9a-f]{3}|[0-9a-f]{6});")
GROUNDS = {
    "ink": ("paper", "land", "k0", "k1", "k2", "k3", "k4", "k5", "ku", "around"),
    "quiet": ("paper", "around"),
}


def colours(beginning: str, end: str) -> dict[str, str]:
    block = CSS[CSS.index(beginning) : CSS.index(end)]
    return {
        name: "#" + ("".join(2 * sign for sign in told) if len(told) == 3 else told)
        for name, told in COLOUR.findall(block)
    }


@pytest.mark.parametrize(
    ("beginning", "end"),
    [
        ("\n.map {", "@media (prefers"),
        ("@media (prefers", ':root[data-appearance="dark"]'),
        (':root[data-appearance="dark"]', "@media print"),
        ("@media print", "\n.map-k0"),
    ],
)
def test_letters_on_a_map_can_be_read(beginning: str, end: str) -> None:
    told = colours(beginning, end)
    weak = [
        f"{letters} on {ground}: {found:.2f}"
        for letters, grounds in GROUNDS.items()
        for ground in grounds
        if (found := contrast(told[letters], told[ground])) < TEXT
    ]
    assert weak == []
