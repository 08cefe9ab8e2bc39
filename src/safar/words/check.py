"""Says what is wrong with the words of the desk: what one language has and another lacks."""

import string
from collections.abc import Iterator
from pathlib import Path

from safar.words.catalogue import LANGUAGES, Sentence, read_words
from safar.words.sentences import plurals_of


def problems(content: Path | None = None) -> Iterator[str]:
    """Every key must be in every language with the same placeholders, and a plural must have all its forms."""
    words = {language: read_words(language, content).sentences for language in LANGUAGES}
    for key in sorted(set().union(*words.values())):
        lacking = [language for language in LANGUAGES if key not in words[language]]
        if lacking:
            yield f"{key} has no words in {', '.join(lacking)}"
        told = {language: words[language][key] for language in LANGUAGES if language not in lacking}
        yield from _unlike(key, told)


def _unlike(key: str, told: dict[str, Sentence]) -> Iterator[str]:
    plural = {language for language, found in told.items() if not isinstance(found, str)}
    if plural and plural != set(told):
        yield f"{key} is a plural in {', '.join(sorted(plural))} only"
    for language in sorted(plural):
        lacking = plurals_of(language) - set(told[language])
        if lacking:
            yield f"{key} in {language} lacks the form {', '.join(sorted(lacking))}"
    named = {language: _placeholders(found) for language, found in told.items()}
    if not key.startswith("written.") and len({*named.values()}) > 1:
        yield f"{key} has other placeholders in one language than in another: " + "; ".join(
            f"{language} {', '.join(sorted(names)) or 'none'}" for language, names in sorted(named.items())
        )


def _placeholders(found: Sentence) -> frozenset[str]:
    texts = [found] if isinstance(found, str) else found.values()
    return frozenset(name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name)
