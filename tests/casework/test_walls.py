"""Each of the two walls holds by itself, and no table that tells of people stands outside them."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import ProgrammingError

from safar.casework.access import acting_as, in_scope, opened, people_of, scope_of, told
from safar.casework.people import NameGiven, Registration, Saying, register_person, state_facts
from safar.casework.readings import note_reading
from safar.records.models import (
    EVENT_OF,
    Grant,
    Household,
    Intake,
    Member,
    Merge,
    Officer,
    Organisation,
    Person,
    PersonName,
    Phone,
    Place,
    Reading,
    Statement,
)
from safar.records.walls import WALLS
from tests.casework.conftest import NOW, ON

TOLD = Saying(said_by="person", said_on=ON)
# Columns that put a row under somebody's scope.
TELLING = {
    "person",
    "register",
    "home_path",
    "place_path",
    "one",
    "two",
    "kept",
    "other",
    "household",
    "intake",
}
# Why a table with such a column needs no wall.
OUTSIDE = {"records_organisation": "its register says whose branch it is; organisations are known to all"}


# No table outside


def tables_of_people() -> Iterator[type[models.Model]]:
    for model in apps.get_app_config("records").get_models():
        names = {field.name for field in model._meta.get_fields() if field.concrete}
        about = {
            field.related_model.__name__
            for field in model._meta.get_fields()
            if field.concrete and field.is_relation and field.related_model
        }
        if names & TELLING or "Person" in about or model.__name__ in ("Person", "PersonEvent"):
            yield model


def test_every_table_that_tells_of_people_has_a_wall() -> None:
    """A new one: say in WALLS of records/walls.py who may see a row of it."""
    lacking = {model._meta.db_table for model in tables_of_people()} - set(WALLS) - set(OUTSIDE)
    lacking -= {f"{table}event" for table in OUTSIDE}
    assert sorted(lacking) == []


def test_the_walls_stand_in_the_database(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
        )
        standing = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tablename, roles::text[] FROM pg_policies WHERE schemaname = 'public'")
        policies = cursor.fetchall()
    assert standing == set(WALLS)
    assert {table for table, roles in policies if "safar_app" in roles} == set(WALLS)
    assert {role for _, roles in policies for role in roles} == {"safar_app", "safar_system"}


def test_the_history_is_seen_like_what_it_tells_of() -> None:
    for tracked, event in EVENT_OF.items():
        assert (tracked._meta.db_table in WALLS) == (event._meta.db_table in WALLS), tracked


def test_the_daily_roles_own_nothing(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) IN ('safar_app', 'safar_system')"
        )
        assert cursor.fetchall() == []


# Each wall by itself


def jamshed(home: str | None = "TJ-SU-ISF-001", region: str = "RU-SVE", **more) -> Registration:
    facts = {"citizenship": "TJ", "destination": "RU", "region": region}
    return Registration(names=[NameGiven("Раҳимов", "Ҷамшед")], home_id=home, facts=facts,
                        phones=["992927771122"], **more)  # fmt: skip


@pytest.fixture
def people(working) -> dict[str, Person]:
    """One person of Isfara in Yekaterinburg, one of Kulob in Moscow, one of Osh."""
    made = {}
    for username, home, region in (
        ("isfara", "TJ-SU-ISF-001", "RU-SVE"),
        ("kulob", "TJ-KH-KUL-001", "RU-MOW"),
        ("lawyer", "KG-OS-OSH-001", "RU-SVE"),
    ):
        with working(username) as acting:
            made[username] = register_person(
                acting, jamshed(home, region, household_code="7"), saying=TOLD, on=ON, now=NOW
            )
    return made


SEES = {
    "isfara": {"isfara"}, "sughd": {"isfara"}, "kulob": {"kulob"}, "consul": {"isfara"}, "lawyer": {"lawyer"},
    "donor": set(), "admin": set(),
}  # fmt: skip


@pytest.mark.parametrize("username", SEES)
def test_the_first_wall_alone(register, working, people, username: str) -> None:
    """As the owner of the tables, whom no policy holds."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    acting = register[username]

    assert set(people_of(acting)) == {people[name] for name in SEES[username]}
    assert set(Person.objects.filter(in_scope(acting))) == {people[name] for name in SEES[username]}


@pytest.mark.parametrize("username", SEES)
def test_the_second_wall_alone(working, people, username: str) -> None:
    """Whatever the code above forgets to ask for."""
    seen = {people[name] for name in SEES[username]}
    with working(username) as acting:
        assert set(Person.objects.all()) == seen
        for model in (PersonName, Phone, Statement, Member):
            assert {row.person for row in model.objects.all()} == seen, model
            assert {row.person_id for row in EVENT_OF[model].objects.all()} == {person.pk for person in seen}
        assert {row.pgh_obj_id for row in EVENT_OF[Person].objects.all()} == {person.pk for person in seen}
        assert Household.objects.count() == len(seen)
        assert EVENT_OF[Household].objects.count() == len(seen)
        assert Person.objects.exclude(pk__in=[person.pk for person in seen]).update(sex="male") == 0
        assert people_of(acting).count() == len(seen)


def test_nobody_writes_into_another_s_scope(working, people) -> None:
    for person, sql in (
        ("kulob", "UPDATE records_person SET sex = 'male' WHERE id = %s"),
        ("kulob", "DELETE FROM records_phone WHERE person_id = %s"),
        ("lawyer", "UPDATE records_statement SET facts = '{}' WHERE person_id = %s"),
    ):
        with working("isfara"), connection.cursor() as cursor:
            cursor.execute(sql, [people[person].pk])
            assert cursor.rowcount == 0
    for change in ({"home_path": "TJ.KH."}, {"register_id": people["lawyer"].register_id}):
        with (
            working("isfara"),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            Person.objects.filter(pk=people["isfara"].pk).update(**change)


def test_the_search_in_the_database_keeps_to_the_scope(working, people) -> None:
    asked = '[["k:rahimov", "k:raximov", "k:rahim"]]'
    with working("lawyer") as acting:
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT unnest(keys) FROM records_personname")
            keys = [key for (key,) in cursor.fetchall() if key.startswith("k:")]
        asked = f"[[{', '.join(f'{chr(34)}{key}{chr(34)}' for key in keys)}]]"
        assert found(asked) == {people["lawyer"].pk}
        assert people_of(acting).count() == 1
    for username, seen in SEES.items():
        with working(username):
            assert found(asked) == {people[name].pk for name in seen}, username
    assert found(asked) == set(), "nobody is at work"


def found(asked: str) -> set:
    with connection.cursor() as cursor:
        cursor.execute("SELECT safar_find(%s::jsonb, 100)", [asked])
        return {person for (person,) in cursor.fetchall()}


def test_a_scope_ends_with_its_officer(working, people) -> None:
    with working("isfara"):
        assert Person.objects.count() == 1
        with working("kulob"):
            assert Person.objects.get() == people["kulob"]
        assert Person.objects.get() == people["isfara"]
    assert Person.objects.count() == 0


def test_a_consul_sees_households_through_their_members(working, people) -> None:
    with working("consul"):
        assert [household.home_id for household in Household.objects.all()] == ["TJ-SU-ISF-001"]


def test_a_consul_registers_somebody_with_a_household(working) -> None:
    with working("consul") as acting:
        person = register_person(
            acting, jamshed("TJ-SU-ASH-001", household_code="9"), saying=TOLD, on=ON, now=NOW
        )
        assert Household.objects.get(members__person=person)


def test_a_consul_sees_only_the_lists_they_brought(working, people) -> None:
    with working("isfara") as acting:
        Intake.objects.create(
            register_id=acting.register_id, organisation_id=acting.organisation_id, place_path="TJ.SU.ISF.",
            name="list.xlsx", digest="1", uploaded_by_id=acting.officer_id, uploaded_at=NOW,
        )  # fmt: skip
    for username, count in {
        "isfara": 1,
        "sughd": 1,
        "kulob": 0,
        "consul": 0,
        "lawyer": 0,
        "donor": 0,
    }.items():
        with working(username):
            assert Intake.objects.count() == count, username


def test_a_merge_is_seen_by_whoever_sees_both(system, working, people) -> None:
    with system():
        Merge.objects.create(
            kept=people["isfara"], other=people["kulob"], merged_at=NOW, because="the same passport"
        )
    for username in SEES:
        with working(username):
            assert Merge.objects.count() == 0, username


# Looks


def test_looks_are_seen_by_whoever_looked_and_whoever_is_responsible(working, people, register) -> None:
    with working("consul") as acting:
        note_reading(acting, "open_person", now=NOW, person_id=people["isfara"].pk)
    for username, count in {
        "consul": 1,
        "isfara": 1,
        "sughd": 1,
        "kulob": 0,
        "lawyer": 0,
        "donor": 0,
    }.items():
        with working(username):
            assert Reading.objects.filter(action="open_person").count() == count, username


def test_an_auditor_sees_looks_and_nobody_looked_at(working, people) -> None:
    officer = Officer.objects.create(username="auditor", name="Auditor")
    Grant.objects.create(
        officer=officer,
        organisation=Organisation.objects.get(code="TJ-MS"),
        role="auditor",
        starts_on=date(2026, 1, 1),
    )
    for username in ("isfara", "lawyer"):
        with working(username) as acting:
            note_reading(acting, "open_person", now=NOW, person_id=people[username].pk)

    with working("auditor") as acting:
        assert [row.person for row in Reading.objects.all()] == [people["isfara"].pk]
        assert not Person.objects.exists()
        assert not people_of(acting).exists()
        assert not PersonName.objects.exists()


def test_a_look_is_noted_by_roles_that_see_nobody(working) -> None:
    for username in ("donor", "admin"):
        with working(username) as acting:
            note_reading(acting, "list", now=NOW)
            assert Reading.objects.count() == 1


# Grants


def test_a_grant_holds_from_its_first_day_to_its_last(register) -> None:
    from datetime import timedelta

    from safar.casework.access import grants_of

    officer = Officer.objects.get(username="isfara")
    officer.grants.update(starts_on=ON, ends_on=ON + timedelta(days=2))
    held = [grants_of(officer.pk, on=ON + timedelta(days=days)).exists() for days in (-1, 0, 1, 2)]
    assert held == [False, True, True, False]


def test_somebody_else_s_grant_cannot_be_taken_up(register) -> None:
    foreign = Grant.objects.get(officer__username="sughd")

    acting = acting_as(register["isfara"].officer_id, on=ON, now=NOW, grant_id=foreign.pk)

    assert acting.grant_id == register["isfara"].grant_id


def test_paths_that_begin_alike_are_not_one_place(working) -> None:
    """TJ.SU.IS. is no part of TJ.SU.ISF., nor the other way round."""
    for place_id, path in (
        ("TJ-SU-IS", "TJ.SU.IS."),
        ("TJ-SU-IS-001", "TJ.SU.IS.U01.001."),
        ("TJ-SU-ISFX", "TJ.SU.ISFX."),
    ):
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            Place.objects.create(id=place_id, path=path, level="district", kind="", names={})
            cursor.execute("SET LOCAL ROLE safar_app")
    with working("sughd") as acting:
        for home in ("TJ-SU-IS-001", "TJ-SU-ISFX"):
            register_person(acting, jamshed(home), saying=TOLD, on=ON, now=NOW)
    with working("isfara") as acting:
        assert not people_of(acting).exists()
        assert not Person.objects.exists()


def test_what_postgresql_is_told_is_the_first_wall_s_scope(register) -> None:
    acting = register["consul"]
    assert scope_of(acting) == {
        "safar.register": str(acting.register_id), "safar.audits": "", "safar.place_from": "",
        "safar.place_to": "~", "safar.regions": "RU-SVE,RU-CHE", "safar.people": "",
        "safar.officer": str(acting.officer_id),
    }  # fmt: skip
    with opened(acting, "test"), told({"safar.register": "999"}):
        assert not Person.objects.exists()


def test_a_statement_out_of_scope_is_refused_as_if_it_were_not_there(working, people) -> None:
    from uuid import uuid4

    from safar.casework.errors import NotThereError

    told_of = []
    for person_id in (people["kulob"].pk, people["lawyer"].pk, uuid4()):
        with working("isfara") as acting, pytest.raises(NotThereError) as error:
            state_facts(acting, person_id, {"sex": "male"}, saying=TOLD, on=ON, now=NOW)
        told_of.append((error.value.code, error.value.values))
    assert told_of == [("person_not_there", {})] * 3
