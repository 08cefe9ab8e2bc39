"""A list taken in: 100,000 rows of a province, a tenth of them about people the register knows.

`python -m bench.intake [--quick]` works on the register of bench.register, as large as it is, and puts nothing back:
each run takes in a list of people of its own.
"""

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import polars as pl

from bench.measure import ON
from bench.register import LARGE, SMALL, ready, working

DAY = date.fromisoformat(ON)
HEADS = ("№", "Насаб", "Ном", "Номи падар", "Ҷинс", "Санаи таваллуд", "Деҳа", "Ноҳия", "Кишвар", "Минтақа", "Телефон",
         "Шиноснома")  # fmt: skip
KNOWN = 10  # every tenth row
OF_PROVINCE = 0.28  # of everybody, at least, live in Sughd


def main(*, quick: bool = False) -> list[dict]:
    """From the file to the last row, as a supervisor of Sughd brings it; then the same file once more."""
    ready(SMALL if quick else LARGE)
    from django.utils import timezone

    from safar.casework.intake.bringing import bring_list, map_columns, start_run
    from safar.casework.intake.running import check_list, run_list
    from safar.records.models import Person

    rows, hands = (2_000 if quick else 100_000), min(2, os.cpu_count() or 1)
    told, seed = [], Person.objects.count() % 997 + 1  # another list each time
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        write_list(path, rows, seed=seed)
        for which in ("a list nobody has seen", "the same people in another file, everything known"):
            started = time.perf_counter()
            with working("sughd") as acting:
                intake = bring_list(acting, path.name, path, on=DAY, now=timezone.now())
                usual = {name: value for name, value in intake.mapping.items() if name.startswith("@")}
                columns = {name: head for name, head in intake.mapping.items() if name not in usual}
                map_columns(
                    acting, intake.pk, columns, everybody=usual, list_of=DAY, on=DAY, now=timezone.now()
                )
            read = time.perf_counter()
            check_list(acting, intake.pk, on=DAY)
            tried = time.perf_counter()
            with working("sughd") as acting:
                start_run(acting, intake.pk)
            intake = run_list(acting, intake.pk, on=DAY, clock=timezone.now, hands=hands)
            done = time.perf_counter()
            counts = ", ".join(f"{count:,} {name}" for name, count in intake.counts.items() if count)
            told.append({
                "register": f"{Person.objects.count():,}", "rows": f"{rows:,}", "what": which,
                "read": f"{read - started:.0f} s", "tried": f"{tried - read:.0f} s",
                "taken in": f"{done - tried:.0f} s", "came of it": counts,
            })  # fmt: skip
            _resave(path)
    return told


def _resave(path: Path) -> None:
    """The same rows in a file that is not the same byte for byte."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    book.active.append(["", "", ""])
    book.save(path)


def write_list(path: Path, rows: int, *, seed: int) -> None:
    """A list as a jamoat would type it, of made-up people of Sughd; every tenth is in the register already."""
    import xlsxwriter

    told = pl.concat([_new(rows - rows // KNOWN, seed), _known(rows // KNOWN, seed)]).sample(
        fraction=1, shuffle=True, seed=seed
    )
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Рӯйхат")
    sheet.write_row(0, 0, ["Рӯйхати муҳоҷирони вилояти Суғд"])
    sheet.write_row(1, 0, HEADS)
    for at, row in enumerate(told.iter_rows(), 1):
        sheet.write_row(at + 1, 0, [at, *(cell or "" for cell in row)])
    book.close()


def _new(rows: int, seed: int) -> pl.DataFrame:
    from safar.ops.made_up import make_up

    made = make_up(int(rows / OF_PROVINCE), seed=seed, on=DAY)
    return _written(
        made.people.filter(pl.col("community_id").str.starts_with("TJ-SU"))
        .join(made.names, on="person_id")
        .unique("person_id", maintain_order=True)
        .join(made.phones, on="person_id", how="left")
        .join(made.papers.select("person_id", passport="number"), on="person_id", how="left")
        .head(rows)
    )


def _known(rows: int, seed: int) -> pl.DataFrame:
    from django.db import connection

    from safar.casework.seal import unseal

    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [seed / 1000])
        cursor.execute(
            "SELECT n.surname, n.given_name, n.patronymic, p.sex, p.birth_date::text, p.home_id, p.destination, p.region, "
            "(SELECT number FROM records_phone WHERE person_id = p.id LIMIT 1), "
            "(SELECT number_sealed FROM records_document WHERE person_id = p.id LIMIT 1) "
            "FROM records_person p JOIN records_personname n ON n.person_id = p.id AND n.shown "
            "WHERE p.home_path LIKE 'TJ.SU.%%' ORDER BY random() LIMIT %s",
            [rows],
        )
        found = [(*row[:-1], unseal(row[-1]) if row[-1] else None) for row in cursor.fetchall()]
    columns = ["surname", "given_name", "patronymic", "sex", "birth_date", "community_id", "destination", "region",
               "number", "passport"]  # fmt: skip
    return _written(pl.DataFrame(found, schema=dict.fromkeys(columns, pl.String), orient="row"))


def _written(people: pl.DataFrame) -> pl.DataFrame:
    from safar.records.models import Place

    rows = Place.objects.filter(level="community").select_related("parent__parent")
    places = pl.DataFrame(
        [(p.id, p.names.get("tg") or p.names["en"], p.parent.parent.names.get("tg", "")) for p in rows],
        schema=["community_id", "village", "district"], orient="row",
    )  # fmt: skip
    born = pl.col("birth_date").cast(pl.String).str.to_date(strict=False)
    return people.join(places, on="community_id").select(
        "surname", "given_name", "patronymic",
        sex=pl.col("sex").replace_strict({"male": "мард", "female": "зан"}, default=""),
        born=born.dt.strftime("%d.%m.%Y"),
        village="village", district="district",
        destination=pl.col("destination").replace_strict({"RU": "Русия", "KZ": "Қазоқистон"}, default=""),
        region="region", phone=pl.col("number").str.slice(3), passport="passport",
    )  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    for row in main(quick="--quick" in sys.argv):
        print(" | ".join(row.values()), flush=True)
