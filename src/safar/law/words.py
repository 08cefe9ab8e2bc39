"""The sentences a person reads, by language, from ``content/words/``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from safar.base import LawError, content_path, day_of
from safar.law.store import cached, load_yaml

LANGUAGES = ("en", "ru", "tg", "ky", "uz")


@dataclass(frozen=True)
class Words:
    """One language: ``law`` and ``risks`` by id, ``facts`` by name, ``reasons`` and ``labels`` by key."""

    language: str
    law: Mapping[str, Mapping[str, Any]]
    risks: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Any]
    regions: Mapping[str, str]
    reasons: Mapping[str, Any]
    labels: Mapping[str, Any]
    help: Mapping[str, str]

    def of(self, provision: str) -> Mapping[str, Any]:
        """Title, rule, advice of a provision or danger sign; its id where they are not written yet."""
        return self.law.get(provision) or self.risks.get(provision) or {"title": provision}

    def day(self, number: int) -> str:
        """A day as people write it."""
        day = day_of(number)
        month = self.reasons["months"][day.month - 1]
        return str(self.reasons["day"]).format(day=day.day, month=month, year=day.year)

    def reason(self, key: str, **values: Any) -> str:
        """A standing sentence with its placeholders filled."""
        return str(self.reasons[key]).format(**values)

    def value(self, fact: str, value: Any) -> str:
        """A coded value as a word: a country, a region, a kind of work."""
        if fact.endswith("region"):
            return self.regions.get(str(value), str(value))
        key = str(value).lower() if isinstance(value, bool) else str(value)
        return str(self.facts["values"].get(key, key))

    def fact(self, name: str, key: str) -> str:
        """One of a fact's own sentences; the fact's name where it has none."""
        block = self.facts.get(name) or {}
        return str(block.get(key) or block.get("name") or name)

    def ask(self, name: str) -> str:
        """The question that asks for a fact."""
        if name.startswith("answers."):
            return str(self.risks.get(name.removeprefix("answers."), {}).get("ask", name))
        return self.fact(name, "ask")


@lru_cache(maxsize=8)
def read_words(language: str, content: Path | None = None) -> Words:
    """The words of one language; LawError if the language is not there."""
    folder = (content or content_path()) / "words" / language
    if not folder.is_dir():
        raise LawError(f"no words in {language!r}; there are {', '.join(LANGUAGES)}")
    files = sorted(folder.rglob("*.yaml"))
    data = cached(f"words-{language}", files, lambda: read_folder(folder))
    return Words(language, **data)


def read_folder(folder: Path) -> dict[str, Any]:
    """The words of one language read from its YAML, without any cache."""
    law: dict[str, Any] = {}
    for path in sorted((folder / "law").glob("*/*.yaml")):
        block = load_yaml(path) or {}
        for name in block:
            if name in law:
                raise LawError(f"{path}: {name} has words twice")
        law |= block
    one = {
        name: (load_yaml(folder / f"{name}.yaml") if (folder / f"{name}.yaml").exists() else {})
        for name in ("risks", "facts", "regions", "reasons", "help")
    }
    words = folder / "words.yaml"
    return {"law": law, **one, "labels": load_yaml(words) if words.exists() else {}}
