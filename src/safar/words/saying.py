"""Says a whole sentence: the plural that fits, the values in the reader's form."""

from pathlib import Path

from safar.words.catalogue import WordsError
from safar.words.sentences import sentence
from safar.words.writing import written


def say(language: str, key: str, /, *, content_path: Path | None = None, **values: object) -> str:
    """The sentence with its placeholders filled: ``say("ru", "today.people", count=3)``.

    ``count`` chooses the plural. Whole and decimal numbers, days and lists are written as the reader writes them; give
    a year or a reference as text. WordsError names a key or a placeholder that is missing.
    """
    told = sentence(language, key, count=values.get("count"), content=content_path)
    try:
        return told.format(**{name: written(language, value) for name, value in values.items()})
    except (KeyError, IndexError, ValueError) as error:
        raise WordsError(f"{key} in {language!r} cannot be filled: {error}") from None
