"""The pages of people as a browser asks for them: whole, in part, without a script, no name in an address."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from safar.casework.people import NameGiven, Registration, Saying, StayGiven, register_person
from safar.desk.people.entries import ENTRIES
from safar.records.models import Document, Officer, Pair, Person, Reading, Statement, Stay
from safar.words import LANGUAGES, say
from tests.casework.conftest import register, system, working  # noqa: F401  fixtures

PART = {"hx-request": "true"}


def usual(**told):
    """What a form sends of the saying when nobody changes it."""
    said = {
        "said_by": "person",
        "said_on": timezone.localdate().isoformat(),
        "sureness": "sure",
        "evidence": "",
    }
    return {**said, **told}


@pytest.fixture
def visit(register):  # noqa: F811
    """``visit("isfara")``: a browser in which that officer has signed in."""

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
def jamshed(working):  # noqa: F811
    """Somebody from Isfara who came to Russia three weeks ago."""
    on = timezone.localdate()
    with working("isfara") as acting:
        return register_person(
            acting,
            Registration(
                names=[NameGiven("Раҳимов", "Ҷамшед")],
                home_id="TJ-SU-ISF-001",
                birth_date=on.replace(year=1991, month=4, day=12),
                birth_precision="day",
                facts={"citizenship": "TJ", "destination": "RU", "region": "RU-SVE", "entry_purpose": "work"},
                stays=[StayGiven("RU", on - timedelta(days=20), still_there=True)],
            ),
            saying=Saying("person", on), on=on, now=timezone.now(),
        )  # fmt: skip


def told_of(person) -> dict:
    return Person.objects.get(pk=person.pk).facts


def seen(working, username: str, look):  # noqa: F811
    with working(username):
        return look()


# Search


def test_a_search_stands_in_no_address(visit, jamshed) -> None:
    page = visit("isfara").post(reverse("people"), {"q": "rahimov"})

    assert page.status_code == 200
    assert str(jamshed.pk) in page.text
    assert "rahimov" not in "".join(re.findall(r'(?:href|action|hx-get|hx-post)="([^"]*)"', page.text))
    assert visit("isfara").get(reverse("people"), {"q": "rahimov"}).text.count(str(jamshed.pk)) == 0


def test_a_part_is_the_list_alone(visit, jamshed) -> None:
    part = visit("isfara").post(reverse("people"), {"q": "rahimov"}, headers=PART)

    assert part.text.lstrip().startswith('<section id="found"')
    assert "<html" not in part.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_found_says_what_to_do(visit, language: str) -> None:
    page = visit("isfara", language).post(reverse("people"), {"q": "Несуществующий"})

    assert say(language, "people.search.nobody.title") in page.text
    assert reverse("person_new") in page.text


# The page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_in_every_language(visit, jamshed, language: str) -> None:
    page = visit("isfara", language).get(reverse("person", args=[jamshed.pk]))

    assert page.status_code == 200
    assert say(language, "people.clock.title") in page.text
    assert "style=" not in page.text
    assert "<style" not in page.text
    assert 'onclick="' not in page.text


@pytest.mark.parametrize("username", ["kulob", "lawyer"])
def test_a_file_out_of_scope_is_not_there(visit, jamshed, username: str) -> None:
    there = visit(username).get(reverse("person", args=[jamshed.pk]))
    nowhere = visit(username).get(reverse("person", args=[uuid4()]))

    assert there.status_code == nowhere.status_code == 404
    assert there.text.count("Раҳимов") == 0


def test_whoever_has_not_signed_in_is_led_to_the_door(jamshed) -> None:
    assert Client().get(reverse("person", args=[jamshed.pk])).status_code == 302


@pytest.mark.parametrize("group", ["identity", "journey", "patent", "work", "signs"])
@pytest.mark.parametrize("part", [True, False])
def test_facts_are_asked_for_in_a_form(visit, jamshed, group: str, part: bool) -> None:
    form = visit("isfara").get(
        reverse("person_facts", args=[jamshed.pk, group]), headers=PART if part else {}
    )

    assert form.status_code == 200
    assert ("<html" in form.text) is not part
    assert 'name="said_by"' in form.text


def test_a_group_that_does_not_exist_is_not_there(visit, jamshed) -> None:
    assert visit("isfara").get(reverse("person_facts", args=[jamshed.pk, "secrets"])).status_code == 404
    assert visit("isfara").get(reverse("person_entry", args=[jamshed.pk, "secrets"])).status_code == 404


def test_a_fact_moves_the_clock_in_the_part_that_comes_back(visit, working, jamshed) -> None:  # noqa: F811
    paid = (timezone.localdate() + timedelta(days=10)).isoformat()
    issued = (timezone.localdate() - timedelta(days=5)).isoformat()
    sent = usual(patent_paid_until_day=paid, patent_issued_on_day=issued, patent_region="RU-SVE")
    client = visit("isfara")
    body = client.post(reverse("person_facts", args=[jamshed.pk, "patent"]), sent, headers=PART)

    assert body.headers["HX-Retarget"] == "#person"
    assert say("en", "people.saved") in body.text
    assert seen(working, "isfara", lambda: told_of(jamshed))["patent_paid_until"] == paid

    page = client.post(reverse("person_facts", args=[jamshed.pk, "patent"]), usual(patent_occupation="mason"))
    assert page.status_code == 302
    assert page.url.endswith("#patent")


@pytest.mark.parametrize(
    ("field", "given", "stored"),
    [
        ("patent_applied_on_otherwise", "none", "none"),
        ("patent_applied_on_otherwise", "unknown", None),
        ("patent_applied_on_day", "24.11.2025", "2025-11-24"),
    ],
)
def test_never_and_not_known_are_answers(visit, working, jamshed, field, given, stored) -> None:  # noqa: F811
    visit("isfara").post(reverse("person_facts", args=[jamshed.pk, "patent"]), usual(**{field: given}))

    assert seen(working, "isfara", lambda: told_of(jamshed))["patent_applied_on"] == stored


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"patent_applied_on_day": "2026-13-45"}, "ui.form.error.invalid"),
        (
            {"patent_applied_on_day": "2026-01-01", "patent_applied_on_otherwise": "none"},
            "refused.day_or_word",
        ),
        ({"said_on": "2999-01-01", "patent_occupation": "mason"}, "refused.day_ahead"),
        ({}, "refused.nothing_said"),
    ],
)
def test_what_is_wrong_is_said_at_the_form(visit, working, jamshed, sent: dict, code: str) -> None:  # noqa: F811
    form = visit("isfara").post(
        reverse("person_facts", args=[jamshed.pk, "patent"]), {**usual(), **sent}, headers=PART
    )

    assert form.status_code == 422
    assert say("en", code) in form.text or "invalid" in code
    assert seen(working, "isfara", Statement.objects.count) == 1


def test_the_next_question_is_answered_with_one_press(visit, working, jamshed) -> None:  # noqa: F811
    client = visit("isfara")
    page = client.get(reverse("person", args=[jamshed.pk])).text
    fact = re.search(r'name="fact" value="([\w.]+)"', page)[1]
    button = re.search(rf'name="{re.escape(fact)}(?:_otherwise)?" value="(\w+)"', page)
    name = re.search(rf'name="({re.escape(fact)}(?:_otherwise)?)" value="{button[1]}"', page)[1]

    body = client.post(
        reverse("person_answer", args=[jamshed.pk]), usual(fact=fact, **{name: button[1]}), headers=PART
    )

    assert body.status_code == 200
    assert re.search(r'name="fact" value="([\w.]+)"', body.text)[1] != fact
    assert seen(working, "isfara", Statement.objects.count) == 2


def test_a_question_may_be_passed_over(visit, jamshed) -> None:
    client = visit("isfara")
    page = client.get(reverse("person", args=[jamshed.pk])).text
    fact = re.search(r'name="fact" value="([\w.]+)"', page)[1]

    after = client.get(reverse("person", args=[jamshed.pk]), {"skip": fact}).text

    assert re.search(r'name="fact" value="([\w.]+)"', after)[1] != fact


@pytest.mark.parametrize("what", ENTRIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_small_form_in_every_language(visit, jamshed, what: str, language: str) -> None:
    form = visit("isfara", language).get(reverse("person_entry", args=[jamshed.pk, what]), headers=PART)

    assert form.status_code == 200
    assert "csrfmiddlewaretoken" in form.text


TODAY = timezone.localdate
FILLED = {
    "stay": lambda: {"country": "KZ", "entered_on": "2025-01-01", "end": "left", "left_on": "2025-02-01"},
    "offence": lambda: {"country": "RU", "kind": "stay", "decided_on": "2025-01-01", "expelled": "false"},
    "journey": lambda: {"destination": "RU", "left_home_on": "2026-01-01"},
    "name": lambda: {"surname": "Каримов", "kind": "married", "shown": "on"},
    "phone": lambda: {"number": "+992 92 777 11 22", "whose": "own"},
    "document": lambda: {"kind": "passport", "number": "A 1234567", "country": "TJ"},
    "consent": lambda: {
        "purpose": "casework", "fields_told": ["law"], "how": "signed", "given_on": TODAY().isoformat(),
    },
    "home": lambda: {"home_typed": "isf", "home": "TJ-SU-ISF-001"},
}  # fmt: skip


@pytest.mark.parametrize("what", FILLED)
def test_every_small_form_is_taken(visit, jamshed, what: str) -> None:
    client = visit("isfara")
    body = client.post(
        reverse("person_entry", args=[jamshed.pk, what]), usual(**FILLED[what]()), headers=PART
    )

    assert body.headers.get("HX-Retarget") == "#person", body.text
    page = client.post(reverse("person_entry", args=[jamshed.pk, what]), usual(**FILLED[what]()))
    assert page.status_code == 302


def test_they_left(visit, working, jamshed) -> None:  # noqa: F811
    stay = seen(working, "isfara", Stay.objects.get)
    client = visit("isfara")
    left = timezone.localdate().isoformat()
    client.post(reverse("person_entry_row", args=[jamshed.pk, "stay_end", stay.pk]), usual(left_on=left))

    assert seen(working, "isfara", lambda: told_of(jamshed))["stays"][0]["left_on"] == left
    gone = client.post(
        reverse("person_entry_row", args=[jamshed.pk, "stay_end", stay.pk]), usual(left_on=left)
    )
    assert gone.status_code == 422
    assert say("en", "refused.stay_not_there") in gone.text


def test_a_stay_that_ended_needs_the_day(visit, jamshed) -> None:
    sent = usual(country="RU", entered_on="2026-01-01", end="left")
    form = visit("isfara").post(reverse("person_entry", args=[jamshed.pk, "stay"]), sent, headers=PART)

    assert form.status_code == 422


def test_a_number_is_shown_to_whoever_asks_and_it_is_noted(visit, working, jamshed) -> None:  # noqa: F811
    client = visit("isfara")
    sent = usual(kind="passport", number="A1234567")
    page = client.post(reverse("person_entry", args=[jamshed.pk, "document"]), sent, headers=PART)
    assert "A1234567" not in page.text
    paper = seen(working, "isfara", Document.objects.get)

    shown = client.post(reverse("person_document", args=[jamshed.pk, paper.pk]), headers=PART)

    assert "A1234567" in shown.text
    assert client.get(reverse("person_document", args=[jamshed.pk, paper.pk])).status_code == 405
    assert seen(working, "isfara", Reading.objects.filter(action="show_document").count) == 1


def test_a_statement_is_taken_back_with_a_reason(visit, working, jamshed) -> None:  # noqa: F811
    statement = seen(working, "isfara", Statement.objects.get)
    address = reverse("person_withdraw", args=[jamshed.pk, statement.pk])
    client = visit("isfara")

    assert client.post(address, {"because": " "}).status_code == 422
    assert client.post(address, {"because": "Another person"}).status_code == 302
    assert seen(working, "isfara", lambda: told_of(jamshed)).get("citizenship") is None


def test_an_officer_takes_charge(visit, working, jamshed) -> None:  # noqa: F811
    page = visit("isfara").post(reverse("person_assign", args=[jamshed.pk]), {"officer": "me"}, headers=PART)

    assert say("en", "people.in_charge", name="Isfara") in page.text
    assert seen(working, "isfara", lambda: Person.objects.get(pk=jamshed.pk)).assigned_to.username == "isfara"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_history_in_every_language(visit, jamshed, language: str) -> None:
    page = visit("sughd", language).get(reverse("person_history", args=[jamshed.pk]))

    assert page.status_code == 200
    assert say(language, "people.happened.person.insert") in page.text


# Registration


def begun(client: Client, **told):
    """The form as it is sent the first time."""
    page = client.get(reverse("person_new")).text
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    return usual(once=once, home_typed="isf", home="TJ-SU-ISF-001", citizenship="TJ", **told)


def test_a_name_and_a_village_open_a_file(visit, working) -> None:  # noqa: F811
    client = visit("isfara")
    answer = client.post(reverse("person_new"), begun(client, line="Назаров Фирӯз", birth_year="1990"))

    assert answer.status_code == 302
    person = seen(working, "isfara", Person.objects.get)
    assert resolve(answer.url).kwargs == {"person_id": person.pk}
    assert (person.birth_date.year, person.birth_precision) == (1990, "year")
    assert person.facts["citizenship"] == "TJ"


def test_the_form_sent_twice_opens_one_file(visit, working) -> None:  # noqa: F811
    client = visit("isfara")
    form = begun(client, line="Назаров Фирӯз", birth_day="3", birth_month="4", birth_year="1990")
    first, second = (client.post(reverse("person_new"), form) for _ in range(2))

    assert first.url == second.url
    assert seen(working, "isfara", Person.objects.count) == 1


def test_the_same_person_is_noticed_without_a_script(visit, working, jamshed) -> None:  # noqa: F811
    client = visit("isfara")
    form = begun(client, line="Rahimov Jamshed", birth_day="12", birth_month="4", birth_year="1991")
    warned = client.post(reverse("person_new"), form)

    assert warned.status_code == 200
    assert say("en", "people.alike.warned") in warned.text
    assert reverse("person", args=[jamshed.pk]) in warned.text
    assert seen(working, "isfara", Person.objects.count) == 1

    opened = client.post(reverse("person_new"), {**form, "different": str(jamshed.pk)})
    assert opened.status_code == 302
    pair = seen(working, "isfara", Pair.objects.get)
    assert pair.decided == "different"
    assert jamshed.pk in (pair.one_id, pair.two_id)


def test_the_same_person_is_noticed_while_one_types(visit, jamshed) -> None:
    client = visit("isfara")
    part = client.post(reverse("person_alike"), begun(client, line="Rahimov Jamshed"), headers=PART)

    assert "<html" not in part.text
    assert str(jamshed.pk) in part.text
    assert say("en", "people.agrees.spelling") in part.text


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"line": ""}, "refused.name_needed"),
        ({"line": "Назаров", "home": "", "home_typed": ""}, "refused.home_needed"),
        ({"line": "Назаров", "home": "", "home_typed": "kul"}, "refused.home_unknown"),
        ({"line": "Назаров", "home": "TJ-KH-KUL-001"}, "refused.home_outside"),
        (
            {"line": "Назаров", "birth_day": "31", "birth_month": "2", "birth_year": "1990"},
            "ui.form.error.invalid_date",
        ),
        ({"line": "Назаров", "phone": "call me"}, "refused.phone_wrong"),
        ({"line": "Назаров", "once": "mine"}, "refused.form_old"),
        ({"line": "Назаров", "birth_year": "2999"}, "refused.birth_ahead"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_new_file(visit, working, told: dict, code: str) -> None:  # noqa: F811
    client = visit("isfara")
    form = client.post(reverse("person_new"), {**begun(client), **told})

    assert form.status_code == 422
    assert say("en", code) in form.text
    assert seen(working, "isfara", Person.objects.count) == 0


def test_a_form_drawn_for_another_officer_opens_nothing(visit, working) -> None:  # noqa: F811
    form = begun(visit("sughd"), line="Назаров Фирӯз")

    assert visit("isfara").post(reverse("person_new"), form).status_code == 422


def test_homes_are_offered_while_one_types(visit) -> None:
    part = visit("isfara").post(reverse("person_homes"), {"home_typed": "isf"}, headers=PART)

    assert 'value="TJ-SU-ISF-001"' in part.text
    assert (
        "KUL" not in visit("isfara").post(reverse("person_homes"), {"home_typed": "kul"}, headers=PART).text
    )


@pytest.mark.parametrize("username", ["donor", "admin"])
def test_whoever_sees_no_people_finds_no_page_of_people(visit, jamshed, username: str) -> None:
    client = visit(username)

    assert client.get(reverse("people")).status_code == 403
    assert client.get(reverse("person_new")).status_code == 403
    assert client.get(reverse("person", args=[jamshed.pk])).status_code in (403, 404)
