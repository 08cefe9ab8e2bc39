"""Python, Polars and JavaScript give the same answer for the same person, unknowns included."""

import json
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safar.law import assessor, lists, read_law, read_words, screen
from safar.law.compile.javascript import javascript
from safar.law.compile.python import Compiled
from tests.law.random_people import ON_DAYS, random_person
from tests.law.targets import Answers, JavaScript, through_polars, through_python

LAW = read_law()
COMPILED = Compiled(LAW)
RISKS = tuple(name for name, provision in LAW.provisions.items() if provision.kind == "risk")
BATCH, BATCHES = 100, 16  # 1,600 people a run; make bench takes 50,000


@pytest.fixture(scope="module")
def script() -> JavaScript:
    return JavaScript(javascript(LAW))


def first_difference(left: Answers, right: Answers, people: list[dict[str, Any]]) -> str | None:
    by_id = {person["person_id"]: person for person in people}
    for key in sorted(set(left) | set(right)):
        if left.get(key) != right.get(key):
            return f"{key[1]}: {left.get(key)} but {right.get(key)} for {json.dumps(by_id[key[0]])}"
    return None


@settings(max_examples=BATCHES, deadline=None)
@given(seed=st.integers(0, 2**48), on=st.sampled_from(ON_DAYS), rare=st.sampled_from((1, 5_000)))
def test_targets_agree_on_every_provision(script: JavaScript, seed: int, on: Any, rare: int) -> None:
    """With ``rare`` 1 every kind of people has a plan of its own, folded for it; with 5,000 all share one."""
    rng = Random(seed)
    people = [random_person(rng, number, on, RISKS) for number in range(BATCH)]

    python = through_python(COMPILED, people, on)

    assert len(python) == BATCH * len(LAW.provisions)
    with patch.object(screen, "RARE", rare):
        assert first_difference(python, through_polars(LAW, people, on, RISKS), people) is None
    assert first_difference(python, script.through(people, on), people) is None


def test_the_order_of_rows_and_who_is_reckoned_together_change_nothing() -> None:
    rng, on = Random(11), ON_DAYS[-2]
    people = [random_person(rng, number, on, RISKS) for number in range(300)]
    in_order = through_polars(LAW, people, on, RISKS)

    rng.shuffle(people)

    with patch.object(lists, "SLICE", 32), patch.object(screen, "CHUNK", 50):
        assert through_polars(LAW, people, on, RISKS) == in_order


def test_phone_names_the_same_missing_facts(script: JavaScript) -> None:
    rng, on = Random(7), ON_DAYS[-2]
    people = [random_person(rng, number, on, ()) for number in range(60)]
    answers = assessor(LAW, read_words("en"))

    for person, phone in zip(people, script.answers(people, on), strict=True):
        desk = answers.assess(person, on=on, everything=True)
        wanted = {f["provision"]: sorted(f["missing"]) for f in desk["findings"]}
        assert {f["provision"]: sorted(f["missing"]) for f in phone["findings"]} == wanted
