"""Who may be on a list (entry bans, controlled persons). It may say "possible" too often, never "no" wrongly.

``certain``   name and whole date agree and nothing speaks against it
``possible``  it cannot be ruled out: a surname changes by law or marriage, a date is missing, half known or mistyped
``none``      compared, and nothing of the list fits
``unknown``   the person's own row holds too little to be compared
A field that is missing, on either side, never turns an answer into "none".
"""

from collections.abc import Callable
from math import log2

import polars as pl

from safar.linkage.engine import DuckDBEngine
from safar.linkage.levels import BY_FIELD
from safar.linkage.model import Model, start_model
from safar.linkage.pairs_sql import match_candidates_sql, match_sql, possible_sql
from safar.linkage.prepare import Prepared, prepare

FIELDS = {"surname": "surname", "given": "given_name", "father": "patronymic", "birth": "dob"}
SHARE_ON_LIST = (
    0.1  # of the list's rows that are among the people: an assumption, it only scales the probability
)
_LIKELY = 0.01  # from this probability on a pair is worth a look whatever agrees
_CERTAIN = 0.99
_LIST_PIECE = 25_000  # rows of the list compared at a time, to bound memory

ANSWER = pl.Schema(
    {
        "person_id": pl.String,
        "list_row": pl.String,
        "state": pl.String,
        "probability": pl.Float64,
        **dict.fromkeys(FIELDS.values(), pl.String),
    }
)


def match_people(
    people: pl.DataFrame,
    against: pl.DataFrame,
    *,
    model: Model | None = None,
    everybody: bool = False,
    threads: int | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> pl.DataFrame:
    """Rows of ANSWER: each person and row of the list that may be one, the likeliest first; levels tell why.

    ``people`` and ``against`` have prepare.RECORD_COLUMNS (check.check_people, check.check_list); ``record_id`` of the
    list is its row. ``everybody``: also one row, state none or unknown, for each who is not found. ``advance`` is told
    how many rows of the list are done.
    """
    prepared = prepare(people)
    listed = prepare(against, frequencies=prepared.frequencies)
    chances = model or start_model(people.height)
    prior = log2(SHARE_ON_LIST / max(people.height, 1))
    engine = DuckDBEngine(prepared.frame, threads=threads)
    found = []
    for start in range(0, against.height, _LIST_PIECE):
        piece = listed.frame.slice(start, _LIST_PIECE)
        found.append(_found(engine, piece, chances, prior))
        advance(piece.height)
    answer = _told(pl.concat(found), prepared, listed) if found else pl.DataFrame(schema=ANSWER)
    if everybody:
        answer = pl.concat([answer, _not_found(prepared, answer)])
    return answer


def _found(engine: DuckDBEngine, piece: pl.DataFrame, model: Model, prior: float) -> pl.DataFrame:
    engine.add("listed", piece)
    engine.keep("match_pairs", match_candidates_sql("records", "listed"))
    engine.keep(
        "matched", match_sql(model, prior_bits=prior, pairs="match_pairs", left="records", right="listed")
    )
    return engine.rows(f"select * from matched where {possible_sql(_LIKELY)}")  # noqa: S608 - our own text


def _told(found: pl.DataFrame, people: Prepared, listed: Prepared) -> pl.DataFrame:
    codes = {field: BY_FIELD[field].codes() for field in FIELDS}
    levels = {
        name: pl.col(f"g_{field}").replace_strict(dict(enumerate(codes[field])), return_dtype=pl.String)
        for field, name in FIELDS.items()
    }
    probability = 1 / (1 + pl.lit(2.0).pow(-pl.col("weight").clip(-60, 60)))
    named = found.select("a", "b", probability=probability, **levels)
    return (
        named.select(
            person_id=pl.lit(people.record_ids).gather(pl.col("a")),
            list_row=pl.lit(listed.record_ids).gather(pl.col("b")),
            state=pl.when(_is_certain()).then(pl.lit("certain")).otherwise(pl.lit("possible")),
            **{name: pl.col(name) for name in ("probability", *FIELDS.values())},
        )
        .sort("probability", "person_id", "list_row", descending=[True, False, False])
        .select(pl.col(name).cast(kind) for name, kind in ANSWER.items())
    )


def _is_certain() -> pl.Expr:
    agree = ("same", "optional_ending")
    return (
        (pl.col("probability") >= _CERTAIN)
        & (pl.col("dob") == "same")
        & pl.col("given_name").is_in(agree)
        & pl.col("surname").is_in(("same", "slip"))
        & pl.col("patronymic").is_in(("same", "slip", "initial", "unknown"))
    )


def _not_found(people: Prepared, answer: pl.DataFrame) -> pl.DataFrame:
    frame = people.frame
    named = frame["surname"].is_not_null() | frame["father"].is_not_null()
    enough = (frame["given"].is_not_null() & (named | frame["birth"].is_not_null())) | (
        named & frame["birth"].is_not_null()
    )
    rows = pl.DataFrame({"person_id": people.record_ids, "enough": enough}).filter(
        ~pl.col("person_id").is_in(answer["person_id"].implode())
    )
    return rows.select(
        "person_id",
        list_row=pl.lit(None, dtype=pl.String),
        state=pl.when("enough").then(pl.lit("none")).otherwise(pl.lit("unknown")),
        probability=pl.lit(None, dtype=pl.Float64),
        **{name: pl.lit(None, dtype=pl.String) for name in FIELDS.values()},
    )
