"""The second wall: what PostgreSQL itself refuses, whatever the code above it asks.

Two roles that own nothing. ``safar_app`` serves officers and sees only rows in the scope that the transaction has
set; with no scope set it sees none. ``safar_system`` does the night's work and sees all. Both may add to the history
and never change it. The settings of a transaction: safar.register, safar.place_from, safar.place_to, safar.regions,
safar.people, safar.officer, safar.audits.
"""

from safar.records.seals import seals

APP, SYSTEM = "safar_app", "safar_system"

ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP}') THEN CREATE ROLE {APP} NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{SYSTEM}') THEN CREATE ROLE {SYSTEM} NOLOGIN; END IF;
END $$;
GRANT {APP}, {SYSTEM} TO CURRENT_USER;
"""

# Not set is '' after a transaction that had set it, and NULL before; both see nothing.
SCOPE = """
CREATE OR REPLACE FUNCTION safar_register() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT NULLIF(current_setting('safar.register', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION safar_officer() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT NULLIF(current_setting('safar.officer', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION safar_audits() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT NULLIF(current_setting('safar.audits', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION safar_place_from() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT current_setting('safar.place_from', true) $$;
CREATE OR REPLACE FUNCTION safar_place_to() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT current_setting('safar.place_to', true) $$;
CREATE OR REPLACE FUNCTION safar_regions() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT string_to_array(NULLIF(current_setting('safar.regions', true), ''), ',') $$;
CREATE OR REPLACE FUNCTION safar_people() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT string_to_array(NULLIF(current_setting('safar.people', true), ''), ',')::uuid[] $$;
"""

# Asked by the wall of households, which the wall of members would otherwise ask back.
EMPTY = """
CREATE OR REPLACE FUNCTION safar_empty(household bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public AS
  $$ SELECT NOT EXISTS (SELECT FROM records_member WHERE household_id = household) $$;
"""

IN_PLACE = '{path} COLLATE "C" >= safar_place_from() AND {path} COLLATE "C" < safar_place_to()'
IN_SCOPE = (
    "register_id = safar_register() AND "
    + IN_PLACE.format(path="home_path")
    + " AND (safar_regions() IS NULL OR region = ANY (safar_regions()))"
)
# A consul sees a household through its members, and one that has none yet, so as to put the first into it.
OF_HOUSEHOLD = (
    "register_id = safar_register() AND "
    + IN_PLACE.format(path="home_path")
    + " AND (safar_regions() IS NULL OR safar_empty(records_household.id) OR "
    "EXISTS (SELECT FROM records_member m WHERE m.household_id = records_household.id))"
)
OF_INTAKE = "register_id = safar_register() AND " + IN_PLACE.format(path="place_path")
OF_PERSON = "EXISTS (SELECT FROM records_person p WHERE p.id = {column})"

OF_EMERGENCY = (
    "register_id = safar_audits() OR (register_id = safar_register() AND (officer_id = safar_officer() OR "
    + OF_PERSON.format(column="{table}.person_id")
    + "))"
)

# Figures may leave the house, but those of a register go to whoever has a role in it, and those of all registers
# together to whoever pays for or runs the programme.
OF_FIGURE = (
    "EXISTS (SELECT FROM records_grant g JOIN records_organisation o ON o.id = g.organisation_id "
    "WHERE g.officer_id = safar_officer() AND g.revoked_at IS NULL AND CASE WHEN records_figure.register_id IS NULL "
    "THEN o.kind IN ('donor', 'programme') ELSE COALESCE(o.register_id, o.id) = records_figure.register_id END)"
)

# Table -> who may see a row of it. What is not named here holds nothing about a person.
WALLS: dict[str, str] = {
    "records_person": f"({IN_SCOPE}) OR (register_id = safar_register() AND id = ANY (safar_people()))",
    **{
        f"records_{name}": f"({IN_SCOPE}) OR (register_id = safar_register() AND person_id = ANY (safar_people()))"
        for name in ("need", "change")
    },
    **{f"records_{name}": IN_SCOPE for name in ("tally", "headcount", "nightcount")},
    "records_figure": OF_FIGURE,
    "records_watchlist": "register_id = safar_register()",
    "records_reminder": "officer_id = safar_officer() AND " + OF_PERSON.format(column="records_reminder.person_id"),
    **{
        f"records_{name}": OF_PERSON.format(column=f"records_{name}.person_id")
        for name in (
            "personname", "document", "phone", "member", "statement", "journey", "stay", "offence", "consent",
            "check",
        )
    },
    **{
        f"records_{table}": OF_PERSON.format(column=f"records_{table}.{one}")
        + " AND "
        + OF_PERSON.format(column=f"records_{table}.{two}")
        for table, one, two in (
            ("merge", "kept_id", "other_id"), ("mergeevent", "kept_id", "other_id"), ("pair", "one_id", "two_id"),
        )
    },
    "records_household": OF_HOUSEHOLD,
    "records_intake": OF_INTAKE + " AND (safar_regions() IS NULL OR uploaded_by_id = safar_officer())",
    **{
        f"records_{name}": f"EXISTS (SELECT FROM records_intake i WHERE i.id = records_{name}.intake_id)"
        for name in ("intakerow", "intakefile")
    },
    "records_intakemapping": "register_id = safar_register()",
    "records_emergency": OF_EMERGENCY.format(table="records_emergency"),
    "records_reading": "officer_id = safar_officer() OR register_id = safar_audits() OR "
    "(register_id = safar_register() AND (person IS NULL OR "
    + OF_PERSON.format(column="records_reading.person")
    + "))",
    "records_personevent": OF_PERSON.format(column="records_personevent.pgh_obj_id"),
    **{
        f"records_{name}event": OF_PERSON.format(column=f"records_{name}event.person_id")
        for name in (
            "personname", "document", "phone", "member", "statement", "journey", "stay", "offence", "consent",
            "check",
        )
    },
    "records_householdevent": "EXISTS (SELECT FROM records_household h WHERE h.id = records_householdevent.pgh_obj_id)",
    "records_emergencyevent": OF_EMERGENCY.format(table="records_emergencyevent"),
    "records_intakeevent": "EXISTS (SELECT FROM records_intake i WHERE i.id = records_intakeevent.pgh_obj_id)",
}  # fmt: skip


def walls(history: list[str]) -> str:
    """The policies of every walled table, as SQL. The history is seen like what it tells of, and added to only."""
    lines = [EMPTY]
    for table, sees in WALLS.items():
        kind = "FOR SELECT" if table in history else "FOR ALL"
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"DROP POLICY IF EXISTS scope ON {table}; DROP POLICY IF EXISTS night ON {table};",
            f"CREATE POLICY scope ON {table} {kind} TO {APP} USING ({sees});",
            f"CREATE POLICY night ON {table} {kind} TO {SYSTEM} USING (true);",
        ]
    lines += [
        "DROP POLICY IF EXISTS adding ON records_reading;",
        f"CREATE POLICY adding ON records_reading FOR INSERT TO {APP}, {SYSTEM} "
        "WITH CHECK (officer_id = safar_officer());",
    ]
    return "\n".join(lines)


def grants(history: list[str]) -> str:
    """What the two roles may do, as SQL: everything daily, nothing to the history but adding, no TRUNCATE."""
    both = f"{APP}, {SYSTEM}"
    lines = [
        f"GRANT USAGE ON SCHEMA public TO {both};",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {both};",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {both};",
        f"GRANT UPDATE ON ALL SEQUENCES IN SCHEMA public TO {SYSTEM};",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {both};",
        *(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {both};" for table in history),
        f"GRANT INSERT ON records_reading TO {both};",
        f"REVOKE ALL ON records_chain FROM {both};",
        f"GRANT SELECT (lane, seq, seal) ON records_chain TO {SYSTEM};",
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {both};",
    ]
    return "\n".join(lines)


# Searching names by their index. A policy may not use an index on an array (the comparison could leak), so this
# function runs as the owner and adds the tokens of the scope itself, from the settings of the transaction alone. It
# never reads the whole table: PostgreSQL takes each of hundreds of spellings for common; the index answers in 25 ms.
FIND = """
CREATE OR REPLACE FUNCTION safar_find(words jsonb, most integer) RETURNS SETOF uuid LANGUAGE plpgsql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
DECLARE
  asked text := format('keys @> ARRAY[%L]', 'r:' || safar_register());
  options jsonb;
BEGIN
  IF safar_register() IS NULL OR safar_place_from() IS NULL THEN RETURN; END IF;
  IF safar_place_from() <> '' THEN
    asked := asked || format(' AND keys @> ARRAY[%L]', 'h:' || safar_place_from());
  END IF;
  IF safar_regions() IS NOT NULL THEN
    asked := asked || format(' AND keys && %L::text[]', (SELECT array_agg('g:' || r) FROM unnest(safar_regions()) r));
  END IF;
  FOR options IN SELECT jsonb_array_elements(words) LOOP
    asked := asked || format(
      ' AND keys && %L::text[]', (SELECT array_agg(o) FROM jsonb_array_elements_text(options) o));
  END LOOP;
  RETURN QUERY EXECUTE format('SELECT person_id FROM records_personname WHERE %s LIMIT %s', asked, most);
END $$;
"""


def everything(history: list[str], lanes: int) -> str:
    """All of it, safe to run again and again: after every migration it is put up anew."""
    return "\n".join((ROLES, SCOPE, FIND, walls(history), seals(history, lanes), grants(history)))
