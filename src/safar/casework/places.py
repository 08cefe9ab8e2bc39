"""The pages of places: the tree, the map beside it, and what is known of one place and how surely."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from safar.atlas import MAP_WORDS, Name, Place, draw_map
from safar.atlas.model import FormerName
from safar.casework.access import END, Acting
from safar.casework.boundaries import atlas, drawn_layer
from safar.casework.errors import NotThereError
from safar.casework.place_numbers import Number, PlaceNumbers, numbers_for
from safar.words import say, sentence, write_day

LEVELS = ("country", "province", "district", "unit", "community")
TREE = {
    "": 3,
    "country": 2,
    "province": 1,
    "district": 2,
    "unit": 1,
}  # how many levels a page lists below its place

Address = Callable[[str], str]


@dataclass(frozen=True)
class PlaceLine:
    """One place on the list. ``depth``: how far it is set in; ``people``: what is known of its population."""

    place_id: str
    name: Name
    kind: str
    depth: int
    number: Number
    today: str  # the query of the first page that shows its people; empty where it shows none
    population: int | None
    gone: bool  # it became part of another place

    @property
    def kind_key(self) -> str:
        """The key of the word for what kind of place it is."""
        return f"places.kind.{self.kind}"


@dataclass(frozen=True)
class Spelling:
    """The name of a place in one language, and whether a source or a rule spelled it."""

    language: str
    text: str
    by_rule: bool


@dataclass(frozen=True)
class Former:
    """What a place was called, from when to when in words; empty is not known."""

    language: str
    text: str
    since: str
    until: str
    source: str


@dataclass(frozen=True)
class PlaceTold:
    """All that is known of one place. ``codes`` by scheme, ``point`` latitude and longitude in degrees."""

    line: PlaceLine
    spellings: tuple[Spelling, ...]
    former: tuple[Former, ...]
    codes: tuple[tuple[str, str], ...]
    valid_from: str
    valid_until: str
    became: PlaceLine | None
    took_in: tuple[PlaceLine, ...]
    point: str
    population: int | None
    population_year: str
    population_source: str
    source: str
    note: str


@dataclass(frozen=True)
class PlacesPage:
    """The page of a place, or without one of all places. ``told_as``: scope, figures; ``map``: an SVG element."""

    place: PlaceTold | None
    above: tuple[PlaceLine, ...]
    lines: tuple[PlaceLine, ...]
    map: str
    told_as: str
    reckoned_on: date | None

    @property
    def has_outside(self) -> bool:
        """Whether the list names places outside the officer's area."""
        return any(line.number.why == "outside" for line in self.lines)

    @property
    def starred(self) -> bool:
        """Whether a name on the list was spelled by rule."""
        own = (self.place.line,) if self.place else ()
        return any(line.name.how == "rule" for line in (*self.lines, *own))


def places_page(acting: Acting, place_id: str = "", *, language: str, address: Address) -> PlacesPage:
    """The page. ``address`` gives that of a place's page by its id. Raises NotThereError for an unknown place."""
    acting.require("see_places")
    place = _found(place_id) if place_id else None
    inside = _district(place)
    numbers = numbers_for(acting, inside.path if inside else "")
    teller = _Teller(acting, numbers, language)
    return PlacesPage(
        place=teller.all_of(place) if place else None,
        above=tuple(teller.line(one) for one in atlas().ancestors(place)) if place else (),
        lines=tuple(teller.below(place)),
        map=_map(place, numbers, language=language, address=address, told_as=teller.told_as),
        told_as=teller.told_as,
        reckoned_on=numbers.reckoned_on,
    )


@dataclass(frozen=True)
class _Teller:
    """Tells places to one officer in one language."""

    acting: Acting
    numbers: PlaceNumbers
    language: str

    @property
    def told_as(self) -> str:
        return "scope" if self.acting.role.sees_people else "figures"

    def line(self, place: Place, depth: int = 0) -> PlaceLine:
        number = self.numbers.of(place.path)
        return PlaceLine(
            place_id=place.id,
            name=self.name(place),
            kind=place.kind,
            depth=depth,
            number=number,
            today=self._today(place, number),
            population=place.population,
            gone=place.merged_into is not None,
        )

    def name(self, place: Place) -> Name:
        """The name, or for a unit that nobody knows the words that say so."""
        found = place.name_in(self.language)
        return (
            found if found.text else Name(say(self.language, "places.unit_not_known"), self.language, "given")
        )

    def _today(self, place: Place, number: Number) -> str:
        own = self.acting.place_path <= place.path < self.acting.place_path + END
        return (
            urlencode({"place": place.path}) if number.people and own and self.acting.may("see_today") else ""
        )

    def below(self, place: Place | None, depth: int = 0, *, deep: int | None = None) -> Iterator[PlaceLine]:
        """What the page lists: the places in a place by name, each before those in it; the own country first."""
        deep = TREE.get(place.level if place else "", 0) if deep is None else deep
        if depth == deep:
            return
        inside = atlas().children(place) if place else atlas().of_level("country")
        for one in sorted((one for one in inside if one.level in LEVELS), key=self._order):
            yield self.line(one, depth)
            yield from self.below(one, depth + 1, deep=deep)

    def _order(self, place: Place) -> tuple[bool, bool, str]:
        elsewhere = place.level == "country" and place.id != self.acting.country
        return elsewhere, not place.names, self.name(place).text.casefold()

    def _former(self, name: FormerName) -> Former:
        since, until = vague_day(self.language, name.since), vague_day(self.language, name.until)
        return Former(name.language, name.text, since, until, name.source)

    def all_of(self, place: Place) -> PlaceTold:
        took_in = [one for one in atlas() if one.merged_into == place.id]
        became = atlas().successor(place)
        return PlaceTold(
            line=self.line(place),
            spellings=tuple(
                Spelling(language, text, place.name_how[language] == "rule")
                for language, text in place.names.items()
            ),
            former=tuple(self._former(one) for one in place.former_names),
            codes=tuple(place.codes.items()),
            valid_from=vague_day(self.language, place.valid_from),
            valid_until=vague_day(self.language, place.valid_until),
            became=None if became is place else self.line(became),
            took_in=tuple(self.line(one) for one in took_in),
            point="" if place.lat is None or place.lon is None else f"{place.lat:.4f}, {place.lon:.4f}",
            population=place.population,
            population_year=str(place.population_year or ""),
            population_source=place.population_source,
            source=place.source,
            note=place.note,
        )


def vague_day(language: str, told: str) -> str:
    """A day as sure as it is known (2024, 2024-06, 2024-06-27) in the reader's form."""
    parts = [int(part) for part in told.split("-")] if told else []
    day = date(*[*parts, 1, 1][:3]) if parts else None
    forms = {2: "month_and_year", 3: "long"}
    return told if day is None or len(parts) == 1 else write_day(language, day, forms[len(parts)])


def _found(place_id: str) -> Place:
    place = atlas().find(place_id)
    if place is None or place.level not in LEVELS:
        raise NotThereError("place_not_there")
    return place


def _district(place: Place | None) -> Place | None:
    """The district that a place is or lies in."""
    line = (*atlas().ancestors(place), place) if place else ()
    return next((one for one in line if one.level == "district"), None)


def _map(place: Place | None, numbers: PlaceNumbers, *, language: str, address: Address, told_as: str) -> str:
    """The map of a page: figures of districts, or within a district of its communities."""
    district = _district(place)
    return draw_map(
        atlas(),
        drawn_layer(),
        values=None if district or numbers.reckoned_on is None else _of_districts(numbers),
        points=_of_communities(place, district, numbers),
        focus=place.id if place else None,
        language=language,
        words=map_words(language, told_as, one_place=place is not None),
        href=lambda one: address(one.id) if one.level in LEVELS else None,
        name="places-map",
    )


def _of_districts(numbers: PlaceNumbers) -> dict[str, float | None]:
    return {one.id: numbers.of(one.path).people for one in atlas().of_level("district")}


def _of_communities(
    place: Place | None, district: Place | None, numbers: PlaceNumbers
) -> Mapping[str, float | None]:
    """The communities as dots; how many people is told where the map shows one district."""
    seen = district or place
    communities: Sequence[Place] = (
        atlas().within(seen.path, "community") if seen else atlas().of_level("community")
    )
    return {one.id: numbers.of(one.path).people if district else None for one in communities}


def map_words(language: str, told_as: str, *, one_place: bool) -> dict[str, str]:
    """The sentences of a map, with the places of their values still in them."""
    other = {"unknown": f"unknown_{told_as}", "values": f"values_{told_as}"}
    other |= {} if one_place else {"title": "title_all"}
    return {key: sentence(language, f"places.map.{other.get(key, key)}") for key in MAP_WORDS}
