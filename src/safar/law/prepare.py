"""The tables of a population made ready for the compiled law: checked, coded, with what the lists say reckoned."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from safar.base import DataError
from safar.law import facts
from safar.law.expression import Node
from safar.law.lists import Lists
from safar.law.table import (
    Dictionary,
    Source,
    answers_of,
    ids_of,
    refuse_near_misses,
    refuse_unborn,
    scalar_of,
)


@dataclass(frozen=True)
class Prepared:
    """``frame``: one row a person in the engine's form; ``codes``: text to code; ``ids``: person ids."""

    frame: pl.DataFrame
    codes: dict[str, int]
    ids: pl.Series


def prepare(
    people: Source,
    stays: Source | None,
    offences: Source | None,
    *,
    on: int,
    wanted: Sequence[Node],
    texts: set[str],
) -> Prepared:
    """Check and code the tables. ``wanted`` are the list nodes the law asks for, ``texts`` its constants."""
    dictionary = Dictionary(texts)
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:  # Polars and numpy let go of the interpreter
        ids_found = pool.submit(ids_of, people)
        columns = pool.map(lambda name: scalar_of(people, name, dictionary), facts.SCALARS)
        ids = ids_found.result()
        refuse_near_misses(people)
        frame = pl.DataFrame([column for column in columns if column is not None])
        if frame.width == 0:
            raise DataError(
                f"{people.name}: no column is a fact; see docs/guides/a-new-rule.md for the names"
            )
        refuse_unborn(people, frame, on)
        frame = frame.with_columns(answers_of(people))
        lists = Lists(people, frame, dictionary, ids, on)
        reckoned = [pool.submit(lists.stays, stays, wanted), pool.submit(lists.offences, offences, wanted)]
        listed = [column for future in reckoned for column in future.result()]
    return Prepared(frame.with_columns(listed), dictionary.codes, ids)
