"""A jamoat's list, in a real browser: brought, understood, tried, taken in, decided; and a file out."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Download, Page, expect

from safar.casework.access import acting_as
from safar.casework.intake.running import check_list, run_list
from safar.records.models import Officer, Person
from safar.words import say
from tests.casework.lists import HEADS, xlsx
from tests.journeys.conftest import DESKTOP, PHONE
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
        which = UUID(page.url.split("/intake/")[1].split("/")[0])
        with server.writing():
            officer = Officer.objects.get(username="isfara")
            acting = acting_as(officer.pk, on=timezone.localdate(), now=timezone.now())
            check_list(acting, which, on=timezone.localdate())
            run_list(acting, which, on=timezone.localdate(), clock=timezone.now)

    return works


def sheet_of(download: Download) -> Any:
    """The sheet of a workbook that the browser has taken."""
    return openpyxl.load_workbook(io.BytesIO(Path(download.path()).read_bytes())).active


def brought(page: Page, path: Path, language: str = "en") -> None:
    page.set_input_files("#file", path)
    page.get_by_role("button", name=say(language, "intake.bring.do")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(path.name)


def test_a_list_from_the_file_to_the_last_row(
    server, visit, worker, accessible, screenshot, tmp_path
) -> None:
    registered(server, "Ҳакимов", "Сиёвуш")
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
    expect(page.get_by_text(say("en", "intake.problem.day_unreadable"))).to_be_visible()
    accessible(page)
    screenshot(page, "intake tried")

    page.get_by_role("button", name=say("en", "intake.run"), exact=True).click()
    worker(page)
    page.reload()
    expect(page.get_by_role("heading", name=say("en", "intake.taken"))).to_be_visible()
    with page.expect_download() as copy:
        page.get_by_role("link", name=say("en", "intake.copy")).click()
    assert say("en", "intake.problem.day_unreadable") in str(
        [cell.value for line in sheet_of(copy.value) for cell in line]
    )

    page.get_by_role("link", name=say("en", "intake.decide.open")).click()
    accessible(page)
    screenshot(page, "intake decide")
    page.get_by_role("button", name=say("en", "intake.decide.unsure")).click()
    expect(page.get_by_text(say("en", "intake.decide.none.title"))).to_be_visible()
    with server.writing():
        assert Person.objects.filter(names__surname="Ҳакимов").count() == 2


def test_without_a_script_too(server, visit, worker, tmp_path) -> None:
    page = visit("/intake/", who="isfara", scripts=False)
    brought(page, xlsx(tmp_path / "bescript.xlsx", row(11, "Баротов", "Комрон")))
    page.get_by_role("button", name=say("en", "intake.try")).click()
    worker(page)
    page.get_by_role("link", name=say("en", "intake.look_again")).click()
    page.get_by_role("button", name=say("en", "intake.run"), exact=True).click()
    worker(page)
    page.get_by_role("link", name=say("en", "intake.look_again")).click()

    expect(page.get_by_text(say("en", "intake.outcome.added"))).to_be_visible()


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
    page = visit("/intake/", who="isfara", size=size, dark=dark, language=language)
    with server.writing():
        Officer.objects.filter(username="isfara").update(language=language)
    page.goto("/intake/")
    brought(page, path, language)
    accessible(page)
    screenshot(page, f"intake columns {name}")
    page.get_by_role("button", name=say(language, "intake.try")).click()
    worker(page)
    page.reload()
    accessible(page)
    screenshot(page, f"intake tried {name}")
    page.get_by_role("button", name=say(language, "intake.run"), exact=True).click()
    worker(page)
    page.goto(page.url.rstrip("/") + "/decide/")
    accessible(page)
    screenshot(page, f"intake decide {name}")
    page.goto("/exports/")
    accessible(page)
    screenshot(page, f"exports {name}")


def test_a_file_out(server, visit, accessible, screenshot) -> None:
    registered(server, "Ғаниев", "Ҷовид")
    page = visit("/exports/", who="isfara")
    page.get_by_label(say("en", "exports.purpose")).select_option("refer")
    expect(page.get_by_text(say("en", "exports.choose_first"))).to_be_visible()
    page.get_by_label(say("en", "exports.purpose")).select_option("casework")
    page.get_by_label(say("en", "exports.form"), exact=True).select_option("xlsx")
    accessible(page)
    with page.expect_download() as file:
        page.get_by_role("button", name=say("en", "exports.take")).click()

    told = [cell.value for line in sheet_of(file.value) for cell in line]
    assert "Ғаниев" in told and say("en", "exports.column.surname") in told
