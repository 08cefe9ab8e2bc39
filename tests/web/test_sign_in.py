"""Signing in: two steps or a passkey, nothing told to strangers, sessions that can be ended, invitations."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from safar.casework.access import acting_as, opened
from safar.casework.officers import RoleGiven, create_officer, deactivate_officer
from safar.desk.hidden import hidden, read_hidden
from safar.records.models import Officer, Organisation
from safar.words import LANGUAGES, say
from tests.casework.conftest import NOW, ON, PASSWORD, register  # noqa: F401

NEW_PASSWORD = "three words no dictionary holds"


@pytest.fixture(autouse=True)
def _a_fresh_start(settings) -> None:
    """Counters of tries are kept in memory, so each test begins with none."""
    cache.clear()


@pytest.fixture
def office(register, client: Client, settings) -> Client:  # noqa: F811
    """A browser, and officers to sign in as, where a second factor is required."""
    settings.SECOND_FACTOR_REQUIRED = True
    return client


def sign_in(client: Client, username: str = "isfara", password: str = PASSWORD, **more: str):
    return client.post(reverse("account_login"), {"login": username, "password": password}, **more)


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up_an_app(client: Client) -> str:
    """Set up an app for codes; its secret."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return secret


# Two steps


def test_without_a_second_factor_nothing_else_is_open(office: Client) -> None:
    assert sign_in(office).url == "/"

    for path in ("/", "/people/", reverse("officers"), reverse("history"), "/nowhere/"):
        assert office.get(path).url == reverse("mfa_index"), path
        assert office.post(path).url == reverse("mfa_index"), path
    part = office.get("/people/", headers={"hx-request": "true"})
    assert part.headers["hx-redirect"] == reverse("mfa_index")
    page = office.get(reverse("mfa_index"))
    assert say("en", "sign_in.security.needed") in page.text


def test_an_app_is_set_up_and_work_begins(office: Client) -> None:
    sign_in(office)
    secret = set_up_an_app(office)

    assert office.get("/").status_code == 200
    codes = office.get(reverse("mfa_view_recovery_codes"))
    assert len(re.findall(r"<kbd>\d{8}</kbd>", codes.text)) == 10
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in json.dumps(kept.data)


def test_afterwards_the_password_alone_opens_nothing(office: Client) -> None:
    sign_in(office)
    secret = set_up_an_app(office)
    office.post(reverse("account_logout"))
    Authenticator.objects.update(last_used_at=None)

    answer = sign_in(office)

    assert answer.url == reverse("mfa_authenticate")
    assert office.get("/").status_code == 302
    assert office.get("/").url.startswith(reverse("account_login"))
    wrong = office.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert say("en", "refused.incorrect_code") in wrong.text
    cache.clear()  # a code is good once; this is the next half minute
    assert office.post(reverse("mfa_authenticate"), {"code": code_for(secret)}).url == "/"
    assert office.get("/").status_code == 200


def test_a_recovery_code_opens_once(office: Client) -> None:
    sign_in(office)
    set_up_an_app(office)
    code = re.findall(r"<kbd>(\d{8})</kbd>", office.get(reverse("mfa_view_recovery_codes")).text)[0]
    for opens in (True, False):
        office.post(reverse("account_logout"))
        sign_in(office)
        answer = office.post(reverse("mfa_authenticate"), {"code": code})
        assert (answer.status_code == 302) == opens


def test_whoever_removes_the_second_factor_has_to_set_up_another(office: Client) -> None:
    sign_in(office)
    set_up_an_app(office)
    office.post(reverse("mfa_deactivate_totp"))

    assert office.get("/").url == reverse("mfa_index")


def test_a_demonstration_does_without(register, client: Client, settings) -> None:  # noqa: F811
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client)

    assert client.get("/").status_code == 200


# What strangers learn


def test_nobody_learns_who_has_a_sign_in(office: Client) -> None:
    known, unknown = sign_in(office, password="wrong"), sign_in(office, "nobody", "wrong")
    officer = Officer.objects.get(username="kulob")
    officer.is_active = False
    officer.save()
    gone = sign_in(office, "kulob")

    for answer in (known, unknown):
        assert answer.status_code == 200
        assert say("en", "refused.username_password_mismatch") in answer.text
    without_names = [re.sub(r'"\w{6,64}"', "", answer.text) for answer in (known, unknown)]
    assert without_names[0] == without_names[1]
    assert gone.status_code == 302
    assert say("en", "refused.username_password_mismatch") in office.get(gone.url).text


def test_too_many_wrong_tries_lock_and_say_what_to_do(office: Client, settings) -> None:
    for name in ("isfara", "nobody"):
        cache.clear()
        for _ in range(settings.AXES_FAILURE_LIMIT):
            answer = sign_in(office, name, "wrong")
        assert answer.status_code == 429, name
        assert say("en", "ui.error.429.text") in answer.text
        again = sign_in(office, name, PASSWORD)
        assert say("en", "refused.too_many_login_attempts") in again.text, "the right password opens no lock"
    assert sign_in(office, "isfara", PASSWORD, REMOTE_ADDR="10.0.0.7").status_code == 302, (
        "elsewhere it is open"
    )


def test_passkeys_are_tried_only_so_often(office: Client) -> None:
    statuses = [
        office.post(reverse("mfa_login_webauthn"), {"credential": "{}"}).status_code for _ in range(12)
    ]
    assert statuses[0] == 302
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "password/reset/", "login/code/", "inactive/", "social/"]
)
def test_what_is_not_needed_does_not_exist(office: Client, path: str) -> None:
    assert office.get(f"/account/{path}").status_code == 404


# Pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_every_language(office: Client, language: str) -> None:
    words = {"headers": {"accept-language": language}}
    assert say(language, "sign_in.title") in office.get(reverse("account_login"), **words).text
    officer = Officer.objects.get(username="isfara")
    officer.language = language
    officer.save()
    sign_in(office)
    for name in (
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_change_password",
        "usersessions_list",
    ):
        assert office.get(reverse(name)).status_code == 200, name
    set_up_an_app(office)
    for name in (
        "mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_list_webauthn", "account_logout",
    ):  # fmt: skip
        assert office.get(reverse(name)).status_code == 200, name
    for name in ("account_reauthenticate", "mfa_reauthenticate"):
        page = office.get(reverse(name))
        assert say(language, "sign_in.again.title") in page.text, name


def test_scripts_are_files_of_our_own(office: Client) -> None:
    sign_in(office)
    for name in ("mfa_add_webauthn", "mfa_index"):
        text = office.get(reverse(name)).text
        for attributes in re.findall(r"<script([^>]*)>", text):
            assert 'src="/static/' in attributes or "application/json" in attributes
        assert re.findall(r"\sstyle=|<style|\son\w+=", text) == []


# Passwords and sessions


def test_a_password_is_changed_and_other_sessions_end(office: Client) -> None:
    sign_in(office)
    elsewhere = Client()
    sign_in(elsewhere)
    told = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    assert office.post(reverse("account_change_password"), told).status_code == 302

    assert elsewhere.get(reverse("mfa_index")).url.startswith(reverse("account_login"))
    assert office.get(reverse("mfa_index")).status_code == 200


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("password1234", "password_too_common"),
        ("zarina kodirova", "password_too_similar"),
    ],
)
def test_a_weak_password_is_refused_in_words(office: Client, password: str, code: str) -> None:
    Officer.objects.filter(username="isfara").update(name="Zarina Kodirova")
    sign_in(office)
    told = {"oldpassword": PASSWORD, "password1": password, "password2": password}

    assert say("en", f"refused.{code}") in office.post(reverse("account_change_password"), told).text


def test_a_session_is_seen_and_ended(office: Client) -> None:
    office, elsewhere = Client(HTTP_USER_AGENT="the office"), Client(HTTP_USER_AGENT="the phone")
    sign_in(office)
    sign_in(elsewhere)
    page = office.get(reverse("usersessions_list"))
    assert "the office" in page.text
    assert "the phone" in page.text
    (number,) = re.findall(r'name="session" value="([^"]+)"', page.text)

    office.post(reverse("usersessions_list"), {"session": number})

    assert elsewhere.get(reverse("mfa_index")).url.startswith(reverse("account_login"))
    assert office.get(reverse("mfa_index")).status_code == 200


def test_nobody_ends_another_s_session(office: Client) -> None:
    from allauth.usersessions.models import UserSession

    other = Client()
    sign_in(other, "kulob")
    foreign = UserSession.objects.get(user__username="kulob").pk
    sign_in(office)

    for number in (hidden(foreign), hidden(10**9), "x", "A" * 22):
        assert office.post(reverse("usersessions_list"), {"session": number}).status_code == 404
    assert other.get(reverse("mfa_index")).status_code == 200


def test_all_others_are_ended(office: Client) -> None:
    sign_in(office)
    elsewhere = Client()
    sign_in(elsewhere)

    office.post(reverse("usersessions_list"), {"session": ""})

    assert elsewhere.get(reverse("mfa_index")).status_code == 302
    assert office.get(reverse("mfa_index")).status_code == 200


# Invitations


@pytest.fixture
def invited(register):  # noqa: F811
    acting = acting_as(register["admin"].officer_id, on=ON, now=NOW)
    with opened(acting, "test"):
        ms = Organisation.objects.get(code="TJ-MS-ISF")
        return create_officer(
            acting,
            name="Нигора Саидова",
            language="tg",
            given=RoleGiven("officer", ms.pk, ON),
            on=ON,
            now=NOW,
        )


def test_an_invitation_leads_in(office: Client, invited) -> None:
    path = reverse("invitation", args=[invited.officer_id, invited.token])
    assert invited.username in office.get(path).text

    for password, again in (("short", "short"), (NEW_PASSWORD, "another one entirely")):
        assert office.post(path, {"password": password, "again": again}).status_code == 200
    assert office.post(path, {"password": NEW_PASSWORD, "again": NEW_PASSWORD}).url == reverse(
        "account_login"
    )

    assert sign_in(office, invited.username, NEW_PASSWORD).url == "/"
    assert office.get("/").url == reverse("mfa_index")
    stranger = Client()
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, {"password": "x", "again": "x"}).status_code == 404


def test_an_invitation_that_is_made_up_says_what_to_do(office: Client, invited) -> None:
    for officer_id, token in ((invited.officer_id, "x-y"), (10**9, invited.token)):
        page = office.get(reverse("invitation", args=[officer_id, token]))
        assert page.status_code == 404
        assert say("en", "sign_in.no_invitation.title") in page.text


def test_whoever_is_let_go_is_out_at_once(office: Client, register) -> None:  # noqa: F811
    sign_in(office)
    set_up_an_app(office)
    assert office.get("/").status_code == 200
    acting = acting_as(register["admin"].officer_id, on=ON, now=NOW)
    with opened(acting, "test"):
        deactivate_officer(acting, register["isfara"].officer_id, now=NOW)

    assert office.get("/").url.startswith(reverse("account_login"))


# The demonstration


def test_a_demonstration_lists_who_can_be_tried(register, client: Client) -> None:  # noqa: F811
    text = client.get(reverse("account_login")).text
    for username in ("Isfara", "Consul", "Lawyer", "Donor", "Admin"):
        assert username in text

    assert client.post(reverse("demo_enter"), {"officer": "consul"}).url == "/"
    assert client.get("/").context["acting"].name == "Consul"


def test_only_ready_officers_can_be_tried(register, client: Client) -> None:  # noqa: F811
    Officer.objects.create(username="without", name="Without a role")
    for username in ("without", "nobody", ""):
        assert client.post(reverse("demo_enter"), {"officer": username}).status_code == 404
    assert client.get(reverse("demo_enter")).status_code == 405


def outside_a_demonstration(code: str) -> dict:
    """What Python says of the settings of a real installation."""
    secrets = {
        name: "x" * 60 + name for name in ("SAFAR_SECRET_KEY", "SAFAR_DOCUMENT_KEYS", "SAFAR_AUDIT_KEY")
    }
    real = {
        name: value
        for name, value in os.environ.items()
        if name not in ("SAFAR_DEMO", "SAFAR_CARELESS", "SAFAR_STRICT_WORDS", "DJANGO_ALLOW_ASYNC_UNSAFE")
    }
    real |= {**secrets, "SAFAR_SERVING": "1", "DJANGO_SETTINGS_MODULE": "safar.site.settings"}
    told = subprocess.run(
        [sys.executable, "-c", f"import json, django; django.setup()\n{code}"],
        env=real, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def test_outside_a_demonstration_there_is_no_way_round_the_password() -> None:
    told = outside_a_demonstration(
        """
from django.conf import settings
from django.urls import resolve, reverse, Resolver404, NoReverseMatch
found = {}
try:
    reverse("demo_enter"); found["reverse"] = True
except NoReverseMatch:
    found["reverse"] = False
try:
    resolve("/demo/enter/"); found["resolve"] = True
except Resolver404:
    found["resolve"] = False
found["required"] = settings.SECOND_FACTOR_REQUIRED
print(json.dumps(found))
"""
    )
    assert told == {"reverse": False, "resolve": False, "required": True}


def test_outside_a_demonstration_cookies_are_for_tls_alone() -> None:
    names = [
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY",
        "SECURE_SSL_REDIRECT", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", "DEBUG",
    ]  # fmt: skip
    told = outside_a_demonstration(
        f"""
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {names!r}}} | {{"session": settings.SESSION_COOKIE_NAME}}))
"""
    )
    assert told.pop("session").startswith("__Host-")
    assert told.pop("MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN") is False
    assert told.pop("DEBUG") is False
    assert set(told.values()) == {True}


def test_django_finds_nothing_to_warn_of_in_a_deployment() -> None:
    told = outside_a_demonstration(
        """
from django.core.checks import run_checks
print(json.dumps([str(found) for found in run_checks(include_deployment_checks=True)]))
"""
    )
    assert told == []


# Hidden numbers


def test_a_hidden_number_tells_nothing_and_comes_back() -> None:
    shown: Callable[[int], str] = hidden
    assert [read_hidden(shown(number)) for number in (0, 1, 2**63)] == [0, 1, 2**63]
    assert len({shown(number) for number in range(1000)}) == 1000
    assert all(len(shown(number)) == 22 for number in range(50))
    assert len({shown(number)[:4] for number in range(1000)}) > 900, "neighbours have nothing in common"
    for wrong in ("", "x", "A" * 22, shown(5)[:-2] + "AA", shown(5) + "A", "ж" * 22):
        assert read_hidden(wrong) is None, wrong


def test_a_number_that_was_not_hidden_here_is_no_address(office: Client) -> None:
    sign_in(office)
    set_up_an_app(office)
    assert office.get("/officers/5/").status_code == 404
    assert office.get(f"/officers/{'A' * 22}/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("officer", args=["abc"])
    assert time.time() > 0
