"""Many rows at once, in and out of PostgreSQL, and the role that may see them all."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
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


def copy_out_json(query: str, schema: pl.Schema) -> pl.DataFrame:
    """The rows of a query whose last column is a JSON object: its other columns as text, then what ``schema`` names.

    Read while PostgreSQL goes on sending, so that both have work.
    """
    with connection.cursor() as cursor, ThreadPoolExecutor(1) as reader:
        cursor.execute(f"SELECT * FROM ({query}) AS asked LIMIT 0")
        columns = [column.name for column in cursor.description or ()][:-1]
        parts: list[Future[pl.DataFrame]] = []
        with cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
            for lines in _by_size(copy):
                parts.append(reader.submit(_parsed, lines, columns, schema))
        empty = pl.DataFrame(schema={**dict.fromkeys(columns, pl.String), **schema})
        return pl.concat([empty, *(part.result() for part in parts)])


def _by_size(copy: Iterable[bytes | memoryview]) -> Iterator[list[bytes]]:
    lines, size = [], 0
    for line in copy:
        lines.append(bytes(line))
        size += len(line)
        if size > PART:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def _parsed(lines: list[bytes], columns: list[str], schema: pl.Schema) -> pl.DataFrame:
    """COPY doubles the backslashes of a text, and writes a backslash and N where there is none."""
    parted = [line.rpartition(b"\t") for line in lines]
    heads = pl.read_csv(
        b"\n".join(head for head, _, _ in parted), separator="\t", has_header=False, new_columns=columns,
        quote_char=None, null_values="\\N", infer_schema=False,
    )  # fmt: skip
    objects = b"".join(told for _, _, told in parted).replace(rb"\\", b"\\")
    return pl.concat([heads, pl.read_ndjson(objects, schema=schema)], how="horizontal")
