"""People of a made-up world: their facts in the contract's form, and who they are in a line."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from safar.law.facts import SCALARS
from safar.ops.demo.shown import Person
from safar.world import World


def facts_of(world: World, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Facts, stays and offences of these people by id; what is not known is left out."""
    chosen = pl.col("person_id").is_in(list(ids))
    people = {row["person_id"]: row for row in world.people.filter(chosen).iter_rows(named=True)}
    lists: dict[str, dict[str, list[dict[str, Any]]]] = {"stays": {}, "offences": {}}
    for name, by_person in lists.items():
        for item in getattr(world, name).filter(chosen).iter_rows(named=True):
            by_person.setdefault(item["person_id"], []).append(_item(item))
    return {person: _facts(row, lists) for person, row in people.items()}


def _facts(row: dict[str, Any], lists: dict[str, dict[str, list[dict[str, Any]]]]) -> dict[str, Any]:
    facts: dict[str, Any] = {"person_id": row["person_id"]}
    for name in SCALARS:
        if row.get(f"{name}_none"):
            facts[name] = "none"
        elif row.get(name) is not None:
            facts[name] = _plain(row[name])
    for name, by_person in lists.items():
        if row["person_id"] in by_person:
            facts[name] = by_person[row["person_id"]]
        elif row.get(f"{name}_none"):
            facts[name] = []
    return facts


def _item(row: dict[str, Any]) -> dict[str, Any]:
    item = {name: _plain(value) for name, value in row.items() if name not in ("person_id", "left_on_none")}
    if row.get("left_on_none"):
        item["left_on"] = "none"
    return item


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def person_of(world: World, person_id: str, *, on: date, language: str) -> Person:
    """Who somebody is: sex, age on ``on``, community (in the language where its name is known), district."""
    row = world.people.row(by_predicate=pl.col("person_id") == person_id, named=True)
    home = world.communities.row(by_predicate=pl.col("community_id") == row["community_id"], named=True)
    born = row["birth_date"]
    age = None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return Person(
        person_id=person_id,
        sex=row["sex"] or "",
        age=age,
        community=home.get(f"name_{language}") or home["name_en"],
        district=home["district"],
        home=home["country"],
        destination=row["destination"],
    )
