"""Does the triage hold together: is every harm in it, does the worse stand above the milder, are there words?"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

from safar.flow.table import Table, base_of, table_of
from safar.flow.triage import BAN, BRINGS, FINE, NOTHING, RIGHT, SEVERITIES, Triage, read_triage
from safar.flow.wording import wording
from safar.law.model import Law

_IN_ORDER = ("done", "allowed", "clear", "not_applicable", "no_rule_in_force")
_BROKEN: Mapping[str, tuple[str, ...]] = {
    "duty": ("overdue", "late"),
    "limit": ("overdue", "late"),
    "permission": ("forbidden",),
    "sanction": ("exposed",),
}


def check_triage(law: Law, *, content: Path | None = None) -> tuple[str, ...]:
    """What is wrong with the triage for this law, one line each with its mend; nothing if all is well.

    Raises LawError where the file cannot be read at all.
    """
    triage = read_triage(content)
    problems = [*_ids(triage), *_names(triage, law), *_in_order(triage)]
    if problems:
        return tuple(f"{triage.file}: {problem}" for problem in problems)
    table = table_of(law, triage, date.max)  # no figure of a day is needed to see whether it holds together
    problems = [*_complete(table), *_worse_above(table), *_unknown_above_fines(table)]
    return (*(f"{triage.file}: {problem}" for problem in problems), *wording(table, content))


def _ids(triage: Triage) -> Iterator[str]:
    names = [danger.id for danger in triage.dangers]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"danger {name} stands there twice; rename one"
    for above, below in pairwise(triage.dangers):
        if above.harm <= below.harm:
            yield f"{above.id} (harm {above.harm}) stands above {below.id} (harm {below.harm}); the worst stands first"


def _names(triage: Triage, law: Law) -> Iterator[str]:
    known = {
        "provision": set(law.provisions),
        "topic": {provision.topic for provision in law.provisions.values()},
        "group": {provision.risk.group for provision in law.provisions.values() if provision.risk},
    }
    for danger in triage.dangers:
        for line in danger.when:
            for key, names in known.items():
                for name in sorted(set(getattr(line, key)) - names):
                    yield f"{danger.id}: the law here has no {key} {name}"
    currencies = {v.currency for p in law.provisions.values() for v in p.versions if p.kind == "sanction"}
    for currency in sorted(filter(None, currencies - set(triage.money))):
        yield f"money has no {currency}, in which the law sets fines; add its mildest fine"
    for code, unit in triage.money.items():
        if unit.param is not None and set(
            law.params[unit.param].values if unit.param in law.params else ()
        ) != {""}:
            yield f"money.{code}: the law here has no parameter {unit.param} that is one figure for everybody"


def _in_order(triage: Triage) -> Iterator[str]:
    for danger in triage.dangers:
        for line in danger.when:
            for status in sorted(set(line.status) & set(_IN_ORDER)):
                yield f"{danger.id}: {status} means that nobody needs help; take it out"
            if "unknown" in line.status and (not line.kind or "risk" in line.kind) and not line.provision:
                yield f"{danger.id}: what nobody asked about is no danger sign (docs/adr/0021); name other kinds"


def _complete(table: Table) -> Iterator[str]:
    """Every breach that costs something, every sanction, sign and unknown rule that may cost something is a danger."""
    for provision in table.law.provisions.values():
        worst, kind = table.worst(provision.id), provision.kind
        for status in _BROKEN.get(kind, ()):
            for brings in table.possible(provision.id, status):
                if brings > NOTHING or (kind == "limit" and status == "overdue"):
                    yield from _lacks(table, provision.id, status, brings)
        if kind in _BROKEN and worst > NOTHING:
            yield from _lacks(table, provision.id, "unknown", NOTHING)
        if kind == "risk":
            yield from _lacks(table, provision.id, "raised", NOTHING)
        if kind == "limit" and worst == BAN:
            yield from _lacks(table, provision.id, "due", NOTHING)


def _lacks(table: Table, name: str, status: str, brings: int) -> Iterator[str]:
    found = table.entries.get((name, status, brings), ())
    brought = f" that brings {BRINGS[brings]}" if brings else ""
    if not found:
        yield f"{name} {status}{brought} is in no danger, so nobody would be told; add a line that takes it"
    elif status != "due" and all(entry.line.within_days is not None for entry in found):
        yield f"{found[0].danger.id}: {name} {status}{brought} must not wait for within_days; take it out"


def _worse_above(table: Table) -> Iterator[str]:
    """For one rule: a ban above a right, a right above a fine; missed above late; a worse sign above a milder."""

    def harm(name: str, status: str, brings: int) -> int:
        found = table.entries.get((name, status, brings))
        return found[0].danger.harm if found else 0

    for name, status in table.rows():
        brought = [b for b in (NOTHING, FINE, RIGHT, BAN) if (name, status, b) in table.entries]
        for mild, bad in pairwise(brought):
            if harm(name, status, bad) < harm(name, status, mild):
                yield f"{name} {status}: bringing {BRINGS[bad]} stands below bringing {BRINGS[mild]}; turn them round"
        if status == "late":
            for brings in brought:
                if harm(name, "overdue", brings) < harm(name, status, brings):
                    yield f"{name}: late stands above overdue, which can still be mended; turn them round"
    harms = {
        severity: [
            e[0].danger.harm for (name, _, _), e in table.entries.items() if table.severity(name) == severity
        ]
        for severity in SEVERITIES
    }
    for worse, milder in pairwise(SEVERITIES):
        if harms[worse] and harms[milder] and min(harms[worse]) < max(harms[milder]):
            yield f"a {worse} danger sign stands below a {milder} one; turn them round"


def _unknown_above_fines(table: Table) -> Iterator[str]:
    """What is not known and may hide a ban or the loss of a right stands above every certain fine."""
    certain = [
        (base_of(name), status, found[0])
        for (name, status, brings), found in table.entries.items()
        if brings == FINE and status != "unknown"
    ]
    highest = max(
        (e.danger.harm for name, status, e in certain if not _stay_is_over(table, name, status)), default=0
    )
    for (name, status, _), (entry, *_) in table.entries.items():
        hides = table.worst(base_of(name)) in (RIGHT, BAN)
        if status == "unknown" and hides and entry.danger.harm <= highest:
            yield f"{name} unknown ({entry.danger.id}) may hide a ban and stands below a certain fine; raise its harm"


def _stay_is_over(table: Table, name: str, status: str) -> bool:
    return status == "overdue" and table.law.provisions[name].kind == "limit"
