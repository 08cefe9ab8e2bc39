"""An administrator's pages of officers; the role one works in; emergencies; who looked."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from safar.casework.access import acting_as, opened
from safar.casework.people import register_person
from safar.casework.readings import note_reading
from safar.desk.hidden import hidden
from safar.records.models import Grant, Officer, Organisation, Person, Reading
from safar.words import LANGUAGES, say
from tests.casework.conftest import NOW, ON, PASSWORD, register  # noqa: F401
from tests.casework.test_people import TOLD, jamshed


@pytest.fixture
def at(register) -> Callable[..., Client]:  # noqa: F811
    """``at("admin")``: the browser of an officer who has signed in."""
    cache.clear()

    def signed_in(username: str, language: str = "en") -> Client:
        client = Client()
        Officer.objects.filter(username=username).update(language=language)
        client.post(reverse("account_login"), {"login": username, "password": PASSWORD})
        return client

    return signed_in


@pytest.fixture
def person(register) -> Person:  # noqa: F811
    acting = acting_as(register["isfara"].officer_id, on=ON, now=NOW)
    with opened(acting, "test"):
        return register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)


def number_of(code: str) -> str:
    return hidden(Organisation.objects.get(code=code).pk)


# Officers


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_speak_every_language(at, language: str) -> None:
    admin = at("admin", language)
    officer_id = Officer.objects.get(username="isfara").pk
    page = admin.get(reverse("officers"))
    assert say(language, "officers.organisations") in page.text
    for name in ("officer", "officer_role"):
        assert admin.get(reverse(name, args=[officer_id])).status_code == 200
    assert admin.get(reverse("officer_new")).status_code == 200


def test_an_officer_is_invited(at) -> None:
    admin = at("admin")
    told = {
        "name": "Нигора Саидова", "language": "tg", "role": "officer", "organisation": number_of("TJ-MS-ISF"),
        "place": "TJ-SU-ISF", "starts_on": f"{admin_day()}", "ends_on": "",
    }  # fmt: skip
    page = admin.post(reverse("officer_new"), told)

    (link,) = re.findall(r'value="(http://testserver/invitation/[^"]+)"', page.text)
    assert page.headers["cache-control"] == "no-store"
    assert "Нигора Саидова" in Client().get(link).text
    assert "Нигора Саидова" in admin.get(reverse("officers")).text


def admin_day() -> str:
    from django.utils import timezone

    return timezone.localdate().isoformat()


def test_what_is_wrong_is_said_beside_the_field(at) -> None:
    admin = at("admin")
    told = {
        "name": "Нигора", "language": "tg", "role": "officer", "organisation": number_of("TJ-MS-ISF"),
        "place": "TJ-KH-KUL", "starts_on": admin_day(),
    }  # fmt: skip
    page = admin.post(reverse("officer_new"), told)

    assert page.status_code == 422
    assert say("en", "refused.role_place_outside") in page.text
    page = admin.post(reverse("officer_new"), told | {"organisation": number_of("KG-NGO-OSH")})
    assert say("en", "ui.form.error.invalid_choice") in page.text, (
        "an office of another register is no choice"
    )


def test_a_role_is_given_and_taken_back(at) -> None:
    admin = at("admin")
    officer = Officer.objects.get(username="isfara")
    told = {
        "role": "supervisor",
        "organisation": number_of("TJ-MS"),
        "place": "TJ-SU",
        "starts_on": admin_day(),
    }

    assert admin.post(reverse("officer_role", args=[officer.pk]), told).status_code == 302
    grant = Grant.objects.get(officer=officer, role="supervisor")
    assert grant.given_by.username == "admin"
    admin.post(reverse("grant_revoke", args=[grant.pk]))
    grant.refresh_from_db()
    assert grant.revoked_at


def test_a_clash_is_said(at) -> None:
    admin = at("admin")
    officer = Officer.objects.get(username="isfara")
    told = {"role": "auditor", "organisation": number_of("TJ-MS"), "starts_on": admin_day()}

    page = admin.post(reverse("officer_role", args=[officer.pk]), told)
    assert say("en", "refused.roles_clash") in page.text


def test_an_officer_is_let_go_and_taken_back(at) -> None:
    admin = at("admin")
    officer = Officer.objects.get(username="isfara")
    assert admin.post(reverse("officer_deactivate", args=[officer.pk])).status_code == 302
    assert at("isfara").get("/").status_code == 302
    page = admin.post(reverse("officer_activate", args=[officer.pk]))
    assert "/invitation/" in page.text


def test_a_new_invitation_ends_the_old_password(at) -> None:
    admin = at("admin")
    officer = Officer.objects.get(username="isfara")
    isfara = at("isfara")
    assert isfara.get("/people/").status_code == 200

    assert "/invitation/" in admin.post(reverse("officer_invite", args=[officer.pk])).text

    assert isfara.get("/people/").status_code == 302
    assert admin.post(reverse("officer_second_factor", args=[officer.pk])).status_code == 302


def test_officers_of_another_register_are_not_there(at) -> None:
    admin = at("admin")
    elsewhere, nowhere = Officer.objects.get(username="lawyer").pk, 10**9
    for name in ("officer", "officer_role"):
        answers = [admin.get(reverse(name, args=[number])) for number in (elsewhere, nowhere)]
        assert [answer.status_code for answer in answers] == [404, 404]
    for name in ("officer_invite", "officer_second_factor", "officer_deactivate", "officer_activate"):
        assert admin.post(reverse(name, args=[elsewhere])).status_code == 404
    assert "Lawyer" not in admin.get(reverse("officers")).text


def test_only_administrators_come_in(at) -> None:
    for username in ("isfara", "sughd", "donor"):
        client = at(username)
        assert client.get(reverse("officers")).status_code == 403
        assert client.post(reverse("officer_new"), {}).status_code == 403


# The role one works in


def test_whoever_has_several_roles_goes_on_in_another(at) -> None:
    officer = Officer.objects.get(username="isfara")
    ms = Organisation.objects.get(code="TJ-MS")
    second = Grant.objects.create(
        officer=officer, organisation=ms, role="supervisor", place_id="TJ-SU", starts_on=ON
    )
    client = at("isfara")
    assert client.get("/people/").context["acting"].role.name == "officer"

    assert say("en", "officers.switch") in client.get("/people/").text
    assert client.post(reverse("role_switch"), {"grant": hidden(second.pk)}).url == "/"

    assert client.get("/people/").context["acting"].role.name == "supervisor"
    second.revoked_at = NOW
    second.save()
    assert client.get("/people/").context["acting"].role.name == "officer", (
        "a role taken back is not gone on in"
    )


def test_nobody_takes_up_a_role_of_somebody_else(at) -> None:
    client = at("isfara")
    foreign = Grant.objects.get(officer__username="sughd").pk
    for number in (hidden(foreign), hidden(10**9), "", "x"):
        assert client.post(reverse("role_switch"), {"grant": number}).status_code == 404
    assert client.get(reverse("role_switch")).status_code == 405
    assert client.get("/people/").context["acting"].role.name == "officer"


def test_whoever_has_no_list_of_the_day_begins_in_another_room(at) -> None:
    for username in ("donor", "admin"):
        answer = at(username).get("/")
        assert answer.status_code == 302
        assert at(username).get(answer.url).status_code == 200, answer.url


# Emergencies


def test_a_file_is_opened_in_an_emergency(at, person) -> None:
    kulob = at("kulob")
    told = {"reference": person.reference, "reason": "In hospital in Kulob, nobody knows the family"}
    assert kulob.get(f"/people/{person.pk}/").status_code == 404

    assert kulob.post(reverse("emergency"), told).url == f"/people/{person.pk}/"

    page = kulob.get(f"/people/{person.pk}/")
    assert page.status_code == 200
    assert say("en", "emergency.opened") in page.text
    assert say("en", "emergency.banner") in page.text
    assert say("en", "emergency.banner") not in kulob.get("/people/").text
    assert say("en", "emergency.banner") not in at("isfara").get(f"/people/{person.pk}/").text


def test_nobody_found_says_how_to_be_exact(at, person) -> None:
    page = at("kulob").post(
        reverse("emergency"),
        {
            "surname": "Раҳимов",
            "given_name": "Ҷамшед",
            "birth_date": "1991-04-11",
            "reason": "In hospital in Kulob",
        },
    )
    assert say("en", "emergency.nobody") in page.text
    assert Reading.objects.filter(action="emergency", detail__found=False).exists() is False, (
        "kulob's, not ours to see"
    )


def test_a_supervisor_judges(at, person) -> None:
    at("kulob").post(reverse("emergency"), {"reference": person.reference, "reason": "In hospital in Kulob"})
    sughd, waiting = at("sughd"), say("en", "emergency.alerts_waiting", count=1)
    assert waiting in sughd.get("/").text
    page = sughd.get(reverse("emergencies"))
    assert "In hospital in Kulob" in page.text
    assert len(page.context["alerts"]) == 1
    (path,) = re.findall(r'action="(/emergencies/[^"]+)"', page.text)

    assert sughd.post(path, {"verdict": "not_justified", "remark": "A neighbour asked"}).status_code == 302

    assert at("kulob").get(f"/people/{person.pk}/").status_code == 404
    assert waiting not in sughd.get("/").text
    assert "A neighbour asked" in sughd.get(reverse("emergencies") + "?all=1").text
    assert sughd.post(path, {"verdict": "justified"}).status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_emergencies_speak_every_language(at, person, language: str) -> None:
    kulob = at("kulob", language)
    assert say(language, "emergency.told") in kulob.get(reverse("emergency")).text
    kulob.post(reverse("emergency"), {"reference": person.reference, "reason": "In hospital in Kulob"})
    assert say(language, "emergency.alerts_lead") in at("sughd", language).get(reverse("emergencies")).text


# Who looked


def test_a_supervisor_sees_who_looked_at_their_people(at, person, register) -> None:  # noqa: F811
    acting = acting_as(register["consul"].officer_id, on=ON, now=NOW)
    with opened(acting, "test"):
        note_reading(acting, "open_person", now=NOW, person_id=person.pk)

    text = at("sughd").get(reverse("history")).text
    assert "Consul" in text
    assert person.reference in text
    assert "Consul" not in at("sughd").get(reverse("history") + "?action=search").text


def test_looks_at_others_people_are_not_there(at, person, register) -> None:  # noqa: F811
    acting = acting_as(register["isfara"].officer_id, on=ON, now=NOW)
    with opened(acting, "test"):
        note_reading(acting, "open_person", now=NOW, person_id=person.pk)
    Officer.objects.get(username="kulob").grants.update(role="supervisor")

    page = at("kulob").get(reverse("history"))
    assert {line.officer for line in page.context["page"].lines} <= {"Kulob"}
    assert person.reference not in page.text


def test_an_auditor_sees_looks_and_not_whom(at, person, register) -> None:  # noqa: F811
    officer = Officer.objects.create(
        username="auditor", name="Auditor", password=Officer.objects.get(username="isfara").password
    )
    Grant.objects.create(
        officer=officer, organisation=Organisation.objects.get(code="TJ-MS"), role="auditor", starts_on=ON
    )
    for username in ("isfara", "lawyer"):
        acting = acting_as(register[username].officer_id, on=ON, now=NOW)
        with opened(acting, "test"):
            note_reading(acting, "open_person", now=NOW, person_id=person.pk)

    page = at("auditor").get(reverse("history"))
    assert "Isfara" in page.text
    assert "Lawyer" not in page.text
    assert person.reference not in page.text
    assert str(person.pk)[:8] in page.text
    assert at("auditor").get("/").url == reverse("history")


def test_looks_go_on_over_pages(at, register) -> None:  # noqa: F811
    acting = acting_as(register["sughd"].officer_id, on=ON, now=NOW)
    with opened(acting, "test"):
        for _ in range(130):
            note_reading(acting, "search", now=NOW, detail={"found": 3})
    client = at("sughd")
    page = client.get(reverse("history") + "?action=search")
    assert len(page.context["page"].lines) == 100
    following = client.get(reverse("history") + page.context["following"])
    assert len(following.context["page"].lines) == 30
    assert following.context["following"] == ""


@pytest.mark.parametrize("asked", ["officer=x", "since=never", "person=5", "after=zzz", "action=eat"])
def test_what_makes_no_sense_is_not_asked_for(at, asked: str) -> None:
    assert at("sughd").get(f"{reverse('history')}?{asked}").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_looked_speaks_every_language(at, language: str) -> None:
    client = at("sughd", language)
    client.get(reverse("history"))
    assert say(language, "audit.action.looks") in client.get(reverse("history")).text
