"""An officer and a donor look at places and figures in a real browser: keyboard, telephone, dark, print."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from safar.casework.counting import load_figures
from safar.records.models import Headcount, Night, NightStep, Organisation, Tally
from safar.words import LANGUAGES, say
from tests.casework.conftest import NOW
from tests.journeys.conftest import DESKTOP, PHONE

LOOKS = [
    (PHONE, False, "tg"),
    (PHONE, True, "ru"),
    (DESKTOP, False, "ky"),
    (DESKTOP, True, "uz"),
    (DESKTOP, False, "en"),
]
PAGES = (
    ("isfara", "/places/"),
    ("donor", "/places/TJ-SU/"),
    ("isfara", "/places/TJ-SU-ISF/"),
    ("isfara", "/places/TJ-SU-ISF-001/"),
    ("donor", "/statistics/"),
    ("sughd", "/statistics/"),
    ("sughd", "/team/"),
    ("sughd", "/match/"),
    ("admin", "/runs/"),
)
NEEDING = {"TJ.SU.ISF.": 40, "TJ.SU.ASH.": 30, "TJ.KH.KUL.": 3, "TJ.KH.VOS.": 20}


@pytest.fixture(scope="module", autouse=True)
def counted(server) -> date:
    """A night that counted, once for all journeys here."""
    on = timezone.localdate()
    with server.writing():
        of = Organisation.objects.get(code="TJ-MS")
        for path, people in NEEDING.items():
            Tally.objects.create(
                register=of,
                home_path=path,
                corridor="TJ-RU",
                danger="fine",
                week=-1,
                people=people,
                reckoned_on=on,
            )
            Headcount.objects.create(register=of, home_path=path, sex="female", age="from_18", people=people)
        load_figures(on=on)
        night = Night.objects.create(on=on, started_at=NOW, finished_at=NOW, state="done", people=93)
        NightStep.objects.create(night=night, name="snapshot", state="done", started_at=NOW, finished_at=NOW)
    return on


@pytest.fixture
def in_order(accessible):
    """As ``accessible``; letters on a drawing, which axe cannot judge, are proved by tests/web/test_places."""

    def check(page: Page) -> None:
        page.evaluate(
            "for (const text of document.querySelectorAll('svg.map text')) text.style.visibility = 'hidden'"
        )
        accessible(page)

    return check


def no_sideways(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_the_tree_to_the_people_by_keyboard_alone(visit, in_order) -> None:
    page = visit("/places/", who="isfara")
    page.get_by_role("link", name="Sughd", exact=True).last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sughd")
    in_order(page)

    page.get_by_role("link", name=say("en", "places.today_of", name="Isfara", count=40)).focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/\?place=TJ\.SU\.ISF\.$"))


def test_the_map_leads_where_the_list_leads(visit) -> None:
    page = visit("/places/TJ/", who="sughd")
    area = page.locator("svg.map a.map-link").filter(has=page.locator("title", has_text="Isfara")).first
    area.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Isfara")
    assert page.get_by_role("navigation", name=say("en", "places.way")).get_by_role("link").count() == 3


def test_the_map_has_its_looks_under_the_strict_policy(visit) -> None:
    for dark, paper in ((False, "rgb(255, 255, 255)"), (True, "rgb(18, 26, 24)")):
        page = visit("/places/", who="donor", dark=dark)
        assert page.locator("svg.map").evaluate("map => getComputedStyle(map).backgroundColor") == paper


@pytest.mark.parametrize(
    ("who", "path", "size", "dark", "language"),
    [(*page, *LOOKS[(number + turn) % len(LOOKS)]) for number, page in enumerate(PAGES) for turn in (0, 2)],
)
def test_every_page_is_accessible_at_every_size(
    visit, in_order, screenshot, size, dark: bool, language: str, who: str, path: str
) -> None:
    """Each page in two of the looks, a telephone or a desktop, light or dark; all looks and languages take turns."""
    page = visit(path, who=who, size=size, dark=dark)
    choose(page, language)
    screenshot(page, f"{path} {who} {size['width']} {language} {'dark' if dark else 'light'}")
    no_sideways(page)
    in_order(page)


def choose(page: Page, language: str) -> None:
    """Choose a language as an officer does."""
    page.locator("details.menu > summary").click()
    page.locator(f'form.choices button[name="language"][value="{language}"]').click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_places_work_without_scripts(visit) -> None:
    page = visit("/places/TJ-SU/", who="isfara", scripts=False)
    page.get_by_role("link", name="Asht", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asht")


def test_the_figures_are_saved_as_a_table(visit) -> None:
    page = visit("/statistics/", who="donor")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=say("en", "statistics.save")).click()

    told = waiting.value.path().read_text("utf-8-sig").splitlines()
    assert told[1].startswith("#indicator+breakdown")
    assert any(
        line.startswith("place,TJ.SU.ISF.,Isfara,TJ,Sughd,TJ-SU,Isfara,3505404,40,no,") for line in told
    )


def test_printed_the_map_and_the_list_stay(visit) -> None:
    page = visit("/places/TJ-SU/", who="isfara")
    page.emulate_media(media="print")

    expect(page.locator("svg.map")).to_be_visible()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("navigation", name=say("en", "ui.rooms"))).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_sees_only_statistics_reads_why_a_number_is_missing(visit, language: str) -> None:
    page = visit("/places/TJ-KH/", who="donor")
    choose(page, language)
    expect(page.get_by_text(say(language, "places.why.withheld"), exact=True).first).to_be_visible()
