"""Search by any part of a name: the tokens a person stores, and those a typed line asks for.

Tokens are texts for one PostgreSQL ``text[]`` column under GIN, prefixed so that they never collide::

    k:rahem   key of a word                        found by ``keys && ARRAY['k:…']``
    s:rkm     skeleton of a word                   the same, where the keys found too little
    p:rah     first three sounds, first five       finds a word that is still being typed
    i:r       what the word may be shortened to    finds Раҳимов Ҷ., JAMSHED R.

Every word of the line must be found, whatever its field: that makes the order of names, and a full name in one field,
indifferent. GIN cannot search an array by prefix; so beginnings are tokens themselves: a typed
beginning of three or four sounds finds by three, a longer one by five.
"""

from dataclasses import dataclass

from safar.linkage.names import bare_key, initials_of, read_name, skeleton, typed_keys, words_of

READING = (
    "1"  # raise it when this code gives other tokens for the same content/names: stored ones are made anew
)
_PREFIXES = (5, 3)
_LONGEST_INITIAL = 2


@dataclass(frozen=True)
class Asked:
    """One word of a typed line: a row answers if its keys overlap ``exact``; ``loose`` finds more, with noise."""

    word: str
    exact: tuple[str, ...]
    loose: tuple[str, ...]


def name_keys(
    surname: str | None = None, given_name: str | None = None, patronymic: str | None = None
) -> tuple[str, ...]:
    """The tokens of a person's name, sorted; store them, and those of earlier names too, in one array."""
    tokens: set[str] = set()
    for field in (surname, given_name, patronymic):
        words = words_of(field)
        for word in {*words, *_halves(words), "".join(words)} if words else ():
            tokens |= _stored(word)
    return tuple(sorted(tokens))


def query_keys(text: str, *, typing: bool = True) -> tuple[Asked, ...]:
    """What a typed line asks for, word by word; words with digits are no names and are passed over.

    A word of one letter, or a short one before a point (Дж.), is an initial. While ``typing``, the last
    word may be unfinished.
    """
    parts = [part for part in text.replace(".", ". ").split() if not any(sign.isdigit() for sign in part)]
    asked = [(part, word) for part in parts for word in words_of(part)]
    return tuple(
        _asked(part, word, typing and place == len(asked) - 1) for place, (part, word) in enumerate(asked)
    )


def _asked(part: str, word: str, unfinished: bool) -> Asked:
    if len(word) == 1 or (part.endswith(".") and len(word) <= _LONGEST_INITIAL):
        letters = tuple(f"i:{letter}" for letter in initials_of(word[0]))
        return Asked(word, letters, letters)
    key = read_name(word).key
    bones = skeleton(key)
    exact = [f"k:{key}", f"k:{bare_key(key)}"]
    if unfinished:
        exact += [f"p:{_beginning(typed)}" for typed in typed_keys(word) if _beginning(typed)]
    return Asked(word, tuple(dict.fromkeys(exact)), tuple(dict.fromkeys([*exact, f"s:{bones}"])))


def _stored(word: str) -> set[str]:
    read = read_name(word.replace("-", ""))
    if not read.key:
        return set()
    bare = bare_key(read.key)
    return {
        f"k:{read.key}",
        f"k:{bare}",
        f"s:{skeleton(read.key)}",
        f"s:{skeleton(bare)}",
        *(f"p:{key[:size]}" for key in (read.key, read.plain) for size in _PREFIXES if len(key) >= size),
        *(f"i:{letter}" for letter in initials_of(word)),
    }


def _halves(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(half for word in words for half in word.split("-") if len(half) > 1)


def _beginning(typed: str) -> str:
    return next((typed[:size] for size in _PREFIXES if len(typed) >= size), "")
