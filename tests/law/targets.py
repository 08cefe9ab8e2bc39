"""The same people through every target, each answer as {(person, provision): (status, days, amounts)}."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from safar.base import as_iso, day_number
from safar.law.assess import case_part, money, statuses
from safar.law.compile.python import Compiled
from safar.law.facts import SCALARS
from safar.law.model import LEFT_OUT, Law
from safar.law.output import Shaper, as_frame
from safar.law.person import case_of
from safar.law.screen import prepare_people, screen
from safar.law.table import Source

Answer = tuple[str, str | None, str | None, float | None, float | None, float | None]
Answers = dict[tuple[str, str], Answer]


def through_python(compiled: Compiled, people: Sequence[Mapping[str, Any]], on: date) -> Answers:
    answers: Answers = {}
    for person in people:
        case = case_of(person, compiled, on=on)
        for provision, status in statuses(compiled.law, case):
            shown = status not in LEFT_OUT
            parts = {
                p: case_part(case, provision, p) if shown else None
                for p in ("due", "latest", "low", "high", "ban")
            }
            amounts = [None if parts[p] is None else money(parts[p]) for p in ("low", "high", "ban")]
            answers[person["person_id"], provision.id] = (
                status, as_iso(parts["due"]), as_iso(parts["latest"]), *amounts,
            )  # fmt: skip
    return answers


def tables(
    people: Sequence[Mapping[str, Any]], risks: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """People, stays and offences as a register would hand them over: typed, with `_none` columns."""
    rows, stays, offences = [], [], []
    for person in people:
        row: dict[str, Any] = {"person_id": person["person_id"]}
        for name, kind in SCALARS.items():
            value = person.get(name)
            if kind.type == "date":
                row[name] = date.fromisoformat(value) if value not in (None, "none") else None
                row[f"{name}_none"] = value == "none"
            elif kind.type == "bool":
                row[name] = False if value == "none" else value
            else:
                row[name] = value
        for key in ("stays", "offences"):
            row[f"{key}_none"] = person.get(key) in ("none", [])
        for risk in risks:
            row[f"answers.{risk}"] = (person.get("answers") or {}).get(risk)
        rows.append(row)
        for stay in person.get("stays") or () if person.get("stays") != "none" else ():
            left = stay.get("left_on")
            stays.append((
                person["person_id"], stay["country"], date.fromisoformat(stay["entered_on"]),
                date.fromisoformat(left) if left not in (None, "none") else None, left == "none",
            ))  # fmt: skip
        for item in person.get("offences") or () if person.get("offences") != "none" else ():
            day = date.fromisoformat(item["decided_on"])
            offences.append((person["person_id"], item["country"], item["kind"], day, item["expelled"]))
    schema: dict[str, Any] = {"person_id": pl.String}
    for name, kind in SCALARS.items():
        schema[name] = {"date": pl.Date, "bool": pl.Boolean}.get(kind.type, pl.String)
        if kind.type == "date":
            schema[f"{name}_none"] = pl.Boolean
    schema |= {"stays_none": pl.Boolean, "offences_none": pl.Boolean}
    schema |= {f"answers.{risk}": pl.Boolean for risk in risks}
    stay_schema = {
        "person_id": pl.String,
        "country": pl.String,
        "entered_on": pl.Date,
        "left_on": pl.Date,
        "left_on_none": pl.Boolean,
    }
    offence_schema = {
        "person_id": pl.String,
        "country": pl.String,
        "kind": pl.String,
        "decided_on": pl.Date,
        "expelled": pl.Boolean,
    }
    return (
        pl.DataFrame(rows, schema=schema),
        pl.DataFrame(stays, schema=stay_schema, orient="row"),
        pl.DataFrame(offences, schema=offence_schema, orient="row"),
    )


def of_frame(frame: pl.DataFrame) -> Answers:
    """Answers from a table of findings in the contract's columns."""
    days = pl.col("due_on", "latest_on").cast(pl.String).str.head(10)
    amounts = pl.col("amount_low", "amount_high", "ban_months").cast(pl.Float64).round(2)
    rows = frame.select("person_id", "provision", "status", days, amounts).iter_rows()
    return {row[:2]: row[2:] for row in rows}


def findings_through_polars(
    law: Law, people: Sequence[Mapping[str, Any]], on: date, risks: Sequence[str]
) -> pl.DataFrame:
    """Every provision of everybody, what does not apply too, in the contract's columns."""
    sources = [
        Source(frame, name)
        for frame, name in zip(tables(people, risks), ("people", "stays", "offences"), strict=True)
    ]
    prepared = prepare_people(law, *sources, day_number(on))
    shape = Shaper(law, prepared.ids)
    return as_frame(screen(law, prepared, on=day_number(on), shape=shape, everything=True))


def through_polars(law: Law, people: Sequence[Mapping[str, Any]], on: date, risks: Sequence[str]) -> Answers:
    return of_frame(findings_through_polars(law, people, on, risks))


_ASKED = """
function __asked(text, on) { return JSON.parse(text).map((p) => assess(p, on, true)); }
function __ask(text, on) { return JSON.stringify(__asked(text, on)); }
function __rows(text, on) {
  return JSON.stringify(__asked(text, on).flatMap((one) => one.findings.map((f) => [
    one.person_id, f.provision, f.status, f.due_on, f.latest_on,
    f.amount ? f.amount.low : null, f.amount ? f.amount.high : null, f.ban_months,
  ])));
}
"""


class JavaScript:
    """law.js in an engine from PyPI; ECMAScript modules are joined to it by taking off `export`."""

    def __init__(self, source: str) -> None:
        import quickjs

        self.context = quickjs.Context()
        self.context.set_memory_limit(512 * 1024 * 1024)
        plain = source.replace("export function ", "function ").replace("export const ", "const ")
        self.context.eval(plain + _ASKED)

    def answers(self, people: Sequence[Mapping[str, Any]], on: date) -> list[dict[str, Any]]:
        ask = self.context.get("__ask")
        return json.loads(ask(json.dumps(list(people)), on.isoformat()))  # type: ignore[no-any-return]

    def through(self, people: Sequence[Mapping[str, Any]], on: date) -> Answers:
        ask = self.context.get("__rows")
        rows = json.loads(ask(json.dumps(list(people)), on.isoformat()))
        return {(person, provision): tuple(answer) for person, provision, *answer in rows}
