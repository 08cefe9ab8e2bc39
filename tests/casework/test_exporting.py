"""People leave the register as files: for a purpose, with consent where it is needed, written down, and harmless."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safar.casework.consents import ConsentGiven, give_consent, withdraw_consent
from safar.casework.errors import NotAllowedError, NotPossibleError, NotThereError
from safar.casework.exporting import FORMS, Wanted, columns_of, export_page, export_people, purposes
from safar.casework.people import DocumentGiven, NameGiven, Registration, Saying, register_person
from safar.casework.spreadsheets import csv_pieces, runs, safe_text, xlsx_pieces
from safar.casework.today import Filters
from safar.records.models import Organisation, Reading
from tests.casework.conftest import NOW, ON

TOLD = Saying(said_by="person", said_on=ON)


def person(acting, surname: str = "Раҳимов", home: str = "TJ-SU-ISF-001", region: str = "RU-SVE"):
    return register_person(
        acting,
        Registration(
            names=[NameGiven(surname, "Ҷамшед")],
            home_id=home,
            birth_date=date(1991, 4, 12),
            birth_precision="day",
            facts={"citizenship": "TJ", "destination": "RU", "region": region, "entry_purpose": "work"},
            phones=["+992 92 777 11 22"],
            documents=[DocumentGiven("passport", "А 1234567", "TJ")],
        ),
        saying=TOLD,
        on=ON,
        now=NOW,
    )


def taken(acting, **wanted) -> bytes:
    export = export_people(acting, Wanted(**wanted), heads={}, language="en", on=ON, now=NOW)
    return b"".join(export.pieces)


def lines(acting, **wanted) -> list[dict[str, str]]:
    text = taken(acting, form="csv", **wanted).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def agree(
    acting,
    who,
    purpose: str = "refer",
    *,
    to: str = "KG-NGO-OSH",
    fields=("identity", "contact", "journey", "law"),
    until=None,
):
    recipient = Organisation.objects.get(code=to).pk if purpose == "refer" else None
    given_ = ConsentGiven(purpose, fields, "signed", ON - timedelta(days=30), until, recipient)
    give_consent(acting, who.pk, given_, saying=TOLD, on=ON, now=NOW)


def ngo() -> int:
    return Organisation.objects.get(code="KG-NGO-OSH").pk


def test_for_ones_own_work_everybody_in_scope_is_in_the_file(working) -> None:
    with working("isfara") as acting:
        person(acting)
        told = lines(acting)

        assert [(row["surname"], row["phone"], row["region"], row["birth_date"]) for row in told] == [
            ("Раҳимов", "992927771122", "RU-SVE", "1991-04-12")
        ]


@pytest.mark.parametrize(
    ("username", "rows"), [("isfara", 1), ("sughd", 2), ("kulob", 0), ("consul", 1), ("lawyer", 0)]
)
def test_nobody_takes_out_more_than_they_see(working, username, rows) -> None:
    with working("sughd") as acting:
        person(acting)
        person(acting, "Холов", home="TJ-SU-ASH-001", region="RU-MOW")
    with working(username) as acting:
        if not rows:
            with pytest.raises(NotPossibleError, match="nobody_to_export"):
                taken(acting, form="csv")
        else:
            assert len(lines(acting)) == rows


@pytest.mark.parametrize("username", ["donor", "admin"])
def test_who_may_not_export_may_not(working, username) -> None:
    with working(username) as acting, pytest.raises(NotAllowedError):
        export_page(acting, Wanted(), on=ON)


def test_outside_only_who_agreed_is_in_the_file_and_the_others_are_counted(working) -> None:
    with working("isfara") as acting:
        agreed, _ = person(acting), person(acting, "Холов")
        agree(acting, agreed)
        page = export_page(acting, Wanted(purpose="refer", recipient_id=ngo()), on=ON)

        assert (page.inside, page.left_out, page.ready) == (1, 1, True)
        assert [row["surname"] for row in lines(acting, purpose="refer", recipient_id=ngo())] == ["Раҳимов"]


def test_a_yes_for_another_or_of_yesterday_is_none(working) -> None:
    with working("isfara") as acting:
        for surname, how in {
            "Саидов": {"until": ON}, "Назаров": {"purpose": "research"}, "Юсупов": {"to": "KG-NGO-OSH"},
        }.items():  # fmt: skip
            agree(acting, person(acting, surname), **how)
        with_drawn = person(acting, "Каримов")
        agree(acting, with_drawn)
        withdraw_consent(acting, with_drawn.pk, with_drawn.consents.get().pk, saying=TOLD, on=ON, now=NOW)

        assert [row["surname"] for row in lines(acting, purpose="refer", recipient_id=ngo())] == ["Юсупов"]


def test_a_yes_for_a_part_fills_only_that_part(working) -> None:
    with working("isfara") as acting:
        agree(acting, person(acting), fields=("identity",))
        (row,) = lines(acting, purpose="refer", recipient_id=ngo())

        assert (row["surname"], row["birth_date"]) == ("Раҳимов", "1991-04-12")
        assert (row["phone"], row["home"], row["region"]) == ("", "", "")


def test_research_has_no_names(working) -> None:
    with working("isfara") as acting:
        agree(acting, person(acting), "research", fields=("identity", "journey", "contact"))
        (row,) = lines(acting, purpose="research")

        assert row["birth_year"] == "1991" and row["region"] == "RU-SVE"
        assert not {"surname", "given_name", "reference", "phone", "home", "birth_date"} & set(row)


def test_a_recipient_is_named_and_not_of_ones_own(working) -> None:
    with working("isfara") as acting:
        person(acting)
        with pytest.raises(NotPossibleError, match="recipient_needed"):
            taken(acting, purpose="refer")
        with pytest.raises(NotThereError):
            taken(acting, purpose="refer", recipient_id=acting.organisation_id)
        assert not export_page(acting, Wanted(purpose="refer"), on=ON).ready


def test_documents_only_for_roles_that_need_them(working) -> None:
    with working("isfara") as acting:
        person(acting)
        assert "document" not in columns_of(acting, purposes()["casework"], "people")
    with working("consul") as acting:
        assert lines(acting)[0]["document"] == "А 1234567"


def test_it_is_written_down_who_took_out_how_many_for_what(working) -> None:
    with working("isfara") as acting:
        agree(acting, person(acting))
        person(acting, "Холов")
        taken(acting, purpose="refer", recipient_id=ngo(), form="xlsx", filters=Filters(corridor="TJ-RU"))

        noted = Reading.objects.get(action="export").detail
        assert noted == {
            "of": "people",
            "purpose": "refer",
            "recipient": ngo(),
            "form": "xlsx",
            "people": 1,
            "left_out": 1,
            "corridor": "TJ-RU",
        }


def test_a_files_name_tells_of_nobody(working) -> None:
    with working("isfara") as acting:
        person(acting)
        export = export_people(acting, Wanted(), heads={}, language="en", on=ON, now=NOW)

        assert export.name == "people-2026-11-20.xlsx"


def test_filters_hold(working) -> None:
    with working("sughd") as acting:
        person(acting)
        person(acting, "Холов", home="TJ-SU-ASH-001")

        assert [row["surname"] for row in lines(acting, filters=Filters(place="TJ.SU.ASH."))] == ["Холов"]
        assert len(lines(acting, filters=Filters(corridor="TJ-RU"))) == 2
        assert len(lines(acting, filters=Filters(mine="nobody"))) == 2
        with pytest.raises(NotThereError):
            lines(acting, filters=Filters(place="TJ.KH."))


def test_the_worklist_too(working) -> None:
    with working("isfara") as acting:
        person(acting)
        told = lines(acting, what="needs")

        assert told[0]["reason"] and told[0]["danger"] and told[0]["surname"] == "Раҳимов"


@pytest.mark.parametrize("form", list(FORMS))
def test_every_form_holds_the_same(working, tmp_path, form) -> None:
    with working("isfara") as acting:
        person(acting)
        (tmp_path / f"a.{form}").write_bytes(taken(acting, form=form))

    if form == "parquet":
        (row,) = pl.read_parquet(tmp_path / "a.parquet").to_dicts()
        assert (row["surname"], row["birth_date"], row["destination"]) == ("Раҳимов", date(1991, 4, 12), "RU")
    elif form == "xlsx":
        head, row = openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True)
        assert dict(zip(head, row, strict=True))["birth_date"].date() == date(1991, 4, 12)
    else:
        assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")


EVIL = ["=1+1", "=HYPERLINK(1)", "+992", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", "'=1"]


def test_no_cell_runs_in_csv(working) -> None:
    text = b"".join(csv_pieces(["=head"], [[cell] for cell in EVIL])).decode("utf-8-sig")

    for (cell,) in csv.reader(io.StringIO(text), delimiter=";"):
        assert cell.startswith("'") and not runs(cell)


def test_no_cell_runs_in_a_workbook(tmp_path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"".join(xlsx_pieces(["=head"], [[cell] for cell in EVIL])))

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    for row in sheet.iter_rows():
        assert row[0].data_type == "s" and row[0].hyperlink is None
        assert row[0].quotePrefix or not runs(row[0].value)


def test_a_name_that_would_run_is_harmless_in_the_file(working) -> None:
    with working("isfara") as acting:
        person(acting, "=cmd|' /C calc'!A0")

        assert lines(acting)[0]["surname"] == "'=cmd|' /C calc'!A0"


@given(st.text(max_size=20))
def test_a_safe_text_never_runs_and_loses_nothing(text: str) -> None:
    safe = safe_text(text)

    assert not runs(safe) and safe.endswith(text)
