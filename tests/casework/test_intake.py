"""Lists of jamoats go in once, whoever brings them and however often; what is not clear waits for a person."""

from datetime import date

import openpyxl
import pytest

from safar.casework.errors import NotAllowedError, NotPossibleError, NotThereError
from safar.casework.facts import refold
from safar.casework.intake import bringing, writing
from safar.casework.intake.annotating import annotated_copy
from safar.casework.intake.bringing import bring_list, forget_list, map_columns, start_run, stop_run
from safar.casework.intake.deciding import decide_row, take_in_unsure
from safar.casework.intake.doubts import decide_page
from safar.casework.intake.pages import list_page, lists_page
from safar.casework.intake.running import run_list
from safar.casework.intake.sheets import read_sheet
from safar.casework.people import NameGiven, Registration, Saying, StayGiven, register_person, state_facts
from safar.casework.search import search_people
from safar.records.models import (
    Document,
    Intake,
    IntakeRow,
    Need,
    Pair,
    Person,
    PersonEvent,
    PersonName,
    Phone,
    Place,
    Reading,
    Statement,
)
from tests.casework.conftest import NOW, ON
from tests.casework.lists import HEADS, NAZAROVA, RAHIMOV, SAIDOV, counts, csv_file, taken_in, tried, xlsx

TOLD = Saying(said_by="person", said_on=ON)


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of these tests are harmless: they are read without a process of their own."""
    monkeypatch.setattr(bringing, "read_bounded", read_sheet)


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def rahimov(**changes) -> tuple:
    told = dict(zip(HEADS, RAHIMOV, strict=True)) | {
        name.replace("_", " "): value for name, value in changes.items()
    }
    return tuple(told[head] for head in HEADS)


def test_a_list_goes_in(working, folder) -> None:
    with working("isfara") as acting:
        intake = taken_in(acting, xlsx(folder / "jamoat.xlsx", RAHIMOV, NAZAROVA, SAIDOV, title="Рӯйхат"))

        assert (intake.state, counts(intake)) == ("done", {"added": 3})
        person = Person.objects.get(names__given_name="Ҷамшед")
        assert person.facts == {
            "citizenship": "TJ", "sex": "male", "destination": "RU", "region": "RU-SVE", "birth_date": "1991-04-12",
        }  # fmt: skip
        assert (person.home_id, person.home_path) == ("TJ-SU-ISF-001", "TJ.SU.ISF.U01.001.")
        assert list(person.phones.values_list("number", flat=True)) == ["992927771122"]
        assert search_people(acting, "A1234567", now=NOW).found[0].person_id == person.pk
        assert search_people(acting, "Rahimov Jamshed", now=NOW).found[0].person_id == person.pk


def test_what_a_list_says_is_likely_and_says_where_it_stands(working, folder) -> None:
    with working("isfara") as acting:
        taken_in(acting, xlsx(folder / "jamoat.xlsx", RAHIMOV), list_of=date(2026, 10, 1))

        said = Statement.objects.get()
        assert (said.said_by, said.sureness, said.said_on) == ("list", "likely", date(2026, 10, 1))
        assert said.evidence == "jamoat.xlsx: 2"
        assert said.intake == Intake.objects.get()


def test_whoever_comes_in_is_on_the_worklist_and_in_the_history(working, folder) -> None:
    with working("isfara") as acting:
        taken_in(acting, xlsx(folder / "jamoat.xlsx", RAHIMOV, SAIDOV))

        assert Need.objects.filter(first=True).count() == 2
        event = PersonEvent.objects.filter(pgh_label="insert").first()
        assert event.pgh_context["action"] == "intake" and event.seal


def test_in_bulk_and_one_by_one_are_the_same(working, folder) -> None:
    with working("isfara") as acting:
        taken_in(acting, xlsx(folder / "jamoat.xlsx", RAHIMOV, SAIDOV, NAZAROVA))

        for person in Person.objects.all():
            before = (person.facts, person.sex, person.region, person.birth_date, person.birth_precision)
            refold(person, on=ON)
            assert before == (
                person.facts,
                person.sex,
                person.region,
                person.birth_date,
                person.birth_precision,
            )


def test_a_trial_writes_nothing_into_the_register(working, folder) -> None:
    with working("isfara") as acting:
        intake = tried(acting, xlsx(folder / "jamoat.xlsx", RAHIMOV, rahimov(Насаб="", Ном="")))

        assert (intake.state, counts(intake)) == ("checked", {"added": 1, "refused": 1})
        assert not Person.objects.exists() and not IntakeRow.objects.exists()
        page = list_page(acting, intake.pk, now=NOW)
        assert [(one.row, one.code, one.weight) for one in page.problems] == [(3, "name_missing", "mend")]


def test_the_same_file_twice_is_one_list(working, folder) -> None:
    with working("isfara") as acting:
        path = xlsx(folder / "jamoat.xlsx", RAHIMOV)
        first = taken_in(acting, path)
        second = bring_list(acting, "another name.xlsx", path, on=ON, now=NOW)

        assert (first.pk, second.state) == (second.pk, "done")
        assert Person.objects.count() == 1


def test_the_same_rows_in_another_file_change_nothing(working, folder) -> None:
    with working("isfara") as acting:
        taken_in(acting, xlsx(folder / "first.xlsx", RAHIMOV, NAZAROVA, SAIDOV))
        before = (Statement.objects.count(), PersonName.objects.count(), Phone.objects.count())
        turned = [
            tuple(reversed(row)) for row in (SAIDOV, RAHIMOV, (*NAZAROVA[:5], "03.07.1995", *NAZAROVA[6:]))
        ]
        intake = taken_in(
            acting, csv_file(folder / "again.csv", *turned, heads=HEADS[::-1], encoding="utf-8-sig")
        )

        assert counts(intake) == {"known": 3}
        assert (Statement.objects.count(), PersonName.objects.count(), Phone.objects.count()) == before


def test_a_changed_row_becomes_a_statement_of_what_changed(working, folder) -> None:
    with working("isfara") as acting:
        taken_in(acting, xlsx(folder / "may.xlsx", RAHIMOV), list_of=date(2026, 5, 1))
        changed = rahimov(Минтақа="Москва", Телефон="+7 922 123-45-67", Насаб="РАҲИМОВ")
        intake = taken_in(acting, xlsx(folder / "june.xlsx", changed), list_of=date(2026, 6, 1))

        person = Person.objects.get()
        assert counts(intake) == {"told": 1}
        assert Statement.objects.latest("id").facts == {"region": "RU-MOW"}
        assert (person.region, person.facts["region"]) == ("RU-MOW", "RU-MOW")
        assert person.names.get(shown=True).surname == "Раҳимов" and person.names.count() == 2
        assert set(person.phones.values_list("number", flat=True)) == {"992927771122", "79221234567"}
        assert "g:RU-MOW" in person.names.first().keys


def test_an_older_list_does_not_speak_instead_of_a_newer_one(working, folder) -> None:
    with working("isfara") as acting:
        taken_in(acting, xlsx(folder / "june.xlsx", rahimov(Минтақа="Москва")), list_of=date(2026, 6, 1))
        taken_in(acting, xlsx(folder / "may.xlsx", RAHIMOV), list_of=date(2026, 5, 1))

        assert Person.objects.get().region == "RU-MOW"


def test_what_was_told_by_word_of_mouth_stays(working, folder) -> None:
    with working("isfara") as acting:
        taken_in(acting, xlsx(folder / "may.xlsx", RAHIMOV), list_of=date(2026, 5, 1))
        person = Person.objects.get()
        stay = [StayGiven("RU", date(2026, 9, 1), still_there=True)]
        state_facts(acting, person.pk, {"entry_purpose": "work"}, saying=TOLD, on=ON, now=NOW, stays=stay)
        taken_in(acting, xlsx(folder / "june.xlsx", rahimov(Минтақа="Москва")), list_of=date(2026, 6, 1))

        person.refresh_from_db()
        assert person.facts["stays"] == [{"country": "RU", "entered_on": "2026-09-01", "left_on": "none"}]
        assert (person.facts["entry_purpose"], person.region) == ("work", "RU-MOW")


def test_a_date_of_birth_is_never_made_less_exact(working, folder) -> None:
    with working("isfara") as acting:
        taken_in(acting, xlsx(folder / "may.xlsx", RAHIMOV))
        taken_in(acting, xlsx(folder / "june.xlsx", rahimov(Санаи_таваллуд="1991", Телефон="")))

        person = Person.objects.get()
        assert (person.birth_date, person.birth_precision) == (date(1991, 4, 12), "day")


def registered(acting, **changes) -> Person:
    told = {
        "names": [NameGiven("Раҳимов", "Ҷамшед")], "home_id": "TJ-SU-ISF-001", "birth_date": date(1991, 4, 12),
        "birth_precision": "day",
    } | changes  # fmt: skip
    return register_person(acting, Registration(**told), saying=TOLD, on=ON, now=NOW)


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (rahimov(), "told"),  # another script of nothing, the same village
        (rahimov(Насаб="RAHIMOV", Ном="JAMSHED", Номи_падар=""), "told"),
        (rahimov(Насаб="Рахимзода", Ном="Джамшед"), "told"),
        (rahimov(Санаи_таваллуд="04.12.1991"), "doubtful"),  # day and month exchanged
        (rahimov(Санаи_таваллуд="1991"), "doubtful"),
        (rahimov(Ном="Хуршед"), "added"),  # a brother
        (rahimov(Санаи_таваллуд="12.04.1961"), "doubtful"),  # one figure
        (rahimov(Санаи_таваллуд="30.09.1975"), "added"),
        (rahimov(Ҷинс="зан"), "added"),
    ],
)
def test_who_is_taken_for_whom(working, folder, row, outcome) -> None:
    with working("isfara") as acting:
        registered(acting, facts={"sex": "male"})
        intake = tried(acting, xlsx(folder / "jamoat.xlsx", row))

        assert counts(intake) == {outcome: 1}


def test_a_document_finds_who_changed_the_name_and_asks_where_nothing_agrees(working, folder) -> None:
    with working("isfara") as acting:
        taken_in(acting, xlsx(folder / "a.xlsx", (*NAZAROVA[:10], "А 7654321")))
        married = (
            "",
            "Каримова",
            "Мадина",
            "",
            "зан",
            "03.07.1995",
            "TJ-SU-ISF-001",
            "Русия",
            "",
            "",
            "A7654321",
        )
        stranger = (
            "",
            "Холов",
            "Далер",
            "",
            "мард",
            "01.02.1980",
            "TJ-SU-ISF-001",
            "Русия",
            "",
            "",
            "A7654321",
        )
        intake = tried(acting, xlsx(folder / "b.xlsx", married, stranger))

        assert counts(intake) == {"doubtful": 2}
        assert {error for row in (2, 3) for error in _errors(acting, intake, row)} == {"same_perhaps"}


def _errors(acting, intake, row: int) -> list[str]:
    return [one.code for one in list_page(acting, intake.pk, now=NOW).problems if one.row == row]


def test_one_person_twice_in_a_list_is_one_person(working, folder) -> None:
    with working("isfara") as acting:
        again = rahimov(Насаб="Rahimov", Ном="Jamshed", Телефон="+79221234567")
        intake = taken_in(acting, xlsx(folder / "jamoat.xlsx", RAHIMOV, RAHIMOV, again))

        assert counts(intake) == {"added": 1, "told": 1, "known": 1}
        assert Person.objects.count() == 1


def test_a_doubtful_row_waits_and_is_decided(working, folder) -> None:
    with working("isfara") as acting:
        known = registered(acting)
        doubtful = [
            rahimov(Санаи_таваллуд=f"1991 г. {''}".strip(), Телефон=f"90000000{n}", Шиноснома="")
            for n in range(4)
        ]
        intake = taken_in(acting, xlsx(folder / "jamoat.xlsx", *doubtful))
        assert counts(intake) == {"doubtful": 4}
        page = decide_page(acting, intake.pk, on=ON, now=NOW)
        assert [one.like[0].person_id for one in page.rows] == [known.pk] * 4
        assert page.rows[0].like[0].reasons

        decide_row(acting, intake.pk, 2, "same", person_id=known.pk, on=ON, now=NOW)
        decide_row(acting, intake.pk, 3, "different", on=ON, now=NOW)
        decide_row(acting, intake.pk, 4, "unsure", on=ON, now=NOW)
        decide_row(acting, intake.pk, 5, "left_out", on=ON, now=NOW)

        intake.refresh_from_db()
        assert counts(intake) == {"told": 1, "added": 2, "refused": 1}
        assert sorted(Pair.objects.values_list("decided", flat=True)) == ["", "different"]
        assert set(known.phones.values_list("number", flat=True)) == {"992900000000"}
        with pytest.raises(Exception, match="row_decided_already"):
            decide_row(acting, intake.pk, 2, "different", on=ON, now=NOW)


def test_all_that_are_not_sure_go_in_with_pairs_to_compare(working, folder) -> None:
    with working("isfara") as acting:
        registered(acting)
        rows = [rahimov(Санаи_таваллуд="1991", Шиноснома=f"40000000{n}", Телефон="") for n in range(3)]
        intake = taken_in(acting, xlsx(folder / "jamoat.xlsx", *rows))

        assert take_in_unsure(acting, intake.pk, on=ON, now=NOW) == 3
        assert Person.objects.count() == 4
        assert Pair.objects.filter(decided="").count() >= 3


def test_nobody_decides_for_somebody_who_was_not_meant(working, folder) -> None:
    with working("isfara") as acting:
        registered(acting)
        other = registered(acting, names=[NameGiven("Холов", "Далер")], birth_date=date(1970, 2, 3))
        intake = taken_in(acting, xlsx(folder / "jamoat.xlsx", rahimov(Санаи_таваллуд="1991")))

        with pytest.raises(NotThereError):
            decide_row(acting, intake.pk, 2, "same", person_id=other.pk, on=ON, now=NOW)


def test_a_village_that_may_be_two_is_not_guessed(working, folder) -> None:
    Place.objects.create(
        id="TJ-SU-ISF-009", path="TJ.SU.ISF.U02.009.", level="community", kind="", names={"tg": "Сурх"}
    )
    Place.objects.create(
        id="TJ-SU-ISF-010", path="TJ.SU.ISF.U03.010.", level="community", kind="", names={"tg": "Сурх"}
    )
    with working("isfara") as acting:
        intake = taken_in(acting, xlsx(folder / "jamoat.xlsx", rahimov(Деҳа="деҳаи Сурх")))
        assert counts(intake) == {"doubtful": 1}
        page = decide_page(acting, intake.pk, on=ON, now=NOW)
        assert {place for place, _ in page.rows[0].homes} == {"TJ-SU-ISF-009", "TJ-SU-ISF-010"}

        with pytest.raises(NotPossibleError, match="home_needed"):
            decide_row(acting, intake.pk, 2, "different", on=ON, now=NOW)
        decide_row(acting, intake.pk, 2, "different", home_id="TJ-SU-ISF-010", on=ON, now=NOW)

        assert Person.objects.get().home_id == "TJ-SU-ISF-010"


@pytest.mark.parametrize(
    ("village", "code"),
    [
        ("TJ-KH-KUL-001", "home_outside"),
        ("", "home_missing"),
        ("Ҷойи номаълуми дур", "home_unknown"),
        ("KG-OS-OSH-001", "home_outside"),
    ],
)
def test_nobody_comes_in_from_elsewhere(working, folder, village, code) -> None:
    with working("isfara") as acting:
        intake = tried(acting, xlsx(folder / "jamoat.xlsx", rahimov(Деҳа=village)))

        assert counts(intake) == {"refused": 1}
        assert _errors(acting, intake, 2) == [code]


def test_a_list_of_one_village_need_not_say_it(working, folder) -> None:
    with working("isfara") as acting:
        heads = [head for head in HEADS if head != "Деҳа"]
        row = [cell for head, cell in zip(HEADS, RAHIMOV, strict=True) if head != "Деҳа"]
        intake = taken_in(
            acting, xlsx(folder / "jamoat.xlsx", row, heads=heads), everybody={"@home": "TJ-SU-ISF-001"}
        )

        assert counts(intake) == {"added": 1}
        with pytest.raises(NotPossibleError, match="home_outside"):
            other = bring_list(acting, "b.xlsx", xlsx(folder / "b.xlsx", SAIDOV), on=ON, now=NOW)
            map_columns(
                acting, other.pk, {"surname": "Насаб"}, everybody={"@home": "TJ-KH-KUL-001"}, on=ON, now=NOW
            )


def test_who_may_not_bring_lists_may_not(working, folder) -> None:
    for username in ("consul", "donor", "admin"):
        with working(username) as acting, pytest.raises(NotAllowedError):
            bring_list(acting, "a.xlsx", xlsx(folder / "a.xlsx", RAHIMOV), on=ON, now=NOW)


def test_a_list_is_not_there_for_others(working, folder) -> None:
    path = xlsx(folder / "jamoat.xlsx", RAHIMOV)
    with working("isfara") as acting:
        intake = taken_in(acting, path)
    for username in ("kulob", "lawyer"):
        with working(username) as acting:
            assert lists_page(acting) == ()
            with pytest.raises(NotThereError):
                list_page(acting, intake.pk, now=NOW)
            assert not Intake.objects.exists() and not IntakeRow.objects.exists()
    with working("lawyer") as acting:
        assert bring_list(acting, "jamoat.xlsx", path, on=ON, now=NOW).pk != intake.pk
    with working("sughd") as acting:
        assert [line.intake_id for line in lists_page(acting)] == [intake.pk]


def test_columns_are_remembered_by_the_organisation(working, folder) -> None:
    heads = ("A", "B", "V")
    mapping = {"full_name": "A", "birth_date": "B", "community": "V"}
    with working("isfara") as acting:
        first = tried(
            acting,
            xlsx(folder / "a.xlsx", ("Раҳимов Ҷамшед", "12.04.1991", "TJ-SU-ISF-001"), heads=heads),
            mapping,
        )
        second = bring_list(
            acting,
            "b.xlsx",
            xlsx(folder / "b.xlsx", ("TJ-SU-ISF-001", "Саидов Фирӯз", "1988"), heads=("V", "A", "B")),
            on=ON,
            now=NOW,
        )

        assert counts(first) == {"added": 1}
        assert mapping.items() <= second.mapping.items()
        assert {"code": "remembered"} in second.notes


def test_a_mapping_must_make_sense(working, folder) -> None:
    with working("isfara") as acting:
        intake = bring_list(acting, "a.xlsx", xlsx(folder / "a.xlsx", RAHIMOV), on=ON, now=NOW)
        for mapping, code in (
            ({"sex": "Ҷинс"}, "name_column_needed"),
            ({"surname": "Насаб", "given_name": "Насаб"}, "column_twice"),
            ({"surname": "Фамилия"}, "no_such_column"),
        ):
            with pytest.raises(NotPossibleError, match=code):
                map_columns(acting, intake.pk, mapping, on=ON, now=NOW)


def test_a_list_stops_and_goes_on(working, folder, monkeypatch) -> None:
    rows = [
        rahimov(Ном=name, Телефон="", Шиноснома="")
        for name in ("Аброр", "Баҳром", "Даврон", "Зафар", "Искандар")
    ]
    monkeypatch.setattr("safar.casework.intake.running.SMALLEST", 2)
    with working("isfara") as acting:
        intake = tried(acting, xlsx(folder / "jamoat.xlsx", *rows))
        start_run(acting, intake.pk)
        moments = iter(range(100))

        def clock():
            if next(moments) == 1:
                stop_run(acting, intake.pk)
            return NOW

        stopped = run_list(acting, intake.pk, on=ON, clock=clock)
        assert (stopped.state, stopped.done_rows, Person.objects.count()) == ("stopped", 2, 2)

        start_run(acting, intake.pk)
        done = run_list(acting, intake.pk, on=ON, clock=lambda: NOW)
        assert (done.state, counts(done), Person.objects.count()) == ("done", {"added": 5}, 5)


def test_a_reference_that_somebody_has_is_drawn_again(working, folder, monkeypatch) -> None:
    with working("isfara") as acting:
        taken = registered(acting, names=[NameGiven("Холов", "Далер")]).reference
        drawn = iter([taken, "SZZZ-ZZZZZ"])
        monkeypatch.setattr(writing, "new_reference", lambda: next(drawn))
        intake = taken_in(acting, xlsx(folder / "jamoat.xlsx", SAIDOV))

        assert counts(intake) == {"added": 1}
        assert Person.objects.get(names__surname="Саидов").reference == "SZZZ-ZZZZZ"


def test_a_cell_that_cannot_be_read_is_told_and_the_rest_goes_in(working, folder) -> None:
    with working("isfara") as acting:
        intake = taken_in(
            acting, xlsx(folder / "jamoat.xlsx", rahimov(Телефон="дома спросить", Минтақа="Нептун"))
        )

        assert counts(intake) == {"added": 1}
        assert {one.code for one in list_page(acting, intake.pk, now=NOW).problems} == {
            "phone_wrong",
            "region_unknown",
        }
        assert not Phone.objects.exists()


def test_the_copy_says_what_to_mend_and_the_mended_list_goes_in(working, folder) -> None:
    bad = rahimov(Санаи_таваллуд="31.02.1991")
    with working("isfara") as acting:
        intake = taken_in(
            acting, xlsx(folder / "jamoat.xlsx", SAIDOV, bad, ("+1", *NAZAROVA[1:]), title="Рӯйхат")
        )
        assert counts(intake) == {"added": 2, "refused": 1}
        copy = folder / "copy.xlsx"
        with copy.open("wb") as out:
            name = annotated_copy(acting, intake.pk, out, say=lambda key: key, now=NOW)

        sheet = openpyxl.load_workbook(copy).active
        assert name == "jamoat - intake.to_mend.xlsx"
        assert [cell.value for cell in sheet[2]] == [*HEADS, "intake.to_mend"]
        assert [cell.value for cell in sheet[4]][:3] == ["1", "Раҳимов", "Ҷамшед"]
        assert sheet["F4"].fill.fgColor.rgb == "FFF6C5BD" and sheet["B4"].fill.fgColor.rgb == "00000000"
        assert sheet["L4"].value == "intake.problem.day_unreadable"
        assert (sheet["A5"].value, sheet["A5"].data_type, sheet["A5"].quotePrefix) == ("+1", "s", True)

        book = openpyxl.load_workbook(copy)
        book.active["F4"] = "28.02.1991"
        book.active["L2"] = "What to mend"
        book.save(folder / "mended.xlsx")
        again = taken_in(acting, folder / "mended.xlsx")
        assert counts(again) == {"added": 1, "known": 2}
        assert Person.objects.count() == 3


def test_what_a_list_held_is_forgotten_when_asked(working, folder) -> None:
    with working("isfara") as acting:
        intake = taken_in(acting, xlsx(folder / "jamoat.xlsx", RAHIMOV))
        forget_list(acting, intake.pk)

        page = list_page(acting, intake.pk, now=NOW)
        assert (page.kept, page.choices, page.counts[0].rows) == (False, (), 1)
        assert Person.objects.count() == 1


def test_cells_are_kept_sealed(working, folder) -> None:
    with working("isfara") as acting:
        tried(acting, xlsx(folder / "jamoat.xlsx", RAHIMOV))

        contents = [bytes(file.content) for file in Intake.objects.get().files.all()]
        assert len(contents) == 2
        assert all("Раҳимов".encode() not in content and b"PAR1" not in content for content in contents)


def test_looking_at_a_list_is_written_down(working, folder) -> None:
    with working("isfara") as acting:
        intake = tried(acting, xlsx(folder / "jamoat.xlsx", RAHIMOV))
        list_page(acting, intake.pk, now=NOW)

        assert Reading.objects.get(action="list").detail["of"] == "intake"


def test_a_household_is_one_household(working, folder) -> None:
    heads = (*HEADS, "Рақами хоҷагӣ", "Хешутаборӣ")
    with working("isfara") as acting:
        taken_in(
            acting,
            xlsx(folder / "a.xlsx", (*RAHIMOV, "17", "сардори оила"), (*NAZAROVA, "17", "зан"), heads=heads),
        )

        members = {
            member.relation: member.household_id
            for p in Person.objects.all()
            for member in p.memberships.all()
        }
        assert set(members) == {"head", "spouse"} and len(set(members.values())) == 1


def test_documents_are_sealed_and_of_the_countrys_own(working, folder) -> None:
    with working("isfara") as acting:
        taken_in(acting, xlsx(folder / "a.xlsx", RAHIMOV))

        document = Document.objects.get()
        assert (document.kind, document.country) == ("passport", "TJ")
        assert b"1234567" not in bytes(document.number_sealed)
