"""Why an answer is what it is: the facts that decided, the count of days, what was missed, what is not known."""

from collections.abc import Iterable
from dataclasses import dataclass

from safar.base import NEVER, as_day, day_number
from safar.law import facts
from safar.law.case import Case
from safar.law.compile.python import Compiled
from safar.law.expression import Node, lenient, nodes_of
from safar.law.lower import done_parts
from safar.law.model import BREACHES, Provision, Version
from safar.law.words import Words


@dataclass(frozen=True)
class Explainer:
    """Explains the findings of one law in one language."""

    compiled: Compiled
    words: Words

    def missing(self, tree: Node, case: Case) -> dict[str, None]:
        """Names of the unknown facts that keep ``tree`` unknown, in order; empty if it is known."""
        found: dict[str, None] = {}
        self._missing(tree, case, found, set())
        return found

    def _missing(self, tree: Node, case: Case, found: dict[str, None], seen: set[Node]) -> None:
        if tree in seen or self.compiled.thunk(tree)(case) is not None:
            return
        seen.add(tree)
        match tree.op:
            case "fact":
                found[facts.ASKED_AS.get(tree.args[0], tree.args[0])] = None
            case "stay" | "stay_days":
                found["stays"] = None
            case "offence" | "expelled":
                found["offences"] = None
            case "answer":
                found[f"answers.{tree.args[0]}"] = None
            case "ref":
                name, part = tree.args
                self._missing(self.compiled.law.parts[name][part], case, found, seen)
                if part != "due":
                    self._missing_days(name, case, found, seen)
            case "iff":
                condition, then, otherwise = tree.nodes
                holds = self.compiled.thunk(condition)(case)
                chosen = condition if holds is None else (then if holds else otherwise)
                self._missing(chosen, case, found, seen)
            case "param" if all(self.compiled.thunk(part)(case) is not None for part in tree.nodes):
                found[f"param('{tree.args[0]}')"] = None
            case _:
                for part in tree.nodes:
                    self._missing(part, case, found, seen)

    def _missing_days(self, name: str, case: Case, found: dict[str, None], seen: set[Node]) -> None:
        """An unknown status may hide behind its event or its last day."""
        provision = self.compiled.law.provisions[name]
        self._missing(provision.event, case, found, seen)
        due = self.compiled.law.parts[name].get("due")
        if due is not None and case.part(name, "status") is None:
            self._missing(due, case, found, seen)

    def missing_of(self, provision: Provision, case: Case) -> list[str]:
        """What would decide a provision whose status is unknown."""
        key = ("missing", provision.id)
        if key not in case.memo:
            case.memo[key] = self._missing_of(provision, case)
        return list(case.memo[key])

    def _missing_of(self, provision: Provision, case: Case) -> list[str]:
        found = self.missing(Node("ref", (provision.id, "status"), "status"), case)
        if not found and case.part(provision.id, "status") is None:
            parts = self.compiled.law.parts[provision.id]
            if nodes_of(parts.get("due"), "stay"):
                found["stays"] = None
        return list(found)

    def because(self, provision: Provision, version: Version, case: Case) -> list[str]:
        """Sentences from the general to the particular."""
        return [
            *self._applies(version, case),
            *self._announced(version),
            *self._days(provision, version, case),
            *self._used(version, case),
            *self._done(provision, version, case),
            *self._breaches(provision, version, case),
            *self._assumed(version, case),
            *self._unknown(provision, version, case),
        ]

    def _applies(self, version: Version, case: Case) -> list[str]:
        told = [text for name in _scalar_facts(version.applies) if (text := self._told(name, case))]
        return [self.words.reason("applies", facts=self._join(told))] if told else []

    def _told(self, name: str, case: Case) -> str | None:
        value = case.facts.get(name)
        if value is None:
            return None
        kind = (facts.SCALARS.get(name) or facts.DERIVED[name]).type
        if kind != "date":
            return self.words.fact(name, "is").format(value=self.words.value(name, value))
        if value == NEVER:
            return self.words.fact(name, "never")
        return self.words.fact(name, "happened").format(date=self.words.day(int(value)))

    def _join(self, parts: Iterable[str]) -> str:
        return str(self.words.reasons["and"]).join(parts)

    def _announced(self, version: Version) -> list[str]:
        if version.announced_on is None:
            return []
        day = self.words.day(day_number(as_day(version.announced_on)))
        return [self.words.reason("announced", day=day)]

    def _days(self, provision: Provision, version: Version, case: Case) -> list[str]:
        if version.due is None:
            return []
        due, latest = case.part(provision.id, "due"), case.part(provision.id, "latest")
        if due is None:
            at_best = latest is not None and latest != NEVER
            return [self.words.reason("last_day_at_best", latest=self.words.day(latest))] if at_best else []
        if due == NEVER:
            return [self.words.reason("no_last_day")]
        lines = [self._count(provision, version, case, self.words.day(due))]
        if latest is not None and latest not in (due, NEVER):
            key = "counting_open" if latest - due == 1 and not version.disputed else "other_reading"
            lines.append(self.words.reason(key, latest=self.words.day(latest), due=self.words.day(due)))
        return lines

    def _count(self, provision: Provision, version: Version, case: Case, due: str) -> str:
        count = version.count
        event = next((self._told(name, case) for name in _scalar_facts(provision.event)), None)
        if count is None or event is None:
            assert version.due is not None
            told = [text for name in _scalar_facts(version.due) if (text := self._told(name, case))]
            if told:
                return self.words.reason("last_day_from", due=due, facts=self._join(told))
            return self.words.reason("last_day", due=due)
        key = {"calendar": "day_one" if count.event_is_day_one else "day_after"}.get(
            count.unit, "months_after" if count.unit == "months" else "working"
        )
        return self.words.reason(key, event=_capital(event), number=count.number, due=due)

    def _used(self, version: Version, case: Case) -> list[str]:
        """Days counted, for every window the rule looks at."""
        lines: dict[str, None] = {}
        for tree in (version.due, version.allows, version.when):
            for node in nodes_of(tree, "stay", "stay_days"):
                window, numbers = _window(node)
                days = self.compiled.thunk(Node("stay_days", (window, *numbers, "safe"), "number"))(case)
                if days is not None:
                    length = numbers[0] if numbers else ""
                    lines[self.words.reason(f"used_{window}", window=length, days=days)] = None
        return list(lines)

    def _done(self, provision: Provision, version: Version, case: Case) -> list[str]:
        if provision.kind not in ("duty", "limit") or case.part(provision.id, "status") is None:
            return []
        status, due = case.part(provision.id, "status"), case.part(provision.id, "due")
        if status == "overdue":
            assert version.due is not None
            last = due if due is not None else self.compiled.thunk(lenient(version.due))(case)
            never = self._never_done(provision, version, case)
            return [*never, self.words.reason("passed", days=case.on - last)]
        if status == "due":
            return self._never_done(provision, version, case)
        _, done_on = done_parts(provision, version)
        day = self.compiled.thunk(done_on)(case) if done_on is not None else None
        if day is None or due is None or due == NEVER or done_on is None:
            return []
        over = max(day - due, 0)
        told = self._told(done_on.args[0], case) if done_on.op == "fact" else self.words.day(day)
        if told is None:
            return []
        return [self.words.reason("late" if over else "in_time", done=_capital(told), days=over)]

    def _never_done(self, provision: Provision, version: Version, case: Case) -> list[str]:
        if version.done is None:
            return []
        event = set(_scalar_facts(provision.event))
        told = [t for n in _scalar_facts(version.done) if n not in event and (t := self._told(n, case))]
        return [self.words.reason("in_order", done=_capital(self._join(told)))] if told else []

    def _breaches(self, provision: Provision, version: Version, case: Case) -> list[str]:
        """What was missed before: the rules this one refers to."""
        lines: dict[str, None] = {}
        for tree in (version.when, version.allows):
            for node in nodes_of(tree, "ref"):
                name = node.args[0]
                if name != provision.id and case.part(name, "status") in BREACHES:
                    lines[self._missed(name, case)] = None
        return list(lines)

    def _missed(self, name: str, case: Case) -> str:
        title = self.words.of(name)["title"]
        parts = self.compiled.law.parts[name]
        if "over" not in parts:
            return self.words.reason("broken", title=title)
        due, over = case.part(name, "due"), case.part(name, "over")
        if due is None or over is None:
            return self.words.reason("missed_undated", title=title)
        return self.words.reason("missed", title=title, due=self.words.day(due), days=over)

    def _assumed(self, version: Version, case: Case) -> list[str]:
        lines: dict[str, None] = {}
        for tree in (version.applies, version.due, version.allows, version.when, version.low):
            for node in nodes_of(tree, "assume"):
                if self.compiled.thunk(node.args[0])(case) is None:
                    text = self._assumption(node.args[0].args[0], node.args[1], case)
                    lines[self.words.reason("assumed", fact=text)] = None
        return list(lines)

    def _assumption(self, name: str, value: Node, case: Case) -> str:
        """What was taken for a missing fact: a value, another fact's day, or (a day long past) that it never was."""
        known = self.compiled.thunk(value)(case)
        if value.type != "date" and known is not None:
            return self.words.fact(name, "is").format(value=self.words.value(name, known))
        if value.op == "lit" or known is None:
            return self.words.fact(name, "never")
        return self.words.fact(name, "happened").format(date=self.words.day(int(known)))

    def _unknown(self, provision: Provision, version: Version, case: Case) -> list[str]:
        if case.part(provision.id, "status") is not None:
            return [] if version.seen else [self.words.reason("general_knowledge")]
        names = self.missing_of(provision, case)
        lines = [
            self.words.reason("no_value", param=name.removeprefix("param('").removesuffix("')"),
                              day=self.words.day(case.on))
            for name in names
            if name.startswith("param(")
        ]  # fmt: skip
        told = [self.fact_name(name) for name in names if not name.startswith("param(")]
        if told:
            lines.append(self.words.reason("not_known", facts=self._join(told)))
        if not names:
            event = self.compiled.thunk(provision.event)(case)
            lines.append(self.words.reason("start_not_known", day=self.words.day(event)))
        return lines

    def fact_name(self, name: str) -> str:
        """A fact in words; a danger sign by its title."""
        if name.startswith("answers."):
            risk = self.words.risks.get(name.removeprefix("answers."), {})
            return str(risk.get("title", name))
        return self.words.fact(name, "name")


def _scalar_facts(tree: Node) -> list[str]:
    """Facts with a value of their own, in order, each once."""
    return list(dict.fromkeys(node.args[0] for node in nodes_of(tree, "fact")))


def _window(node: Node) -> tuple[str, tuple[int, ...]]:
    if node.op == "stay_days":
        window, *numbers, _ = node.args
        return window, tuple(numbers)
    _, window, *numbers, _ = node.args
    return window, tuple(numbers[1:])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
