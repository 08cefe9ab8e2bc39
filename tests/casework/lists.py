"""Lists as people bring them, made in a test."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl

from safar.casework.access import Acting
from safar.casework.intake.bringing import bring_list, map_columns, start_run
from safar.casework.intake.running import check_list, run_list
from safar.records.models import Intake
from tests.casework.conftest import NOW, ON

HEADS = (
    "№",
    "Насаб",
    "Ном",
    "Номи падар",
    "Ҷинс",
    "Санаи таваллуд",
    "Деҳа",
    "Кишвар",
    "Минтақа",
    "Телефон",
    "Шиноснома",
)
RAHIMOV = (1, "Раҳимов", "Ҷамшед", "Каримович", "мард", "12.04.1991", "TJ-SU-ISF-001", "Русия", "Екатеринбург",
           "92 777 11 22", "А 1234567")  # fmt: skip
NAZAROVA = (
    2,
    "Назарова",
    "Мадина",
    "",
    "зан",
    date(1995, 7, 3),
    "TJ-SU-ISF-001",
    "Қазоқистон",
    "Алматы",
    935556677,
    "",
)
SAIDOV = (
    3,
    "Саидов",
    "Фирӯз",
    "Раҷабович",
    "м",
    "1988",
    "TJ-SU-ISF-001",
    "Россия, Москва",
    "",
    "нест",
    "401234567",
)


def xlsx(path: Path, *rows: Sequence[object], heads: Sequence[str] = HEADS, title: str = "") -> Path:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ([[title]] if title else []) + [list(heads), *map(list, rows)]:
        sheet.append(row)
    book.save(path)
    return path


def csv_file(
    path: Path,
    *rows: Sequence[object],
    heads: Sequence[str] = HEADS,
    encoding: str = "utf-8",
    separator: str = ";",
) -> Path:
    """A text file with cells parted by a sign."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([heads, *rows])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def tried(
    acting: Acting,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    everybody: Mapping[str, str] | None = None,
    list_of: date = ON,
) -> Intake:
    """Brought, mapped as guessed or as told, and tried."""
    intake = bring_list(acting, path.name, path, on=ON, now=NOW)
    usual = {name: value for name, value in intake.mapping.items() if name.startswith("@")} | dict(
        everybody or {}
    )
    columns = mapping or {name: head for name, head in intake.mapping.items() if not name.startswith("@")}
    map_columns(acting, intake.pk, columns, everybody=usual, list_of=list_of, on=ON, now=NOW)
    return check_list(acting, intake.pk, on=ON)


def taken_in(acting: Acting, path: Path, **how: object) -> Intake:
    """A list from the file into the register."""
    intake = tried(acting, path, **how)
    start_run(acting, intake.pk)
    return run_list(acting, intake.pk, on=ON, clock=lambda: NOW)


def counts(intake: Intake) -> dict[str, int]:
    """How many rows of each outcome, without those of none."""
    return {name: count for name, count in intake.counts.items() if count}
