"""The team: what lies with whom is counted in scope alone, and people are handed over whole."""

from datetime import timedelta

import pytest

from safar.casework.errors import NotAllowedError, NotPossibleError, NotThereError
from safar.casework.team import NOBODY, Handing, hand_over, team_page
from safar.casework.today import assign_people
from safar.records.models import Grant, Need, Officer, Person, Reading
from tests.casework.conftest import NOW, ON
from tests.casework.test_today import registered


def page(acting):
    return team_page(acting, on=ON, now=NOW, language="en")


def id_of(username: str) -> int:
    return Officer.objects.get(username=username).pk


def load_of(shown, username: str):
    return next(load for load in shown.loads if load.officer_id == id_of(username))


def hand(acting, **told) -> int:
    names = {"taken_from": NOBODY, "given_to": NOBODY} | told
    return hand_over(acting, Handing(**names), on=ON, now=NOW)


@pytest.fixture
def people(working) -> list:
    """Two in Isfara over their day and one in order, one in Asht; the first is with the officer of Isfara."""
    with working("sughd") as acting:
        found = [registered(acting, "Раҳимов", days) for days in (200, 150, 3)]
        found.append(registered(acting, "Назаров", 200, home="TJ-SU-ASH-001"))
        assign_people(acting, [found[0].pk], id_of("isfara"), on=ON, now=NOW)
    return found


def test_a_supervisor_sees_what_lies_with_whom(working, people) -> None:
    with working("kulob") as acting:
        registered(acting, "Одинаев", 200, home="TJ-KH-KUL-001")
    with working("sughd") as acting:
        shown = page(acting)
        waiting = Need.objects.filter(first=True, assigned_to=None).count()
        assert Reading.objects.filter(action="list", detail__of="team").exists()

    assert (load_of(shown, "isfara").people, load_of(shown, "isfara").past) == (1, 1)
    assert load_of(shown, "kulob").people == 0, "of another area nothing is counted"
    assert shown.nobody.people == waiting
    assert shown.nobody.since == ON
    assert {district.path for district in shown.districts} == {"TJ.SU.ISF.", "TJ.SU.ASH."}
    assert people[0].pk in {line.person_id for line in shown.waiting}
    assert all(path.startswith("TJ.SU.") for path, _ in shown.areas)


def test_whoever_left_still_has_their_people_shown(working, people) -> None:
    with working("sughd") as acting:
        Grant.objects.filter(officer__username="isfara").update(ends_on=ON)
        load = load_of(page(acting), "isfara")

    assert not load.here and load.people == 1


def test_people_are_handed_over_with_all_their_needs(working, people) -> None:
    with working("sughd") as acting:
        assert hand(acting, taken_from=id_of("isfara"), given_to=id_of("sughd")) == 1

        assert Person.objects.get(pk=people[0].pk).assigned_to_id == id_of("sughd")
        assert set(Need.objects.filter(person=people[0].pk).values_list("assigned_to", flat=True)) == {
            id_of("sughd")
        }


def test_of_those_with_nobody_the_most_pressing_come_first(working, people) -> None:
    with working("sughd") as acting:
        first = Need.objects.filter(first=True, assigned_to=None).order_by("-priority", "person_id").first()
        assert hand(acting, given_to=id_of("isfara"), most=1) == 1
        assert Person.objects.get(pk=first.person_id).assigned_to_id == id_of("isfara")
        assert Person.objects.filter(assigned_to=None).count() == 2


def test_a_district_keeps_the_others_out(working, people) -> None:
    with working("sughd") as acting:
        hand(acting, given_to=id_of("sughd"), place="TJ.SU.ASH.")

        assert set(Person.objects.filter(assigned_to=id_of("sughd")).values_list("home_path", flat=True)) == {
            "TJ.SU.ASH.U01.001."
        }


def test_many_are_handed_over_in_pieces(working, people, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safar.casework.team.BATCH", 2)
    with working("sughd") as acting:
        count = hand(acting, given_to=id_of("isfara"))

        assert count >= 3
        assert not Need.objects.filter(first=True, assigned_to=None).exists()


@pytest.mark.parametrize(
    ("told", "error", "code"),
    [
        ({}, NotPossibleError, "same_officer"),
        ({"given_to": "lawyer"}, NotThereError, "officer_not_there"),
        ({"given_to": "donor"}, NotThereError, "officer_not_there"),
        ({"given_to": "isfara", "place": "TJ.KH."}, NotThereError, "place_not_there"),
        ({"given_to": "isfara", "most": 0}, NotPossibleError, "number_wrong"),
        ({"taken_from": "kulob", "given_to": "isfara"}, NotPossibleError, "nobody_to_hand"),
    ],
)
def test_what_cannot_be_handed_over(working, people, told, error, code: str) -> None:
    told = {
        name: id_of(value) if name != "place" and isinstance(value, str) else value
        for name, value in told.items()
    }
    with working("sughd") as acting, pytest.raises(error) as refused:
        hand(acting, **told)
    assert refused.value.code == code


def test_only_a_supervisor_has_a_team(working, people) -> None:
    for username in ("isfara", "consul", "lawyer", "donor", "admin"):
        with working(username) as acting:
            with pytest.raises(NotAllowedError):
                page(acting)
            with pytest.raises(NotAllowedError):
                hand(acting, given_to=id_of("sughd"))


def test_the_longest_wait_comes_first(working, people) -> None:
    with working("sughd") as acting:
        Need.objects.filter(person=people[3].pk).update(since=ON - timedelta(days=40))
        shown = page(acting)

    assert shown.waiting[0].person_id == people[3].pk
    assert shown.waiting[0].days == 40
