"""Small counts: whoever knows all that is told cannot reckon back one that is withheld."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safar.casework.small_cells import LEAST, Sum, possible, withheld

PEOPLE = {"sughd": 40, "khatlon": 30, "osh": 3}
ALL = Sum("all", tuple(PEOPLE))


def test_a_small_count_takes_the_next_smallest_with_it() -> None:
    assert withheld({**PEOPLE, "all": 73}, [ALL]) == {"osh", "khatlon"}


def test_nobody_is_not_few() -> None:
    assert withheld({"sughd": 40, "khatlon": 0, "all": 40}, [Sum("all", ("sughd", "khatlon"))]) == set()


def test_where_everything_is_small_the_sum_is_withheld_too() -> None:
    counts = {"men": 4, "women": 1, "all": 5}
    assert withheld(counts, [Sum("all", ("men", "women"))]) == {"men", "women", "all"}


def test_a_sum_withheld_for_its_parts_is_not_given_away_by_other_parts() -> None:
    counts = {"all": 100, "needing": 97, "rest": 3, "fine": 50, "ban": 47, "week": 60, "later": 37}
    sums = [
        Sum("all", ("needing", "rest")),
        Sum("needing", ("fine", "ban")),
        Sum("needing", ("week", "later")),
    ]

    hidden = withheld(counts, sums)

    low, high = possible(counts, sums, hidden)["rest"]
    assert high - low >= LEAST - 1


def test_sums_in_a_ring_are_refused() -> None:
    counts = {"a": 10, "b": 10, "all": 20, "also": 20}
    with pytest.raises(ValueError, match="ring"):
        withheld(counts, [Sum("all", ("a", "b")), Sum("also", ("a", "b"))])
    with pytest.raises(ValueError, match="not the sum"):
        withheld({"a": 1, "all": 2}, [Sum("all", ("a",))])


@st.composite
def small_trees(draw: st.DrawFn) -> tuple[dict[str, int], list[Sum]]:
    """Few enough numbers that everything they could be can be tried out."""
    counts: dict[str, int] = {}
    sums = []
    for name, width in draw(
        st.sampled_from([{"a": 3}, {"a": 2, "b": 2}, {"a": 3, "b": 1}, {"a": 1, "b": 1, "c": 1}])
    ).items():
        parts = [f"{name}{number}" for number in range(width)]
        for part in parts:
            counts[part] = draw(st.integers(0, 8))
        counts[name] = sum(counts[part] for part in parts)
        sums.append(Sum(name, tuple(parts)))
    wholes = tuple(one.whole for one in sums)
    counts["all"] = sum(counts[name] for name in wholes)
    return counts, [*sums, Sum("all", wholes)]


@settings(max_examples=60)
@given(small_trees())
def test_nothing_that_is_withheld_can_be_reckoned_back(given_: tuple[dict[str, int], list[Sum]]) -> None:
    counts, sums = given_
    hidden = withheld(counts, sums)
    assert {name for name, count in counts.items() if 0 < count < LEAST} <= hidden

    leaves = [name for name in counts if name in hidden and name not in {one.whole for one in sums}]
    found: dict[str, set[int]] = {name: set() for name in hidden}
    for tried in product(range(1, 13), repeat=len(leaves)):
        world = {**counts, **dict(zip(leaves, tried, strict=True))}
        for one in sums:
            world[one.whole] = sum(world[part] for part in one.parts)
        if all(world[name] == count for name, count in counts.items() if name not in hidden):
            for name in hidden:
                found[name].add(world[name])

    for name in hidden:
        assert len(found[name]) >= LEAST, (counts, hidden, name, found[name])


@given(st.lists(st.integers(0, 40), min_size=2, max_size=30))
def test_not_more_is_withheld_than_it_takes(parts: list[int]) -> None:
    counts = {f"p{number:02}": count for number, count in enumerate(parts)} | {"all": sum(parts)}
    hidden = withheld(counts, [Sum("all", tuple(name for name in counts if name != "all"))])
    small = {name for name, count in counts.items() if 0 < count < LEAST}
    assert len(hidden - small) <= 2
    assert small or not hidden
