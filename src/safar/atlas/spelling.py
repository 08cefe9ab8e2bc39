"""Spelling a name by rule: from Latin letters in Tajik, from Tajik in Russian, from Russian in Kyrgyz.

The rules are content/places/spelling.csv. A name spelled by rule is a help for readers, not a fact: it is
marked as such wherever it goes, and gives way to what a source spells.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from safar.base import DataError
from safar.lake import read_table

VOWELS = frozenset("aeiouyŭůíīаеёиоуӯыэюяӣөү")
WHERE = ("", "start", "final", "word", "after_vowel", "before_vowel")


@dataclass(frozen=True)
class Rule:
    """Letters `old` become `new`, at the places that `where` names (empty: anywhere)."""

    old: str
    new: str
    where: str

    def holds(self, text: str, at: int) -> bool:
        """Whether the rule may be used at position `at` of the lower-case `text`."""
        if not text.startswith(self.old, at):
            return False
        end = at + len(self.old)
        before, after = text[at - 1 : at] if at else "", text[end : end + 1]
        return {
            "": True,
            "start": not before.isalpha(),
            "final": not after and before.isalpha() and before not in VOWELS,
            "word": not before.isalpha() and not after.isalpha(),
            "after_vowel": before in VOWELS,
            "before_vowel": after in VOWELS,
        }[self.where]


@dataclass(frozen=True)
class Spelling:
    """The rules by language; the longest letters first, those tied to a place before those for anywhere."""

    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)

    def spell(self, text: str, language: str) -> str:
        """`text` in the Cyrillic letters of `language`; "" where some letter has no rule."""
        rules, low = self.rules.get(language, ()), text.lower()
        out, at = "", 0
        while at < len(text) == len(low):
            rule = next((rule for rule in rules if rule.holds(low, at)), Rule(low[at], low[at], ""))
            out += rule.new[:1].upper() + rule.new[1:] if text[at].isupper() else rule.new
            at += len(rule.old)
        return out if all(_is_cyrillic(letter) for letter in out) else ""


def _is_cyrillic(letter: str) -> bool:
    return not letter.isalpha() or unicodedata.name(letter, "").startswith("CYRILLIC")


def read_spelling(path: Path) -> Spelling:
    """The rules of spelling.csv: rule, from, to, where, note. DataError for a `where` that is not known."""
    found: dict[str, list[Rule]] = {}
    for number, row in enumerate(read_table(path).iter_rows(named=True), 2):
        rule = Rule(row["from"], row["to"] or "", row["where"] or "")
        if rule.where not in WHERE:
            raise DataError(
                f"{path}, row {number}: where is {rule.where!r}; write one of {', '.join(WHERE[1:])}"
            )
        found.setdefault(row["rule"], []).append(rule)
    return Spelling(
        {
            lang: tuple(sorted(rules, key=lambda r: (-len(r.old), not r.where)))
            for lang, rules in found.items()
        }
    )
