"""A law as plain JSON and back. Trees are kept in one table, so what was shared stays shared."""

from typing import Any

from safar.law.expression import Node
from safar.law.model import Calendar, Cite, Count, Law, Param, Provision, Risk, Seen, Value, Version

_NODE_FIELDS = ("applies", "due", "latest", "done", "done_on", "allows", "when", "low", "high", "ban_months")


class _Table:
    """Gives every distinct tree a number; arguments that are trees become ``[number]``."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._numbers: dict[Node, int] = {}

    def number(self, node: Node) -> int:
        known = self._numbers.get(node)
        if known is None:
            args = [self._argument(arg) for arg in node.args]
            known = self._numbers[node] = len(self.rows)
            self.rows.append([node.op, node.type, args])
        return known

    def _argument(self, arg: Any) -> Any:
        if isinstance(arg, Node):
            return [self.number(arg)]
        return {"list": list(arg)} if isinstance(arg, tuple) else arg


def packed(law: Law) -> dict[str, Any]:
    """The law as JSON-able data."""
    table = _Table()
    return {
        "provisions": [_packed_provision(table, p) for p in law.provisions.values()],
        "params": [_packed_param(param) for param in law.params.values()],
        "calendars": [
            [c.country, c.start, c.working.hex(), {str(y): s for y, s in c.statuses.items()}]
            for c in law.calendars.values()
        ],
        "parts": {
            name: {part: table.number(tree) for part, tree in parts.items()}
            for name, parts in law.parts.items()
        },
        "nodes": table.rows,
    }


def _packed_provision(table: _Table, provision: Provision) -> dict[str, Any]:
    data = dict(vars(provision))
    data["event"] = table.number(provision.event)
    data["versions"] = [_packed_version(table, version) for version in provision.versions]
    if provision.risk is not None:
        risk = dict(vars(provision.risk))
        risk["escalate"] = None if risk["escalate"] is None else table.number(risk["escalate"])
        data["risk"] = risk
    return data


def _packed_version(table: _Table, version: Version) -> dict[str, Any]:
    data = dict(vars(version))
    for name in _NODE_FIELDS:
        data[name] = None if data[name] is None else table.number(data[name])
    data["cites"] = [[cite.act, cite.of, cite.place] for cite in version.cites]
    data["seen"] = [[seen.url, seen.gist] for seen in version.seen]
    data["count"] = version.count and [
        version.count.number,
        version.count.unit,
        version.count.event_is_day_one,
    ]
    return data


def _packed_param(param: Param) -> dict[str, Any]:
    data = dict(vars(param))
    data["values"] = {
        key: [[v.start, v.until, v.value, v.status] for v in values] for key, values in param.values.items()
    }
    data["cites"] = [[cite.act, cite.of, cite.place] for cite in param.cites]
    return data


def unpacked(data: dict[str, Any]) -> Law:
    """The law from :func:`packed` data."""
    nodes: list[Node] = []
    for op, kind, args in data["nodes"]:
        nodes.append(Node(op, tuple([_argument(nodes, arg) for arg in args]), kind))
    provisions = [_provision(nodes, item) for item in data["provisions"]]
    params = [_param(item) for item in data["params"]]
    calendars = [
        Calendar(country, start, bytes.fromhex(working), {int(y): s for y, s in statuses.items()})
        for country, start, working, statuses in data["calendars"]
    ]
    return Law(
        {provision.id: provision for provision in provisions},
        {param.name: param for param in params},
        {item.country: item for item in calendars},
        {
            name: {part: nodes[number] for part, number in parts.items()}
            for name, parts in data["parts"].items()
        },
    )


def _argument(nodes: list[Node], arg: Any) -> Any:
    if isinstance(arg, list):
        return nodes[arg[0]]
    return tuple(arg["list"]) if isinstance(arg, dict) else arg


def _provision(nodes: list[Node], data: dict[str, Any]) -> Provision:
    item = dict(data)
    item["event"] = nodes[item["event"]]
    item["versions"] = tuple(_version(nodes, version) for version in item["versions"])
    if item["risk"] is not None:
        risk = dict(item["risk"])
        risk["escalate"] = None if risk["escalate"] is None else nodes[risk["escalate"]]
        for name in ("countries", "who_helps", "hotlines"):
            risk[name] = tuple(risk[name])
        item["risk"] = Risk(**risk)
    return Provision(**item)


def _version(nodes: list[Node], data: dict[str, Any]) -> Version:
    item = dict(data)
    for name in _NODE_FIELDS:
        item[name] = None if item[name] is None else nodes[item[name]]
    item["cites"] = tuple(Cite(*cite) for cite in item["cites"])
    item["seen"] = tuple(Seen(*seen) for seen in item["seen"])
    item["count"] = item["count"] and Count(*item["count"])
    item["breach"] = tuple(item["breach"])
    item["figures"] = tuple(item["figures"])
    return Version(**item)


def _param(data: dict[str, Any]) -> Param:
    item = dict(data)
    item["values"] = {key: tuple(Value(*row) for row in rows) for key, rows in item["values"].items()}
    item["cites"] = tuple(Cite(*cite) for cite in item["cites"])
    return Param(**item)
