"""Reads ``content/`` into a :class:`Law`: every file, every condition, every period; errors name file and mend."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from safar.base import LawError, as_day, content_path, day_number
from safar.law import calendar, pack
from safar.law.expression import Node, walk
from safar.law.lower import lower
from safar.law.model import Calendar, Law, Param, Provision, Value
from safar.law.store import cached, load_yaml

COUNTRIES = ("ru", "kz")


def content_files(content: Path) -> list[Path]:
    """The files that make the law: rules, terms, parameters, danger signs, calendars."""
    folders = [content / "law", content / "risks", content / "calendars"]
    return [path for folder in folders for path in folder.rglob("*.yaml") if ".cases." not in path.name]


@lru_cache(maxsize=4)
def read_law(content: Path | None = None) -> Law:
    """The law in ``content`` (default: the content that came with the code)."""
    folder = content or content_path()
    if not (folder / "law").is_dir():
        raise LawError(f"{folder}: no content found; reinstall Safar or name the folder")
    packed = cached("law", content_files(folder), lambda: pack.packed(build_law(folder)))
    return pack.unpacked(packed)


def build_law(content: Path, problems: list[str] | None = None) -> Law:
    """The law read from its YAML, without any cache.

    With ``problems`` given, a file that is wrong is told there and left out; otherwise LawError tells all.
    """
    from safar.law.build import Builder

    told: list[str] = []
    calendars = _calendars(content)
    params = _params(content, told)
    provisions: dict[str, Provision] = {}
    for country in COUNTRIES:
        builder = Builder(content, country.upper(), params)
        for path in sorted((content / "law" / country).glob("*/*.yaml")):
            if path.parent.name != "params" and ".cases." not in path.name:
                _add(provisions, builder.provision, path, told)
    risks = Builder(content, "", params)
    for path in sorted((content / "risks").glob("*.yaml")):
        if ".cases." not in path.name:
            _add(provisions, risks.risk, path, told)
    law = _linked(provisions, params, calendars, told)
    if problems is not None:
        problems += told
    elif told:
        raise LawError("\n".join(told))
    return law


def _add(
    provisions: dict[str, Provision],
    build: Callable[[Path, Any], Provision],
    path: Path,
    told: list[str],
) -> None:
    try:
        provision = build(path, load_yaml(path))
    except LawError as error:
        told.append(str(error))
        return
    if provision.id in provisions:
        told.append(f"{provision.file}: {provision.id} stands in {provisions[provision.id].file} too")
    provisions[provision.id] = provision


def link(
    provisions: Mapping[str, Provision],
    params: Mapping[str, Param],
    calendars: Mapping[str, Calendar],
) -> Law:
    """The provisions as a law; LawError if one refers to what is not there."""
    told: list[str] = []
    law = _linked(dict(provisions), params, calendars, told)
    if told:
        raise LawError("\n".join(told))
    return law


def _linked(
    provisions: dict[str, Provision],
    params: Mapping[str, Param],
    calendars: Mapping[str, Calendar],
    told: list[str],
) -> Law:
    """The law in an order in which every provision stands after those it refers to."""
    parts = {name: lower(provision) for name, provision in provisions.items()}
    needs = {name: _references(trees) for name, trees in parts.items()}
    while wrong := {n: refs for n, refs in needs.items() if any(p not in parts.get(o, {}) for o, p in refs)}:
        for name, refs in wrong.items():
            for other, part in sorted(refs):
                if part not in parts.get(other, {}):
                    lack = f"has no {part}" if other in parts else "does not exist"
                    told.append(f"{provisions[name].file}: refers to {other}, which {lack}")
        for name in wrong:
            del parts[name], needs[name]
    try:
        graph = {name: {other for other, _ in refs if other != name} for name, refs in needs.items()}
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        ring = " -> ".join(reversed(error.args[1]))
        raise LawError(f"rules refer to each other in a ring: {ring}; break it") from None
    return Law({name: provisions[name] for name in order}, params, calendars, {n: parts[n] for n in order})


def _references(trees: Mapping[str, Node]) -> set[tuple[str, str]]:
    return {node.args for tree in trees.values() for node in walk(tree) if node.op == "ref"}


def _calendars(content: Path) -> dict[str, Calendar]:
    paths = sorted((content / "calendars").glob("*.yaml"))
    built = [calendar.build(load_yaml(path), str(path)) for path in paths]
    return {item.country: item for item in built}


def _params(content: Path, told: list[str]) -> dict[str, Param]:
    params: dict[str, Param] = {}
    for path in sorted((content / "law").glob("*/params/*.yaml")):
        try:
            param = param_of(path, load_yaml(path))
        except LawError as error:
            told.append(str(error))
            continue
        if param.name in params:
            told.append(f"{path}: parameter {param.name} stands in {params[param.name].file} too")
        params[param.name] = param
    return params


def param_of(path: Path, data: Any) -> Param:
    """A parameter from its file; periods in order, without overlap (gaps are allowed and loud)."""
    from safar.law.build import cites_of

    if not isinstance(data, dict) or not {"name", "unit", "values"} <= set(data):
        raise LawError(f"{path}: a parameter needs name, unit and values")
    if data["name"] != path.stem:
        raise LawError(f"{path}: is named {data['name']}; file and name must be the same")
    keyed = data["values"] if data.get("by") else {"": data["values"]}
    values = {str(key): _values(path, str(key), rows) for key, rows in keyed.items()}
    cites = cites_of(f"{path}", data.get("cites") or [])
    return Param(
        data["name"], data["unit"], data.get("by"), values, str(path), cites, data.get("confidence", "medium")
    )


def _values(path: Path, key: str, rows: Any) -> tuple[Value, ...]:
    values: list[Value] = []
    for row in rows:
        where = f"{path}: {key or 'values'} from {row.get('from')}"
        try:
            start = day_number(as_day(row["from"]))
            until = day_number(as_day(row["until"])) if row.get("until") else None
            value = float(row["value"])
        except (KeyError, TypeError, ValueError):
            raise LawError(f"{where}: needs from, until (days) and value (a number)") from None
        if until is not None and until <= start:
            raise LawError(f"{where}: ends before it begins")
        if values and (values[-1].until is None or start < values[-1].until):
            raise LawError(f"{where}: overlaps the value before it")
        whole = int(value) if value.is_integer() else value
        values.append(Value(start, until, whole, row.get("status", "seen")))
    return tuple(values)
