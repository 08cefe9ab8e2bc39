"""A trained model: how two records agree if they are one person's, and in each other story that could explain it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from math import log2
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from safar.base import DataError, content_path
from safar.linkage.levels import BY_FIELD, KIN_COMPARISONS, TWIN_COMPARISONS

VERSION = 1
STRANGER, BROTHER, TWIN = "stranger", "brother", "twin"
_LEAST = {STRANGER: 1e-7, BROTHER: 1e-4, TWIN: 1e-4}  # a level that was never seen is rare, not impossible


@dataclass(frozen=True)
class Chance:
    """How likely a level is: ``same`` if both records are one person's, ``other`` in the other story."""

    same: float
    other: float


@dataclass(frozen=True)
class Story:
    """Another reason why two records agree: two strangers, a brother or sister, a twin.

    ``prior_bits``: log2 odds of one person against this story before anything is compared; for strangers of any two
    records, for brothers of two that share surname, father and district, for twins of two that share all but the given
    name. ``fields``: field -> level code -> Chance; a field that is not there says nothing between the two.
    """

    prior_bits: float
    fields: Mapping[str, Mapping[str, Chance]]


@dataclass(frozen=True)
class Model:
    """``stories`` by name; ``records``: how many it learnt from, 0 if from none.

    A pair weighs as much as it speaks against all stories together; that is in bits, the log2 odds of one person.
    """

    records: int
    stories: Mapping[str, Story]

    def scaled(self, records: int) -> "Model":
        """The same model for a register of another size: in a larger one a chance meeting is likelier."""
        if not self.records or records < 2:
            return self
        stranger = self.stories[STRANGER]
        fewer = replace(stranger, prior_bits=stranger.prior_bits - log2(records / self.records))
        return Model(records, {**self.stories, STRANGER: fewer})

    def weights(self, story: str, field: str) -> list[float]:
        """Bits by gamma of the field; 0 for unknown.

        Against strangers a level with a chance of its own (a name's frequency) has log2 of ``same`` alone.
        """
        told, least = self.stories[story].fields[field], _LEAST[story]
        bits = [0.0]
        for level in BY_FIELD[field].levels:
            if level.code not in told:
                bits.append(0.0)
                continue
            other = 1.0 if story == STRANGER and level.chance else max(told[level.code].other, least)
            bits.append(log2(max(told[level.code].same, least) / other))
        return bits

    def to_json(self) -> str:
        """As text; ``read_model`` reads it back."""
        return json.dumps({"version": VERSION, **asdict(self)}, indent=1)


@lru_cache(maxsize=1)
def _start() -> dict[str, Any]:
    path = content_path() / "names" / "start.yaml"
    return dict(YAML(typ="safe").load(path.read_text("utf-8")))


def start_model(records: int, *, pairs_a_record: float | None = None) -> Model:
    """Where learning begins, for a list of so many records; ``pairs_a_record``: how many stand there more than once."""
    raw = _start()
    pairs = raw["pairs_a_record"] if pairs_a_record is None else pairs_a_record
    share = min(0.5, 2 * pairs / max(records - 1, 2))
    stories = {
        **raw["stories"],
        STRANGER: {**raw["stories"][STRANGER], "prior_bits": log2(share / (1 - share))},
    }
    return model_of({"version": VERSION, "records": 0, "stories": stories})


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
    stories = {name: _story(story) for name, story in raw["stories"].items()}
    for name, comparisons in (
        (STRANGER, tuple(BY_FIELD.values())),
        (BROTHER, KIN_COMPARISONS),
        (TWIN, TWIN_COMPARISONS),
    ):
        for comparison in comparisons:
            for level in comparison.levels:
                stories[name].fields[comparison.field][level.code]
    return Model(int(raw["records"]), stories)


def _story(raw: Mapping[str, Any]) -> Story:
    fields = {
        field: {code: Chance(**chance) for code, chance in levels.items()}
        for field, levels in raw["fields"].items()
    }
    return Story(float(raw["prior_bits"]), fields)
