"""How the history is sealed: each event carries a hash over itself and over the one before it in its lane.

A transaction takes a free lane with its first event, links event to event in a setting of its own, and moves the lane's
head once, with its last event. That setting is signed with a secret that no daily role can read, so that nobody who
speaks SQL as one of them can lead the chain astray. Events are written by functions of the owner: the daily roles
cannot even add one of their own making.

What is sealed is the row as JSON. ``width`` counts the columns it had: those added later are left out when it is
checked, so a migration may add columns to the history and must never rename or drop one.
"""

# What the sealed text depends on besides the row: the same wherever it is written and checked.
WRITTEN_ALIKE = "SET timezone = 'UTC' SET bytea_output = 'hex' SET extra_float_digits = 1"

SEALS = """
INSERT INTO records_chain (lane, seq, seal, secret)
  SELECT n, 0, ''::bytea, sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
  FROM generate_series(0, {lanes} - 1) n ON CONFLICT DO NOTHING;

-- The signature of a head, good for this transaction alone.
CREATE OR REPLACE FUNCTION safar_signed(head text, secret bytea) RETURNS text LANGUAGE sql STABLE AS
  $$ SELECT encode(sha256(secret || convert_to(head || ':' || pg_current_xact_id()::text, 'UTF8')), 'hex') $$;

-- A lane that nobody writes in; where there is none, wait for one.
CREATE OR REPLACE FUNCTION safar_lane() RETURNS smallint LANGUAGE plpgsql
  SET search_path = pg_catalog, public AS $$
DECLARE
  first integer := pg_backend_pid() % {lanes};
BEGIN
  IF EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND classid = 7246) THEN
    RAISE EXCEPTION 'the head of the history was set from outside';
  END IF;
  FOR step IN 0 .. {lanes} - 1 LOOP
    IF pg_try_advisory_xact_lock(7246, (first + step) % {lanes}) THEN RETURN (first + step) % {lanes}; END IF;
  END LOOP;
  PERFORM pg_advisory_xact_lock(7246, first);
  RETURN first;
END $$;

CREATE OR REPLACE FUNCTION safar_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public {alike} AS $$
DECLARE
  head text[] := string_to_array(NULLIF(current_setting('safar.chain', true), ''), '/');
  link text[];
  chain records_chain;
BEGIN
  IF head IS NULL THEN
    NEW.lane := safar_lane();
    SELECT * INTO STRICT chain FROM records_chain WHERE lane = NEW.lane;
  ELSE
    link := string_to_array(head[1], ':');
    NEW.lane := link[1];
    SELECT * INTO STRICT chain FROM records_chain WHERE lane = NEW.lane;
    IF head[2] IS DISTINCT FROM safar_signed(head[1], chain.secret) THEN
      RAISE EXCEPTION 'the head of the history was set from outside';
    END IF;
    chain.seq := link[2];
    chain.seal := decode(link[3], 'hex');
  END IF;
  NEW.seq := chain.seq + 1;
  NEW.width := TG_ARGV[0];
  NEW.seal := sha256(chain.seal || safar_told(TG_TABLE_NAME, to_jsonb(NEW) - 'seal'));
  head[1] := NEW.lane || ':' || NEW.seq || ':' || encode(NEW.seal, 'hex');
  PERFORM set_config('safar.chain', head[1] || '/' || safar_signed(head[1], chain.secret), true);
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION safar_told(name text, told jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT convert_to(name || told::text, 'UTF8') $$;

-- Runs for every event when the transaction commits, and writes with its last.
CREATE OR REPLACE FUNCTION safar_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
DECLARE
  head text[] := string_to_array(NULLIF(current_setting('safar.chain', true), ''), '/');
  link text[] := string_to_array(head[1], ':');
BEGIN
  IF NEW.seq < link[2]::bigint THEN RETURN NULL; END IF;
  UPDATE records_chain SET seq = NEW.seq, seal = NEW.seal
    WHERE lane = NEW.lane AND NEW.seal = decode(link[3], 'hex') AND head[2] = safar_signed(head[1], secret);
  IF NOT FOUND THEN RAISE EXCEPTION 'the head of the history was set from outside'; END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION safar_only_added() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the history is only ever added to'; END $$;

-- The triggers of pghistory write as the owner.
DO $$ DECLARE writer regprocedure; BEGIN
  FOR writer IN SELECT oid FROM pg_proc WHERE proname ~ '^pgtrigger_(insert|update|delete)_' LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = pg_catalog, public', writer);
  END LOOP;
END $$;
"""

TRIGGERS = """
DO $$ BEGIN
  EXECUTE (SELECT format('CREATE OR REPLACE TRIGGER zz_seal BEFORE INSERT ON {table} FOR EACH ROW '
                         'EXECUTE FUNCTION safar_seal(%s)', max(attnum))
           FROM pg_attribute WHERE attrelid = '{table}'::regclass);
END $$;
DROP TRIGGER IF EXISTS zz_head ON {table};
CREATE CONSTRAINT TRIGGER zz_head AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION safar_head();
CREATE OR REPLACE TRIGGER zz_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION safar_only_added();
"""

# pgtrigger lets a session switch its triggers off. Not here: the history has no such switch. (Its own function
# also opens a subtransaction for every row, which makes bulk writing quadratic.)
NO_SWITCH = """
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql IMMUTABLE AS
  $$ SELECT false $$;
"""


def seals(tables: list[str], lanes: int) -> str:
    """The triggers that seal the tables of the history, as SQL, safe to run again."""
    told = SEALS.replace("{lanes}", str(lanes)).replace("{alike}", WRITTEN_ALIKE)
    return "\n".join((NO_SWITCH, told, *(TRIGGERS.replace("{table}", table) for table in tables)))
