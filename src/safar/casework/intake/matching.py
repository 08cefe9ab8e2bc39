"""Which rows are about somebody the register knows: for sure, perhaps, or nobody.

One look at the register for a whole list: it passes by in pieces, and only who may be meant by some row is kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import polars as pl

from safar.casework.intake.marks import WAYS

CERTAIN, POSSIBLE = "certain", "possible"
MOST = 5  # people shown for a doubtful row
TOO_MANY = 100  # people brought together by one way
# How well a name agrees.
SAME, BARE, SOUND, MISSING, DIFFERENT = 4, 3, 2, -1, 0


@dataclass(frozen=True)
class Match:
    """Whom a row means: those who are it for sure, and those who may be, likeliest first (``who`` of the pairs)."""

    sure: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


def candidates(rows: pl.DataFrame, people: pl.DataFrame, shared: pl.DataFrame) -> pl.DataFrame:
    """Pairs to look at: ``at`` a row, ``other`` a person's row in ``people``, and whether they share a number.

    Both tables as ``Speller.mark`` makes them. ``shared``: at, other, by_document, by_phone.
    """
    ways = [
        rows.select("at", way).drop_nulls().join(_telling(people.select(way, other="at"), way), on=way)
        for way in WAYS
    ]
    ways = [pairs.select("at", "other") for pairs in ways]
    pairs = pl.concat([*ways, shared.select("at", "other")]).unique()
    return pairs.join(shared, on=["at", "other"], how="left").with_columns(
        pl.col("by_document", "by_phone").fill_null(value=False)
    )


def weighed(pairs: pl.DataFrame, rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Pairs that are more than chance: ``at``, ``other``, ``verdict`` and ``weight`` (larger: likelier)."""
    compared = (
        pairs.join(rows, on="at")
        .join(people.rename({"at": "other"}), on="other", suffix="_known")
        .with_columns(
            surname_level=_level("surname", "surname"),
            given_level=_level("given", "given", bare="given_bare"),
            father_level=_level("father", "father"),
            born=_born(),
            at_home=(pl.col("home_id") == pl.col("home_id_known")).fill_null(value=False),
            sexes=(
                pl.col("sex").ne_missing(pl.col("sex_known"))
                & (pl.col("sex") != "")
                & (pl.col("sex_known") != "")
            ),
            swapped_names=(pl.col("crossed") == pl.col("crossed_known")).fill_null(value=False)
            & (pl.col("surname") != pl.col("surname_known")).fill_null(value=False),
        )
    )
    certain, possible = _certain(), _possible()
    weight = pl.sum_horizontal(
        "surname_level", "given_level", "father_level",
        pl.col("born").replace_strict(_BORN, return_dtype=pl.Int32),
        pl.col("by_document") * 12, pl.col("by_phone") * 3, pl.col("at_home") * 2,
    )  # fmt: skip
    return compared.select(
        "at", "other", weight=weight,
        verdict=pl.when(certain).then(pl.lit(CERTAIN)).when(possible).then(pl.lit(POSSIBLE)),
    ).drop_nulls("verdict")  # fmt: skip


def decided(found: pl.DataFrame) -> dict[int, Match]:
    """For each row whom it means; ``found``: at, who, verdict, weight."""
    best = found.group_by("at", "who").agg(
        sure=(pl.col("verdict") == CERTAIN).any(), weight=pl.col("weight").max()
    ).sort("at", "weight", "who", descending=[False, True, False])  # fmt: skip
    told: dict[int, tuple[list[str], list[str]]] = {}
    for at, who, sure, _ in best.iter_rows():
        told.setdefault(at, ([], []))[0 if sure else 1].append(who)
    return {at: Match(tuple(sure), tuple(perhaps[:MOST])) for at, (sure, perhaps) in told.items()}


def _telling(people: pl.DataFrame, way: str) -> pl.DataFrame:
    """Without what too many have in common for it to tell anything."""
    return people.drop_nulls().filter(pl.len().over(way) <= TOO_MANY)


_BORN: Mapping[str, int] = {
    "same": 6, "swapped": 4, "near": 3, "year": 2, "missing": 0, "different": -5,
}  # fmt: skip


def _level(name: str, keys: str, bare: str = "") -> pl.Expr:
    one, other = pl.col(keys), pl.col(f"{keys}_known")
    alike = pl.col(f"{name}_bones") == pl.col(f"{name}_bones_known")
    barely = pl.col(bare) == pl.col(f"{bare}_known") if bare else pl.lit(value=False)
    return (
        pl.when(one.is_null() | other.is_null()).then(MISSING)
        .when(one == other).then(SAME)
        .when(barely).then(BARE)
        .when(alike).then(SOUND)
        .otherwise(DIFFERENT)
    ).cast(pl.Int32)  # fmt: skip


def _born() -> pl.Expr:
    """How two dates of birth agree. Where either is only a year, that is all that can agree."""
    year, month, day = ((pl.col(part), pl.col(f"{part}_known")) for part in ("year", "month", "day"))
    years_alike = year[0] == year[1]
    whole = pl.col("whole") & pl.col("whole_known")
    one_figure = (
        (year[0] - year[1]).abs().is_in([1, 10, 20, 30]) & (month[0] == month[1]) & (day[0] == day[1])
    )
    return (
        pl.when(year[0].is_null() | year[1].is_null()).then(pl.lit("missing"))
        .when(whole & years_alike & (month[0] == month[1]) & (day[0] == day[1])).then(pl.lit("same"))
        .when(whole & years_alike & (month[0] == day[1]) & (day[0] == month[1])).then(pl.lit("swapped"))
        .when(whole & years_alike & ((month[0] == month[1]) | (day[0] == day[1]))).then(pl.lit("near"))
        .when(whole & one_figure).then(pl.lit("near"))
        .when(years_alike & ~whole).then(pl.lit("year"))
        .otherwise(pl.lit("different"))
    )  # fmt: skip


def _certain() -> pl.Expr:
    """What no two people share: a document and a name; or a whole name, a whole day and one thing more."""
    same_document = pl.col("by_document") & (pl.col("given_level") >= SOUND) & _kin()
    same_father = _full_name() & (pl.col("father_level") == SAME) & pl.col("at_home")
    return _any(
        same_document & (pl.col("born") != "different") & ~pl.col("sexes"),
        _full_name() & (pl.col("born") == "same") & _not_against() & _one_more(),
        same_father & (pl.col("born") == "year") & ~pl.col("sexes"),
    )


def _possible() -> pl.Expr:
    born = pl.col("born")
    alike = (pl.col("surname_level") >= SOUND) & (pl.col("given_level") >= SOUND)
    return _any(
        pl.col("by_document"),
        alike & born.is_in(["same", "swapped"]) & _not_against(),
        alike & born.is_in(["near", "year"]) & _not_against() & _one_more(),
        _full_name() & (born == "missing") & _not_against() & _one_more(),
        (pl.col("given_level") >= BARE)
        & (pl.col("father_level") == SAME)
        & (born == "same")
        & ~pl.col("sexes"),
        pl.col("swapped_names") & (born == "same") & ~pl.col("sexes"),
        pl.col("by_phone")
        & (pl.col("given_level") >= BARE)
        & ~born.is_in(["missing", "different"])
        & ~pl.col("sexes"),
    )


def _full_name() -> pl.Expr:
    return (pl.col("surname_level") == SAME) & (pl.col("given_level") >= BARE)


def _kin() -> pl.Expr:
    return (pl.col("surname_level") >= SOUND) | (pl.col("father_level") >= SOUND)


def _not_against() -> pl.Expr:
    return (pl.col("father_level") != DIFFERENT) & ~pl.col("sexes")


def _one_more() -> pl.Expr:
    return (pl.col("father_level") == SAME) | pl.col("at_home") | pl.col("by_phone")


def _any(*conditions: pl.Expr) -> pl.Expr:
    return reduce(lambda one, other: one | other, conditions)


def only_meant(rows: pl.DataFrame, people: pl.DataFrame, besides: Iterable[int]) -> pl.DataFrame:
    """Those of a piece of the register that some row may mean by a way of ``WAYS``, or who share a number."""
    met = reduce(
        lambda one, other: one | other,
        (pl.col(way).is_in(rows[way].drop_nulls().unique().implode()) for way in WAYS),
    )
    return people.filter(met.fill_null(value=False) | pl.col("at").is_in(list(besides)))
