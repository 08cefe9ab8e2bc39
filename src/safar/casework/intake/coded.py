"""Cells that hold a code in words: sex, countries, regions, purposes, relations, numbers of documents; and names."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from safar.atlas.folding import fold, without_kind
from safar.casework.intake.vocabulary import codes, countries, never_words, regions
from safar.linkage.full_name import Name, split_name
from safar.linkage.names import is_particle, is_placeholder, plain_words

DESTINATIONS = ("RU", "KZ")
SHORT_KINDS = frozenset(
    fold(word) for word in ["обл", "респ", "край", "кр", "г", "гор", "пос", "пгт", "вил", "ш"]
)
WORD = re.compile(r"[^\W\d_]+(?:['ʻʼ’‘`´′‐‑–—-]+[^\W\d_]+)*['ʻʼ’‘`´′]*\.?")
NUMBER = re.compile(r"(?<![^\W\d_])(?P<series>[^\W\d_]{0,3})[\s№#:.\-]*(?P<figures>\d[\d\s-]{3,13}\d)")
FIGURE = re.compile(r"\d")
ID_CARDS = ("ID", "AN")


@dataclass(frozen=True)
class Code:
    """A cell as a code; empty where nothing is told. ``more``: a second code that the cell tells besides."""

    value: str = ""
    more: str = ""
    problem: str = ""


NOTHING = Code()


def is_blank(text: str) -> bool:
    """Whether a cell says nothing, or only that it is not known."""
    return not text.strip() or is_placeholder(text)


def read_code(kind: str, text: str) -> Code:
    """Sex, purpose or relation."""
    if is_blank(text):
        return NOTHING
    found = codes(kind).get(fold(text))
    return Code(found) if found else Code(problem=f"{kind}_unknown")


def read_country(text: str) -> Code:
    """A country's code."""
    if is_blank(text):
        return NOTHING
    found = countries().get(fold(text)) or countries().get(without_kind(text))
    return Code(found) if found else Code(problem="country_unknown")


def read_region(text: str) -> Code:
    """The code of a region or city of Russia or Kazakhstan; ``more`` is its country."""
    if is_blank(text):
        return NOTHING
    found = _region(text)
    return Code(found, more=found[:2]) if found else Code(problem="region_unknown")


def read_destination(text: str) -> Code:
    """Where somebody went: the country's code, and in ``more`` the region where the cell names it too."""
    if is_blank(text) or fold(text) in never_words():
        return NOTHING
    country, region = "", ""
    for part in [text, *re.split(r"[,;/()]|\s[-–—]\s", text), *text.split()]:
        region = region or _region(part)
        country = country or countries().get(fold(part), "")
    country = country or region[:2]
    if not country:
        return Code(problem="country_unknown")
    if country not in DESTINATIONS:
        return Code(problem="destination_other")
    return Code(country, more=region) if region[:2] in ("", country) else Code(problem="region_elsewhere")


def read_document(text: str) -> Code:
    """The number of a passport or identity card; ``more`` is its kind."""
    if not any(sign.isdecimal() for sign in text):
        nothing = is_blank(text) or fold(text) in never_words()
        return NOTHING if nothing else Code(problem="document_wrong")
    plain = unicodedata.normalize("NFKC", text.replace("№", " ")).upper()
    found = NUMBER.search(plain)
    if found is None:
        return Code(problem="document_wrong")
    figures = re.sub(r"\D", "", found["figures"])
    if not 6 <= len(figures) <= 10:
        return Code(problem="document_wrong")
    series = found["series"]
    return Code(f"{series} {figures}".strip(), more="id_card" if series in ID_CARDS else "passport")


def read_names(surname: str, given_name: str, patronymic: str, full_name: str) -> tuple[Name, str]:
    """A person's name as written, and what is the matter with it. A full name is taken apart, uulu and kyzy stay."""
    parts = [_name(text) for text in (surname, given_name, patronymic)]
    whole = _name(full_name)
    if FIGURE.search(f"{' '.join(parts)}{whole}"):
        return Name(), "name_strange"
    if not any(parts) and whole:
        told = apart(whole)
        return told, "" if told.surname or told.given_name else "name_missing"
    if parts[0] and not parts[1] and not whole and " " in parts[0]:
        return apart(parts[0]), ""
    return Name(*parts), "" if parts[0] or parts[1] else "name_missing"


def apart(text: str) -> Name:
    """A full name in its parts, letters as written."""
    told = split_name(text)
    left = {
        field: list(plain_words(getattr(told, field))) for field in ("surname", "given_name", "patronymic")
    }
    found: dict[str, list[str]] = {field: [] for field in left}
    last = "given_name"
    for word in WORD.findall(text):
        plain = "".join(plain_words(word))
        if not is_particle(plain):
            last = next((field for field, words in left.items() if plain in words), last)
            if plain in left[last]:
                left[last].remove(plain)
        found[last].append(word)
    return Name(**{field: " ".join(words) for field, words in found.items()})


@lru_cache(maxsize=50_000)
def _name(text: str) -> str:
    return "" if is_blank(text) else " ".join(text.split())


def _region(text: str) -> str:
    words = [word for word in fold(text).split() if word not in SHORT_KINDS]
    plain = " ".join(words)
    return regions().get(fold(text)) or regions().get(plain) or regions().get(without_kind(plain)) or ""
