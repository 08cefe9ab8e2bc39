"""Learning a model without labels: Splink's expectation maximisation, once against strangers, once inside households.

Fellegi and Sunter assume that fields agree by chance independently. Inside a household they do not: brothers share
surname, father, telephone, district. So a second session looks only at pairs that share surname, father and district
and learns there what still tells one person from a brother; ``pairs_sql`` puts both weights together.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from math import log2
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.internals.exceptions import EMTrainingException
from splink.internals.splink_dataframe import SplinkDataFrame

from safar.linkage.levels import COMPARISONS, KIN_COMPARISONS, Comparison
from safar.linkage.model import BROTHER, STRANGER, Chance, Model, Story, start_model

_RANDOM_PAIRS = 1_000_000
_SESSION_PAIRS = 400_000
_SEED = 1
_FEWEST = 5_000  # records; a shorter list teaches less than the start already knows
_FEWEST_SURE, _LEAST_FOUND = 30, 0.01
_FULL = "not l.only_year and not r.only_year"
_SURE = f"l.surname = r.surname and l.given = r.given and l.birth = r.birth and {_FULL}"
_SESSIONS = (
    f"l.birth = r.birth and l.district = r.district and {_FULL}",
    "l.surname = r.surname and l.given = r.given and l.father = r.father",
)
_CERTAIN_FIELDS = (
    "given",
    "surname",
    "birth",
)  # whatever the register, a person's own agree more often than not
_KIN_SESSION = "l.surname = r.surname and l.father = r.father and l.district = r.district"

Chances = Mapping[str, Mapping[str, Chance]]


def train(
    connection: duckdb.DuckDBPyConnection,
    *,
    pairs_a_record: float | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> Model:
    """A model learnt from the table ``records`` of ``connection`` (columns of prepare.PREPARED), the same each time.

    What a register does not show (no telephones, no patronymics, too few records) keeps the numbers of start.yaml.
    """
    logging.getLogger("splink").setLevel(logging.ERROR)
    records = int(connection.execute("select count(*) from records").fetchall()[0][0])
    start = start_model(records, pairs_a_record=pairs_a_record)
    if records < _FEWEST:
        return start
    table = DuckDBAPI(connection).register(connection.table("records"))
    fields = _against_strangers(table, start.stories[STRANGER].fields, step)
    step("what brothers share")
    brother = _against_brothers(table, start.stories[BROTHER])
    prior = _prior(connection, fields, records) or start.stories[STRANGER].prior_bits
    return Model(records, {**start.stories, STRANGER: Story(prior, fields), BROTHER: brother})


def _against_strangers(table: SplinkDataFrame, start: Chances, step: Callable[[str], None]) -> Chances:
    linker = Linker(table, _settings(COMPARISONS, start), log_level=None)
    step("what strangers share")
    # In one piece: stopping early at a hundred pairs a level would judge by some twenty records.
    linker.training.estimate_u_using_random_sampling(
        max_pairs=_RANDOM_PAIRS, seed=_SEED, min_count_per_level=None, num_chunks=1
    )
    step("what one person's records share")
    for rule in _SESSIONS:
        linker, _ = _learn(linker, rule)
    return _chances(linker, start)


def _against_brothers(table: SplinkDataFrame, start: Story) -> Story:
    linker = Linker(table, _settings(KIN_COMPARISONS, start.fields), log_level=None)
    linker, share = _learn(linker, _KIN_SESSION, fix_u_probabilities=False)
    if share is None or not 0 < share < 1:
        return start
    return Story(log2(share / (1 - share)), _chances(linker, start.fields))


def _learn(linker: Linker, rule: str, **options: Any) -> tuple[Linker, float | None]:
    """One session: the linker that learnt, and the share of the session's pairs that are one person's.

    Splink refuses a rule that finds no pair, and a level that ran down to a chance of nought; and it leaves a linker
    half changed. So a copy learns, and where it fails all stays as it was and the share is None.
    """
    learner = deepcopy(linker)
    try:
        session = learner.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=_SESSION_PAIRS, **options
        )
    except (EMTrainingException, ValueError):
        return linker, None
    return learner, float(session.core_model_settings.probability_two_random_records_match)


def _prior(connection: duckdb.DuckDBPyConnection, fields: Chances, records: int) -> float | None:
    """Log2 odds that any two records are one person's: pairs that surely are, raised by how many such a rule misses."""
    sure, known = connection.execute(
        f"""select (select count(*) from records l join records r on {_SURE} where l.id < r.id),
        avg((surname is not null and given is not null and birth is not null and not only_year)::int) from records"""  # noqa: S608
    ).fetchall()[0]
    found = fields["surname"]["same"].same * fields["given"]["same"].same * _whole_dates(fields["birth"])
    share = sure / max(found * known**2, _LEAST_FOUND) / (records * (records - 1) / 2)
    return log2(share / (1 - share)) if sure >= _FEWEST_SURE and share < 1 else None


def _whole_dates(birth: Mapping[str, Chance]) -> float:
    """How often two whole dates of one person agree."""
    partly = sum(chance.same for code, chance in birth.items() if "new_year" in code)
    return birth["same"].same / max(1 - partly, _LEAST_FOUND)


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
    """What was learnt; a level that nothing showed keeps its start, and a field that learnt upside down does too."""
    learnt: dict[str, Any] = linker.misc.save_model_to_json()
    out: dict[str, dict[str, Chance]] = {}
    for comparison in learnt["comparisons"]:
        field = comparison["output_column_name"]
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        told = {level["label_for_charts"]: _chance(level, start[field]) for level in levels}
        upside_down = field in _CERTAIN_FIELDS and told["same"].same < start[field]["same"].same / 2
        out[field] = dict(start[field]) if upside_down else told
    return out


def _chance(level: Mapping[str, Any], start: Mapping[str, Chance]) -> Chance:
    before = start[level["label_for_charts"]]
    return Chance(
        same=float(level.get("m_probability") or before.same),
        other=float(level.get("u_probability") or before.other),
    )
