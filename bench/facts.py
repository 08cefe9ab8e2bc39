"""A person of a made-up world as facts in the contract's form."""

from datetime import date
from typing import Any

import polars as pl

from safar.law.facts import SCALARS
from safar.world import World


def facts_of(world: World, person_id: str) -> dict[str, Any]:
    row = world.people.row(by_predicate=pl.col("person_id") == person_id, named=True)
    facts: dict[str, Any] = {"person_id": person_id}
    for name in SCALARS:
        if row.get(f"{name}_none"):
            facts[name] = "none"
        elif row.get(name) is not None:
            facts[name] = plain(row[name])
    for name in ("stays", "offences"):
        rows = getattr(world, name).filter(pl.col("person_id") == person_id)
        if rows.height:
            facts[name] = [item(each) for each in rows.iter_rows(named=True)]
        elif row.get(f"{name}_none"):
            facts[name] = []
    return facts


def item(row: dict[str, Any]) -> dict[str, Any]:
    made = {k: plain(v) for k, v in row.items() if k not in ("person_id", "left_on_none")}
    return made | ({"left_on": "none"} if row.get("left_on_none") else {})


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
