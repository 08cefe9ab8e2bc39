"""The second wall: what PostgreSQL itself refuses, whatever the code above it asks.

Two roles that own nothing. ``safar_app`` serves officers and sees only rows in the scope that the transaction has
set; with no scope set it sees none. ``safar_system`` does the night's work and sees all. Both may add to the history
and never change it. The settings of a transaction: safar.register, safar.place_from, safar.place_to, safar.regions,
safar.people, safar.officer.
"""

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
CREATE OR REPLACE FUNCTION safar_place_from() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT current_setting('safar.place_from', true) $$;
CREATE OR REPLACE FUNCTION safar_place_to() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT current_setting('safar.place_to', true) $$;
CREATE OR REPLACE FUNCTION safar_regions() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT string_to_array(NULLIF(current_setting('safar.regions', true), ''), ',') $$;
CREATE OR REPLACE FUNCTION safar_people() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT string_to_array(NULLIF(current_setting('safar.people', true), ''), ',')::uuid[] $$;
"""

IN_PLACE = '{path} COLLATE "C" >= safar_place_from() AND {path} COLLATE "C" < safar_place_to()'
IN_SCOPE = (
    "register_id = safar_register() AND "
    + IN_PLACE.format(path="home_path")
    + " AND (safar_regions() IS NULL OR region = ANY (safar_regions()))"
)
OF_PERSON = "EXISTS (SELECT FROM records_person p WHERE p.id = {column})"

# Table -> who may see a row of it. What is not named here holds nothing about a person.
WALLS: dict[str, str] = {
    "records_person": f"({IN_SCOPE}) OR (register_id = safar_register() AND id = ANY (safar_people()))",
    **{f"records_{name}": IN_SCOPE for name in ("need", "tally", "change")},
    **{
        f"records_{name}": OF_PERSON.format(column=f"records_{name}.person_id")
        for name in (
            "personname", "document", "phone", "member", "statement", "journey", "stay", "offence", "consent",
            "check",
        )
    },
    "records_merge": OF_PERSON.format(column="records_merge.kept_id"),
    "records_pair": OF_PERSON.format(column="records_pair.one_id")
    + " AND "
    + OF_PERSON.format(column="records_pair.two_id"),
    "records_household": "register_id = safar_register() AND " + IN_PLACE.format(path="home_path"),
    "records_intake": "register_id = safar_register() AND " + IN_PLACE.format(path="place_path"),
    "records_intakerow": "EXISTS (SELECT FROM records_intake i WHERE i.id = records_intakerow.intake_id)",
    "records_emergency": "register_id = safar_register()",
    "records_reading": "register_id = safar_register() AND (officer_id = safar_officer() OR person IS NULL OR "
    + OF_PERSON.format(column="records_reading.person")
    + ")",
    "records_personevent": OF_PERSON.format(column="records_personevent.pgh_obj_id"),
    **{
        f"records_{name}event": OF_PERSON.format(column=f"records_{name}event.person_id")
        for name in (
            "personname", "document", "phone", "member", "statement", "journey", "stay", "offence", "consent",
            "check",
        )
    },
    "records_mergeevent": OF_PERSON.format(column="records_mergeevent.kept_id"),
    "records_householdevent": "register_id = safar_register() AND " + IN_PLACE.format(path="home_path"),
    "records_emergencyevent": "register_id = safar_register()",
    "records_intakeevent": "register_id = safar_register() AND " + IN_PLACE.format(path="place_path"),
}  # fmt: skip
# Rows that may be written without being seen: the history, whose writer may have lost sight of the person.
ADDED_BLINDLY = ("event", "reading")


def walls() -> str:
    """The policies of every walled table, as SQL."""
    lines = []
    for table, sees in WALLS.items():
        blind = table.endswith(ADDED_BLINDLY)
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"DROP POLICY IF EXISTS scope ON {table}; DROP POLICY IF EXISTS adding ON {table};",
            f"DROP POLICY IF EXISTS night ON {table};",
            f"CREATE POLICY scope ON {table} {'FOR SELECT ' if blind else ''}TO {APP} USING ({sees});",
            f"CREATE POLICY night ON {table} TO {SYSTEM} USING (true) WITH CHECK (true);",
        ]
        if blind:
            lines.append(f"CREATE POLICY adding ON {table} FOR INSERT TO {APP} WITH CHECK (true);")
    return "\n".join(lines)


# One chain a lane. A transaction takes its lane's lock with its first event, links event to event in a setting of its
# own, and writes the new head once, when it commits.
SEALS = """
INSERT INTO records_chain (lane, seq, seal) SELECT n, 0, ''::bytea FROM generate_series(0, {lanes} - 1) n
  ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION safar_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
DECLARE
  head text := NULLIF(current_setting('safar.chain', true), '');
  number bigint;
  before bytea;
BEGIN
  NEW.lane := pg_backend_pid() % {lanes};
  IF head IS NULL THEN
    PERFORM pg_advisory_xact_lock(7246, NEW.lane);
    SELECT seq, seal INTO number, before FROM records_chain WHERE lane = NEW.lane;
  ELSE
    number := split_part(head, ':', 1)::bigint;
    before := decode(split_part(head, ':', 2), 'hex');
  END IF;
  NEW.seq := number + 1;
  NEW.seal := sha256(before || safar_told(TG_TABLE_NAME, to_jsonb(NEW)));
  PERFORM set_config('safar.chain', NEW.seq || ':' || encode(NEW.seal, 'hex'), true);
  RETURN NEW;
END $$;

-- What is sealed: the row as text. Columns added later are null in old rows and change nothing.
CREATE OR REPLACE FUNCTION safar_told(name text, told jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS
  $$ SELECT convert_to(name || jsonb_strip_nulls(told - 'seal')::text, 'UTF8') $$;

CREATE OR REPLACE FUNCTION safar_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
DECLARE
  head text := current_setting('safar.chain', true);
BEGIN
  IF head <> coalesce(current_setting('safar.chain_written', true), '') THEN
    UPDATE records_chain
      SET seq = split_part(head, ':', 1)::bigint, seal = decode(split_part(head, ':', 2), 'hex')
      WHERE lane = NEW.lane;
    PERFORM set_config('safar.chain_written', head, true);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION safar_only_added() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the history is only ever added to'; END $$;
"""


# pgtrigger lets a session switch its triggers off. Not here: the history has no such switch. (The library's own function
# also opens a subtransaction for every row, which makes bulk writing quadratic.)
NO_SWITCH = """
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql IMMUTABLE AS
  $$ SELECT false $$;
"""


def seals(tables: list[str], lanes: int) -> str:
    """The triggers that seal the tables of the history, as SQL."""
    lines = [SEALS.replace("{lanes}", str(lanes))]
    for table in tables:
        lines += [
            f"CREATE OR REPLACE TRIGGER zz_seal BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION safar_seal();",
            f"DROP TRIGGER IF EXISTS zz_head ON {table};",
            f"CREATE CONSTRAINT TRIGGER zz_head AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION safar_head();",
            f"CREATE OR REPLACE TRIGGER zz_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION safar_only_added();",
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
        *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {both};" for table in history),
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON records_chain FROM {both};",
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {both};",
    ]
    return "\n".join(lines)


# Searching names by their index. A policy may not use an index on an array (the comparison could leak), so this
# function runs as the owner and adds the tokens of the scope itself, from the settings of the transaction alone.
FIND = """
CREATE OR REPLACE FUNCTION safar_find(words jsonb, most integer) RETURNS SETOF uuid LANGUAGE plpgsql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, public AS $$
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
    return "\n".join((ROLES, SCOPE, FIND, NO_SWITCH, walls(), seals(history, lanes), grants(history)))
