"""The register of a night as tables: what the law is asked of everybody, and to whose scope each person belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from safar.casework.copying import copy_out, copy_out_json
from safar.casework.facts import law_in
from safar.lake import write_table
from safar.law.facts import SCALARS
from safar.linkage.prepare import RECORD_COLUMNS

STAYS = ("country", "entered_on", "left_on")
OFFENCES = ("country", "kind", "decided_on", "expelled")
OF_NIGHT = "merged_into_id IS NULL"


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
    everybody = _everybody()
    people = _people(everybody)
    write_table(people, paths.people)
    write_table(_scopes(everybody), paths.scopes)
    write_table(_listed(everybody, "stays", STAYS), paths.stays)
    write_table(_listed(everybody, "offences", OFFENCES), paths.offences)
    write_table(_records(everybody), paths.records)
    return people.height


def _everybody() -> pl.DataFrame:
    """One row a person: to whose scope they belong, and their facts in columns, lists as lists.

    The facts are copied out as they are and read here: taking them apart in the database takes five times as long.
    """
    signs = [name for name, provision in law_in("en").law.provisions.items() if provision.risk]
    listed = {
        name: pl.List(
            pl.Struct({column: pl.Boolean if column == "expelled" else pl.String for column in columns})
        )
        for name, columns in (("stays", STAYS), ("offences", OFFENCES))
    }
    schema = pl.Schema(
        {name: pl.Boolean if kind.type == "bool" else pl.String for name, kind in SCALARS.items()}
        | listed
        | {"answers": pl.Struct(dict.fromkeys(signs, pl.Boolean))}
    )
    table = copy_out_json(
        "SELECT id AS person_id, register_id, home_path, sex AS written_sex, birth_date AS dob, "
        f"extract(year FROM registered_at)::int AS reg_year, facts FROM records_person WHERE {OF_NIGHT}",
        schema,
    )
    return table.with_columns(pl.col("register_id").cast(pl.Int64)).sort("person_id")


def _people(everybody: pl.DataFrame) -> pl.DataFrame:
    """What the law is asked of: a list that is told to be empty is said as none, an answer has a column of its own."""
    nothing = [
        pl.when(pl.col(name).list.len() == 0).then(pl.lit("none")).alias(name)
        for name in ("stays", "offences")
    ]
    answers = everybody.select(pl.col("answers").struct.unnest().name.prefix("answers."))
    given = [column for column in answers if column.null_count() < column.len()]
    return everybody.select("person_id", *SCALARS, *nothing).with_columns(given)


def _scopes(everybody: pl.DataFrame) -> pl.DataFrame:
    corridor = pl.col("citizenship").fill_null("?") + "-" + pl.col("destination").fill_null("?")
    return everybody.select(
        "person_id", "register_id", pl.col("home_path", "region").fill_null(""), corridor=corridor
    )


def _listed(everybody: pl.DataFrame, name: str, columns: Sequence[str]) -> pl.DataFrame:
    """The rows of a list of everybody, each with its person."""
    rows = everybody.select("person_id", name).filter(pl.col(name).list.len() > 0).explode(name)
    return rows.unnest(name).select("person_id", *columns)


def _records(everybody: pl.DataFrame) -> pl.DataFrame:
    """One row a name of a person: linkage compares names as they were written."""
    names = copy_out(
        "SELECT id AS record_id, person_id, surname, given_name, patronymic FROM records_personname"
    )
    phones = copy_out("SELECT person_id, min(number) AS phone FROM records_phone GROUP BY person_id")
    district = pl.col("home_path").str.split(".").list.get(2, null_on_oob=True)
    people = everybody.select(
        "person_id", "register_id", "dob", "reg_year",
        source=pl.lit("register"), sex="written_sex", district=district,
    )  # fmt: skip
    return (
        names.join(people, on="person_id")
        .join(phones, on="person_id", how="left")
        .sort("person_id", pl.col("record_id").cast(pl.Int64))
        .select("record_id", "person_id", "register_id", *RECORD_COLUMNS[1:])
    )
