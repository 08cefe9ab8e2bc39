"""Writing SVG: elements, numbers as short as they can be, outlines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

Element = ET.Element


def number(value: float) -> str:
    """A coordinate to a tenth, without what is needless: 3, .5, -12.3."""
    return _tenth(round(value * 10))


def add(parent: Element, tag: str, text: str = "", **attributes: Any) -> Element:
    """Add an element. `class_` is class, other underscores are hyphens; None leaves an attribute out."""
    told = {
        name.rstrip("_").replace("_", "-"): number(value) if isinstance(value, float) else str(value)
        for name, value in attributes.items()
        if value is not None and value != ""
    }
    child = ET.SubElement(parent, tag, told)
    child.text = text or None
    return child


def write(root: Element) -> str:
    """The element as text, safe for a page: names and values are escaped."""
    return ET.tostring(root, encoding="unicode")


def outline(shape: BaseGeometry) -> str:
    """Path data of an area or a line in tenths of a unit, by steps from point to point."""
    return "".join(_steps(ring.coords, closed=True) for ring in _rings(shape)) + "".join(
        _steps(line.coords, closed=False)
        for line in shapely.get_parts(shape)
        if line.geom_type == "LineString"
    )


def _rings(shape: BaseGeometry) -> Iterator[Any]:
    for part in shapely.get_parts(shape):
        if isinstance(part, Polygon):
            yield part.exterior
            yield from part.interiors


def _steps(points: Any, *, closed: bool) -> str:
    """Steps are between rounded points, so that no error adds up and neighbours share their edges exactly."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    out, last = "", (0, 0)
    for point in tenths[:-1] if closed else tenths:
        if out and point == last:
            continue
        step = _pair(point[0] - last[0], point[1] - last[1]) if out else _pair(*point)
        out += ("l" if out else "M") + step
        last = point
    return out + ("z" if closed else "")


def _pair(x: int, y: int) -> str:
    return f"{_tenth(x)} {_tenth(y)}".replace(" -", "-")


def _tenth(value: int) -> str:
    whole, rest = divmod(abs(value), 10)
    return ("-" if value < 0 else "") + (f"{whole or ''}.{rest}" if rest else str(whole))
