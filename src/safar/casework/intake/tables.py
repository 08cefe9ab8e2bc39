"""Rows for several tables, gathered one by one and written together; ids come from the database's own sequences."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db import connection

from safar.casework.copying import copy_aside


class Tables:
    """What is to be added, by table (without the prefix of the app), in the order in which it was first named."""

    def __init__(self) -> None:
        """Nothing is to be added yet."""
        self._rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)

    def add(self, table: str, **row: Any) -> None:
        """A row. All rows of a table have the same columns; bytes as ``as_bytes`` writes them."""
        self._rows[table].append(row)

    def write(self) -> None:
        """Add everything, table by table. Row-level security and the history see every row."""
        for table, rows in self._rows.items():
            frame = pl.DataFrame(rows, infer_schema_length=None)
            columns = ", ".join(f'"{name}"' for name in frame.columns)
            copy_aside("coming", f"records_{table}", frame)
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO records_{table} ({columns}) SELECT {columns} FROM coming")
                cursor.execute("DROP TABLE coming")
        self._rows.clear()


def as_bytes(content: bytes) -> str:
    """Bytes as PostgreSQL reads them from a file."""
    return rf"\x{content.hex()}"


def as_array(items: tuple[str, ...] | list[str]) -> str:
    """Texts as PostgreSQL reads an array from a file."""
    told = ('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items)
    return "{" + ",".join(told) + "}"


def next_ids(table: str, count: int) -> list[int]:
    """Ids that nobody else will use."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT nextval(pg_get_serial_sequence('records_{table}', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [number for (number,) in cursor.fetchall()]
