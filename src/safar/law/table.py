"""A table made ready for the compiled law, column by column: checked, days as numbers, texts as codes.

Every refusal names the table, the row (counted as in the file, the header being row 1) and the mend.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from threading import Lock

import polars as pl

from safar.base import NEVER, DataError
from safar.law import facts
from safar.law.compile.polars import CODE

_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


@dataclass(frozen=True)
class Source:
    """A table and what to call it in errors."""

    frame: pl.DataFrame
    name: str
    by_person: bool = False  # a share of the table: rows have no number there, people have ids

    def refuse(self, row: int, text: str) -> DataError:
        """An error at a row of the frame."""
        where = f"person_id {self.frame['person_id'][row]}" if self.by_person else f"row {row + 2}"
        return DataError(f"{self.name}, {where}: {text}")


class Dictionary:
    """Texts as codes, the same in every column of every table; threads may share it."""

    def __init__(self, texts: Iterable[str]) -> None:
        """``texts`` have a code even if no table holds them."""
        self.codes = {text: code for code, text in enumerate(sorted({"none", *texts}))}
        self._lock = Lock()

    def coded(self, texts: pl.Series) -> tuple[pl.Series, dict[str, int]]:
        """A column's codes, null where it is empty, and the texts that stand in it with theirs."""
        own = pl.Categories.random(physical=CODE)
        categorical = texts.cast(pl.String).cast(pl.Categorical(own))  # who keeps it keeps its texts
        found = own.to_series().to_list()
        with self._lock:
            ours = {text: self.codes.setdefault(text, len(self.codes)) for text in found if text}
        table = pl.Series(texts.name, [ours.get(text) for text in found], dtype=CODE)
        return table.gather(categorical.to_physical()), ours


def ids_of(people: Source) -> pl.Series:
    """The person ids; refused if one is missing or stands twice."""
    if "person_id" not in people.frame.columns:
        raise DataError(f"{people.name}: has no column person_id; add one")
    ids = people.frame["person_id"].cast(pl.String)
    empty = ids.is_null().arg_true()
    if len(empty):
        raise people.refuse(empty[0], "person_id is empty; every row needs one")
    rising = (ids.head(-1) < ids.tail(-1)).all()
    if not rising and ids.n_unique() != len(ids):
        row = ids.is_duplicated().arg_true()[0]
        raise people.refuse(row, f"person_id {ids[row]!r} stands in more than one row; keep one")
    return ids


def refuse_unborn(people: Source, frame: pl.DataFrame, on: int) -> None:
    """Refuse a birth date after ``on``."""
    if "birth_date" in frame.columns:
        late = (frame["birth_date"] > on).fill_null(value=False).arg_true()
        if len(late):
            given = people.frame["birth_date"][late[0]] or "none"
            raise people.refuse(
                late[0], f"birth_date is {given}, not before the day asked about; check the year"
            )


def refuse_near_misses(people: Source) -> None:
    """A column that looks like a misspelt fact is an error; other columns are not ours."""
    ours = {*facts.SCALARS, *facts.LISTS, "person_id"}
    ours |= {f"{name}_none" for name in ours}
    for name in people.frame.columns:
        if name not in ours and not name.startswith("answers."):
            close = get_close_matches(name, ours, n=1, cutoff=0.85)
            if close:
                raise DataError(f"{people.name}: column {name!r} is no fact; did you mean {close[0]!r}?")


def scalar_of(source: Source, name: str, dictionary: Dictionary) -> pl.Series | None:
    """A fact's column checked: day numbers, booleans or codes of texts; None if the table has none."""
    if name not in source.frame.columns:
        return None
    kind = facts.SCALARS[name]
    if kind.type == "date":
        return days_of(source, name)
    if kind.type == "bool":
        return bools_of(source, name)
    codes, found = dictionary.coded(source.frame[name])
    if f"{name}_none" in source.frame.columns:
        none = bools_of(source, f"{name}_none").fill_null(value=False)
        if none.any():
            codes = codes.set(none, dictionary.codes["none"])
            found["none"] = dictionary.codes["none"]
    wrong, mend = _wrong_texts(name, kind, found)
    rows = codes.is_in([found[text] for text in wrong]).arg_true()
    if len(rows):
        text = next(text for text in wrong if found[text] == codes[rows[0]])
        raise source.refuse(rows[0], f"{name} is {text!r}; {mend}")
    return codes


def _wrong_texts(name: str, kind: facts.FactType, found: Iterable[str]) -> tuple[list[str], str]:
    """Texts that a fact cannot have, and what to write instead."""
    if kind.values:
        return [
            text for text in found if text not in kind.values
        ], f"it must be one of {', '.join(kind.values)}"
    if name.endswith("citizenship"):
        allowed = facts.ISO_COUNTRIES | ({"none"} if name.startswith("second") else set())
        return [text for text in found if text not in allowed], "write an ISO country code such as TJ or KG"
    if name.endswith("region"):
        wrong = [text for text in found if text != "none" and not _REGION.fullmatch(text)]
        return wrong, "write an ISO 3166-2 code such as RU-MOW"
    return [], ""


def days_of(source: Source, name: str) -> pl.Series:
    """A date column as Int32 day numbers; ``none`` as a word or by ``<name>_none`` becomes ``NEVER``."""
    column = source.frame[name]
    never = pl.Series([False])
    if f"{name}_none" in source.frame.columns:
        never = bools_of(source, f"{name}_none").fill_null(value=False)
    if column.dtype == pl.Null:
        days = pl.Series(name, [None], dtype=pl.Int32).new_from_index(0, len(column))
    elif column.dtype.is_temporal():
        days = column.cast(pl.Date).cast(pl.Int32)
    elif column.dtype == pl.String or column.dtype == pl.Categorical:
        text = column.cast(pl.String)
        never = never | (text == "none").fill_null(value=False)
        parsed = text.str.to_date("%Y-%m-%d", strict=False, exact=True)
        bad = (parsed.is_null() & text.is_not_null() & (text != "none") & (text != "")).arg_true()
        if len(bad):
            raise source.refuse(
                bad[0],
                f"{name} is {text[bad[0]]!r}, which is no day; write YYYY-MM-DD, none or leave it empty",
            )
        days = parsed.cast(pl.Int32)
    else:
        raise DataError(f"{source.name}: column {name} is {column.dtype}; it must hold dates")
    return days.set(never, NEVER).alias(name) if never.any() else days.alias(name)


def bools_of(source: Source, name: str) -> pl.Series:
    """A boolean column; text true, false, 1, 0 is read, none is false, empty is unknown."""
    column = source.frame[name]
    if column.dtype == pl.Boolean:
        return column
    if column.dtype == pl.Null:
        return column.cast(pl.Boolean)
    text = column.cast(pl.String).str.to_lowercase()
    bad = (~text.is_in(["true", "false", "none", "1", "0", ""])).fill_null(value=False).arg_true()
    if len(bad):
        raise source.refuse(bad[0], f"{name} is {column[bad[0]]!r}; write true, false or leave it empty")
    known = text.set((text == "").fill_null(value=False), None)
    return known.is_in(["true", "1"]).set(known.is_null(), None).alias(name)


def answers_of(people: Source) -> list[pl.Series]:
    """The answers to screening questions, one boolean column each."""
    names = [name for name in people.frame.columns if name.startswith("answers.")]
    return [bools_of(people, name).alias(name) for name in names]
