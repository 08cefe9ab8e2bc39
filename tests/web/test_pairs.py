"""The review of pairs in a browser: the list, one pair, a decision, and parting what was joined."""

import pytest
from django.urls import reverse
from django.utils import timezone

from safar.casework.people import NameGiven, Registration, Saying, register_person
from safar.records.models import Merge, Pair, Person
from safar.words import LANGUAGES, say
from tests.casework.conftest import register, system, working  # noqa: F401  fixtures
from tests.web.test_people import seen, visit  # noqa: F401  fixtures

REASONS = [
    {"field": "surname", "level": "spelling", "bits": 7.5},
    {"field": "dob", "level": "swapped", "bits": -2.25},
]


@pytest.fixture
def pairs(working, system):  # noqa: F811
    """Two pairs of the people of Isfara, the first the likelier."""
    on, now = timezone.localdate(), timezone.now()
    with working("isfara") as acting:
        people = [
            register_person(
                acting,
                Registration(names=[NameGiven(surname, "Ҷамшед")], home_id="TJ-SU-ISF-001"),
                saying=Saying("person", on), on=on, now=now,
            )
            for surname in ("Раҳимов", "Rahimov", "Назаров", "Nazarov")
        ]  # fmt: skip
    with system():
        return [
            Pair.objects.create(
                one=min(two, key=lambda person: person.pk), two=max(two, key=lambda person: person.pk),
                probability=probability, reasons=REASONS, found_on=on,
            )
            for two, probability in ((people[:2], 0.97), (people[2:], 0.8))
        ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_and_the_pair_in_every_language(visit, pairs, language: str) -> None:  # noqa: F811
    client = visit("sughd", language)
    listed, shown = client.get(reverse("pairs")), client.get(reverse("pair", args=[pairs[0].pk]))

    assert listed.text.index(reverse("pair", args=[pairs[0].pk])) < listed.text.index(
        reverse("pair", args=[pairs[1].pk])
    )
    assert say(language, "people.agrees.spelling") in shown.text
    assert "<rect" in shown.text
    assert "style=" not in shown.text


def test_a_decision_leads_to_the_next_pair(visit, working, pairs) -> None:  # noqa: F811
    client = visit("sughd")
    answer = client.post(reverse("pair", args=[pairs[0].pk]), {"decision": "same"})

    assert answer.url == reverse("pair", args=[pairs[1].pk])
    assert seen(working, "sughd", Merge.objects.count) == 1
    answer = client.post(reverse("pair", args=[pairs[1].pk]), {"decision": "different"})
    assert answer.url == reverse("pairs")
    assert say("en", "pairs.empty.title") in client.get(reverse("pairs")).text


def test_what_was_joined_leads_to_the_one_that_is_kept_and_is_parted_again(visit, working, pairs) -> None:  # noqa: F811
    client = visit("sughd")
    client.post(reverse("pair", args=[pairs[0].pk]), {"decision": "same"})
    merge = seen(working, "sughd", Merge.objects.get)

    moved = client.get(reverse("person", args=[merge.other_id]))
    assert moved.url == reverse("person", args=[merge.kept_id])
    page = client.get(moved.url).text
    assert "Раҳимов" in page
    assert "Rahimov" in page

    assert client.post(reverse("pair_split", args=[merge.pk]), {"because": ""}).status_code == 422
    client.post(reverse("pair_split", args=[merge.pk]), {"because": "two brothers"})
    assert not seen(working, "sughd", Person.objects.filter(merged_into__isnull=False).exists)


def test_an_officer_compares_by_reference(visit, working, pairs) -> None:  # noqa: F811
    one, other = pairs[0].one_id, pairs[1].one_id
    reference = seen(working, "isfara", lambda: Person.objects.get(pk=other).reference)
    answer = visit("isfara").post(reverse("person_compare", args=[one]), {"reference": reference})

    assert visit("isfara").get(answer.url).status_code == 200
    nowhere = visit("isfara").post(reverse("person_compare", args=[one]), {"reference": "S222-22222"})
    assert nowhere.status_code == 404


@pytest.mark.parametrize(
    ("username", "status"), [("kulob", 404), ("lawyer", 404), ("consul", 403), ("donor", 403)]
)
def test_nobody_out_of_scope_sees_a_pair(visit, pairs, username: str, status: int) -> None:  # noqa: F811
    client = visit(username)

    assert client.get(reverse("pair", args=[pairs[0].pk])).status_code == status
    assert client.post(reverse("pair", args=[pairs[0].pk]), {"decision": "same"}).status_code == status


def test_a_word_that_is_no_decision_is_refused(visit, pairs) -> None:  # noqa: F811
    answer = visit("sughd").post(reverse("pair", args=[pairs[0].pk]), {"decision": "maybe"})

    assert answer.status_code == 422
