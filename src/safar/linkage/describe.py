"""Why two names are thought to be one: a level and a reason for each field, as plain codes that words can be put to."""

from dataclasses import dataclass
from enum import IntEnum

from safar.linkage.full_name import Name
from safar.linkage.names import bare_key, initials_of, is_placeholder, read_name, skeleton, words_of


class Level(IntEnum):
    """How well two names agree; the larger the better. MISSING says nothing, for or against."""

    MISSING = -1
    DIFFERENT = 0
    SOUND = 1  # only the skeleton, or one slip of the hand
    PART = 2  # an initial, or one of several names
    BARE = 3  # but for an optional ending
    SAME = 4


@dataclass(frozen=True)
class Agreement:
    """One field of two names: ``field`` as in Name, ``level``, and ``reason``, one of the codes of ``REASONS``."""

    field: str
    level: Level
    reason: str


REASONS = {
    "same_text": Level.SAME,
    "spelling": Level.SAME,  # another script, alphabet or ear for the same letters
    "name_ending": Level.SAME,  # Раҳимов, Раҳимова, Раҳимзода, Раҳимӣ
    "known_variant": Level.SAME,  # Муҳаммад, Магомед
    "optional_ending": Level.BARE,  # Азиз, Азизбек
    "initial": Level.PART,
    "one_of_several": Level.PART,
    "one_letter": Level.SOUND,
    "consonants": Level.SOUND,
    "different": Level.DIFFERENT,
    "missing": Level.MISSING,
    "placeholder": Level.MISSING,
}


def describe_names(a: Name, b: Name) -> tuple[Agreement, ...]:
    """Surname, given name and patronymic of ``a`` against ``b``; an entry ``order`` says if they are swapped."""
    straight = (
        _compared("surname", a.surname, b.surname),
        _compared("given_name", a.given_name, b.given_name),
    )
    crossed = (
        _compared("surname", a.surname, b.given_name),
        _compared("given_name", a.given_name, b.surname),
    )
    patronymic = _compared("patronymic", a.patronymic, b.patronymic)
    if sum(x.level for x in crossed) > sum(x.level for x in straight) and crossed[1].level > Level.DIFFERENT:
        return (*crossed, patronymic, Agreement("order", Level.SAME, "swapped"))
    return (*straight, patronymic)


def _compared(field: str, a: str, b: str) -> Agreement:
    reason = _reason(a, b)
    return Agreement(field, REASONS[reason], reason)


def _reason(a: str, b: str) -> str:
    words_a, words_b = words_of(a), words_of(b)
    if not words_a or not words_b:
        return "placeholder" if is_placeholder(a) or is_placeholder(b) else "missing"
    if words_a == words_b:
        return "same_text"
    one, other = read_name(a), read_name(b)
    if one.key == other.key:
        if one.plain != other.plain:
            return "known_variant"
        return (
            "spelling"
            if _ending(one.sounds, one.stem) == _ending(other.sounds, other.stem)
            else "name_ending"
        )
    if bare_key(one.key) == bare_key(other.key):
        return "optional_ending"
    if _initial(words_a, words_b):
        return "initial"
    if {read_name(word).key for word in words_a} & {read_name(word).key for word in words_b}:
        return "one_of_several"
    if one_slip(one.key, other.key):
        return "one_letter"
    return "consonants" if skeleton(one.key) == skeleton(other.key) else "different"


def _ending(sounds: str, stem: str) -> str:
    """What was cut, without the last vowel that tells women from men."""
    return sounds[len(stem) :].replace("o", "e").rstrip("a") if sounds.startswith(stem) else ""


def _initial(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    short, long = sorted((a[0], b[0]), key=len)
    return len(short) == 1 < len(long) and bool({*initials_of(short)} & {*initials_of(long)})


def one_slip(a: str, b: str) -> bool:
    """Whether one letter more, less or other, or two neighbours exchanged, turns ``a`` into ``b``."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 3:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    if len(a) == len(b):
        swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
        return rest_a[1:] == rest_b[1:] or swapped
    return rest_a[1:] == rest_b or rest_a == rest_b[1:]
