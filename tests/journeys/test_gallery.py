"""Every part of the pages is legible and operable: in light and dark, on a phone and a desk, in five languages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from safar.words import LANGUAGES, say
from tests.journeys.conftest import DESKTOP, PHONE

Visit = Callable[..., Page]
SIZES = {"phone": PHONE, "desktop": DESKTOP}
WIDTHS = (320, 360, 768, 1280)


def appearances(page: Page) -> Iterator[str]:
    """The page as it lies open, in light and then in dark."""
    for appearance in ("light", "dark"):
        page.emulate_media(color_scheme=appearance)
        yield appearance


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(
    visit: Visit,
    accessible: Callable[[Page], None],
    screenshot: Callable[..., Path],
    language: str,
    size: str,
) -> None:
    page = visit("/gallery/", size=SIZES[size], language=language)

    for appearance in appearances(page):
        # Languages differ in the length of their words, which a picture in the light shows.
        if appearance == "light" or language == LANGUAGES[0]:
            screenshot(page, f"gallery {language} {size} {appearance}")
        accessible(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_at_the_door(
    visit: Visit, accessible: Callable[[Page], None], screenshot: Callable[..., Path], language: str
) -> None:
    page = visit("/account/login/", size=PHONE, language=language)

    screenshot(page, f"sign in {language} phone")
    accessible(page)


def test_a_wrong_password_is_told_in_words_and_to_axe(
    visit: Visit, accessible: Callable[[Page], None]
) -> None:
    page = visit("/account/login/", language="tg")

    page.get_by_label(say("tg", "sign_in.name")).fill("isfara")
    page.get_by_label(say("tg", "sign_in.password")).fill("wrong")
    page.get_by_role("button", name=say("tg", "do.sign_in"), exact=True).click()

    page.get_by_text(say("tg", "refused.username_password_mismatch")).wait_for()
    assert page.locator(":focus").get_attribute("id") == "form-errors"
    accessible(page)


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_in_an_open_menu(
    visit: Visit, accessible: Callable[[Page], None], screenshot: Callable[..., Path], size: str
) -> None:
    page = visit("/gallery/", who="isfara", size=SIZES[size])

    page.locator("details.menu > summary").click()
    page.locator("details.keys > summary").click()

    assert page.get_by_role("button", name=say("en", "do.sign_out")).is_visible()
    for appearance in appearances(page):
        screenshot(page, f"menu {size} {appearance}", whole=False)
        accessible(page)


def test_axe_would_find_something(visit: Visit, accessible: Callable[[Page], None]) -> None:
    page = visit("/gallery/")
    page.evaluate("document.querySelector('h1').style.color = '#c9c4b8'")

    with pytest.raises(AssertionError, match="color-contrast"):
        accessible(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_sticks_out_of_the_screen(visit: Visit, language: str) -> None:
    page = visit("/gallery/", language=language)

    needed = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("window.innerWidth") == width
        needed[width] = page.evaluate("document.documentElement.scrollWidth")

    assert {width: wide for width, wide in needed.items() if wide > width} == {}


def test_the_language_is_switched_on_the_page_and_kept(visit: Visit) -> None:
    page = visit("/gallery/", language="en")

    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Тоҷикӣ").click()

    assert page.locator("html").get_attribute("lang") == "tg"
    assert page.locator("h1").inner_text() == say("tg", "ui.gallery.title")
    assert say("tg", "ui.error.404.title") in page.context.request.get("/nothing/").text()


def test_the_language_of_an_officer_is_kept_for_the_next_time(visit: Visit) -> None:
    page = visit("/gallery/", who="sughd", language="ru")
    assert page.locator("html").get_attribute("lang") == "en"

    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Oʻzbekcha").click()

    assert visit("/gallery/", who="sughd").locator("html").get_attribute("lang") == "uz"


def test_the_appearance_is_switched_without_a_script(visit: Visit) -> None:
    page = visit("/gallery/", scripts=False)

    page.locator("details.menu > summary").click()
    page.get_by_role("button", name=say("en", "ui.appearance.dark")).click()

    assert page.locator("html").get_attribute("data-appearance") == "dark"


def test_the_keyboard_reaches_the_content_first(visit: Visit) -> None:
    page = visit("/gallery/")

    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == say("en", "ui.skip")
    page.keyboard.press("Enter")

    assert page.locator(":focus").get_attribute("id") == "content"


def test_escape_closes_the_menu_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit("/gallery/")
    page.locator("details.menu > summary").press("Enter")

    page.keyboard.press("Escape")

    assert page.locator("details.menu").get_attribute("open") is None
    assert "menu" in str(page.locator(":focus").locator("..").get_attribute("class"))


def test_no_request_leaves_the_server(visit: Visit) -> None:
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/gallery/")

    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "data:"))] == []
