"""A file as it came -> a table of texts with one head a column. Nothing is understood here, and no size is trusted.

Cells are what a person would type: days 12.04.1991, whole numbers without a point. Rows are counted as the spreadsheet
does.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from safar.atlas.folding import fold
from safar.casework.intake.refusing import SheetError
from safar.casework.intake.texts import is_legacy, mended, read_rows, read_text
from safar.casework.intake.vocabulary import heads

MOST_BYTES = 30 * 2**20
MOST_UNPACKED = 400 * 2**20
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 200_000, 100, 500
HEAD_WITHIN = 40  # rows
UNREAD_FORMULA = re.compile(rb"</f></c>|</f><v></v></c>|</f><v ?/></c>")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Sheet:
    """``table``: column ``row`` and one text column for each of ``columns``, named c0, c1 …; null is an empty cell."""

    columns: tuple[str, ...]
    table: pl.DataFrame
    notes: tuple[dict[str, Any], ...] = ()


@dataclass
class Raw:
    """Rows as they lie in the file, each with its number; ``merged``: ranges of cells that are one (number, place)."""

    rows: list[tuple[int, list[str]]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)


def read_sheet(path: Path) -> Sheet:
    """The list in an XLSX or CSV file. SheetError says what is the matter with any other."""
    content = _content(path)
    raw = _from_workbook(content) if content.startswith(ZIP) else _from_text(content)
    raw.rows = [(number, cells) for number, cells in raw.rows if any(cells)]
    if not raw.rows:
        raise SheetError("empty_file")
    if is_legacy(cells for _, cells in raw.rows):
        raw.rows = [(number, [mended(cell) for cell in cells]) for number, cells in raw.rows]
        raw.notes.append({"code": "legacy_font"})
    _fill_merged(raw)
    columns, body = _below_the_head(raw)
    if not body:
        raise SheetError("no_rows")
    if len(body) > MOST_ROWS:
        raise SheetError("too_many_rows", most=MOST_ROWS)
    return _tabled(columns, body, raw.notes)


def _content(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SheetError("too_large", most=MOST_BYTES // 2**20)
    if size == 0:
        raise SheetError("empty_file")
    content = path.read_bytes()
    if content.startswith(OLE):
        raise SheetError("password_protected" if ENCRYPTED in content else "old_excel")
    if content.lstrip()[:5].lower() in (b"<html", b"<?xml", b"<!doc", b"%pdf-", b"{\\rtf"):
        raise SheetError("not_a_list")
    return content


def _from_text(content: bytes) -> Raw:
    text, encoding = read_text(content)
    rows = [(number, [_cut(cell) for cell in cells]) for number, cells in enumerate(read_rows(text), 1)]
    if max((len(cells) for _, cells in rows), default=0) > MOST_COLUMNS:
        raise SheetError("too_many_columns", most=MOST_COLUMNS)
    return Raw(
        rows, notes=[] if encoding.startswith("utf-8") else [{"code": "encoding", "encoding": encoding}]
    )


def _from_workbook(content: bytes) -> Raw:
    notes = _unpacked(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        shown = [
            about.name
            for about in book.sheets_metadata
            if about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet
        ]
        sheets = [book.get_sheet_by_name(name) for name in shown]
        hidden = len(book.sheet_names) - len(shown)
        sheet = max(sheets, key=lambda one: one.height * one.width, default=None)
        if sheet is None or sheet.start is None:
            raise SheetError("empty_file")
        if sheet.width > MOST_COLUMNS * 4 or sheet.height > 1_100_000:
            raise SheetError("too_many_columns", most=MOST_COLUMNS)
        top, left = sheet.start
        rows = [(top + 1 + n, [_text(cell) for cell in cells]) for n, cells in enumerate(sheet.iter_rows())]
        merged = [((a + 1, b - left), (c + 1, d - left)) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
    except (CalamineError, OSError, ValueError) as error:
        raise SheetError("password_protected" if "assword" in str(error) else "broken_workbook") from None
    notes += [{"code": "hidden_sheets", "count": hidden}] if hidden else []
    others = [one.name for one in sheets if one.height > 1 and one.name != sheet.name]
    notes += [{"code": "other_sheets", "sheet": sheet.name, "others": ", ".join(others)}] if others else []
    return Raw(_only_used(rows), merged[:10_000], notes)


def _unpacked(content: bytes) -> list[dict[str, Any]]:
    """Unpack every part once, in pieces and to nowhere: what a zip says about its own size may be a lie."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
            if not any(name.startswith("xl/workbook") for name in names):
                raise SheetError("not_a_list")
            if any(part.flag_bits & 1 for part in packed.infolist()):
                raise SheetError("password_protected")
            left, formulas = MOST_UNPACKED, 0
            for name in names:
                with packed.open(name) as part:
                    while piece := part.read(2**20):
                        left -= len(piece)
                        if left < 0:
                            raise SheetError("too_large_unpacked", most=MOST_UNPACKED // 2**20)
                        formulas += len(UNREAD_FORMULA.findall(piece)) if "/worksheets/" in name else 0
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError):
        raise SheetError("broken_workbook") from None
    return [{"code": "formulas", "count": formulas}] if formulas else []


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return _cut(cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else repr(cell)
    if isinstance(cell, datetime | date):
        return f"{cell:%d.%m.%Y}"
    return cell.isoformat("minutes") if isinstance(cell, time) else _cut(str(cell))


def _cut(text: str) -> str:
    return text.strip()[:LONGEST_CELL]


def _only_used(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Without columns that are empty to the end on the right."""
    width = 0
    for _, cells in rows:
        for place in range(len(cells) - 1, width - 1, -1):
            if cells[place]:
                width = place + 1
                break
    if width > MOST_COLUMNS:
        raise SheetError("too_many_columns", most=MOST_COLUMNS)
    return [(number, cells[:width]) for number, cells in rows]


def _fill_merged(raw: Raw) -> None:
    """A cell that is merged over several says the same in each of them."""
    by_number = dict(raw.rows)
    for (top, left), (bottom, right) in raw.merged:
        said = "".join(by_number.get(top, [])[left : left + 1])
        for number in range(top, bottom + 1) if said else ():
            cells = by_number.get(number, [])
            cells[left : right + 1] = [cell or said for cell in cells[left : right + 1]]


def _below_the_head(raw: Raw) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """The heads of the columns, of one or two rows, and the rows below them."""
    width = max(len(cells) for _, cells in raw.rows)
    rows = [(number, cells + [""] * (width - len(cells))) for number, cells in raw.rows]
    early = rows[:HEAD_WITHIN]
    at = max(
        range(len(early)), key=lambda place: (_known(early[place][1]), _filled_once(early[place][1]), -place)
    )
    names, after = early[at][1], at + 1
    if after < len(rows) and _goes_on(names, rows[after][1]):
        names = [
            f"{upper} {lower}" if upper and lower and upper != lower else upper or lower
            for upper, lower in zip(names, rows[after][1], strict=True)
        ]
        after += 1
    if after < len(rows) and _is_numbering(rows[after][1]):
        after += 1
    return _distinct(names), rows[after:]


def _known(cells: Sequence[str]) -> int:
    return sum(fold(cell) in heads() for cell in cells if cell)


def _filled_once(cells: Sequence[str]) -> int:
    """How many different texts, where nothing better tells a head: titles have one, heads many."""
    texts = {cell for cell in cells if cell and not any(sign.isdigit() for sign in cell)}
    return len(texts) if len(texts) > 1 else 0


def _goes_on(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the next row belongs to the head: names stand under a name that spans several columns."""
    spanned = {name for name in upper if name and list(upper).count(name) > 1}
    below = [low for up, low in zip(upper, lower, strict=True) if low and (up in spanned or not up)]
    others = [
        low for up, low in zip(upper, lower, strict=True) if low and up and up not in spanned and low != up
    ]
    return bool(spanned) and len(below) > 1 and not others


def _is_numbering(cells: Sequence[str]) -> bool:
    """The row 1, 2, 3 … that forms put under their heads."""
    told = [cell for cell in cells if cell]
    return (
        len(told) > 2
        and all(cell.isdecimal() for cell in told)
        and [int(c) for c in told] == list(range(int(told[0]), int(told[0]) + len(told)))
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for place, name in enumerate(names):
        shown = " ".join(name.split())[:120] or f"[{letters(place)}]"
        count = sum(1 for other in found if other == shown or other.startswith(f"{shown} ("))
        found.append(f"{shown} ({count + 1})" if count else shown)
    return tuple(found)


def letters(place: int) -> str:
    """What a spreadsheet calls its columns, the first of which is 0."""
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _tabled(
    columns: tuple[str, ...], body: list[tuple[int, list[str]]], notes: list[dict[str, Any]]
) -> Sheet:
    table = pl.DataFrame(
        {
            "row": pl.Series([number for number, _ in body], dtype=pl.Int32),
            **{
                f"c{place}": pl.Series([cells[place] or None for _, cells in body], dtype=pl.String)
                for place in range(len(columns))
            },
        }
    )
    kept = [name for name, head in zip(table.columns[1:], columns, strict=True)
            if table[name].null_count() < table.height or not head.startswith("[")]  # fmt: skip
    heads_kept = tuple(columns[int(name[1:])] for name in kept)
    table = table.select("row", **{f"c{place}": name for place, name in enumerate(kept)})
    return Sheet(heads_kept, table, tuple(notes))
