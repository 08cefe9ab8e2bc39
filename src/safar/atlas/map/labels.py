"""Placing names so that none covers another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

LINE = 1.12  # height of a line, in heights of the letters
THIN = frozenset("iljtfrI.,:;'’-–()|! 1")
WIDE = frozenset("mwMWШЩЖЮФМшщжюфмЫы@%")
EIGHT = ((1, 0), (-1, 0), (0, -1), (0, 1), (0.8, -0.8), (-0.8, -0.8), (0.8, 0.8), (-0.8, 0.8))


Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Label:
    """Lines of text around a middle, with the height of the letters, all in units of the map."""

    lines: tuple[str, ...]
    size: float
    x: float
    y: float

    @property
    def box(self) -> Box:
        """The ground it covers."""
        width, height = extent(self.lines, self.size)
        return self.x - width / 2, self.y - height / 2, self.x + width / 2, self.y + height / 2


def extent(lines: Sequence[str], size: float) -> tuple[float, float]:
    """Width and height of lines of text; on the wide side, since we do not know the reader's letters."""
    return max(width_of(line) for line in lines) * size, len(lines) * LINE * size


def width_of(text: str) -> float:
    """Width of a text in heights of its letters."""
    return sum(0.36 if c in THIN else 0.9 if c in WIDE else 0.72 if c.isupper() else 0.6 for c in text)


def wrapped(text: str, most: float) -> tuple[str, ...]:
    """The text in lines of at most `most` heights of a letter, cut between words; a longer word stays whole."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(f"{lines[-1]} {word}") <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def in_two(name: str) -> tuple[str, ...]:
    """The name in two lines of about the same length, cut at a space or a hyphen; one line if there is none."""
    cuts = [n + (name[n] == "-") for n in range(1, len(name) - 1) if name[n] in " -"]
    if not cuts:
        return (name,)
    cut = min(cuts, key=lambda at: max(width_of(name[:at]), width_of(name[at:])))
    return name[:cut].strip(), name[cut:].strip()


class Ground:
    """What of the sheet is taken already. Every label is tried against it, and added when it is placed."""

    def __init__(self, width: float, height: float, taken: Iterable[Box] = ()) -> None:
        self.width, self.height = width, height
        self._taken = list(taken)

    def take(self, box: Box) -> bool:
        """Whether the box lies on the sheet and touches nothing that was placed; then it is taken too."""
        left, top, right, bottom = box
        if left < 0 or top < 0 or right > self.width or bottom > self.height:
            return False
        if any(left < u and x < right and top < v and y < bottom for x, y, u, v in self._taken):
            return False
        self._taken.append(box)
        return True


def place_in_area(
    ground: Ground, area: BaseGeometry, variants: Sequence[tuple[tuple[str, ...], float]], least: float
) -> Label | None:
    """The first variant (lines, size) that finds room in the area, or None.

    `least` is the share of the label that must lie in the area; its middle always does.
    """
    spots = _spots(area)
    shapely.prepare(area)
    for lines, size in variants:
        width, height = extent(lines, size)
        left, top = spots[:, 0] - width / 2, spots[:, 1] - height / 2
        boxes = shapely.box(left, top, left + width, top + height)
        if least == 1:
            fits = shapely.contains(area, boxes)
        else:
            fits = shapely.area(shapely.intersection(area, boxes)) >= least * width * height
        for x, y in spots[fits]:
            label = Label(lines, size, float(x), float(y))
            if ground.take(label.box):
                return label
    return None


def _spots(area: BaseGeometry) -> NDArray[np.float64]:
    """Points (n, 2) in the largest piece of the area, the one farthest from its edge first, then those near it."""
    piece = max(shapely.get_parts(area), key=lambda part: part.area)
    middle = np.array(shapely.maximum_inscribed_circle(piece, 1).coords[0])
    west, south, east, north = piece.bounds
    step = max(3.0, math.sqrt(piece.area) / 9)
    across, down = np.meshgrid(
        np.arange(west, east, step) + step / 2, np.arange(south, north, step) + step / 2
    )
    grid = np.column_stack([across.ravel(), down.ravel()])
    grid = grid[shapely.contains_xy(piece, grid[:, 0], grid[:, 1])]
    nearest = np.argsort(((grid - middle) ** 2).sum(axis=1), kind="stable")
    return np.vstack([middle, grid[nearest]])


def place_beside(
    ground: Ground, x: float, y: float, lines: tuple[str, ...], size: float, away: Sequence[float]
) -> Label | None:
    """A label next to a point, at one of the distances `away` from its own edge, or None where all is taken."""
    width, height = extent(lines, size)
    for gap in away:
        for right, down in EIGHT:
            label = Label(lines, size, x + right * (width / 2 + gap), y + down * (height / 2 + gap))
            if ground.take(label.box):
                return label
    return None
