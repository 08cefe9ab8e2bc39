"""How two records are compared: fields, and the levels of agreement of each, as plain SQL over ``…_l`` and ``…_r``.

Only functions that DuckDB and Spark share are used (levenshtein, length, substr, instr, abs, least, greatest), so that
one text serves both. The first level that holds counts; each has a code that words can be put to.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One level: its code, when it holds, and how frequent such agreement is by chance (two Rustams say less)."""

    code: str
    when: str = ""  # empty = whatever is left
    chance: str = ""  # SQL; empty = one chance for all, learnt from random pairs


@dataclass(frozen=True)
class Comparison:
    """A field: when nothing can be said (``unknown``), and its levels from the closest to the most different."""

    field: str
    unknown: str
    levels: tuple[Level, ...]

    def gamma(self) -> str:
        """SQL: 0 for unknown, else 1, 2 … in the order of levels."""
        cases = [f"when {self.unknown} then 0"]
        for place, level in enumerate(self.levels[:-1], start=1):
            cases.append(f"when {level.when} then {place}")
        return f"case {' '.join(cases)} else {len(self.levels)} end"

    def codes(self) -> tuple[str, ...]:
        """Codes by gamma; the first is ``unknown``."""
        return ("unknown", *(level.code for level in self.levels))


def _frequency(column: str) -> str:
    return f"greatest({column}_frequency_l, {column}_frequency_r)"


def _missing(*columns: str) -> str:
    return " or ".join(f"{column}_{side} is null" for column in columns for side in "lr")


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _slip(column: str) -> str:
    """One slip of the hand in a name that is long enough, two in a long one."""
    return _letters_apart(column, (3, 1), (7, 2))


def _near(column: str) -> str:
    """One slip more."""
    return _letters_apart(column, (4, 2), (9, 3))


def _letters_apart(column: str, short: tuple[int, int], long: tuple[int, int]) -> str:
    a, b = f"{column}_l", f"{column}_r"
    size = f"least(length({a}), length({b}))"
    apart = f"case when {size} >= {long[0]} then {long[1]} else {short[1]} end"
    return f"{size} >= {short[0]} and abs(length({a}) - length({b})) <= {long[1]} and levenshtein({a}, {b}) <= {apart}"


def _initial(column: str) -> str:
    def one(a: str, b: str) -> str:
        return f"(length({column}_{a}) = 1 and instr({column}_initials_{b}, {column}_{a}) > 0)"

    return f"{one('l', 'r')} or {one('r', 'l')}"


def _beginning(column: str) -> str:
    a, b = f"{column}_l", f"{column}_r"
    size = f"least(length({a}), length({b}))"
    return f"{size} >= 4 and substr({a}, 1, cast({size} as int)) = substr({b}, 1, cast({size} as int))"


_MAY_BE_A_SLIP = "not (given_known_l and given_known_r)"  # Ҳасан is not Ҳусейн misspelt
_CROSSED = "given_l = surname_r and surname_l = given_r"
# A surname is as frequent as it is in this district: families stay together.
_HERE = "case when district_l = district_r then surname_here_frequency_l else 0.0 end"
_SURNAME_CHANCE = f"greatest(surname_frequency_l, surname_frequency_r, {_HERE})"
_FULL = "not only_year_l and not only_year_r"
_DAYS = "abs(birth_l - birth_r)"  # as numbers yyyymmdd: one wrong digit is a power of ten, times a digit
_ONE_DIGIT = " or ".join(
    f"({_DAYS} % {10**place} = 0 and {_DAYS} < {10 ** (place + 1)})" if place else f"{_DAYS} < 10"
    for place in range(6)
)
_TWO_PARTS = (
    "(birth_year_l = birth_year_r and birth_month_l = birth_month_r)"
    " or (birth_year_l = birth_year_r and birth_day_l = birth_day_r)"
    " or (birth_month_l = birth_month_r and birth_day_l = birth_day_r)"
)
SHARED_BY_MANY = 8  # records with one telephone: more than a family's

GIVEN = Comparison(
    "given",
    _missing("given"),
    (
        Level("same", _same("given"), _frequency("given")),
        Level("optional_ending", _same("given_bare"), _frequency("given_bare")),
        Level("swapped", _CROSSED),
        Level("slip", f"{_MAY_BE_A_SLIP} and {_slip('given_bare')}"),
        Level("initial", _initial("given")),
        Level("sound", f"{_MAY_BE_A_SLIP} and {_same('given_bones')}"),
        Level("near", f"{_MAY_BE_A_SLIP} and {_near('given_bare')}"),
        Level("beginning", f"{_MAY_BE_A_SLIP} and {_beginning('given_bare')}"),
        Level("different"),
    ),
)
SURNAME = Comparison(
    "surname",
    f"{_missing('surname')} or ({_CROSSED})",
    (
        Level("same", _same("surname"), _SURNAME_CHANCE),
        Level("slip", _slip("surname")),
        Level("sound", _same("surname_bones")),
        Level("near", _near("surname")),
        Level("beginning", _beginning("surname")),
        Level("different_woman", "sex_l = 'F' or sex_r = 'F'"),
        Level("different"),
    ),
)
FATHER = Comparison(
    "father",
    _missing("father"),
    (
        Level("same", _same("father"), _frequency("father")),
        Level("slip", _slip("father")),
        Level("initial", _initial("father")),
        Level("sound", _same("father_bones")),
        Level("near", _near("father")),
        Level("beginning", _beginning("father")),
        Level("different"),
    ),
)
BIRTH = Comparison(
    "birth",
    _missing("birth_year"),
    (
        Level("same", f"birth_l = birth_r and {_FULL}"),
        Level("same_new_year", "birth_year_l = birth_year_r and only_year_l and only_year_r"),
        Level("same_year_one_new_year", "birth_year_l = birth_year_r and (only_year_l or only_year_r)"),
        Level(
            "day_and_month_swapped",
            f"birth_year_l = birth_year_r and birth_month_l = birth_day_r and birth_day_l = birth_month_r and {_FULL}",
        ),
        Level("one_digit", f"{_FULL} and ({_ONE_DIGIT})"),
        Level("two_parts", f"{_FULL} and ({_TWO_PARTS})"),
        Level("near_new_year", "(only_year_l or only_year_r) and abs(birth_year_l - birth_year_r) <= 1"),
        Level("same_year", "birth_year_l = birth_year_r"),
        Level("near_year", "abs(birth_year_l - birth_year_r) <= 2"),
        Level("different"),
    ),
)
PHONE = Comparison(
    "phone",
    _missing("phone"),
    (
        Level("same", f"phone_l = phone_r and phone_count_l <= {SHARED_BY_MANY}"),
        Level("same_shared_by_many", "phone_l = phone_r"),
        Level("different"),
    ),
)
DISTRICT = Comparison(
    "district", _missing("district"), (Level("same", _same("district")), Level("different"))
)
SEX = Comparison("sex", _missing("sex"), (Level("same", _same("sex")), Level("different")))

COMPARISONS = (GIVEN, SURNAME, FATHER, BIRTH, PHONE, DISTRICT, SEX)
BY_FIELD = {comparison.field: comparison for comparison in COMPARISONS}

# Inside a household surname, father, telephone and district say nothing about who of the brothers it is. Only these do;
# a swapped name is left out, for it is told by the surname.
KIN_COMPARISONS = (
    Comparison("given", GIVEN.unknown, tuple(level for level in GIVEN.levels if level.code != "swapped")),
    BIRTH,
    SEX,
)
TWIN_COMPARISONS = KIN_COMPARISONS[:1]  # a twin shares all but the given name
