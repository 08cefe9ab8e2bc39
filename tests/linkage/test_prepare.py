"""Records made comparable: a table's keys are those of ``name_key``; dates, telephones, fields in disorder."""

import polars as pl
import pytest

from safar.linkage.names import bare_key, name_key, skeleton
from safar.linkage.prepare import PREPARED, RECORD_COLUMNS, prepare, read_spellings
from safar.linkage.registers import make_register
from safar.linkage.search_keys import name_keys


def prepared(**told):
    row = dict.fromkeys(RECORD_COLUMNS) | {"record_id": "1"} | told
    return prepare(pl.DataFrame([row], schema=dict.fromkeys(RECORD_COLUMNS, pl.String))).frame.row(
        0, named=True
    )


@pytest.fixture(scope="module")
def records():
    return make_register(records=5_000, seed=11).records


def test_the_dictionary_of_spellings_holds_the_same_keys_as_one_name_at_a_time(records):
    names = ("surname", "given_name", "patronymic")
    texts = pl.concat([records[name] for name in names]).drop_nulls().unique()

    told = read_spellings(texts)

    for row in told.iter_rows(named=True):
        key = name_key(row["text"]) or None
        assert row["key"] == key
        if key:
            assert row["bare"] == bare_key(key) and row["bones"] == skeleton(bare_key(key))


def test_the_columns_and_their_types_are_those_of_the_contract(records):
    frame = prepare(records).frame

    assert frame.schema == PREPARED
    assert frame["id"].to_list() == list(range(len(records)))
    assert frame["surname_frequency"].is_between(0, 1).all()


def test_a_search_token_of_a_record_is_made_of_its_key(records):
    for row in records.head(300).iter_rows(named=True):
        key = name_key(row["surname"])
        assert not key or len(row["surname"].split()) > 1 or f"k:{key}" in name_keys(row["surname"])


@pytest.mark.parametrize(
    ("dob", "birth", "only_year"),
    [("1988-03-14", 19880314, False), ("1988-01-01", 19880101, True), ("1988", 19880101, True),
     ("1988-03", 19880301, True),
     ("1988-00-00", 19880101, True), ("1900-01-01", None, None), ("0000-00-00", None, None), (None, None, None)],
)  # fmt: skip
def test_dates_say_how_much_is_known(dob, birth, only_year):
    row = prepared(dob=dob)

    assert row["birth"] == birth
    assert birth is None or row["only_year"] is only_year


@pytest.mark.parametrize("phone", ["+992 92 777 12 34", "992927771234", "92-777-12-34", "8 992 92 777 1234"])
def test_one_telephone_however_it_is_written(phone):
    assert prepared(phone=phone)["phone"] == 927771234


def test_exchanged_fields_are_put_right_where_an_ending_tells():
    row = prepared(surname="Ҷамшед", given_name="Рахимов")

    assert (row["surname"], row["given"]) == (name_key("Раҳимов"), name_key("Ҷамшед"))


@pytest.mark.parametrize("field", ["surname", "given_name", "patronymic"])
def test_a_full_name_in_any_one_field_is_taken_apart(field):
    row = prepared(**{field: "Рахимов Джамшед Каримович"})

    assert (row["surname"], row["given"], row["father"]) == tuple(
        map(name_key, ("Рахимов", "Джамшед", "Карим"))
    )


@pytest.mark.parametrize(
    ("sex", "read"), [("M", "M"), ("male", "M"), ("ж", "F"), ("Жен.", "F"), (None, None)]
)
def test_sex_in_two_languages(sex, read):
    assert prepared(sex=sex)["sex"] == read


def test_what_means_not_known_is_not_known():
    row = prepared(surname="Раҳимов", given_name="неизвестно", patronymic="б/о")

    assert row["given"] is None and row["father"] is None
