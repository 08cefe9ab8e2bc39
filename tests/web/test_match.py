"""The pages of list checks: bringing a list, asking, deciding; no name in an address."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from safar.desk.hidden import hidden
from safar.records.models import Check, Statement, WatchList
from safar.words import say
from tests.casework.test_matching import ENTRIES, HEADS, person
from tests.web.at_work import LANGUAGES, in_order, register, system, visit, working  # noqa: F401

pytestmark = pytest.mark.django_db


def bring(client, rows=ENTRIES, **told):
    content = "\n".join([HEADS, *rows]).encode()
    said = {"kind": "entry_ban", "source": "МВД", "list_of": timezone.localdate().isoformat()}
    file = {"list": SimpleUploadedFile("Список людей.csv", content)}
    return client.post("/match/lists/", {**said, **file, **told}, follow=True)


@pytest.fixture
def checked(visit, working):  # noqa: F811
    """A list that was brought, somebody of Isfara who stands on it, and the open answer."""
    assert bring(visit("sughd")).status_code == 200
    with working("isfara") as acting:
        one = person(acting, "Раҳимов", "Ҷамшед", date(1991, 4, 12))
    answer = visit("isfara").post(f"/match/person/{one.pk}/")
    with working("isfara"):
        check = Check.objects.get(person=one.pk)
    assert answer.url == f"/match/{hidden(check.pk)}/"
    return one, check


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_a_list_is_brought_the_page_says_who_brings_it(visit, register, language: str) -> None:  # noqa: F811
    text = in_order(visit("isfara", language).get("/match/"))

    assert say(language, "match.no_list.title") in text
    assert 'type="file"' not in text


def test_a_supervisor_brings_a_list(visit, working) -> None:  # noqa: F811
    text = in_order(bring(visit("sughd")))

    assert say("en", "match.loaded", count=len(ENTRIES)) in text
    assert "МВД" in text
    with working("sughd"):
        assert WatchList.objects.get().rows == len(ENTRIES)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"list": ""}, "list_needed"),
        ({"source": " "}, "list_source_needed"),
        ({"list_of": "yesterday"}, "list_day_needed"),
        ({"list_of": "2999-01-01"}, "list_ahead"),
        ({"list": SimpleUploadedFile("x.csv", b"")}, "list_needed"),
        ({"list": SimpleUploadedFile("x.csv", b"a;b\n1;2\n")}, "list_without_names"),
        ({"list": SimpleUploadedFile("x.pdf", b"%PDF-1.4")}, "not_a_list"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(visit, register, told: dict, code: str) -> None:  # noqa: F811
    answer = bring(visit("sughd"), **told)

    assert answer.status_code == 422
    assert say("en", f"refused.{code}") in answer.text or code == "list_needed"


def test_officers_do_not_bring_lists(visit, register) -> None:  # noqa: F811
    assert bring(visit("isfara")).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_says_possible_or_likely_and_never_clear(visit, checked, language: str) -> None:  # noqa: F811
    _, check = checked
    text = in_order(visit("isfara", language).get(f"/match/{hidden(check.pk)}/"))

    assert "РАХИМОВ" in text and "Раҳимов" in text
    assert say(language, "match.level.same") in text
    assert say(language, "match.same") in text


def test_who_is_not_found_goes_back_to_the_person_with_the_day_of_the_list(visit, working, checked) -> None:  # noqa: F811
    with working("isfara") as acting:
        nobody = person(acting, "Шарипов", "Далер", date(2001, 7, 7))
    client = visit("isfara")
    answer = client.post(f"/match/person/{nobody.pk}/")

    assert answer.url == f"/people/{nobody.pk}/"
    text = client.get(answer.url).text
    assert say("en", "match.said.none", source="МВД", day=timezone.localdate()) in text


def test_everybody_is_checked_and_answers_wait(visit, checked, working) -> None:  # noqa: F811
    with working("sughd"):
        chosen = hidden(WatchList.objects.get().pk)
    client = visit("sughd")
    text = in_order(client.post("/match/everybody/", {"list": chosen}, follow=True))

    assert say("en", "match.checked_all", count=1, certain=1, possible=0, unknown=0) in text
    assert text.count("Раҳимов Ҷамшед") == 1, "the newer answer stands for both"


def test_a_decision_becomes_a_fact(visit, checked, working) -> None:  # noqa: F811
    one, check = checked
    client = visit("isfara")
    text = in_order(client.post(f"/match/{hidden(check.pk)}/decide/", {"decision": "same.0"}, follow=True))

    assert say("en", "match.stated") in text
    with working("isfara"):
        assert Statement.objects.filter(person=one.pk, said_by="list").exists()
    again = client.post(f"/match/{hidden(check.pk)}/decide/", {"decision": "different"})
    assert again.status_code == 409


def test_somebody_else_is_noted(visit, checked) -> None:  # noqa: F811
    _, check = checked
    text = in_order(
        visit("isfara").post(f"/match/{hidden(check.pk)}/decide/", {"decision": "different"}, follow=True)
    )
    assert say("en", "match.apart") in text.replace("&#x27;", "'")


def test_answers_about_others_are_not_there(visit, checked) -> None:  # noqa: F811
    one, check = checked
    client = visit("kulob")
    assert client.get(f"/match/{hidden(check.pk)}/").status_code == 404
    assert client.get(f"/match/{check.pk}/").status_code == 404
    assert client.post(f"/match/person/{one.pk}/").status_code == 404
    assert client.post("/match/everybody/", {"list": "x"}).status_code == 404
    assert visit("lawyer").get("/match/").status_code == 403
