"""Records as they were written -> columns that can be compared: keys, dates in parts, telephones without punctuation.

Each distinct spelling is read once, by ``names.read_name``, and joined in; there is no second way to make a key.
"""

from dataclasses import dataclass

import polars as pl

from safar.linkage.frequencies import Frequencies, count_frequencies
from safar.linkage.full_name import split_name
from safar.linkage.name_data import name_data
from safar.linkage.names import alike_keys, bare_key, initials_of_reading, read_name, skeleton, words_of

RECORD_COLUMNS = (
    "record_id", "source", "reg_year", "surname", "given_name", "patronymic", "sex", "dob", "phone", "district",
)  # fmt: skip
PREPARED = pl.Schema(
    {
        "id": pl.Int32,
        "surname": pl.String,
        "surname_bones": pl.String,
        "given": pl.String,
        "given_bare": pl.String,
        "given_bones": pl.String,
        "given_initials": pl.String,
        "given_known": pl.Boolean,
        "father": pl.String,
        "father_bones": pl.String,
        "father_initials": pl.String,
        "sex": pl.String,
        "birth": pl.Int32,
        "birth_year": pl.Int32,
        "birth_month": pl.Int32,
        "birth_day": pl.Int32,
        "only_year": pl.Boolean,
        "phone": pl.Int64,
        "district": pl.String,
        "given_frequency": pl.Float64,
        "given_bare_frequency": pl.Float64,
        "surname_frequency": pl.Float64,
        "surname_here_frequency": pl.Float64,
        "father_frequency": pl.Float64,
        "phone_count": pl.Int32,
    }
)
_NAMES = ("surname", "given_name", "patronymic")
_READ = pl.Schema(dict.fromkeys(("text", "key", "bare", "bones", "initials", "worn"), pl.String))
_PHONE_DIGITS = 9


@dataclass(frozen=True)
class Prepared:
    """``frame``: the columns of PREPARED, row n is record n; ``record_ids``: what the records call themselves."""

    frame: pl.DataFrame
    record_ids: pl.Series
    frequencies: Frequencies


def prepare(records: pl.DataFrame, *, frequencies: Frequencies | None = None) -> Prepared:
    """``records`` (RECORD_COLUMNS, all text, null = not known) made comparable.

    ``frequencies`` are those of the register the records are compared with; without them the records' own are counted.
    """
    named = _named(_arranged(records.select(pl.col(_NAMES).str.strip_chars().str.to_lowercase())))
    facts = records.select(
        sex=pl.col("sex").str.to_uppercase().str.slice(0, 1).replace({"М": "M", "Ж": "F"}),
        **_date(pl.col("dob")),
        phone=pl.col("phone")
        .str.replace_all(r"\D", "")
        .str.slice(-_PHONE_DIGITS)
        .cast(pl.Int64, strict=False),
        district=pl.col("district").str.strip_chars().str.to_lowercase(),
    )
    table = pl.concat([named, facts], how="horizontal").with_row_index("id")
    counts = frequencies or count_frequencies(table)
    frame = counts.joined(table).select(pl.col(name).cast(kind) for name, kind in PREPARED.items())
    return Prepared(frame, records["record_id"], counts)


def _date(dob: pl.Expr) -> dict[str, pl.Expr]:
    """The day of birth and its parts; ``only_year``: papers put 1 January or nothing for day and month."""
    blank = name_data()
    told = pl.when(~dob.is_in(list(blank.placeholder_dates))).then(dob)
    year, month, day = (
        told.str.slice(at, size).cast(pl.Int32, strict=False) for at, size in ((0, 4), (5, 2), (8, 2))
    )
    whole = (month > 0) & (day > 0)
    month, day = (pl.when(part > 0).then(part).otherwise(1) for part in (month, day))
    return {
        "birth": year * 10_000 + month * 100 + day,  # yyyymmdd, to compare digit by digit
        "birth_year": year,
        "birth_month": pl.when(year.is_not_null()).then(month),
        "birth_day": pl.when(year.is_not_null()).then(day),
        "only_year": told.str.slice(5).is_in(list(blank.placeholder_days)) | ~whole.fill_null(value=False),
    }


def _arranged(names: pl.DataFrame) -> pl.DataFrame:
    """Full names that stand in one field are taken apart."""
    full = pl.coalesce(_NAMES)
    alone = (
        pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int8) for name in _NAMES) == 1
    ) & full.str.contains(r"\S[\s.]+\S")
    texts = names.filter(alone).select(full.unique().alias("full"))["full"]
    parts = [split_name(text) for text in texts]
    taken = pl.DataFrame(
        {
            "full": texts,
            "one": pl.Series([part.surname or None for part in parts], dtype=pl.String),
            "two": pl.Series([part.given_name or None for part in parts], dtype=pl.String),
            "three": pl.Series([part.patronymic or None for part in parts], dtype=pl.String),
        }
    )
    joined = names.with_columns(full=pl.when(alone).then(full)).join(
        taken, on="full", how="left", maintain_order="left"
    )
    was_one = pl.col("full").is_not_null()
    return joined.select(
        pl.when(was_one).then(part).otherwise(name).alias(name)
        for name, part in zip(_NAMES, ("one", "two", "three"), strict=True)
    )


def _named(names: pl.DataFrame) -> pl.DataFrame:
    """Keys for names; surname and given name change places where their endings say that they were exchanged."""
    spelled = read_spellings(
        pl.concat([names[name] for name in _NAMES]).drop_nulls().unique(maintain_order=True)
    )
    surname, given, father = (
        names.select(text=name).join(spelled, on="text", how="left", maintain_order="left") for name in _NAMES
    )
    swapped = (given["worn"] == "surname").fill_null(value=False) & (surname["worn"] == "").fill_null(
        value=False
    )
    swapped &= (surname["key"].str.len_chars() > 1).fill_null(value=False)

    def pick(field: str, one: pl.DataFrame, other: pl.DataFrame) -> pl.Series:
        return other[field].zip_with(swapped, one[field])

    return pl.DataFrame(
        {
            "surname": pick("key", surname, given),
            "surname_bones": pick("bones", surname, given),
            "given": pick("key", given, surname),
            "given_bare": pick("bare", given, surname),
            "given_bones": pick("bones", given, surname),
            "given_initials": pick("initials", given, surname),
            "given_known": pick("key", given, surname).is_in(sorted(alike_keys())).fill_null(value=False),
            "father": father["key"],
            "father_bones": father["bones"],
            "father_initials": father["initials"],
        }
    )


def read_spellings(texts: pl.Series) -> pl.DataFrame:
    """For each distinct spelling its key, bare key, skeleton, initials and what its ending shows; null = no name."""
    return pl.DataFrame([_read(text) for text in texts], schema=_READ, orient="row")


def _read(text: str) -> tuple[str | None, ...]:
    words = words_of(text)
    read = read_name("".join(words)) if words else None
    if read is None or not read.key:
        return (text, None, None, None, None, None)
    bare = bare_key(read.key)
    return (
        text,
        read.key,
        bare,
        skeleton(bare),
        "".join(initials_of_reading("".join(words), read)),
        read.worn,
    )
