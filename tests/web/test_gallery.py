"""The gallery, the frame around it, and the pages for when something is wrong."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.exceptions import ValidationError
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from django.utils import translation

from safar.casework.errors import NotAllowedError
from safar.desk.ui import errors
from safar.desk.ui.icons import drawn
from safar.desk.ui.navigation import ROOMS
from safar.words import LANGUAGES, known, say

pytestmark = pytest.mark.django_db

INLINE = re.compile(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)


def drawn_as(text: str, language: str = "en", **values: object) -> str:
    with translation.override(language):
        return Template(text).render(Context(values))


# The page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gallery_is_written_in_the_language_that_the_browser_asks_for(
    client: Client, language: str
) -> None:
    answer = client.get("/gallery/", headers={"accept-language": language})

    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    assert say(language, "ui.gallery.headline") in answer.text


def test_outside_a_demonstration_one_has_to_sign_in(client: Client, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    assert client.get("/gallery/").status_code == 302


def test_nothing_in_a_page_needs_more_than_the_strict_policy(client: Client) -> None:
    answer = client.get("/gallery/")

    assert INLINE.findall(answer.text) == []
    assert "'unsafe" not in answer.headers["content-security-policy"]


def test_ids_are_unique_and_what_describes_a_field_is_there(client: Client) -> None:
    text = client.get("/gallery/").text
    ids = re.findall(r'\sid="([^"]+)"', text)

    assert sorted(ids) == sorted(set(ids))
    assert set(" ".join(re.findall(r'aria-describedby="([^"]+)"', text)).split()) <= set(ids)
    assert set(re.findall(r'\sfor="([^"]+)"', text)) <= set(ids)


# Language and appearance


def test_a_reader_comes_back_to_where_they_were(client: Client) -> None:
    answer = client.post("/language/", {"language": "ky", "next": "/gallery/?tab=people"})

    assert (answer.status_code, answer.headers["location"]) == (302, "/gallery/?tab=people")
    assert say("ky", "ui.gallery.title") in client.get("/gallery/").text


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_and_never_to_another_site(client: Client, elsewhere: str) -> None:
    answer = client.post("/appearance/", {"appearance": "dark", "next": elsewhere})
    assert answer.headers["location"] == "/"


def test_a_language_that_nobody_has_changes_nothing(client: Client) -> None:
    client.post("/language/", {"language": "xx"})
    assert client.get("/gallery/").headers["content-language"] == "en"


def test_the_appearance_is_kept_in_a_cookie(client: Client) -> None:
    client.post("/appearance/", {"appearance": "dark"})
    assert 'data-appearance="dark"' in client.get("/gallery/").text

    client.post("/appearance/", {"appearance": "pink"})
    assert 'data-appearance="dark"' in client.get("/gallery/").text


def test_a_choice_is_a_post(client: Client) -> None:
    assert [client.get(path).status_code for path in ("/language/", "/appearance/")] == [405, 405]


# Messages


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "part"])
def test_a_message_is_shown_once_with_the_word_of_its_tone(htmx: bool) -> None:
    request = RequestFactory().get("/")
    request.htmx = htmx
    request._messages = [Message(constants.SUCCESS, "Saved <b>")]

    text = errors.error_page(request, 404).content.decode()

    assert 'class="message good"' in text
    assert f'aria-label="{say("en", "tone.good")}"' in text
    assert "Saved &lt;b&gt;" in text
    assert ("hx-swap-oob" in text) is htmx


# When something is wrong


def test_a_page_that_is_not_there_says_so_in_the_readers_language(client: Client) -> None:
    answer = client.get("/nowhere/", headers={"accept-language": "tg"})

    assert answer.status_code == 404
    assert say("tg", "ui.error.404.text") in answer.text


@pytest.mark.parametrize("status", errors.STATUSES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_has_words(language: str, status: int) -> None:
    with translation.override(language):
        answer = errors.error_page(RequestFactory().get("/"), status)
    assert answer.status_code == status
    assert say(language, f"ui.error.{status}.text") in answer.content.decode()


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "part"])
def test_an_officer_without_a_role_is_told_whom_to_ask(client: Client, htmx: bool) -> None:
    officer = get_user_model().objects.create_user(
        "nobody", "a long enough password", name="No", language="ru"
    )
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.get("/gallery/", headers={"hx-request": "true"} if htmx else {})

    assert answer.status_code == 403
    assert say("ru", "refused.no_role") in answer.text
    assert ("<html" in answer.text) is not htmx


def test_a_form_that_was_open_too_long_says_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "ru"})

    assert answer.status_code == 403
    assert say("en", "ui.error.expired.text") in answer.text


def test_the_last_page_needs_neither_database_nor_session() -> None:
    request = RequestFactory().get("/")
    request._messages = BrokenStore()

    answer = errors.our_fault(request)

    assert answer.status_code == 500
    assert say("en", "ui.error.500.text") in answer.content.decode()


class BrokenStore:
    """Messages in a session in a database that is gone."""

    def __iter__(self) -> None:
        raise OSError("the server has gone away")


# Tags


def test_values_in_a_sentence_are_escaped() -> None:
    assert drawn_as('{% say "ui.progress" done=name total=2 %}', name="<b>") == "&lt;b&gt; of 2"


def test_a_refusal_is_told_by_its_code() -> None:
    told = drawn_as("{% refusal error %}", error=NotAllowedError("not_allowed", what="merge"))
    assert told == say("en", "refused.not_allowed")
    assert drawn_as("{% refusal error %}", error=NotAllowedError("never heard of")) == say(
        "en", "refused.unknown"
    )


def test_a_form_tells_caseworks_words_first() -> None:
    from django import forms

    class Born(forms.Form):
        day = forms.DateField()

    form = Born(data={"day": "x"})
    form.add_error("day", ValidationError("", code="left_before_entered"))
    told = drawn_as('{% field form.day "ui.gallery.born" %}', "ru", form=form)

    assert say("ru", "refused.left_before_entered") in told
    assert 'aria-invalid="true"' in told
    assert 'aria-describedby="id_day-error"' in told


@pytest.mark.parametrize(
    "text", ['{% badge "x" "pink" %}', '{% notice "pink" %}{% endnotice %}', "{{ on|distance }}"]
)
def test_a_tone_or_a_day_that_makes_no_sense_is_a_mistake_of_the_page(text: str) -> None:
    from datetime import date

    with pytest.raises(TemplateSyntaxError):
        drawn_as(text, on=date(2026, 11, 24))


@pytest.mark.parametrize("name", ["day", "moment", "distance", "number", 'money:"RUB"', "named"])
def test_what_is_not_known_is_not_written(name: str) -> None:
    assert drawn_as("{{ x|" + name + " }}", x=None) == ""


def test_every_room_has_a_word_and_an_icon() -> None:
    assert [
        room.name for room in ROOMS if not known("en", f"room.{room.name}") or room.name not in drawn()
    ] == []
