"""A table of texts -> rows that say something about a person, each with what is the matter with it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from safar.casework.intake.coded import (
    Code,
    is_blank,
    read_code,
    read_country,
    read_destination,
    read_document,
    read_names,
    read_region,
)
from safar.casework.intake.days import NOTHING, Day, month_first, read_birth, read_day
from safar.casework.intake.homes import Address, Home, Homes
from safar.casework.intake.phones import Phones, read_phones
from safar.casework.intake.vocabulary import fields
from safar.linkage.full_name import Name

AHEAD = frozenset({"registered_until", "patent_paid_until", "banned_until", "passport_until"})
DAY_FACTS = ("entered_on", "registered_on", "registered_until", "patent_issued_on", "patent_paid_until",
             "contract_signed_on", "banned_until")  # fmt: skip
PHONES = {"phone": "own", "phone_family": "family", "phone_abroad": "abroad"}
NAMES = ("surname", "given_name", "patronymic", "full_name")
ADDRESS = ("province", "district", "unit", "community", "address")
LOST = "\ufffd"
ERRORS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")
# A row with one of these does not go in before it is mended; with one of those it waits for somebody to decide.
REFUSING = frozenset(
    {"name_missing", "name_strange", "birth_date:day_unreadable", "birth_date:day_ahead", "birth_date:day_too_old",
     "home_missing", "home_unknown", "home_outside", "region_outside", "cell_error"}
)  # fmt: skip
DOUBTFUL = frozenset({"home_ambiguous", "home_contradicts", "home_unsure"})
NOTES = frozenset({"only_year", "village_not_listed"})  # read as meant; nothing to mend
NOWHERE = Home()


@dataclass(frozen=True)
class Reader:
    """How a list is read: field -> number of its column, the day, whose short telephone numbers they are, places.

    ``usual``: facts of everybody of whom the list says nothing else.
    """

    columns: Mapping[str, int]
    on: date
    country: str
    homes: Homes
    regions: tuple[str, ...] = ()
    usual: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One row as understood. ``number`` as the spreadsheet counts; ``problems`` as field:code."""

    number: int
    name: Name
    birth: Day = NOTHING
    home: Home = NOWHERE
    facts: Mapping[str, str] = field(default_factory=dict)
    phones: tuple[tuple[str, str], ...] = ()  # number, whose
    documents: tuple[tuple[str, str], ...] = ()  # kind, number
    passport_until: str = ""
    household: str = ""
    relation: str = ""
    problems: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether it cannot go in as it is."""
        return any(problem in REFUSING or problem.partition(":")[2] in REFUSING for problem in self.problems)

    @property
    def doubtful(self) -> bool:
        """Whether somebody must say what is meant before it can go in."""
        return any(problem.partition(":")[2] in DOUBTFUL for problem in self.problems)


def read_rows(table: pl.DataFrame, reader: Reader) -> list[Row]:
    """The rows of a table (as in Sheet); each distinct text of a column is read once."""
    texts = {name: table[f"c{at}"].fill_null("").to_list() for name, at in reader.columns.items()}
    blank = [""] * table.height
    parsed = {name: _column(name, column, reader) for name, column in texts.items() if _is_read(name)}
    names = [texts.get(name, blank) for name in NAMES]
    addresses = [texts.get(name, blank) for name in ADDRESS]
    plain = {name: texts.get(name, blank) for name in ("household_code",)}
    broken = _broken(texts, table.height)
    return [
        _row(
            number,
            tuple(column[at] for column in names),
            Address(*(column[at] for column in addresses)),
            {name: column[at] for name, column in parsed.items()},
            plain["household_code"][at],
            broken.get(at, ()),
            reader,
        )
        for at, number in enumerate(table["row"].to_list())
    ]


def _is_read(name: str) -> bool:
    return fields()[name].kind not in ("name", "place", "text", "ignore")


def _column(name: str, texts: Sequence[str], reader: Reader) -> list[Any]:
    distinct = set(texts)
    parse = _parser(name, distinct, reader)
    known = {text: parse(text) for text in distinct}
    return [known[text] for text in texts]


def _parser(name: str, distinct: set[str], reader: Reader) -> Callable[[str], Any]:
    kind = fields()[name].kind
    if kind in ("birth", "day"):
        order = month_first(distinct)
        if kind == "birth":
            return lambda text: read_birth(text, on=reader.on, order=order)
        return lambda text: read_day(text, on=reader.on, ahead=name in AHEAD, order=order)
    if kind in ("phone", "phone_abroad"):
        return lambda text: read_phones(text, country=reader.country, abroad=kind == "phone_abroad")
    plain: dict[str, Callable[[str], Code]] = {
        "country": read_country,
        "destination": read_destination,
        "region": read_region,
        "document": read_document,
    }
    return plain.get(kind) or (lambda text: read_code(kind, text))


def _row(
    number: int,
    names: Sequence[str],
    address: Address,
    cells: Mapping[str, Any],
    household: str,
    broken: Sequence[str],
    reader: Reader,
) -> Row:
    name, strange = read_names(*names)
    home = reader.homes.find(address)
    problems = [*broken, *([f"name:{strange}"] if strange else []), *_cell_problems(cells)]
    if home.problem:
        problems.append(f"home:{home.problem}")
    facts, clashes = _facts(cells, reader.usual)
    problems += clashes
    if reader.regions and facts.get("region") not in reader.regions:
        problems.append("region:region_outside")
    document: Code = cells.get("passport") or Code()
    until: Day = cells.get("passport_until") or NOTHING
    return Row(
        number=number,
        name=name,
        birth=cells.get("birth_date") or NOTHING,
        home=home,
        facts=facts,
        phones=tuple(_phones(cells)),
        documents=((document.more, document.value),) if document.value else (),
        passport_until=until.told if until.value and not until.problem else "",
        household="" if is_blank(household) else household.strip(),
        relation=(cells.get("relation") or Code()).value,
        problems=tuple(problems),
    )


def _cell_problems(cells: Mapping[str, Any]) -> Iterator[str]:
    for name, cell in cells.items():
        if cell.problem:
            yield f"{name}:{cell.problem}"


def _facts(cells: Mapping[str, Any], usual: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Facts by the contract's names; where destination and region contradict each other neither is taken."""
    facts: dict[str, str] = {"citizenship": usual.get("citizenship", "")}
    for name in ("sex", "citizenship", "entry_purpose"):
        if name in cells and cells[name].value:
            facts[name] = cells[name].value
    going: Code = cells.get("destination") or Code()
    where: Code = cells.get("region") or Code()
    problems = []
    if going.value and where.value and going.value != where.more:
        problems.append("region:region_elsewhere")
    else:
        told = going.value or where.more
        facts |= {"destination": told or usual.get("destination", ""), "region": where.value or going.more}
    for name in DAY_FACTS:
        day: Day = cells.get(name) or NOTHING
        if day.never and name != "entered_on":
            facts[name] = "none"
        elif day.value and not day.problem:
            facts[name] = day.told
    return {name: value for name, value in facts.items() if value}, problems


def _phones(cells: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name, whose in PHONES.items():
        told: Phones = cells.get(name) or Phones()
        for number in told.numbers:
            if number not in seen:
                seen.add(number)
                yield number, whose


def _broken(texts: Mapping[str, Sequence[str]], height: int) -> dict[int, tuple[str, ...]]:
    """Rows with a cell in which a spreadsheet shows an error, or letters that were lost."""
    found: dict[int, list[str]] = {}
    for name, column in texts.items():
        broken = {text for text in set(column) if text in ERRORS or LOST in text}
        for at in range(height) if broken else ():
            if column[at] in broken:
                found.setdefault(at, []).append(f"{name}:cell_error")
    return {at: tuple(problems) for at, problems in found.items()}
