"""The nouns of the atlas: a place, its names, and how sure a name or a date is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Language = Literal["tg", "ky", "ru", "uz", "en"]
LANGUAGES: tuple[Language, ...] = ("tg", "ky", "ru", "uz", "en")

Level = Literal["country", "province", "district", "unit", "community", "settlement"]
LEVELS: tuple[Level, ...] = ("country", "province", "district", "unit", "community", "settlement")

How = Literal["given", "rule", "none"]  # a source spells it; our rule spelled it; there is no name
UNIT_NOT_KNOWN = "not_known"  # kind of the unit U00, which stands for "we do not know which unit"


@dataclass(frozen=True)
class Name:
    """A name as shown: the language it is really in, and whether a source or a rule spelled it.

    `language` differs from the one asked for where that one has no name. Without any name `text` is empty,
    `language` is empty and `how` is "none"; the page then says so in its own words.
    """

    text: str
    language: str
    how: How


@dataclass(frozen=True)
class FormerName:
    """What a place was called. `since` and `until` are dates as sure as they are known: "2016", "2018-02"."""

    text: str
    language: str
    since: str  # empty: not known
    until: str  # empty: not known
    source: str


@dataclass(frozen=True)
class Place:
    """A country, province, district, unit, community or settlement.

    `path` sorts and prefixes: whatever lies in a place has a path that begins with the path of that place.
    `names` and `name_how` have the same keys. `codes` has some of pcode, soate,
    iso_3166_1, iso_3166_2, geonames, wof.
    Dates are ISO text as sure as they are known ("2024", "2024-06", "2024-06-27"); empty is not known, and an
    empty `valid_until` is a place that still exists as far as we know.
    """

    id: str
    path: str
    level: Level
    kind: str
    parent: str | None
    names: Mapping[str, str]
    name_how: Mapping[str, How]
    former_names: tuple[FormerName, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    settlement: str = ""  # id in settlements.csv, also of a community
    valid_from: str = ""
    valid_until: str = ""
    merged_into: str | None = None
    lat: float | None = None  # degrees, WGS 84
    lon: float | None = None
    population: int | None = None
    population_year: int | None = None
    population_source: str = ""
    source: str = ""
    note: str = ""

    def name_in(self, language: str) -> Name:
        """The name for a reader of `language`: in it, else in Russian, else in English, else in any."""
        for wanted in (language, "ru", "en", *LANGUAGES):
            if text := self.names.get(wanted):
                return Name(text, wanted, self.name_how[wanted])
        return Name("", "", "none")

    def valid_on(self, day: date) -> bool | None:
        """Whether the place existed on `day`; None where the dates are too vague to say."""
        begun = True if not self.valid_from else is_reached(self.valid_from, day)
        ended = False if not self.valid_until else is_reached(self.valid_until, day)
        if begun is False or ended is True:
            return False
        return None if begun is None or ended is None else True


def is_reached(when: str, day: date) -> bool | None:
    """Whether `when` ("2024", "2024-06" or "2024-06-27") has come by `day`; None inside a vague one."""
    shown = day.isoformat()
    if len(when) < len(shown) and shown.startswith(when):
        return None
    return shown >= when


def path_range(path: str) -> tuple[str, str]:
    """The half-open range of all paths within `path`, itself included: ``low <= p < high``.

    For texts compared by code point: a column in PostgreSQL needs the collation "C".
    """
    return path, path[:-1] + "/"  # "/" follows "."
