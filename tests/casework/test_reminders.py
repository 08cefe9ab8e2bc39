"""Near days: told to whoever is in charge, one line a person, until they say that they have seen them."""

from datetime import timedelta

import pytest

from safar.casework.night import remind
from safar.casework.reminders import SHOWN, mark_seen, near_days
from safar.casework.today import assign_people
from safar.records.models import Need, Person, Reminder
from tests.casework.conftest import NOW, ON
from tests.casework.test_today import registered


def near(acting):
    return near_days(acting, on=ON, language="en")


@pytest.fixture
def people(working, system) -> list:
    """Seven people of the officer of Isfara whose days come one after the other, the last one beyond a week."""
    with working("isfara") as acting:
        found = [registered(acting, f"Раҳимов{number}", 60).pk for number in range(SHOWN + 2)]
        assign_people(acting, found, acting.officer_id, on=ON, now=NOW)
        for days, person in enumerate(found):
            Need.objects.filter(person=person).update(
                act_by=ON + timedelta(days=days if days < SHOWN + 1 else 9)
            )
    with system():
        remind(on=ON)
    return found


def test_the_nearest_days_come_first_one_line_a_person(working, people) -> None:
    with working("isfara") as acting:
        told = near(acting)

    assert [line.person_id for line in told.lines] == people[:SHOWN]
    assert told.count == SHOWN + 1, "whose day is nine days off is not near"
    assert [line.days_left for line in told.lines] == list(range(SHOWN))
    assert all(line.danger for line in told.lines)


def test_of_several_dangers_the_worst_is_told(working, people, system) -> None:
    with system():
        officer = Reminder.objects.filter(person=people[0]).values_list("officer", flat=True)[0]
        Reminder.objects.filter(person=people[0]).delete()
        for danger in ("paper_ending", "ban_growing", "fine"):
            Reminder.objects.create(
                officer_id=officer, person_id=people[0], danger=danger, act_by=ON, made_on=ON
            )
    with working("isfara") as acting:
        told = near(acting)

    assert [line.tone for line in told.lines if line.person_id == people[0]] == ["danger"]


def test_what_was_seen_does_not_come_again(working, people, system) -> None:
    with working("isfara") as acting:
        assert mark_seen(acting, people[0], on=ON, now=NOW) >= 1
        assert people[0] not in [line.person_id for line in near(acting).lines]
    with system():
        remind(on=ON)
    with working("isfara") as acting:
        assert people[0] not in [line.person_id for line in near(acting).lines]
        mark_seen(acting, None, on=ON, now=NOW)
        assert near(acting).lines == ()
        assert near(acting).count == 0


def test_nobody_sees_or_ends_the_reminders_of_others(working, people) -> None:
    for username in ("sughd", "kulob", "consul", "lawyer"):
        with working(username) as acting:
            assert near(acting).lines == (), username
            assert mark_seen(acting, people[0], on=ON, now=NOW) == 0
            assert not Reminder.objects.exists()


def test_whoever_left_the_area_is_no_longer_told_of(working, people, system) -> None:
    with system():
        Person.objects.filter(pk=people[0]).update(home_path="TJ.KH.KUL.U01.001.")
    with working("isfara") as acting:
        assert people[0] not in [line.person_id for line in near(acting).lines]
