"""From arrays to tables: the columns of the contract, with what nobody told us left out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from safar.base import NEVER, DataError
from safar.world.case import Case
from safar.world.draw import MISSING, UNKNOWN, Days, Flags, Reals, Words, chance, pick, stream
from safar.world.figures import Figures
from safar.world.homes import Homes
from safar.world.traits import COUNTRIES
from safar.world.trouble import Trouble

# The facts of the contract in its order; lists (stays, offences, answers) are tables of their own.
FACTS = (
    "citizenship", "second_citizenship", "birth_date", "sex", "destination", "region", "entry_purpose",
    "entry_document", "entered_on", "registered_on", "registered_until", "host_notified_on", "moved_on",
    "fingerprinted_on", "medical_exam_on", "language_certificate_until", "patent_applied_on",
    "patent_issued_on", "patent_region", "patent_occupation", "patent_paid_until",
    "patent_contract_filed_on", "permit_kind", "permit_issued_on", "permit_until", "work_kind",
    "work_region", "occupation", "contract_signed_on", "contract_ends_on", "contract_ended_early_on",
    "study_mode", "study_region", "family_of", "on_controlled_register", "banned_until", "unpaid_since",
)  # fmt: skip

Fact = Days | Words | Flags


def people_frame(
    facts: Mapping[str, Fact],
    empty: Mapping[str, Flags],
    homes: Homes,
    communities: pl.DataFrame,
    seed: int,
    figures: Figures,
) -> pl.DataFrame:
    """One row a person: person_id, the facts in the order of the contract, community_id, household_id.

    `empty` tells whose list of stays or offences surely has no entry; where that was not noted, an empty list
    stays unknown. It becomes `stays_none` and `offences_none`.
    """
    if set(facts) != set(FACTS):
        raise DataError(f"world: facts differ from the contract: {sorted(set(facts) ^ set(FACTS))}")
    size = len(homes.household)
    quality = _file_quality(size, seed, figures)
    columns: list[pl.Series] = [numbered("person_id", "P", np.arange(size), size)]
    for name in FACTS:
        columns.extend(_column(name, facts[name], _lost(name, quality, seed, figures)))
    for name, none in empty.items():
        columns.append(pl.Series(f"{name}_none", none & ~_lost(name, quality, seed, figures)))
    community = pl.Series("community_id", communities["community_id"]).gather(
        homes.community[homes.household].astype(np.uint32)
    )
    household = numbered("household_id", "H", homes.household, len(homes.members))
    return pl.DataFrame([*columns, community, household])


def stays_frame(case: Case, lost: Flags) -> pl.DataFrame:
    """One row a stay: person_id, country, entered_on, left_on, left_on_none (true = still there).

    `lost` tells whose stays nobody wrote down.
    """
    travel = case.journeys
    used = travel.entered != NEVER
    rows = np.repeat(np.arange(case.size), travel.count)
    here = case.traits.destination.codes[rows]
    country = np.where(travel.other_country[used], 1 - here, here).astype(np.int16)
    return pl.DataFrame(
        [
            numbered("person_id", "P", rows, case.size),
            _words("country", Words(COUNTRIES, country)),
            *_dates("entered_on", travel.entered[used])[:1],
            *_dates("left_on", travel.noted_left[used]),
        ]
    ).filter(pl.Series(~lost[rows]))


def offences_frame(case: Case, trouble: Trouble) -> pl.DataFrame:
    """One row a decision: person_id, country, kind, decided_on, expelled."""
    return pl.DataFrame(
        [
            numbered("person_id", "P", trouble.person, case.size),
            _words("country", Words(COUNTRIES, trouble.country)),
            _words("kind", trouble.kind),
            *_dates("decided_on", trouble.decided_on)[:1],
            pl.Series("expelled", trouble.expelled),
        ]
    )


def households_frame(homes: Homes, communities: pl.DataFrame) -> pl.DataFrame:
    """One row a household: household_id, community_id, members, head_sex, migrants."""
    size = len(homes.members)
    head = Words(("male", "female"), homes.led_by_woman.astype(np.int16))
    return pl.DataFrame(
        [
            numbered("household_id", "H", np.arange(size), size),
            communities["community_id"].gather(homes.community.astype(np.uint32)),
            pl.Series("members", homes.members),
            _words("head_sex", head),
            pl.Series("migrants", homes.migrants),
        ]
    )


def numbered(name: str, letter: str, rows: NDArray[np.integer], size: int) -> pl.Series:
    """Ids from row numbers: P0000001 is row 0. Seven digits, more where `size` needs them."""
    width = max(7, len(str(size)))
    text = pl.Series(name, np.arange(1, size + 1, dtype=np.int64)).cast(pl.String).str.zfill(width)
    return (pl.select(pl.lit(letter) + text).to_series().rename(name)).gather(rows.astype(np.uint32))


def _column(name: str, fact: Fact, lost: Flags) -> list[pl.Series]:
    """A fact as one column, or as two where it is a date; `lost`: nobody told us."""
    if isinstance(fact, Words):
        return [_words(name, Words(fact.words, np.where(lost, MISSING, fact.codes).astype(np.int16)))]
    if fact.dtype == np.bool_:
        known = pl.Series(name, fact)
        return [pl.select(pl.when(~pl.Series(lost)).then(known)).to_series().rename(name)]
    return _dates(name, np.where(lost, UNKNOWN, fact).astype(np.int32))


def _dates(name: str, days: Days) -> list[pl.Series]:
    """The date, null where it never happened or is unknown, and the flag that tells the two apart."""
    never = days == NEVER
    real = pl.Series(~never & (days != UNKNOWN))
    dates = pl.select(pl.when(real).then(pl.Series(days))).to_series().cast(pl.Date)
    return [dates.rename(name), pl.Series(f"{name}_none", never)]


def _words(name: str, column: Words) -> pl.Series:
    """A column of text; null where the code is -1."""
    vocabulary = pl.Series(name, [*column.words, None], dtype=pl.String)
    at = np.where(column.codes == MISSING, len(column.words), column.codes)
    return vocabulary.gather(at.astype(np.uint32))


def _file_quality(size: int, seed: int, figures: Figures) -> Reals:
    """How much likelier a fact is missing for a person; 1 on average."""
    kinds = figures.value("file_quality")
    weights = {kind: figures.number("file_quality", kind, "weight") for kind in kinds}
    times: Reals = np.array([figures.number("file_quality", kind, "times") for kind in kinds])
    mean = float(np.dot(times, list(weights.values()))) / sum(weights.values())
    drawn: Reals = times[pick(stream(seed, "file quality"), weights, size)] / mean
    return drawn


def lost_list(name: str, size: int, seed: int, figures: Figures) -> Flags:
    """Whose list of stays or offences is not known."""
    return _lost(name, _file_quality(size, seed, figures), seed, figures)


def _lost(name: str, quality: Reals, seed: int, figures: Figures) -> Flags:
    """Whose fact is missing; what always stands in a file has no entry in the calibration."""
    shares = figures.table("unknown_share")
    if name not in shares:
        return np.zeros(len(quality), dtype=np.bool_)
    return chance(stream(seed, f"lost {name}"), quality * shares[name], len(quality))
