"""Reading the tree from content/places: five lists of places, what became of them, and how names are spelled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from safar.atlas.changes import Change, apply_changes, read_changes
from safar.atlas.model import LANGUAGES, UNIT_NOT_KNOWN, Level, Place
from safar.atlas.places import Places
from safar.atlas.spelling import Spelling, read_spelling
from safar.base import DataError, content_path
from safar.lake import read_table

Row = Mapping[str, Any]
SCHEMES = {
    "GN": ("geonames", "GeoNames"),
    "WOF": ("wof", "Who's On First"),
    "SOATE": ("soate", "SOATE classifier 2021"),
}


def read_places(content: Path | None = None) -> Places:
    """All places of `content` (default: the content that belongs to this code).

    Raises DataError for a file that is missing or wrong, a place named twice, and a change of an unknown place.
    """
    folder = (content or content_path()) / "places"
    changes = dict(read_changes(folder / "changes.csv"))
    spelling = read_spelling(folder / "spelling.csv")
    upper = [*_changed(_upper(folder), changes)]
    units = [*_changed(_units(folder), changes)]
    lower = [*_changed(_lower(folder, _UnitIndex(units)), changes)]
    found = [*upper, *units, *_unknown_units(lower), *lower]
    if changes:
        raise DataError(f"{folder / 'changes.csv'}: there is no place {next(iter(changes))!r}")
    spelled = sorted((_spelled(place, spelling) for place in found), key=lambda place: place.path)
    return _checked(Places(tuple(spelled), {place.settlement: place.id for place in lower}))


def _changed(places: Iterable[Place], changes: dict[str, Sequence[Change]]) -> Iterator[Place]:
    """Places after their changes, which are taken out of `changes`."""
    for place in places:
        own = {place.id: None, place.settlement: None}
        yield apply_changes(place, [change for id in own for change in changes.pop(id, ())])


def _rows(path: Path) -> Iterator[Row]:
    for row in read_table(path).iter_rows(named=True):
        yield {name: cell or "" for name, cell in row.items()}


def _place(row: Row, id: str, path: str, level: Level, **more: Any) -> Place:
    """A place from the columns that all lists share."""
    names: dict[str, str] = {
        language: row[f"name_{language}"] for language in LANGUAGES if row.get(f"name_{language}")
    }
    return Place(
        id=id,
        path=path,
        level=level,
        names=names,
        name_how=dict.fromkeys(names, "given"),
        lat=_number(row.get("lat")),
        lon=_number(row.get("lon")),
        population=_whole(row.get("population")),
        population_year=_whole(row.get("population_year")),
        population_source=row.get("population_source", ""),
        **more,
    )


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _whole(text: str | None) -> int | None:
    return int(text) if text else None


def _path(id: str) -> str:
    return id.replace("-", ".") + "."


def _upper(folder: Path) -> Iterator[Place]:
    """Countries, provinces and districts."""
    for row in _rows(folder / "countries.csv"):
        id = row["country_id"]
        yield _place(
            row,
            id,
            _path(id),
            "country",
            kind="country",
            parent=None,
            source=row["source"],
            codes={"iso_3166_1": id},
        )
    lists: tuple[tuple[str, Level], ...] = (("provinces", "province"), ("districts", "district"))
    for name, level in lists:
        for row in _rows(folder / f"{name}.csv"):
            id = row[f"{level}_id"]
            yield _place(
                row, id, _path(id), level, kind=row.get("kind", level), parent=id.rpartition("-")[0],
                source=row["source"], codes=_official_codes(row),
            )  # fmt: skip


def _official_codes(row: Row) -> dict[str, str]:
    """P-code, SOATE and ISO code. The P-code of a Kyrgyz oblast or rayon is its SOATE code with KG for 417."""
    code = row["pcode_or_soate"]
    kyrgyz = {"pcode": "KG" + code.removeprefix("417"), "soate": code}
    codes = kyrgyz if row["country"] == "KG" else {"pcode": code}
    codes["iso_3166_2"] = row.get("iso_3166_2", "")
    return {scheme: value for scheme, value in codes.items() if value}


def _units(folder: Path) -> Iterator[Place]:
    for row in _rows(folder / "units.csv"):
        id, code = row["unit_id"], row["pcode_or_soate"]
        yield _place(
            row, id, _path(id), "unit", kind=row["kind"], parent=row["district_id"], source=row["listed"],
            codes={"soate": code} if code else {},
        )  # fmt: skip


class _UnitIndex:
    """Units by the English name that the lists of villages use, present or former."""

    def __init__(self, units: Iterable[Place]) -> None:
        self._found: dict[tuple[str, str], list[Place]] = {}
        self._by_id = {unit.id: unit for unit in units}
        for unit in self._by_id.values():
            names = {unit.names.get("en")} | {
                name.text for name in unit.former_names if name.language == "en"
            }
            for name in names - {None}:
                self._found.setdefault((str(unit.parent), str(name)), []).append(unit)

    def path_of(self, district_id: str, name: str, kind: str) -> str:
        """The path of the unit; of a town and a jamoat of one name, the town for a town. U00 if not known."""
        found = self._found.get((district_id, name), [])
        if name and not found:
            raise DataError(f"settlements.csv: {district_id} has no unit {name!r}; add it to units.csv")
        if not found:
            return _path(f"{district_id}-U00")
        unit = min(found, key=lambda unit: (unit.kind == "town") != (kind == "town"))
        return self._by_id[unit.merged_into].path if unit.merged_into in self._by_id else unit.path


def _lower(folder: Path, units: _UnitIndex) -> Iterator[Place]:
    """Settlements; one in which the programme works is a community and keeps the id of its settlement beside."""
    communities = {row["source_id"]: row["community_id"] for row in _rows(folder / "communities.csv")}
    for row in _rows(folder / "settlements.csv"):
        id = row["source_id"]
        scheme, _, code = id.partition(":")
        in_unit = units.path_of(row["district_id"], row["unit"], row["kind"])
        codes = {SCHEMES[scheme][0]: code, "geonames": row["geonames_id"], "wof": row["wof_id"]}
        codes = {name: value for name, value in codes.items() if value}
        common = {
            "kind": row["kind"], "parent": in_unit.rstrip(".").replace(".", "-"),
            "codes": codes, "settlement": id, "source": SCHEMES[scheme][1],
        }  # fmt: skip
        if community := communities.pop(id, ""):
            number = community.rpartition("-")[2]
            yield _place(row, community, f"{in_unit}{number}.", "community", **common)
        else:
            yield _place(row, id, f"{in_unit}{scheme}{code}.", "settlement", **common)
    if communities:
        raise DataError(f"communities.csv: {next(iter(communities))} is not in settlements.csv")


def _unknown_units(lower: Iterable[Place]) -> Iterator[Place]:
    """The unit U00 of each district that has a village of which we do not know the unit."""
    for id in sorted({str(place.parent) for place in lower if str(place.parent).endswith("-U00")}):
        yield Place(
            id=id, path=_path(id), level="unit", kind=UNIT_NOT_KNOWN, parent=id.rpartition("-")[0],
            names={}, name_how={},
        )  # fmt: skip


def _spelled(place: Place, spelling: Spelling) -> Place:
    """Add names that our rules can spell where no source does: Tajik from Latin, Russian from Tajik, Kyrgyz
    from Russian.

    The Russian names of Kyrgyz districts and units are adjectives, so only villages get a Kyrgyz one, and only
    where the two languages write it differently.
    """
    if place.path.startswith("TJ"):
        return _with_rule(_with_rule(place, spelling, "tg", "en"), spelling, "ru", "tg")
    if place.level in ("community", "settlement"):
        return _with_rule(place, spelling, "ky", "ru")
    return place


def _with_rule(place: Place, spelling: Spelling, language: str, origin: str) -> Place:
    if language in place.names or origin not in place.names:
        return place
    text = spelling.spell(place.names[origin], language)
    if not text or (language == "ky" and text == place.names[origin]):
        return place
    names, how = {**place.names, language: text}, {**place.name_how, language: "rule"}
    return replace(place, names=names, name_how=how)


def _checked(places: Places) -> Places:
    seen: set[str] = set()
    for place in places:
        for key in (place.id, place.path):
            if key in seen:
                raise DataError(f"content/places: {key} stands for two places")
            seen.add(key)
        if place.parent is not None:
            places.get(place.parent)
        places.successor(place)
    return places
