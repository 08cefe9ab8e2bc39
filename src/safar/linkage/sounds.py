"""Any script as sounds: letters of Cyrillic, Latin and legacy fonts become one small Latin alphabet.

The tables stand in content/names/letters.yaml and sounds.yaml; this module only applies them.
"""

import re
import unicodedata

from safar.linkage.name_data import NameData

_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_VOWELS = re.compile(r"y+[aeiou][aeiouy]*|[aeiou][aeiouy]+")  # runs; a vowel alone stays what it is
_GLIDE_ALONE = re.compile(r"(?<![aeiou])y(?![aeiou])")
_DOUBLED = re.compile(r"(.)\1+")
_SILENT = re.compile(r"(?<=[aeu])h\Z")
_SIGN = re.compile(r"[^a-z]")


def sounds_of(word: str, data: NameData, *, french: bool = False) -> str:
    """The sounds of one word in lower case; ``french`` reads a Latin ch as ш."""
    cyrillic = 0 if word.isascii() else len(_CYRILLIC.findall(word))
    if not cyrillic:
        return _only_letters(_latin(word, data, french))
    if len(word) > cyrillic > len(word) / 2:  # a Latin letter among these is a slip of the keyboard
        word = word.translate(data.lookalikes)
    return _only_letters(word.translate(data.cyrillic).replace("dj", "j"))


def _only_letters(word: str) -> str:
    return word if word.isascii() and word.isalpha() else _SIGN.sub("", word)


def _latin(word: str, data: NameData, french: bool) -> str:
    if not word.isascii():
        word = unicodedata.normalize("NFD", word.translate(data.latin))
        word = "".join(sign for sign in word if sign.isascii())
    groups = {**data.groups, "ch": "q"} if french else data.groups
    return _GLIDE_ALONE.sub("i", data.group_pattern.sub(lambda found: groups[found[0]], word))


def may_be_french(word: str) -> bool:
    """Whether the word holds a ch that English reads as ч and French as ш."""
    return "ch" in word.replace("shch", "").replace("tch", "").replace("sch", "")


def looks_french(word: str, data: NameData) -> bool:
    """Whether other letters of the word show French spelling."""
    return any(mark in word for mark in data.french_marks) and not any(
        mark in word for mark in data.french_against
    )


def folded(sounds: str, data: NameData) -> str:
    """Sounds with those made one that hands confuse: vowel groups, glides, doubles, f and p, ҷ and ч."""
    if "y" in sounds:
        sounds = _GLIDE_ALONE.sub("", sounds)
    word = _VOWELS.sub(_vowel, sounds).translate(data.key_sounds)
    word = _DOUBLED.sub(r"\1", word)
    for pair, one in data.clusters:
        word = word.replace(pair, one)
    return _SILENT.sub("", word)


def ended(word: str, data: NameData) -> str:
    """The last consonant as it is heard: Мурод and Мурат end alike."""
    return word[:-1] + data.final.get(word[-1], word[-1]) if word else word


def _vowel(found: re.Match[str]) -> str:
    """One sound for a run of vowels and glides: иё, ия, ia are a; ай, ai, ей, ei are ay; iu is u; ие is иё."""
    run = found[0]
    back = max(run.rfind("a"), run.rfind("o"))
    if back >= 0:
        tail = run[back + 1 :]
        return "a" + ("v" if tail[:1] == "u" else "y" if tail else "")
    if "u" in run:
        return "u"
    front = run.find("e")
    if front >= 0 and any(sign in "iy" for sign in run[front + 1 :]):
        return "ay"
    return "a" if front > 0 and run[front - 1] in "iy" and "i" in run[:front] else "e"
