"""What the night counts beside the worklists: sex and age, a line a night, and figures that may leave the house."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models import Sum as Total

from safar.casework.copying import copy_in
from safar.casework.small_cells import Sum, withheld
from safar.records.models import Figure, Headcount, Organisation, Tally

KEPT_NIGHTS = 30
BANDS = {  # years, the first beyond the band
    "under_18": 18, "from_18": 25, "from_25": 35, "from_35": 45, "from_45": 60, "from_60": 200,
}  # fmt: skip
NEAR = {-1: "past", 0: "week", 1: "month", 4: "later", None: "none"}  # Tally.week
UNKNOWN = "unknown"

Counts = dict[tuple[str, str], int]  # (kind, key): people


def load_counts(scopes: pl.DataFrame, records: pl.DataFrame, *, on: date) -> None:
    """Count a night whose tallies are loaded. ``scopes`` and ``records`` are those of its snapshot."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_headcount")
    copy_in("records_headcount", headcounts(scopes, records, on=on))
    _load_night_counts(on)
    load_figures(on=on)


def headcounts(scopes: pl.DataFrame, records: pl.DataFrame, *, on: date) -> pl.DataFrame:
    """One row a district, region, sex and age band.

    Age in full years; whoever is known by a year alone counts as born on the day that stands for it in the register.
    """
    born = pl.col("dob").str.to_date("%Y-%m-%d", strict=False)
    had_birthday = (born.dt.month() < on.month) | ((born.dt.month() == on.month) & (born.dt.day() <= on.day))
    years = on.year - born.dt.year() - (~had_birthday).cast(pl.Int32)
    band = pl.lit("")
    for name, beyond in reversed(BANDS.items()):
        band = pl.when((years >= 0) & (years < beyond)).then(pl.lit(name)).otherwise(band)
    who = records.unique("person_id").select("person_id", pl.col("sex").fill_null(""), age=band)
    return (
        scopes.join(who, on="person_id", how="left")
        .with_columns(district_of("home_path"), pl.col("sex", "age").fill_null(""))
        .group_by("register_id", "home_path", "region", "sex", "age")
        .agg(people=pl.len())
    )


def district_of(column: str) -> pl.Expr:
    """A path as far as its district."""
    return pl.col(column).str.extract(r"^((?:[^.]*\.){0,3})", 1).fill_null("").alias(column)


def _load_night_counts(on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'DELETE FROM records_nightcount WHERE "on" = %s OR "on" <= %s',
            [on, on - timedelta(days=KEPT_NIGHTS)],
        )
        cursor.execute(
            'INSERT INTO records_nightcount (register_id, home_path, region, "on", people, needing, past) '
            "SELECT register_id, home_path, region, %s, sum(people), "
            "coalesce(sum(people) FILTER (WHERE danger <> ''), 0), coalesce(sum(people) FILTER (WHERE week = -1), 0) "
            "FROM records_tally GROUP BY register_id, home_path, region",
            [on],
        )


def load_figures(*, on: date) -> int:
    """Write the figures of each register, and of all together, for whoever sees only statistics; the number of them.

    Of nights before only the whole and the nearness stay, for lines over time.
    """
    Figure.objects.filter(on=on).delete()
    Figure.objects.filter(on__lte=on - timedelta(days=KEPT_NIGHTS)).delete()
    Figure.objects.exclude(on=on).exclude(kind__in=["whole", "near"]).delete()
    registers = Tally.objects.values_list("register", flat=True).distinct()
    rows = [
        Figure(register_id=register, on=on, kind=kind, key=key, people=people)
        for register in (None, *Organisation.objects.filter(id__in=registers).values_list("id", flat=True))
        for (kind, key), people in publishable(counted(register)).items()
    ]
    Figure.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def publishable(counts: Counts) -> dict[tuple[str, str], int | None]:
    """The counts as they may be told: None where one is withheld. Without anybody there is nothing to tell."""
    if not counts:
        return {}
    named = {f"{kind}:{key}": people for (kind, key), people in counts.items()}
    hidden = withheld(named, list(sums_of(counts)))
    return {name: None if f"{name[0]}:{name[1]}" in hidden else people for name, people in counts.items()}


def counted(register: int | None) -> Counts:
    """The counts of a register, or of all registers."""
    mine = Q() if register is None else Q(register=register)
    return counts_of(Tally.objects.filter(mine), Headcount.objects.filter(mine))


def counts_of(tallies: QuerySet[Tally], heads: QuerySet[Headcount]) -> Counts:
    """Tallies by kind and key: each kind adds up to those who need somebody, sex and age to all people."""
    found: Counter[tuple[str, str]] = Counter()
    for row in tallies.values("home_path", "corridor", "danger", "week").annotate(people=Total("people")):
        for name in _names_of(row):
            found[name] += row["people"]
    for head in heads.values("sex", "age").annotate(people=Total("people")):
        sex, age = head["sex"] or UNKNOWN, head["age"] or UNKNOWN
        found["sex", sex] += head["people"]
        found["age", f"{sex}.{age}"] += head["people"]
    return dict(found)


def _names_of(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The counts in which the people of a tally take part."""
    yield "whole", "people"
    if not row["danger"]:
        yield "whole", "rest"
        return
    yield "whole", "needing"
    yield "danger", str(row["danger"])
    yield "near", NEAR[row["week"]]
    yield "corridor", str(row["corridor"])
    yield from (("place", path) for path in path_steps(str(row["home_path"])))


def path_steps(home_path: str) -> tuple[str, ...]:
    """A district with what it lies in, as paths; what is not known of a home is a step called ``?``."""
    steps = [step for step in home_path.split(".") if step]
    steps += ["?"] * (len(steps) < 3)
    return tuple(".".join(steps[: count + 1]) + "." for count in range(len(steps)))


def sums_of(counts: Counts) -> Iterator[Sum]:
    """Which counts add up to which."""
    of_kind: dict[str, list[str]] = {}
    for kind, key in sorted(counts):
        of_kind.setdefault(kind, []).append(key)
    parts = tuple(f"whole:{key}" for key in of_kind.get("whole", ()) if key != "people")
    yield Sum("whole:people", parts)
    for kind in ("danger", "near", "corridor"):
        if kind in of_kind:
            yield Sum("whole:needing", tuple(f"{kind}:{key}" for key in of_kind[kind]))
    yield from _places(of_kind.get("place", []))
    if "sex" in of_kind:
        yield Sum("whole:people", tuple(f"sex:{key}" for key in of_kind["sex"]))
    for sex in of_kind.get("sex", ()):
        ages = [key for key in of_kind["age"] if key.startswith(f"{sex}.")]
        yield Sum(f"sex:{sex}", tuple(f"age:{key}" for key in ages))


def _places(paths: list[str]) -> Iterator[Sum]:
    children: dict[str, list[str]] = {}
    for path in paths:
        upper = path.rstrip(".").rpartition(".")[0]
        children.setdefault(f"{upper}." if upper else "", []).append(path)
    for path, inside in children.items():
        whole = f"place:{path}" if path else "whole:needing"
        yield Sum(whole, tuple(f"place:{child}" for child in inside))
