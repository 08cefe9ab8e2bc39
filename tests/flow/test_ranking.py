"""Whom to help first: what each of the cast needs, and what may never happen to the order."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from safar.base import DataError
from safar.flow import rank_one
from safar.flow.need import SCHEMA
from tests.flow.crowd import ASSESSOR, LAW, TRIAGE, needs_of, ranked, strangers
from tests.law.random_people import ON_DAYS
from tests.people import AIGUL, CAST, DILSHOD, ERMEK, JAMSHED, MAVLUDA, ON, RUSTAM, SHAVKAT, SOMEONE, ZARINA

DAY = timedelta(days=1)


# What the cast needs


@pytest.mark.parametrize(
    ("name", "danger", "provision", "act_by"),
    [
        ("jamshed", "stay_ending", "RU-STAY-EXT-PATENT", date(2026, 11, 28)),
        ("aigul", "stay_ending", "RU-EAEU-STAY-CONTRACT", date(2026, 11, 25)),
        ("rustam", "ban_growing", "KZ-STAY-2023-NONEAEU", date(2026, 11, 5)),
        ("nigora", "ban_growing", "KZ-STAY-2023-NONEAEU", date(2026, 11, 8)),
        ("shavkat", "ban_growing", "RU-STAY-EXT-PATENT", date(2026, 9, 2)),
        ("dilshod", "ban_ahead", "RU-BAN-27-11", None),
        ("mavluda", "stay_ending", "RU-STAY-90-CALENDAR-YEAR", date(2026, 12, 8)),
        ("ermek", "not_known", "KZ-STAY-KG-2023", date(2026, 11, 12)),
        ("zarina", "sign_critical", "R-ILO-07", None),
    ],
)
def test_what_presses_first(name: str, danger: str, provision: str, act_by: date | None) -> None:
    first = needs_of(CAST[name], ON)[0]

    assert (first.danger, first.provision, first.act_by) == (danger, provision, act_by)
    assert first.first
    assert first.person_id == name


def test_the_held_passport_comes_before_every_paper() -> None:
    order = ranked(list(CAST.values()), ON)

    assert order["person_id"][0] == "zarina"
    assert order["priority"].is_sorted(descending=True)


def test_who_can_still_leave_comes_before_whoever_is_home_already() -> None:
    """Shavkat's ban grows while he stays; Dilshod's longer one waits at the border."""
    shavkat, dilshod = needs_of(SHAVKAT, ON)[0], needs_of(DILSHOD, ON)[0]

    assert (shavkat.ban_months, dilshod.ban_months) == (36, 60)
    assert shavkat.harm > dilshod.harm


def test_a_need_carries_the_ban_and_the_fine_of_its_breach() -> None:
    need = needs_of(SHAVKAT, ON)[0]

    assert (need.amount_low, need.amount_high, need.currency) == (5000, 7000, "RUB")
    assert need.days_left == (date(2026, 9, 2) - ON).days


def test_the_day_of_a_need_is_the_safe_day() -> None:
    """For a deadline that may be counted in two ways the earlier one is acted on."""
    by_law = {f["provision"]: f["due_on"] for f in ASSESSOR.assess(MAVLUDA, on=ON)["findings"]}

    need = needs_of(MAVLUDA, ON)[0]

    assert need.act_by is not None
    assert need.act_by.isoformat() == by_law[need.provision]


def test_on_the_register_is_a_danger_of_its_own() -> None:
    assert "on_register" in [need.danger for need in needs_of(SHAVKAT, ON)]


def test_wages_and_a_held_passport_are_two_needs() -> None:
    assert {"sign_critical", "unpaid_wages"} <= {need.danger for need in needs_of(ZARINA, ON)}


def test_signs_that_make_one_another_critical() -> None:
    """None of the three is critical by itself; with two others the first one is."""
    alone = needs_of(SOMEONE | {"answers": {"R-ILO-01": True}}, ON)
    together = needs_of(SOMEONE | {"answers": {"R-ILO-01": True, "R-ILO-06": True, "R-ILO-08": True}}, ON)

    assert alone[0].danger == "sign_high"
    assert (together[0].danger, together[0].provision) == ("sign_critical", "R-ILO-01")
    assert [need.provision for need in together].count("R-ILO-01") == 1


def test_what_decides_is_named() -> None:
    assert needs_of(ERMEK, ON)[0].because == "stays"
    assert needs_of(AIGUL | {"contract_ended_early_on": None}, ON)[0].because == "contract_ended_early_on"


def test_the_voice_on_the_hotline_is_not_told_that_all_is_well() -> None:
    assert needs_of(SOMEONE, ON)[0].danger == "not_known"


def test_a_last_day_far_off_is_no_need_and_a_near_one_is() -> None:
    def dangers(on: date) -> list[str]:
        return [need.danger for need in needs_of(MAVLUDA, on)]

    last = date(2026, 12, 8)
    assert "stay_ending" not in dangers(last - 31 * DAY)
    assert dangers(last - 30 * DAY)[0] == "stay_ending"
    assert dangers(last)[0] == "stay_ending"
    assert dangers(last + DAY)[0] == "ban_growing"


def test_the_longer_the_overstay_the_worse() -> None:
    last = date(2026, 9, 2)
    needs = [needs_of(SHAVKAT, last + over * DAY)[0] for over in (31, 181, 271)]

    assert [need.ban_months for need in needs] == [36, 60, 120]
    assert needs[0].harm < needs[1].harm < needs[2].harm


def test_an_overstay_of_two_days_is_no_ban_yet_and_of_eleven_is() -> None:
    idle, last = RUSTAM | {"work_kind": "none"}, date(2026, 11, 5)

    two, eleven = needs_of(idle, last + 2 * DAY)[0], needs_of(idle, last + 11 * DAY)[0]

    assert (two.danger, two.ban_months) == ("stay_over", None)
    assert (eleven.danger, eleven.ban_months) == ("ban_growing", 60)


def test_only_the_worst_three_are_shown_and_the_rest_is_counted() -> None:
    needs = needs_of(ZARINA, ON)

    assert len(needs) == TRIAGE.per_person
    assert {need.left_out for need in needs} == {5}
    assert [need.first for need in needs] == [True, False, False]


def test_permission_refused_is_no_need_while_nobody_uses_it() -> None:
    """Mavluda may not work, and does not."""
    assert "unlawful_work" not in [need.danger for need in needs_of(MAVLUDA, ON)]
    assert "unlawful_work" in [need.danger for need in needs_of(MAVLUDA | {"work_kind": "employee"}, ON)]


def test_work_without_a_permit_in_kazakhstan_threatens_a_ban() -> None:
    """The same overstay and the same work: one row, as both threaten the same ban; the dated rule is told."""
    needs = needs_of(RUSTAM, ON)

    assert [need.danger for need in needs].count("ban_growing") == 1


def test_an_assessment_of_another_day_is_refused() -> None:
    with pytest.raises(DataError, match="assess again"):
        rank_one(ASSESSOR.assess(JAMSHED, on=ON), law=LAW, triage=TRIAGE, on=ON + DAY)


# What may never happen


def worst(person: dict[str, Any], on: date) -> int:
    return max((need.harm for need in needs_of(person, on)), default=0)


def answers(person: dict[str, Any], on: date) -> dict[str, Any]:
    found = ASSESSOR.assess(person, on=on, everything=True)["findings"]
    return {f["provision"]: (f["status"], f["due_on"], str(f["amount"]), f["ban_months"]) for f in found}


EVERY_NEED = replace(TRIAGE, per_person=99)


def kept_all_in_order(person: dict[str, Any], fact: str, on: date) -> bool:
    """Whether nothing that a fact decides is a danger, or part of one, while it is known."""
    known, dropped = answers(person, on), answers(without(person, fact), on)
    told = rank_one(ASSESSOR.assess(person, on=on), law=LAW, triage=EVERY_NEED, on=on)
    needs = {need.provision for need in told}
    moved = [name for name in known if known[name] != dropped.get(name)]
    return not any(name in needs or known[name][0] == "exposed" for name in moved)


def without(person: dict[str, Any], fact: str) -> dict[str, Any]:
    return {name: value for name, value in person.items() if name != fact}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**48), on=st.sampled_from(ON_DAYS))
def test_harm_never_falls_when_a_good_fact_is_no_longer_known(seed: int, on: date) -> None:
    """People without danger signs, whose harm would stand above everything else."""
    rng = Random(seed)
    for stranger in strangers(seed, on, 3):
        person = stranger | {"answers": {}}
        before = worst(person, on)
        for fact in rng.sample(sorted(set(person) - {"person_id", "answers"}), 6):
            if person[fact] is not None and kept_all_in_order(person, fact, on):
                assert worst(without(person, fact), on) >= before, (fact, person)


@pytest.mark.parametrize("name", sorted(CAST))
def test_nor_for_the_cast(name: str) -> None:
    person, tried = CAST[name], 0
    for fact in sorted(set(person) - {"person_id", "answers"}):
        if kept_all_in_order(person, fact, ON):
            tried += 1
            assert worst(without(person, fact), ON) >= worst(person, ON), fact
    assert tried or name == "someone"


IN_ORDER_ON = date(2026, 9, 20)
IN_ORDER = MAVLUDA | {
    "moved_on": "none",
    "banned_until": "none",
    "patent_paid_until": "none",
    "contract_signed_on": "none",
    "contract_ends_on": "none",
    "contract_ended_early_on": "none",
    "unpaid_since": "none",
    "host_notified_on": "2026-09-15",
}


def test_whoever_is_known_to_be_in_order_needs_nobody() -> None:
    assert needs_of(IN_ORDER, IN_ORDER_ON) == []


@pytest.mark.parametrize(
    ("fact", "danger"),
    [
        ("citizenship", "not_known"),
        ("destination", "not_known"),
        ("entry_purpose", "not_known"),
        ("stays", "not_known"),
        ("offences", "not_known"),
        ("banned_until", "not_known"),
        ("on_controlled_register", "not_known"),
        ("patent_issued_on", "not_known"),
        ("registered_on", "not_known_small"),
        ("moved_on", "not_known_small"),
        ("region", "not_known_small"),
        ("work_kind", "not_known_small"),
    ],
)
def test_one_fact_less_and_nobody_says_that_all_is_well(fact: str, danger: str) -> None:
    first = needs_of(without(IN_ORDER, fact), IN_ORDER_ON)[0]

    assert (first.danger, first.because) == (danger, fact)


def test_a_sanction_of_a_rule_that_was_kept_is_told_where_it_is_unknown() -> None:
    """She registered in time; whether something else brings that fine depends on the region."""
    need = needs_of(without(IN_ORDER, "region"), IN_ORDER_ON)[0]

    assert (need.provision, need.status) == ("RU-KOAP-18.8-1", "unknown")


def test_a_region_nobody_told_hides_no_certain_fine() -> None:
    """Whichever region it is, the missed registration brings a fine."""
    late = MAVLUDA | {"registered_on": "none", "registered_until": "none"}

    fines = [needs_of(late | {"region": region}, ON) for region in ("RU-MOW", "RU-SVE", None)]

    assert all("fine" in [need.danger for need in needs] for needs in fines)


def test_the_order_is_total_and_does_not_depend_on_the_order_of_the_table() -> None:
    people = strangers(11, ON, 300)
    straight = ranked(people, ON)
    Random(3).shuffle(people)

    assert_frame_equal(ranked(people, ON), straight)
    assert straight.select(pl.struct("priority", "person_id").is_unique().all()).item()
    assert dict(straight.schema) == dict(SCHEMA)


def test_a_last_day_that_has_passed_unknown_stands_before_dated_ones() -> None:
    """Without her list of stays only the latest possible day is known, and even that is over."""
    on = date(2027, 1, 15)
    dated, undated = needs_of(MAVLUDA, on)[0], needs_of(without(MAVLUDA, "stays"), on)[0]

    assert (undated.status, undated.act_by, undated.days_left) == ("overdue", None, None)
    assert undated.priority - undated.harm * 100_000 > dated.priority - dated.harm * 100_000


def test_priority_stands_still_while_only_time_passes() -> None:
    """So that a night writes only what has changed."""
    today, tomorrow = needs_of(SHAVKAT, ON)[0], needs_of(SHAVKAT, ON + DAY)[0]

    assert today.priority == tomorrow.priority
    assert today.days_left == tomorrow.days_left + 1  # type: ignore[operator]


def test_nobody_is_ranked_without_trouble() -> None:
    assert ranked([], ON).is_empty()
