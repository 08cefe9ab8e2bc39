"""Who of the people just written needs help: reckoned for all of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl

from safar.base import day_number
from safar.casework.facts import ANSWERS, law_in
from safar.casework.needs import corridor_of, triage
from safar.casework.worklist import load_needs
from safar.flow.rank import rank_people
from safar.law.facts import SCALARS
from safar.law.screen import prepare_people
from safar.law.table import Source

LISTED = {
    "stays": ("country", "entered_on", "left_on"),
    "offences": ("country", "kind", "decided_on", "expelled"),
}


@dataclass(frozen=True)
class Reckoned:
    """A person whose facts are new: to whose scope they belong, and what is known."""

    person_id: UUID
    home_path: str
    region: str
    facts: Mapping[str, Any]


def rank(people: Sequence[Reckoned], *, on: date) -> pl.DataFrame:
    """The needs of people as ``load_needs`` takes them. A thousand cost hardly more than one: ask for all at once."""
    law = law_in("en").law
    who, stays, offences = _people(people), _listed(people, "stays"), _listed(people, "offences")
    prepared = prepare_people(
        law, Source(who, "people"), Source(stays, "stays"), Source(offences, "offences"), day_number(on)
    )
    return rank_people(law, prepared, triage=triage(), on=on)


def put_needs(register_id: int, people: Sequence[Reckoned], needs: pl.DataFrame, *, on: date) -> None:
    """Put the worklists of these people right; ``needs`` may hold those of others too."""
    scopes = pl.DataFrame(
        [
            (
                str(one.person_id), register_id, one.home_path, one.region,
                corridor_of(one.facts.get("citizenship"), one.facts.get("destination")),
            )
            for one in people
        ],
        schema=["person_id", "register_id", "home_path", "region", "corridor"], orient="row",
    )  # fmt: skip
    load_needs(needs.join(scopes, on="person_id", how="semi"), scopes, on=on, everybody=False)


def _people(people: Sequence[Reckoned]) -> pl.DataFrame:
    signs = sorted({sign for one in people for sign in one.facts.get(ANSWERS) or ()})
    table: dict[str, pl.Series] = {"person_id": pl.Series([str(one.person_id) for one in people])}
    for name, kind in SCALARS.items():
        told = [one.facts.get(name) for one in people]
        table[name] = pl.Series(told, dtype=pl.Boolean if kind.type == "bool" else pl.String)
    for name in LISTED:
        nothing = ["none" if one.facts.get(name) == [] else None for one in people]
        table[name] = pl.Series(nothing, dtype=pl.String)
    for sign in signs:
        told = [(one.facts.get(ANSWERS) or {}).get(sign) for one in people]
        table[f"{ANSWERS}.{sign}"] = pl.Series(told, dtype=pl.Boolean)
    return pl.DataFrame(table)


def _listed(people: Iterable[Reckoned], name: str) -> pl.DataFrame:
    columns = LISTED[name]
    rows = [
        (str(one.person_id), *(row.get(column) for column in columns))
        for one in people
        for row in one.facts.get(name) or ()
    ]
    kinds = {column: pl.Boolean if column == "expelled" else pl.String for column in columns}
    return pl.DataFrame(rows, schema={"person_id": pl.String, **kinds}, orient="row")
