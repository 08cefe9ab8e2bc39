"""The register beside a list: who of those an officer sees may be meant by its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import polars as pl
from django.db import connection

from safar.casework.access import END, Acting
from safar.casework.copying import copy_aside
from safar.casework.intake.marks import SCHEMA, Speller, birth_text, table_of
from safar.casework.intake.matching import Match, candidates, decided, only_meant, weighed
from safar.casework.intake.rows import Row
from safar.casework.seal import number_key

PIECE = 200_000  # rows of the register looked at together
SHARED = {"at": pl.Int64, "person_id": pl.String, "by_document": pl.Boolean, "by_phone": pl.Boolean}


@dataclass(frozen=True)
class Matches:
    """Whom rows mean: people of the register, and earlier rows of the same list (by place in the list)."""

    people: Mapping[int, Match] = field(default_factory=dict)
    rows: Mapping[int, Match] = field(default_factory=dict)


def match_rows(acting: Acting, rows: Sequence[Row]) -> Matches:
    """For each place in ``rows`` whom it means. The register is read once, in pieces."""
    speller = Speller()
    marked = speller.mark(table_of(_mark_of(at, row) for at, row in enumerate(rows)))
    numbers = _numbers(acting, rows)
    found = []
    for piece in _register(acting):
        people = piece.filter(pl.col("person_id").is_not_null())
        here = numbers.join(people.select("person_id", other="at"), on="person_id")
        kept = only_meant(marked, speller.mark(people.select(list(SCHEMA))), here["other"].to_list())
        pairs = candidates(marked, kept, here.select("at", "other", "by_document", "by_phone"))
        weights = weighed(pairs, marked, kept)
        found.append(
            weights.join(people.select("person_id", other="at"), on="other").rename({"person_id": "who"})
        )
    people_meant = decided(pl.concat(found)) if found else {}
    return Matches(people_meant, _in_list(marked, rows))


def _in_list(marked: pl.DataFrame, rows: Sequence[Row]) -> dict[int, Match]:
    shared = _shared_in_list(rows)
    pairs = candidates(marked, marked, shared).filter(pl.col("other") < pl.col("at"))
    return decided(weighed(pairs, marked, marked).with_columns(who=pl.col("other").cast(pl.String)))


def _shared_in_list(rows: Sequence[Row]) -> pl.DataFrame:
    tables = []
    for name, numbers in (
        ("by_document", [(at, number_key(n).hex()) for at, row in enumerate(rows) for _, n in row.documents]),
        ("by_phone", [(at, number) for at, row in enumerate(rows) for number, _ in row.phones]),
    ):
        table = pl.DataFrame(numbers, schema={"at": pl.Int64, "number": pl.String}, orient="row")
        few = table.filter(pl.len().over("number") <= 20)  # a number that many rows share tells nothing
        pairs = few.join(few.rename({"at": "other"}), on="number").filter(pl.col("other") < pl.col("at"))
        tables.append(pairs.select("at", "other", pl.lit(name).alias("way")))
    both = pl.concat(tables)
    return both.group_by("at", "other").agg(
        by_document=(pl.col("way") == "by_document").any(), by_phone=(pl.col("way") == "by_phone").any()
    )


def _mark_of(at: int, row: Row) -> tuple[object, ...]:
    born = row.birth
    return (
        at, row.name.surname, row.name.given_name, row.name.patronymic, birth_text(born.value), born.precision,
        row.facts.get("sex", ""), row.home.place_id or None,
    )  # fmt: skip


def _register(acting: Acting) -> Iterator[pl.DataFrame]:
    """The names of everybody whom the officer sees, in pieces: SCHEMA with ``person_id``."""
    place = (acting.place_path, acting.place_path + END)
    regions = "AND p.region = ANY (%(regions)s)" if acting.regions else ""
    query = (
        "COPY (SELECT coalesce(p.merged_into_id, p.id), n.surname, n.given_name, n.patronymic, p.birth_date, "
        "p.birth_precision, p.sex, p.home_id FROM records_person p JOIN records_personname n ON n.person_id = p.id "
        f"WHERE p.register_id = %(register)s AND p.home_path >= %(low)s AND p.home_path < %(high)s {regions}) "
        "TO STDOUT (FORMAT csv)"
    )
    asked = {
        "register": acting.register_id,
        "low": place[0],
        "high": place[1],
        "regions": list(acting.regions),
    }
    columns = ["person_id", *list(SCHEMA)[1:]]
    start = 0
    with connection.cursor() as cursor, cursor.copy(query, asked) as copy:
        for piece in _pieces(copy):
            table = pl.read_csv(piece, has_header=False, new_columns=columns, infer_schema=False)
            yield table.select((pl.int_range(pl.len()) + start).alias("at"), *columns)
            start += table.height


def _pieces(copy: Iterator[bytes]) -> Iterator[bytes]:
    held, count = BytesIO(), 0
    for line in copy:
        held.write(line)
        count += 1
        if count == PIECE:
            yield held.getvalue()
            held, count = BytesIO(), 0
    if count:
        yield held.getvalue()


def _numbers(acting: Acting, rows: Sequence[Row]) -> pl.DataFrame:
    """People who have a document or a telephone of a row; a telephone of a whole village tells nothing."""
    documents = pl.DataFrame(
        [(at, rf"\x{number_key(n).hex()}") for at, row in enumerate(rows) for _, n in row.documents],
        schema={"id": pl.Int64, "number_key": pl.String}, orient="row",
    )  # fmt: skip
    phones = pl.DataFrame(
        [(at, number) for at, row in enumerate(rows) for number, _ in row.phones],
        schema={"id": pl.Int64, "number": pl.String}, orient="row",
    )  # fmt: skip
    told = [
        *(
            (at, who, True, False)
            for at, who in _sharing("records_document", "number_key", documents, acting)
        ),
        *((at, who, False, True) for at, who in _sharing("records_phone", "number", phones, acting)),
    ]
    table = pl.DataFrame(told, schema=SHARED, orient="row")
    return table.group_by("at", "person_id").agg(pl.col("by_document", "by_phone").any())


def _sharing(table: str, column: str, asked: pl.DataFrame, acting: Acting) -> list[tuple[int, str]]:
    if asked.is_empty():
        return []
    copy_aside("asked", table, asked)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE asked")
        cursor.execute(
            f"SELECT a.id, coalesce(p.merged_into_id, p.id)::text FROM asked a JOIN {table} t USING ({column}) "
            "JOIN records_person p ON p.id = t.person_id WHERE p.register_id = %s",
            [acting.register_id],
        )
        found: list[tuple[int, str]] = cursor.fetchall()
        cursor.execute("DROP TABLE asked")
    return found
