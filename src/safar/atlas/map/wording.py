"""How a map names places and figures in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from babel.numbers import format_decimal

from safar.atlas.folding import KIND, fold
from safar.atlas.map.svg import Element, add
from safar.atlas.model import Place

STAR = "*"  # after a name that our rules spelled

Href = Callable[[Place], str | None]


@dataclass
class Wording:
    """The reader's language, the sentences, and where a place's page is. `starred` turns true with the first star."""

    language: str
    words: Mapping[str, str]
    href: Href | None
    starred: bool = field(default=False)

    def name(self, place: Place, *, short: bool = False) -> str:
        """The name with its star if it has one; short: without words such as district or city."""
        told = place.name_in(self.language)
        text = told.text
        if short:
            kept = [word for word in text.split() if fold(word) not in KIND]
            text = " ".join(kept) or text
        if told.how == "rule":
            self.starred = True
            return text + STAR
        return text

    def spoken(self, place: Place) -> str | None:
        """The language of the name where it is not the reader's, for screen readers."""
        told = place.name_in(self.language).language
        return told if told and told != self.language else None

    def figure(self, value: float) -> str:
        """A number as the language writes it."""
        return str(format_decimal(value, format="#,##0.##", locale=self.language))

    def about(self, place: Place, value: float | None, *, has_value: bool) -> str:
        """What is said of a place: its full name, and its figure if the map has figures."""
        if not has_value:
            return self.name(place)
        told = self.words["unknown"] if value is None else self.value(value)
        return f"{self.name(place)}: {told}"

    def value(self, value: float) -> str:
        """A figure in words."""
        return self.words["value"].format(number=self.figure(value))

    def link(self, parent: Element, place: Place, about: str, class_: str, *, skip: bool = False) -> Element:
        """A group that says what it is about, and leads to the place's page if there is one.

        `skip` keeps it out of the order of the tabulator, for dots by the hundred.
        """
        address = self.href(place) if self.href else None
        group = add(
            parent,
            "a" if address else "g",
            class_=class_,
            href=address,
            lang=self.spoken(place),
            tabindex="-1" if address and skip else None,
        )
        add(group, "title", about)
        return group
