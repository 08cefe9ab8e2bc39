"""The page of the nightly runs."""

from datetime import timedelta

import pytest

from safar.records.models import Night, NightStep
from safar.words import say
from tests.casework.conftest import NOW, ON
from tests.web.at_work import LANGUAGES, in_order, register, system, visit, working  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def nights(system):  # noqa: F811
    """A night that is done and one that broke off while it ranked."""
    with system():
        for days, state in ((1, "done"), (0, "failed")):
            night = Night.objects.create(
                on=ON - timedelta(days=days),
                started_at=NOW,
                finished_at=NOW + timedelta(seconds=150),
                state=state,
                people=987_654,
            )
            NightStep.objects.create(
                night=night,
                name="snapshot",
                state="done",
                started_at=NOW,
                finished_at=NOW + timedelta(seconds=2),
                rows=987_655,
            )
            trouble = "DataError" if state == "failed" else ""
            NightStep.objects.create(night=night, name="ranked", state=state, trouble=trouble)
            NightStep.objects.create(night=night, name="a_new_step", state="waiting")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_says_how_it_went(visit, nights, language: str) -> None:  # noqa: F811
    text = in_order(visit("admin", language).get("/runs/"))

    assert say(language, "runs.step.snapshot") in text
    assert say(language, "runs.state.failed") in text
    assert say(language, "runs.what_now").split(":")[0] in text
    assert "DataError" in text
    assert "a_new_step" in text


def test_no_count_over_all_registers_is_told(visit, nights) -> None:  # noqa: F811
    text = in_order(visit("admin").get("/runs/"))

    assert "987" not in text
    assert "2.5 min" in text


def test_while_a_night_runs_the_list_asks_for_itself(visit, nights, system) -> None:  # noqa: F811
    client = visit("admin")
    assert "hx-trigger" not in in_order(client.get("/runs/"))
    with system():
        Night.objects.filter(on=ON).update(state="running")

    part = in_order(client.get("/runs/", headers={"hx-request": "true"}))

    assert part.startswith('<div id="nights"') and "every 5s" in part


def test_before_the_first_night(visit, register) -> None:  # noqa: F811
    assert say("en", "runs.empty.title") in in_order(visit("admin").get("/runs/"))


@pytest.mark.parametrize("username", ["isfara", "sughd", "donor", "lawyer"])
def test_others_see_no_runs(visit, register, username: str) -> None:  # noqa: F811
    assert visit(username).get("/runs/").status_code == 403
