"""Fifty thousand random people through Python, Polars and JavaScript, every provision, unknowns included.

Polars answers twice: once with a plan folded for each kind of people, once with one plan for all of them.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from multiprocessing import get_context
from random import Random
from unittest.mock import patch

import polars as pl
from tests.law.random_people import ON_DAYS, random_person
from tests.law.targets import Answers, JavaScript, findings_through_polars, of_frame, through_python

from safar.law import Law, read_law, screen
from safar.law.compile.javascript import javascript
from safar.law.compile.python import Compiled

TOGETHER = 500  # people whose answers are held at once
OWN, COMMON = 1, 10**9  # the least people of a kind for a plan of their own


def main(*, quick: bool = False) -> dict:
    people = 4_000 if quick else 50_000
    shares = [(number, on, -(-people // len(ON_DAYS))) for number, on in enumerate(ON_DAYS)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        told = list(pool.map(_agreed, shares))
    asked, answers, differences = (sum(column) for column in zip(*told, strict=True))
    return {"people": asked, "answers": answers, "differences": differences}


def _agreed(share: tuple[int, date, int]) -> tuple[int, int, int]:
    """A share of the people on one day: how many, their answers from Python, and how many of another's differ."""
    seed, on, size = share
    law, compiled, script, risks = _targets()
    rng = Random(seed)
    people = [random_person(rng, place, on, risks) for place in range(size)]
    found = []
    for least in (OWN, COMMON):
        with patch.object(screen, "RARE", least):
            found.append(findings_through_polars(law, people, on, risks))
    answers = differences = 0
    for start in range(0, size, TOGETHER):
        some = people[start : start + TOGETHER]
        python = through_python(compiled, some, on)
        answers += len(python)
        for other in (*(_answers_of(some, frame) for frame in found), script.through(some, on)):
            differences += sum(python.get(key) != other.get(key) for key in python.keys() | other.keys())
    return size, answers, differences


@cache
def _targets() -> tuple[Law, Compiled, JavaScript, tuple[str, ...]]:
    """Made once a process."""
    law = read_law()
    risks = tuple(name for name, provision in law.provisions.items() if provision.kind == "risk")
    return law, Compiled(law), JavaScript(javascript(law)), risks


def _answers_of(people: Sequence[dict], found: pl.DataFrame) -> Answers:
    return of_frame(found.filter(pl.col("person_id").is_in([person["person_id"] for person in people])))
