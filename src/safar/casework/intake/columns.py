"""Which column of a list is what: guessed from its head in any language and from its cells, chosen by a person."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from safar.atlas.folding import fold
from safar.casework.intake.coded import (
    is_blank,
    read_code,
    read_country,
    read_destination,
    read_document,
    read_region,
)
from safar.casework.intake.days import read_birth, read_day
from safar.casework.intake.homes import Homes
from safar.casework.intake.phones import read_phones
from safar.casework.intake.sheets import letters
from safar.casework.intake.vocabulary import Field, fields, heads

SAMPLE = 150
SAME, PART = 10.0, 5.0
SHOWN = 4
# Cells that look like nothing else: their column is guessed without a head.
TELLING = {"birth_date": 0.9, "phone": 0.9, "sex": 0.9, "passport": 0.9, "region": 0.8, "community": 0.8}


@dataclass(frozen=True)
class Column:
    """A column of a list: its number, head, some of its cells, and how many are filled."""

    at: int
    head: str
    examples: tuple[str, ...]
    filled: int

    @property
    def place(self) -> str:
        """What the spreadsheet calls it: A, B, AA."""
        return letters(self.at)


def columns_of(columns: Sequence[str], table: pl.DataFrame) -> tuple[Column, ...]:
    """The columns with examples."""
    return tuple(_column(at, head, table[f"c{at}"]) for at, head in enumerate(columns))


def guess_columns(
    columns: Sequence[str], table: pl.DataFrame, *, homes: Homes, country: str, on: date
) -> dict[str, str]:
    """Field -> head, best fit first, each column and each field once. What fits nothing is left to the person."""
    scored = []
    for at, head in enumerate(columns):
        cells = [text for text in table[f"c{at}"].drop_nulls().head(SAMPLE).to_list() if not is_blank(text)]
        for turn, told in enumerate(fields().values()):
            score = _fit(head, cells, told, homes, country, on)
            if score > 0:
                scored.append((-score, turn, at, told.name, head))
    found: dict[str, str] = {}
    taken: set[int] = set()
    for _, _, at, name, head in sorted(scored):
        if at not in taken and (name not in found):
            taken.add(at)
            if name != "ignore":
                found[name] = head
    return _with_full_name(found, columns, table)


def numbered(mapping: Mapping[str, str], columns: Sequence[str]) -> dict[str, int]:
    """Field -> number of its column; fields that this list does not know are left out."""
    return {
        name: columns.index(head) for name, head in mapping.items() if name in fields() and head in columns
    }


def heads_key(columns: Iterable[str]) -> str:
    """The same for lists with the same heads in any order."""
    return hashlib.sha256("\n".join(sorted(map(fold, columns))).encode()).hexdigest()


def _column(at: int, head: str, cells: pl.Series) -> Column:
    filled = cells.drop_nulls()
    return Column(at, head, tuple(filled.unique(maintain_order=True).head(SHOWN).to_list()), len(filled))


def _fit(head: str, cells: Sequence[str], told: Field, homes: Homes, country: str, on: date) -> float:
    named = _head_fit(head, told)
    if not named and told.name not in TELLING:
        return 0
    share = _share(cells, told, homes, country, on) if cells else None
    if share is None:
        return named
    if not named:
        return 2 + share if share >= TELLING[told.name] and len(cells) > 2 else 0
    return named + 3 * share - (4 if share < 0.2 and len(cells) > 2 else 0)


def _head_fit(head: str, told: Field) -> float:
    key = fold(head.rpartition(" (")[0] if head.endswith(")") and head[-2].isdigit() else head)
    if heads().get(key) == told.name:
        return SAME
    words = key.split()
    fitting = [one for one in told.heads if _within(one.split(), words)]
    return PART + 0.5 * max(len(one.split()) for one in fitting) if fitting else 0


def _within(part: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a head stands word by word in a longer one; one letter alone proves nothing."""
    if len("".join(part)) < 3:
        return False
    return any(list(words[at : at + len(part)]) == list(part) for at in range(len(words) - len(part) + 1))


def _share(cells: Sequence[str], told: Field, homes: Homes, country: str, on: date) -> float | None:
    """How many of the cells can be read as this field; None where anything can."""
    readable: Callable[[str], object] | None = {
        "sex": lambda text: read_code("sex", text).value,
        "purpose": lambda text: read_code("purpose", text).value,
        "relation": lambda text: read_code("relation", text).value,
        "birth": lambda text: read_birth(text, on=on).value,
        "day": lambda text: (day := read_day(text, on=on, ahead=True)).value or day.never,
        "phone": lambda text: read_phones(text, country=country).numbers,
        "phone_abroad": lambda text: read_phones(text, country=country, abroad=True).numbers,
        "document": lambda text: read_document(text).value,
        "country": lambda text: read_country(text).value,
        "destination": lambda text: read_destination(text).value,
        "region": lambda text: read_region(text).value,
        "place": homes.knows,
        "name": lambda text: not any(sign.isdigit() for sign in text),
    }.get(told.kind)
    return sum(bool(readable(text)) for text in cells) / len(cells) if readable else None


def _with_full_name(found: dict[str, str], columns: Sequence[str], table: pl.DataFrame) -> dict[str, str]:
    """A column headed Name that holds whole names is one of whole names."""
    alone = [name for name in ("given_name", "surname") if name in found]
    if len(alone) != 1 or "full_name" in found:
        return found
    cells = table[f"c{list(columns).index(found[alone[0]])}"].drop_nulls().head(SAMPLE).to_list()
    if cells and sum(len(text.split()) > 1 for text in cells) > len(cells) / 2:
        found["full_name"] = found.pop(alone[0])
    return found
