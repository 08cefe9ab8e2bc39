"""One YAML file to one :class:`Provision`: keys, periods, citations and conditions are checked on the way."""

import re
from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from safar.base import LawError, as_day, day_number
from safar.law.expression import ON, TRUE, Node, lit
from safar.law.model import KINDS, STARTS, Cite, Count, Param, Provision, Risk, Seen, Version
from safar.law.parse import Scope, parse
from safar.law.store import load_yaml

_FILE_KEYS = {"id", "kind", "country", "versions", "notes", "series", "reviewed"}
_ALWAYS = {"in_force", "cites", "seen", "confidence", "applies", "from_event", "disputed", "figures"}
_KIND_KEYS = {
    "duty": {"by", "latest", "done", "done_on", "breach"},
    "limit": {"by", "latest", "done", "done_on", "breach"},
    "permission": {"allows", "breach"},
    "sanction": {"when", "amount", "ban_months"},
    "price": {"amount", "due"},
    "notice": {"announced_on"},
}
_NEEDED = {"duty": "by", "limit": "by", "permission": "allows", "sanction": "when", "price": "amount"}
_BY_KEYS = {"days", "months", "of", "counting", "latest_arguable"}
_RISK_KEYS = {
    "id", "kind", "countries", "group", "frameworks", "severity", "escalate_if", "who_helps", "hotlines",
    "seen", "notes",
}  # fmt: skip
_ID = re.compile(r"^[A-Z]+(-[A-Z0-9.]+)+$")


class Builder:
    """Builds the provisions of one country: knows its terms and the parameters."""

    def __init__(self, content: Path, country: str, params: Mapping[str, Param]) -> None:
        """``country`` is an upper-case code, or empty for danger signs."""
        self.content, self.country = content, country
        self.params = {param.name: param.by for param in params.values()}

    @cached_property
    def terms(self) -> dict[str, Node]:
        """The country's named conditions; each may use those above it."""
        path = self.content / "law" / self.country.lower() / "terms.yaml"
        terms: dict[str, Node] = {}
        if not self.country or not path.exists():
            return terms
        for name, block in load_yaml(path).items():
            if not isinstance(block, dict) or set(block) != {"is", "why"}:
                raise LawError(f"{path}: {name} needs `is` and `why`")
            terms[name] = self._any(block["is"], Scope(self.country, terms, self.params), f"{path}: {name}")
        return terms

    @staticmethod
    def _any(text: str, scope: Scope, where: str) -> Node:
        problem: LawError | None = None
        for kind in ("bool", "date", "number", "text"):
            try:
                return parse(text, scope, expect=kind, where=where)
            except LawError as error:
                problem = problem or error
                if "expected a" not in str(error):
                    break
        assert problem is not None
        raise problem

    def provision(self, path: Path, data: Any) -> Provision:
        """The provision in ``data`` read from ``path``."""
        file = str(path)
        _keys(file, data, _FILE_KEYS, {"id", "kind", "country", "versions"})
        if data["id"] != path.stem or not _ID.match(data["id"]):
            raise LawError(f"{file}: is called {data['id']}; file and id must be the same")
        kind = data["kind"]
        if kind not in KINDS or kind == "risk":
            raise LawError(f"{file}: kind {kind!r} is not one of {', '.join(_KIND_KEYS)}")
        if data["country"] != self.country:
            raise LawError(f"{file}: country {data['country']!r} in the folder of {self.country}")
        blocks = data["versions"]
        if not isinstance(blocks, list) or not blocks:
            raise LawError(f"{file}: versions: needs at least one version")
        event_texts = {block.get("from_event", "on") for block in blocks if isinstance(block, dict)}
        if len(event_texts) != 1:
            raise LawError(f"{file}: versions name different events; they must share one from_event")
        scope = Scope(self.country, self.terms, self.params)
        event = parse(event_texts.pop(), scope, expect="date", where=f"{file}: from_event")
        scope = Scope(self.country, self.terms, self.params, event)
        versions = tuple(_Versions(file, kind, scope).version(block) for block in blocks)
        _in_order(file, versions)
        return Provision(
            data["id"], kind, self.country, path.parent.name, _short(path), event, versions,
            data.get("series"), data.get("notes"), bool(data.get("reviewed", False)),
        )  # fmt: skip

    def risk(self, path: Path, data: Any) -> Provision:
        """The danger sign in ``data``: a provision without a period, raised by its answer."""
        file = str(path)
        _keys(file, data, _RISK_KEYS, {"id", "kind", "countries", "severity", "seen"})
        if data["id"] != path.stem or data["kind"] != "risk":
            raise LawError(f"{file}: is called {data['id']}; file and id must be the same, kind: risk")
        if data["severity"] not in ("critical", "high", "medium"):
            raise LawError(f"{file}: severity {data['severity']!r} is not critical, high or medium")
        countries = tuple(data["countries"])
        applies = Node("in", (Node("fact", ("destination",), "text"), countries), "bool")
        escalate = data.get("escalate_if")
        tree = escalate and parse(escalate, Scope(""), expect="bool", where=f"{file}: escalate_if")
        version = Version(
            None, None, "exact", (), seen_of(file, data["seen"]),
            "medium" if data["seen"] != "none" else "low", False, applies,
        )  # fmt: skip
        risk = Risk(
            countries, str(data.get("group", "")), data["severity"], tree or None,
            tuple(data.get("who_helps") or ()), tuple(data.get("hotlines") or ()),
        )  # fmt: skip
        return Provision(
            data["id"], "risk", "", "risks", _short(path), ON, (version,), notes=data.get("notes"), risk=risk
        )


class _Versions:
    """Reads the versions of one file."""

    def __init__(self, file: str, kind: str, scope: Scope) -> None:
        self.file, self.kind, self.scope = file, kind, scope

    def version(self, block: Any) -> Version:
        file, kind = self.file, self.kind
        _keys(file, block, _ALWAYS | _KIND_KEYS[kind], {"in_force", "seen", "confidence"})
        if kind in _NEEDED and _NEEDED[kind] not in block:
            raise LawError(f"{file}: a {kind} needs `{_NEEDED[kind]}`")
        start, until, start_is = _period(file, block["in_force"])
        where = f"{file}: version from {block['in_force'].get('from')}"
        cites = cites_of(where, block.get("cites"))
        if block["confidence"] not in ("high", "medium", "low"):
            raise LawError(f"{where}: confidence {block['confidence']!r} is not high, medium or low")
        due, latest, count = self._last_day(block, where)
        amount = block.get("amount") or {}
        if amount and set(amount) - {"low", "high", "currency"}:
            raise LawError(f"{where}: amount has low, high and currency only")
        return Version(
            start, until, start_is, cites, seen_of(where, block["seen"]), block["confidence"],
            bool(block.get("disputed", False)),
            self._tree(block, "applies", "bool", where) or TRUE,
            due, latest, count,
            self._tree(block, "done", "bool", where),
            self._tree(block, "done_on", "date", where),
            self._tree(block, "allows", "bool", where),
            self._tree(block, "when", "bool", where),
            self._tree(amount, "low", "number", where),
            self._tree(amount, "high", "number", where),
            amount.get("currency"),
            self._tree(block, "ban_months", "number", where),
            tuple(block.get("breach") or ()),
            block.get("announced_on"),
            tuple(block.get("figures") or ()),
        )  # fmt: skip

    def _tree(self, block: Mapping[str, Any], key: str, kind: str, where: str) -> Node | None:
        value = block.get(key)
        if value is None:
            return None
        if isinstance(value, bool):
            return lit(value, "bool")
        if isinstance(value, int | float):
            return lit(value, "number")
        return parse(str(value), self.scope, expect=kind, where=f"{where}: {key}")

    def _last_day(
        self, block: Mapping[str, Any], where: str
    ) -> tuple[Node | None, Node | None, Count | None]:
        if self.kind == "price":
            return self._tree(block, "due", "date", where), None, None
        by = block.get("by")
        if by is None:
            return None, None, None
        latest = self._tree(block, "latest", "date", where)
        if not isinstance(by, dict):
            return parse(str(by), self.scope, expect="date", where=f"{where}: by"), latest, None
        if set(by) - _BY_KEYS or ("days" in by) == ("months" in by):
            raise LawError(f"{where}: by has either days or months; then of, counting, latest_arguable")
        due, count = self._counted(by, where)
        extra = by.get("latest_arguable")
        if latest is None and extra:
            latest = self._step(due, int(extra), by.get("of", "calendar"))
        return due, latest, count

    def _counted(self, by: Mapping[str, Any], where: str) -> tuple[Node, Count]:
        event, unit = self.scope.event, by.get("of", "calendar")
        if "months" in by:
            months = int(by["months"])
            return Node("add_months", (event, months), "date"), Count(months, "months", False)
        counting = by.get("counting")
        if counting not in ("event_day_is_day_one", "day_after_event"):
            raise LawError(f"{where}: by.counting says event_day_is_day_one or day_after_event")
        if unit not in ("calendar", "working"):
            raise LawError(f"{where}: by.of says calendar or working")
        first = counting == "event_day_is_day_one"
        days = int(by["days"])
        return self._step(event, days - first, unit), Count(days, unit, first)

    def _step(self, day: Node, days: int, unit: str) -> Node:
        if unit == "working":
            return Node("working_days", (day, days, self.scope.country), "date")
        return Node("add", (day, lit(days, "number")), "date")


def _keys(file: str, data: Any, allowed: set[str], needed: set[str]) -> None:
    if not isinstance(data, dict):
        raise LawError(f"{file}: is not a mapping of keys; see docs/guides/a-new-rule.md")
    for key in data:
        if key not in allowed:
            raise LawError(f"{file}: unknown key {key!r}; allowed here: {', '.join(sorted(allowed))}")
    for key in sorted(needed):
        if data.get(key) is None:
            raise LawError(f"{file}: {key}: is missing")


def _period(file: str, block: Any) -> tuple[int | None, int | None, str]:
    _keys(file, block, {"from", "until", "from_is"}, set())
    try:
        start = day_number(as_day(block["from"])) if block.get("from") else None
        until = day_number(as_day(block["until"])) if block.get("until") else None
    except (ValueError, TypeError):
        raise LawError(f"{file}: in_force: {block} has no day of the form YYYY-MM-DD") from None
    if start is not None and until is not None and until <= start:
        raise LawError(f"{file}: in_force: {block['from']} to {block['until']} ends before it begins")
    start_is = block.get("from_is", "exact")
    if start_is not in STARTS:
        raise LawError(f"{file}: in_force: from_is is one of {', '.join(STARTS)}")
    return start, until, start_is


def _in_order(file: str, versions: tuple[Version, ...]) -> None:
    for before, after in pairwise(versions):
        if before.until is None or after.start is None or before.until != after.start:
            from safar.base import as_iso

            raise LawError(
                f"{file}: the version before {as_iso(after.start)} ends {as_iso(before.until) or 'never'}; "
                "versions must follow one another without gap or overlap"
            )


def cites_of(where: str, blocks: Any) -> tuple[Cite, ...]:
    """Citations; a version without one is refused by the check, not here (negative findings have none)."""
    cites: list[Cite] = []
    for block in blocks or ():
        if not isinstance(block, dict) or not block.get("act") or set(block) - {"act", "of", "place"}:
            raise LawError(f"{where}: a citation has act, of (date) and place")
        of, place = block.get("of"), block.get("place")
        cites.append(Cite(str(block["act"]), of and str(of), place and str(place)))
    return tuple(cites)


def seen_of(where: str, blocks: Any) -> tuple[Seen, ...]:
    """Pages seen; the word none for general knowledge."""
    if blocks == "none":
        return ()
    if not isinstance(blocks, list):
        raise LawError(f"{where}: seen: list pages with url and gist, or write `none`")
    pages: list[Seen] = []
    for block in blocks:
        if not isinstance(block, dict) or set(block) != {"url", "gist"}:
            raise LawError(f"{where}: seen: each page has url and gist")
        pages.append(Seen(str(block["url"]), str(block["gist"])))
    return tuple(pages)


def _short(path: Path) -> str:
    return "/".join(path.parts[path.parts.index("content") :] if "content" in path.parts else path.parts[-3:])
