"""The SQL that finds pairs and weighs them, written once for DuckDB and Spark.

Tables hold the columns of prepare.PREPARED. Pairs are ``a`` < ``b`` by id within one table; between two tables ``a`` is
the left record's id and ``b`` the right one's.
"""

# ruff: noqa: S608 - every name and number in the texts is our own; nothing of a record enters them

from safar.linkage.levels import COMPARISONS, KIN_COMPARISONS
from safar.linkage.model import Model
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


def candidates_sql(left: str = "records", right: str = "records") -> str:
    """All pairs that a block brings together, each once: columns a, b."""
    within = " and l.id < r.id" if left == right else ""
    return " union ".join(
        f"select l.id as a, r.id as b from {left} l join {right} r on {condition}{within}"
        for condition in BLOCKS.values()
    )


def weights_sql(
    model: Model, *, pairs: str, left: str = "records", right: str = "records", at_least: float
) -> str:
    """Pairs with their weight in bits, those of ``at_least``: columns a, b, weight."""
    field_bits = " + ".join(f"{_bits(model, comparison.field)}" for comparison in COMPARISONS)
    kin_bits = " + ".join(
        _choose(f"g_{field.field}", model.kin_weights(field.field)) for field in KIN_COMPARISONS
    )
    return f"""
    select a, b, least(stranger, brother) - log2(1.0 + power(2.0, -abs(stranger - brother))) as weight from (
      select a, b, {model.prior_bits!r} + {field_bits} as stranger, {model.kin_prior_bits!r} + {kin_bits} as brother
      from ({gammas_sql(pairs=pairs, left=left, right=right)}) as levels
    ) as both_ways
    where least(stranger, brother) - log2(1.0 + power(2.0, -abs(stranger - brother))) >= {at_least!r}
    """


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


def _bits(model: Model, field: str) -> str:
    comparison = next(c for c in COMPARISONS if c.field == field)
    chance = {
        place: f" - log2(c_{field}_{place})"
        for place, level in enumerate(comparison.levels, start=1)
        if level.chance
    }
    return _choose(f"g_{field}", model.weights(field), chance)


def _choose(gamma: str, weights: list[float], more: dict[int, str] | None = None) -> str:
    cases = " ".join(
        f"when {place} then {weight!r}{(more or {}).get(place, '')}"
        for place, weight in enumerate(weights)
        if place
    )
    return f"case {gamma} {cases} else 0.0 end"
