"""What stands under the map: the classes, the signs, the names that had no room, the scale and the notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from safar.atlas.map.labels import LINE, width_of, wrapped
from safar.atlas.map.svg import Element, add

LEFT, RIGHT = 10.0, 350.0
TEXT, SMALL = 10.0, 9.5
SWATCH = (22.0, 12.0)
GAP = 12.0
KILOMETRES = (200, 100, 50, 20, 10, 5, 2, 1)
LONGEST_BAR = 96.0


@dataclass
class Sheet:
    """Writes from left to right and line by line below `y`."""

    parent: Element
    y: float
    x: float = field(default=LEFT)

    def room(self, width: float) -> tuple[float, float]:
        """The place for something `width` wide: on this line, or on the next one."""
        if self.x > LEFT and self.x + width > RIGHT:
            self.line()
        at = self.x, self.y
        self.x += width + GAP
        return at

    def line(self, height: float = TEXT * 1.75) -> None:
        """Begin a new line."""
        self.x, self.y = LEFT, self.y + height

    def close(self, height: float = TEXT * 1.75) -> None:
        """Begin a new line unless this one is still empty."""
        if self.x > LEFT:
            self.line(height)


def heading(sheet: Sheet, text: str) -> None:
    """A line in bold; nothing for an empty text."""
    sheet.close()
    for line in wrapped(text, (RIGHT - LEFT) / TEXT) if text else ():
        add(sheet.parent, "text", line, x=LEFT, y=sheet.y, class_="map-heading")
        sheet.line(TEXT * 1.5)


def swatch(sheet: Sheet, fill: str, text: str, class_: str = "map-area") -> None:
    """A box filled as the areas of a class are, and what the class holds."""
    width, height = SWATCH
    x, y = sheet.room(width + 5 + width_of(text) * TEXT)
    add(
        sheet.parent,
        "rect",
        x=x,
        y=y - height + 2.5,
        width=width,
        height=height,
        rx=2,
        fill=fill,
        class_=class_,
    )
    add(sheet.parent, "text", text, x=x + width + 5, y=y, class_="map-text")


def sign(sheet: Sheet, text: str, *, class_: str, radius: float = 0.0) -> None:
    """A dot of a radius, or a small square for radius 0, and what it means."""
    half = radius or 3.0
    x, y = sheet.room(2 * half + 5 + width_of(text) * TEXT)
    if radius:
        add(sheet.parent, "circle", cx=x + half, cy=y - 3.5, r=radius, class_=class_)
    else:
        add(sheet.parent, "rect", x=x, y=y - 6.5, width=6, height=6, class_=class_)
    add(sheet.parent, "text", text, x=x + 2 * half + 5, y=y, class_="map-text")


def key(sheet: Sheet, names: Iterable[tuple[int, str]]) -> None:
    """The names that stand on the map as numbers only."""
    sheet.close()
    for number, name in names:
        x, y = sheet.room(18 + width_of(name) * SMALL)
        badge(sheet.parent, x + 6.5, y - 3.2, number)
        add(sheet.parent, "text", name, x=x + 17, y=y, class_="map-small")
    sheet.close()
    sheet.y += 3


def badge(parent: Element, x: float, y: float, number: int) -> None:
    """A number in a circle."""
    add(parent, "circle", cx=x, cy=y, r=6.5, class_="map-badge")
    add(parent, "text", str(number), x=x, y=y + 3, class_="map-number")


def scale_bar(sheet: Sheet, units_per_km: float, words: str) -> None:
    """A bar for a round number of kilometres; `words` has the place of {number}."""
    km = next((n for n in KILOMETRES if n * units_per_km <= LONGEST_BAR), 1)
    text, long = words.format(number=km), km * units_per_km
    x, y = sheet.room(long + 6 + width_of(text) * SMALL)
    add(sheet.parent, "path", d=f"M{x:.1f} {y - 6:.1f}v4h{long:.1f}v-4", class_="map-scale")
    add(sheet.parent, "text", text, x=x + long + 6, y=y, class_="map-small")


def notes(sheet: Sheet, texts: Sequence[str]) -> None:
    """Notes in small letters, wrapped at the width of the sheet."""
    for text in texts:
        sheet.close()
        for line in wrapped(text, (RIGHT - LEFT) / SMALL) if text else ():
            add(sheet.parent, "text", line, x=LEFT, y=sheet.y, class_="map-note")
            sheet.line(SMALL * LINE * 1.15)
