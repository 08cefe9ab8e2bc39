"""Name keys: one spelling-blind word for a name in any script.

A name is read in three steps, each further from the paper: *sounds* (one alphabet for every script), *stem* (endings
of surname and patronymic cut), *key* (sounds that hands confuse are one sound, known variants one name). A *skeleton*
is the consonants of a key in coarse classes: good for finding, never for deciding.

All tables stand in ``content/names/``. A key depends on its text alone, so a table keys each distinct spelling once.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from safar.base import DataError
from safar.linkage.name_data import NameData, name_data
from safar.linkage.sounds import ended, folded, looks_french, may_be_french, sounds_of

_WORD = re.compile(r"[^\W\d_]+(?:['-]+[^\W\d_]+)*'*")
_APOSTROPHES = str.maketrans(dict.fromkeys("ʻʼ’‘`´′", "'") | dict.fromkeys("‐‑–—", "-"))
_SPACES_AND_POINTS = re.compile(r"[\s.]")
_VOWEL = re.compile(r"[aeiou]")
_DOUBLED = re.compile(r"(.)\1+")
_SHORTEST_BARE = 3
_LONGEST_ENDING = 12  # letters; where to begin to look for one


@dataclass(frozen=True)
class Reading:
    """One name read in three steps; empty texts where there is nothing to read."""

    sounds: str = ""
    stem: str = ""
    plain: str = ""  # the key before known variants are looked up
    key: str = ""
    worn: str = ""  # what the ending shows: surname, patronymic or nothing


def name_key(text: str | None) -> str:
    """The key of one name in any script: a surname, a given name or a patronymic, of one or more words; "" if none."""
    return read_name(text).key


def read_name(text: str | None) -> Reading:
    """The three steps of one name; its words are read together, so Абдул Карим is Абдулкарим."""
    word = "".join(words_of(text))
    return _model().read(word.replace("-", "")) if word else Reading()


def skeleton(key: str) -> str:
    """The consonants of a key in coarse classes; ``-`` stands for a vowel at the beginning."""
    if not key:
        return ""
    bones = _DOUBLED.sub(r"\1", key.translate(_model().data.skeleton))
    return "-" + bones if key[0] in "aeu" else bones


def typed_keys(word: str) -> tuple[str, ...]:
    """How the key of a word that is still being typed may begin; the last letter may be half of an ending."""
    data = _model().data
    sounds = _model().sounds(word.replace("-", ""))
    return tuple(dict.fromkeys((folded(sounds, data), folded(sounds[:-1], data))))


def bare_key(key: str) -> str:
    """The key without optional endings (-ҷон, -бек, -хон, -бекҷон …), or the key itself where it wears none."""
    model = _model()
    cut = key[: len(key) - len(model.optional.at_end(key))]
    return key if len(cut) < _SHORTEST_BARE or cut == key else bare_key(ended(cut, model.data))


def initials_of(word: str) -> tuple[str, ...]:
    """Letters that may stand for a word of two or more letters as its initial; for one letter, what it asks for."""
    return initials_of_reading(word, read_name(word))


def initials_of_reading(word: str, read: Reading) -> tuple[str, ...]:
    """``initials_of`` for a word that has been read."""
    data = _model().data
    if len(word) == 1:
        return (word.lower() if word.isascii() else folded(read.sounds, data)[:1],)
    firsts = {read.key[:1], read.plain[:1]} - {""}
    return tuple(sorted({letter for first in firsts for letter in data.initials.get(first, first)}))


def worn_ending(word: str) -> str:
    """What the ending of a word shows it to be: ``surname``, ``patronymic`` or "" where it shows nothing."""
    return read_name(word).worn


@lru_cache(maxsize=1)
def alike_keys() -> frozenset[str]:
    """Keys of given names that are no slip for another one of these."""
    return frozenset(name_key(name) for name in _model().data.alike)


def is_placeholder(text: str) -> bool:
    """Whether a clerk wrote only that the name is not known."""
    blanks, longest = _model().blanks, _model().longest_blank
    return (
        len(text) <= 2 * longest
        and _SPACES_AND_POINTS.sub("", text.lower().translate(_APOSTROPHES)) in blanks
    )


def words_of(text: str | None) -> tuple[str, ...]:
    """Words of a name in lower case, without particles (уулу, kyzy …) and without what means "not known"."""
    return tuple(word for word in plain_words(text or "") if not is_particle(word))


def plain_words(text: str) -> list[str]:
    """All words in lower case, apostrophes alike; none if the text says that the name is not known."""
    if not text or is_placeholder(text):
        return []
    return _WORD.findall(_lowered(text))


def _lowered(text: str) -> str:
    if text.isascii():
        return text.lower().replace("`", "'")
    return unicodedata.normalize("NFC", text).casefold().translate(_APOSTROPHES)


def is_particle(word: str) -> bool:
    """Whether a word only says "son of", "daughter of", "Mr"."""
    return word in _model().particles


class _Ends:
    """Words looked for at the beginning or the end of a longer one, the longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._sizes = sorted({len(word) for word in self._words}, reverse=True)

    def at_start(self, text: str) -> str:
        return next((text[:size] for size in self._sizes if text[:size] in self._words), "")

    def at_end(self, text: str) -> str:
        return next((text[-size:] for size in self._sizes if text[-size:] in self._words), "")


@dataclass(frozen=True)
class _Model:
    """What is worked out once from the tables; variants are spellings there, so the model reads them itself."""

    data: NameData
    blanks: frozenset[str]
    longest_blank: int
    particles: frozenset[str]
    keep: frozenset[str]
    french: _Ends
    optional: _Ends
    names: Mapping[str, str]
    parts: Mapping[str, str]
    part_ends: _Ends
    swallowed: Mapping[str, str]
    swallowed_ends: _Ends

    def read(self, word: str) -> Reading:
        sounds = self.sounds(word)
        stem, shown = _cut(sounds, self.data)
        if stem != sounds and folded(sounds, self.data) in self.keep:
            stem, shown = sounds, ""
        plain = _restored(folded(stem, self.data), self.swallowed, self.swallowed_ends)
        if len(plain) == 1:  # an initial ends in nothing
            return Reading(sounds, stem, plain, plain)
        return Reading(sounds, stem, ended(plain, self.data), ended(self.known(plain), self.data), shown)

    def sounds(self, word: str) -> str:
        """Sounds of a word; where ch may be ч or ш, French letters or a known name decide."""
        if not may_be_french(word):
            return sounds_of(word, self.data)
        french = sounds_of(word, self.data, french=True)
        stem = folded(_cut(french, self.data)[0], self.data)
        if looks_french(word, self.data) or self.french.at_start(stem) or self.french.at_end(stem):
            return french
        return sounds_of(word, self.data)

    def known(self, plain: str) -> str:
        """The name that a variant stands for: whole, with an optional ending, or as a part of a compound."""
        whole = self.names.get(plain)
        if whole is not None:
            return whole
        ending = self.optional.at_end(plain)
        if ending and plain[: -len(ending)] in self.names:
            return self.names[plain[: -len(ending)]] + ending
        changed = _with_parts(plain, self.parts, self.part_ends)
        return self.names.get(changed, changed)


def _restored(plain: str, swallowed: Mapping[str, str], ends: _Ends) -> str:
    """Саиджон as Саидҷон: in дж the д of the name cannot be told from that of ҷ."""
    end = ends.at_end(plain) if plain.endswith("jan") else ""
    return plain[: len(plain) - len(end)] + swallowed.get(end, "")


def _with_parts(plain: str, parts: Mapping[str, str], ends: _Ends) -> str:
    """Known parts at the beginning and the end of a compound, each by its own name."""
    start = ends.at_start(plain)
    plain = parts.get(start, "") + plain[len(start) :]
    end = ends.at_end(plain) if not start or len(plain) > len(parts[start]) else ""
    return plain[: len(plain) - len(end)] + parts.get(end, "")


def _cut(sounds: str, data: NameData) -> tuple[str, str]:
    """Cut endings one after another while enough stays; the second text says what the first cut one shows."""
    shown = ""
    for ending in data.endings:
        found = ending.pattern.search(sounds, max(0, len(sounds) - _LONGEST_ENDING))
        while found and found.start() >= ending.least and _VOWEL.search(sounds, 0, found.start()):
            sounds = sounds[: found.start()]
            shown = shown or (ending.of if ending.of != "either" else "")
            found = ending.pattern.search(sounds, max(0, len(sounds) - _LONGEST_ENDING))
    return sounds, shown


@lru_cache(maxsize=1)
def _model() -> _Model:
    data = name_data()

    def sounds(text: str, *, french: bool = False) -> str:
        return sounds_of(_lowered(text).replace(" ", ""), data, french=french)

    stems = [folded(sounds(name), data) for name in data.lost_d]
    swallowed = {stem[:-1] + "jan": stem + "jan" for stem in stems}
    swallowed_ends = _Ends(swallowed)

    def plain(text: str) -> str:
        return _restored(folded(_cut(sounds(text), data)[0], data), swallowed, swallowed_ends)

    worn = {folded(sounds(text), data) for text in data.optional}
    worn |= {ended(ending, data) for ending in worn}
    parts = _readings(data.variant_parts, plain)
    ends = _Ends(parts)
    blanks = frozenset(_SPACES_AND_POINTS.sub("", text.lower()) for text in data.placeholders) - {""}
    return _Model(
        data=data,
        blanks=blanks,
        longest_blank=max(map(len, blanks)),
        particles=frozenset(text.lower().translate(_APOSTROPHES) for text in data.particles),
        keep=frozenset(folded(sounds(text), data) for text in data.keep),
        french=_Ends(plain(text) for text in data.french_known),
        optional=_Ends(worn),
        names={
            other: _with_parts(first, parts, ends)
            for other, first in _readings(data.variant_names, plain).items()
        },
        swallowed=swallowed,
        swallowed_ends=swallowed_ends,
        parts=parts,
        part_ends=ends,
    )


def _readings(groups: Iterable[tuple[str, ...]], plain: Callable[[str], str]) -> dict[str, str]:
    """Every other reading of a group, and the reading of its first spelling that it stands for."""
    told: dict[str, str] = {}
    for group in groups:
        first = plain(group[0])
        for other in {plain(spelling) for spelling in group}:
            if told.setdefault(other, first) != first:
                raise DataError(
                    f"content/names/variants.yaml: {group} shares {other!r} with another group; part them"
                )
    return {other: first for other, first in told.items() if other != first}
