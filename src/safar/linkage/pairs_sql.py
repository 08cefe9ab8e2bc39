"""The SQL that finds pairs and weighs them, written once for DuckDB and Spark.

Tables hold the columns of prepare.PREPARED. Pairs are ``a`` < ``b`` by id within one table; between two tables ``a`` is
the left record's id and ``b`` the right one's.
"""

# ruff: noqa: S608 - every name and number in the texts is our own; nothing of a record enters them

from collections.abc import Mapping
from math import log2

from safar.linkage.levels import BY_FIELD, COMPARISONS
from safar.linkage.model import STRANGER, Model
from safar.linkage.prepare import PREPARED

_FULL = "not l.only_year and not r.only_year"
_CROWD = 50  # a telephone in more records than this is an office's, a brigadier's
# A common name alone finds too many strangers: the years must not speak against it.
_YEARS_ALLOW = "(l.birth_year is null or r.birth_year is null or abs(l.birth_year - r.birth_year) <= 2)"


def _equal(*columns: str) -> str:
    return " and ".join(f"l.{column} = r.{column}" for column in columns)


BLOCKS = {
    "birth_given": f"{_equal('birth', 'given_bones')} and {_FULL}",
    "birth_surname": f"{_equal('birth', 'surname_bones')} and {_FULL}",
    "birth_swapped": f"{_equal('birth')} and l.surname_bones = r.given_bones and {_FULL}",
    "phone": f"{_equal('phone')} and l.phone_count <= {_CROWD}",
    "names_year": _equal("surname_bones", "given_bones", "birth_year"),
    "names_district": _equal("surname_bones", "given_bones", "district"),
    "names": f"{_equal('surname', 'given')} and {_YEARS_ALLOW}",
    "names_father": _equal("surname_bones", "given_bones", "father_bones"),
    "given_father_year": _equal("given_bones", "father_bones", "birth_year"),
    "surname_father_year": _equal("surname_bones", "father_bones", "birth_year"),
}


_FIRST_LETTER = "substr(l.{0}, 1, 1) = substr(r.{0}, 1, 1)"
_INITIAL = "(length(l.given) = 1 or length(r.given) = 1)"
# A list of people asks for more than a register: whatever match_sql would call possible must be brought together here.
MATCH_BLOCKS = {
    **{
        name: BLOCKS[name]
        for name in ("birth_given", "birth_surname", "birth_swapped", "names_father", "names_year")
    },
    "birth_father": f"{_equal('birth', 'father_bones')} and {_FULL}",
    "given_father_year": BLOCKS["given_father_year"],
    "surname_father_year": BLOCKS["surname_father_year"],
    "birth_given_letter": f"{_equal('birth')} and {_FIRST_LETTER.format('given_bones')} and {_FULL}",
    "given_year_surname_letter": f"{_equal('given_bones', 'birth_year')} and {_FIRST_LETTER.format('surname_bones')}",
    "given_day_surname_letter": (
        f"{_equal('given_bones', 'birth_month', 'birth_day')} and {_FIRST_LETTER.format('surname_bones')}"
    ),
    "surname_initial": f"{_equal('surname_bones')} and {_INITIAL} and {_YEARS_ALLOW}",
    "names": _equal("surname_bones", "given_bones"),
    "swapped": "l.surname = r.given and l.given = r.surname",
}
_MATCH_FIELDS = ("given", "surname", "father", "birth", "sex")


def match_candidates_sql(left: str, right: str) -> str:
    """People and rows of a list that a block brings together, each pair once: columns a, b."""
    return _any_block(MATCH_BLOCKS, left, right)


def match_sql(model: Model, *, prior_bits: float, pairs: str, left: str, right: str) -> str:
    """Pairs of a person and a row of a list: a, b, weight (bits), and the level of each field (``g_<field>``)."""
    bits = " + ".join(_bits(model, STRANGER, field) for field in _MATCH_FIELDS)
    levels = ", ".join(f"g_{field}" for field in _MATCH_FIELDS)
    return f"""
    select a, b, {levels}, {prior_bits!r} + {bits} as weight
    from ({gammas_sql(pairs=pairs, left=left, right=right)}) as levels
    """


def possible_sql(likely: float) -> str:
    """The condition, over ``match_sql``, that a pair cannot be ruled out.

    It is as likely as ``likely``; or it has one given name and one whole date (surnames change), or one full name and
    no date that speaks against it; and neither sex nor patronymic is another one.
    """
    given = _is("given", "same", "optional_ending", "slip", "sound")
    full_name = (
        f"(({given} or {_is('given', 'initial')}) and {_is('surname', 'same', 'slip', 'sound')})"
        f" or {_is('given', 'swapped')}"
    )
    date_allows = _is("birth", "unknown", "same", "same_new_year", "same_year_one_new_year", "day_and_month_swapped",
                      "one_digit", "two_parts", "near_new_year")  # fmt: skip
    return (
        f"weight >= {log2(likely / (1 - likely))!r}"
        f" or (not {_is('sex', 'different')} and not {_is('father', 'different')}"
        f" and (({given} and {_is('birth', 'same', 'day_and_month_swapped')}) or (({full_name}) and {date_allows})))"
    )


def _is(field: str, *codes: str) -> str:
    places = [str(BY_FIELD[field].codes().index(code)) for code in codes]
    return f"g_{field} in ({', '.join(places)})"


def candidates_sql(left: str = "records", right: str = "records") -> str:
    """All pairs that a block brings together, each once: columns a, b."""
    return _any_block(BLOCKS, left, right)


def _any_block(blocks: Mapping[str, str], left: str, right: str) -> str:
    within = " and l.id < r.id" if left == right else ""
    return " union ".join(
        f"select l.id as a, r.id as b from {left} l join {right} r on {condition}{within}"
        for condition in blocks.values()
    )


def weights_sql(model: Model, *, pairs: str, left: str = "records", right: str = "records") -> str:
    """Pairs with their weight in bits against all other stories together: columns a, b, weight.

    Keep the answer before choosing from it: a database that is asked for heavy pairs alone weighs every pair twice.
    """
    stories = ", ".join(f"{_story_bits(model, name)} as {name}" for name in model.stories)
    least = f"least({', '.join(model.stories)})"
    odds = " + ".join(f"power(2.0, {least} - {name})" for name in model.stories)
    return f"""
    select a, b, {least} - log2({odds}) as weight
    from (select a, b, {stories} from ({gammas_sql(pairs=pairs, left=left, right=right)}) as levels) as told
    """


def _story_bits(model: Model, name: str) -> str:
    story = model.stories[name]
    fields = [field for field in BY_FIELD if field in story.fields]
    return " + ".join([repr(story.prior_bits), *(_bits(model, name, field) for field in fields)])


def gammas_sql(*, pairs: str, left: str = "records", right: str = "records") -> str:
    """For each pair the level of each field (``g_<field>``) and the chances of its names (``c_<field>``)."""
    sides = ", ".join(
        f"l.{column} as {column}_l, r.{column} as {column}_r" for column in PREPARED if column != "id"
    )
    levels = ", ".join(f"{comparison.gamma()} as g_{comparison.field}" for comparison in COMPARISONS)
    chances = ", ".join(
        f"{level.chance} as c_{comparison.field}_{place}"
        for comparison in COMPARISONS
        for place, level in enumerate(comparison.levels, start=1)
        if level.chance
    )
    return f"""
      select a, b, {levels}, {chances} from (
        select p.a, p.b, {sides} from {pairs} p join {left} l on l.id = p.a join {right} r on r.id = p.b
      ) as beside
    """


def _bits(model: Model, story: str, field: str) -> str:
    levels = enumerate(BY_FIELD[field].levels, start=1)
    own = {
        place: f" - log2(c_{field}_{place})" for place, level in levels if level.chance and story == STRANGER
    }
    weights = model.weights(story, field)
    cases = " ".join(
        f"when {place} then {bits!r}{own.get(place, '')}" for place, bits in enumerate(weights) if place
    )
    return f"case g_{field} {cases} else 0.0 end"
