"""Who may be on a list: a changed name hides nobody, a missing field is never a "no"."""

import polars as pl
import pytest

from safar.linkage.check import check_list, check_people
from safar.linkage.match import ANSWER, match_people
from safar.linkage.registers import make_register

COLUMNS = ("person_id", "surname", "given_name", "patronymic", "dob", "sex")
CROWD = make_register(records=3_000, seed=31).records  # others, so that names have their frequencies


def people(*rows):
    crowd = CROWD.select(
        pl.concat_str(pl.lit("x"), "record_id").alias("person_id"),
        "surname",
        "given_name",
        "patronymic",
        "dob",
        "sex",
    )
    mine = pl.DataFrame(
        [dict(zip(COLUMNS, row, strict=True)) for row in rows], schema=dict.fromkeys(COLUMNS, pl.String)
    )
    return check_people(pl.concat([mine, crowd]), "people.csv")


def a_list(*rows):
    names = ("surname", "given_name", "patronymic", "dob")
    return check_list(pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"), "list.csv")


def state(person, row):
    answer = match_people(people(("me", *person)), a_list(row), everybody=True)
    return answer.filter(pl.col("person_id") == "me").row(0, named=True)["state"]


ME = ("Раҳимов", "Ҷамшед", "Каримович", "1988-03-14", "M")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("РАХИМОВ", "ДЖАМШЕД", "КАРИМОВИЧ", "1988-03-14"), "certain"),
        (("RAHIMOV", "JAMSHED", None, "1988-03-14"), "certain"),
        (("RAHIMZODA", "DZHAMSHED", "KARIMOVICH", "1988-03-14"), "certain"),
        (("НАЗАРОВ", "ДЖАМШЕД", "КАРИМОВИЧ", "1988-03-14"), "possible"),  # another surname
        (("НАЗАРОВ", "ДЖАМШЕД", None, "1988-03-14"), "possible"),  # and no patronymic
        (("РАХИМОВ", "ДЖАМШЕД", "КАРИМОВИЧ", None), "possible"),  # no date
        (("РАХИМОВ", "ДЖАМШЕД", None, None), "possible"),  # neither
        (("РАХИМОВ", "ДЖАМШЕД", "КАРИМОВИЧ", "1988-01-01"), "possible"),  # only the year
        (("РАХИМОВ", "ДЖАМШЕД", "КАРИМОВИЧ", "1988-03-15"), "possible"),  # one digit
        (("РАХИМОВ", "ДЖ.", "К.", "1988-03-14"), "possible"),  # initials
        (("ДЖАМШЕД", "РАХИМОВ", "КАРИМОВИЧ", "1988-03-14"), "certain"),  # fields exchanged
        (("Рахимов Джамшед Каримович", None, None, "1988-03-14"), "certain"),  # all in one field
        (("КУРБОНОВ", "ФАРРУХ", "САИДОВИЧ", "1971-12-30"), "none"),
    ],
)
def test_what_a_list_says_about_a_person(row, expected):
    assert state(ME, row) == expected


@pytest.mark.parametrize("missing", range(5))
def test_a_field_that_is_missing_never_makes_a_no(missing):
    person = tuple(None if place == missing else value for place, value in enumerate(ME))

    assert state(person, ("РАХИМОВ", "ДЖАМШЕД", "КАРИМОВИЧ", "1988-03-14")) in ("certain", "possible")


def test_a_row_that_says_too_little_is_unknown_and_not_none():
    assert state((None, None, None, None, "M"), ("РАХИМОВ", "ДЖАМШЕД", None, None)) == "unknown"


def test_a_twin_on_the_list_is_not_certain():
    assert state(
        ("Раҳимов", "Ҳасан", "Каримович", "1988-03-14", "M"), ("РАХИМОВ", "ХУСЕЙН", "КАРИМОВИЧ", "1988-03-14")
    ) in (
        "possible",
        "none",
    )


def test_the_answer_names_the_row_and_gives_each_field_a_reason():
    answer = match_people(people(("me", *ME)), a_list(("НАЗАРОВ", "ДЖАМШЕД", "КАРИМОВИЧ", "1988-03-14")))
    row = answer.filter(pl.col("person_id") == "me").row(0, named=True)

    assert dict(answer.schema) == dict(ANSWER)
    assert row["list_row"] == "2"
    assert (row["surname"], row["given_name"], row["patronymic"], row["dob"]) == (
        "different",
        "same",
        "same",
        "same",
    )
    assert 0 < row["probability"] < 1
