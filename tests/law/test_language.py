"""The language of conditions, from its definitions: Kleene's three values, strict values, nothing else let in.

The suites follow the order of those for decision models (DMN): conjunction, disjunction, negation, comparison,
between, in, if-then-else. Where the two differ it is said beside the case. ``None`` is *unknown* throughout.
"""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from safar.base import NEVER, day_number, day_of
from safar.law.compile.python import Compiled
from safar.law.model import Law, Param, Value
from safar.law.parse import Scope, parse
from safar.law.person import case_of

ON = date(2026, 3, 10)
FEE = Param("fee", "RUB", None, {"": (Value(day_number(date(2026, 1, 1)), None, 500),)}, "fee.yaml")
FEE_BY_REGION = Param("fee_by", "RUB", "region", {"RU-MOW": (Value(0, None, 900),)}, "fee_by.yaml")
EMPTY = Compiled(Law({}, {"fee": FEE, "fee_by": FEE_BY_REGION}, {}, {}))
SCOPE = Scope("RU", params={"fee": None, "fee_by": "region"})
TRUTHS = (True, False, None)


def value(
    text: str, expect: str = "bool", *, answers: dict[str, bool | None] | None = None, **facts: Any
) -> Any:
    """What a condition says of a person with these facts; a day as ISO text, *none* as that word."""
    node = parse(text, SCOPE, expect=expect, where="test")
    result = EMPTY.thunk(node)(case_of({"answers": answers, **facts}, EMPTY, on=ON))
    if expect == "date" and result is not None:
        return "none" if result == NEVER else day_of(result).isoformat()
    return result


def holds(text: str, **answers: bool | None) -> bool | None:
    """A condition over a, b, c …, which are true, false or unknown."""
    for name in answers:
        text = text.replace(f"${name}", f"answer('{name}')")
    return value(text, answers=answers)


# Kleene's tables, written out


@pytest.mark.parametrize(
    ("a", "b", "conjunction", "disjunction"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, True, False, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, True, None, True),
        (None, False, False, None),
        (None, None, None, None),
    ],
)
def test_and_or(a: bool | None, b: bool | None, conjunction: bool | None, disjunction: bool | None) -> None:
    assert holds("$a and $b", a=a, b=b) is conjunction
    assert holds("$a or $b", a=a, b=b) is disjunction


@pytest.mark.parametrize(("a", "negation"), [(True, False), (False, True), (None, None)])
def test_not(a: bool | None, negation: bool | None) -> None:
    assert holds("not $a", a=a) is negation
    assert holds("not not $a", a=a) is a
    assert holds("not (not (not $a))", a=a) is negation


@pytest.mark.parametrize("values", list(product(TRUTHS, repeat=3)))
def test_chains_of_three(values: tuple[bool | None, ...]) -> None:
    """False decides *and*, true decides *or*, wherever they stand; only then does unknown."""
    named = dict(zip("abc", values, strict=True))
    all_of = False if False in values else None if None in values else True
    any_of = True if True in values else None if None in values else False
    assert holds("$a and $b and $c", **named) is all_of
    assert holds("$a and ($b and $c)", **named) is all_of
    assert holds("$a or $b or $c", **named) is any_of
    assert holds("not (not $a or not $b or not $c)", **named) is all_of
    assert holds("not (not $a and not $b and not $c)", **named) is any_of


@pytest.mark.parametrize("values", list(product(TRUTHS, repeat=3)))
def test_not_binds_before_and_before_or(values: tuple[bool | None, ...]) -> None:
    named = dict(zip("abc", values, strict=True))
    assert holds("not $a or $b and $c", **named) is holds("(not $a) or ($b and $c)", **named)
    assert holds("$a and $b or $c", **named) is holds("($a and $b) or $c", **named)


def test_there_is_no_excluded_middle() -> None:
    assert holds("$a or not $a", a=None) is None
    assert holds("$a and not $a", a=None) is None


def test_unknown_is_a_null_a_missing_answer_and_no_answers_at_all() -> None:
    assert value("answer('a')", answers={"a": None}) is None
    assert value("answer('a')", answers={"b": True}) is None
    assert value("answer('a')") is None


@pytest.mark.parametrize("values", list(product(TRUTHS, repeat=3)))
@pytest.mark.parametrize("wanted", [1, 2, 3])
def test_at_least(wanted: int, values: tuple[bool | None, ...]) -> None:
    """Sure when enough are true, or when too few still could be."""
    named = dict(zip("abc", values, strict=True))
    sure, possible = values.count(True), values.count(True) + values.count(None)
    expected = True if sure >= wanted else None if possible >= wanted else False
    assert holds(f"at_least({wanted}, $a, $b, $c)", **named) is expected


# Comparison


COMPARISONS = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
DAYS = ("2026-03-09", "2026-03-10", "2026-03-11")


@pytest.mark.parametrize("sign", sorted(COMPARISONS))
@pytest.mark.parametrize(("a", "b"), list(product((*DAYS, None), repeat=2)))
def test_days_are_compared(sign: str, a: str | None, b: str | None) -> None:
    expected = None if a is None or b is None else COMPARISONS[sign](a, b)
    assert value(f"registered_on {sign} entered_on", registered_on=a, entered_on=b) is expected


@pytest.mark.parametrize("sign", sorted(COMPARISONS))
@pytest.mark.parametrize(("a", "b"), list(product((-1, 0, 2.5), repeat=2)))
def test_numbers_are_compared(sign: str, a: float, b: float) -> None:
    assert value(f"{a} {sign} {b}") is COMPARISONS[sign](a, b)


@pytest.mark.parametrize("sign", sorted(COMPARISONS))
def test_a_number_reckoned_from_the_unknown_is_unknown(sign: str) -> None:
    assert value(f"on - entered_on {sign} 30", entered_on=None) is None
    assert value(f"30 {sign} on - entered_on", entered_on=None) is None


@pytest.mark.parametrize("sign", ["=", "<>"])
@pytest.mark.parametrize(("a", "b"), list(product(("RU-MOW", "RU-TA", None), repeat=2)))
def test_texts_are_equal_or_not(sign: str, a: str | None, b: str | None) -> None:
    expected = None if a is None or b is None else COMPARISONS[sign](a, b)
    assert value(f"region {sign} work_region", region=a, work_region=b) is expected


@pytest.mark.parametrize("sign", ["=", "<>"])
@pytest.mark.parametrize(("a", "b"), list(product(TRUTHS, repeat=2)))
def test_truths_are_equal_or_not(sign: str, a: bool | None, b: bool | None) -> None:
    expected = None if a is None or b is None else COMPARISONS[sign](a, b)
    assert holds(f"$a {sign} $b", a=a, b=b) is expected


def test_unknown_is_not_equal_to_itself() -> None:
    """DMN: null = null is true. Here nobody can say."""
    assert value("region = region") is None
    assert value("entered_on <> entered_on") is None
    assert holds("$a = $a", a=None) is None


@pytest.mark.parametrize("sign", sorted(COMPARISONS))
@pytest.mark.parametrize("other", [*DAYS, "none", None])
def test_what_never_happened_compares_false(sign: str, other: str | None) -> None:
    """*none* is known: it is no day, so it is before, after and on no day; only *not equal* is true."""
    expected = sign in ("<>", "!=")
    assert value(f"registered_on {sign} entered_on", registered_on="none", entered_on=other) is expected
    assert value(f"entered_on {sign} registered_on", registered_on="none", entered_on=other) is expected


def test_none_in_a_text_is_the_word_itself() -> None:
    assert value("work_kind = 'none'", work_kind="none") is True
    assert value("work_kind <> 'none'", work_kind="none") is False
    assert value("work_kind = 'none'") is None


# Between, in


BOUNDS = (*DAYS, None)


@pytest.mark.parametrize(("day", "low", "high"), list(product(BOUNDS, repeat=3)))
def test_between(day: str | None, low: str | None, high: str | None) -> None:
    """Both ends belong to it. One bound that is missed decides, even where the other is not known."""
    facts = {"registered_on": day, "entered_on": low, "moved_on": high}
    above = None if day is None or low is None else day >= low
    below = None if day is None or high is None else day <= high
    expected = False if False in (above, below) else None if None in (above, below) else True
    assert value("registered_on between entered_on and moved_on", **facts) is expected
    opposite = None if expected is None else not expected
    assert value("registered_on not between entered_on and moved_on", **facts) is opposite
    assert value("not registered_on between entered_on and moved_on", **facts) is opposite


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 between 1 and 2", True),
        ("2 between 1 and 2", True),
        ("0 between 1 and 2", False),
        ("3 between 1 and 2", False),
        ("1.5 between 2 and 1", False),  # bounds the wrong way round hold nothing
        ("2 between 1 and 3 and 5 between 4 and 6", True),
        ("on - entered_on between 0 and 30", None),
        ("registered_on between date '2026-01-01' and on", None),
    ],
)
def test_between_constants(text: str, expected: bool | None) -> None:
    assert value(text) is expected


@pytest.mark.parametrize("bounds", [("none", "2026-03-10"), ("2026-03-10", "none"), ("none", "none")])
def test_nothing_lies_between_what_never_happened(bounds: tuple[str, str]) -> None:
    facts = {"registered_on": "2026-03-10", "entered_on": bounds[0], "moved_on": bounds[1]}
    assert value("registered_on between entered_on and moved_on", **facts) is False


@pytest.mark.parametrize(
    ("citizenship", "inside"), [("TJ", True), ("UZ", True), ("KG", False), (None, None), ("", None)]
)
def test_in(citizenship: str | None, inside: bool | None) -> None:
    """DMN: null in a list is false unless the list holds null. Here unknown stays unknown."""
    assert value("citizenship in ('TJ', 'UZ')", citizenship=citizenship) is inside
    outside = None if inside is None else not inside
    assert value("citizenship not in ('TJ', 'UZ')", citizenship=citizenship) is outside
    assert value("not citizenship in ('TJ', 'UZ')", citizenship=citizenship) is outside


@pytest.mark.parametrize(("number", "inside"), [(1, True), (2.5, True), (3, False), (-4, True)])
def test_in_numbers(number: float, inside: bool) -> None:
    assert value(f"{number} in (1, 2.5, -4)") is inside


def test_in_one() -> None:
    assert value("citizenship in ('TJ')", citizenship="TJ") is True
    assert value("work_kind in ('none')", work_kind="none") is True


# If, then, else


@pytest.mark.parametrize(
    ("condition", "chosen"),
    [(True, "2026-01-01"), (False, "2026-02-02"), (None, None)],  # DMN: an unknown condition gives the else
)
def test_iff(condition: bool | None, chosen: str | None) -> None:
    text = "iff(answer('a'), date '2026-01-01', date '2026-02-02')"
    assert value(text, "date", answers={"a": condition}) == chosen


@pytest.mark.parametrize(("condition", "then", "otherwise"), list(product(TRUTHS, repeat=3)))
def test_iff_takes_one_branch_and_asks_nothing_of_the_other(
    condition: bool | None, then: bool | None, otherwise: bool | None
) -> None:
    expected = None if condition is None else then if condition else otherwise
    assert holds("iff($a, $b, $c)", a=condition, b=then, c=otherwise) is expected


def test_iff_does_not_decide_by_equal_branches() -> None:
    """Strict, so that every target agrees: an unknown condition is unknown even if nothing hangs on it."""
    assert holds("iff($a, true, true)", a=None) is None


def test_iff_of_every_kind() -> None:
    assert value("iff(true, 'x', 'y') = 'x'") is True
    assert value("iff(false, 1, 2) = 2") is True
    assert value("iff(iff(false, true, false), 1, iff(true, 2, 3)) = 2") is True


# Values: days, numbers, what is known


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("entered_on + 0 days", "2026-01-31"),
        ("entered_on + 1 day", "2026-02-01"),
        ("entered_on + 30 days", "2026-03-02"),
        ("entered_on - 31 days", "2025-12-31"),
        ("entered_on + (2 * 3 - 1)", "2026-02-05"),
        ("add_months(entered_on, 1)", "2026-02-28"),
        ("add_months(entered_on, 13)", "2027-02-28"),
        ("add_months(entered_on, 25)", "2028-02-29"),
        ("add_months(entered_on, -2)", "2025-11-30"),
        ("add_months(entered_on, 11)", "2026-12-31"),
        ("add_months(entered_on, 0)", "2026-01-31"),
        ("year_start(entered_on)", "2026-01-01"),
        ("on", "2026-03-10"),
    ],
)
def test_days_are_reckoned(text: str, expected: str) -> None:
    assert value(text, "date", entered_on="2026-01-31") == expected
    if "entered_on" in text:
        assert value(text, "date", entered_on=None) is None
        assert value(text, "date", entered_on="none") == "none"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 - 2 - 1", 4),
        ("7 / 2", 3.5),
        ("-3 + 1", -2),
        ("1 / 0", None),
        ("on - entered_on", 38),
        ("entered_on - on", -38),
        ("(on - registered_on) * 0", None),
        ("param('fee') * 2", 1000),
        ("param('fee', date '2025-12-31')", None),  # no value for that day: unknown, not the last one seen
        ("param('fee_by', region)", None),  # a region that is not known
        ("param('fee_by', work_region)", 900),
        ("param('fee_by', 'RU-TA')", None),  # a region without a value
    ],
)
def test_numbers_are_reckoned(text: str, expected: float | None) -> None:
    assert value(text, "number", entered_on="2026-01-31", work_region="RU-MOW") == expected


@pytest.mark.parametrize(
    ("days", "earliest", "latest"),
    [
        (("2026-01-01", "2026-02-02"), "2026-01-01", "2026-02-02"),
        (("2026-02-02", "2026-01-01"), "2026-01-01", "2026-02-02"),
        (("2026-01-01", "none"), "2026-01-01", "2026-01-01"),
        (("none", "2026-01-01"), "2026-01-01", "2026-01-01"),
        (("none", "none"), "none", "none"),
        (("2026-01-01", None), None, None),
        ((None, "none"), None, None),
        ((None, None), None, None),
    ],
)
def test_earliest_and_latest(
    days: tuple[str | None, str | None], earliest: str | None, latest: str | None
) -> None:
    facts = dict(zip(("registered_on", "moved_on"), days, strict=True))
    assert value("earliest(registered_on, moved_on)", "date", **facts) == earliest
    assert value("latest(registered_on, moved_on)", "date", **facts) == latest


@pytest.mark.parametrize(("day", "is_known"), [("2026-01-01", True), ("none", False), (None, None)])
def test_known_of_a_day(day: str | None, is_known: bool | None) -> None:
    assert value("known(registered_on)", registered_on=day) is is_known


@pytest.mark.parametrize(("kind", "is_known"), [("employee", True), ("none", False), (None, None)])
def test_known_of_a_text(kind: str | None, is_known: bool | None) -> None:
    assert value("known(work_kind)", work_kind=kind) is is_known


@pytest.mark.parametrize(("told", "is_known"), [(True, True), (False, True), (None, None)])
def test_known_of_a_truth(told: bool | None, is_known: bool | None) -> None:
    assert value("known(on_controlled_register)", on_controlled_register=told) is is_known


@pytest.mark.parametrize(
    ("told", "taken"), [("passport", "passport"), ("id_card", "id_card"), (None, "passport")]
)
def test_assume(told: str | None, taken: str) -> None:
    assert value("assume(entry_document, 'passport')", "text", entry_document=told) == taken


# Spelling


@pytest.mark.parametrize(
    "text",
    [
        "on >= entered_on",
        "ON >= entered_on",
        "entered_on<=on",
        "NOT (on < entered_on)",
        "on = date '2026-03-10' AND entered_on = date '2026-01-31'",
        "entered_on + 38 days = on",
        "citizenship = 'TJ' and occupation = 'on 30 days'",  # a text is left as it is written
        "occupation <> 'it''s'",
        "(((true)))",
    ],
)
def test_spellings(text: str) -> None:
    facts = {"entered_on": "2026-01-31", "citizenship": "TJ", "occupation": "on 30 days"}
    assert value(text, **facts) is True


def test_a_day_is_named_by_its_distance() -> None:
    for distance in range(-400, 400, 37):
        expected = (date(2026, 1, 31) + timedelta(days=distance)).isoformat()
        sign = "+" if distance >= 0 else "-"
        assert value(f"entered_on {sign} {abs(distance)} days", "date", entered_on="2026-01-31") == expected
