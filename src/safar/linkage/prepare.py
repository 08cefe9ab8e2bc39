"""Records as they were written -> columns that can be compared: keys, dates in parts, telephones without punctuation.

Each distinct spelling is read once, by ``names.read_name``, and joined in; there is no second way to make a key.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import polars as pl

from safar.linkage.full_name import split_name
from safar.linkage.name_data import name_data
from safar.linkage.names import bare_key, initials_of, read_name, skeleton, words_of

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
        "father": pl.String,
        "father_bones": pl.String,
        "father_initials": pl.String,
        "sex": pl.String,
        "birth_year": pl.Int16,
        "birth_month": pl.Int8,
        "birth_day": pl.Int8,
        "only_year": pl.Boolean,
        "phone": pl.Int64,
        "district": pl.String,
    }
)
_NAMES = ("surname", "given_name", "patronymic")
_READ = pl.Schema(dict.fromkeys(("text", "key", "bare", "bones", "initials", "worn"), pl.String))
_MANY = 40_000  # spellings from which a second process pays
_PHONE_DIGITS = 9


def prepare(records: pl.DataFrame) -> pl.DataFrame:
    """The columns of ``PREPARED``; row n of ``records`` (RECORD_COLUMNS, all text) is ``id`` n. Null = not known."""
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
    return table.select(pl.col(name).cast(kind) for name, kind in PREPARED.items())


def _date(dob: pl.Expr) -> dict[str, pl.Expr]:
    """Year, month, day; ``only_year`` where papers put 1 January because they knew no more, or told no more."""
    blank = name_data()
    told = pl.when(~dob.is_in(list(blank.placeholder_dates))).then(dob)
    return {
        "birth_year": told.str.slice(0, 4).cast(pl.Int16, strict=False),
        "birth_month": told.str.slice(5, 2).cast(pl.Int8, strict=False),
        "birth_day": told.str.slice(8, 2).cast(pl.Int8, strict=False),
        "only_year": told.str.slice(5).is_in(list(blank.placeholder_days))
        | (told.str.len_chars() < len("2000-01-01")),
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
            "father": father["key"],
            "father_bones": father["bones"],
            "father_initials": father["initials"],
        }
    )


def read_spellings(texts: pl.Series) -> pl.DataFrame:
    """For each distinct spelling its key, bare key, skeleton, initials and what its ending shows; null = no name."""
    spellings = texts.to_list()
    if len(spellings) < _MANY:
        rows = _read_all(spellings)
    else:
        half = len(spellings) // 2
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
            later = other.submit(_read_all, spellings[half:])
            rows = _read_all(spellings[:half]) + later.result()
    return pl.DataFrame(rows, schema=_READ, orient="row")


def _read_all(spellings: Sequence[str]) -> list[tuple[str | None, ...]]:
    return [_read(text) for text in spellings]


def _read(text: str) -> tuple[str | None, ...]:
    words = words_of(text)
    read = read_name("".join(words)) if words else None
    if read is None or not read.key:
        return (text, None, None, None, None, None)
    bare = bare_key(read.key)
    return (text, read.key, bare, skeleton(bare), "".join(initials_of(words[0])), read.worn)
