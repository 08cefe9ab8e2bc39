"""What became of places: former and new names, beginnings, ends and mergers, each with its source.

content/places/changes.csv has one row a change:

- `former_name`: the place was called `name` in `language`, `from` - `until`;
- `renamed`: it is called `name` in `language` since `from`; the names it had are former ones;
- `began`: it exists since `from`;
- `ended`: it exists until `until`; if `into` is given, it became part of that place;
- `same_as`: it is listed twice; `into` is the row that counts.

Dates are as sure as they are known: 2024, 2024-06 or 2024-06-27. Empty is not known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from safar.atlas.model import LANGUAGES, FormerName, Place
from safar.base import DataError
from safar.lake import read_table

COLUMNS = ("place_id", "change", "from", "until", "name", "language", "into", "source", "note")
NEEDED = {
    "former_name": ("name", "language"),
    "renamed": ("name", "language"),
    "began": ("from",),
    "ended": ("until",),
    "same_as": ("into",),
}
WHEN = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True)
class Change:
    """One row of changes.csv; texts are empty where nothing is known."""

    place_id: str
    kind: str
    since: str
    until: str
    name: str
    language: str
    into: str
    source: str
    note: str


def read_changes(path: Path) -> Mapping[str, Sequence[Change]]:
    """The changes by place id, in the order of the file. DataError names the row that is wrong, and the mend."""
    table = read_table(path)
    if lacking := [column for column in COLUMNS if column not in table.columns]:
        raise DataError(f"{path}: the columns {', '.join(lacking)} are missing")
    found: dict[str, list[Change]] = defaultdict(list)
    for number, row in enumerate(table.select(COLUMNS).iter_rows(), 2):
        change = Change(*(cell or "" for cell in row))
        if wrong := _wrong(change):
            raise DataError(f"{path}, row {number}: {wrong}")
        found[change.place_id].append(change)
    return found


def _wrong(change: Change) -> str:
    if change.kind not in NEEDED:
        return f"change is {change.kind!r}; write one of {', '.join(NEEDED)}"
    cells = {"name": change.name, "language": change.language, "from": change.since} | {
        "until": change.until, "into": change.into
    }  # fmt: skip
    if lacking := [cell for cell in NEEDED[change.kind] if not cells[cell]]:
        return f"{change.kind} needs {' and '.join(lacking)}"
    if not change.source:
        return "no source; say where it was read"
    if change.language and change.language not in LANGUAGES:
        return f"language is {change.language!r}; write one of {', '.join(LANGUAGES)}"
    if vague := [day for day in (change.since, change.until) if day and not WHEN.fullmatch(day)]:
        return f"{vague[0]!r} is not a date; write 2024, 2024-06 or 2024-06-27"
    if change.since and change.until and change.until < change.since:
        return f"it ends ({change.until}) before it begins ({change.since})"
    return ""


def apply_changes(place: Place, changes: Sequence[Change]) -> Place:
    """The place after its changes."""
    renamed = [change for change in changes if change.kind == "renamed"]
    for day in sorted({change.since for change in renamed}):
        place = _rename(place, [change for change in renamed if change.since == day])
    for change in changes:
        if change.kind == "former_name":
            past = FormerName(change.name, change.language, change.since, change.until, change.source)
            place = replace(place, former_names=(*place.former_names, past))
        elif change.kind == "began":
            place = replace(place, valid_from=change.since)
        elif change.kind == "ended":
            place = replace(place, valid_until=change.until, merged_into=change.into or None)
        elif change.kind == "same_as":
            place = replace(place, merged_into=change.into)
    notes = dict.fromkeys(note for note in (place.note, *(change.note for change in changes)) if note)
    return replace(place, note="; ".join(notes))


def _rename(place: Place, new: Sequence[Change]) -> Place:
    """New names take over all at once: a language that has none is not left with the old name."""
    past = tuple(
        FormerName(text, language, "", new[0].since, place.source)
        for language, text in place.names.items()
        if place.name_how[language] == "given"
    )
    return replace(
        place,
        names={change.language: change.name for change in new},
        name_how=dict.fromkeys((change.language for change in new), "given"),
        former_names=place.former_names + past,
    )
