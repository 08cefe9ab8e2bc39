"""Tables out to files that people open: piece by piece, and so that no cell is ever taken for a formula."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from safar.casework.errors import NotPossibleError

# How a text begins that a spreadsheet would run: also behind spaces, and in the wide letters of East Asia.
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
MOST_ROWS = 1_048_575  # below the head of a sheet
PIECE, GROUP = 2_000, 50_000
BLOCK = 2**20

Cell = str | int | float | bool | date | None
Rows = Iterable[Sequence[Cell]]


def runs(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula or a command."""
    return text.lstrip(" \u00a0\ufeff").startswith(RUNS)


def safe_text(text: str) -> str:
    """A text that stays one: behind an apostrophe where it would run."""
    return f"'{text}" if runs(text) else text


def csv_pieces(head: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """CSV as spreadsheets of these countries open it by a click: UTF-8 with its mark, semicolons."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=";", lineterminator="\r\n")
    held.write("\ufeff")
    writer.writerow([safe_text(name) for name in head])
    for number, row in enumerate(rows, 1):
        writer.writerow([_told(cell) for cell in row])
        if number % PIECE == 0:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()


def xlsx_pieces(head: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """A workbook with one sheet. It is whole before its first piece leaves, and never whole in memory."""
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, **PLAIN})
        sheet = book.add_worksheet()
        formats = formats_of(book)
        for at, name in enumerate(head):
            sheet.write_string(0, at, name, formats["head"])
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise NotPossibleError("too_many_for_a_sheet", most=MOST_ROWS)
            for at, cell in enumerate(row):
                write_cell(sheet, number, at, cell, formats)
        book.close()
        file.seek(0)
        while piece := file.read(BLOCK):
            yield piece


def formats_of(book: Any) -> Mapping[str, Any]:
    """How cells look: ``text`` that would run is quoted as if somebody had typed an apostrophe before it."""
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "quote_prefix": True}),
        "quoted": book.add_format({"quote_prefix": True}),
        "day": book.add_format({"num_format": "dd.mm.yyyy"}),
    }


def write_cell(sheet: Any, row: int, column: int, cell: Cell, formats: Mapping[str, Any]) -> None:
    """A cell of its own kind; never a formula or a link."""
    if cell is None or cell == "":
        return
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["day"])
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell)
    else:
        text = str(cell)
        sheet.write_string(row, column, text[:32_000], formats["quoted"] if runs(text) else None)


def parquet_pieces(columns: Mapping[str, pa.DataType], rows: Rows) -> Iterator[bytes]:
    """A Parquet file, group by group."""
    schema, sink = pa.schema(list(columns.items())), _Sink()
    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        for group in _groups(rows):
            table = pa.Table.from_arrays(
                [pa.array(column, type=kind) for column, kind in zip(group, columns.values(), strict=True)],
                schema=schema,
            )
            writer.write_table(table)
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Takes what is written and gives it away; knows only how much it was."""

    def __init__(self) -> None:
        self._held, self._given = io.BytesIO(), 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        return self._held.write(content)

    def tell(self) -> int:
        return self._given + self._held.tell()

    def taken(self) -> bytes:
        """What was written since the last time."""
        content = self._held.getvalue()
        self._given += len(content)
        self._held = io.BytesIO()
        return content


def _groups(rows: Rows) -> Iterator[list[list[Cell]]]:
    held: list[Sequence[Cell]] = []
    for row in rows:
        held.append(row)
        if len(held) == GROUP:
            yield [list(column) for column in zip(*held, strict=True)]
            held = []
    if held:
        yield [list(column) for column in zip(*held, strict=True)]


def _told(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else safe_text(str(cell))
