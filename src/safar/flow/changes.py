"""What changed from one night to the next: who is new in a danger, whose grew, whose shrank, whose is over, and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

CHANGES = pl.Schema(
    {
        "person_id": pl.String,
        "change": pl.String,
        "cause": pl.String,
        "danger_before": pl.String,
        "danger_now": pl.String,
        "provision": pl.String,
        "act_by": pl.Date,
        "harm_before": pl.Int16,
        "harm_now": pl.Int16,
    }
)
_SEEN = ("danger", "harm", "provision", "act_by", "days_left", "priority")
_BY_DANGER, _BY_RULE = ["person_id", "danger"], ["person_id", "provision"]


@dataclass(frozen=True)
class Since:
    """What else changed between two nights: people of whom something was told, provisions with another wording.

    A triage that changed is a change of every rule.
    """

    told: pl.Series = field(default_factory=lambda: pl.Series("person_id", [], dtype=pl.String))
    rules: Collection[str] = ()


def what_changed(yesterday: pl.DataFrame, today: pl.DataFrame, *, since: Since | None = None) -> pl.DataFrame:
    """Changes between two tables of needs, in the order of harm; what stayed the same has no row.

    ``change``: *new*, *worse*, *better*, *solved*. The same danger, or another one by the same rule, is the same need.
    ``cause``: *day* where only time passed, *facts* where something was told of the person, *law* where the rule
    changed; null where two of them did, or ``since`` is not given. A danger that stood back behind worse ones
    (``left_out``) is neither new nor solved.
    """
    before, now = _seen(yesterday), _seen(today)
    same, left, right = _matched(before, now, _BY_DANGER)
    moved, gone, come = _matched(left, right, _BY_RULE)
    kept = pl.concat([same, moved]).filter(pl.col("priority") != pl.col("priority_now"))
    worse = pl.col("priority_now") > pl.col("priority")
    everything = [
        kept.with_columns(change=pl.when(worse).then(pl.lit("worse")).otherwise(pl.lit("better"))),
        _behind(gone, now).with_columns(change=pl.lit("solved")),
        _behind(come, before)
        .rename({name: f"{name}_now" for name in gone.columns})
        .with_columns(change=pl.lit("new")),
    ]
    changed = pl.concat(everything, how="diagonal").with_columns(
        *(
            pl.coalesce(f"{name}_now", name).alias(f"{name}_told")
            for name in ("person_id", "provision", "act_by")
        )
    )
    return _told(changed.with_columns(cause=_cause(since)))


def _seen(needs: pl.DataFrame) -> pl.DataFrame:
    return needs.select("person_id", *_SEEN, "left_out")


def _matched(
    before: pl.DataFrame, now: pl.DataFrame, on: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Rows of both nights side by side (the later ones with the suffix _now), then those of one night only."""
    both = before.join(now, on=on, how="full", suffix="_now", coalesce=False)
    left, right = pl.col("person_id").is_not_null(), pl.col("person_id_now").is_not_null()
    later = [pl.col(f"{name}_now").alias(name) for name in now.columns]
    return (
        both.filter(left & right),
        both.filter(~right).select(before.columns),
        both.filter(~left).select(later),
    )


def _behind(needs: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Without those that may stand back, on the other night, behind worse ones of the same person."""
    theirs = other.filter(pl.col("left_out") > 0).join(needs.select("person_id"), on="person_id", how="semi")
    full = theirs.group_by("person_id").agg(least=pl.col("harm").min())
    joined = needs.join(full, on="person_id", how="left")
    return joined.filter(pl.col("least").is_null() | (pl.col("harm") > pl.col("least"))).drop("least")


def _cause(since: Since | None) -> pl.Expr:
    if since is None:
        return pl.lit(None, dtype=pl.String)
    told = pl.col("person_id_told").is_in(since.told.implode())
    rule = pl.any_horizontal(
        pl.col(name).is_in(list(since.rules)).fill_null(value=False)
        for name in ("provision", "provision_now")
    )
    passed = (
        (pl.col("provision") == pl.col("provision_now"))
        & (pl.col("act_by") == pl.col("act_by_now"))
        & (pl.col("days_left") >= 0)
        & (pl.col("days_left_now") < 0)
    ).fill_null(value=False)
    return (
        pl.when(passed & ~rule).then(pl.lit("day"))
        .when(told & rule).then(None)
        .when(told).then(pl.lit("facts"))
        .when(rule).then(pl.lit("law"))
        .otherwise(pl.lit("day"))
    )  # fmt: skip


def _told(changed: pl.DataFrame) -> pl.DataFrame:
    told = changed.select(
        pl.col("person_id_told").alias("person_id"),
        "change",
        "cause",
        pl.col("danger").alias("danger_before"),
        "danger_now",
        pl.col("provision_told").alias("provision"),
        pl.col("act_by_told").alias("act_by"),
        pl.col("harm").alias("harm_before"),
        "harm_now",
    )
    order = [pl.coalesce("harm_now", "harm_before"), "person_id", "provision"]
    return told.cast(CHANGES).sort(order, descending=[True, False, False])


def told_since(before: pl.DataFrame, now: pl.DataFrame) -> pl.Series:
    """Ids of people of whom a table of two snapshots says different things; newcomers and those gone included.

    A person may have several rows, in any order; a column that one table lacks is empty there.
    """
    names = sorted({*before.columns, *now.columns})
    kinds = {name: _kind(before.schema.get(name), now.schema.get(name)) for name in names}
    left, right = (_hashed(table, kinds) for table in (before, now))
    both = left.join(right, on="person_id", how="full", coalesce=True, suffix="_now")
    return both.filter(pl.col("said").ne_missing(pl.col("said_now")))["person_id"]


def _kind(before: pl.DataType | None, now: pl.DataType | None) -> pl.DataType:
    """The type in which two columns can be compared."""
    if before is None or now is None or before == now:
        return before or now or pl.Null()
    return pl.String()


def _hashed(table: pl.DataFrame, kinds: Mapping[str, pl.DataType]) -> pl.DataFrame:
    columns = [
        pl.col(name).cast(kind) if name in table.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in kinds.items()
    ]
    rows = table.select(columns).hash_rows()
    hashed = pl.DataFrame({"person_id": table["person_id"].cast(pl.String), "said": rows})
    return hashed.group_by("person_id").agg(pl.col("said").sum())
