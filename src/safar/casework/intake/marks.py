"""What tells people apart, as columns: keys of names, the date of birth in parts, the home.

Every distinct spelling is read once, however many pieces a register comes in.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from safar.linkage.prepare import read_spellings

NAMES = ("surname", "given_name", "patronymic")
SPELLED = ("key", "bare", "bones")
SCHEMA = {
    "at": pl.Int64,
    **dict.fromkeys(NAMES, pl.String),
    "birth_date": pl.String,
    "birth_precision": pl.String,
    "sex": pl.String,
    "home_id": pl.String,
}
# Each way in which two people are brought together to be looked at: what must be the same.
WAYS = {
    "names_year": ("surname", "given_bare", "year"),
    "father_birth": ("given_bare", "father", "birth"),
    "bones_birth": ("surname_bones", "given_bones", "birth"),
    "names_home": ("surname", "given_bare", "home_id"),
    "crossed_birth": ("crossed", "birth"),
}


class Speller:
    """Reads spellings and keeps what it has read."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._known = pl.DataFrame(schema={"text": pl.String, **dict.fromkeys(SPELLED, pl.String)})

    def mark(self, people: pl.DataFrame) -> pl.DataFrame:
        """The columns of ``SCHEMA`` with keys, parts of the birth and one hash for each of ``WAYS`` (null: cannot)."""
        named = people.with_columns(pl.col(NAMES).str.strip_chars().str.to_lowercase().replace("", None))
        self._read(pl.concat([named[name] for name in NAMES]).drop_nulls().unique())
        for name, short in zip(NAMES, ("surname", "given", "father"), strict=True):
            keys = self._known.rename({"text": name, **{part: f"{short}_{part}" for part in SPELLED}})
            named = named.join(keys, on=name, how="left", maintain_order="left")
        told = named.select(
            "at", "sex", "home_id",
            surname="surname_key", surname_bones="surname_bones",
            given="given_key", given_bare="given_bare", given_bones="given_bones",
            father=pl.when(pl.col("father_key").str.len_chars() > 1).then("father_key"), father_bones="father_bones",
            **_birth(),
        )  # fmt: skip
        crossed = pl.concat_str(
            pl.min_horizontal("surname", "given_bare"), pl.max_horizontal("surname", "given_bare")
        )
        told = told.with_columns(crossed=pl.when(_there("surname", "given_bare")).then(crossed))
        return told.with_columns(**{name: _hashed(parts) for name, parts in WAYS.items()})

    def _read(self, texts: pl.Series) -> None:
        new = texts.filter(~texts.is_in(self._known["text"].implode()))
        if len(new):
            self._known = pl.concat([self._known, read_spellings(new).select("text", *SPELLED)])


def table_of(rows: Iterable[Sequence[object]]) -> pl.DataFrame:
    """Rows in the order of SCHEMA as a table."""
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def birth_text(value: date | None) -> str | None:
    """A day as the table holds it."""
    return value.isoformat() if value else None


def _birth() -> dict[str, pl.Expr]:
    text = pl.col("birth_date")
    year, month, day = (
        text.str.slice(at, size).cast(pl.Int32, strict=False) for at, size in ((0, 4), (5, 2), (8, 2))
    )
    whole = (pl.col("birth_precision") == "day") & ~((month == 1) & (day == 1))
    return {
        "year": year,
        "month": month,
        "day": day,
        "whole": whole.fill_null(value=False),
        "birth": pl.when(whole).then(year * 10_000 + month * 100 + day),
    }


def _hashed(parts: Sequence[str]) -> pl.Expr:
    text = pl.concat_str([pl.col(part).cast(pl.String) for part in parts], separator="|", ignore_nulls=False)
    return text.hash(seed=7)


def _there(*names: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(name).is_not_null() for name in names)
