"""People's facts from JSON: one object, a list, or one object a line."""

import json
from collections.abc import Mapping
from typing import Any

from safar.base import DataError


def people_of(source: str, name: str) -> tuple[list[Mapping[str, Any]], bool]:
    """The people in a JSON text, and whether it was a single object. DataError names line and mend."""
    try:
        value = json.loads(source)
    except json.JSONDecodeError as error:
        return _lines(source, name, error), False
    if isinstance(value, list):
        for place, person in enumerate(value, 1):
            if not isinstance(person, dict):
                raise DataError(f"{name}, person {place}: is not a JSON object of facts")
        return value, False
    if not isinstance(value, dict):
        raise DataError(f"{name}: must hold a JSON object of facts, or a list of them")
    return [value], True


def _lines(source: str, name: str, whole: json.JSONDecodeError) -> list[Mapping[str, Any]]:
    rows = [(number, line) for number, line in enumerate(source.splitlines(), 1) if line.strip()]
    if len(rows) < 2 or not rows[0][1].lstrip().startswith("{") or not rows[0][1].rstrip().endswith("}"):
        raise DataError(f"{name}, line {whole.lineno}: not JSON: {whole.msg}") from None
    people: list[Mapping[str, Any]] = []
    for number, line in rows:
        try:
            person = json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(f"{name}, line {number}: not JSON: {error.msg}") from None
        if not isinstance(person, dict):
            raise DataError(f"{name}, line {number}: is not a JSON object of facts")
        people.append(person)
    return people
