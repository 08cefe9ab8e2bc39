"""Chooses between the forms of a name that there are; it makes none up."""

from collections.abc import Mapping

from safar.words.sentences import chain

LATIN = frozenset({"uz", "en"})


def script_of(language: str) -> str:
    """The script in which names are shown to readers of the language: ``Cyrl`` or ``Latn`` (ISO 15924)."""
    return "Latn" if language in LATIN else "Cyrl"


def chosen(language: str, names: Mapping[str, str]) -> str:
    """The name for the reader among {language: name} or {script: name}.

    The reader's own language first, then others in the same script, then any; empty where there is none.
    """
    order = [*chain(language), *names]
    alike = [name for name in order if script_of(name) == script_of(language)]
    for name in (script_of(language), *alike, *order):
        if names.get(name):
            return names[name]
    return ""
