"""Files out, in a browser: how many that would be, and the file."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from safar.casework.consents import ConsentGiven, give_consent
from safar.casework.people import NameGiven, Registration, Saying, register_person
from safar.records.models import Organisation, Reading
from safar.words import LANGUAGES, say
from tests.casework.conftest import register, system, working  # noqa: F401  fixtures
from tests.web.test_people import seen, visit  # noqa: F401  fixtures


@pytest.fixture
def ngo(register) -> int:  # noqa: F811
    return Organisation.objects.get(code="KG-NGO-OSH").pk


@pytest.fixture
def people(working, ngo):  # noqa: F811
    """Two people of Isfara; the first has agreed that a helper has the file."""
    on, now = timezone.localdate(), timezone.now()
    saying = Saying("person", on)
    with working("isfara") as acting:
        both = [
            register_person(
                acting,
                Registration(
                    names=[NameGiven(surname, "Ҷамшед")], home_id="TJ-SU-ISF-001",
                    facts={"citizenship": "TJ", "destination": "RU", "region": "RU-SVE"},
                ),
                saying=saying, on=on, now=now,
            )
            for surname in ("Раҳимов", "Назаров")
        ]  # fmt: skip
        agreed = ConsentGiven("refer", ("identity", "contact"), "signed", on, None, ngo)
        give_consent(acting, both[0].pk, agreed, saying=saying, on=on, now=now)
    return both


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_in_every_language(visit, people, ngo, language: str) -> None:  # noqa: F811
    client = visit("isfara", language)
    plain = client.get(reverse("export")).text
    waiting = client.get(reverse("export"), {"purpose": "refer"}).text
    partly = client.get(reverse("export"), {"purpose": "refer", "recipient": ngo, "what": "needs"}).text
    nobody = client.get(reverse("export"), {"purpose": "research"}).text

    assert say(language, "exports.inside", count=2) in plain
    assert say(language, "exports.choose_first") in waiting
    assert say(language, "exports.left_out", count=1) in partly
    assert say(language, "exports.nobody.title") in nobody
    assert "style=" not in plain + waiting + partly + nobody


def test_the_file_is_the_readers_and_streams(visit, people, ngo, working) -> None:  # noqa: F811
    answer = visit("isfara", "tg").post(reverse("export_take"), {"form": "csv"})

    assert answer.streaming and answer["Content-Disposition"].endswith('.csv"')
    assert "no-store" in answer.get("Cache-Control", "no-store")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert {row[say("tg", "exports.column.surname")] for row in rows} == {"Раҳимов", "Назаров"}
    assert seen(working, "isfara", lambda: Reading.objects.filter(action="export").count()) == 1


def test_only_who_agreed_goes_out(visit, people, ngo) -> None:  # noqa: F811
    asked = {"form": "csv", "purpose": "refer", "recipient": ngo}
    answer = visit("isfara").post(reverse("export_take"), asked)

    text = answer.getvalue().decode("utf-8-sig")
    assert "Раҳимов" in text and "Назаров" not in text and "RU-SVE" not in text


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"purpose": "refer"}, 422, "recipient_needed"),
        ({"purpose": "refer", "recipient": "999999"}, 404, "organisation_not_there"),
        ({"purpose": "war"}, 422, "answer_wrong"),
        ({"form": "exe"}, 422, "answer_wrong"),
        ({"purpose": "research"}, 422, "nobody_to_export"),
        ({"place": "KG."}, 404, "place_not_there"),
    ],
)
def test_what_cannot_be_taken_out_is_told(visit, people, asked, status, code) -> None:  # noqa: F811
    answer = visit("isfara").post(reverse("export_take"), asked)

    assert answer.status_code == status and say("en", f"refused.{code}") in answer.text


@pytest.mark.parametrize(("username", "status"), [("donor", 403), ("admin", 403), ("lawyer", 200)])
def test_the_role_decides(visit, people, username, status) -> None:  # noqa: F811
    page = visit(username).get(reverse("export"))

    assert page.status_code == status
    assert "Раҳимов" not in page.text
