"""A made-up population on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from safar.base import DataError, day_number
from safar.world.case import Case
from safar.world.draw import Words
from safar.world.figures import Figures
from safar.world.frames import (
    Fact,
    households_frame,
    lost_list,
    offences_frame,
    people_frame,
    stays_frame,
)
from safar.world.grounds import Grounds, get_grounds
from safar.world.homes import settle
from safar.world.journeys import travel
from safar.world.papers import entry, health_and_prints, registration, unlawful
from safar.world.traits import describe
from safar.world.trouble import Trouble, get_into_trouble
from safar.world.work import describe_work, without_card


@dataclass(frozen=True)
class World:
    """Five tables that belong together.

    people: one row a person; the facts of the contract, each date with a flag `<name>_none` beside it.
    stays, offences: one row each, by person_id. households: by household_id. communities: as given.
    """

    people: pl.DataFrame
    stays: pl.DataFrame
    offences: pl.DataFrame
    households: pl.DataFrame
    communities: pl.DataFrame

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def make_world(
    *, people: int, seed: int, on: date, communities: pl.DataFrame, calibration: Mapping[str, Any]
) -> World:
    """Make up `people` migrants and their households as they stand on the day `on`.

    `communities` needs community_id and country (TJ or KG); `calibration` is content/world/calibration.yaml.
    The same arguments give the same world.
    """
    if people < 1:
        raise DataError(f"world: {people} people cannot be made up; ask for at least 1")
    if not {"community_id", "country"} <= set(communities.columns) or communities.is_empty():
        raise DataError("world: communities need rows with community_id and country")
    figures, today = Figures(calibration), day_number(on)
    homes = settle(people, seed, communities, figures)
    traits = describe(homes.tajik, seed, today, figures)
    work = describe_work(traits, seed, figures)
    traits = without_card(traits, work)
    case = Case(
        traits=traits,
        work=work,
        journeys=travel(traits, seed, today, figures),
        seed=seed,
        today=today,
    )
    grounds = get_grounds(case, figures)
    trouble = get_into_trouble(case, unlawful(case, grounds, figures), figures)
    facts = _facts(case, grounds, trouble, figures)
    return World(
        people=people_frame(facts, _empty_lists(case, trouble), homes, communities, seed, figures),
        stays=stays_frame(case, lost_list("stays", case.size, seed, figures)),
        offences=offences_frame(case, trouble),
        households=households_frame(homes, communities),
        communities=communities,
    )


def _empty_lists(case: Case, trouble: Trouble) -> dict[str, NDArray[np.bool_]]:
    """Whose lists of stays and of offences have no entry."""
    clean = np.ones(case.size, dtype=np.bool_)
    clean[trouble.person] = False
    return {"stays": case.journeys.count == 0, "offences": clean}


def _facts(case: Case, grounds: Grounds, trouble: Trouble, figures: Figures) -> dict[str, Fact]:
    """Every fact of the contract by its name, before anything is lost."""
    traits, patent, permit, contract = case.traits, grounds.patent, grounds.permit, grounds.contract
    return {
        "citizenship": traits.citizenship,
        "second_citizenship": traits.second_citizenship,
        "birth_date": traits.birth_date,
        "sex": Words(("male", "female"), traits.female.astype(np.int16)),
        "destination": traits.destination,
        **case.work.texts,
        "entered_on": entry(case),
        **registration(case, grounds, figures),
        **health_and_prints(case, grounds, figures),
        "language_certificate_until": patent.language_until,
        "patent_applied_on": patent.applied,
        "patent_issued_on": patent.issued,
        "patent_region": patent.region,
        "patent_occupation": patent.occupation,
        "patent_paid_until": patent.paid_until,
        "patent_contract_filed_on": patent.contract_filed,
        "permit_kind": permit.kind,
        "permit_issued_on": permit.issued,
        "permit_until": permit.until,
        "contract_signed_on": contract.signed,
        "contract_ends_on": contract.ends,
        "contract_ended_early_on": contract.ended_early,
        "on_controlled_register": trouble.on_controlled_register,
        "banned_until": trouble.banned_until,
        "unpaid_since": trouble.unpaid_since,
    }
