"""Telephone numbers as lists hold them: several in a cell, without a country's code, spoiled by a spreadsheet."""

import re
import unicodedata
from dataclasses import dataclass

from safar.atlas.folding import fold
from safar.casework.intake.vocabulary import never_words
from safar.linkage.names import is_placeholder

# How a number without the code of its country begins, by country: figures in it, code.
HOME = {"TJ": (9, "992"), "KG": (9, "996"), "UZ": (9, "998")}
ABROAD = (10, "7")  # Russia and Kazakhstan
BETWEEN = re.compile(r"[;,/|\n]|\s(?:и|ва|жана|and|або|або|или|ё|or)\s")
WHOLE = re.compile(r"\A(\d+)\.0+\Z")  # a number that a spreadsheet kept as one
ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eEеЕ][+]?\d+")
LETTER = re.compile(r"[^\W\d_]")
AROUND = re.compile(r"(?i)тел|моб|whatsapp|ват[сц]ап|imo|tel|phone|дом")
SHORTEST, LONGEST = 7, 15


@dataclass(frozen=True)
class Phones:
    """The numbers of a cell, figures with the country's code; and what is the matter with what is not among them."""

    numbers: tuple[str, ...] = ()
    problem: str = ""


def read_phones(text: str, *, country: str, abroad: bool = False) -> Phones:
    """The telephone numbers of a cell. ``country``: whose short numbers these are; ``abroad``: Russia's first."""
    plain = WHOLE.sub(r"\1", unicodedata.normalize("NFKC", text).strip())
    if not any(sign.isdecimal() for sign in plain):
        nothing = not plain or is_placeholder(plain) or fold(plain) in never_words()
        return Phones() if nothing else Phones(problem="phone_wrong")
    if ROUNDED.fullmatch(plain):
        return Phones(problem="phone_rounded")
    found, problem = [], ""
    for part in _parts(plain):
        number = _number(part, country, abroad)
        if number:
            found.append(number)
        elif part.strip(" +-()0"):
            problem = "phone_wrong"
    return Phones(tuple(dict.fromkeys(found)), problem)


def _parts(text: str) -> list[str]:
    """A comma or slash may part two numbers or stand within one; within one, where a part alone is too short."""
    parts = [part for part in BETWEEN.split(text) if part.strip()]
    whole = all(len(_figures(part)) >= SHORTEST for part in parts)
    return parts if whole or len(_figures(text)) > LONGEST else [text]


def _number(text: str, country: str, abroad: bool) -> str:
    figures = _figures(text)
    strange = len(set(figures)) < 2
    if "+" not in text and not figures.startswith("00"):
        figures = _with_country(figures, country, abroad)
    figures = figures.removeprefix("00")
    letters = any(
        sign.isalpha() for sign in re.sub(r"(?i)тел|моб|whatsapp|ват[сц]ап|imo|tel|phone|дом", "", text)
    )
    return figures if SHORTEST <= len(figures) <= LONGEST and not strange and not letters else ""


def _with_country(figures: str, country: str, abroad: bool) -> str:
    size, code = HOME.get(country, (0, ""))
    if len(figures) == 11 and figures[0] == "8":
        return f"7{figures[1:]}"
    if abroad and len(figures) == ABROAD[0]:
        return ABROAD[1] + figures
    if len(figures) == size:
        return code + figures
    if len(figures) == size + 1 and figures[0] == "0":
        return code + figures[1:]
    return ABROAD[1] + figures if len(figures) == ABROAD[0] and figures[0] == "9" else figures


def _figures(text: str) -> str:
    return re.sub(r"\D", "", text)
