"""A full name in one field: which of its words are the surname, the given name, the patronymic."""

from dataclasses import dataclass

from safar.linkage.names import is_particle, plain_words, worn_ending


@dataclass(frozen=True)
class Name:
    """A name as it was written; a field that is not known is empty."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""


def split_name(text: str | None) -> Name:
    """The parts of a full name, told by endings and particles; where these are silent, in the order of papers.

    Two words without any sign are read as surname and given name. Raises nothing; an empty text is an empty name.
    """
    words = _marked(text or "")
    if not words:
        return Name()
    surname = _first(words, "surname")
    if surname is None:
        surname = _first(words, "kin")
    if surname is None:
        surname = 0 if len(words) > 1 or not words[0][1] else None
    others = [place for place in range(len(words)) if place != surname]
    patronymic = next((place for place in others if words[place][1] == "patronymic"), None)
    if patronymic is None and len(others) > 1:
        marked = [place for place in others if words[place][1] in ("kin", "surname")]
        patronymic = marked[-1] if marked else others[-1] if len(others) == 2 else None
    given = [words[place][0] for place in others if place != patronymic]
    return Name(
        surname="" if surname is None else words[surname][0],
        given_name=" ".join(given),
        patronymic="" if patronymic is None else words[patronymic][0],
    )


def _marked(text: str) -> list[tuple[str, str]]:
    """Words with what they show themselves to be; a word before уулу or кызы is of kin."""
    out: list[tuple[str, str]] = []
    for word in plain_words(text):
        if not is_particle(word):
            out.append((word, worn_ending(word)))
        elif out:
            out[-1] = (out[-1][0], "kin")
    return out


def _first(words: list[tuple[str, str]], mark: str) -> int | None:
    return next((place for place, (_, shown) in enumerate(words) if shown == mark), None)
