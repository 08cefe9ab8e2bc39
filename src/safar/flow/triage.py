"""The kinds of danger and their order, as ``content/triage/dangers.yaml`` tells them: nouns and reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from safar.base import LawError, content_path
from safar.law.model import BREACHES, KINDS, STATUSES
from safar.law.store import load_yaml

# What a breach brings, the mildest first. A sanction without a ban and without an amount takes a right away, or warns.
NOTHING, FINE, RIGHT, BAN = range(4)
BRINGS = ("nothing", "fine", "right", "ban")
SEVERITIES = ("critical", "high", "medium")
DAY_COUNTS = ("overdue", "due", "unknown")  # a breach that is over for good has no day to act by
COST_UNKNOWN = (
    "overdue",
    "late",
)  # what was missed surely; where its sanction is unknown it brings a fine at least
# A sanction is told with the breach that brings it, and an unknown one with the unknown rule that it follows.
TOLD_WITH: Mapping[str, tuple[str, ...]] = {"exposed": BREACHES, "unknown": ("unknown",)}
MOST_HARM = 30  # times a thousand still fits the register's small integers
_LISTS = ("kind", "status", "brings", "can_bring", "topic", "group", "severity", "provision")
_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS,
    "status": STATUSES,
    "brings": BRINGS,
    "can_bring": BRINGS,
    "severity": SEVERITIES,
}


@dataclass(frozen=True)
class Line:
    """One way into a danger: every condition given must hold; an empty one asks nothing.

    ``brings``: what the breach brings today; ``can_bring``: what it may bring at worst; ``within_days``: from the
    day asked about to the safe day.
    """

    sentence: str
    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()
    can_bring: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    provision: tuple[str, ...] = ()
    within_days: int | None = None


@dataclass(frozen=True)
class Danger:
    """A kind of danger; ``harm`` 1 to 30, larger is worse."""

    id: str
    harm: int
    when: tuple[Line, ...]


@dataclass(frozen=True)
class Unit:
    """The mildest fine of a country: a number, or so many times a parameter of the law."""

    amount: float | None = None
    param: str | None = None
    times: float = 1


@dataclass(frozen=True)
class Triage:
    """Dangers from the worst to the mildest, units of money by currency, and how many rows a person gets."""

    dangers: tuple[Danger, ...]
    money: Mapping[str, Unit]
    per_person: int
    file: str

    def danger(self, name: str) -> Danger:
        """A danger by its id; LawError if there is none."""
        for danger in self.dangers:
            if danger.id == name:
                return danger
        raise LawError(f"{self.file}: there is no danger {name!r}")


@lru_cache(maxsize=4)
def read_triage(content: Path | None = None) -> Triage:
    """The triage in ``content`` (default: what came with the code).

    Raises LawError with every mistake in the form of the file, one a line; ``check_triage`` looks at its meaning.
    """
    path = (content or content_path()) / "triage" / "dangers.yaml"
    if not path.is_file():
        raise LawError(f"{path}: no triage found; reinstall Safar or name the folder")
    return triage_of(load_yaml(path), "content/triage/dangers.yaml")


def triage_of(data: Any, file: str) -> Triage:
    """A triage from what its file holds."""
    if not isinstance(data, dict) or set(data) != {"per_person", "money", "dangers"}:
        raise LawError(f"{file}: must have per_person, money and dangers, and nothing else")
    wrong: list[str] = []
    dangers = [
        _danger(item, f"{file}: danger {place}", wrong) for place, item in enumerate(data["dangers"], 1)
    ]
    money = {str(code): _unit(item, f"{file}: money.{code}", wrong) for code, item in data["money"].items()}
    per_person = data["per_person"]
    if type(per_person) is not int or per_person < 1:
        wrong.append(f"{file}: per_person is {per_person!r}; write a whole number from 1")
    if wrong:
        raise LawError("\n".join(wrong))
    return Triage(tuple(dangers), money, per_person, file)


def _danger(item: Any, where: str, wrong: list[str]) -> Danger:
    if not isinstance(item, dict) or set(item) != {"id", "harm", "when"}:
        wrong.append(f"{where}: must have id, harm and when, and nothing else")
        return Danger("", 0, ())
    where = f"{where} ({item['id']})"
    if type(item["harm"]) is not int or not 1 <= item["harm"] <= MOST_HARM:
        wrong.append(f"{where}: harm is {item['harm']!r}; write a whole number from 1 to {MOST_HARM}")
    lines = item["when"] if isinstance(item["when"], list) and item["when"] else None
    if lines is None:
        wrong.append(f"{where}: when has no line, so nobody is ever in this danger; write one")
    when = [_line(line, f"{where}, line {n}", wrong) for n, line in enumerate(lines or [], 1)]
    return Danger(str(item["id"]), item["harm"], tuple(when))


def _line(item: Any, where: str, wrong: list[str]) -> Line:
    if not isinstance(item, dict) or not item.get("sentence"):
        wrong.append(
            f"{where}: needs conditions and a sentence, as in {{kind: limit, status: overdue, sentence: x}}"
        )
        return Line("")
    unknown = set(item) - set(Line.__dataclass_fields__)
    if unknown:
        wrong.append(
            f"{where}: there is no condition {min(unknown)!r}; use {', '.join((*_LISTS, 'within_days'))}"
        )
    given = {key: _texts(item[key]) for key in _LISTS if key in item}
    for key, values in given.items():
        odd = [value for value in values if key in _ALLOWED and value not in _ALLOWED[key]]
        if odd or not values:
            told = repr(odd[0]) if odd else "empty"
            wrong.append(f"{where}: {key} is {told}; write {' or '.join(_ALLOWED.get(key, ('an id',)))}")
    if "status" not in given or not {"kind", "provision"} & set(given):
        wrong.append(f"{where}: needs a status, and a kind or a provision")
    days = item.get("within_days")
    if days is not None and (type(days) is not int or days < 0):
        wrong.append(f"{where}: within_days is {days!r}; write a whole number of days")
        days = None
    return Line(str(item["sentence"]), within_days=days, **given)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in (value if isinstance(value, list) else [value]))


def _unit(item: Any, where: str, wrong: list[str]) -> Unit:
    if isinstance(item, dict) and set(item) == {"amount"} and _positive(item["amount"]):
        return Unit(amount=float(item["amount"]))
    if isinstance(item, dict) and set(item) == {"param", "times"} and _positive(item["times"]):
        return Unit(param=str(item["param"]), times=float(item["times"]))
    wrong.append(
        f"{where}: write {{amount: NUMBER}}, or {{param: NAME, times: NUMBER}} for a figure of the law"
    )
    return Unit()


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
