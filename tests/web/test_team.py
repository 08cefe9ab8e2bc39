"""The page of the team, and handing people over from it."""

import pytest

from safar.desk.hidden import hidden
from safar.records.models import Officer, Person
from safar.words import say
from tests.casework.test_today import registered
from tests.web.at_work import LANGUAGES, in_order, register, system, visit, working  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(working) -> list:  # noqa: F811
    with working("sughd") as acting:
        return [registered(acting, "Раҳимов", days) for days in (200, 150)]


def officer(username: str) -> str:
    return hidden(Officer.objects.get(username=username).pk)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_lies_with_whom_in_every_language(visit, people, language: str) -> None:  # noqa: F811
    text = in_order(visit("sughd", language).get("/team/"))

    assert say(language, "team.waiting") in text
    assert "Isfara" in text
    assert f'href="/people/{people[0].pk}/"' in text


def test_numbers_of_officers_are_hidden(visit, people) -> None:  # noqa: F811
    text = in_order(visit("sughd").get("/team/"))
    number = Officer.objects.get(username="isfara").pk

    assert officer("isfara") in text
    assert f'value="{number}"' not in text


def test_people_are_handed_over_and_the_page_says_so(visit, people, working) -> None:  # noqa: F811
    client = visit("sughd")
    answer = client.post("/team/hand-over/", {"given_to": officer("isfara"), "most": "1"}, follow=True)

    assert say("en", "team.handed", count=1) in in_order(answer)
    with working("sughd"):
        assert Person.objects.exclude(assigned_to=None).count() == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"given_to": "not hidden here"}, 404),
        ({"given_to": "isfara", "most": "-1"}, 422),
        ({"given_to": "isfara", "most": "many"}, 422),
        ({"given_to": "isfara", "place": "KG."}, 404),
        ({"given_to": "lawyer"}, 404),
        ({}, 422),
    ],
)
def test_what_is_wrong_is_said(visit, people, sent: dict[str, str], status: int) -> None:  # noqa: F811
    if sent.get("given_to") in ("isfara", "lawyer"):
        sent = {**sent, "given_to": officer(sent["given_to"])}
    answer = visit("sughd").post("/team/hand-over/", sent)
    assert answer.status_code == status


def test_only_a_supervisor_comes_here(visit, people) -> None:  # noqa: F811
    for username in ("isfara", "consul", "lawyer", "donor", "admin"):
        assert visit(username).get("/team/").status_code == 403
        assert visit(username).post("/team/hand-over/", {}).status_code == 403
    assert visit("sughd").get("/team/hand-over/").status_code == 405
