"""The figures as a table for other programmes: one count a row, tags of HXL 1.1 in the second row."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from io import StringIO

from safar.casework.access import Acting
from safar.casework.boundaries import district_at
from safar.casework.figures import FigureTeller, Row, counts_for
from safar.casework.readings import note_reading

# Column: HXL tag. An empty number is withheld; what has no row is nobody.
COLUMNS = {
    "breakdown": "#indicator+breakdown",
    "code": "#indicator+code",
    "name": "#indicator+name",
    "country": "#country+code+v_iso2",
    "province": "#adm1+name",
    "province_code": "#adm1+code+v_iso3166_2",
    "district": "#adm2+name",
    "district_code": "#adm2+code+v_pcode",
    "people": "#affected+num",
    "withheld": "#meta+withheld",
    "date": "#date+reported",
}
BOM = "\ufeff"  # spreadsheets read Cyrillic rightly only with it


def figures_csv(acting: Acting, *, now: datetime, language: str) -> str:
    """The counts that the page shows, as CSV with names in a language. Saving them is noted."""
    counted = counts_for(acting)
    rows = list(_rows(FigureTeller(counted.told, language), counted.reckoned_on))
    note_reading(acting, "export", now=now, detail={"of": "statistics", "rows": len(rows)})
    out = StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return BOM + out.getvalue()


def _rows(teller: FigureTeller, on: date | None) -> Iterator[dict[str, object]]:
    if on is None:
        return
    page = {
        "whole": [
            teller.row("whole", key, teller.say(f"whole.{key}")) for key in ("people", "needing", "rest")
        ],
        "sex": [teller.row("sex", sex, teller.say(f"sex.{sex}")) for sex in teller.sexes],
        "sex_and_age": [cell for band in teller.ages() for cell, _ in band.cells],
        "danger": list(teller.dangers()),
        "day": list(teller.nearness()),
        "corridor": list(teller.corridors()),
        "place": list(teller.places()),
    }
    for breakdown, rows in page.items():
        for row in rows:
            yield {
                **_row(breakdown, row, on),
                **(_where(row.key, teller.language) if breakdown == "place" else {}),
            }


def _row(breakdown: str, row: Row, on: date) -> dict[str, object]:
    return {
        "breakdown": breakdown,
        "code": row.key,
        "name": row.label,
        "people": "" if row.people is None else row.people,
        "withheld": "yes" if row.people is None else "no",
        "date": on.isoformat(),
    }


def _where(path: str, language: str) -> dict[str, object]:
    """The columns of a place: its country, province and district with their codes, as far as the content has them."""
    steps = path.removesuffix("?.").rstrip(".").split(".")
    line = [district_at(".".join(steps[: count + 1])) for count in range(len(steps))]
    country, province, district = (*line, None, None, None)[:3]
    return {
        "country": country.id if country else "",
        "province": province.name_in(language).text if province else "",
        "province_code": province.codes.get("iso_3166_2", "") if province else "",
        "district": district.name_in(language).text if district else "",
        "district_code": district.codes.get("pcode", "") if district else "",
    }
