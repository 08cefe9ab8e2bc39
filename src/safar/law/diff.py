"""What changed in the law between two days, and for which kind of person."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

from safar.base import as_iso, day_number
from safar.law.expression import Group, Node, fold
from safar.law.model import Law, Param, Provision, Version
from safar.law.words import Words

_KINDS_OF_PERSON = {
    "destination": ("RU", "KZ"),
    "citizenship": ("TJ", "KG", "UZ"),
    "entry_purpose": ("work", "private", "study"),
}


def changes(law: Law, words: Words, *, start: date, end: date) -> list[dict[str, Any]]:
    """Rules that began, ended or changed after ``start`` up to ``end``, and parameters with another value.

    Each: on, change (began, first_seen: seen from then on, ended, changed, value), provision or param, title,
    rule, kind, cites and for: the kinds of person it can concern, as lists of coded values; an empty mapping
    means everybody.
    """
    first, last = day_number(start), day_number(end)
    found = [*_rules(law, words, first, last), *_values(law, first, last)]
    return sorted(found, key=lambda item: (item["on"], item.get("provision") or item["param"]))


def _rules(law: Law, words: Words, first: int, last: int) -> Iterator[dict[str, Any]]:
    for provision in law.provisions.values():
        versions = provision.versions
        for place, version in enumerate(versions):
            if version.start is not None and first < version.start <= last:
                first_seen = version.start_is == "first_seen"
                change = "changed" if place else "first_seen" if first_seen else "began"
                yield _entry(provision, version, words, version.start, change)
            ends = version.until is not None and first < version.until <= last
            if ends and place == len(versions) - 1:
                yield _entry(provision, version, words, version.until, "ended")


def _entry(
    provision: Provision, version: Version, words: Words, day: int | None, change: str
) -> dict[str, Any]:
    sentences = words.of(provision.id)
    return {
        "on": as_iso(day),
        "change": change,
        "provision": provision.id,
        "kind": provision.kind,
        "title": sentences.get("title", provision.id),
        "rule": sentences.get("rule", ""),
        "for": concerned(version.applies),
        "cites": [cite.text() for cite in version.cites],
        "confidence": version.confidence,
        "start_is": version.start_is,
        "reviewed": provision.reviewed,
    }


def concerned(applies: Node) -> dict[str, list[str]]:
    """The kinds of person for whom a condition is not certainly false.

    Every combination of destination, citizenship and purpose is folded into the condition; what remains possible
    is given as the values of each that occur. A key whose every value occurs is left out.
    """
    names = list(_KINDS_OF_PERSON)
    possible = [
        values
        for values in product(*_KINDS_OF_PERSON.values())
        if not _false(fold(applies, Group(dict(zip(names, values, strict=True)))))
    ]
    concerned_by: dict[str, list[str]] = {}
    for place, name in enumerate(names):
        found = [value for value in _KINDS_OF_PERSON[name] if any(p[place] == value for p in possible)]
        if len(found) < len(_KINDS_OF_PERSON[name]):
            concerned_by[name] = found
    return concerned_by


def _false(node: Node) -> bool:
    return node.op == "lit" and node.args[0] is False


def _values(law: Law, first: int, last: int) -> Iterator[dict[str, Any]]:
    for param in law.params.values():
        for key, rows in param.values.items():
            for place, row in enumerate(rows):
                if not first < row.start <= last:
                    continue
                before = rows[place - 1].value if place and rows[place - 1].until == row.start else None
                if before != row.value:
                    yield _value(param, key, row.start, before, row.value)
            end = rows[-1].until if rows else None
            if end is not None and first < end <= last:
                yield _value(param, key, end, rows[-1].value, None)


def _value(param: Param, key: str, day: int, before: float | None, after: float | None) -> dict[str, Any]:
    return {
        "on": as_iso(day),
        "change": "value",
        "param": param.name,
        "key": key,
        "from": before,
        "to": after,
        "unit": param.unit,
        "cites": [cite.text() for cite in param.cites],
        "confidence": param.confidence,
    }
