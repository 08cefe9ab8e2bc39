"""A made-up register is repeatable, has the contract's columns, and is as hard as it says."""

import polars as pl
import pytest

from safar.linkage.registers import Difficulty, make_register
from safar.linkage.registers.make import COLUMNS


@pytest.fixture(scope="module")
def register():
    return make_register(records=4000, seed=7)


def test_the_same_seed_gives_the_same_register(register):
    again = make_register(records=4000, seed=7)

    assert again.records.equals(register.records) and again.truth.equals(register.truth)
    assert not make_register(records=4000, seed=8).records.equals(register.records)


def test_records_have_the_columns_of_the_contract_and_ids_of_their_own(register):
    assert tuple(register.records.columns) == COLUMNS
    assert register.records["record_id"].is_unique().all()
    assert register.records["record_id"].equals(register.truth["record_id"])


def test_all_the_hardships_are_there(register):
    records, truth = register.records, register.truth
    people = records.join(truth, on="record_id")

    assert set(records["source"]) == {"jamoat", "passport", "consulate", "migration", "ngo"}
    assert 2.0 < len(records) / truth["person"].n_unique() < 2.4
    assert records["surname"].str.contains(r"^[A-Z]+OV").any()
    assert records["surname"].str.contains("(?i)зода|zoda").any()
    assert records["surname"].str.contains("(?i)кызы|уулу").any()
    assert records["given_name"].str.contains("[љњќѓїў]").any()
    assert records["dob"].is_null().any() and (records["dob"].str.ends_with("-01-01").mean() or 0) > 0.05
    assert (truth["twin"] == "twin").any()
    assert people.group_by("household").agg(pl.col("person").n_unique())["person"].max() > 2


def test_a_register_without_errors_has_one_date_a_person():
    none = dict.fromkeys(Difficulty().sources, 0.0)
    easy = Difficulty(date_missing=none, date_placeholder=none, date_slip=none, date_wrong=none)

    made = make_register(records=1000, seed=1, difficulty=easy)

    dates = made.records.join(made.truth, on="record_id").group_by("person").agg(pl.col("dob").n_unique())
    assert (dates["dob"] == 1).all()
