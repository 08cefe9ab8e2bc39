"""The night's look for people who have two files: pairs for the review queue, with reasons. Nobody is merged here."""

import json
from datetime import date

import polars as pl
from django.db import connection

from safar.casework.copying import copy_aside
from safar.linkage.known import Explanation, explain_pairs
from safar.linkage.link import link_records
from safar.linkage.prepare import RECORD_COLUMNS

LEAST = 0.0  # bits: what is likelier two people than one is not worth an officer's look
TWICE = (
    0.03  # of the files, where a register is too small to show it: officers are warned while they register
)
TOLD = 0.05  # bits
FIELDS = {"given": "given_name", "father": "patronymic", "birth": "birth_date"}
PAIRS = {"one": pl.String, "two": pl.String, "probability": pl.Float64, "reasons": pl.String}


def likely_pairs(records: pl.DataFrame) -> pl.DataFrame:
    """Pairs of people of one register who may be one: columns of PAIRS, ``reasons`` as JSON.

    ``records`` as in the snapshot: one row a name, with person_id and register_id. Registers never meet.
    """
    registers = records.partition_by("register_id", maintain_order=True)
    found = [_pairs_of(register) for register in registers]
    return pl.concat([pl.DataFrame(schema=PAIRS), *found])


def _pairs_of(records: pl.DataFrame) -> pl.DataFrame:
    texts = records.select(pl.col(name).cast(pl.String) for name in RECORD_COLUMNS)
    linked = link_records(texts, pairs_a_record=TWICE)
    owner = records.select(pl.col("record_id").cast(pl.String), "person_id")
    pairs = _between_people(linked.pairs.filter(pl.col("weight") >= LEAST), owner)
    named = texts.join(
        pl.concat([pairs["record_id"], pairs["other_id"]]).unique().to_frame("record_id"),
        on="record_id",
        how="semi",
    )
    told = explain_pairs(pairs, named, model=linked.model, frequencies=linked.frequencies)
    rows = [
        (
            one,
            two,
            why.probability,
            json.dumps(_reasons(why)),
        )
        for (one, two), why in zip(pairs.select("one", "two").iter_rows(), told, strict=True)
    ]
    return pl.DataFrame(rows, schema=PAIRS, orient="row")


def _reasons(why: Explanation) -> list[dict[str, str | float]]:
    """The steps that weigh something, in the register's words for fields."""
    return [
        {"field": FIELDS.get(step.field, step.field), "level": step.level, "bits": round(step.bits, 2)}
        for step in why.steps
        if abs(step.bits) >= TOLD
    ]


def _between_people(pairs: pl.DataFrame, owner: pl.DataFrame) -> pl.DataFrame:
    """One row for each two people, by the names that agree most; a person's own names are no pair."""
    both = pairs.join(owner.rename({"person_id": "p"}), on="record_id").join(
        owner.rename({"record_id": "other_id", "person_id": "q"}), on="other_id"
    )
    return (
        both.filter(pl.col("p") != pl.col("q"))
        .with_columns(one=pl.min_horizontal("p", "q"), two=pl.max_horizontal("p", "q"))
        .sort("weight", "record_id", "other_id", descending=[True, False, False])
        .unique(["one", "two"], keep="first", maintain_order=True)
    )


def load_pairs(pairs: pl.DataFrame, *, on: date) -> int:
    """Make the open pairs those of tonight; the number that are new or weigh differently.

    What an officer decided or put together by hand stays. A pair that nothing speaks for any more goes.
    """
    copy_aside("tonight_pairs", "records_pair", pairs.rename({"one": "one_id", "two": "two_id"}))
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON tonight_pairs (one_id, two_id); ANALYZE tonight_pairs")
        cursor.execute(
            "DELETE FROM records_pair p WHERE decided = '' AND jsonb_path_exists(reasons, '$[*].bits ? (@ != null)') "
            "AND NOT EXISTS (SELECT FROM tonight_pairs t WHERE t.one_id = p.one_id AND t.two_id = p.two_id)"
        )
        cursor.execute(
            "INSERT INTO records_pair (one_id, two_id, probability, reasons, found_on, decided) "
            "SELECT t.one_id, t.two_id, t.probability, t.reasons, %s, '' FROM tonight_pairs t "
            "JOIN records_person one ON one.id = t.one_id AND one.merged_into_id IS NULL "
            "JOIN records_person two ON two.id = t.two_id AND two.merged_into_id IS NULL "
            "ON CONFLICT (one_id, two_id) DO UPDATE SET probability = excluded.probability, reasons = excluded.reasons "
            "WHERE records_pair.decided = '' AND records_pair.reasons IS DISTINCT FROM excluded.reasons",
            [on],
        )
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE tonight_pairs")
    return changed
