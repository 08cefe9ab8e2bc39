"""Files as they really come: each is read, or refused in one clear line; none can hurt whoever reads it."""

import io
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from safar.casework.intake.bounded import read_bounded
from safar.casework.intake.refusing import SheetError
from safar.casework.intake.sheets import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Sheet, read_sheet
from safar.words import LANGUAGES, say
from tests.casework.lists import HEADS, RAHIMOV, csv_file, xlsx


def cells(sheet: Sheet) -> list[tuple]:
    return [row[1:] for row in sheet.table.iter_rows()]


def codes(sheet: Sheet) -> list[str]:
    return [note["code"] for note in sheet.notes]


def refusal(path: Path) -> str:
    """The code of what is the matter with a file; it has its sentence in every language."""
    with pytest.raises(SheetError) as caught:
        read_bounded(path)
    for language in LANGUAGES:
        told = say(language, f"refused.{caught.value.code}", **caught.value.values)
        assert told and "\n" not in told and len(told) < 200
    return caught.value.code


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8", ";"), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1251", ";"), ("cp1251", "\t")],
)
def test_text_in_any_usual_form(tmp_path, encoding, separator) -> None:
    rows = [("Рахимов", "Джамшед; он же Джон", "12.04.1991"), ("Назарова", 'Мадина "Маша"', "")]
    path = csv_file(
        tmp_path / "a.csv",
        *rows,
        heads=("Фамилия", "Имя", "Дата рождения"),
        encoding=encoding,
        separator=separator,
    )

    sheet = read_sheet(path)

    assert sheet.columns == ("Фамилия", "Имя", "Дата рождения")
    assert cells(sheet) == [tuple(cell or None for cell in row) for row in rows]
    assert sheet.table["row"].to_list() == [2, 3]


def test_a_spreadsheets_own_mark_of_the_separator(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("sep=|\nФамилия|Имя\nРахимов|Ҷамшед\n", "utf-8")

    assert cells(read_sheet(tmp_path / "a.csv")) == [("Рахимов", "Ҷамшед")]


def test_letters_of_the_old_tajik_fonts_are_mended(tmp_path) -> None:
    path = csv_file(tmp_path / "a.csv", ("Рањимов", "Љамшед", "Исфара"), ("Ѓафуров", "Фирўз", "Ќизилпилол"),
                    heads=("Насаб", "Ном", "Деҳа".replace("ҳ", "њ")), encoding="cp1251")  # fmt: skip

    sheet = read_sheet(path)

    assert cells(sheet) == [("Раҳимов", "Ҷамшед", "Исфара"), ("Ғафуров", "Фирӯз", "Қизилпилол")]
    assert "legacy_font" in codes(sheet) and sheet.columns[2] == "Деҳа"


def test_uzbek_and_ukrainian_letters_alone_stay_as_they_are(tmp_path) -> None:
    path = csv_file(tmp_path / "a.csv", ("Ўктамов", "Ўткир"), heads=("Фамилия", "Исм"))

    assert cells(read_sheet(path)) == [("Ўктамов", "Ўткир")]


def test_a_workbook_with_a_title_two_rows_of_heads_and_numbers_under_them(tmp_path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Рӯйхати муҳоҷирон", None, None, None, None])
    sheet.append([])
    sheet.append(["№", "Ному насаб", "Паспорт", None, "Санаи таваллуд"])
    sheet.append([None, None, "серия", "номер", None])
    sheet.append([1, 2, 3, 4, 5])
    sheet.append([1, "Раҳимов Ҷамшед", "А", 1234567, datetime(1991, 4, 12)])  # noqa: DTZ001  a cell has no zone
    sheet.append([2, "Назарова Мадина", "В", 7654321, date(1995, 7, 3)])
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("C3:D3")
    sheet.merge_cells("A3:A4")
    book.save(tmp_path / "a.xlsx")

    read = read_sheet(tmp_path / "a.xlsx")

    assert read.columns == ("№", "Ному насаб", "Паспорт серия", "Паспорт номер", "Санаи таваллуд")
    assert cells(read) == [
        ("1", "Раҳимов Ҷамшед", "А", "1234567", "12.04.1991"), ("2", "Назарова Мадина", "В", "7654321", "03.07.1995"),
    ]  # fmt: skip
    assert read.table["row"].to_list() == [6, 7]


def test_a_cell_merged_over_rows_says_the_same_in_each(tmp_path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Насаб", "Ном", "Деҳа"],
        ["Раҳимов", "Ҷамшед", "Сурх"],
        ["Раҳимов", "Далер", None],
        ["Холов", "Умед", "Навгилем"],
    ):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    book.save(tmp_path / "a.xlsx")

    assert [row[2] for row in cells(read_sheet(tmp_path / "a.xlsx"))] == ["Сурх", "Сурх", "Навгилем"]


def test_hidden_and_other_sheets_are_not_read_in_silence(tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Рӯйхат"
    for row in (HEADS, RAHIMOV, RAHIMOV):
        book.active.append(row)
    hidden, other = book.create_sheet("secret"), book.create_sheet("Умед")
    for sheet in (hidden, other):
        sheet.append(HEADS[:3])
        sheet.append(RAHIMOV[:3])
    hidden.sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")

    read = read_sheet(tmp_path / "a.xlsx")

    assert read.table.height == 2
    notes = {note["code"]: note for note in read.notes}
    assert notes["hidden_sheets"]["count"] == 1 and notes["other_sheets"]["others"] == "Умед"


def test_formulas_without_a_value_are_told(tmp_path) -> None:
    path = xlsx(tmp_path / "a.xlsx", ("=A1", *RAHIMOV[1:]), ("=HYPERLINK(1)", *RAHIMOV[1:]))

    sheet = read_sheet(path)

    assert {"code": "formulas", "count": 2} in sheet.notes
    assert [row[0] for row in cells(sheet)] == [None, None]


def test_heads_that_are_missing_or_twice_get_names(tmp_path) -> None:
    path = csv_file(tmp_path / "a.csv", ("Раҳимов", "x", "1", "2"), heads=("Насаб", "", "Телефон", "Телефон"))

    assert read_sheet(path).columns == ("Насаб", "[B]", "Телефон", "Телефон (2)")


def test_only_a_head_is_no_list(tmp_path) -> None:
    assert refusal(csv_file(tmp_path / "a.csv")) == "no_rows"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.csv", b"\n \n;;;\n", "empty_file"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_excel"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password_protected"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table>", "not_a_list"),
        ("a.pdf", b"%PDF-1.7 ...", "not_a_list"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "not_a_list"),
        ("a.csv", "Фамилия;Имя\nРахимов;Джамшед Каримович\n".encode("cp866"), "wrong_encoding"),
        ("a.csv", "Фамилия;Имя\nРахимов;Джамшед Каримович\n".encode("koi8-r"), "wrong_encoding"),
        ("a.csv", "Фамилия;Имя\nРахимов;Джамшед\n".encode().decode("latin1").encode(), "letters_lost"),
        ("a.csv", 'Насаб;Ном\nРаҳимов;"Ҷамшед\nНазарова;Мадина\n'.encode(), "row_broken"),
        ("a.xlsx", b"PK\x03\x04 and then nothing of a workbook", "broken_workbook"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_one_line(tmp_path, name, content, code) -> None:
    (tmp_path / name).write_bytes(content)

    assert refusal(tmp_path / name) == code


def test_a_large_file_is_refused_unread(tmp_path) -> None:
    with (tmp_path / "a.xlsx").open("wb") as file:
        file.truncate(300 * 2**20)

    assert refusal(tmp_path / "a.xlsx") == "too_large"
    assert MOST_BYTES < 300 * 2**20


def test_too_many_rows_and_columns(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("Насаб;Ном\n" + "Раҳимов;Ҷамшед\n" * (MOST_ROWS + 1), "utf-8")
    (tmp_path / "b.csv").write_text(";".join(["Насаб"] * (MOST_COLUMNS + 1)) + "\n", "utf-8")

    assert refusal(tmp_path / "a.csv") == "too_many_rows"
    assert refusal(tmp_path / "b.csv") == "too_many_columns"


def packed(path: Path, *, sheet: bytes, told_size: int | None = None) -> Path:
    """A workbook whose only sheet is these bytes, perhaps with a lie about how many they are."""
    xlsx(path, RAHIMOV)
    with zipfile.ZipFile(path) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    name = "xl/worksheets/sheet1.xml"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for other, content in parts.items():
            bad.writestr(other, sheet if other == name else content)
    content = out.getvalue()
    if told_size is not None:
        for at in range(len(content) - 30):
            if content[at : at + 4] == b"PK\x01\x02" and content[at + 46 :].startswith(name.encode()):
                content = content[: at + 24] + struct.pack("<I", told_size) + content[at + 28 :]
    path.write_bytes(content)
    return path


BLANKS = b"<row>" + b" " * 2**20 + b"</row>"


def test_a_zip_bomb_is_refused(tmp_path) -> None:
    assert (
        refusal(packed(tmp_path / "a.xlsx", sheet=b"<worksheet><sheetData>" + BLANKS * 450))
        == "too_large_unpacked"
    )


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path) -> None:
    bomb = packed(tmp_path / "a.xlsx", sheet=b"<worksheet><sheetData>" + BLANKS * 450, told_size=1000)

    assert refusal(bomb) in ("broken_workbook", "too_heavy")


def sheet_of(*cells: tuple[str, str]) -> bytes:
    rows = "".join(
        f'<row r="{where.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}">'
        f'<c r="{where}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for where, text in cells
    )
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    ).encode()


def test_two_cells_a_world_apart_are_refused(tmp_path) -> None:
    far = packed(tmp_path / "a.xlsx", sheet=sheet_of(("A1", "Насаб"), ("XFD1048576", "x")))

    assert refusal(far) in ("too_heavy", "too_many_columns")


def test_a_million_blank_rows_are_no_rows(tmp_path) -> None:
    blank = packed(tmp_path / "a.xlsx", sheet=sheet_of(("A1", "Насаб"), ("A2", "Раҳимов"), ("A1048576", " ")))

    assert cells(read_bounded(blank)) == [("Раҳимов",)]


def test_a_process_of_its_own_reads_the_same(tmp_path) -> None:
    path = xlsx(tmp_path / "a.xlsx", RAHIMOV, title="Рӯйхат")

    here, there = read_sheet(path), read_bounded(path)

    assert (here.columns, here.notes) == (there.columns, there.notes)
    assert here.table.equals(there.table)
