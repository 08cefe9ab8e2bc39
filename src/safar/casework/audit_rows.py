"""The rows of the register against their latest events: what was changed without an event, lost, or never told."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, models

from safar.casework.audit_lanes import Fault
from safar.records.models import EVENT_OF

# Merged in the order of the key, which both indexes have: no sorting, whatever the size.
DIFFERENCES = """
WITH latest AS (
  SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id AS obj, pgh_label = 'delete' AS deleted, {event_columns}
  FROM {events} ORDER BY pgh_obj_id DESC, pgh_id DESC)
SELECT coalesce(latest.obj, live.{key})::text, latest.obj IS NULL OR (deleted AND live.{key} IS NOT NULL),
       live.{key} IS NULL, array_to_string(ARRAY[{differing}], ', ')
FROM latest FULL JOIN {table} live ON live.{key} = latest.obj
WHERE latest.obj IS NULL OR deleted <> (live.{key} IS NULL)
   OR (live.{key} IS NOT NULL AND ({live}) IS DISTINCT FROM ({told}))
"""


@dataclass(frozen=True)
class Table:
    """A tracked table, its events, and about how many rows it has."""

    model: type[models.Model]
    events: type[models.Model]
    rows: int


def rows_to_check() -> list[Table]:
    """Every tracked table."""
    return [Table(model, events, model._default_manager.count()) for model, events in EVENT_OF.items()]


def row_faults(table: Table) -> Iterator[Fault]:
    """Rows unlike their latest event, with the names of the columns; rows lost; rows that no event tells of."""
    name = table.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(_sql(table))
        for row, unrecorded, gone, columns in cursor.fetchall():
            if unrecorded:
                yield "row_unrecorded", name, row, ""
            elif gone:
                yield "row_gone", name, row, ""
            else:
                yield "row_changed", name, row, columns


def _sql(table: Table) -> str:
    key = table.model._meta.pk.column
    told = {field.column for field in table.events._meta.concrete_fields}
    columns = [field.column for field in table.model._meta.concrete_fields if field.column in told]
    different = (
        f'CASE WHEN live."{one}" IS DISTINCT FROM latest."{one}" THEN \'{one}\' END' for one in columns
    )
    return DIFFERENCES.format(
        events=table.events._meta.db_table,
        table=table.model._meta.db_table,
        key=f'"{key}"',
        event_columns=", ".join(f'"{one}"' for one in columns),
        differing=", ".join(different),
        live=", ".join(f'live."{one}"' for one in columns),
        told=", ".join(f'latest."{one}"' for one in columns),
    )
