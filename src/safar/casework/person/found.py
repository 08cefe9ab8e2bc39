"""The page on which people are found: what a search came to, or whom the officer looked at lately."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safar.casework.access import Acting
from safar.casework.facts import law_in
from safar.casework.person.alike import born_in_words, homes_of, shown_name
from safar.casework.person.homes import Below, places_below
from safar.casework.person.lately import Lately, opened_lately
from safar.casework.person.papers import whole_name
from safar.casework.search import Found, search_people
from safar.law.words import Words
from safar.words import say


@dataclass(frozen=True)
class FoundRow:
    """A person who was found. ``others``: further names; ``because``: what fitted, where it was not the name."""

    person_id: UUID
    reference: str
    name: str
    others: tuple[str, ...]
    born: str
    home: str
    destination: str
    because: str


@dataclass(frozen=True)
class PeoplePage:
    """``rows`` for what was asked; ``lately`` where nothing was asked. ``more``: type more to see the others."""

    text: str
    place: str
    rows: tuple[FoundRow, ...]
    more: bool
    lately: tuple[Lately, ...]
    places: tuple[Below, ...]
    may_register: bool

    @property
    def asked(self) -> bool:
        """Whether something was typed."""
        return bool(self.text)


def people_page(acting: Acting, text: str, *, place: str = "", now: datetime, language: str) -> PeoplePage:
    """What was found for a typed line, in the officer's scope and maybe under one place of it."""
    found = search_people(acting, text, place=place, now=now)
    homes = homes_of(found.found, language)
    words = law_in(language).explainer.words
    return PeoplePage(
        text=found.text,
        place=place,
        rows=tuple(_row(one, homes, words) for one in found.found),
        more=found.more,
        lately=() if found.text else opened_lately(acting, language=language),
        places=places_below(acting, language=language),
        may_register=acting.may("register_person"),
    )


def _row(one: Found, homes: Mapping[str, str], words: Words) -> FoundRow:
    name = shown_name(one.names, words.language)
    others = dict.fromkeys(whole_name(each) for each in one.names)
    others.pop(name, None)
    where = [words.value("destination", one.destination)] if one.destination else []
    where += [words.value("region", one.region)] if one.region else []
    return FoundRow(
        person_id=one.person_id,
        reference=one.reference,
        name=name or one.reference,
        others=tuple(others),
        born=born_in_words(one.birth_date, one.birth_precision, words.language),
        home=homes.get(one.home_id or "", ""),
        destination=", ".join(where),
        because="" if one.because[0] == "name" else say(words.language, f"people.because.{one.because[0]}"),
    )
