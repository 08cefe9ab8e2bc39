"""Tables made ready for the law: checked, coded, joined to their lists."""

from datetime import date

import polars as pl
import pytest

from safar.base import NEVER, DataError, day_number
from safar.law import read_law
from safar.law.prepare import Prepared
from safar.law.screen import prepare_people
from safar.law.table import Source

LAW = read_law()
ON = day_number(date(2026, 11, 24))


def prepared(people: dict, stays: dict | None = None) -> Prepared:
    tables = [None if rows is None else Source(pl.DataFrame(rows), name)
              for rows, name in ((people, "people"), (stays, "stays"), (None, "offences"))]  # fmt: skip
    return prepare_people(LAW, *tables, ON)


def test_a_text_that_stands_nowhere_any_more_is_not_refused() -> None:
    ready = prepared({"person_id": ["a"], "family_of": ["somebody"], "family_of_none": [True]})

    assert ready.frame["family_of"].to_list() == [ready.codes["none"]]


def test_an_empty_text_is_unknown() -> None:
    ready = prepared({"person_id": ["a", "b"], "citizenship": ["", "TJ"]})

    assert ready.frame["citizenship"].to_list() == [None, ready.codes["TJ"]]


def test_the_same_text_has_one_code_in_every_column() -> None:
    ready = prepared({"person_id": ["a"], "patent_region": ["RU-TA"], "work_region": ["RU-TA"]})

    assert ready.frame["patent_region"].to_list() == ready.frame["work_region"].to_list()


def test_free_texts_may_be_as_many_as_there_are_people() -> None:
    many = 70_000  # more than two bytes can number
    ready = prepared(
        {"person_id": [f"{n:06}" for n in range(many)], "occupation": [f"trade {n}" for n in range(many)]}
    )

    assert ready.frame["occupation"].n_unique() == many


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "a", "b")])
def test_stays_find_their_person_in_any_order(order: tuple[str, ...]) -> None:
    days = {
        "a": date(2026, 10, 1),
        "b": date(2026, 10, 2),
        "c": date(2026, 10, 3),
        "stranger": date(2026, 1, 1),
    }
    listed = [*order, "stranger"]

    ready = prepared(
        {"person_id": ["a", "b", "c"], "destination": ["RU"] * 3},
        {
            "person_id": listed,
            "country": ["RU"] * 4,
            "entered_on": [days[who] for who in listed],
            "left_on": [None] * 4,
        },
    )

    assert ready.frame["stay_entered_on"].to_list() == [day_number(days[who]) for who in ("a", "b", "c")]
    assert ready.frame["stay_left_on"].to_list() == [NEVER] * 3


def test_a_stay_without_a_country_is_refused() -> None:
    stays = {"person_id": ["a"], "country": [None], "entered_on": [date(2026, 10, 1)], "left_on": [None]}

    with pytest.raises(DataError, match="stays, row 2: country is None"):
        prepared({"person_id": ["a"], "destination": ["RU"]}, stays)
