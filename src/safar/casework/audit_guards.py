"""Whether what keeps the history honest stands: triggers, walls, and rights that the daily roles must not have."""

import hashlib
from collections.abc import Iterator

import pgtrigger
from django.db import connection

from safar.casework.audit_lanes import HISTORY, Fault
from safar.records.history import LANES
from safar.records.models import TRACKED, Reading
from safar.records.walls import APP, SYSTEM, WALLS, everything

SEALING = ("zz_seal", "zz_head", "zz_only_added")
NEVER = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")

# All that a trigger, a function, a policy or a right says, in one text.
STANDING = """
SELECT string_agg(told, E'\\n' ORDER BY told) FROM (
  SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'records\\_%%'
  UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND proname ~ '^(safar_|_?pgtrigger_)'
  UNION ALL SELECT p::text FROM pg_policies p WHERE schemaname = 'public'
  UNION ALL SELECT concat_ws(' ', oid::regclass, relrowsecurity, relforcerowsecurity, relacl) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname = ANY (%s)
) AS standing(told)
"""


def guards_digest() -> str:
    """SHA-256 of everything the guards say; anchored, so that a change of them is noticed."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [sorted({*WALLS, *HISTORY, "records_chain"})])
        return hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()


def code_digest() -> str:
    """SHA-256 of what the guards should say by this code, written by this version of PostgreSQL."""
    told = [everything(list(HISTORY), LANES), str(connection.pg_version)]  # type: ignore[attr-defined]
    told += sorted(trigger.compile(model).hash for model, trigger in pgtrigger.registered())
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def guard_faults() -> Iterator[Fault]:
    """Triggers that are missing or off, walls that are down, rights and roles raised."""
    yield from _trigger_faults()
    yield from _wall_faults()
    yield from _right_faults()


def _trigger_faults() -> Iterator[Fault]:
    wanted = {(table, name) for table in HISTORY for name in SEALING}
    tracked = {model._meta.db_table for model in TRACKED}
    wanted |= {
        (model._meta.db_table, trigger.get_pgid(model))
        for model, trigger in pgtrigger.registered()
        if model._meta.db_table in tracked
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND NOT tgisinternal"
        )
        standing = set(cursor.fetchall())
    for table, name in sorted(wanted - standing):
        yield "trigger_missing", table, "", name


def _wall_faults() -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE relrowsecurity AND polname IN ('scope', 'night') GROUP BY c.oid HAVING count(*) = 2"
        )
        standing = {name for (name,) in cursor.fetchall()}
    for table in sorted(set(WALLS) - standing):
        yield "wall_missing", table, "", ""


def _right_faults() -> Iterator[Fault]:
    never = {(table, right) for table in (*HISTORY, "records_chain") for right in NEVER}
    never -= {(Reading._meta.db_table, "INSERT")}
    with connection.cursor() as cursor:
        for role in (APP, SYSTEM):
            cursor.execute(
                "SELECT t, r FROM unnest(%s::text[], %s::text[]) AS asked(t, r) WHERE has_table_privilege(%s, t, r)",
                [[table for table, _ in never], [right for _, right in never], role],
            )
            for table, right in sorted(cursor.fetchall()):
                yield "right_given", table, "", f"{role} may {right}"
        cursor.execute(
            "SELECT rolname FROM pg_roles r WHERE rolname IN (%s, %s) AND (rolsuper OR rolbypassrls OR rolcreaterole "
            "OR rolreplication OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid))",
            [APP, SYSTEM],
        )
        for (name,) in cursor.fetchall():
            yield "role_raised", "", name, ""
