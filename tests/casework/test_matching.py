"""Checks against lists: nobody is told clear, a changed name hides nobody, a hint becomes a fact only by an officer."""

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from safar.casework.errors import ChangedMeanwhileError, NotAllowedError, NotPossibleError, NotThereError
from safar.casework.match_pages import check_page, checks_of, match_page
from safar.casework.matching import check_everybody, check_person, decide_check, entries_found
from safar.casework.people import NameGiven, Registration, Saying, add_name, register_person
from safar.casework.watch_lists import COLUMNS, ListGiven, entries_of, lists_of, load_list, read_entries
from safar.records.models import Check, Person, Reading, Statement, WatchList
from tests.casework.conftest import NOW, ON

TOLD = Saying(said_by="person", said_on=ON)
LIST_OF = ON - timedelta(days=9)
HEADS = "Фамилия;Имя;Отчество;Дата рождения;Гражданство;Запрет до"
ENTRIES = [
    "РАХИМОВ;ДЖАМШЕД;;12.04.1991;Таджикистан;20.08.2031",
    "Salimova;Gulnora;;1988-03-07;TJ;",
    "Назаров;Рустам;Каримович;1979;;01.01.2030",
    *(f"Одинаев{number};Фаррух;;0{1 + number % 9}.05.19{60 + number % 30};;" for number in range(40)),
]


def written(folder: Path, rows: list[str], name: str = "list.csv", heads: str = HEADS) -> Path:
    path = folder / name
    path.write_text("\n".join([heads, *rows]) + "\n", encoding="utf-8")
    return path


def person(
    acting, surname: str, given: str, born: date | None, sex: str = "male", father: str = ""
) -> Person:
    facts = {"citizenship": "TJ", "destination": "RU", "region": "RU-SVE", "sex": sex}
    given_ = Registration(
        names=[NameGiven(surname, given, father)], home_id="TJ-SU-ISF-001", birth_date=born,
        birth_precision="day" if born else "unknown", facts=facts,
    )  # fmt: skip
    return register_person(acting, given_, saying=TOLD, on=ON, now=NOW)


@pytest.fixture
def bring(working, tmp_path: Path):
    """A supervisor brings a list: ``bring(rows, kind=…)``."""

    def brought(
        rows: list[str] = ENTRIES, kind: str = "entry_ban", source: str = "МВД", of: date = LIST_OF
    ) -> WatchList:
        with working("sughd") as acting:
            return load_list(acting, written(tmp_path, rows), ListGiven(kind, source, of), on=ON, now=NOW)

    return brought


# Lists


def test_a_list_is_kept_sealed_with_source_and_day(working, bring) -> None:
    kept = bring()

    assert (kept.rows, kept.list_of, kept.source) == (len(ENTRIES), LIST_OF, "МВД")
    assert "РАХИМОВ".encode() not in bytes(kept.content)
    entries = entries_of(kept)
    assert entries.columns == list(COLUMNS)
    assert entries.row(0, named=True) == {
        "row_id": "2", "surname": "РАХИМОВ", "given_name": "ДЖАМШЕД", "patronymic": None, "dob": "1991-04-12",
        "sex": None, "citizenship": "Таджикистан", "banned_until": "2031-08-20",
    }  # fmt: skip
    assert entries["dob"][2] == "1979"


def test_the_same_file_twice_is_one_list_and_a_later_one_takes_its_place(working, bring) -> None:
    first = bring()
    assert bring().pk == first.pk

    later = bring(ENTRIES[:5], of=ON)

    with working("sughd") as acting:
        assert [one.pk for one in lists_of(acting)] == [later.pk]
        assert WatchList.objects.get(pk=first.pk).content is None
    with pytest.raises(NotPossibleError) as refused:
        bring(ENTRIES[:9], of=LIST_OF)
    assert refused.value.code == "list_is_older"


def test_the_lists_of_a_register_are_its_own(working, bring) -> None:
    kept = bring()
    with working("lawyer") as acting:
        assert not lists_of(acting).exists()
        assert not WatchList.objects.exists(), "the second wall"
    with working("isfara") as acting:
        assert lists_of(acting).exists()
        with pytest.raises(NotAllowedError):
            load_list(acting, Path("x"), ListGiven("entry_ban", "МВД", ON), on=ON, now=NOW)
    with working("consul") as acting, pytest.raises(NotPossibleError):
        check_everybody(acting, kept.pk, now=NOW)


def test_a_list_with_whole_names_in_a_workbook(working, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["ФИО", "Дата рождения"])
    book.active.append(["Рахимов Джамшед Каримович", date(1991, 4, 12)])
    path = tmp_path / "list.xlsx"
    book.save(path)

    entries = read_entries(path, on=ON)

    assert entries.row(0)[:5] == ("2", "Рахимов Джамшед Каримович", None, None, "1991-04-12")


@pytest.mark.parametrize(
    ("heads", "rows", "code"),
    [
        ("Пол;Телефон", ["м;1"], "list_without_names"),
        ("Фамилия;Имя", [";", ";"], "no_rows"),
        ("", [], "empty_file"),
    ],
)
def test_what_is_no_list(tmp_path: Path, heads: str, rows: list[str], code: str) -> None:
    with pytest.raises(NotPossibleError) as refused:
        read_entries(written(tmp_path, rows, heads=heads), on=ON)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "source", "of", "code"),
    [
        ("entry_ban", " ", ON, "list_source_needed"),
        ("gossip", "МВД", ON, "list_source_needed"),
        ("entry_ban", "МВД", ON + timedelta(days=1), "list_ahead"),
    ],
)
def test_what_must_be_said_of_a_list(bring, kind: str, source: str, of: date, code: str) -> None:
    with pytest.raises(NotPossibleError) as refused:
        bring(kind=kind, source=source, of=of)
    assert refused.value.code == code


# Answers


def results(acting, one: Person) -> list[str]:
    return [check.result for check in check_person(acting, one.pk, now=NOW)]


def test_who_stands_on_the_list_is_found_in_any_script(working, bring) -> None:
    bring()
    with working("isfara") as acting:
        one = person(acting, "Раҳимов", "Ҷамшед", date(1991, 4, 12))
        (check,) = check_person(acting, one.pk, now=NOW)

        assert check.result == "certain"
        assert check.probability > 0.9
        assert (check.list_name, check.list_of, check.asked_by_id) == ("МВД", LIST_OF, acting.officer_id)
        assert entries_found(check)[0]["surname"] == "РАХИМОВ"
        assert "РАХИМОВ".encode() not in bytes(check.entry_sealed)
        assert Reading.objects.filter(action="match", person=one.pk).exists()
        assert not Statement.objects.filter(person=one.pk, said_by="list").exists(), (
            "nothing is stated by itself"
        )


def test_a_changed_name_hides_nobody(working, bring) -> None:
    bring()
    with working("isfara") as acting:
        married = person(acting, "Каримова", "Гулнора", date(1988, 3, 7), sex="female")
        assert results(acting, married) == ["possible"]

        renamed = person(acting, "Умаров", "Фирдавс", date(1991, 4, 12))
        assert results(acting, renamed) == ["none"]
        add_name(
            acting, renamed.pk, NameGiven("Раҳимов", "Ҷамшед", kind="birth"), saying=TOLD, on=ON, now=NOW
        )
        assert results(acting, renamed) == ["certain"], "a former name counts as much"


def test_who_is_not_found_is_not_clear(working, bring) -> None:
    bring()
    with working("isfara") as acting:
        nobody = person(acting, "Шарипов", "Далер", date(2001, 7, 7))
        (check,) = check_person(acting, nobody.pk, now=NOW)
        told = checks_of(acting, nobody.pk, language="en")

    assert check.result == "none"
    assert told[0].said_key == "match.said.none"
    assert check.entry_sealed is None


def test_a_missing_date_turns_nothing_into_no(working, bring) -> None:
    bring()
    with working("isfara") as acting:
        assert results(acting, person(acting, "Раҳимов", "Ҷамшед", None)) == ["possible"]


def test_too_little_is_not_a_no(working, bring) -> None:
    bring()
    with working("isfara") as acting:
        assert results(acting, person(acting, "", "Далер", None)) == ["unknown"]


def test_without_a_list_nothing_is_answered(working) -> None:
    with working("isfara") as acting:
        one = person(acting, "Раҳимов", "Ҷамшед", date(1991, 4, 12))
        with pytest.raises(NotPossibleError) as refused:
            check_person(acting, one.pk, now=NOW)
    assert refused.value.code == "no_lists"


def test_everybody_in_an_area_is_checked_in_one_go(working, bring) -> None:
    kept = bring()
    with working("isfara") as acting:
        found = person(acting, "Рахимов", "Джамшед", date(1991, 4, 12))
        others = [person(acting, "Шарипов", "Далер", date(1990 + number, 7, 7)) for number in range(4)]
    with working("sughd") as acting:
        told = check_everybody(acting, kept.pk, place="TJ.SU.ISF.", now=NOW)

        assert (told.people, told.certain) == (5, 1)
        assert Check.objects.count() == 5
        assert Check.objects.get(person=found.pk).result == "certain"
        assert {Check.objects.get(person=one.pk).result for one in others} == {"none"}
        with pytest.raises(NotThereError):
            check_everybody(acting, kept.pk, place="TJ.KH.", now=NOW)
        with pytest.raises(NotPossibleError) as refused:
            check_everybody(acting, kept.pk, place="TJ.SU.ASH.", now=NOW)
    assert refused.value.code == "nobody_to_check"


def test_a_large_area_is_checked_in_parts(working, bring, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = bring()
    monkeypatch.setattr("safar.casework.matching.MOST", 1)
    with working("isfara") as acting:
        for number in range(2):
            person(acting, "Шарипов", "Далер", date(1990 + number, 7, 7))
        with pytest.raises(NotPossibleError) as refused:
            check_everybody(acting, kept.pk, now=NOW)
    assert refused.value.code == "too_many_to_check"


# Decisions


@pytest.fixture
def hint(working, bring):
    """A person and the open answer about them."""

    def made(
        kind: str = "entry_ban", surname: str = "Раҳимов", given: str = "Ҷамшед", born=date(1991, 4, 12)
    ):
        bring(kind=kind)
        with working("isfara") as acting:
            one = person(acting, surname, given, born)
            return one, check_person(acting, one.pk, now=NOW)[0]

    return made


def test_an_officer_makes_a_fact_of_it_with_the_list_as_evidence(working, hint) -> None:
    one, check = hint()
    with working("isfara") as acting:
        assert decide_check(acting, check.pk, "same", on=ON, now=NOW)

        one.refresh_from_db()
        assert one.facts["banned_until"] == "2031-08-20"
        said = Statement.objects.get(person=one.pk, said_by="list")
        assert (said.said_on, said.evidence) == (LIST_OF, f"МВД, {LIST_OF.isoformat()}, 2")
        check.refresh_from_db()
        assert (check.decided, check.decided_by_id, check.statement_id) == (
            "same",
            acting.officer_id,
            said.pk,
        )
        with pytest.raises(ChangedMeanwhileError):
            decide_check(acting, check.pk, "different", on=ON, now=NOW)


def test_a_controlled_person_is_stated_as_such(working, hint) -> None:
    one, check = hint("controlled")
    with working("isfara") as acting:
        assert decide_check(acting, check.pk, "same", on=ON, now=NOW)
        one.refresh_from_db()
        assert one.facts["on_controlled_register"] is True


def test_a_ban_without_a_day_is_kept_as_a_decision_alone(working, hint) -> None:
    one, check = hint(surname="Салимова", given="Гулнора", born=date(1988, 3, 7))
    with working("isfara") as acting:
        assert not decide_check(acting, check.pk, "same", on=ON, now=NOW)
        one.refresh_from_db()
        assert "banned_until" not in one.facts
        check.refresh_from_db()
        assert check.decided == "same"


def test_somebody_else_stays_somebody_else(working, hint, bring) -> None:
    one, check = hint()
    with working("isfara") as acting:
        assert not decide_check(acting, check.pk, "different", on=ON, now=NOW)
        (again,) = check_person(acting, one.pk, now=NOW)
        assert again.decided == "different", "the same entry is not asked about again"
    bring([*ENTRIES, "Рахимов;Джамшед;;12.04.1991;;01.02.2033"], of=ON)
    with working("isfara") as acting:
        (newer,) = check_person(acting, one.pk, now=NOW)
        assert newer.decided == "", "another entry is"


def test_a_newer_answer_takes_the_place_of_an_open_one(working, hint) -> None:
    one, check = hint()
    with working("isfara") as acting:
        (newer,) = check_person(acting, one.pk, now=NOW)
        waiting = match_page(acting, now=NOW, language="en").waiting

        assert [answer.check_id for answer in waiting] == [newer.pk]
        check.refresh_from_db()
        assert check.decided == "again"


@pytest.mark.parametrize("decision", ["", "clear", "same.99"])
def test_what_is_no_decision(working, hint, decision: str) -> None:
    _, check = hint()
    name, _, entry = decision.partition(".")
    with working("isfara") as acting, pytest.raises(NotPossibleError):
        decide_check(acting, check.pk, name, entry=int(entry or 0), on=ON, now=NOW)


def test_answers_are_seen_in_scope_alone(working, hint) -> None:
    one, check = hint()
    for username in ("kulob", "lawyer"):
        with working(username) as acting:
            assert not Check.objects.exists(), username
            if acting.may("match"):
                assert match_page(acting, now=NOW, language="en").waiting == ()
            with pytest.raises((NotThereError, NotAllowedError)):
                check_page(acting, check.pk, now=NOW, language="en")
            with pytest.raises((NotThereError, NotAllowedError)):
                check_person(acting, one.pk, now=NOW)


@pytest.mark.parametrize("language", ["tg", "ky", "uz", "ru", "en"])
def test_an_answer_stands_beside_the_person(working, hint, language: str) -> None:
    _, check = hint()
    with working("isfara") as acting:
        page = check_page(acting, check.pk, now=NOW, language=language)

    (entry, *_) = page.entries
    told = {row.field: row for row in entry.fields}
    assert told["surname"].ours == ("Раҳимов",)
    assert told["surname"].theirs == "РАХИМОВ"
    assert {row.tone for row in entry.fields} <= {"good", "unknown"}
    assert entry.banned_until == date(2031, 8, 20)
    assert all(row.level for row in entry.fields)
    assert page.may_decide
