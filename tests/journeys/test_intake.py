"""A jamoat's list, in a real browser: brought, understood, tried, taken in, decided; and a file out."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.db.models import Q
from django.utils import timezone
from playwright.sync_api import Download, Page, expect

from safar.casework.access import acting_as
from safar.casework.intake.running import check_list, run_list
from safar.records.models import Officer, Pair, Person
from safar.words import say
from tests.casework.lists import HEADS, xlsx
from tests.journeys.conftest import DESKTOP, PHONE, JourneyServer
from tests.journeys.test_people import registered

VIEWS = [
    (PHONE, False, "tg"),
    (PHONE, True, "ru"),
    (DESKTOP, False, "ky"),
    (DESKTOP, True, "uz"),
    (DESKTOP, False, "en"),
]


def row(number: int, surname: str, given: str, born: str = "05.06.1987", **changes: str) -> list[str | int]:
    told = {
        "№": number, "Насаб": surname, "Ном": given, "Номи падар": "", "Ҷинс": "мард", "Санаи таваллуд": born,
        "Деҳа": "TJ-SU-ISF-001", "Кишвар": "Русия", "Минтақа": "Маскав", "Телефон": "", "Шиноснома": f"4010{number:05}",
    } | changes  # fmt: skip
    return [told[head] for head in HEADS]


@pytest.fixture
def worker(server):
    """``worker(page)``: what the worker would do with the list that the page shows."""

    def works(page: Page) -> None:
        page.locator("form[action$='/stop/']").wait_for()  # until the desk has given the list to the worker
        which = UUID(page.url.split("/intake/")[1].split("/")[0])
        with server.writing():
            officer = Officer.objects.get(username="isfara")
            acting = acting_as(officer.pk, on=timezone.localdate(), now=timezone.now())
            check_list(acting, which, on=timezone.localdate())
            run_list(acting, which, on=timezone.localdate(), clock=timezone.now)

    return works


def lines_of(download: Download) -> list[tuple[Any, ...]]:
    """The rows of a workbook that the browser has taken."""
    book = openpyxl.load_workbook(io.BytesIO(Path(download.path()).read_bytes()))
    return list(book.active.iter_rows(values_only=True))


def files_of(server: JourneyServer, surname: str) -> int:
    """How many files the register has under a surname."""
    with server.writing():
        return Person.objects.filter(names__surname=surname).count()


def brought(page: Page, path: Path, language: str = "en") -> None:
    page.set_input_files("#file", path)
    page.get_by_role("button", name=say(language, "intake.bring.do")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(path.name)


def test_a_list_from_the_file_to_the_last_row(
    server, visit, worker, accessible, screenshot, tmp_path
) -> None:
    known = registered(server, "Ҳакимов", "Сиёвуш")
    path = xlsx(
        tmp_path / "Рӯйхат Чоркӯҳ.xlsx",
        row(1, "Юнусов", "Парвиз"), row(2, "Юнусов", "Фаридун", "31.02.1990"), row(3, "Ҳакимов", "Сиёвуш", "1991"),
        title="Рӯйхати муҳоҷирон",
    )  # fmt: skip
    page = visit("/intake/", who="isfara")
    accessible(page)
    brought(page, path)
    accessible(page)
    expect(page.get_by_label("Санаи таваллуд")).to_have_value("birth_date")
    screenshot(page, "intake columns")

    page.get_by_role("button", name=say("en", "intake.try")).click()
    expect(page.get_by_text(say("en", "intake.under_way.checking"))).to_be_visible()
    accessible(page)
    worker(page)
    # The page looks by itself every other second.
    expect(page.get_by_role("heading", name=say("en", "intake.tried"))).to_be_visible()
    told = page.get_by_role("row", name=say("en", "intake.row", number=4))
    expect(told).to_contain_text("31.02.1990")
    expect(told).to_contain_text(say("en", "intake.problem.day_unreadable"))
    expect(page.get_by_role("row", name=say("en", "intake.row", number=5))).to_contain_text(
        say("en", "intake.problem.same_perhaps")
    )
    assert files_of(server, "Юнусов") == 0, "a list that is tried writes nothing"
    accessible(page)
    screenshot(page, "intake tried")

    page.get_by_role("button", name=say("en", "intake.run"), exact=True).click()
    expect(page.get_by_text(say("en", "intake.under_way.running"))).to_be_visible()
    accessible(page)
    worker(page)
    expect(page.get_by_role("heading", name=say("en", "intake.taken"))).to_be_visible()
    assert (files_of(server, "Юнусов"), files_of(server, "Ҳакимов")) == (1, 1)

    with page.expect_download() as copy:
        page.get_by_role("link", name=say("en", "intake.copy")).click()
    farid = next(line for line in lines_of(copy.value) if "Фаридун" in line)
    assert "31.02.1990" in farid and say("en", "intake.problem.day_unreadable") in str(farid[-1])

    page.get_by_role("link", name=say("en", "intake.decide.open")).click()
    expect(page.get_by_role("link", name=say("en", "people.alike.open"))).to_have_attribute(
        "href", f"/people/{known}/"
    )
    accessible(page)
    screenshot(page, "intake decide")
    page.get_by_role("button", name=say("en", "intake.decide.unsure")).click()
    expect(page.get_by_text(say("en", "intake.decide.none.title"))).to_be_visible()
    assert files_of(server, "Ҳакимов") == 2
    with server.writing():
        assert Pair.objects.filter(Q(one=known) | Q(two=known)).count() == 1, "to be compared later"


def test_without_a_script_too(server, visit, worker, tmp_path) -> None:
    page = visit("/intake/", who="isfara", scripts=False)
    brought(page, xlsx(tmp_path / "bescript.xlsx", row(11, "Баротов", "Комрон")))
    page.get_by_role("button", name=say("en", "intake.try")).click()
    worker(page)
    page.get_by_role("link", name=say("en", "intake.look_again")).click()
    expect(page.get_by_role("heading", name=say("en", "intake.tried"))).to_be_visible()
    page.get_by_role("button", name=say("en", "intake.run"), exact=True).click()
    worker(page)
    page.get_by_role("link", name=say("en", "intake.look_again")).click()

    expect(page.get_by_role("heading", name=say("en", "intake.taken"))).to_be_visible()
    expect(page.get_by_text(say("en", "intake.outcome.added"))).to_be_visible()
    assert files_of(server, "Баротов") == 1


@pytest.mark.parametrize(("size", "dark", "language"), VIEWS)
def test_every_page_is_legible(
    server, visit, worker, accessible, screenshot, tmp_path, size, dark, language
) -> None:
    registered(server, "Сафаров", f"Мирзо{language}")
    path = xlsx(
        tmp_path / f"{language}.xlsx",
        row(20, "Сафаров", f"Мирзо{language}", "1991"), row(21, "", "", "дирӯз", Телефон="дома", Деҳа="Ҷое"),
    )  # fmt: skip
    name = f"{language} {'phone' if size == PHONE else 'desktop'}"
    server.speaks("isfara", language)
    page = visit("/intake/", who="isfara", size=size, dark=dark, language=language)
    brought(page, path, language)
    accessible(page)
    screenshot(page, f"intake columns {name}")
    page.get_by_role("button", name=say(language, "intake.try")).click()
    worker(page)
    page.reload()
    expect(page.get_by_text(say(language, "intake.problem.name_missing"))).to_be_visible()
    accessible(page)
    screenshot(page, f"intake tried {name}")
    page.get_by_role("button", name=say(language, "intake.run"), exact=True).click()
    worker(page)
    page.goto(page.url.rstrip("/") + "/decide/")
    expect(page.get_by_role("button", name=say(language, "intake.decide.same"))).to_be_visible()
    accessible(page)
    screenshot(page, f"intake decide {name}")
    page.goto("/exports/")
    expect(page.get_by_role("button", name=say(language, "exports.take"))).to_be_visible()
    accessible(page)
    screenshot(page, f"exports {name}")


def test_a_file_out(server, visit, accessible) -> None:
    registered(server, "Ғаниев", "Ҷовид")
    page = visit("/exports/", who="isfara")
    page.get_by_label(say("en", "exports.purpose")).select_option("refer")
    expect(page.get_by_text(say("en", "exports.choose_first"))).to_be_visible()
    expect(page.get_by_role("button", name=say("en", "exports.take"))).to_have_count(0)
    page.get_by_label(say("en", "exports.purpose")).select_option("casework")
    page.get_by_label(say("en", "exports.form"), exact=True).select_option("xlsx")
    accessible(page)
    with page.expect_download() as file:
        page.get_by_role("button", name=say("en", "exports.take")).click()

    assert file.value.suggested_filename.endswith(".xlsx")
    heads, *lines = lines_of(file.value)
    surname = heads.index(say("en", "exports.column.surname"))
    assert "Ғаниев" in [line[surname] for line in lines]
