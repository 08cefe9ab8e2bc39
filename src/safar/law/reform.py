"""What a changed rule or parameter would do to a population: who gains, who loses, who becomes unlawful."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from safar.base import LawError, content_path, day_number
from safar.law.build import Builder
from safar.law.expression import Node, walk
from safar.law.model import Law, Param, Provision, Value
from safar.law.output import Shaper, as_frame
from safar.law.prepare import Prepared
from safar.law.read import link
from safar.law.screen import screen
from safar.law.store import load_yaml

IN_ORDER = ("due", "done", "allowed")
UNLAWFUL = ("overdue", "late", "forbidden")


@dataclass(frozen=True)
class Change:
    """A proposed change: its title, the law with it, and the provisions whose answers it can move."""

    title: str
    law: Law
    affected: frozenset[str]


def read_change(law: Law, path: Path, *, on: date, content: Path | None = None) -> Change:
    """The law with the change in ``path`` applied to the wording in force on ``on``.

    The file has ``title``, ``params`` {name: value, or {key: value}} and ``provisions`` {id: keys of a version to
    replace, or null to repeal}. Raises LawError naming the file and the mend.
    """
    data = load_yaml(path)
    if not isinstance(data, dict) or set(data) - {"title", "params", "provisions"}:
        raise LawError(f"{path}: a change has title, params and provisions only")
    params = {**law.params, **_params(law, path, data.get("params") or {}, day_number(on))}
    provisions = dict(law.provisions)
    for name, keys in (data.get("provisions") or {}).items():
        if name not in provisions:
            raise LawError(f"{path}: there is no provision {name}")
        if keys is None:
            provisions[name] = _repealed(provisions[name])
        else:
            provisions[name] = _rewritten(law, provisions[name], path, keys, on, content or content_path())
    changed = link(provisions, params, law.calendars)
    return Change(str(data.get("title", path.stem)), changed, _affected(law, changed))


def _params(law: Law, path: Path, given: Mapping[str, Any], on: int) -> dict[str, Param]:
    changed: dict[str, Param] = {}
    for name, value in given.items():
        if name not in law.params:
            raise LawError(f"{path}: there is no parameter {name}")
        param = law.params[name]
        by_key = value if isinstance(value, dict) else {"": value}
        values = dict(param.values)
        for key, amount in by_key.items():
            if key not in values or isinstance(amount, bool) or not isinstance(amount, int | float):
                raise LawError(f"{path}: {name}[{key}]: needs a known key and a number")
            kept = [row for row in values[key] if row.until is not None and row.until <= on]
            values[key] = (*kept, Value(kept[-1].until or on if kept else on, None, amount, "proposed"))
        changed[name] = replace(param, values=values)
    return changed


def _repealed(provision: Provision) -> Provision:
    """Never in force: what the answers would be without the rule."""
    versions = tuple(
        replace(version, applies=Node("lit", (False,), "bool")) for version in provision.versions
    )
    return replace(provision, versions=versions)


def _rewritten(law: Law, provision: Provision, path: Path, keys: Any, on: date, content: Path) -> Provision:
    """The provision read again from its file with keys of the version in force replaced."""
    if not isinstance(keys, dict):
        raise LawError(f"{path}: {provision.id}: give the keys of a version to replace, or null to repeal it")
    source = content.parent / provision.file
    data = load_yaml(source)
    day = on.isoformat()
    for block in data["versions"]:
        period = block["in_force"]
        if (period.get("from") or "") <= day and (period.get("until") is None or day < period["until"]):
            block.update(keys)
            break
    else:
        raise LawError(f"{path}: {provision.id} is not in force on {day}; choose another day")
    try:
        return Builder(content, provision.country, law.params).provision(source, data)
    except LawError as error:
        raise LawError(f"{path}: {error}") from None


def _affected(before: Law, after: Law) -> frozenset[str]:
    """Provisions with another tree or parameter, and all that refer to them."""
    params = {name for name, param in after.params.items() if before.params[name] != param}
    found = {
        name
        for name, parts in after.parts.items()
        if parts != before.parts[name]
        or any(n.op == "param" and n.args[0] in params for tree in parts.values() for n in walk(tree))
    }
    for name, parts in after.parts.items():  # in order: a rule stands after those it refers to
        if any(n.op == "ref" and n.args[0] in found for tree in parts.values() for n in walk(tree)):
            found.add(name)
    return frozenset(found)


def compare(
    law: Law,
    change: Change,
    prepared: Prepared,
    *,
    on: date,
    progress: Callable[[int], None] = lambda done: None,
) -> pl.DataFrame:
    """One row per person and affected provision whose status, last day or amount differs.

    Columns: person_id, provision, kind, status_before, status_after, due_before, due_after, amount_before,
    amount_after, currency.
    """
    frames = []
    for version in (law, change.law):
        shape = Shaper(version, prepared.ids)
        chunks = screen(
            version, prepared, on=day_number(on), shape=shape, only=change.affected, progress=progress
        )
        frames.append(as_frame(chunks))
    left, right = (
        frame.select("person_id", "provision", "kind", "status", "due_on", "amount_low", "currency")
        for frame in frames
    )
    return _different(
        left.join(right, on=["person_id", "provision"], how="full", suffix="_after", coalesce=True)
    )


def _different(joined: pl.DataFrame) -> pl.DataFrame:
    return joined.select(
        "person_id",
        "provision",
        kind=pl.coalesce("kind", "kind_after"),
        status_before=pl.col("status").fill_null("not_applicable"),
        status_after=pl.col("status_after").fill_null("not_applicable"),
        due_before="due_on",
        due_after="due_on_after",
        amount_before="amount_low",
        amount_after="amount_low_after",
        currency=pl.coalesce("currency", "currency_after"),
    ).filter(
        (pl.col("status_before") != pl.col("status_after"))
        | pl.col("due_before").ne_missing(pl.col("due_after"))
        | pl.col("amount_before").ne_missing(pl.col("amount_after"))
    )


def summary(differences: pl.DataFrame, people: int) -> dict[str, Any]:
    """Counts of people: gain, lose, become unlawful, become lawful; and the moves of each provision."""
    before, after = pl.col("status_before"), pl.col("status_after")
    dearer = (pl.col("kind") == "price") & (pl.col("amount_after") > pl.col("amount_before"))
    cheaper = (pl.col("kind") == "price") & (pl.col("amount_after") < pl.col("amount_before"))
    timed = pl.col("kind").is_in(["duty", "limit"]) & after.is_in(["due", "unknown"])
    unlawful = after.is_in(UNLAWFUL) & ~before.is_in(UNLAWFUL)
    lawful = before.is_in(UNLAWFUL) & ~after.is_in(UNLAWFUL)
    exposed = (after == "exposed") & (before != "exposed")
    spared = (before == "exposed") & (after != "exposed")
    sooner = timed & (pl.col("due_after") < pl.col("due_before"))
    later = timed & (pl.col("due_after") > pl.col("due_before"))
    marked = differences.with_columns(
        loses=unlawful | exposed | dearer | sooner,
        gains=lawful | spared | cheaper | later,
        becomes_unlawful=unlawful,
        becomes_lawful=lawful,
    )
    flags = ("gains", "loses", "becomes_unlawful", "becomes_lawful")
    by_person = marked.group_by("person_id").agg(pl.col(*flags).any())
    counts = {flag: int(by_person[flag].sum()) for flag in flags}
    moves = (
        marked.group_by("provision", "status_before", "status_after")
        .agg(people=pl.len(), amount_change=(pl.col("amount_after") - pl.col("amount_before")).sum())
        .sort(
            ["people", "provision", "status_before", "status_after"], descending=[True, False, False, False]
        )
    )
    return {"people": people, **counts, "touched": by_person.height, "moves": moves.to_dicts()}
