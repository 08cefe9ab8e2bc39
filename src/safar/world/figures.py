"""The calibration, read with care: a figure that is missing or of another shape is named aloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.base import DataError

STATUSES = ("published", "derived", "assumed")


class Figures:
    """Access to the figures of content/world/calibration.yaml, given as a plain mapping.

    `calibration` maps a name to {value, unit, source, status, note}. `value` is used, the
    rest is for readers, but a figure that does not say where it comes from is refused.
    """

    def __init__(self, calibration: Mapping[str, Any]) -> None:
        for name, figure in calibration.items():
            status = figure.get("status") if isinstance(figure, Mapping) else None
            if status not in STATUSES or "value" not in figure:
                raise DataError(f"calibration: {name} needs value, unit and status: {', '.join(STATUSES)}")
            if status != "assumed" and not figure.get("source"):
                raise DataError(f"calibration: {name} is {status} but names no source; add source:")
        self._figures = calibration

    def value(self, name: str, *path: str) -> Any:
        """The value of a figure, or of one entry inside it."""
        if name not in self._figures:
            raise DataError(f"calibration: no figure {name}; add it with value, unit, source and status")
        found = self._figures[name]["value"]
        for step in path:
            if not isinstance(found, Mapping) or step not in found:
                raise DataError(f"calibration: {name} has no entry {'.'.join(path)}; add it")
            found = found[step]
        return found

    def number(self, name: str, *path: str) -> float:
        """A single number."""
        found = self.value(name, *path)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise DataError(f"calibration: {'.'.join((name, *path))} must be a number, not {found!r}")
        return float(found)

    def days(self, name: str, *path: str) -> int:
        """A whole number of days."""
        return int(self.number(name, *path))

    def table(self, name: str, *path: str) -> dict[str, float]:
        """Named numbers: weights or shares by code."""
        found = self.value(name, *path)
        if not isinstance(found, Mapping) or not found:
            raise DataError(f"calibration: {'.'.join((name, *path))} must be a table of numbers")
        return {str(key): self.number(name, *path, key) for key in found}
