"""The one line that tells an officer why: whole sentences in one language, with days and amounts, nothing personal."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import format_decimal

from safar.base import LawError, content_path, day_number
from safar.flow.need import Need
from safar.flow.triage import Line, Triage
from safar.law.model import Law, Provision
from safar.law.store import load_yaml
from safar.law.words import Words, read_words

UNDATED = "_undated"
PLACEHOLDERS = frozenset({"title", "country", "day", "left", "length", "amount", "fact"})


@dataclass(frozen=True)
class Sentences:
    """Triage in one language: ``reason`` says a need; ``title`` and ``advice`` are a danger's own."""

    law: Law
    triage: Triage
    words: Words
    own: Mapping[str, Any]

    def title(self, danger: str) -> str:
        """The name of a danger."""
        return str(self.own["dangers"][danger]["title"])

    def advice(self, danger: str) -> tuple[str, ...]:
        """What an officer can do."""
        return tuple(str(line) for line in self.own["dangers"][danger]["do"])

    def days(self, days_left: int) -> str:
        """How far a coming day is: today, tomorrow, in 5 days."""
        if days_left in (0, 1):
            return str(self.own["phrases"][("today", "tomorrow")[days_left]])
        return self.many("days", days_left)

    def length(self, months: int) -> str:
        """The length of a ban: whole years as years."""
        years, rest = divmod(months, 12)
        return self.many("months", months) if rest else self.many("years", years)

    def amount(self, low: float, high: float | None, currency: str | None) -> str:
        """An amount or a span of amounts with its currency."""
        told = [
            format_decimal(value, locale=self.words.language) for value in dict.fromkeys((low, high or low))
        ]
        return "\u2013".join(told) + f"\u00a0{currency}"

    def many(self, phrase: str, number: int) -> str:
        """A number with its noun in the form that the language wants."""
        forms = self.own["phrases"][phrase]
        return str(forms[Locale.parse(self.words.language).plural_form(number)]).format(n=number)


def read_sentences(language: str, *, law: Law, triage: Triage, content: Path | None = None) -> Sentences:
    """The sentences of a language; LawError if triage does not speak it."""
    return Sentences(law, triage, read_words(language, content), triage_words(language, content))


@lru_cache(maxsize=16)
def triage_words(language: str, content: Path | None = None) -> Mapping[str, Any]:
    """What stands in ``content/words/<language>/triage.yaml``."""
    path = (content or content_path()) / "words" / language / "triage.yaml"
    if not path.is_file():
        raise LawError(f"{path}: triage does not speak {language!r}; write this file as in another language")
    words = load_yaml(path)
    if not isinstance(words, dict) or set(words) != {"dangers", "reasons", "phrases"}:
        raise LawError(f"{path}: must have dangers, reasons and phrases, and nothing else")
    return words


def reason(need: Need, sentences: Sentences) -> str:
    """Why somebody should look at this person, in one line."""
    provision = sentences.law.provisions[need.provision]
    line = line_of(sentences.triage, need, provision)
    text = str(_form(sentences.own["reasons"][line.sentence], need))
    words = sentences.words
    return text.format(
        title=str(words.of(provision.id)["title"]).rstrip("."),
        country=words.value("destination", provision.country),
        day="" if need.act_by is None else words.day(day_number(need.act_by)),
        left="" if need.days_left is None else sentences.days(need.days_left),
        length="" if need.ban_months is None else sentences.length(need.ban_months),
        amount=""
        if need.amount_low is None
        else sentences.amount(need.amount_low, need.amount_high, need.currency),
        fact=_fact(words, need.because) if need.because else sentences.own["phrases"]["fact_open"],
    )


def line_of(triage: Triage, need: Need, provision: Provision) -> Line:
    """The line of the danger that a need came by; LawError if triage has changed since."""
    told = {
        "kind": provision.kind,
        "status": need.status,
        "topic": provision.topic,
        "provision": provision.id,
    }
    for line in triage.danger(need.danger).when:
        if all(not (asked := getattr(line, key)) or value in asked for key, value in told.items()):
            return line
    raise LawError(f"{triage.file}: {need.danger} has no line for {provision.id} {need.status}; rank again")


def _form(forms: Mapping[str, str], need: Need) -> str:
    """The form for what threatens, without a day where the day is not known."""
    cost = "ban" if need.ban_months is not None else "fine" if need.amount_low is not None else "none"
    cost = cost if cost in forms else "none"
    undated = cost + UNDATED
    return forms[undated] if need.act_by is None and undated in forms else forms[cost]


def _fact(words: Words, name: str) -> str:
    if name.startswith("answers."):
        return str(words.of(name.removeprefix("answers.")).get("title", name))
    return words.fact(name, "name")
