"""Officers in a browser, for the pages of places, figures, team, checks, runs: import the fixtures a test needs."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpResponse
from django.test import Client

from safar.casework.access import Acting
from safar.casework.counting import load_figures
from safar.records.models import Headcount, NightCount, Officer, Organisation, Tally
from tests.casework.conftest import ON, register, system, working

__all__ = ["INLINE", "LANGUAGES", "counted", "in_order", "register", "system", "visit", "working"]

LANGUAGES = ("tg", "ky", "uz", "ru", "en")
INLINE = re.compile(r"<style|\sstyle=|\son\w+=\"|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@pytest.fixture
def visit(register: dict[str, Acting]) -> Callable[..., Client]:
    """``visit("isfara", "tg")``: a browser in which that officer has signed in."""

    def signed_in(username: str, language: str = "en") -> Client:
        officer = Officer.objects.get(username=username)
        client = Client()
        session = client.session
        session[SESSION_KEY] = str(officer.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
        session["language"] = language
        session.save()
        return client

    return signed_in


@pytest.fixture
def counted(system: Callable) -> None:
    """A night that counted 60 people of Isfara, of whom 40 need somebody and three are controlled, and 20 of Asht."""
    rows = (
        ("TJ.SU.ISF.", "fine", 37),
        ("TJ.SU.ISF.", "on_register", 3),
        ("TJ.SU.ISF.", "", 20),
        ("TJ.SU.ASH.", "fine", 20),
    )
    with system():
        of = Organisation.objects.get(code="TJ-MS")
        for path, danger, people in rows:
            Tally.objects.create(
                register=of,
                home_path=path,
                corridor="TJ-RU",
                danger=danger,
                week=None,
                people=people,
                reckoned_on=ON,
            )
            Headcount.objects.create(register=of, home_path=path, sex="male", age="from_25", people=people)
        for days in (1, 0):
            NightCount.objects.create(
                register=of,
                home_path="TJ.SU.ISF.",
                on=ON.replace(day=ON.day - days),
                people=60,
                needing=40,
                past=4,
            )
        load_figures(on=ON)


def in_order(answer: HttpResponse, status: int = 200) -> str:
    """The text of an answer that came as it should: status, no script or style in it, ids once."""
    assert answer.status_code == status
    text = answer.content.decode()
    assert INLINE.findall(text) == []
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))
    return text
