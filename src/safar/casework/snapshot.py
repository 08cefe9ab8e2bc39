"""The register of a night as tables: what the law is asked of everybody, and to whose scope each person belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.db import connection

from safar.casework.copying import copy_out
from safar.lake import write_table
from safar.law.facts import SCALARS

STAYS = ("country", "entered_on", "left_on")
OFFENCES = ("country", "kind", "decided_on", "expelled")
NAMES = (
    "record_id",
    "source",
    "reg_year",
    "surname",
    "given_name",
    "patronymic",
    "sex",
    "dob",
    "phone",
    "district",
)
OF_NIGHT = "p.merged_into_id IS NULL"


@dataclass(frozen=True)
class Snapshot:
    """Paths of the tables. ``people``, ``stays`` and ``offences`` are those of ``safar law screen``; ``scopes`` holds
    person_id, register_id, home_path, region, corridor; ``records`` are those of ``safar link``, with the register.
    """

    people: Path
    stays: Path
    offences: Path
    scopes: Path
    records: Path


def snapshot_in(folder: Path) -> Snapshot:
    """The tables that a snapshot in this folder has."""
    return Snapshot(
        *(folder / f"{name}.parquet" for name in ("people", "stays", "offences", "scopes", "records"))
    )


def take_snapshot(folder: Path) -> int:
    """Write the tables of everybody in every register as they are now; the number of people."""
    paths = snapshot_in(folder)
    people = _people()
    write_table(people.drop("register_id", "home_path"), paths.people)
    write_table(_scopes(people), paths.scopes)
    write_table(_listed("stays", STAYS), paths.stays)
    write_table(_listed("offences", OFFENCES), paths.offences)
    write_table(_records(), paths.records)
    return people.height


def _people() -> pl.DataFrame:
    columns = [f'f."{name}"' for name in SCALARS]
    signs = [name for (name,) in _rows("SELECT DISTINCT jsonb_object_keys(facts->'answers') FROM records_person "
                                       "WHERE facts ? 'answers'")]  # fmt: skip
    answers = [f"(p.facts->'answers'->>'{name}') AS \"answers.{name}\"" for name in sorted(signs)]
    nothing = [
        f"CASE WHEN p.facts->'{name}' = '[]'::jsonb THEN 'none' END AS {name}"
        for name in ("stays", "offences")
    ]
    typed = ", ".join(f'"{name}" text' for name in SCALARS)
    table = copy_out(
        f"SELECT p.id AS person_id, p.register_id, p.home_path, {', '.join([*columns, *nothing, *answers])} "
        f"FROM records_person p, jsonb_to_record(p.facts) AS f({typed}) WHERE {OF_NIGHT} ORDER BY p.id"
    )
    flags = [name for name, kind in SCALARS.items() if kind.type == "bool"]
    flags += [name for name in table.columns if name.startswith("answers.")]
    return table.with_columns(pl.col(flags) == "true", pl.col("register_id").cast(pl.Int64))


def _scopes(people: pl.DataFrame) -> pl.DataFrame:
    corridor = pl.col("citizenship").fill_null("?") + "-" + pl.col("destination").fill_null("?")
    return people.select(
        "person_id", "register_id", pl.col("home_path", "region").fill_null(""), corridor=corridor
    )


def _listed(name: str, columns: Sequence[str]) -> pl.DataFrame:
    typed = ", ".join(f"{column} text" for column in columns)
    table = copy_out(
        f"SELECT p.id AS person_id, {', '.join(f'one.{column}' for column in columns)} FROM records_person p, "
        f"jsonb_to_recordset(p.facts->'{name}') AS one({typed}) "
        f"WHERE {OF_NIGHT} AND jsonb_typeof(p.facts->'{name}') = 'array' ORDER BY p.id"
    )
    return table.with_columns(pl.col("expelled") == "true") if "expelled" in columns else table


def _records() -> pl.DataFrame:
    """One row a name of a person: linkage compares names as they were written."""
    return copy_out(
        "SELECT n.id AS record_id, p.id AS person_id, p.register_id, 'register' AS source, "
        "extract(year FROM p.registered_at)::int AS reg_year, n.surname, n.given_name, n.patronymic, p.sex, "
        "p.birth_date AS dob, t.number AS phone, split_part(p.home_path, '.', 3) AS district "
        "FROM records_person p JOIN records_personname n ON n.person_id = p.id "
        "LEFT JOIN (SELECT person_id, min(number) AS number FROM records_phone GROUP BY 1) t ON t.person_id = p.id "
        f"WHERE {OF_NIGHT} ORDER BY p.id, n.id"
    )


def _rows(query: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
