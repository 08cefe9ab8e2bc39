"""Finding people by any part of a name in any script, by document, telephone, reference or place.

Names are asked by tokens. The tokens of scope (register, places above the home, region) stand in the same array, so
that the index itself leaves out what an officer may not see; the function in the database adds them whatever it is
asked.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection

from safar.casework.access import Acting, people_of
from safar.casework.readings import note_reading
from safar.casework.seal import keyed_hash, number_key, plain_number
from safar.linkage.describe import Agreement, Level, Name, describe_names
from safar.linkage.names import name_key, read_name, words_of
from safar.linkage.search_keys import Asked, query_keys
from safar.records.models import Document, Person, PersonName, Phone, Place

MOST = 200  # rows looked at; whoever gets more is asked to type more
SHOWN = 30
WORDS = 6


@dataclass(frozen=True)
class Found:
    """A person as a list shows them: names as written, home, year of birth, and why they were found."""

    person_id: UUID
    reference: str
    names: tuple[Name, ...]
    birth_date: date | None
    birth_precision: str
    sex: str
    home_id: str | None
    destination: str
    region: str
    because: tuple[str, ...]  # codes: name, document, phone, reference
    strength: int = 0


@dataclass(frozen=True)
class SearchPage:
    """What was found, best first. ``more``: there are others; type more."""

    text: str
    found: tuple[Found, ...]
    more: bool = False


@dataclass(frozen=True)
class Likely:
    """Somebody in the register who may be the person being typed, with the reasons field by field."""

    person: Found
    agreements: tuple[Agreement, ...]
    strength: int


def search_people(acting: Acting, text: str, *, now: datetime) -> SearchPage:
    """People for a typed line, in the officer's scope. The search is noted by its keyed hash alone."""
    acting.require("see_people")
    text = " ".join(text.split())[:120]
    if not text:
        return SearchPage("", ())
    ids: dict[UUID, str] = dict(_by_number(acting, text))
    more = False
    if not ids:
        named, more = _by_name(query_keys(text))
        ids = dict.fromkeys(named, "name")
    found = _found(acting, ids, _asked_words(text))
    note_reading(
        acting, "search", now=now, detail={"hash": keyed_hash(text, "search").hex()[:16], "found": len(found)}
    )
    return SearchPage(text, tuple(found[:SHOWN]), more or len(found) > SHOWN)


def likely_same(
    acting: Acting,
    name: Name,
    *,
    birth_date: date | None = None,
    phones: Sequence[str] = (),
    documents: Sequence[str] = (),
) -> tuple[Likely, ...]:
    """People already in the register who may be the one being typed, likeliest first, each with reasons."""
    acting.require("register_person")
    ids: dict[UUID, str] = {}
    for number in documents:
        ids |= dict.fromkeys(_with_document(number), "document")
    for number in phones:
        ids |= {found: ids.get(found, "phone") for found in _with_phone(number)}
    asked = query_keys(f"{name.surname} {name.given_name}", typing=False)
    if asked:
        ids |= {found: ids.get(found, "name") for found in _by_name(asked)[0]}
    weighed = (_weighed(person, name, birth_date) for person in _found(acting, ids, ()))
    return tuple(sorted((one for one in weighed if one.strength > 0), key=lambda one: -one.strength)[:8])


def scope_tokens(register_id: int, home_path: str, region: str) -> list[str]:
    """The tokens by which scope is asked together with names: register, each place above the home, region."""
    steps = home_path.rstrip(".").split(".") if home_path else []
    places = ["h:" + ".".join(steps[: count + 1]) + "." for count in range(len(steps))]
    return [f"r:{register_id}", *places, *([f"g:{region}"] if region else [])]


def _by_number(acting: Acting, text: str) -> Iterable[tuple[UUID, str]]:
    plain = re.sub(r"[\s-]", "", text).upper()
    if len(plain) == 9 and plain.startswith("S"):
        reference = f"{plain[:4]}-{plain[4:]}"
        for found in people_of(acting).filter(reference=reference).values_list("id", flat=True):
            yield found, "reference"
    if sum(letter.isdigit() for letter in text) >= 5:
        for found in _with_document(text):
            yield found, "document"
        for found in _with_phone(text):
            yield found, "phone"


def _with_document(number: str) -> list[UUID]:
    if not plain_number(number):
        return []
    return list(
        Document.objects.filter(number_key=number_key(number)).values_list("person_id", flat=True)[:MOST]
    )


def _with_phone(number: str) -> list[UUID]:
    digits = "".join(letter for letter in number if letter.isdigit()).removeprefix("00")
    if len(digits) < 7:
        return []
    return list(Phone.objects.filter(number=digits).values_list("person_id", flat=True)[:MOST])


def _by_name(asked: Sequence[Asked]) -> tuple[list[UUID], bool]:
    """People of whom every word is a name or a place; by sound where the letters found nobody."""
    words = [word for word in asked[:WORDS] if word.exact]
    if not words:
        return [], False
    for attempt in ([one.exact for one in words], [one.loose for one in words]):
        tokens = [
            [*options, *_places_called(word.word)] for options, word in zip(attempt, words, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute("SELECT safar_find(%s::jsonb, %s)", [json.dumps(tokens), MOST + 1])
            ids = list(dict.fromkeys(row[0] for row in cursor.fetchall()))
        if ids:
            return ids[:MOST], len(ids) > MOST
    return [], False


def _places_called(word: str) -> tuple[str, ...]:
    return _place_tokens().get(name_key(word), ())


@lru_cache(maxsize=1)
def _place_tokens() -> Mapping[str, tuple[str, ...]]:
    """The scope tokens of all places by the key of their names, former names too."""
    found: dict[str, set[str]] = {}
    for path, names, former in Place.objects.values_list("path", "names", "former_names"):
        for text in (*names.values(), *(one["text"] for one in former)):
            for word in words_of(text):
                found.setdefault(name_key(word), set()).add(f"h:{path}")
    return {key: tuple(sorted(tokens)) for key, tokens in found.items() if len(tokens) < 40}


def _found(acting: Acting, because: Mapping[UUID, str], words: Sequence[str]) -> list[Found]:
    people = list(people_of(acting).filter(id__in=list(because)[:MOST]).select_related("merged_into"))
    names: dict[UUID, list[Name]] = {}
    rows = PersonName.objects.filter(person__in=[person.id for person in people]).order_by("-shown", "id")
    for row in rows:
        names.setdefault(row.person_id, []).append(Name(row.surname, row.given_name, row.patronymic))
    found = [
        _shown(person, tuple(names.get(person.id, ())), because[person.id], words)
        for person in people
        if person.merged_into_id is None or person.merged_into_id not in because
    ]
    return sorted(found, key=lambda one: (-one.strength, one.reference))


def _shown(person: Person, names: tuple[Name, ...], because: str, words: Sequence[str]) -> Found:
    kept = person.merged_into or person
    return Found(
        person_id=kept.id,
        reference=kept.reference,
        names=names,
        birth_date=person.birth_date,
        birth_precision=person.birth_precision,
        sex=person.sex,
        home_id=person.home_id,
        destination=person.destination,
        region=person.region,
        because=(because,),
        strength=max((_closeness(name, words) for name in names), default=0),
    )


def _asked_words(text: str) -> tuple[str, ...]:
    return tuple(word for word in words_of(text) if len(word) > 1)


def _closeness(name: Name, words: Sequence[str]) -> int:
    """How many of the typed words are names of this person letter for letter, then by key."""
    own = [word for field in (name.surname, name.given_name, name.patronymic) for word in words_of(field)]
    keys = {read_name(word).key for word in own}
    return sum(2 if word in own else int(read_name(word).key in keys) for word in words)


def _weighed(person: Found, typed: Name, birth_date: date | None) -> Likely:
    """The strongest of a person's names against the typed one, with the date of birth and what else is the same."""
    best = max(
        (describe_names(typed, name) for name in person.names),
        key=lambda agreed: sum(one.level for one in agreed),
        default=(),
    )
    born = _dates(birth_date, person)
    strength = sum(_POINTS[one.level] for one in best if one.field in ("surname", "given_name", "patronymic"))
    strength += _BORN[born] + {"document": 12, "phone": 3}.get(person.because[0], 0)
    if best and any(one.field == "given_name" and one.level == Level.DIFFERENT for one in best):
        strength -= 6 if person.because[0] != "document" else 0
    return Likely(person, (*best, Agreement("birth_date", _LEVEL[born], born)), strength - 6)


_POINTS = {Level.SAME: 4, Level.BARE: 3, Level.PART: 2, Level.SOUND: 2, Level.MISSING: 0, Level.DIFFERENT: -3}
_BORN = {"same": 6, "swapped": 4, "placeholder": 3, "one_digit": 3, "year": 2, "missing": 0, "different": -5}
_LEVEL = {
    "same": Level.SAME, "swapped": Level.SOUND, "placeholder": Level.PART, "one_digit": Level.SOUND,
    "year": Level.PART, "missing": Level.MISSING, "different": Level.DIFFERENT,
}  # fmt: skip


def _dates(typed: date | None, person: Found) -> str:
    """How two dates of birth agree: code of ``_BORN``. 1 January stands for a year of which nobody knew the day."""
    if typed is None or person.birth_date is None:
        return "missing"
    known = person.birth_date
    if typed == known:
        return "same"
    if typed.year == known.year:
        if (typed.month, typed.day) == (known.day, known.month):
            return "swapped"
        if (1, 1) in ((typed.month, typed.day), (known.month, known.day)) or person.birth_precision == "year":
            return "placeholder"
    digits = zip(typed.strftime("%Y%m%d"), known.strftime("%Y%m%d"), strict=True)
    if sum(a != b for a, b in digits) == 1:
        return "one_digit"
    return "year" if typed.year == known.year else "different"
