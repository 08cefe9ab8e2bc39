"""``safar places``: look places up, and load an official layer of boundaries after a look at it."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safar.base import DataError
from safar.ops import show
from safar.ops.law import format_given

if TYPE_CHECKING:
    from safar.atlas import Layer, Place, Places
    from safar.atlas.layer import Area

places = typer.Typer(help="Places and their boundaries.", no_args_is_help=True)

# Why somebody should look before an area is believed; {detail} is what it is about.
DOUBTS = {
    "unknown_code": "its code {detail} is not ours; the name fits",
    "name_of_two": "{detail} has that name too",
    "points_elsewhere": "most of our villages inside belong to {detail}",
    "name_alone": "only the name fits; no village of ours lies there",
    "points_alone": "only our villages inside speak for it; the name is another",
    "claimed_twice": "another area fits {detail} better",
}


@places.command("list")
def list_places(
    path: Annotated[str, typer.Argument(help="An id (TJ-SU) or a path (TJ.SU.); without one: all.")] = "",
    level: Annotated[
        str, typer.Option("--level", help="country, province, district, unit, community or settlement.")
    ] = "",
    lang: Annotated[str, typer.Option("--lang", help="Language of the names: en, ru, tg, ky, uz.")] = "en",
    format: Annotated[str, typer.Option("--format", help="text for people, json for machines.")] = "text",
) -> None:
    """Places with their names and codes, what lies in a place after it. A star: the name was spelled by rule."""
    from safar.atlas import read_places
    from safar.atlas.model import LEVELS

    form = format_given(format)
    if level and level not in LEVELS:
        raise DataError(f"--level {level}: there are {', '.join(LEVELS)}")
    tree = read_places()
    inside = _at(tree, path).path if path else ""
    found = [one for one in tree if one.path.startswith(inside) and (not level or one.level == level)]
    if form == "json":
        show.json_out([show.plain(asdict(one)) for one in found])
        return
    show.table("", [_row(one, lang) for one in found])


@places.command("boundaries")
def load_boundaries(
    file: Annotated[Path, typer.Argument(help="A GeoJSON file of provinces, districts or units.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what fits what; load nothing.")
    ] = False,
    with_doubtful: Annotated[
        bool, typer.Option("--with-doubtful", help="Load the doubtful ones too, after somebody has looked.")
    ] = False,
) -> None:
    """Load an official layer of boundaries. It says first what fits, what is doubtful and what fits nothing."""
    from safar.atlas import read_boundaries, read_places

    tree = read_places()
    layer = read_boundaries(file, places=tree)
    _tell(layer, tree)
    if dry_run:
        show.lines(["Nothing was loaded (--dry-run)."])
        return
    from safar.ops.serving import migrate, open_application

    open_application()
    migrate()
    from django.utils import timezone

    from safar.casework.boundaries import store_boundaries

    count = store_boundaries(layer, now=timezone.now(), with_doubtful=with_doubtful)
    if not count:
        raise DataError(f"{file}: nothing was loaded, because no area belongs to a place beyond doubt")
    show.lines([f"Loaded: {count:,} places have an official boundary from {layer.source} now."])


def _tell(layer: "Layer", tree: "Places") -> None:
    sure = layer.sure().areas
    doubtful = [area for area in layer.doubtful if area.place_id is not None]
    lost = layer.unmatched
    show.lines([f"{len(sure):,} fit, {len(doubtful):,} are doubtful, {len(lost):,} fit none of our places."])
    if doubtful:
        show.table("Doubtful: loaded only with --with-doubtful", [_doubt(area, tree) for area in doubtful])
    if lost:
        show.table("Fit none of our places", [_doubt(area, tree) for area in lost])


def _doubt(area: "Area", tree: "Places") -> dict[str, str]:
    place = tree.find(area.place_id) if area.place_id else None
    why = DOUBTS.get(area.doubt, "").format(detail=area.detail)
    return {
        "area": area.name,
        "place": f"{place.id} {place.name_in('en').text}" if place else "",
        "known by": area.how,
        "why to look": why,
    }


def _at(tree: "Places", told: str) -> "Place":
    place = tree.find(told) or (tree.at(told) if told.endswith(".") else None)
    if place is None:
        raise DataError(f"{told}: there is no such place; write an id (TJ-SU-ISF) or a path (TJ.SU.ISF.)")
    return place


def _row(place: "Place", language: str) -> dict[str, str]:
    name = place.name_in(language)
    return {
        "id": place.id,
        "level": place.level,
        "name": name.text + "*" * (name.how == "rule"),
        "codes": ", ".join(_codes(place.codes.items())),
        "population": "" if place.population is None else f"{place.population:,} ({place.population_year})",
    }


def _codes(codes: Iterable[tuple[str, str]]) -> Iterable[str]:
    return (f"{scheme} {code}" for scheme, code in codes)
