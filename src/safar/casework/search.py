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
from safar.linkage import Agreement, Asked, Level, Name, describe_names, name_key, query_keys
from safar.linkage.describe import one_slip
from safar.linkage.names import bare_key, initials_of, read_name, skeleton, typed_keys, words_of
from safar.records.models import Document, Person, PersonName, Phone, Place

MOST = 200  # rows looked at; whoever gets more is asked to type more
SHOWN = 30
WORDS = 6
FEW = 20  # fewer who are spelled so: look at those who sound so too
SHORTEST_SLIP = 4  # a slip in a shorter word would make it any other
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CODES = ("992", "996", "998", "7")


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


def search_people(acting: Acting, text: str, *, now: datetime, place: str = "") -> SearchPage:
    """People for a typed line, in the officer's scope. The search is noted by its keyed hash alone.

    ``place``: the path of a place they come from; a path outside the scope finds nobody.
    """
    acting.require("see_people")
    text = " ".join(text.split())[:120]
    if not text:
        return SearchPage("", ())
    ids: dict[UUID, str] = dict(_by_number(acting, text))
    more = False
    if not ids:
        named, more = _by_name(query_keys(text), [f"h:{place}"] if place else [])
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
    home_path: str = "",
) -> tuple[Likely, ...]:
    """People already in the register who may be the one being typed, likeliest first, each with reasons.

    Of a name that many have, those who come from the same district are looked at first.
    """
    acting.require("register_person")
    ids: dict[UUID, str] = {}
    for number in documents:
        ids |= dict.fromkeys(_with_document(number), "document")
    for number in phones:
        ids |= {found: ids.get(found, "phone") for found in _with_phone(number)}
    asked = query_keys(f"{name.surname} {name.given_name}", typing=False)
    if asked:
        near, more = _by_name(asked)
        if more and home_path:
            district = ".".join(home_path.split(".")[:3]) + "."
            near = [*_by_name(asked, [f"h:{district}"])[0], *near]
        if len(near) < FEW:
            near += _by_name(asked, first=1)[0]
        ids |= {found: ids.get(found, "name") for found in near}
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
    found = Phone.objects.filter(number__in=_phone_forms(digits))
    return list(found.values_list("person_id", flat=True)[:MOST])


def _phone_forms(digits: str) -> list[str]:
    """A number as it may be kept: as typed, or with the code of a country that the caller left out."""
    forms = [digits]
    if len(digits) == 11 and digits[0] == "8":  # as one dials inside Russia and Kazakhstan
        forms.append(f"7{digits[1:]}")
    if len(digits) in (9, 10):
        forms += [f"{code}{digits.removeprefix('0')}" for code in CODES]
    return forms


def _by_name(
    asked: Sequence[Asked], within: Sequence[str] = (), *, first: int = 0
) -> tuple[list[UUID], bool]:
    """People of whom every word is a name or a place: as spelled, else by sound or with one slip of the hand.

    Where three words or more find nobody, one of them may be wrong, or a surname of another time.
    """
    words = [word for word in asked[:WORDS] if word.exact]
    if not words:
        return [], False
    exact = [[*word.exact, *_places_called(word.word)] for word in words]
    slips = [[*word.loose, *_slips(word), *_places_called(word.word)] for word in words]
    attempts = [exact, slips]
    if len(words) > 2:
        attempts += [exact[:place] + exact[place + 1 :] for place in range(len(words))]
    for attempt in attempts[first:]:
        ids = _find([*attempt, *([list(within)] if within else [])])
        if ids:
            return ids[:MOST], len(ids) > MOST
    return [], False


def _find(tokens: Sequence[Sequence[str]]) -> list[UUID]:
    """People with a name that holds one of each of these tokens, in the scope of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT safar_find(%s::jsonb, %s)", [json.dumps(tokens), MOST + 1])
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))


@lru_cache(maxsize=512)
def _slips(asked: Asked) -> tuple[str, ...]:
    """The keys that one letter more, less or other, or two neighbours exchanged, make of a word's key."""
    key = next((token[2:] for token in asked.exact if token.startswith("k:")), "")
    if len(key) < SHORTEST_SLIP:
        return ()
    halves = [(key[:place], key[place:]) for place in range(len(key) + 1)]
    near = {left + right[1:] for left, right in halves if right}
    near |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    near |= {left + letter + right[1:] for left, right in halves if right for letter in LETTERS}
    near |= {left + letter + right for left, right in halves for letter in LETTERS}
    return tuple(sorted(f"k:{one}" for one in near - {key}))


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
    """The people, best first. A file that was merged is found as the person it belongs to, under all their names."""
    rows = list(people_of(acting).filter(id__in=list(because)[:MOST]).select_related("merged_into"))
    heads = {row.pk: row.merged_into or row for row in rows}
    names: dict[UUID, list[Name]] = {}
    for name in PersonName.objects.filter(person__in=heads).order_by("-shown", "id"):
        told = Name(name.surname, name.given_name, name.patronymic)
        names.setdefault(heads[name.person_id].pk, []).append(told)
    reasons: dict[UUID, str] = {}
    for row in rows:
        reasons.setdefault(heads[row.pk].pk, because[row.pk])
    found = [
        _shown(head, tuple(names.get(head.pk, ())), reasons[head.pk], words)
        for head in {head.pk: head for head in heads.values()}.values()
    ]
    return sorted(found, key=lambda one: (-one.strength, one.reference))


def _shown(person: Person, names: tuple[Name, ...], because: str, words: Sequence[str]) -> Found:
    return Found(
        person_id=person.pk,
        reference=person.reference,
        names=names,
        birth_date=person.birth_date,
        birth_precision=person.birth_precision,
        sex=person.sex,
        home_id=person.home_id,
        destination=person.destination,
        region=person.region,
        because=(because,),
        strength=_closeness(names, words),
    )


def _asked_words(text: str) -> tuple[str, ...]:
    return words_of(text)


def _closeness(names: Sequence[Name], words: Sequence[str]) -> int:
    """How well each typed word fits the best of all names, old ones too; a father's name counts less."""
    own = {word: 1 for name in names for part in (name.surname, name.given_name) for word in words_of(part)}
    for name in names:
        for word in words_of(name.patronymic):
            own.setdefault(word, 0)
    return sum(
        max((2 * _fits(word, one) + weight for one, weight in own.items()), default=0) for word in words
    )


@lru_cache(maxsize=20_000)
def _fits(typed: str, own: str) -> int:
    """From 0 to 7: letter for letter, by sound, by key, as a beginning, as an initial, with a slip, by consonants."""
    if typed == own:
        return 7
    if len(typed) == 1:
        return 2 if set(initials_of(typed)) & set(initials_of(own)) else 0
    asked, kept = read_name(typed), read_name(own)
    if asked.key == kept.key:
        return 6 if asked.sounds == kept.sounds else 5
    if own.startswith(typed) or bare_key(asked.key) == bare_key(kept.key):
        return 4
    if any(kept.key.startswith(begun) for begun in typed_keys(typed) if begun):
        return 3
    if one_slip(asked.key, kept.key):
        return 2
    return int(skeleton(asked.key) == skeleton(kept.key))


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
_BORN = {"same": 6, "swapped": 4, "year_only": 3, "one_digit": 3, "year": 2, "missing": 0, "different": -5}
_LEVEL = {
    "same": Level.SAME, "swapped": Level.SOUND, "year_only": Level.PART, "one_digit": Level.SOUND,
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
            return "year_only"
    digits = zip(typed.strftime("%Y%m%d"), known.strftime("%Y%m%d"), strict=True)
    if sum(a != b for a, b in digits) == 1:
        return "one_digit"
    return "year" if typed.year == known.year else "different"
