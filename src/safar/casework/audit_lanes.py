"""The chains of the history, link by link: each seal is the hash of the one before it and of its own row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from safar.records.models import EVENTS, Reading

PIECE = 50_000  # links looked at in one question, so that they are sorted in memory
Fault = tuple[str, str, str, str]  # what, table, row, told

HISTORY: dict[str, str] = {event._meta.db_table: "pgh_id" for event in EVENTS} | {
    Reading._meta.db_table: "id"
}

# A piece of a lane: the links that do not follow on, and its last one in any case.
LINKS = """
WITH links AS MATERIALIZED (
  SELECT name, id, seq, seal, seq - lag(seq, 1, %(last)s::bigint) OVER w AS step,
         seal = sha256(lag(seal, 1, %(seal)s::bytea) OVER w || told) AS holds
  FROM ({rows}) row WINDOW w AS (ORDER BY seq))
SELECT name, id, seq, seal, step, holds, (SELECT count(*) FROM links) FROM links
WHERE holds IS NOT TRUE OR step <> 1 OR seq = (SELECT max(seq) FROM links) ORDER BY seq
"""
ROWS = """SELECT '{table}' AS name, {key} AS id, seq, seal, convert_to('{table}' || ({told})::text, 'UTF8') AS told
FROM {table} e WHERE lane = %(lane)s AND seq > %(low)s AND seq <= %(until)s"""


@dataclass(frozen=True)
class Lane:
    """A lane as it stands: place and seal of its head (None where that is gone), and its last place in any table."""

    number: int
    head: int | None
    seal: bytes
    until: int


def lanes_to_check() -> list[Lane]:
    """Every lane that has a head or a link."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lane, seq, seal FROM records_chain")
        heads = {lane: (seq, bytes(seal)) for lane, seq, seal in cursor.fetchall()}
        lasts: dict[int, int] = {}
        for table in HISTORY:
            cursor.execute(_LAST.format(table=table))
            for lane, seq in cursor.fetchall():
                lasts[lane] = max(lasts.get(lane, 0), seq)
    numbers = sorted({*heads, *lasts})
    return [Lane(number, *heads.get(number, (None, b"")), lasts.get(number, 0)) for number in numbers]


# The lanes of a table and the last place of each, from its index alone.
_LAST = """
WITH RECURSIVE lanes AS (
  (SELECT lane, seq FROM {table} ORDER BY lane DESC, seq DESC LIMIT 1)
  UNION ALL
  SELECT below.lane, below.seq FROM lanes,
    LATERAL (SELECT lane, seq FROM {table} e WHERE e.lane < lanes.lane ORDER BY lane DESC, seq DESC LIMIT 1) below)
SELECT lane, seq FROM lanes
"""


def lane_faults(lane: Lane) -> Iterator[tuple[int, list[Fault]]]:
    """Piece by piece: how many links were looked at, and what is wrong with them."""
    last, seal = 0, b""
    for low in range(0, lane.until, PIECE):
        rows = _links(lane.number, low, low + PIECE, last, seal)
        yield (rows[-1][6] if rows else 0), list(_link_faults(lane.number, rows))
        if rows:
            last, seal = rows[-1][2], bytes(rows[-1][3])
    yield 0, list(_head_faults(lane, seal))


def _links(lane: int, low: int, until: int, last: int, seal: bytes) -> list[tuple[Any, ...]]:
    """The faulty links of a piece and its last: table, id, place, seal, step, whether it holds, links in the piece."""
    asked: dict[str, int | bytes] = {"lane": lane, "low": low, "until": until, "last": last, "seal": seal}
    with connection.cursor() as cursor:
        cursor.execute(_links_sql(), asked)
        return list(cursor.fetchall())


def _links_sql() -> str:
    rows = (ROWS.format(table=table, key=key, told=_told(table)) for table, key in HISTORY.items())
    return LINKS.format(rows="\nUNION ALL\n".join(rows))


def _told(table: str) -> str:
    """The row as it was sealed: without its seal, and without columns that it did not have then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
    listed = ", ".join(f"'{name}'" for name in columns)
    width = len(columns)
    return (
        f"CASE WHEN width >= {width} THEN to_jsonb(e) - 'seal' "
        f"ELSE to_jsonb(e) - 'seal' - (ARRAY[{listed}])[width + 1 : {width}] END"
    )


def _link_faults(lane: int, rows: list[tuple[Any, ...]]) -> Iterator[Fault]:
    for table, key, seq, _, step, holds, _ in rows:
        place = f"lane {lane}, link {seq}"
        if step > 1:
            yield "missing", "", "", f"lane {lane}, links {seq - step + 1} to {seq - 1}"
        elif step < 1:
            yield "doubled", table, str(key), place
        elif not holds:
            yield "broken", table, str(key), place


def _head_faults(lane: Lane, seal: bytes) -> Iterator[Fault]:
    if lane.head is not None and lane.head > lane.until:
        yield "missing", "", "", f"lane {lane.number}, links {lane.until + 1} to {lane.head}"
    elif lane.head != lane.until or lane.seal != seal:
        yield "head_differs", "records_chain", str(lane.number), f"last link {lane.until}"
