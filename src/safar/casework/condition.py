"""The condition of the database, quickly: is it set up, do its walls and triggers stand, did the night run.

Each check yields what it saw: state (ok, warn, bad), what it is about, what was seen, and how to mend it. Nothing is
changed, and nothing of any person is told. Needs the owner of the tables.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from safar.casework.audit_guards import guard_faults
from safar.casework.audit_lanes import lanes_to_check
from safar.records.apps import walls_stand
from safar.records.models import Night
from safar.records.walls import APP, SYSTEM

Seen = tuple[str, str, str, str]  # state, about, told, mend
OLDEST = 150_000  # PostgreSQL 15
MIGRATE = (
    "start safar serve, or safar nightly, once as the owner of the tables: both bring the database up to date"
)
LATE = timedelta(hours=36)
OFF = 5  # seconds by which two clocks may differ


def database_seen(now: datetime) -> Iterator[Seen]:
    """One check after another; those that need tables only where there are some. Django's errors where it is down."""
    yield from _server()
    yield from _clock(now)
    yield from _roles()
    migrated = list(_migrations())
    yield from migrated
    if all(state == "ok" for state, *_ in migrated):
        for check in (_guards, _walls, _chains, lambda: _night(now), lambda: _worker(now)):
            yield from check()


def _server() -> Iterator[Seen]:
    version, encoding, folds = _row(
        "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), "
        "lower(U&'\\04B6') = U&'\\04B7' FROM pg_database WHERE datname = current_database()"
    )
    state = "ok" if version >= OLDEST else "bad"
    yield state, "database", f"PostgreSQL {version // 10_000}", "upgrade to PostgreSQL 15 or later"
    new = "make the database anew with ENCODING 'UTF8' and LOCALE 'C.UTF-8', and restore a backup into it"
    yield ("ok" if encoding == "UTF8" else "bad"), "encoding", encoding, new
    told = (
        "small and capital letters of every script" if folds else "does not know small and capital Cyrillic"
    )
    yield ("ok" if folds else "bad"), "collation", told, new


def _clock(now: datetime) -> Iterator[Seen]:
    apart = abs(now.timestamp() - float(_row("SELECT extract(epoch FROM clock_timestamp())::float8")[0]))
    mend = "set both clocks by NTP: deadlines and one-time codes depend on them"
    yield ("ok" if apart < OFF else "bad"), "clock", f"{apart:.0f} s from that of the database", mend


def _roles() -> Iterator[Seen]:
    user, superuser, creates = _row(
        "SELECT rolname::text, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    embedded = str(connection.settings_dict["HOST"]).startswith("/")
    if superuser and not embedded:
        yield "warn", "roles", f"{user} is a superuser", "connect as a role that owns this database alone"
    for role in (APP, SYSTEM):
        exists, member, owns = _row(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s), "
            "EXISTS (SELECT FROM pg_roles r WHERE rolname = %(role)s AND pg_has_role(current_user, r.oid, 'MEMBER')), "
            "EXISTS (SELECT FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE rolname = %(role)s)",
            {"role": role},
        )
        if owns:
            yield "bad", "roles", f"{role} owns tables", f"REASSIGN OWNED BY {role} TO {user}"
        elif exists and not member:
            yield "bad", "roles", f"{user} may not become {role}", f"as a superuser: GRANT {role} TO {user}"
        elif not exists and not (superuser or creates):
            told = f"there is no role {role}, and {user} may not make one"
            yield "bad", "roles", told, f"as a superuser: ALTER ROLE {user} CREATEROLE"
        else:
            yield "ok", "roles", f"{role} owns nothing" if exists else f"{role} will be made", ""


def _migrations() -> Iterator[Seen]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        yield "ok", "migrations", "all are in", ""
        return
    first = waiting[0][0]
    yield "bad", "migrations", f"{len(waiting)} wait, the first {first.app_label}.{first.name}", MIGRATE


def _guards() -> Iterator[Seen]:
    mends = {
        "trigger_missing": ("triggers", "find out who did it (safar audit verify), then: " + MIGRATE),
        "wall_missing": ("walls", "find out who did it (safar audit verify), then: " + MIGRATE),
        "right_given": ("rights", "REVOKE it, and find out who gave it (safar audit verify)"),
        "role_raised": (
            "roles",
            "ALTER ROLE … NOSUPERUSER NOBYPASSRLS NOCREATEROLE, and find out who raised it",
        ),
    }
    faults = list(guard_faults())
    for what, table, row, told in faults:
        about, mend = mends[what]
        yield "bad", about, " ".join(filter(None, (what.replace("_", " ") + ":", table, row, told))), mend
    for what in ("trigger_missing", "wall_missing"):
        if not any(fault[0] == what for fault in faults):
            yield "ok", mends[what][0], "all stand", ""


def _walls() -> Iterator[Seen]:
    if not walls_stand():
        yield "bad", "walls", "they are not those of this version of Safar", MIGRATE


def _chains() -> Iterator[Seen]:
    lanes = lanes_to_check()
    wrong = [str(lane.number) for lane in lanes if lane.head != lane.until]
    links = sum(lane.until for lane in lanes)
    if wrong:
        told = f"the head of lane {', '.join(wrong)} is not its last link"
        yield (
            "bad",
            "history",
            told,
            "safar audit verify says what is gone; restore a backup beside it and compare",
        )
    else:
        yield "ok", "history", f"{links:,} links end where they should; safar audit verify looks at each", ""


def _night(now: datetime) -> Iterator[Seen]:
    mend = "run safar nightly every night, say by a systemd timer"
    night = Night.objects.order_by("-on").first()
    if night is None:
        yield "warn", "night", "there was none yet", mend
        return
    late = now - (night.finished_at or night.started_at) > LATE
    state = "bad" if night.state == "failed" else "warn" if late or night.state == "stopped" else "ok"
    yield state, "night", f"the last one is of {night.on}: {night.state}", mend


def _worker(now: datetime) -> Iterator[Seen]:
    mend = "start the worker beside the server"
    alive, waiting = _row(
        "SELECT (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %(recent)s), "
        "(SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' "
        "AND (scheduled_at IS NULL OR scheduled_at < %(recent)s))",
        {"recent": now - timedelta(minutes=1)},
    )
    if not alive:
        yield ("bad" if waiting else "warn"), "worker", f"none is alive, {waiting:,} tasks wait", mend
    else:
        yield "ok", "worker", f"{alive} alive, {waiting:,} tasks wait", mend


def _row(sql: str, values: dict[str, Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchone())
