"""Nothing is changed behind the application's back without being found: each kind of sabotage, by a superuser."""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

from safar.casework.access import acting_as, opened
from safar.casework.anchors import anchor_history
from safar.casework.audit import Report, verify_history
from safar.casework.people import register_person, state_facts
from safar.casework.readings import note_reading
from safar.records.models import EVENTS, Person, Stay
from tests.casework.conftest import NOW, ON
from tests.casework.real_database import a_database, owner_at, real, transactional_db  # noqa: F401
from tests.casework.test_people import TOLD, jamshed


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors.log"


@pytest.fixture(scope="module")
def person(real: dict[str, int]) -> Person:  # noqa: F811
    """A file with some history, committed, and a look at it."""
    acting = acting_as(real["isfara"], on=ON, now=NOW)
    with opened(acting, "test"):
        person = register_person(acting, jamshed(), saying=TOLD, on=ON, now=NOW)
    with opened(acting, "test"):
        state_facts(acting, person.id, {"registered_on": "2026-09-04"}, saying=TOLD, on=ON, now=NOW)
        note_reading(acting, "open_person", now=NOW, person_id=person.id)
    return person


@pytest.fixture
def verified(anchors: Path) -> Callable[[], Report]:
    return lambda: verify_history(anchors=anchors)


def test_an_honest_history_is_sound(person, verified, anchors: Path) -> None:
    anchor_history(path=anchors, now=NOW)
    shares: list[float] = []

    report = verify_history(anchors=anchors, progress=shares.append)

    assert report.findings == ()
    assert report.sound
    assert report.links >= 40
    assert report.anchors == 1
    assert sum(shares) == pytest.approx(1)


# SQL, and what must be found: kind and table.
SABOTAGE = {
    "a row changed": (
        "UPDATE records_person SET birth_date = '1980-01-01'",
        {("row_changed", "records_person")},
    ),
    "one column of JSON changed": (
        """UPDATE records_statement SET facts = facts || '{"sex": null}' WHERE facts ? 'citizenship'""",
        {("row_changed", "records_statement")},
    ),
    "a row deleted": ("DELETE FROM records_stay", {("row_gone", "records_stay")}),
    "a row added": (
        "INSERT INTO records_phone (person_id, number, whose, statement_id) "
        "SELECT person_id, '992000000000', 'own', id FROM records_statement LIMIT 1",
        {("row_unrecorded", "records_phone")},
    ),
    "data emptied": ("TRUNCATE records_stay CASCADE", {("row_gone", "records_stay")}),
    "an officer's right widened": (
        "UPDATE records_grant SET place_id = NULL WHERE place_id IS NOT NULL",
        {("row_changed", "records_grant")},
    ),
    "a role that clashes": (
        "INSERT INTO records_grant (officer_id, organisation_id, role, regions, starts_on) "
        "SELECT officer_id, organisation_id, 'auditor', '{}', starts_on FROM records_grant WHERE role = 'supervisor'",
        {("roles_clash", "records_grant"), ("row_unrecorded", "records_grant")},
    ),
    "an event changed": (
        "UPDATE records_personevent SET birth_date = '1980-01-01'",
        {("broken", "records_personevent"), ("row_changed", "records_person")},
    ),
    "only the context of an event changed": (
        """UPDATE records_statementevent SET pgh_context = pgh_context || '{"officer": 999999}'""",
        {("broken", "records_statementevent")},
    ),
    "an event deleted": (
        "DELETE FROM records_personevent WHERE pgh_label = 'insert'",
        {("missing", "")},
    ),
    "the latest event deleted": (
        "DELETE FROM records_statementevent WHERE pgh_id = (SELECT max(pgh_id) FROM records_statementevent)",
        {("missing", ""), ("row_unrecorded", "records_statement")},
    ),
    "events emptied": (
        "TRUNCATE records_personevent",
        {("missing", ""), ("row_unrecorded", "records_person")},
    ),
    "a look forgotten": ("DELETE FROM records_reading", {("missing", "")}),
    "a look put on somebody else": (
        "UPDATE records_reading SET officer_id = officer_id + 1",
        {("broken", "records_reading")},
    ),
    "the heads emptied": ("TRUNCATE records_chain", {("head_differs", "records_chain")}),
    "a head turned back": (
        "UPDATE records_chain SET seq = seq - 1 WHERE seq > 0",
        {("head_differs", "records_chain")},
    ),
    "an event told twice": (
        "CREATE TEMPORARY TABLE copied AS SELECT * FROM records_reading LIMIT 1; "
        "UPDATE copied SET id = id + 1000; INSERT INTO records_reading SELECT * FROM copied",
        {("doubled", "records_reading")},
    ),
    "a trigger dropped": (
        "DROP TRIGGER zz_seal ON records_personevent",
        {("trigger_missing", "records_personevent")},
    ),
    "a trigger switched off": (
        "ALTER TABLE records_person DISABLE TRIGGER ALL",
        {("trigger_missing", "records_person")},
    ),
    "a wall taken down": (
        "ALTER TABLE records_phone DISABLE ROW LEVEL SECURITY",
        {("wall_missing", "records_phone")},
    ),
    "a policy dropped": ("DROP POLICY scope ON records_need", {("wall_missing", "records_need")}),
    "a right given": (
        "GRANT UPDATE ON records_personevent TO safar_app",
        {("right_given", "records_personevent")},
    ),
}


@contextmanager
def sabotage(*deeds: str) -> Iterator[None]:
    """As a superuser whose triggers are off; undone afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for deed in deeds:
            cursor.execute(deed)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("deed", SABOTAGE)
def test_sabotage_is_found(person, verified, deed: str) -> None:
    sql, wanted = SABOTAGE[deed]
    with sabotage(sql):
        report = verified()

    assert not report.sound
    assert {(found.what, found.table) for found in report.findings} >= wanted
    assert sum(report.counts.values()) >= len(report.findings)


def test_what_was_changed_is_named_and_nothing_of_it_told(person, verified) -> None:
    with sabotage("UPDATE records_personname SET surname = 'Каримов', kind = 'passport'"):
        (found,) = verified().findings

    assert (found.what, found.table, found.told) == ("row_changed", "records_personname", "surname, kind")
    assert "Карим" not in str(found)


# Recomputes every lane from its first link, as somebody would who wants no trace to be left.
RECOMPUTE = """
DO $$ DECLARE place record; link record; before bytea; told bytea; BEGIN
  FOR place IN SELECT lane, seq AS until FROM records_chain WHERE seq > 0 LOOP
    before := '';
    FOR n IN 1 .. place.until LOOP
      FOR link IN {rows} LOOP
        before := sha256(before || convert_to(link.name || (link.told - 'seal')::text, 'UTF8'));
        EXECUTE format('UPDATE %I SET seal = $1 WHERE %I = $2', link.name, link.key) USING before, link.id;
      END LOOP;
    END LOOP;
    UPDATE records_chain SET seal = before WHERE lane = place.lane;
  END LOOP;
END $$
"""


def recomputed() -> str:
    tables = {event._meta.db_table: "pgh_id" for event in EVENTS} | {"records_reading": "id"}
    rows = " UNION ALL ".join(
        f"SELECT '{table}' AS name, '{key}' AS key, {key} AS id, to_jsonb(e) AS told FROM {table} e "
        "WHERE e.lane = place.lane AND e.seq = n"
        for table, key in tables.items()
    )
    return RECOMPUTE.replace("{rows}", rows)


def test_a_whole_chain_rewritten_is_found_by_its_anchor(person, verified, anchors: Path) -> None:
    anchor_history(path=anchors, now=NOW)
    with sabotage(
        "SET LOCAL timezone = 'UTC'",
        "UPDATE records_personevent SET birth_date = '1980-01-01'",
        "UPDATE records_person SET birth_date = '1980-01-01'",
        recomputed(),
    ):
        assert set(verified().counts) == {"anchor_unmet"}
        anchors.unlink()
        assert verified().sound, "without an anchor nobody could tell: the rewriting was complete"


def test_an_anchor_changed_or_taken_out_is_found(person, verified, anchors: Path) -> None:
    for _ in range(3):
        anchor_history(path=anchors, now=NOW)
    lines = anchors.read_text().splitlines(keepends=True)

    anchors.write_text(lines[0] + lines[2])
    assert set(verified().counts) == {"anchor_forged"}

    told = json.loads(lines[1])
    told["heads"] = {}
    anchors.write_text(lines[0] + json.dumps(told) + "\n" + lines[2])
    assert set(verified().counts) == {"anchor_forged"}


def test_an_anchor_written_only_halfway_is_found(person, verified, anchors: Path) -> None:
    anchor_history(path=anchors, now=NOW)
    anchors.write_text(anchors.read_text()[:-40])

    assert set(verified().counts) == {"anchor_forged"}


def test_an_anchor_holds_while_the_register_goes_on(real, person, verified, anchors: Path) -> None:  # noqa: F811
    anchor_history(path=anchors, now=NOW)
    acting = acting_as(real["isfara"], on=ON, now=NOW)
    with opened(acting, "test"):
        state_facts(acting, person.id, {"sex": "male"}, saying=TOLD, on=ON, now=NOW)

    assert verified().sound


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE OR REPLACE FUNCTION safar_seal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "ALTER POLICY scope ON records_phone USING (true)",
        "GRANT TRUNCATE ON records_person TO safar_app",
    ],
)
def test_a_guard_that_was_changed_is_found_by_its_anchor(person, verified, anchors: Path, sql: str) -> None:
    anchor_history(path=anchors, now=NOW)
    with sabotage(sql):
        assert "guards_changed" in verified().counts


def test_a_column_added_later_leaves_old_links_whole(person, verified) -> None:
    with sabotage("ALTER TABLE records_personevent ADD COLUMN shoe_size integer NOT NULL DEFAULT 40"):
        assert verified().sound


def test_an_honest_deletion_is_no_fault(person, verified) -> None:
    with transaction.atomic():
        Stay.objects.all().delete()
        assert verified().counts.keys() <= {"head_differs"}, "the head moves when the deletion is committed"
        transaction.set_rollback(True)


def test_values_are_sealed_alike_whatever_a_session_is_set_to(person, verified) -> None:
    with owner_at() as owner:
        owner.execute(
            "SET timezone = 'Asia/Dushanbe'; SET bytea_output = 'escape'; SET extra_float_digits = 0"
        )
        owner.execute("UPDATE records_person SET changed_at = now()")
        owner.execute(r"UPDATE records_document SET number_key = '\x00ff27'")
        owner.execute("UPDATE records_place SET lat = 40.1234567890123")

    assert verified().sound


# Writers side by side


def test_writers_side_by_side_leave_whole_lanes(person, verified) -> None:
    """Several connections at once, in long and short transactions, some undone in part or as a whole."""

    def write(number: int) -> None:
        with owner_at() as writer, suppress(ZeroDivisionError):
            for turn in range(6):
                with writer.transaction():
                    writer.execute("UPDATE records_person SET changed_at = now()")
                    with suppress(ZeroDivisionError), writer.transaction():
                        writer.execute("UPDATE records_stay SET country = 'KZ'")
                        _ = 1 // (turn % 2)
                    writer.execute("UPDATE records_statement SET evidence = evidence || 'x'")
                    _ = 1 // (turn % 3 or number % 2)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    assert verified().findings == ()


def test_more_writers_than_lanes_wait_for_one(person, verified) -> None:
    writers = [owner_at() for _ in range(33)]
    try:
        for writer in writers[:32]:
            writer.execute("BEGIN; INSERT INTO records_organisation (code, names, kind, country) "
                           f"VALUES ('{id(writer)}', '{{}}', 'ngo', 'TJ')")  # fmt: skip
        with ThreadPoolExecutor(1) as pool:
            last = pool.submit(
                writers[32].execute,
                "INSERT INTO records_organisation (code, names, kind, country) VALUES ('last', '{}', 'ngo', 'TJ')",
            )
            for writer in writers[:32]:
                writer.execute("COMMIT")
            last.result()
    finally:
        for writer in writers:
            writer.close()

    assert verified().findings == ()


def test_a_savepoint_undone_before_the_first_event_leaves_no_hole(person, verified) -> None:
    with transaction.atomic():
        with suppress(ZeroDivisionError), transaction.atomic():
            Person.objects.update(region="RU-CHE")
            raise ZeroDivisionError
        Person.objects.update(region="RU-PER")
    with suppress(ZeroDivisionError), transaction.atomic():
        Person.objects.update(region="RU-MOW")
        raise ZeroDivisionError

    assert verified().findings == ()


# Whoever speaks SQL as the role of the application


@pytest.fixture
def intruder(person) -> Iterator[psycopg.Connection]:
    with an_intruder() as intruder:
        yield intruder


@contextmanager
def an_intruder() -> Iterator[psycopg.Connection]:
    """Somebody who signs in to the database as a login that is only a member of safar_app.

    Logins belong to the whole server, which runs beside one another share; so this one is named after its database.
    """
    name = f"intruder_{connection.settings_dict['NAME']}"
    with owner_at() as owner:
        owner.execute(f'DROP ROLE IF EXISTS "{name}"')
        owner.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'not-a-secret' IN ROLE safar_app")
    try:
        with owner_at(user=name, password="not-a-secret") as intruder:
            yield intruder
    finally:
        with owner_at("postgres") as owner:
            owner.execute(f'DROP ROLE IF EXISTS "{name}"')


CHANGE = "UPDATE records_person SET changed_at = clock_timestamp()"
FORBIDDEN = [
    "UPDATE records_personevent SET region = ''",
    "DELETE FROM records_personevent",
    "TRUNCATE records_personevent",
    "INSERT INTO records_statementevent (facts, said_by) VALUES ('{}', 'person')",
    "UPDATE records_reading SET officer_id = 1",
    "DELETE FROM records_reading",
    "TRUNCATE records_reading",
    "TRUNCATE records_person CASCADE",
    "SELECT * FROM records_chain",
    "SELECT secret FROM records_chain",
    "UPDATE records_chain SET seq = 0",
    "TRUNCATE records_chain",
    "SET ROLE postgres",
    "SET ROLE safar_system",
    "SET SESSION AUTHORIZATION postgres",
    "SET session_replication_role = replica",
    "ALTER TABLE records_person DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE records_person DISABLE TRIGGER ALL",
    "DROP POLICY scope ON records_person",
    "CREATE OR REPLACE FUNCTION safar_seal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "CREATE TABLE mine (a int)",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY records_person TO PROGRAM 'cat'",
    "DELETE FROM django_migrations",
]


def test_the_application_s_role_may_not(intruder) -> None:
    for sql in FORBIDDEN:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            intruder.execute(sql)
            pytest.fail(f"was allowed: {sql}")


def test_the_history_has_no_switch(intruder, real, person, verified) -> None:  # noqa: F811
    intruder.execute("SET pgtrigger.ignore = '{records_person:pgtrigger_update_update_1}'")
    scope(intruder, person)
    with owner_at() as owner:
        (before,) = owner.execute("SELECT count(*) FROM records_personevent").fetchone()
        intruder.execute(CHANGE)
        (after,) = owner.execute("SELECT count(*) FROM records_personevent").fetchone()

    assert after == before + 1
    assert verified().sound


@pytest.mark.parametrize("head", ["0:1:00/00", "3:999999999:00/00", "nonsense", "/", "0:0:/" + "0" * 64])
def test_a_head_set_from_outside_is_refused(intruder, person, verified, head: str) -> None:
    scope(intruder, person)
    with pytest.raises(psycopg.Error), intruder.transaction():
        intruder.execute("SELECT set_config('safar.chain', %s, true)", [head])
        intruder.execute(CHANGE)

    assert verified().sound


def test_a_head_forgotten_in_the_middle_is_refused(intruder, person, verified) -> None:
    scope(intruder, person)
    for when in ("between", "before the end"):
        with pytest.raises(psycopg.Error), intruder.transaction():
            intruder.execute(CHANGE)
            intruder.execute("SELECT set_config('safar.chain', '', true)")
            if when == "between":
                intruder.execute(CHANGE)

    assert verified().sound


def test_a_head_turned_back_within_a_transaction_is_found(person, verified) -> None:
    """A signed head of the same transaction can be set again; the place it then takes is taken twice, and found."""
    with a_database("spoilt"):
        with an_intruder() as intruder, intruder.transaction():
            scope(intruder, person)
            intruder.execute(CHANGE)
            (head,) = intruder.execute("SELECT current_setting('safar.chain')").fetchone()
            intruder.execute(CHANGE)
            intruder.execute("SELECT set_config('safar.chain', %s, true)", [head])
            intruder.execute(CHANGE)
            intruder.execute(CHANGE)

        assert "doubled" in verified().counts


def test_a_look_is_noted_under_nobody_else_s_name(intruder, real) -> None:  # noqa: F811
    intruder.execute("SELECT set_config('safar.officer', %s, false)", [str(real["isfara"])])

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        intruder.execute(
            "INSERT INTO records_reading (lane, seq, seal, width, at, officer_id, role, action, detail) "
            "VALUES (0, 0, '', 0, now(), %s, 'officer', 'search', '{}')",
            [real["kulob"]],
        )


def scope(intruder: psycopg.Connection, person: Person) -> None:
    for name, value in {"register": person.register_id, "place_from": "", "place_to": "~"}.items():
        intruder.execute("SELECT set_config(%s, %s, false)", [f"safar.{name}", str(value)])


def test_the_report_tells_nothing_personal(person, verified) -> None:
    with sabotage(
        "UPDATE records_person SET facts = '{}'", "UPDATE records_personname SET surname = 'Ҳакимов'"
    ):
        assert not re.search("[Ѐ-ӿ]", str(verified()))

    assert connection.settings_dict["NAME"].endswith("_copy")
