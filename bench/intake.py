"""A list taken in: 100,000 rows of a province, a tenth of them about people the register knows.

`python -m bench.intake [--quick]` works on the register of bench.register, as large as it is, and puts nothing back:
each run takes in a list of people of its own.
"""

import sys
from datetime import date
from pathlib import Path

import polars as pl

from bench.measure import ON

DAY = date.fromisoformat(ON)
HEADS = ("№", "Насаб", "Ном", "Номи падар", "Ҷинс", "Санаи таваллуд", "Деҳа", "Ноҳия", "Кишвар", "Минтақа", "Телефон",
         "Шиноснома")  # fmt: skip
KNOWN = 10  # every tenth row
OF_PROVINCE = 0.28  # of everybody, at least, live in Sughd


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
