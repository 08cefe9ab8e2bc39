"""Tables as they come from a file: all columns there, every id its own, every date a date. Errors name the row."""

from collections.abc import Sequence

import polars as pl

from safar.base import DataError
from safar.linkage.name_data import name_data
from safar.linkage.prepare import RECORD_COLUMNS

_HEADER_ROWS = 2  # the header is row 1, so the first record is row 2
_DATE = r"^(18[5-9]\d|19\d\d|20\d\d)(-(0\d|1[0-2])(-([0-2]\d|3[01]))?)?$"
_SEXES = r"^(?i)\s*(m|f|м|ж|male|female|муж\.?|жен\.?|мужской|женский)\s*$"
_NAMED = ("record_id", "surname", "given_name", "patronymic", "dob")


def check_records(table: pl.DataFrame, source: str) -> pl.DataFrame:
    """``table`` with RECORD_COLUMNS as text, empty = null; other columns are left out.

    ``source`` is the file's name for errors. Raises DataError for a missing column, an id that is empty or given twice,
    a date or a sex that cannot be read.
    """
    return _checked(table, source, RECORD_COLUMNS)


def check_people(table: pl.DataFrame, source: str) -> pl.DataFrame:
    """People to look for on a list: person_id (or record_id), surname, given_name, patronymic, dob; perhaps sex."""
    by_person = "person_id" in table.columns and "record_id" not in table.columns
    return _as_records(table.rename({"person_id": "record_id"}) if by_person else table, source)


def check_list(table: pl.DataFrame, source: str) -> pl.DataFrame:
    """A list of people: surname, given_name, patronymic, dob, perhaps sex; row_id, or else the row of the file."""
    if "row_id" not in table.columns:
        table = table.with_columns(row_id=pl.int_range(_HEADER_ROWS, pl.len() + _HEADER_ROWS).cast(pl.String))
    return _as_records(table.select(pl.exclude("record_id")).rename({"row_id": "record_id"}), source)


def _as_records(table: pl.DataFrame, source: str) -> pl.DataFrame:
    names = (*_NAMED, "sex") if "sex" in table.columns else _NAMED
    checked = _checked(table, source, names)
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in RECORD_COLUMNS if name not in names]
    return checked.with_columns(missing).select(RECORD_COLUMNS)


def _checked(table: pl.DataFrame, source: str, names: Sequence[str]) -> pl.DataFrame:
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise DataError(
            f"{source}: lacks the column {', '.join(missing)}; add it to the header, it may be empty"
        )
    if table.is_empty():
        raise DataError(f"{source}: holds no records; give at least one row under the header")
    text = table.select(_as_text(table, name) for name in names)
    _check_ids(text["record_id"], source)
    _check_dates(text["dob"], source)
    if "sex" in names:
        sexes = text["sex"]
        _refuse(sexes, sexes.str.contains(_SEXES), source, "sex", "write M or F, or leave it empty")
    return text


def _as_text(table: pl.DataFrame, name: str) -> pl.Expr:
    kind = table.schema[name]
    text = (
        pl.col(name).dt.date().cast(pl.String)
        if isinstance(kind, pl.Datetime)
        else pl.col(name).cast(pl.String)
    )
    stripped = text.str.strip_chars()
    return pl.when(stripped != "").then(stripped).alias(name)


def _check_ids(ids: pl.Series, source: str) -> None:
    empty = ids.is_null().arg_true()
    if empty.len():
        raise DataError(
            f"{source}, row {empty[0] + _HEADER_ROWS}: has no {ids.name}; give every record an id of its own"
        )
    again = (~ids.is_first_distinct()).arg_true()
    if again.len():
        row, value = again[0], ids[again[0]]
        first = (ids == value).arg_true()[0]
        raise DataError(
            f"{source}, row {row + _HEADER_ROWS}: {ids.name} {value} stands already in row {first + _HEADER_ROWS}; "
            "give every record an id of its own"
        )


def _check_dates(dob: pl.Series, source: str) -> None:
    blank = name_data()
    fine = dob.str.contains(_DATE) | dob.is_in(list(blank.placeholder_dates))
    whole = (dob.str.len_chars() == len("2000-01-01")) & ~dob.str.contains("-00")
    real = (
        dob.str.to_date("%Y-%m-%d", strict=False).is_not_null()
        | ~whole
        | dob.is_in(list(blank.placeholder_dates))
    )
    _refuse(
        dob, fine & real, source, "dob", "write YYYY-MM-DD, YYYY where no more is known, or leave it empty"
    )


def _refuse(values: pl.Series, fine: pl.Series, source: str, name: str, mend: str) -> None:
    wrong = (values.is_not_null() & ~fine.fill_null(value=False)).arg_true()
    if wrong.len():
        row = wrong[0]
        others = f" (and {wrong.len() - 1} more rows)" if wrong.len() > 1 else ""
        raise DataError(
            f"{source}, row {row + _HEADER_ROWS}: {name} {values[row]!r} cannot be read{others}; {mend}"
        )
