"""Finds the sentence for a reader: the language or, aloud, the next one; the plural that fits a number."""

import logging
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel import Locale

from safar.words.catalogue import LANGUAGES, Sentence, WordsError, read_words

# Where a sentence is missing, whoever reads the first reads the next; Russian is read in all four countries.
NEXT = {"tg": "ru", "ky": "ru", "uz": "ru", "ru": "en", "en": "ru"}
STRICT = "SAFAR_STRICT_WORDS"  # set by the tests: a missing sentence is an error

_log = logging.getLogger(__name__)


def sentence(language: str, key: str, *, count: object = None, content: Path | None = None) -> str:
    """The sentence with its placeholders still in it; ``count`` chooses the plural. WordsError if there is none."""
    for tried in chain(language):
        found = read_words(tried, content).sentences.get(key)
        if found is not None:
            if tried != language:
                _missed(language, key, tried)
            return _form(tried, key, found, count)
    raise WordsError(f"{key} has no words in any language; add it to content/words/*/desk")


def known(language: str, key: str) -> bool:
    """Whether the language, or one that stands in for it, has the sentence."""
    return any(key in read_words(tried).sentences for tried in chain(language))


def chain(language: str) -> Iterator[str]:
    """The language, and those that stand in for it, in order."""
    if language not in LANGUAGES:
        raise WordsError(f"no words in {language!r}; there are {', '.join(LANGUAGES)}")
    seen: list[str] = []
    while language not in seen:
        yield language
        seen.append(language)
        language = NEXT[language]


def plurals_of(language: str) -> frozenset[str]:
    """The CLDR categories that a plural sentence of this language needs; ``other`` alone for Tajik."""
    return frozenset(_locale(language).plural_form.tags) | {"other"}


def _form(language: str, key: str, found: Sentence, count: object) -> str:
    if isinstance(found, str):
        return found
    if not isinstance(count, int | float):
        raise WordsError(f"{key} is a plural and needs a number as count=")
    return found.get(str(_locale(language).plural_form(abs(count))), found["other"])


def _missed(language: str, key: str, instead: str) -> None:
    if os.environ.get(STRICT):
        raise WordsError(f"{key} has no words in {language!r} (in {instead!r} it has)")
    _tell_once(language, key, instead)


@cache
def _tell_once(language: str, key: str, instead: str) -> None:
    _log.warning("%s has no words in %s; shown in %s", key, language, instead)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)
