"""Who is shown: the ten last days that weigh most this week, and one person with a rich case."""

from datetime import date, timedelta

import polars as pl

from safar.law import Law
from safar.ops.demo.costs import breach_table, breaches_of, threats_in

ROWS, SAME_RULE = 10, 2
SOON_DAYS = 180
OVER_DAYS = (31, 80)  # the first ban threatens, longer ones are still to come


def ten_rows(due: pl.DataFrame) -> pl.DataFrame:
    """Ten rows of ``due`` (with ban and money at stake) in order of days: most harm first, then the nearest day.

    A person stands once and a rule twice at most, so that ten rows show more than the commonest rule.
    """
    harm = ["ban", "money", "due_on", "person_id"]
    ordered = due.sort(harm, descending=[True, True, False, False]).unique(
        "person_id", keep="first", maintain_order=True
    )
    return (
        ordered.with_columns(turn=pl.int_range(pl.len()).over("provision") // SAME_RULE)
        .sort("turn", maintain_order=True)
        .head(ROWS)
        .sort(["due_on", "ban", "money", "person_id"], descending=[False, True, True, False])
    )


def somebody(findings: pl.DataFrame, people: pl.DataFrame, law: Law, on: date) -> str:
    """The id of somebody whose case is rich, with as little unknown as possible.

    Still abroad past the last lawful day, a ban chained to that, a missed duty that brings a fine of its own, and
    something still to come.
    """
    kinds = findings.filter(pl.col("kind") != "notice")
    counts = kinds.group_by("person_id").agg(
        unknown=(pl.col("status") == "unknown").sum(),
        open=(pl.col("status") == "due").and_(pl.col("due_on") <= on + timedelta(days=SOON_DAYS)).sum(),
        pressing=pl.col("status").is_in(["overdue", "late", "forbidden", "exposed", "due"]).sum(),
    )
    ranked = counts.join(_chains(findings, people, law, on), on="person_id", how="left").with_columns(
        rich=pl.col("rich").fill_null(value=False) & (pl.col("open") > 0),
        chained=pl.col("chained").fill_null(value=False),
    )
    order = ["rich", "chained", "unknown", "pressing", "person_id"]
    return str(ranked.sort(order, descending=[True, True, False, False, False])["person_id"][0])


def _chains(findings: pl.DataFrame, people: pl.DataFrame, law: Law, on: date) -> pl.DataFrame:
    """By person: whether a limit missed in this stay brings a ban, and a missed duty a fine of its own besides."""
    missed = findings.filter(
        pl.col("kind").is_in(["duty", "limit"]), pl.col("status").is_in(["overdue", "late"])
    ).select("person_id", "provision", "kind", "status", "due_on")
    limits = {name for name, provision in law.provisions.items() if provision.kind == "limit"}
    shared = frozenset[str]().union(*(names for name, names in breaches_of(law).items() if name in limits))
    over = (on - pl.col("due_on")).dt.total_days().is_between(*OVER_DAYS) & (
        pl.col("due_on") > pl.col("entered_on")
    )
    ban = (pl.col("kind") == "limit") & (pl.col("status") == "overdue") & (pl.col("ban_months") > 0) & over
    own = pl.col("amount_low").is_not_null() & ~pl.col("sanction").is_in(sorted(shared))
    return (
        missed.join(breach_table(law), on="provision")
        .join(threats_in(findings), on=["person_id", "sanction"])
        .join(people.select("person_id", "entered_on"), on="person_id")
        .group_by("person_id")
        .agg(chained=ban.any(), rich=ban.any() & ((pl.col("kind") == "duty") & own).any())
    )
