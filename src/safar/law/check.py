"""Is the content complete, cited, dated without gaps, in every language, and do its worked cases hold?"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from safar.base import SafarError, as_day, as_iso, content_path
from safar.law.assess import Assessor, assessor
from safar.law.expression import walk
from safar.law.model import STATUSES, Law, Provision
from safar.law.read import build_law
from safar.law.store import load_yaml
from safar.law.words import LANGUAGES, Words, read_words

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_FACT_KEYS = ("name", "ask")


@dataclass(frozen=True)
class Report:
    """Problems, one line each, and the coverage by country and kind."""

    problems: tuple[str, ...]
    coverage: tuple[Mapping[str, Any], ...]
    cases: int


def check(content: Path | None = None) -> Report:
    """Everything `safar law check` proves. Raises LawError where the content cannot even be read."""
    folder = content or content_path()
    problems: list[str] = []
    law = build_law(folder, problems)
    words = {language: read_words(language, folder) for language in LANGUAGES}
    cases = list(read_cases(folder))
    problems += [
        *_cited(law),
        *_series(law),
        *_breaches(law),
        *_parameters(law),
        *_sentences(law, words),
        *_cases_beside(law, cases),
        *failed_cases(assessor(law, words["en"]), cases),
    ]
    return Report(tuple(problems), tuple(_coverage(law, cases)), len(cases))


@dataclass(frozen=True)
class WorkedCase:
    """A person, a day and the findings expected."""

    file: str
    name: str
    on: str
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]
    source: str | None


def read_cases(content: Path) -> Iterator[WorkedCase]:
    """All worked cases that stand beside the rules."""
    for path in sorted(content.rglob("*.cases.yaml")):
        for item in load_yaml(path)["cases"]:
            yield WorkedCase(
                "/".join(path.parts[-2:]),
                str(item["name"]),
                str(item["on"]),
                item["facts"],
                item["expect"],
                item.get("from"),
            )


def failed_cases(answers: Assessor, cases: list[WorkedCase]) -> Iterator[str]:
    """One line for each expectation that does not hold."""
    for case in cases:
        where = f"{case.file}: {case.name!r}"
        try:
            answer = answers.assess(case.facts, on=as_day(case.on), everything=True)
        except SafarError as error:
            yield f"{where}: {error}"
            continue
        found = {finding["provision"]: finding for finding in answer["findings"]}
        for name, wanted in case.expect.items():
            if name not in found:
                yield f"{where}: expects {name}, which does not exist"
                continue
            yield from (f"{where}: {name} {problem}" for problem in _differs(found[name], wanted))


def _differs(finding: Mapping[str, Any], wanted: Any) -> Iterator[str]:
    if not isinstance(wanted, dict):
        wanted = {"status": wanted}
    amount = finding["amount"] or {}
    flat = {
        **finding,
        "amount_low": amount.get("low"),
        "amount_high": amount.get("high"),
        "currency": amount.get("currency"),
    }
    for key, value in wanted.items():
        if key not in flat:
            yield f"has no {key}"
        elif key == "status" and value not in STATUSES:
            yield f"expects the status {value!r}, which does not exist"
        elif key == "missing":
            if not set(value) <= set(flat["missing"]):
                yield f"missing is {flat['missing']}, expected {value}"
        elif flat[key] != value:
            yield f"{key} is {flat[key]!r}, expected {value!r}"


def _cited(law: Law) -> Iterator[str]:
    for provision in law.provisions.values():
        for version in provision.versions:
            if not version.cites and provision.kind != "risk":
                yield f"{provision.file}: version from {as_iso(version.start)} cites no article; add cites:"


def _series(law: Law) -> Iterator[str]:
    chains: dict[str, list[Provision]] = {}
    for provision in law.provisions.values():
        if provision.series:
            chains.setdefault(provision.series, []).append(provision)
    for name, members in chains.items():
        members.sort(key=lambda p: p.versions[0].start or 0)
        for before, after in pairwise(members):
            if before.versions[-1].until != after.versions[0].start:
                yield (
                    f"series {name}: {before.id} ends {as_iso(before.versions[-1].until)}, {after.id} "
                    f"begins {as_iso(after.versions[0].start)}; they leave a gap or overlap"
                )


def _breaches(law: Law) -> Iterator[str]:
    for provision in law.provisions.values():
        for version in provision.versions:
            for name in version.breach:
                if name not in law.provisions:
                    yield f"{provision.file}: breach names {name}, which does not exist"


def _parameters(law: Law) -> Iterator[str]:
    """Every parameter has values for the time its rules are in force; inner gaps only where keyed."""
    for param in law.params.values():
        if not param.cites:
            yield f"{param.file}: cites nothing; add cites:"
        if param.by is None:
            rows = param.values[""]
            for before, after in pairwise(rows):
                if before.until != after.start:
                    yield f"{param.file}: no value from {as_iso(before.until)} to {as_iso(after.start)}"
    for provision in law.provisions.values():
        for version in provision.versions:
            trees = [t for t in (version.low, version.high, version.when, version.due) if t is not None]
            for name in {node.args[0] for tree in trees for node in walk(tree) if node.op == "param"}:
                values = [value for rows in law.params[name].values.values() for value in rows]
                ends = version.until or 10**9
                if not any(v.start < ends and (v.until or 10**9) > (version.start or 0) for v in values):
                    yield f"{provision.file}: parameter {name} has no value while the rule is in force"


def _sentences(law: Law, words: Mapping[str, Words]) -> Iterator[str]:
    first, *others = words.values()
    for provision in law.provisions.values():
        disputed = any(version.disputed for version in provision.versions)
        needed = {"title", "ask", "raised_if", "do"} if provision.kind == "risk" else {"title", "rule", "do"}
        needed |= {"dispute"} if disputed else set()
        blocks = {}
        for language, each in words.items():
            block = each.law.get(provision.id) or each.risks.get(provision.id) or {}
            blocks[language] = block
            for key in sorted(needed - set(block)):
                yield f"content/words/{language}: {provision.id} has no {key}"
            for key in sorted(set(block) - needed):
                yield f"content/words/{language}: {provision.id} has {key}, which nothing shows"
        lengths = {len(block.get("do", ())) for block in blocks.values()}
        if len(lengths) > 1:
            yield f"content/words: {provision.id} has a different number of do lines in two languages"
    for other in others:
        yield from _same(first, other, law)


def _same(first: Words, other: Words, law: Law) -> Iterator[str]:
    """Same keys and placeholders in two languages."""
    for group in ("law", "risks", "facts", "regions", "reasons", "labels", "help"):
        left, right = dict(_leaves(getattr(first, group))), dict(_leaves(getattr(other, group)))
        for key in sorted(set(left) ^ set(right)):
            lacking = other.language if key in left else first.language
            yield f"content/words/{lacking}: {group} {key} is missing"
        for key in sorted(set(left) & set(right)):
            if set(_PLACEHOLDER.findall(left[key])) != set(_PLACEHOLDER.findall(right[key])):
                yield f"content/words: {group} {key} has other placeholders in {other.language}"
    known = set(law.provisions)
    for name in sorted((set(first.law) | set(first.risks)) - known):
        yield f"content/words/{first.language}: {name} has words but no rule"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _leaves(item, f"{path}[{place}]")
    else:
        yield path, str(value)


def _cases_beside(law: Law, cases: list[WorkedCase]) -> Iterator[str]:
    covered = {name for case in cases for name in case.expect}
    for provision in law.provisions.values():
        if provision.id not in covered and provision.kind != "risk":
            yield f"{provision.file}: no worked case expects it; add {provision.id}.cases.yaml"


def _coverage(law: Law, cases: list[WorkedCase]) -> Iterator[dict[str, Any]]:
    expected = Counter(name for case in cases for name in case.expect)
    groups: dict[tuple[str, str], list[Provision]] = {}
    for provision in law.provisions.values():
        groups.setdefault((provision.country or "-", provision.kind), []).append(provision)
    for (country, kind), members in sorted(groups.items()):
        versions = [version for member in members for version in member.versions]
        yield {
            "country": country,
            "kind": kind,
            "rules": len(members),
            "texts": len(versions),
            "cases": sum(expected[member.id] for member in members),
            "seen": sum(bool(version.seen) for version in versions),
            "high": sum(version.confidence == "high" for version in versions),
            "med.": sum(version.confidence == "medium" for version in versions),
            "low": sum(version.confidence == "low" for version in versions),
            "disp.": sum(version.disputed for version in versions),
            "rev.": sum(member.reviewed for member in members),
        }
