"""Writing names and figures on the map, and numbers where a name has no room."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from safar.atlas.map.labels import LINE, Ground, Label, in_two, place_beside, place_in_area
from safar.atlas.map.legend import badge
from safar.atlas.map.svg import Element, add
from safar.atlas.map.view import Shown, View
from safar.atlas.map.wording import Wording
from safar.atlas.model import Place

SIZES = (11.0, 9.5, 8.5)
PROVINCE_SIZES = (15.0, 13.0, 11.0)
FIGURE, AROUND, VILLAGE = 9.0, 9.0, 9.0
INSIDE, MOSTLY, HALF = 1.0, 0.82, 0.6  # share of a label that must lie in its area
NEAR = (4.0, 7.0)  # units between a sign and its name
FAR = (4.0, 8.0, 16.0, 26.0)
LEAD = 6.0  # a name farther off than this has a line to its sign

Figures = Mapping[str, float | None]
Numbered = list[tuple[int, str]]


def name_areas(
    parent: Element,
    ground: Ground,
    areas: Sequence[Shown],
    figures: Figures | None,
    wording: Wording,
    first: int,
) -> Numbered:
    """A name and figure in each area; the names that found no room, with the numbers that stand for them.

    Small areas choose first, since they have the least choice.
    """
    rest: list[Shown] = []
    labels: list[tuple[Shown, Label]] = []
    waiting = sorted(areas, key=lambda one: one.shape.area)
    for least, sizes in ((INSIDE, SIZES), (MOSTLY, SIZES[1:]), (HALF, SIZES[2:])):
        rest = []
        for one in waiting:
            label = place_in_area(ground, one.shape, _variants(one.place, figures, wording, sizes), least)
            if label is None:
                rest.append(one)
            else:
                labels.append((one, label))
        waiting = rest
    for one, label in sorted(labels, key=lambda item: item[0].place.path):
        _write(parent, label, one.place, wording, figure=_figure(one.place, figures, wording))
    return [*_number(parent, ground, rest, figures, wording, first)]


def _figure(place: Place, figures: Figures | None, wording: Wording) -> str:
    value = figures.get(place.id) if figures else None
    return "" if value is None else wording.figure(value)


def _with_figure(name: str, figure: str) -> str:
    return f"{name}: {figure}" if figure else name


def _variants(
    place: Place, figures: Figures | None, wording: Wording, sizes: Sequence[float]
) -> list[tuple[tuple[str, ...], float]]:
    """Ways to write a name, the most legible first: large, in two lines, smaller; its figure always below."""
    name, figure = wording.name(place, short=True), _figure(place, figures, wording)
    below = (figure,) if figure else ()
    ways = dict.fromkeys(((name,), in_two(name)))
    return [((*lines, *below), size) for size in sizes for lines in ways]


def _write(
    parent: Element,
    label: Label,
    place: Place,
    wording: Wording,
    *,
    figure: str = "",
    class_: str = "map-name",
) -> None:
    """The lines of a label, one below the other; the last one is the figure if there is one."""
    step = LINE * label.size
    top = label.y - len(label.lines) * step / 2 + 0.8 * label.size + (step - label.size) / 2
    text = add(
        parent, "text", class_=f"{class_} map-size-{_class_of_size(label.size)}", lang=wording.spoken(place)
    )
    for number, line in enumerate(label.lines):
        last = bool(figure) and number == len(label.lines) - 1
        add(text, "tspan", line, x=label.x, y=top + number * step, class_="map-figure" if last else None)


def _class_of_size(size: float) -> str:
    return f"{size:g}".replace(".", "-")


def _number(
    parent: Element,
    ground: Ground,
    rest: Sequence[Shown],
    figures: Figures | None,
    wording: Wording,
    first: int,
) -> Iterator[tuple[int, str]]:
    """A number in each area whose name has no room; what stands for it below, with its figure."""
    for number, one in enumerate(sorted(rest, key=lambda item: item.place.path), first):
        label = place_in_area(ground, one.shape, [(("00",), 10.0)], 0.3)
        middle = one.shape.representative_point()
        badge(parent, label.x if label else middle.x, label.y if label else middle.y, number)
        yield number, _with_figure(wording.name(one.place), _figure(one.place, figures, wording))


def name_provinces(parent: Element, ground: Ground, provinces: Sequence[Shown], wording: Wording) -> None:
    """The names of provinces across their districts, in large letters."""
    for one in provinces:
        name = wording.name(one.place, short=True)
        ways = [(lines, size) for size in PROVINCE_SIZES for lines in dict.fromkeys(((name,), in_two(name)))]
        if label := place_in_area(ground, one.shape, ways, HALF):
            _write(parent, label, one.place, wording, class_="map-province")


def figure_areas(
    parent: Element, ground: Ground, areas: Sequence[Shown], figures: Figures, wording: Wording
) -> None:
    """Only the figures, on a map too small for names."""
    for one in areas:
        figure = _figure(one.place, figures, wording)
        if figure and (label := place_in_area(ground, one.shape, [((figure,), FIGURE)], HALF)):
            _write(parent, label, one.place, wording, figure=figure)


def name_around(parent: Element, ground: Ground, around: Sequence[Shown], wording: Wording) -> None:
    """The names of neighbours, in pale letters, where there is room."""
    for one in around:
        name = wording.name(one.place, short=True)
        ways = [(lines, AROUND) for lines in dict.fromkeys(((name,), in_two(name)))]
        if label := place_in_area(ground, one.shape, ways, INSIDE):
            _write(parent, label, one.place, wording, class_="map-neighbour")


def name_points(
    parent: Element,
    ground: Ground,
    signs: Sequence[tuple[Place, Point, float]],
    figures: Figures | None,
    wording: Wording,
    first: int,
) -> Numbered:
    """A name and figure beside each sign (place, middle, radius); numbers from `first` where there is no room."""
    rest: Numbered = []
    for place, at, radius in signs:
        name = _with_figure(wording.name(place, short=True), _figure(place, figures, wording))
        away = tuple(radius + gap for gap in (FAR if place.level == "district" else NEAR))
        label = place_beside(ground, at.x, at.y, (name,), VILLAGE, away)
        if label is not None:
            _lead(parent, label, at, radius)
            _write(parent, label, place, wording, class_="map-village")
            continue
        number = first + len(rest)
        spot = place_beside(ground, at.x, at.y, ("00",), 10.0, (radius + 2, radius + 6, radius + 14))
        if spot is not None:
            _lead(parent, spot, at, radius)
            badge(parent, spot.x, spot.y, number)
            rest.append((number, _with_figure(wording.name(place), _figure(place, figures, wording))))
    return rest


def _lead(parent: Element, label: Label, at: Point, radius: float) -> None:
    """A line from a sign to a name that stands off from it."""
    left, top, right, bottom = label.box
    x, y = min(max(at.x, left), right), min(max(at.y, top), bottom)
    if math.hypot(x - at.x, y - at.y) > radius + LEAD:
        add(parent, "path", d=f"M{at.x:.1f} {at.y:.1f}L{x:.1f} {y:.1f}", class_="map-lead")


def provinces_of(view: View, provinces: Sequence[Place]) -> list[Shown]:
    """The provinces of the areas shown, each as one shape."""
    found = []
    for province in provinces:
        parts: list[BaseGeometry] = [
            one.shape for one in view.areas if one.place.path.startswith(province.path)
        ]
        if parts:
            found.append(Shown(province, shapely.union_all(parts)))
    return found
