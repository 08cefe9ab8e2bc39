"""Has every danger its title, its advice and its sentences, the same in every language?"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale

from safar.base import content_path
from safar.flow.sentences import PLACEHOLDERS, UNDATED, triage_words
from safar.flow.table import Table
from safar.flow.triage import BAN, FINE
from safar.law.words import LANGUAGES

FIRST = "en"
_NOT_IN = {"ban": {"amount"}, "fine": {"length"}, "none": {"length", "amount"}}
_PHRASES = ("years", "months", "days", "today", "tomorrow", "fact_open")


def wording(table: Table, content: Path | None = None) -> Iterator[str]:
    """What is wrong with the words of triage, one line each."""
    spoken = {language: triage_words(language, content) for language in languages(content)}
    needed = forms_needed(table)
    for language, words in spoken.items():
        where = f"content/words/{language}/triage.yaml"
        problems = (*_dangers(table, words), *_reasons(needed, words), *_phrases(language, words))
        yield from (f"{where}: {problem}" for problem in problems)
    for language, words in spoken.items():
        yield from (
            f"content/words/{language}/triage.yaml: {problem}" for problem in _same(spoken[FIRST], words)
        )


def languages(content: Path | None = None) -> list[str]:
    """The languages that triage speaks, the one all others are compared with first."""
    folder = (content or content_path()) / "words"
    return [
        FIRST,
        *(name for name in LANGUAGES if name != FIRST and (folder / name / "triage.yaml").is_file()),
    ]


def forms_needed(table: Table) -> Mapping[str, Mapping[str, set[str]]]:
    """For each sentence the forms it must have, and the statuses with which each is said."""
    needed: dict[str, dict[str, set[str]]] = {}
    for danger in table.triage.dangers:
        for line in danger.when:
            needed.setdefault(line.sentence, {}).setdefault("none", set()).update(line.status)
    for (_, status, brings), found in table.entries.items():
        form = {BAN: "ban", FINE: "fine"}.get(brings)
        for entry in found if form else ():
            needed[entry.line.sentence].setdefault(str(form), set()).add(status)
    return needed


def _dangers(table: Table, words: Mapping[str, Any]) -> Iterator[str]:
    told = words["dangers"]
    for danger in table.triage.dangers:
        block = told.get(danger.id)
        if not isinstance(block, dict) or not block.get("title") or not block.get("do"):
            yield f"dangers.{danger.id} needs a title and, under do, what an officer can do"
    for name in sorted(set(told) - {danger.id for danger in table.triage.dangers}):
        yield f"dangers.{name} is no danger of content/triage; take it out"


def _reasons(needed: Mapping[str, Mapping[str, set[str]]], words: Mapping[str, Any]) -> Iterator[str]:
    told = words["reasons"]
    for name, forms in needed.items():
        given = told.get(name, {})
        for form in sorted(set(forms) - set(given)):
            yield f"reasons.{name} has no {form}; write it"
        statuses = set().union(*forms.values())
        for form, text in given.items():
            yield from (
                f"reasons.{name}.{form} {problem}" for problem in _form(form, str(text), given, statuses)
            )
    for name in sorted(set(told) - set(needed)):
        yield f"reasons.{name} is used by no line of content/triage; take it out"


def _form(form: str, text: str, given: Mapping[str, str], statuses: set[str]) -> Iterator[str]:
    cost = form.removesuffix(UNDATED)
    if cost not in _NOT_IN:
        yield f"is no form; write {', '.join(_NOT_IN)}, or one of these with {UNDATED}"
        return
    used = placeholders(text)
    never = set(used) - PLACEHOLDERS
    never |= _NOT_IN[cost] & used
    never |= (
        {"day", "left"} & used
        if form.endswith(UNDATED) or not statuses & {"overdue", "due", "unknown"}
        else set()
    )
    never |= {"left"} & used if statuses != {"due"} else set()
    never |= {"fact"} & used if statuses != {"unknown"} else set()
    if never:
        yield f"cannot say {{{min(never)}}}, which is not known there"
    if "day" in used and statuses & {"overdue", "unknown"} and cost + UNDATED not in given:
        yield f"says {{day}}; write {cost}{UNDATED} too, for a day that is not known"


def _phrases(language: str, words: Mapping[str, Any]) -> Iterator[str]:
    told, plural = words["phrases"], Locale.parse(language).plural_form
    for name in _PHRASES:
        if not told.get(name):
            yield f"phrases.{name} is missing"
    for name in ("years", "months", "days"):
        lacking = {*plural.tags, "other"} - set(told.get(name) or ())
        if lacking:
            yield f"phrases.{name} has no form {min(lacking)!r}, which {language} needs"


def _same(first: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(set(first["dangers"]) & set(other["dangers"])):
        if len(first["dangers"][name].get("do", ())) != len(other["dangers"][name].get("do", ())):
            yield f"dangers.{name} has another number of do lines than {FIRST}"
    for name in sorted(set(first["reasons"]) & set(other["reasons"])):
        left, right = first["reasons"][name], other["reasons"][name]
        for form in sorted(set(left) ^ set(right)):
            yield f"reasons.{name}.{form} stands in one language only"
        for form in sorted(set(left) & set(right)):
            if placeholders(left[form]) != placeholders(right[form]):
                yield f"reasons.{name}.{form} has other placeholders than {FIRST}"


def placeholders(text: str) -> set[str]:
    """The names in braces of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
