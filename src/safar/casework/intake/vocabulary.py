"""The words of lists: how columns are headed and how codes are written, from content/intake, in any script."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from ruamel.yaml import YAML

from safar.atlas.folding import fold, without_kind
from safar.base import DataError, content_path

COUNTRY_LANGUAGES = ("ru", "en", "ky", "uz_Latn", "uz_Cyrl", "tg", "kk")
KINDS = frozenset(
    {"name", "sex", "birth", "place", "country", "destination", "region", "purpose", "day", "phone", "phone_abroad",
     "document", "text", "relation", "ignore"}
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A column that Safar knows: its name, how its cells are read, and heads by which lists call it, folded."""

    name: str
    kind: str
    heads: tuple[str, ...]


@cache
def fields() -> Mapping[str, Field]:
    """All fields by name, in the order of the page."""
    told = _read("columns.yaml")["fields"]
    found = {
        name: Field(name, about["kind"], tuple(dict.fromkeys(fold(head) for head in about["heads"])))
        for name, about in told.items()
    }
    for field in found.values():
        if field.kind not in KINDS:
            raise DataError(
                f"content/intake/columns.yaml: {field.name} is of kind {field.kind!r}; there are {sorted(KINDS)}"
            )
    return found


@cache
def heads() -> Mapping[str, str]:
    """Folded head -> field. A head that two fields claim is an error of the table."""
    found: dict[str, str] = {}
    for field in fields().values():
        for head in field.heads:
            if found.setdefault(head, field.name) != field.name:
                raise DataError(
                    f"content/intake/columns.yaml: {head!r} heads {found[head]} and {field.name}; part them"
                )
    return found


@cache
def codes(kind: str) -> Mapping[str, str]:
    """Folded word -> code, for sex, purpose and relation."""
    return _folded(_read("values.yaml")[kind].items())


@cache
def countries() -> Mapping[str, str]:
    """Folded name of a country in any language -> ISO 3166-1 alpha-2; the short ones of lists first."""
    named = (
        (code, [name])
        for language in COUNTRY_LANGUAGES
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha()
    )
    own = _folded(_read("values.yaml")["country"].items())
    return {**_first(named), **own, **{code.lower(): code for code in own.values()}}


@cache
def regions() -> Mapping[str, str]:
    """Folded name of a region or city of Russia and Kazakhstan -> ISO 3166-2."""
    own = _read("values.yaml")["region"]
    official: dict[str, list[str]] = {}
    for path in sorted((content_path() / "words").glob("*/regions.yaml")):
        for code, name in YAML(typ="safe").load(path.read_text("utf-8")).items():
            official.setdefault(code, []).append(name)
    whole = _first(official.items())
    short = {without_kind(name): code for code, names in official.items() for name in names}
    written = {fold(code): code for code in official}
    return {**short, **whole, **written, **_folded(own.items())}


@cache
def never_words() -> frozenset[str]:
    """Folded words by which a list says that something surely is not so."""
    return frozenset(fold(word) for word in _read("values.yaml")["never"])


@cache
def months() -> Mapping[str, int]:
    """Folded name of a month -> its number."""
    named = enumerate(_read("values.yaml")["months"], 1)
    return {fold(word): number for number, words in named for word in words}


def _folded(told: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, words in told:
        for word in words:
            key = fold(str(word))
            if found.setdefault(key, code) != code:
                raise DataError(
                    f"content/intake/values.yaml: {word!r} stands for {found[key]} and {code}; part them"
                )
    return found


def _first(told: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """As ``_folded``, where the first one keeps a name that two share."""
    found: dict[str, str] = {}
    for code, words in told:
        for word in words:
            found.setdefault(fold(word), code)
    return found


@cache
def _read(name: str) -> dict[str, Any]:
    path = content_path() / "intake" / name
    try:
        return dict(YAML(typ="safe").load(path.read_text("utf-8")))
    except OSError:
        raise DataError(f"{path}: is missing; lists cannot be read without it") from None
