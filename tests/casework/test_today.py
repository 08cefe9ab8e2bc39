"""The first page: the right people, the worst first, nobody out of scope, and what can be done with many."""

from datetime import date, timedelta

import pytest

from safar.casework.errors import NotAllowedError, NotThereError
from safar.casework.letters import letters_for
from safar.casework.people import NameGiven, Registration, Saying, StayGiven, register_person
from safar.casework.today import Filters, assign_people, today_page
from safar.casework.worklist import standing_priority
from safar.records.models import Need, Reading
from tests.casework.conftest import NOW, ON

TOLD = Saying(said_by="person", said_on=ON)


def registered(acting, surname: str, days: int, home: str = "TJ-SU-ISF-001", region: str = "RU-SVE"):
    """Somebody who came to Russia so many days ago."""
    return register_person(
        acting,
        Registration(
            names=[NameGiven(surname, "Ҷамшед")],
            home_id=home,
            birth_date=date(1991, 4, 12),
            birth_precision="day",
            facts={
                "citizenship": "TJ", "destination": "RU", "region": region, "entry_purpose": "private",
                "offences": "none", "work_kind": "none",
            },
            stays=[StayGiven("RU", ON - timedelta(days=days), still_there=True)],
        ),
        saying=TOLD, on=ON, now=NOW,
    )  # fmt: skip


def page(acting, **filters):
    return today_page(acting, Filters(**filters), on=ON, now=NOW, language="en")


def test_whoever_is_over_the_last_day_stands_first(working) -> None:
    with working("isfara") as acting:
        over, fresh = registered(acting, "Раҳимов", 200), registered(acting, "Каримов", 3)

        lines = page(acting).lines

        assert lines[0].person_id == over.id
        assert lines[0].tone == "danger"
        assert "last lawful day" in lines[0].reason.lower()
        assert fresh.id in [line.person_id for line in lines]


def test_scope_filters_and_pages(working) -> None:
    with working("isfara") as acting:
        registered(acting, "Раҳимов", 200)
    with working("sughd") as acting:
        registered(acting, "Назаров", 200, home="TJ-SU-ASH-001", region="RU-MOW")
        assert len(page(acting).lines) == 2
        assert len(page(acting, place="TJ.SU.ISF.").lines) == 1
        assert page(acting, corridor="KG-RU").lines == ()
        assert len(page(acting, mine="nobody").lines) == 2
        with pytest.raises(NotThereError):
            page(acting, place="TJ.KH.")
    for username, seen in {"consul": 1, "kulob": 0, "lawyer": 0}.items():
        with working(username) as acting:
            assert len(page(acting).lines) == seen, username
            assert Need.objects.values("person").distinct().count() == seen, f"{username}: the second wall"
    with working("donor") as acting, pytest.raises(NotAllowedError):
        page(acting)


def test_the_marks_of_pages_lose_and_double_nobody(working, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safar.casework.today.PAGE", 2)
    with working("isfara") as acting:
        everybody = {registered(acting, f"Раҳимов{n}", 100 + n % 2).id for n in range(5)}
        seen, after = [], ""
        while True:
            shown = today_page(acting, Filters(), on=ON, now=NOW, language="en", after=after)
            seen += [line.person_id for line in shown.lines]
            after = shown.following
            if not after:
                break

        assert len(seen) == len(everybody)
        assert set(seen) == everybody


def test_a_colleague_is_put_in_charge_of_all_or_none(working) -> None:
    with working("isfara") as acting:
        mine = registered(acting, "Раҳимов", 200)
        assert assign_people(acting, [mine.id], acting.officer_id, on=ON, now=NOW) == 1
        assert [line.assigned_to for line in page(acting, mine="mine").lines] == ["Isfara"]
    with working("kulob") as acting:
        theirs = registered(acting, "Назаров", 200, home="TJ-KH-KUL-001")
    with working("isfara") as acting:
        with pytest.raises(NotThereError):
            assign_people(acting, [mine.id, theirs.id], None, on=ON, now=NOW)
        mine.refresh_from_db()
        assert mine.assigned_to_id == acting.officer_id


@pytest.mark.parametrize("language", ["tg", "ky", "uz", "ru", "en"])
def test_letters_are_printed_and_noted(working, language: str) -> None:
    with working("isfara") as acting:
        person = registered(acting, "Раҳимов", 200)

        printed = letters_for(acting, [person.id], language=language, on=ON, now=NOW)

        assert printed.startswith(b"%PDF")
        assert Reading.objects.filter(action="print", person=person.id).exists()


def test_priority_orders_by_harm_then_day() -> None:
    soon, later = (
        standing_priority(28_000, ON, "due"),
        standing_priority(28_000, ON + timedelta(days=9), "due"),
    )
    assert standing_priority(28_001, None, "due") > soon > later > standing_priority(28_000, None, "due")
    assert standing_priority(28_000, None, "overdue") > soon
