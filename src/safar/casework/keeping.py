"""Keeping an installation: everything in the database to one file, and from that file into an empty database.

Plain COPY over the connection of the application, so that any PostgreSQL will do and no program of its own is needed.
Every table is read in one snapshot, as the owner, with nothing hidden by a wall. While rows are loaded the triggers are
off: the history comes back as it was, seal by seal, and is not told a second time.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from graphlib import TopologicalSorter
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zipfile import ZipFile

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import Error

from safar.base import DataError
from safar.casework.installing import mend_walls
from safar.casework.keeping_file import (
    ANCHORS,
    FORMAT,
    Backup,
    Manifest,
    TableKept,
    new_backup,
    new_keys,
    open_backup,
    write_manifest,
)

__all__ = ["back_up", "has_tables", "keys_missing", "new_keys", "open_backup", "restore"]

# What migrations write by themselves; in an empty database nothing else holds a row.
GIVEN = {"auth_permission", "django_content_type", "django_migrations", "records_chain"}
WRITTEN_ALIKE = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres'; "
)
TABLES = """
SELECT c.relname::text, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname ORDER BY c.relname
"""
SEQUENCES = """
SELECT relname::text FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
# Checked row by row and not at the end: what is pointed at must be there first.
AT_ONCE = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid AND connamespace = 'public'::regnamespace
"""

TROUBLE = (Error, psycopg.Error)  # Django does not wrap what COPY raises
Progress = Callable[[str], None]


def has_tables() -> bool:
    """Whether this database was ever set up."""
    return bool(_tables())


def back_up(
    path: Path, *, key: str, anchors: Path, now: datetime, progress: Progress = lambda _: None
) -> Manifest:
    """Write everything to one file, whole or not at all. ``key``: an age key, or '' for a file that anybody can read.

    Needs the owner of the tables. ``progress`` is told each table. Raises DataError where that cannot be done.
    """
    with new_backup(path, key) as members, _one_snapshot() as cursor:
        tables = {}
        for name, columns in _tables().items():
            tables[name] = _copy_out(cursor, members, name, columns)
            progress(name)
        kept = anchors.read_bytes() if anchors.exists() else b""
        if kept:
            members.writestr(ANCHORS, kept)
        manifest = Manifest(
            format=FORMAT,
            made_at=now.isoformat(),
            safar=_version(),
            migrations=_migrations(cursor),
            tables=tables,
            sequences=_sequences(cursor),  # after the tables: a sequence does not stand still for a snapshot
            keys={name: _fingerprints(keys) for name, keys in _keys_here().items()},
            anchors=hashlib.sha256(kept).hexdigest() if kept else "",
        )
        write_manifest(members, manifest)
    return manifest


def restore(backup: Backup, *, anchors: Path, progress: Progress = lambda _: None) -> None:
    """Load everything into a database that is set up and empty, all or nothing; then put up the walls.

    Needs the owner of the tables. Raises DataError if the database is not empty or of another version of Safar, or if
    other anchors than those of the backup lie here already.
    """
    kept = backup.anchors()
    if anchors.exists() and anchors.read_bytes() != kept:
        raise DataError(f"{anchors}: is there already and not that of the backup; move it away first")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WRITTEN_ALIKE)
        tables = _tables()
        _check_same(cursor, backup.manifest, tables)
        _check_empty(cursor, tables)
        with _triggers_off(cursor, tables):
            cursor.execute(f"TRUNCATE {', '.join(map(_quoted, tables))}")
            for name in _in_order(cursor, tables):
                _copy_in(cursor, backup, name, tables[name])
                progress(name)
        for name, (value, called) in backup.manifest.sequences.items():
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [_quoted(name), value, called])
    mend_walls()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if kept:
        _write_anchors(anchors, kept)


def keys_missing(manifest: Manifest) -> tuple[str, ...]:
    """Names of the secrets that were in use when the backup was made and are not in this environment."""
    here = _keys_here()
    return tuple(
        name
        for name, prints in manifest.keys.items()
        if not set(prints) <= set(_fingerprints(here.get(name, [])))
    )


@contextmanager
def _one_snapshot() -> Iterator[CursorWrapper]:
    """A transaction that sees the database as it is now, and fails rather than leave out what a wall hides."""
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute(
                WRITTEN_ALIKE + "SET LOCAL row_security = off; SET LOCAL bytea_output = 'hex'; "
                "SET LOCAL extra_float_digits = 1; SET LOCAL statement_timeout = 0"
            )
            yield cursor
    except TROUBLE as error:
        raise DataError(
            f"the backup was not made (it needs the owner of the tables): {_first_line(error)}"
        ) from None


def _copy_out(cursor: CursorWrapper, members: ZipFile, name: str, columns: list[str]) -> TableKept:
    digest = hashlib.sha256()
    sql = f"COPY {_quoted(name)} ({_listed(columns)}) TO STDOUT"
    with members.open(name, "w", force_zip64=True) as member, cursor.copy(sql) as copy:
        for piece in copy:
            digest.update(piece)
            member.write(piece)
    return TableKept(tuple(columns), cursor.rowcount, digest.hexdigest())


def _copy_in(cursor: CursorWrapper, backup: Backup, name: str, columns: list[str]) -> None:
    try:
        with cursor.copy(f"COPY {_quoted(name)} ({_listed(columns)}) FROM STDIN") as copy:
            for piece in backup.table(name):
                copy.write(piece)
    except TROUBLE as error:
        raise DataError(f"{name}: cannot be loaded: {_first_line(error)}") from None
    if cursor.rowcount != backup.manifest.tables[name].rows:
        raise DataError(f"{name}: {cursor.rowcount:,} rows came of {backup.manifest.tables[name].rows:,}")


@contextmanager
def _triggers_off(cursor: CursorWrapper, tables: Iterable[str]) -> Iterator[None]:
    """The owner's own triggers; references are checked all the same. An error takes the transaction with it."""
    for name in tables:
        cursor.execute(f"ALTER TABLE {_quoted(name)} DISABLE TRIGGER USER")
    yield
    try:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except TROUBLE as error:
        raise DataError(f"the backup points at what is not in it: {_first_line(error)}") from None
    for name in tables:
        cursor.execute(f"ALTER TABLE {_quoted(name)} ENABLE TRIGGER USER")


def _check_same(cursor: CursorWrapper, manifest: Manifest, tables: dict[str, list[str]]) -> None:
    there = {name: list(table.columns) for name, table in manifest.tables.items()}
    if there != tables or manifest.migrations != _migrations(cursor):
        raise DataError(
            f"this backup was made by Safar {manifest.safar}, whose tables are others than those of this Safar "
            f"{_version()}; install that version, restore with it, then bring in the new one, which migrates"
        )


def _check_empty(cursor: CursorWrapper, tables: Iterable[str]) -> None:
    for name in tables:
        if name not in GIVEN:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {_quoted(name)})")
            if cursor.fetchone()[0]:
                raise DataError(
                    f"this database is not empty (there is something in {name}); restore into a new one: "
                    "another DATABASE_URL, or another SAFAR_VAR"
                )


def _in_order(cursor: CursorWrapper, tables: Iterable[str]) -> list[str]:
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(tables, ()))
    cursor.execute(AT_ONCE)
    for table, pointed_at in cursor.fetchall():
        order.add(table, pointed_at)
    return list(order.static_order())


def _tables() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return dict(cursor.fetchall())


def _sequences(cursor: CursorWrapper) -> dict[str, tuple[int, bool]]:
    cursor.execute(SEQUENCES)
    found = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f"SELECT last_value, is_called FROM {_quoted(name)}")
        found[name] = cursor.fetchone()
    return found


def _migrations(cursor: CursorWrapper) -> tuple[str, ...]:
    cursor.execute("SELECT app || '.' || name FROM django_migrations")
    return tuple(sorted(name for (name,) in cursor.fetchall()))


def _keys_here() -> dict[str, list[str]]:
    return {"SAFAR_DOCUMENT_KEYS": list(settings.DOCUMENT_KEYS), "SAFAR_AUDIT_KEY": [settings.AUDIT_KEY]}


def _fingerprints(keys: Iterable[str]) -> tuple[str, ...]:
    """Enough to know a key again, and nothing of the key."""
    return tuple(hmac.new(key.encode(), b"safar backup", hashlib.sha256).hexdigest()[:16] for key in keys)


def _write_anchors(path: Path, kept: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(kept)
    part.replace(path)


def _version() -> str:
    try:
        return version("safar")
    except PackageNotFoundError:
        return "?"


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(_quoted, columns))


def _first_line(error: Exception) -> str:
    """What PostgreSQL says, without the lines that may quote a row."""
    return str(error).strip().split("\n", 1)[0]
