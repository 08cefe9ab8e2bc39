"""The worklists in the database: what the night ranked, put beside what stood there; counts; what became different."""

from datetime import date

import polars as pl
from django.db import connection

from safar.casework.copying import copy_aside, copy_in

COLUMNS = (
    "person_id", "register_id", "home_path", "region", "corridor", "danger", "harm", "priority", "first", "left_out",
    "provision", "status", "act_by", "amount_low", "amount_high", "currency", "ban_months", "because",
)  # fmt: skip
LATEST = 90_000  # a day number beyond all that the law reaches
NO_DAY, DAY_UNKNOWN = 0, 99_999
WITHIN = (7, 28)  # days: this week, the next four weeks


def standing_priority(harm: int, act_by: date | None, status: str) -> int:
    """Harm, then day, larger first, as a number that does not change from one day to the next."""
    if act_by is None:
        return harm * 100_000 + (DAY_UNKNOWN if status == "overdue" else NO_DAY)
    return harm * 100_000 + LATEST - (act_by - date(1970, 1, 1)).days


def load_needs(needs: pl.DataFrame, scopes: pl.DataFrame, *, on: date, everybody: bool = True) -> int:
    """Make the worklists those of tonight; the number of rows written anew.

    ``needs`` as flow.rank makes them, ``scopes`` as in the snapshot. A row that says the same stays untouched; whoever
    is in charge stays in charge, and a danger that goes on keeps its first day. Not ``everybody``: the worklists of
    people whom ``scopes`` does not name stay as they are.
    """
    rows = _rows(needs, scopes)
    copy_aside("tonight", "records_need", rows)
    copy_aside("ranked", "records_need", scopes.select("person_id"))
    ranked = "" if everybody else "n.person_id IN (SELECT person_id FROM ranked) AND "
    told = ", ".join(COLUMNS)
    same = "(" + ", ".join(f"n.{name}" for name in COLUMNS[1:]) + ")"
    news = "(" + ", ".join(f"t.{name}" for name in COLUMNS[1:]) + ")"
    taken = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:] if name != "danger")
    with connection.cursor() as cursor:
        # Whole tables are joined: by hashing in memory, for which an index would be of no use.
        cursor.execute("SET LOCAL work_mem = '256MB'; ANALYZE tonight; ANALYZE ranked")
        cursor.execute(
            f"DELETE FROM records_need n WHERE {ranked}NOT EXISTS "
            "(SELECT FROM tonight t WHERE t.person_id = n.person_id AND t.danger = n.danger)"
        )
        cursor.execute(
            f"INSERT INTO records_need ({told}, since, assigned_to_id) "
            f"SELECT {', '.join(f't.{name}' for name in COLUMNS)}, %s, p.assigned_to_id "
            "FROM tonight t JOIN records_person p ON p.id = t.person_id "
            "LEFT JOIN records_need n ON n.person_id = t.person_id AND n.danger = t.danger "
            f"WHERE n.id IS NULL OR {same} IS DISTINCT FROM {news} "
            f"ON CONFLICT (person_id, danger) DO UPDATE SET {taken}",
            [on],
        )
        written = int(cursor.rowcount)
        cursor.execute("DROP TABLE tonight, ranked")
    return written


def load_tallies(needs: pl.DataFrame, scopes: pl.DataFrame, *, on: date) -> int:
    """Count people by district, region, corridor, danger and nearness of the day; the number of counts."""
    counted = tallies(needs, scopes, on=on)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_tally")
    copy_in("records_tally", counted)
    return counted.height


def tallies(needs: pl.DataFrame, scopes: pl.DataFrame, *, on: date) -> pl.DataFrame:
    """One row a district, region, corridor, danger and week; everybody once, under their most pressing danger."""
    district = pl.col("home_path").str.extract(r"^((?:[^.]*\.){0,3})", 1).fill_null("")
    first = needs.filter("first").select("person_id", "danger", "act_by")
    week = (
        pl.when(pl.col("act_by").is_null()).then(None)
        .when(pl.col("act_by") < on).then(-1)
        .when((pl.col("act_by") - on).dt.total_days() < WITHIN[0]).then(0)
        .when((pl.col("act_by") - on).dt.total_days() < WITHIN[1]).then(1)
        .otherwise(4)
    )  # fmt: skip
    return (
        scopes.join(first, on="person_id", how="left")
        .with_columns(home_path=district, danger=pl.col("danger").fill_null(""), week=week.cast(pl.Int16))
        .group_by("register_id", "home_path", "region", "corridor", "danger", "week")
        .agg(people=pl.len())
        .with_columns(reckoned_on=pl.lit(on))
    )


def load_changes(changes: pl.DataFrame, scopes: pl.DataFrame, *, on: date) -> int:
    """Write down what became different tonight; a night run twice replaces its own."""
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM records_change WHERE "on" = %s', [on])
    told = changes.join(scopes.select("person_id", "register_id", "home_path", "region"), on="person_id")
    copy_in("records_change", told.with_columns(on=pl.lit(on)))
    return told.height


def _rows(needs: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    day = LATEST - pl.col("act_by").cast(pl.Int32)
    nothing = pl.when(pl.col("status") == "overdue").then(DAY_UNKNOWN).otherwise(NO_DAY)
    standing = pl.col("harm").cast(pl.Int64) * 100_000 + pl.coalesce(day, nothing)
    return (
        needs.join(scopes, on="person_id", how="inner")
        .with_columns(
            priority=standing,
            currency=pl.col("currency").fill_null(""),
            because=pl.col("because").fill_null(""),
        )
        .select(COLUMNS)
    )
