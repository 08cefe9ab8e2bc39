"""The page of figures and its table."""

import pytest

from safar.words import say
from tests.web.at_work import LANGUAGES, counted, in_order, register, system, visit, working  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("username", ["donor", "sughd"])
def test_figures_in_every_language(visit, counted, language: str, username: str) -> None:  # noqa: F811
    text = in_order(visit(username, language).get("/statistics/"))

    assert say(language, "statistics.by_age") in text
    assert (say(language, "statistics.withheld") in text) == (username == "donor")
    assert (say(language, "statistics.protected") in text) == (username == "donor")


def test_a_supervisor_sees_the_nights(visit, counted) -> None:  # noqa: F811
    text = in_order(visit("sughd").get("/statistics/"))

    assert text.count("<time datetime=") >= 2
    assert 'class="chart columns"' in text


def test_before_the_first_night_the_page_says_what_to_do(visit, register) -> None:  # noqa: F811
    text = in_order(visit("donor").get("/statistics/"))

    assert say("en", "statistics.empty.title") in text
    assert "figures.csv" not in text


def test_the_table_is_saved_with_a_name_and_no_inline_page(visit, counted) -> None:  # noqa: F811
    answer = visit("donor", "ru").get("/statistics/figures.csv")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="safar-figures-')
    assert "#affected+num" in answer.content.decode()


@pytest.mark.parametrize("username", ["isfara", "consul", "lawyer"])
def test_others_have_no_figures(visit, counted, username: str) -> None:  # noqa: F811
    client = visit(username)
    assert client.get("/statistics/").status_code == 403
    assert client.get("/statistics/figures.csv").status_code == 403
