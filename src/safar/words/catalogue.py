"""Reads the sentences of one language from ``content/words/<language>/``.

``desk.yaml`` holds what every page shares; its keys stand as they are (``role.officer``). ``desk/<room>.yaml`` holds a
room's own; its keys begin with the room's name (``people.title``). Only the block ``refused`` of a room joins the one
of ``desk.yaml``, because an error knows its code and not the room that shows it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from safar.base import SafarError, content_path
from safar.words.store import kept

LANGUAGES = ("tg", "ky", "uz", "ru", "en")
PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})  # the categories of CLDR
SHARED = "refused"
DRAFT = "draft"  # in the first line of desk.yaml: no native speaker has read it yet

Sentence = str | Mapping[str, str]


class WordsError(SafarError):
    """A sentence is missing or wrong: which, in which language or file."""


@dataclass(frozen=True)
class Words:
    """One language. ``sentences``: key -> sentence, or {CLDR plural category: sentence}. ``months``: as in a date."""

    language: str
    draft: bool
    sentences: Mapping[str, Sentence]
    day: str  # "{day} {month} {year}"
    months: tuple[str, ...]


@lru_cache(maxsize=16)
def read_words(language: str, content: Path | None = None) -> Words:
    """The words of a language; WordsError where there are none."""
    folder = (content or content_path()) / "words" / language
    if not (folder / "desk.yaml").is_file():
        raise WordsError(f"no words for the desk in {language!r}: {folder / 'desk.yaml'} is missing")
    told = kept(f"desk-words-{language}", files_of(folder), lambda: read_folder(folder))
    return Words(language, told["draft"], told["sentences"], told["day"], tuple(told["months"]))


def files_of(folder: Path) -> list[Path]:
    """The files that the words of the desk come from."""
    dates = folder / "reasons.yaml"
    return [
        folder / "desk.yaml",
        *sorted((folder / "desk").glob("*.yaml")),
        *([dates] if dates.is_file() else []),
    ]


def read_folder(folder: Path) -> dict[str, Any]:
    """The words of one language from its YAML, without any copy; JSON-able."""
    sentences: dict[str, Sentence] = {}
    for path in files_of(folder):
        if path.name != "reasons.yaml":
            room = "" if path.parent == folder else f"{path.stem}."
            for key, value in _flat(_load(path), path, ""):
                full = key if key.startswith(f"{SHARED}.") else room + key
                if full in sentences:
                    raise WordsError(f"{path}: {full} has words twice")
                sentences[full] = value
    dates = _load(folder / "reasons.yaml") if (folder / "reasons.yaml").is_file() else {}
    alone = [str(sentences.get(f"written.month.{number}", number)) for number in range(1, 13)]
    with (folder / "desk.yaml").open(encoding="utf-8") as file:
        draft = DRAFT in file.readline().lower()
    return {
        "draft": draft,
        "sentences": sentences,
        "day": dates.get("day", "{day} {month} {year}"),
        "months": dates.get("months", alone),
    }


def _load(path: Path) -> Mapping[str, Any]:
    from ruamel.yaml import YAML  # only when there is no copy; a start with one is quicker by its import
    from ruamel.yaml.error import MarkedYAMLError

    try:
        told = YAML(typ="safe", pure=True).load(path.read_text("utf-8")) or {}
    except MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise WordsError(
            f"{path}{line}: not YAML: {error.problem}; quote a sentence that holds ': '"
        ) from None
    except UnicodeDecodeError:
        raise WordsError(f"{path}: not UTF-8 text; save it as UTF-8") from None
    if not isinstance(told, Mapping):
        raise WordsError(f"{path}: must hold keys with sentences")
    return told


def _flat(block: Mapping[Any, Any], path: Path, before: str) -> Iterator[tuple[str, Sentence]]:
    for name, value in block.items():
        key = f"{before}{name}"
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, Mapping) and "other" in value and set(value) <= PLURALS:
            yield key, {form: str(text) for form, text in value.items()}
        elif isinstance(value, Mapping):
            yield from _flat(value, path, f"{key}.")
        else:
            raise WordsError(f"{path}: {key} must be a sentence (in quotes if it is a number, yes or no)")


def packable(content: Path) -> dict[str, Any]:
    """The words of every language by the name of their copy, for a wheel that brings them ready-made."""
    return {f"desk-words-{language}": read_folder(content / "words" / language) for language in LANGUAGES}
