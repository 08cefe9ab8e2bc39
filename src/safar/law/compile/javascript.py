"""The phone: the law as one JavaScript module without dependencies, trees as data beside a small interpreter.

Data, not generated code: it stays small, and a strict content security policy needs no exception for it.
"""

import json
from importlib.resources import files
from typing import Any

from safar.law import facts
from safar.law.expression import Node, walk
from safar.law.model import Law


def javascript(law: Law) -> str:
    """The text of ``law.js``: ``import { assess } from './law.js'``."""
    runtime = files("safar.law.compile").joinpath("runtime.js").read_text("utf-8")
    data = json.dumps(law_data(law), ensure_ascii=False, separators=(",", ":"))
    return f"/* Generated from content/ by Safar; do not edit. EUPL-1.2 */\nconst LAW = {data};\n{runtime}"


def law_data(law: Law) -> dict[str, Any]:
    """The law as JSON: trees in one table, every argument that is a tree as its place in it."""
    places: dict[Node, int] = {}
    rows: list[list[Any]] = []

    def place(node: Node) -> int:
        if node not in places:
            args = [place(arg) if isinstance(arg, Node) else arg for arg in node.args]
            places[node] = len(rows)
            rows.append([node.op, *(list(arg) if isinstance(arg, tuple) else arg for arg in args)])
        return places[node]

    parts = {
        name: {part: place(tree) for part, tree in trees.items()}
        | {"event": place(law.provisions[name].event)}
        for name, trees in law.parts.items()
    }
    first, last = (day.isoformat() for day in law.day_reach())
    from safar.base import as_day, day_number

    return {
        "nodes": rows,
        "parts": parts,
        "provisions": [_provision(law, name) for name in law.provisions],
        "params": {
            name: {key: [[v.start, v.until, v.value] for v in rows_] for key, rows_ in param.values.items()}
            for name, param in law.params.items()
        },
        "calendars": {c.country: _calendar(c.start, c.working) for c in law.calendars.values()},
        "facts": {name: kind.type for name, kind in facts.SCALARS.items()},
        "asked_as": dict(facts.ASKED_AS),
        "offence_kinds": {kind: list(kinds) for kind, kinds in facts.OFFENCE_KINDS.items()},
        "reach": [day_number(as_day(first)), day_number(as_day(last))],
    }


def _provision(law: Law, name: str) -> dict[str, Any]:
    provision = law.provisions[name]
    data: dict[str, Any] = {"id": name, "kind": provision.kind}
    currency = next((v.currency for v in provision.versions if v.currency), None)
    if currency:
        data["currency"] = currency
    due = law.parts[name].get("due")
    if due is not None and any(node.op == "stay" for node in walk(due)):
        data["stays"] = 1
    return data


def _calendar(start: int, working: bytes) -> dict[str, Any]:
    bits = "".join("1" if flag else "0" for flag in working)
    bits += "0" * (-len(bits) % 4)
    digits = "".join(f"{int(bits[i : i + 4], 2):x}" for i in range(0, len(bits), 4))
    return {"start": start, "days": len(working), "working": digits}
