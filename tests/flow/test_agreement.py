"""One person ranked, the same person ranked among many, and from findings that were written: the same needs."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from safar.base import DataError, day_number
from safar.flow.written import rank
from safar.law.output import Shaper, as_frame, write_findings
from safar.law.prepare import Prepared
from safar.law.screen import screen
from tests.flow.crowd import LAW, TRIAGE, by_person, needs_of, prepared, ranked, strangers
from tests.law.random_people import ON_DAYS
from tests.people import CAST, ON


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**48), on=st.sampled_from(ON_DAYS))
def test_one_among_many_is_ranked_as_alone(seed: int, on: date) -> None:
    people = strangers(seed, on, 100)

    many = by_person(people, ranked(people, on))

    for person in people:
        assert many[person["person_id"]] == needs_of(person, on), person


def test_so_is_the_cast() -> None:
    many = by_person(CAST.values(), ranked(list(CAST.values()), ON))

    for name, person in CAST.items():
        assert many[name] == needs_of(person, ON), name


def findings_of(people: Prepared, on: date) -> pl.DataFrame:
    shape = Shaper(LAW, people.ids)
    return as_frame(screen(LAW, people, on=day_number(on), shape=shape))


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**48), on=st.sampled_from(ON_DAYS))
def test_written_findings_give_the_same_needs_in_any_order(seed: int, on: date) -> None:
    people = prepared(strangers(seed, on, 100), on)
    shuffled = findings_of(people, on).sample(fraction=1, shuffle=True, seed=seed % 2**32)

    needs = rank(shuffled, people, law=LAW, triage=TRIAGE, on=on)

    assert_frame_equal(needs, ranked(strangers(seed, on, 100), on))


def test_findings_are_read_from_parquet_and_csv(tmp_path: Path) -> None:
    people = prepared(list(CAST.values()), ON)
    wanted = ranked(list(CAST.values()), ON)
    shape = Shaper(LAW, people.ids)

    for name, scan in (("findings.parquet", pl.scan_parquet), ("findings.csv", pl.scan_csv)):
        write_findings(screen(LAW, people, on=day_number(ON), shape=shape), tmp_path / name)
        assert_frame_equal(rank(scan(tmp_path / name), people, law=LAW, triage=TRIAGE, on=ON), wanted)


def test_findings_of_strangers_are_refused() -> None:
    everybody = list(CAST.values())
    findings = findings_of(prepared(everybody, ON), ON)

    with pytest.raises(DataError, match="not among the people"):
        rank(findings, prepared(everybody[1:], ON), law=LAW, triage=TRIAGE, on=ON)
    with pytest.raises(DataError, match="no column ban_months"):
        rank(findings.drop("ban_months"), prepared(everybody, ON), law=LAW, triage=TRIAGE, on=ON)
