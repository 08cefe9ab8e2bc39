"""Learning a model without labels: Splink's expectation maximisation, once against strangers, once inside households.

Fellegi and Sunter assume that fields agree by chance independently. Inside a household they do not: brothers share
surname, father, telephone, district. So a second session looks only at pairs that share surname, father and district
and learns there what still tells one person from a brother; ``pairs_sql`` puts both weights together.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from math import log2
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator

from safar.linkage.levels import COMPARISONS, KIN_COMPARISONS, Comparison
from safar.linkage.model import BROTHER, STRANGER, Chance, Model, Story, start_model

_RANDOM_PAIRS = 1_000_000
_SESSION_PAIRS = 400_000
_SEED = 1
_FEWEST = 5_000  # records; a shorter list teaches less than the start already knows
_FULL = "not l.only_year and not r.only_year"
_SURE = f"l.surname = r.surname and l.given = r.given and l.birth = r.birth and {_FULL}"
_SESSIONS = (
    f"l.birth = r.birth and l.district = r.district and {_FULL}",
    "l.surname = r.surname and l.given = r.given and l.father = r.father",
)
_KIN_SESSION = "l.surname = r.surname and l.father = r.father and l.district = r.district"

Chances = Mapping[str, Mapping[str, Chance]]


def train(connection: duckdb.DuckDBPyConnection, *, step: Callable[[str], None] = lambda _: None) -> Model:
    """A model learnt from the table ``records`` of ``connection`` (columns of prepare.PREPARED), the same each time."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    records = int(connection.execute("select count(*) from records").fetchall()[0][0])
    start = start_model(records)
    if records < _FEWEST:
        return start
    strangers, brothers = start.stories[STRANGER].fields, start.stories[BROTHER].fields
    table = DuckDBAPI(connection).register(connection.table("records"))
    linker = Linker(table, _settings(COMPARISONS, strangers), log_level=None)
    step("what strangers share")
    # In one piece: stopping early at a hundred pairs a level would judge by some twenty records.
    linker.training.estimate_u_using_random_sampling(
        max_pairs=_RANDOM_PAIRS, seed=_SEED, min_count_per_level=None, num_chunks=1
    )
    step("what one person's records share")
    for rule in _SESSIONS:
        _learn(linker, rule)
    learnt = _chances(linker, strangers)
    step("what brothers share")
    household = Linker(table, _settings(KIN_COMPARISONS, brothers), log_level=None)
    share = _learn(household, _KIN_SESSION, fix_u_probabilities=False)
    kin_prior = log2(share / (1 - share)) if 0 < share < 1 else start.stories[BROTHER].prior_bits
    stories = {
        **start.stories,
        STRANGER: Story(_prior(connection, learnt, records), learnt),
        BROTHER: Story(kin_prior, _chances(household, brothers)),
    }
    return Model(records, stories)


def _learn(linker: Linker, rule: str, **options: Any) -> float:
    """One session; the share of its pairs that are one person's."""
    session = linker.training.estimate_parameters_using_expectation_maximisation(
        rule, estimate_without_term_frequencies=True, max_pairs=_SESSION_PAIRS, **options
    )
    return float(session.core_model_settings.probability_two_random_records_match)


def _prior(connection: duckdb.DuckDBPyConnection, fields: Chances, records: int) -> float:
    """Log2 odds that any two records are one person's: pairs that surely are, raised by how many such a rule misses."""
    sure = connection.execute(
        f"select count(*) from records l join records r on {_SURE} where l.id < r.id"  # noqa: S608 - own text
    ).fetchall()[0][0]
    found = fields["surname"]["same"].same * fields["given"]["same"].same * fields["birth"]["same"].same
    known = connection.execute(
        "select avg((surname is not null and given is not null and birth is not null)::int) from records"
    ).fetchall()[0][0]
    share = max(sure, 1) / (found * known**2) / (records * (records - 1) / 2)
    return log2(share / (1 - share))


def _settings(comparisons: Sequence[Comparison], start: Chances) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[_as_splink(comparison, start[comparison.field]) for comparison in comparisons],
        probability_two_random_records_match=0.5,
    )


def _as_splink(comparison: Comparison, start: Mapping[str, Chance]) -> dict[str, Any]:
    unknown = {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True}
    levels = [
        {
            "sql_condition": level.when or "ELSE",
            "label_for_charts": level.code,
            "m_probability": start[level.code].same,
            "u_probability": start[level.code].other,
        }
        for level in comparison.levels
    ]
    return {"output_column_name": comparison.field, "comparison_levels": [unknown, *levels]}


def _chances(linker: Linker, start: Chances) -> dict[str, dict[str, Chance]]:
    """What was learnt; a level that nothing showed keeps its start."""
    learnt: dict[str, Any] = linker.misc.save_model_to_json()
    return {
        comparison["output_column_name"]: {
            level["label_for_charts"]: _chance(level, start[comparison["output_column_name"]])
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        }
        for comparison in learnt["comparisons"]
    }


def _chance(level: Mapping[str, Any], start: Mapping[str, Chance]) -> Chance:
    before = start[level["label_for_charts"]]
    return Chance(
        same=float(level.get("m_probability") or before.same),
        other=float(level.get("u_probability") or before.other),
    )
