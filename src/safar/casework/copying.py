"""Many rows at once, in and out of PostgreSQL, and the role that may see them all."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import polars as pl
from django.db import connection

PART = 64 * 2**20  # bytes of lines that are read at a time


@contextmanager
def as_system() -> Iterator[None]:
    """A stretch of work as the role that sees every register."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute("SET ROLE safar_system")
        try:
            yield
        finally:
            cursor.execute(f'SET ROLE "{before}"')


def copy_in(table: str, rows: pl.DataFrame) -> None:
    """Add rows, by way of a temporary table: PostgreSQL does not copy straight into one with row-level security."""
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    copy_aside("coming", table, rows)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM coming; DROP TABLE coming")
        if "id" in rows.columns and rows["id"].dtype.is_integer():
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )


def copy_aside(name: str, table: str, rows: pl.DataFrame) -> None:
    """Put rows into a temporary table whose columns are typed like those of ``table``; it goes with the transaction."""
    columns = ", ".join(f'"{column}"' for column in rows.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA"
        )
        with cursor.copy(f"COPY {name} ({columns}) FROM STDIN (FORMAT csv)") as copy:
            for piece in rows.iter_slices(50_000):
                copy.write(piece.write_csv(include_header=False))


def copy_out(query: str) -> pl.DataFrame:
    """The rows of a query as a table of texts; null where there is nothing."""
    out = BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)") as copy:
        for piece in copy:
            out.write(piece)
    return pl.read_csv(out.getvalue(), infer_schema=False)


def read_lines(query: str, schema: pl.Schema) -> pl.DataFrame:
    """The rows of a query of one column, each a JSON object, as a table; what ``schema`` does not name is left out."""
    tables, pieces, size = [pl.DataFrame(schema=schema)], [], 0
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        for piece in copy:
            pieces.append(bytes(piece))
            size += len(piece)
            if size > PART:
                tables.append(_parsed(pieces, schema))
                pieces, size = [], 0
    if pieces:
        tables.append(_parsed(pieces, schema))
    return pl.concat(tables)


def _parsed(pieces: list[bytes], schema: pl.Schema) -> pl.DataFrame:
    """COPY doubles the backslashes of a text, and writes nothing else of JSON otherwise than it is."""
    return pl.read_ndjson(BytesIO(b"".join(pieces).replace(rb"\\", b"\\")), schema=schema)
