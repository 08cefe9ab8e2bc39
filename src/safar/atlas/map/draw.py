"""Maps as SVG: areas by class, places as dots, names, a legend and what must be said beside.

Nothing in it runs, nothing is fetched, no style is written on an element: the looks are in map.css. Every sentence
comes in through `words`; the keys are `MAP_WORDS`:

- ``title`` and ``description``: what a screen reader says first; may hold {place};
- ``values``: heading of the legend, may be empty; ``value``: a figure, such as "{number} people";
- ``unknown``: a value that is not known; ``points``: what a dot is; ``no_area``: a city without an area of its own;
- ``by_rule``: what the star behind a name means; ``kilometres``: "{number} km";
- ``schematic``: said under areas that are not borders; ``boundaries``: under others, may hold {source};
- ``attribution``: whose places these are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import shapely
from shapely import Point

from safar.atlas.layer import COMPUTED, Layer
from safar.atlas.map import legend, names
from safar.atlas.map.classes import Class, class_of, classify
from safar.atlas.map.labels import Ground
from safar.atlas.map.svg import Element, add, number, outline, write
from safar.atlas.map.view import WIDTH, Shown, View, look
from safar.atlas.map.wording import STAR, Href, Wording
from safar.atlas.model import Level, Place
from safar.atlas.places import Places
from safar.base import DataError

MAP_WORDS = (
    "title", "description", "values", "value", "unknown", "points", "no_area", "by_rule", "kilometres", "schematic",
    "boundaries", "attribution",
)  # fmt: skip
FEW = 45  # dots with names of their own, and in the order of the tabulator
SQUARE = 3.2  # half the side of a city's sign
LEAST_DOT, MOST_DOT = 2.0, 7.0  # radius
PATTERNS = {  # what is drawn over the colour of a class, on squares of six units
    1: "", 2: "M3 2.5v1", 3: "M0 6l6-6", 4: "M0 3l3-3M3 6l3-3M0 6l6-6", 5: "M0 6l6-6M0 0l6 6",
}  # fmt: skip

Values = Mapping[str, float | None]
Sign = tuple[Place, Point, float]


def draw_map(
    places: Places,
    areas: Layer,
    *,
    values: Values | None = None,
    points: Values | None = None,
    focus: str | None = None,
    language: str,
    words: Mapping[str, str],
    href: Href | None = None,
    name: str = "map",
) -> str:
    """A map as an SVG element, to be put into a page that carries map.css.

    `values`: a figure by id of a district or province; None, and an id left out, are not known. `points`: places
    shown as dots, larger for more; None is a dot without a figure. `focus`: the id of what to show; a unit or
    community is shown in its district, None shows all. `href` gives the address of a place's page, or None.
    `name` must be unique on the page. Raises DataError for unknown places, missing words, and areas that hold
    nothing of the focus.
    """
    if lacking := [key for key in MAP_WORDS if key not in words]:
        raise DataError(f"map: the words {', '.join(lacking)} are missing")
    seen = places.get(focus) if focus else None
    view = look(places, areas, _centre(places, areas, seen), _level(places, values), points or ())
    drawing = _Drawing(places, view, values, points or {}, Wording(language, words, href), name)
    return write(drawing.sheet(areas, seen))


def _centre(places: Places, layer: Layer, focus: Place | None) -> Place | None:
    """The place whose areas are shown: the focus, or the nearest above it that has an area of its own."""
    drawn = [places.get(str(area.place_id)).path for area in layer.matched]
    line = (*places.ancestors(focus), focus) if focus else ()
    for one in reversed(line):
        inside = any(path.startswith(one.path) for path in drawn)
        if one.level in ("country", "province") or (one.level == "district" and inside):
            return one
    return None


def _level(places: Places, values: Values | None) -> Level | None:
    """Provinces if the figures are about provinces; else what suits the focus."""
    return "province" if {places.get(id).level for id in values or ()} == {"province"} else None


@dataclass
class _Drawing:
    """One map while it is drawn."""

    places: Places
    view: View
    values: Values | None
    points: Values
    wording: Wording
    name: str

    def __post_init__(self) -> None:
        self.cities = self._cities({one.place.id for one in self.view.areas})
        self.dots = self._dots()
        self.classes = classify(map(self._figure, self._shown()))
        self.is_wide = self.view.focus is None or self.view.focus.level == "country"

    def sheet(self, layer: Layer, seen: Place | None) -> Element:
        """The whole element."""
        root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": "map"})
        shown = self.wording.name(seen) if seen else ""
        for tag, key in (("title", "title"), ("desc", "description")):
            add(root, tag, self.wording.words[key].format(place=shown), id=f"{self.name}-{tag}")
        root.set("role", "group" if self.wording.href else "img")
        root.set("aria-labelledby", f"{self.name}-title {self.name}-desc")
        root.set("lang", self.wording.language)
        self._patterns(root)
        window = add(root, "svg", width=WIDTH, height=self.view.height)
        self._areas(window)
        self._signs(window, seen)
        numbered = self._names(window)
        height = self._legend(root, layer, numbered)
        root.set("viewBox", f"0 0 {WIDTH:g} {height:.0f}")
        return root

    def _patterns(self, root: Element) -> None:
        defs = add(root, "defs")
        used = [(f"k{one.number}", PATTERNS.get(one.number, "")) for one in self.classes]
        for key, lines in [*used, ("ku", "M0 3h6")] if self.values is not None else ():
            pattern = add(
                defs, "pattern", id=f"{self.name}-{key}", width=6, height=6, patternUnits="userSpaceOnUse"
            )
            add(pattern, "rect", width=6, height=6, class_=f"map-{key}")
            if lines:
                add(pattern, "path", d=lines, class_="map-hatch")

    def _fill(self, value: float | None) -> str | None:
        """The pattern of a figure's class; None on a map without figures."""
        one = class_of(value, self.classes)
        key = "ku" if one is None else f"k{one.number}"
        return None if self.values is None else f"url(#{self.name}-{key})"

    def _shown(self) -> list[Place]:
        """The places that have a figure of their own on this map."""
        return [*(one.place for one in self.view.areas), *(place for place, _, _ in self.cities)]

    def _figure(self, place: Place) -> float | None:
        return (self.values or {}).get(place.id)

    def _areas(self, root: Element) -> None:
        """Neighbours, then the areas themselves with a link each, then the edges of provinces."""
        around = add(root, "g", class_="map-around", aria_hidden="true")
        for one in self.view.around:
            add(around, "path", d=outline(one.shape))
        group = add(root, "g", class_="map-areas")
        for one in self.view.areas:
            value = self._figure(one.place)
            about = self.wording.about(one.place, value, has_value=self.values is not None)
            link = self.wording.link(group, one.place, about, "map-link")
            add(link, "path", d=outline(one.shape), class_="map-area", fill=self._fill(value))
        if self.is_wide and self.view.level == "district":
            edges = [one.shape.boundary for one in self._provinces()]
            add(root, "path", d=outline(shapely.line_merge(shapely.union_all(edges))), class_="map-edge")

    def _provinces(self) -> list[Shown]:
        return names.provinces_of(self.view, self.places.of_level("province"))

    def _cities(self, shown: set[str]) -> list[Sign]:
        """Districts of the focus that have a point and no area: the cities."""
        path = self.view.focus.path if self.view.focus else ""
        if self.view.level != "district":
            return []
        found = (
            (place, self.view.at(place))
            for place in self.places.of_level("district")
            if place.id not in shown
        )
        return [(place, at, SQUARE) for place, at in found if at is not None and place.path.startswith(path)]

    def _dots(self) -> list[Sign]:
        """Dots of the points that lie in the focus; their ground grows with their figure."""
        path = self.view.focus.path if self.view.focus else ""
        most = max((value for value in self.points.values() if value is not None), default=0.0)
        found = []
        for id, value in self.points.items():
            place = self.places.get(id)
            at = self.view.at(place)
            if at is not None and place.path.startswith(path):
                share = (value or 0) / most if most else 0.0
                found.append((place, at, LEAST_DOT + (MOST_DOT - LEAST_DOT) * share**0.5))
        return sorted(found, key=lambda sign: (-sign[2], sign[0].path))

    def _signs(self, root: Element, seen: Place | None) -> None:
        """Cities as squares, points as dots, the largest dots first so that none hides a smaller one."""
        group = add(root, "g", class_="map-cities")
        for place, at, half in self.cities:
            value = self._figure(place)
            about = self.wording.about(place, value, has_value=self.values is not None)
            link = self.wording.link(group, place, about, "map-link")
            look, side = f"map-city{_here(place, seen)}", 2 * half
            square = add(link, "rect", class_=look, fill=self._fill(value), width=side, height=side)
            square.set("x", number(at.x - half))
            square.set("y", number(at.y - half))
        group = add(root, "g", class_="map-points")
        for place, at, radius in self.dots:
            value = self.points[place.id]
            about = self.wording.about(place, value, has_value=value is not None)
            link = self.wording.link(group, place, about, "map-link", skip=len(self.dots) > FEW)
            add(link, "circle", cx=at.x, cy=at.y, r=radius, class_=f"map-dot{_here(place, seen)}")

    def _names(self, root: Element) -> names.Numbered:
        """All names; the ones without room come back with their numbers."""
        group = add(root, "g", class_="map-names", aria_hidden="true")
        focus_level = self.view.focus.level if self.view.focus else ""
        named = self.dots if focus_level == "district" and len(self.dots) <= FEW else []
        signs = [at.buffer(radius).bounds for _, at, radius in (*self.cities, *named)]
        ground = Ground(WIDTH, self.view.height, signs)
        if self.is_wide and self.view.level == "district":
            names.name_provinces(group, ground, self._provinces(), self.wording)
            names.figure_areas(group, ground, self.view.areas, self.values or {}, self.wording)
            return []
        below = names.name_points(group, ground, self.cities, self.values, self.wording, 1)
        if self.view.level != focus_level:
            after = len(below) + 1
            below += names.name_areas(group, ground, self.view.areas, self.values, self.wording, after)
        below += names.name_points(group, ground, named, self.points, self.wording, len(below) + 1)
        names.name_around(group, ground, self.view.around, self.wording)
        return below

    def _legend(self, root: Element, layer: Layer, numbered: names.Numbered) -> float:
        """Everything below the map; returns the height of the sheet."""
        words = self.wording.words
        group = add(root, "g", class_="map-legend")
        sheet = legend.Sheet(group, self.view.height + 16)
        legend.key(sheet, numbered)
        if self.values is not None:
            legend.heading(sheet, words["values"])
            for one in self.classes:
                legend.swatch(sheet, self._fill(one.low) or "", self._span(one))
            if None in map(self._figure, self._shown()):
                legend.swatch(sheet, self._fill(None) or "", words["unknown"])
            sheet.close()
        if self.dots:
            legend.sign(sheet, words["points"], class_="map-dot", radius=3.0)
        if self.cities:
            legend.sign(sheet, words["no_area"], class_="map-city")
        legend.scale_bar(sheet, self.view.scale, words["kilometres"])
        shown = [area for area in layer.matched if str(area.place_id).startswith(self._within())]
        computed = {area.how == COMPUTED for area in shown}
        official = words["boundaries"].format(source=layer.source) if False in computed else ""
        schematic = words["schematic"] if True in computed else ""
        star = f"{STAR} {words['by_rule']}" if self.wording.starred else ""
        legend.notes(sheet, (schematic, official, star, words["attribution"]))
        return sheet.y

    def _within(self) -> str:
        return self.view.focus.id if self.view.focus else ""

    def _span(self, one: Class) -> str:
        low, high = self.wording.figure(one.low), self.wording.figure(one.high)
        return low if low == high else f"{low}–{high}"


def _here(place: Place, seen: Place | None) -> str:
    """The class that marks the place which the map was asked for."""
    return " map-here" if seen is not None and place.id == seen.id else ""
