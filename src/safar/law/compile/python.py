"""One person: trees become plain Python closures over a :class:`Case`.

Values are as in every target: day numbers, ``NEVER`` for none, ``None`` for unknown.
"""

import operator
from collections.abc import Callable
from typing import Any

from safar.base import NEVER, day_number, day_of
from safar.law import calendar, stays
from safar.law.case import Case
from safar.law.expression import Node, may_be_none
from safar.law.facts import OFFENCE_KINDS
from safar.law.model import Law

Thunk = Callable[[Case], Any]


class Compiled:
    """The law's parts as closures; built once a process."""

    def __init__(self, law: Law) -> None:
        """Closures for every part of every provision of ``law``."""
        self.law = law
        self._made: dict[Node, Thunk] = {}
        self.thunks: dict[tuple[str, str], Thunk] = {
            (name, part): self.thunk(tree)
            for name, parts in law.parts.items()
            for part, tree in parts.items()
        }

    def thunk(self, node: Node) -> Thunk:
        """The closure of one tree; equal trees share one."""
        made = self._made.get(node)
        if made is None:
            made = _MAKERS[node.op](self, node)
            self._made[node] = made
        return made

    def thunks_of(self, node: Node) -> tuple[Thunk, ...]:
        """Closures of the arguments that are nodes."""
        return tuple(self.thunk(part) for part in node.nodes)


def _lit(_: Compiled, node: Node) -> Thunk:
    value = node.args[0]
    return lambda case: value


def _fact(_: Compiled, node: Node) -> Thunk:
    name = node.args[0]
    return lambda case: case.facts.get(name)


def _and(made: Compiled, node: Node) -> Thunk:
    parts = made.thunks_of(node)

    def run(case: Case) -> bool | None:
        result: bool | None = True
        for part in parts:
            value = part(case)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    return run


def _or(made: Compiled, node: Node) -> Thunk:
    parts = made.thunks_of(node)

    def run(case: Case) -> bool | None:
        result: bool | None = False
        for part in parts:
            value = part(case)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return run


def _not(made: Compiled, node: Node) -> Thunk:
    (part,) = made.thunks_of(node)

    def run(case: Case) -> bool | None:
        value = part(case)
        return None if value is None else not value

    return run


def _comparison(test: Callable[[Any, Any], bool]) -> Callable[[Compiled, Node], Thunk]:
    def make(made: Compiled, node: Node) -> Thunk:
        left, right = made.thunks_of(node)
        guarded = any(may_be_none(part) for part in node.nodes)
        if_none = node.op == "ne"

        def run(case: Case) -> bool | None:
            first, second = left(case), right(case)
            if guarded and (first == NEVER or second == NEVER):
                return if_none
            if first is None or second is None:
                return None
            return test(first, second)

        return run

    return make


def _in(made: Compiled, node: Node) -> Thunk:
    part, listed = made.thunk(node.args[0]), frozenset(node.args[1])

    def run(case: Case) -> bool | None:
        value = part(case)
        return None if value is None else value in listed

    return run


def _known(made: Compiled, node: Node) -> Thunk:
    (part,) = made.thunks_of(node)
    absent = "none" if node.nodes[0].type == "text" else NEVER

    def run(case: Case) -> bool | None:
        value = part(case)
        return None if value is None else value is True or value is False or value != absent

    return run


def _untold(made: Compiled, node: Node) -> Thunk:
    (part,) = made.thunks_of(node)
    return lambda case: part(case) is None


def _assume(made: Compiled, node: Node) -> Thunk:
    value, default = made.thunks_of(node)

    def run(case: Case) -> Any:
        told = value(case)
        return default(case) if told is None else told

    return run


def _iff(made: Compiled, node: Node) -> Thunk:
    condition, then, otherwise = made.thunks_of(node)

    def run(case: Case) -> Any:
        holds = condition(case)
        if holds is None:
            return None
        return then(case) if holds else otherwise(case)

    return run


def _arithmetic(apply: Callable[[Any, Any], Any]) -> Callable[[Compiled, Node], Thunk]:
    def make(made: Compiled, node: Node) -> Thunk:
        left, right = made.thunks_of(node)

        def run(case: Case) -> Any:
            first, second = left(case), right(case)
            if first == NEVER or second == NEVER:
                return NEVER
            if first is None or second is None:
                return None
            return apply(first, second)

        return run

    return make


def _divide(first: float, second: float) -> float | None:
    return None if second == 0 else first / second


def _earliest(made: Compiled, node: Node) -> Thunk:
    parts = made.thunks_of(node)

    def run(case: Case) -> int | None:
        values = [part(case) for part in parts]
        return None if None in values else min(values)

    return run


def _latest(made: Compiled, node: Node) -> Thunk:
    parts = made.thunks_of(node)

    def run(case: Case) -> int | None:
        values = [part(case) for part in parts]
        if None in values:
            return None
        return max((value for value in values if value != NEVER), default=NEVER)

    return run


def add_months(day: int, months: int) -> int:
    """The same day ``months`` later, or the last day of that month."""
    when = day_of(day)
    total = when.year * 12 + when.month - 1 + months
    year, month = divmod(total, 12)
    month += 1
    first_of_next = day_number(when.replace(year=year + month // 12, month=month % 12 + 1, day=1))
    return min(day_number(when.replace(year=year, month=month, day=1)) + when.day - 1, first_of_next - 1)


def _add_months(made: Compiled, node: Node) -> Thunk:
    part, months = made.thunk(node.args[0]), node.args[1]

    def run(case: Case) -> int | None:
        day = part(case)
        return day if day is None or day == NEVER else add_months(day, months)

    return run


def _year_start(made: Compiled, node: Node) -> Thunk:
    (part,) = made.thunks_of(node)

    def run(case: Case) -> int | None:
        day = part(case)
        return day if day is None or day == NEVER else stays.year_start(day)

    return run


def _working_days(made: Compiled, node: Node) -> Thunk:
    part, count, country = made.thunk(node.args[0]), node.args[1], node.args[2]
    days = made.law.calendars[country]

    def run(case: Case) -> int | None:
        day = part(case)
        return day if day is None or day == NEVER else calendar.step(days, day, count)

    return run


def _param(made: Compiled, node: Node) -> Thunk:
    name, key, day = node.args
    key_of = made.thunk(key) if key is not None else None
    day_of_value = made.thunk(day)
    values = made.law.params[name].values

    def run(case: Case) -> float | None:
        when = day_of_value(case)
        chosen = key_of(case) if key_of is not None else ""
        if when is None or chosen is None:
            return None
        for value in values.get(chosen, ()):
            if value.start <= when and (value.until is None or when < value.until):
                return value.value
        return None

    return run


def _ref(_: Compiled, node: Node) -> Thunk:
    provision, part = node.args
    return lambda case: case.part(provision, part)


def _at_least(made: Compiled, node: Node) -> Thunk:
    wanted, parts = node.args[0], made.thunks_of(node)

    def run(case: Case) -> bool | None:
        values = [part(case) for part in parts]
        if values.count(True) >= wanted:
            return True
        return None if values.count(True) + values.count(None) >= wanted else False

    return run


def _answer(_: Compiled, node: Node) -> Thunk:
    name = node.args[0]
    return lambda case: case.answers.get(name) if case.answers is not None else None


def _stay(_: Compiled, node: Node) -> Thunk:
    what, window, *numbers, reading = node.args

    def run(case: Case) -> int | None:
        if node in case.memo:
            return case.memo[node]  # type: ignore[no-any-return]
        safe = reading == "safe" and window not in stays.CONTINUOUS_WINDOWS
        past = case.past(safe=safe)
        if past is None:
            value = None
        elif what == "last_day":
            value = stays.last_day(past, window, numbers)
        else:
            value = stays.return_day(past, window, numbers) if case.stays is not None else None
        case.memo[node] = value
        return value

    return run


def _stay_days(_: Compiled, node: Node) -> Thunk:
    window, *numbers, _reading = node.args

    def run(case: Case) -> int | None:
        past = case.past(safe=window not in stays.CONTINUOUS_WINDOWS)
        return None if past is None else stays.days_used(past, window, numbers, case.on)

    return run


def _nth_latest(days: list[int], nth: int) -> int:
    return sorted(days, reverse=True)[nth - 1] if len(days) >= nth else NEVER


def _offence(_: Compiled, node: Node) -> Thunk:
    kinds, nth = OFFENCE_KINDS[node.args[0]], node.args[1]

    def run(case: Case) -> int | None:
        if case.offences is None or case.facts.get("destination") is None:
            return None
        here = [o for o in case.offences if o.country == case.facts["destination"]]
        return _nth_latest([o.decided for o in here if o.kind in kinds], nth)

    return run


def _expelled(_: Compiled, node: Node) -> Thunk:
    nth = node.args[0]

    def run(case: Case) -> int | None:
        if case.offences is None or case.facts.get("destination") is None:
            return None
        here = [o for o in case.offences if o.country == case.facts["destination"]]
        if any(o.expelled is None for o in here):
            return None
        return _nth_latest([o.decided for o in here if o.expelled], nth)

    return run


def _highest(made: Compiled, node: Node) -> Thunk:
    parts = made.thunks_of(node)

    def run(case: Case) -> float | None:
        values = [part(case) for part in parts]
        return None if None in values else max(values)

    return run


_MAKERS: dict[str, Callable[[Compiled, Node], Thunk]] = {
    "lit": _lit,
    "unknown": lambda made, node: lambda case: None,
    "fact": _fact,
    "on": lambda made, node: lambda case: case.on,
    "and": _and,
    "or": _or,
    "not": _not,
    "eq": _comparison(operator.eq),
    "ne": _comparison(operator.ne),
    "lt": _comparison(operator.lt),
    "le": _comparison(operator.le),
    "gt": _comparison(operator.gt),
    "ge": _comparison(operator.ge),
    "in": _in,
    "known": _known,
    "untold": _untold,
    "assume": _assume,
    "iff": _iff,
    "add": _arithmetic(operator.add),
    "sub": _arithmetic(operator.sub),
    "mul": _arithmetic(operator.mul),
    "div": _arithmetic(_divide),
    "earliest": _earliest,
    "latest": _latest,
    "highest": _highest,
    "add_months": _add_months,
    "year_start": _year_start,
    "working_days": _working_days,
    "param": _param,
    "ref": _ref,
    "at_least": _at_least,
    "answer": _answer,
    "stay": _stay,
    "stay_days": _stay_days,
    "offence": _offence,
    "expelled": _expelled,
}
