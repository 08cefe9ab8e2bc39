"""One person is found from every spelling, in every script, by number and by place, and by nobody out of scope."""

from datetime import date

import pytest
from django.db import connection

from safar.casework.pairs import merge_people
from safar.casework.people import (
    DocumentGiven,
    NameGiven,
    Registration,
    Saying,
    add_name,
    register_person,
)
from safar.casework.search import likely_same, search_people
from safar.linkage import Name, query_keys
from safar.records.models import Reading
from tests.casework.conftest import NOW, ON

TOLD = Saying(said_by="person", said_on=ON)


@pytest.fixture
def rahimov(working):
    with working("isfara") as acting:
        return register_person(
            acting,
            Registration(
                names=[NameGiven("Раҳимов", "Ҷамшед", "Каримович")],
                home_id="TJ-SU-ISF-001",
                birth_date=date(1991, 4, 12),
                birth_precision="day",
                facts={"citizenship": "TJ", "destination": "RU", "region": "RU-SVE"},
                documents=[DocumentGiven("passport", "А 1234567", "TJ")],
                phones=["+992 92 777 11 22"],
            ),
            saying=TOLD,
            on=ON,
            now=NOW,
        )


@pytest.mark.parametrize(
    "typed",
    ["Ҷамшед Раҳимов", "Джамшед Рахимов", "JAMSHED RAHIMOV", "Rakhimov Dzhamshed", "Рахимзода Ҷ.", "Рахимов Д.",
     "rahimov", "Раҳи", "A1234567", "а 123 4567", "00992927771122", "Рахимов TJ-SU-ISF",
     "92 777 11 22", "092 777 11 22", "Рахмиов Джамшед", "Раҳимв", "Rahinov Jamshed", "Каримов Раҳимов Ҷамшед"],
)  # fmt: skip
def test_every_spelling_finds_him(working, rahimov, typed: str) -> None:
    with working("isfara") as acting:
        assert [found.person_id for found in search_people(acting, typed, now=NOW).found] == [rahimov.id]


def test_the_reference_finds_him(working, rahimov) -> None:
    with working("consul") as acting:
        assert search_people(acting, rahimov.reference.lower().replace("-", " "), now=NOW).found


@pytest.mark.parametrize("username", ["kulob", "lawyer"])
@pytest.mark.parametrize("typed", ["Раҳимов", "A1234567", "992927771122"])
def test_nobody_out_of_scope_finds_him(working, rahimov, username: str, typed: str) -> None:
    with working(username) as acting:
        assert search_people(acting, typed, now=NOW).found == ()


def test_a_search_is_noted_without_the_name(working, rahimov) -> None:
    with working("isfara") as acting:
        search_people(acting, "Раҳимов", now=NOW)

        noted = Reading.objects.get(action="search")
        assert noted.officer_id == acting.officer_id
        assert "ҳимов" not in str(noted.detail)


def test_the_same_person_is_noticed_while_typing(working, rahimov) -> None:
    with working("isfara") as acting:
        likely = likely_same(acting, Name("Rahimov", "Jamshed"), birth_date=date(1991, 12, 4))

        assert likely[0].person.person_id == rahimov.id
        assert {agreed.reason for agreed in likely[0].agreements} >= {"spelling", "swapped"}


def test_a_brother_is_not_taken_for_him(working, rahimov) -> None:
    with working("isfara") as acting:
        assert likely_same(acting, Name("Раҳимов", "Фирдавс"), phones=["992927771122"]) == ()


def person_called(acting, surname: str, given: str, patronymic: str = "", home: str = "TJ-SU-ISF-001"):
    name = NameGiven(surname, given, patronymic)
    return register_person(acting, Registration([name], home_id=home), saying=TOLD, on=ON, now=NOW)


def found_for(acting, text: str, place: str = "") -> list:
    return [one.person_id for one in search_people(acting, text, now=NOW, place=place).found]


def test_the_closest_name_stands_first(working) -> None:
    with working("isfara") as acting:
        son = person_called(acting, "Назаров", "Фаррух", "Раҳимович")
        family = person_called(acting, "Раҳимзода", "Фаррух")
        exact = person_called(acting, "Раҳимов", "Фаррух")

        assert found_for(acting, "Раҳимов") == [exact.pk, family.pk, son.pk]


def test_a_name_that_is_still_being_typed(working) -> None:
    with working("isfara") as acting:
        person = person_called(acting, "Шарифзода", "Манижа")

        for typed in ("Шар", "Шариф", "Шарифз", "Шарифзода М", "Шарипов Мани", "манижа шариф"):
            assert found_for(acting, typed) == [person.pk], typed


def test_a_place_narrows_the_search(working) -> None:
    with working("sughd") as acting:
        here = person_called(acting, "Раҳимов", "Фаррух")
        there = person_called(acting, "Раҳимов", "Фаррух", home="TJ-SU-ASH-001")

        assert set(found_for(acting, "Раҳимов")) == {here.pk, there.pk}
        assert found_for(acting, "Раҳимов", place="TJ.SU.ASH.") == [there.pk]
        assert found_for(acting, "Раҳимов", place="TJ.KH.") == []


def test_a_place_outside_the_scope_finds_nobody(working) -> None:
    with working("kulob") as acting:
        person_called(acting, "Раҳимов", "Фаррух", home="TJ-KH-KUL-001")
    with working("isfara") as acting:
        assert found_for(acting, "Раҳимов", place="TJ.KH.") == []


def test_the_surname_of_another_time_finds_her_beside_the_new_one(working) -> None:
    with working("isfara") as acting:
        person = person_called(acting, "Раҳимова", "Зарина")
        married = NameGiven("Назарова", "Зарина", kind="married")
        add_name(acting, person.pk, married, saying=TOLD, on=ON, now=NOW, shown=True)

        for typed in ("Раҳимова Зарина", "Назарова Зарина", "Назарова Раҳимова Зарина"):
            assert found_for(acting, typed) == [person.pk], typed


def test_a_joined_file_is_found_as_the_person_it_belongs_to(working) -> None:
    with working("sughd") as acting:
        kept = person_called(acting, "Раҳимов", "Фаррух")
        other = person_called(acting, "Rahimov", "Farrukh", home="TJ-SU-ASH-001")
        third = person_called(acting, "Рахимов", "Фарух")
        merge_people(acting, kept.pk, other.pk, because="test", on=ON, now=NOW)
        merge_people(acting, kept.pk, third.pk, because="test", on=ON, now=NOW)

        (found,) = search_people(acting, "Rahimov Farrukh", now=NOW).found
        assert found.person_id == kept.pk
        assert {name.surname for name in found.names} == {"Раҳимов", "Rahimov", "Рахимов"}
    with working("isfara") as acting:
        assert found_for(acting, other.reference) == [kept.pk]


def test_names_are_found_by_their_index_and_never_by_reading_them_all(working, rahimov) -> None:
    asked = [one.exact for one in query_keys("Рахимов Д.")]
    with working("isfara") as acting, connection.cursor() as cursor:
        scope = f"keys @> ARRAY['r:{acting.register_id}'] AND keys @> ARRAY['h:{acting.place_path}']"
        options = " AND ".join("keys && %s::text[]" for _ in asked)
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL ROLE safar_system")
        cursor.execute(
            f"EXPLAIN SELECT person_id FROM records_personname WHERE {scope} AND {options}",
            [list(one) for one in asked],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SET LOCAL ROLE safar_app")

    assert "name_keys" in plan
    assert "Seq Scan" not in plan


def test_somebody_of_a_common_name_is_noticed_in_their_own_district(working, monkeypatch) -> None:
    monkeypatch.setattr("safar.casework.search.MOST", 2)
    with working("sughd") as acting:
        for _ in range(4):
            person_called(acting, "Раҳимов", "Фаррух", home="TJ-SU-ASH-001")
        near = person_called(acting, "Раҳимов", "Фаррух")

        likely = likely_same(acting, Name("Раҳимов", "Фаррух"), home_path="TJ.SU.ISF.U01.001.")

        assert near.pk in [one.person.person_id for one in likely]
