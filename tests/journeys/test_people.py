"""An officer's work with people, in a real browser: somebody who is there already, facts, the clock, pairs, print."""

import itertools
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from safar.casework.access import acting_as, opened
from safar.casework.people import NameGiven, Registration, Saying, StayGiven, register_person
from safar.desk.hidden import hidden
from safar.records.models import Officer, Pair, Person
from safar.words import LANGUAGES, say
from tests.journeys.conftest import DESKTOP, PHONE

SMALL = [
    (PHONE, False, "tg"),
    (PHONE, True, "ru"),
    (DESKTOP, False, "ky"),
    (DESKTOP, True, "uz"),
    (PHONE, False, "en"),
]


def registered(server, surname: str, given: str, *, days: int = 20, **facts) -> str:
    """Somebody from Isfara who came to Russia so many days ago; the id."""
    on, now = timezone.localdate(), timezone.now()
    with server.writing():
        officer = Officer.objects.get(username="isfara")
        acting = acting_as(officer.pk, on=on, now=now)
        with opened(acting, "test"):
            person = register_person(
                acting,
                Registration(
                    names=[NameGiven(surname, given)],
                    home_id="TJ-SU-ISF-001",
                    birth_date=on.replace(year=1991, month=4, day=12),
                    birth_precision="day",
                    facts={
                        "citizenship": "TJ", "destination": "RU", "region": "RU-SVE", "entry_purpose": "private",
                        **facts,
                    },
                    stays=[StayGiven("RU", on - timedelta(days=days), still_there=True)],
                    phones=["992927771122"],
                ),
                saying=Saying("person", on), on=on, now=now,
            )  # fmt: skip
        return str(person.pk)


@pytest.fixture
def word():
    """The sentence that stands on the page, in English unless told otherwise."""
    return lambda key, language="en", **values: say(language, key, **values)


def sticks_out(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_somebody_who_is_there_already_is_noticed_and_opened(
    server, visit, word, accessible, screenshot
) -> None:
    person = registered(server, "Қосимов", "Баҳром")
    page = visit("/people/new/", who="isfara")
    page.get_by_label(word("people.new.line"), exact=True).fill("Kosimov Bakhrom")
    for part, value in (("day", "12"), ("year", "1991")):
        page.get_by_label(word(f"people.birth.{part}"), exact=True).fill(value)
    page.get_by_label(word("people.birth.month"), exact=True).select_option("4")

    notice = page.locator("#alike").get_by_role("alert")
    expect(notice).to_contain_text(word("people.alike.warned"))
    accessible(page)
    screenshot(page, "people alike")
    page.locator("#alike").get_by_role("link", name=word("people.alike.open")).click()

    page.wait_for_url(f"**/people/{person}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Қосимов Баҳром")


def test_somebody_new_is_registered_with_a_name_and_a_village(visit, word) -> None:
    page = visit("/people/new/", who="isfara")
    page.get_by_label(word("people.new.line"), exact=True).fill("Юнусов Сино")
    page.get_by_label(word("people.home.home_typed"), exact=True).press_sequentially("isf")
    expect(
        page.get_by_role("radiogroup", name=word("people.home.found")).get_by_role("radio")
    ).to_be_checked()
    page.get_by_role("button", name=word("do.register")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Юнусов Сино")
    expect(page.get_by_text(word("people.registered"))).to_be_visible()


def test_without_scripts_all_of_it_still_works(server, visit, word) -> None:
    person = registered(server, "Нуров", "Далер")
    page = visit("/people/new/", who="isfara", scripts=False)
    page.get_by_label(word("people.new.line"), exact=True).fill("Nurov Daler")
    page.get_by_label(word("people.birth.day"), exact=True).fill("12")
    page.get_by_label(word("people.birth.month"), exact=True).select_option("4")
    page.get_by_label(word("people.birth.year"), exact=True).fill("1991")
    page.get_by_label(word("people.home.home_typed"), exact=True).fill("isf")
    page.get_by_role("button", name=word("do.register")).click()
    expect(page.get_by_text(word("people.alike.warned"))).to_be_visible()

    page.goto(f"/people/{person}/")
    page.locator("#patent > summary").click()
    page.locator("#patent").get_by_role("link", name=word("facts.enter")).click()
    page.locator("input[name=patent_occupation]").fill("mason")
    page.get_by_role("button", name=word("do.save")).click()
    expect(page.get_by_text(word("people.saved"))).to_be_visible()
    expect(page.get_by_role("button", name=word("do.print"))).to_be_hidden()


def test_a_fact_is_entered_and_the_clock_moves(server, visit, word, accessible) -> None:
    person = registered(server, "Самадов", "Олим", days=120, entry_purpose="work")
    page = visit(f"/people/{person}/", who="isfara")
    headline = page.locator(".clock-headline")
    before = headline.inner_text()
    page.locator("#patent > summary").click()
    page.locator("#patent").get_by_role("link", name=word("facts.enter")).click()
    today = timezone.localdate()
    page.locator("input[name=patent_issued_on_day]").fill((today - timedelta(days=60)).isoformat())
    page.locator("input[name=patent_paid_until_day]").fill((today + timedelta(days=20)).isoformat())
    page.locator("#patent").get_by_role("button", name=word("do.save")).click()

    expect(page.get_by_text(word("people.saved"))).to_be_visible()
    expect(headline).not_to_have_text(before)
    expect(headline).to_contain_text("20")
    expect(page.locator("#patent")).to_have_attribute("open", "")
    accessible(page)


def test_the_next_question_is_answered_and_gives_way_to_another(server, visit) -> None:
    person = registered(server, "Ғафуров", "Некрӯз")
    page = visit(f"/people/{person}/", who="isfara")
    for _ in range(3):
        question = page.locator(".question-ask").inner_text()
        choices = page.locator("#question form button:not(.primary)")
        assert choices.count(), question
        choices.first.click()
        expect(page.locator(".question-ask")).not_to_have_text(question)


def test_a_stay_is_ended(server, visit, word) -> None:
    person = registered(server, "Одинаев", "Рустам")
    page = visit(f"/people/{person}/", who="isfara")
    page.locator("#stays").get_by_role("link", name=word("people.stays.end")).click()
    page.locator("#stays").get_by_role("button", name=word("do.save")).click()

    expect(page.locator(".clock-headline")).to_contain_text(word("people.clock.not_there", country="Russia"))


def test_what_is_wrong_stands_at_the_form_and_is_mended_there(server, visit, word) -> None:
    person = registered(server, "Ҳакимов", "Саид")
    page = visit(f"/people/{person}/", who="isfara")
    page.locator("#stays").get_by_role("link", name=word("people.stays.end")).click()
    long_ago = (timezone.localdate() - timedelta(days=90)).isoformat()
    page.locator("#stays input[name=left_on]").fill(long_ago)
    page.locator("#stays").get_by_role("button", name=word("do.save")).click()

    expect(page.locator("#stays").get_by_text(word("refused.left_before_entered"))).to_be_visible()
    page.locator("#stays input[name=left_on]").fill(timezone.localdate().isoformat())
    page.locator("#stays").get_by_role("button", name=word("do.save")).click()
    expect(page.get_by_text(word("people.saved"))).to_be_visible()


def test_a_search_while_one_types_and_from_every_page(server, visit, word, accessible) -> None:
    registered(server, "Бобоҷонов", "Фаррух")
    page = visit("/people/", who="isfara")
    page.get_by_role("searchbox", name=word("people.search.label"), exact=True).press_sequentially("bobojon")
    expect(page.locator("#found").get_by_role("link")).to_contain_text(["Бобоҷонов Фаррух"])
    accessible(page)
    assert page.url.endswith("/people/")

    page.goto("/")
    page.keyboard.press("Alt+s")
    page.locator("#quick-q").fill("Бобочонов")
    page.keyboard.press("Enter")
    expect(page.locator("#found").get_by_role("link")).to_contain_text(["Бобоҷонов Фаррух"])
    assert page.url.endswith("/people/")


def test_pairs_are_reviewed_with_the_keyboard(server, visit, word, accessible, screenshot) -> None:
    people = [registered(server, surname, "Манучеҳр") for surname in ("Шоев", "Shoev", "Зокиров", "Zokirov")]
    reasons = [
        {"field": "surname", "level": "spelling", "bits": 7.5},
        {"field": "phone", "level": "different", "bits": -2.25},
    ]
    with server.writing():
        Pair.objects.all().delete()
        for one, two, probability in ((people[0], people[1], 0.97), (people[2], people[3], 0.8)):
            first, second = sorted((one, two))
            Pair.objects.create(
                one_id=first, two_id=second, probability=probability, reasons=reasons,
                found_on=timezone.localdate(),
            )  # fmt: skip
    page = visit("/pairs/", who="sughd")
    accessible(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(word("pairs.side"))
    accessible(page)
    screenshot(page, "pair side by side")
    page.set_viewport_size(PHONE)
    assert sticks_out(page) <= 0
    screenshot(page, "pair side by side phone")
    page.set_viewport_size(DESKTOP)
    page.keyboard.press("j")
    expect(page.get_by_text("Зокиров Манучеҳр").first).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_text("Шоев Манучеҳр").first).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text(word("pairs.decided.same"))).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_text(word("pairs.empty.title"))).to_be_visible()
    with server.writing():
        assert Person.objects.filter(merged_into__isnull=False).count() == 1


def test_keys_can_be_switched_off(server, visit, word) -> None:
    one, two = sorted(registered(server, surname, "Диловар") for surname in ("Сафоев", "Safoev"))
    with server.writing():
        pair = Pair.objects.create(
            one_id=one, two_id=two, probability=0.9, reasons=[], found_on=timezone.localdate()
        )
    page = visit(f"/pairs/{hidden(pair.pk)}/", who="sughd")
    page.locator("[data-keys]").uncheck()
    page.locator("h1").click()
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text(word("pairs.side"))
    with server.writing():
        assert Pair.objects.get(pk=pair.pk).decided == ""


@pytest.mark.parametrize(("size", "dark", "language"), SMALL)
def test_a_full_page_is_accessible_and_fits(
    server, visit, screenshot, accessible, size, dark, language
) -> None:
    person = registered(
        server, "Раҷабов", "Зафар", days=150, patent_paid_until="2026-09-01", answers={"R-TIP-01": True}
    )
    server.speaks("sughd", language)
    page = visit(f"/people/{person}/", who="sughd", size=size, dark=dark)
    expect(page.locator("html")).to_have_attribute("lang", language)
    screenshot(
        page, f"person {language} {'phone' if size == PHONE else 'desktop'} {'dark' if dark else 'light'}"
    )
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(one => { one.open = true; })")

    accessible(page)
    assert sticks_out(page) <= 0, "nothing is cut off and nothing scrolls sideways"


@pytest.mark.parametrize("path", ["/people/", "/people/new/", "/pairs/"])
@pytest.mark.parametrize(("size", "dark", "language"), SMALL)
def test_the_other_pages_are_accessible_and_fit(
    server, visit, screenshot, accessible, path, size, dark, language
) -> None:
    server.speaks("sughd", language)
    page = visit(path, who="sughd", size=size, dark=dark)
    expect(page.locator("html")).to_have_attribute("lang", language)

    accessible(page)
    assert sticks_out(page) <= 0
    screenshot(
        page, f"{path} {language} {'phone' if size == PHONE else 'desktop'} {'dark' if dark else 'light'}"
    )


def test_printed_it_shows_what_is_folded_and_no_buttons(server, visit, screenshot) -> None:
    person = registered(server, "Амонов", "Идрис", days=150)
    page = visit(f"/people/{person}/", who="isfara")
    page.emulate_media(media="print")

    assert page.locator("button:visible").count() == 0
    assert page.locator("#question:visible").count() == 0
    expect(page.locator("#patent dl")).to_be_visible()
    expect(page.locator(".clock-drawn")).to_be_visible()
    screenshot(page, "person print")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clock_is_legible_on_a_narrow_screen(server, visit, language: str) -> None:
    person = registered(server, "Тошев", "Аслам", days=85)
    server.speaks("isfara", language)
    page = visit(f"/people/{person}/", who="isfara", size=PHONE)
    clock = page.locator(".clock-drawn").bounding_box()
    for text in page.locator(".clock-drawn text").all():
        box = text.bounding_box()
        if text.evaluate("one => one.closest('.mark') === null"):
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"], text.inner_text()
    months = [one.bounding_box() for one in page.locator(".clock-months text").all()]
    assert all(one["x"] + one["width"] <= two["x"] for one, two in itertools.pairwise(months))
    assert clock["width"] <= PHONE["width"]
    assert re.search(r"\d", page.locator(".clock-headline").inner_text())
