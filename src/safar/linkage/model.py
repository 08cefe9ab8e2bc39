"""A trained model: how likely each level is for one person, for two strangers, for two of one household."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import log2
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from safar.base import DataError, content_path
from safar.linkage.levels import BY_FIELD, KIN_COMPARISONS

_LEAST = 1e-7  # a level that was never seen is rare, not impossible
_LEAST_KIN = 1e-4
VERSION = 1


@dataclass(frozen=True)
class Chance:
    """How likely a level is: ``same`` if both records are of one person, ``other`` if they are not."""

    same: float
    other: float

    def bits(self, least: float) -> float:
        """The weight of evidence."""
        return log2(max(self.same, least) / max(self.other, least))


@dataclass(frozen=True)
class Model:
    """``fields`` (against strangers) and ``kin`` (against brothers): field -> level code -> Chance.

    ``prior_bits``: log2 odds that any two records are one person's; ``kin_prior_bits``: that two which share surname,
    father and district are. ``records``: how many it learnt from.
    """

    prior_bits: float
    kin_prior_bits: float
    records: int
    fields: Mapping[str, Mapping[str, Chance]]
    kin: Mapping[str, Mapping[str, Chance]]

    def weights(self, field: str) -> list[float]:
        """Bits by gamma; 0 for unknown. Levels with a chance of their own get log2 of ``same`` alone."""
        levels = BY_FIELD[field].levels
        told = self.fields[field]
        return [0.0] + [
            log2(max(told[level.code].same, _LEAST)) if level.chance else told[level.code].bits(_LEAST)
            for level in levels
        ]

    def kin_weights(self, field: str) -> list[float]:
        """Bits by gamma of the full comparison, against a brother instead of a stranger."""
        told = self.kin[field]
        return [0.0] + [
            told[level.code].bits(_LEAST_KIN) if level.code in told else 0.0
            for level in BY_FIELD[field].levels
        ]

    def to_json(self) -> str:
        """As text; ``read_model`` reads it back."""
        return json.dumps({"version": VERSION, **asdict(self)}, indent=1)


@lru_cache(maxsize=1)
def _start() -> dict[str, Any]:
    path = content_path() / "names" / "start.yaml"
    return dict(YAML(typ="safe").load(path.read_text("utf-8")))


def start_model(records: int) -> Model:
    """Where learning begins, for a list of so many records."""
    raw = _start()
    share = min(0.5, 2 * raw["pairs_a_record"] / max(records - 1, 2))
    prior = {"version": VERSION, "prior_bits": log2(share / (1 - share)), "records": 0}
    return model_of(
        {**prior, "kin_prior_bits": raw["kin_prior_bits"], "fields": raw["fields"], "kin": raw["kin"]}
    )


def read_model(path: Path) -> Model:
    """A model that was saved. Raises DataError naming the file and the mend."""
    try:
        return model_of(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path}: is no model of this version ({error}); train a new one") from None


def model_of(raw: Mapping[str, Any]) -> Model:
    """A model from its JSON object. Raises KeyError, ValueError or TypeError where it does not fit this version."""
    if raw["version"] != VERSION:
        raise ValueError(f"version {raw['version']}")
    model = Model(
        prior_bits=float(raw["prior_bits"]),
        kin_prior_bits=float(raw["kin_prior_bits"]),
        records=int(raw["records"]),
        fields=_chances(raw["fields"]),
        kin=_chances(raw["kin"]),
    )
    for comparison in BY_FIELD.values():
        model.weights(comparison.field)
    for comparison in KIN_COMPARISONS:
        model.kin_weights(comparison.field)
    return model


def _chances(raw: Mapping[str, Mapping[str, Mapping[str, float]]]) -> dict[str, dict[str, Chance]]:
    return {
        field: {code: Chance(**chance) for code, chance in levels.items()} for field, levels in raw.items()
    }
