"""The name model as data: reads ``content/names/`` once and compiles it. No rule about names stands in code."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from safar.base import DataError, content_path


@dataclass(frozen=True)
class Ending:
    """An ending that is cut while ``least`` sounds stay; ``of`` is surname, patronymic or either."""

    pattern: re.Pattern[str]
    least: int
    of: str


@dataclass(frozen=True)
class NameData:
    """The raw tables of content/names, ready to use; spellings are still spellings."""

    cyrillic: Mapping[int, str]  # for str.translate
    lookalikes: Mapping[int, str]
    latin: Mapping[int, str]
    groups: Mapping[str, str]
    group_pattern: re.Pattern[str]
    french_marks: tuple[str, ...]
    french_against: tuple[str, ...]
    french_known: tuple[str, ...]
    initials: Mapping[str, str]
    key_sounds: Mapping[int, str]
    clusters: tuple[tuple[str, str], ...]
    final: Mapping[str, str]
    skeleton: Mapping[int, str]
    endings: tuple[Ending, ...]
    keep: tuple[str, ...]
    particles: frozenset[str]
    optional: tuple[str, ...]
    variant_names: tuple[tuple[str, ...], ...]
    variant_parts: tuple[tuple[str, ...], ...]
    lost_d: tuple[str, ...]
    alike: tuple[str, ...]
    placeholders: frozenset[str]
    placeholder_days: frozenset[str]
    placeholder_dates: frozenset[str]


@lru_cache(maxsize=2)
def name_data(folder: Path | None = None) -> NameData:
    """The tables in ``folder`` (default ``content/names``). Raises DataError naming the file and what it lacks."""
    place = folder or content_path() / "names"
    letters, sounds = _read(place / "letters.yaml"), _read(place / "sounds.yaml")
    endings, variants = _read(place / "endings.yaml"), _read(place / "variants.yaml")
    blank, alike = _read(place / "placeholders.yaml"), _read(place / "alike.yaml")
    try:
        return NameData(
            cyrillic=str.maketrans({**letters["cyrillic"], **letters["legacy"]}),
            lookalikes=str.maketrans(letters["lookalikes"]),
            latin=str.maketrans(letters["latin"]),
            groups=letters["groups"],
            group_pattern=_any_of(letters["groups"]),
            french_marks=tuple(letters["french"]["marks"]),
            french_against=tuple(letters["french"]["against"]),
            french_known=tuple(letters["french"]["known"]),
            initials=letters["initials"],
            key_sounds=str.maketrans(sounds["key"]),
            clusters=tuple(sounds["clusters"].items()),
            final=sounds["final"],
            skeleton=str.maketrans({**sounds["skeleton"], **dict.fromkeys("aeouy", "")}),
            endings=tuple(
                Ending(re.compile(e["ends"] + r"\Z"), e["least"], e["of"]) for e in endings["worn"]
            ),
            keep=tuple(endings["keep"]),
            particles=frozenset(endings["particles"]),
            optional=tuple(endings["optional"]),
            variant_names=_groups(variants["names"]),
            variant_parts=_groups(variants["parts"]),
            lost_d=tuple(variants["lost_d"]),
            alike=tuple(name for group in alike["given"] for name in group),
            placeholders=frozenset(blank["names"]),
            placeholder_days=frozenset(blank["days"]),
            placeholder_dates=frozenset(blank["dates"]),
        )
    except (KeyError, TypeError, re.error) as error:
        raise DataError(
            f"{place}: the name model lacks or misspells {error}; see docs/guides/names.md"
        ) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(YAML(typ="safe").load(path.read_text("utf-8")))
    except (OSError, YAMLError, TypeError, ValueError) as error:
        raise DataError(f"{path}: not a readable table of names: {str(error).splitlines()[0]}") from None


def _groups(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows)


def _any_of(words: Mapping[str, str] | Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
