"""From the text of a condition to a typed tree. SQL syntax is read by sqlglot; everything not listed is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlglot
from sqlglot import expressions as sql
from sqlglot.errors import SqlglotError

from safar.base import LawError, day_number
from safar.law import facts
from safar.law.expression import NONE_DAY, ON, Node, both, compare, either, iff, known, lit, negation, untold
from safar.law.model import LEFT_OUT

_COMPARISONS = {
    sql.EQ: "eq",
    sql.NEQ: "ne",
    sql.LT: "lt",
    sql.LTE: "le",
    sql.GT: "gt",
    sql.GTE: "ge",
}
_ARITHMETIC = {sql.Add: "add", sql.Sub: "sub", sql.Mul: "mul", sql.Div: "div"}
_DAYS = re.compile(r"\b(\d+)\s+days?\b")
_ON = re.compile(r"\bon\b", re.IGNORECASE)
_STAY_WINDOWS = {"per_entry": 1, "continuous": 1, "calendar_year": 1, "rolling": 2}


@dataclass(frozen=True)
class Scope:
    """What a condition may name: facts, terms, parameters, rules; its country and its event."""

    country: str
    terms: Mapping[str, Node] = field(default_factory=dict)
    params: Mapping[str, str | None] = field(default_factory=dict)  # name -> name of the key, if keyed
    event: Node = ON


def parse(text: str, scope: Scope, *, expect: str, where: str) -> Node:
    """Read one condition or value.

    ``expect`` is the type it must have (bool, date, number, text); ``where`` names file and key for
    errors. Raises LawError with the mend.
    """
    prepared = "".join(
        part if quoted else _ON.sub("on_day", _DAYS.sub(r"days(\1)", part))
        for quoted, part in _quotes_apart(text)
    )
    try:
        tree = sqlglot.parse_one(prepared, read="postgres")
        node = _Reader(scope).read(tree)
    except SqlglotError as error:
        first = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).splitlines()[0]
        raise LawError(f"{where}: cannot read `{text}`: {first}") from None
    except RecursionError:
        raise LawError(f"{where}: the condition is nested too deeply; use terms") from None
    except _RefusedError as error:
        raise LawError(f"{where}: `{text}`: {error}") from None
    if node.type != expect:
        raise LawError(f"{where}: `{text}` is a {node.type}, expected a {expect}")
    return node


def _quotes_apart(text: str) -> list[tuple[bool, str]]:
    return [(part.startswith("'"), part) for part in re.split(r"('[^']*')", text) if part]


class _RefusedError(Exception):
    """Told with the condition's place by :func:`parse`."""


class _Reader:
    """Turns sqlglot's tree into ours, checking types on the way."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def read(self, tree: Any) -> Node:
        """The node of one sqlglot expression."""
        if type(tree) in _COMPARISONS:
            return self._comparison(tree)
        if type(tree) in _ARITHMETIC:
            return _arithmetic(_ARITHMETIC[type(tree)], self.read(tree.this), self.read(tree.expression))
        match tree:
            case sql.Paren():
                return self.read(tree.this)
            case sql.And():
                return both(*self._flat(tree, sql.And))
            case sql.Or():
                return either(*self._flat(tree, sql.Or))
            case sql.Not():
                return negation(self._typed(tree.this, "bool"))
            case sql.In():
                return self._membership(tree)
            case sql.Between() if not tree.args.get("symmetric"):
                value = self.read(tree.this)
                low, high = self.read(tree.args["low"]), self.read(tree.args["high"])
                return both(self._compare("ge", value, low), self._compare("le", value, high))
            case sql.Neg() | sql.Literal() | sql.Boolean() | sql.Cast():
                return _constant(tree)
            case sql.Column():
                return self._name(tree)
            case sql.AddMonths():
                return self._call("add_months", [arg for arg in tree.args.values() if arg is not None])
            case sql.Anonymous():
                return self._call(str(tree.this).lower(), tree.expressions)
            case _:
                raise _RefusedError(
                    f"{type(tree).__name__} is not part of the language; see docs/guides/a-new-rule.md"
                )

    def _flat(self, tree: Any, kind: type) -> list[Node]:
        if isinstance(tree, kind):
            return self._flat(tree.this, kind) + self._flat(tree.expression, kind)  # type: ignore[attr-defined]
        return [self._typed(tree, "bool")]

    def _typed(self, tree: Any, *types: str) -> Node:
        node = self.read(tree)
        if node.type not in types:
            raise _RefusedError(f"{tree.sql()} is a {node.type}, expected a {' or '.join(types)}")
        return node

    def _comparison(self, tree: Any) -> Node:
        return self._compare(_COMPARISONS[type(tree)], self.read(tree.this), self.read(tree.expression))

    @staticmethod
    def _compare(op: str, left: Node, right: Node) -> Node:
        if left.type != right.type:
            raise _RefusedError(f"compares a {left.type} with a {right.type}")
        if left.type in ("text", "bool") and op not in ("eq", "ne"):
            raise _RefusedError(f"a {left.type} has no order; use = or <>")
        _check_coded(left, [right])
        _check_coded(right, [left])
        return compare(op, left, right)

    def _membership(self, tree: Any) -> Node:
        value = self._typed(tree.this, "text", "number")
        listed = [_constant(item) for item in tree.expressions]
        if not listed or any(item.type != value.type for item in listed):
            raise _RefusedError(f"`in` needs a list of {value.type} constants")
        _check_coded(value, listed)
        return Node("in", (value, tuple(item.args[0] for item in listed)), "bool")

    def _name(self, tree: Any) -> Node:
        name = tree.name
        if tree.table:
            raise _RefusedError(f"{tree.sql()} is not a name")
        if name == "on_day":
            return ON
        if name in self.scope.terms:
            return self.scope.terms[name]
        kind = facts.SCALARS.get(name) or facts.DERIVED.get(name)
        if kind is None:
            raise _RefusedError(f"there is no fact or term called {name}")
        return Node("fact", (name,), kind.type)

    def _call(self, name: str, arguments: list[Any]) -> Node:
        if name not in _FUNCTIONS:
            raise _RefusedError(f"there is no function {name}; see docs/guides/a-new-rule.md")
        handler, least, most = _FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            wanted = (
                f"{least}" if least == most else f"{least} or more" if most == _MANY else f"{least}-{most}"
            )
            raise _RefusedError(f"{name} takes {wanted} arguments, not {len(arguments)}")
        return handler(self, arguments)


def _check_coded(value: Node, constants: list[Node]) -> None:
    if value.op != "fact" or value.args[0] not in facts.SCALARS:
        return
    allowed = facts.SCALARS[value.args[0]].values
    for constant in constants:
        if allowed and constant.op == "lit" and constant.args[0] not in allowed:
            raise _RefusedError(
                f"{value.args[0]} is never {constant.args[0]!r}; it is one of {', '.join(allowed)}"
            )


def _constant(tree: Any) -> Node:
    match tree:
        case sql.Neg():
            inner = _constant(tree.this)
            if inner.type == "number":
                return lit(-inner.args[0], "number")
        case sql.Boolean():
            return lit(bool(tree.this), "bool")
        case sql.Literal() if tree.is_string:
            return lit(str(tree.this), "text")
        case sql.Literal():
            number = float(tree.this)
            if not abs(number) < 1e12:
                raise _RefusedError(f"{tree.this} is too large")
            return lit(int(number) if number.is_integer() else number, "number")
        case sql.Cast() if tree.to.this.value == "DATE" and isinstance(tree.this, sql.Literal):
            try:
                return lit(day_number(date.fromisoformat(tree.this.this)), "date")
            except ValueError:
                raise _RefusedError(f"{tree.this.this} is not a day") from None
    raise _RefusedError(f"{tree.sql()} is not a constant")


def _arithmetic(op: str, left: Node, right: Node) -> Node:
    kinds = (left.type, right.type)
    if kinds == ("number", "number"):
        return Node(op, (left, right), "number")
    if kinds == ("date", "number") and op in ("add", "sub"):
        if right.op == "lit" and not isinstance(right.args[0], int):
            raise _RefusedError("a day moves by whole days")
        return Node("add" if op == "add" else "sub", (left, right), "date")
    if kinds == ("date", "date") and op == "sub":
        return Node("sub", (left, right), "number")
    raise _RefusedError(f"cannot {op} a {right.type} and a {left.type}")


def _whole(reader: _Reader, tree: Any) -> int:
    node = reader.read(tree)
    if node.op != "lit" or node.type != "number" or not isinstance(node.args[0], int):
        raise _RefusedError(f"{tree.sql()} must be a whole number")
    return int(node.args[0])


def _text(reader: _Reader, tree: Any) -> str:
    node = reader.read(tree)
    if node.op != "lit" or node.type != "text":
        raise _RefusedError(f"{tree.sql()} must be a text in quotes")
    return str(node.args[0])


def _days(reader: _Reader, args: list[Any]) -> Node:
    return lit(_whole(reader, *args), "number")


def _add_months(reader: _Reader, args: list[Any]) -> Node:
    day, months = args
    return Node("add_months", (reader._typed(day, "date"), _whole(reader, months)), "date")


def _working_days(sign: int) -> Callable[[_Reader, list[Any]], Node]:
    def handler(reader: _Reader, args: list[Any]) -> Node:
        day, count = args
        step = sign * _whole(reader, count)
        return Node("working_days", (reader._typed(day, "date"), step, reader.scope.country), "date")

    return handler


def _year_start(reader: _Reader, args: list[Any]) -> Node:
    return Node("year_start", (reader._typed(args[0], "date"),), "date")


def _iff(reader: _Reader, args: list[Any]) -> Node:
    condition, then, otherwise = args
    first, second = reader.read(then), reader.read(otherwise)
    if first.type != second.type:
        raise _RefusedError(f"iff gives a {first.type} or a {second.type}; both must be of one type")
    return iff(reader._typed(condition, "bool"), first, second)


def _extreme(op: str) -> Callable[[_Reader, list[Any]], Node]:
    def handler(reader: _Reader, args: list[Any]) -> Node:
        return Node(op, tuple(reader._typed(arg, "date") for arg in args), "date")

    return handler


def _known(reader: _Reader, args: list[Any]) -> Node:
    return known(reader.read(args[0]))


def _assume(reader: _Reader, args: list[Any]) -> Node:
    value, default = reader.read(args[0]), reader.read(args[1])
    if value.op != "fact" or value.type != default.type:
        raise _RefusedError("assume(fact, value) needs a fact and a value of its type")
    _check_coded(value, [default])
    return Node("assume", (value, default), value.type)


def _param(reader: _Reader, args: list[Any]) -> Node:
    name = _text(reader, args[0])
    if name not in reader.scope.params:
        raise _RefusedError(f"there is no parameter {name}")
    rest = [reader.read(arg) for arg in args[1:]]
    kinds = [part.type for part in rest]
    if sorted(kinds) not in ([], ["text"], ["date"], ["date", "text"]):
        raise _RefusedError("param(name, key, day): the key is a text, the day a date")
    key = next((part for part in rest if part.type == "text"), None)
    day = next((part for part in rest if part.type == "date"), reader.scope.event)
    if (key is None) != (reader.scope.params[name] is None):
        raise _RefusedError(f"parameter {name} is {'keyed: name the key' if key is None else 'not keyed'}")
    return Node("param", (name, key, day), "number")


def _breached(reader: _Reader, args: list[Any]) -> Node:
    return either(*(Node("ref", (_text(reader, arg), "breached"), "bool") for arg in args))


def _days_over(reader: _Reader, args: list[Any]) -> Node:
    parts = tuple(Node("ref", (_text(reader, arg), "over"), "number") for arg in args)
    return parts[0] if len(parts) == 1 else Node("highest", parts, "number")


def _due_of(reader: _Reader, args: list[Any]) -> Node:
    name = _text(reader, args[0])
    status, due = Node("ref", (name, "status"), "status"), Node("ref", (name, "due"), "date")
    left_out = Node("in", (status, LEFT_OUT), "bool")
    return iff(untold(status), due, iff(left_out, NONE_DAY, due))


def _answer(reader: _Reader, args: list[Any]) -> Node:
    return Node("answer", (_text(reader, args[0]),), "bool")


def _at_least(reader: _Reader, args: list[Any]) -> Node:
    wanted = _whole(reader, args[0])
    if not 1 <= wanted <= len(args) - 1:
        raise _RefusedError(f"at_least asks for {wanted} of {len(args) - 1}")
    return Node("at_least", (wanted, *(reader._typed(arg, "bool") for arg in args[1:])), "bool")


def _stay(op: str) -> Callable[[_Reader, list[Any]], Node]:
    def handler(reader: _Reader, args: list[Any]) -> Node:
        window = _text(reader, args[0])
        numbers = tuple(_whole(reader, arg) for arg in args[1:])
        wanted = _STAY_WINDOWS.get(window)
        if wanted is None:
            raise _RefusedError(f"{window!r} is not one of {', '.join(_STAY_WINDOWS)}")
        if op == "days":
            wanted -= 1
        if len(numbers) != wanted:
            raise _RefusedError(f"stay_{op}('{window}', …) needs {wanted} numbers")
        if op != "days":
            length = {"rolling": numbers[-1], "calendar_year": 365}.get(window, numbers[0] + 1)
            if not 1 <= numbers[0] < length:
                raise _RefusedError(f"stay_{op}('{window}', …): the days must be fewer than the window has")
        if any(number < 1 for number in numbers):
            raise _RefusedError(f"stay_{op}('{window}', …): numbers must be 1 or more")
        if op == "days":
            return Node("stay_days", (window, *numbers, "safe"), "number")
        return Node("stay", (op, window, *numbers, "safe"), "date")

    return handler


def _offence(reader: _Reader, args: list[Any]) -> Node:
    kind, nth = _text(reader, args[0]), _whole(reader, args[1])
    if kind not in facts.OFFENCE_KINDS or not 1 <= nth <= 3:
        raise _RefusedError(f"offence_on(kind, 1..3) with kind one of {', '.join(facts.OFFENCE_KINDS)}")
    return Node("offence", (kind, nth), "date")


def _expelled(reader: _Reader, args: list[Any]) -> Node:
    nth = _whole(reader, args[0])
    if not 1 <= nth <= 3:
        raise _RefusedError("expelled_on(1..3)")
    return Node("expelled", (nth,), "date")


_MANY = 99
_FUNCTIONS: dict[str, tuple[Callable[[_Reader, list[Any]], Node], int, int]] = {
    "days": (_days, 1, 1),
    "add_months": (_add_months, 2, 2),
    "working_days_after": (_working_days(1), 2, 2),
    "working_days_before": (_working_days(-1), 2, 2),
    "year_start": (_year_start, 1, 1),
    "iff": (_iff, 3, 3),
    "earliest": (_extreme("earliest"), 2, _MANY),
    "latest": (_extreme("latest"), 2, _MANY),
    "known": (_known, 1, 1),
    "assume": (_assume, 2, 2),
    "param": (_param, 1, 3),
    "breached": (_breached, 1, _MANY),
    "days_over": (_days_over, 1, _MANY),
    "due_of": (_due_of, 1, 1),
    "answer": (_answer, 1, 1),
    "at_least": (_at_least, 2, _MANY),
    "stay_last_day": (_stay("last_day"), 2, 3),
    "stay_return_day": (_stay("return_day"), 2, 3),
    "stay_days_used": (_stay("days"), 1, 2),
    "offence_on": (_offence, 2, 2),
    "expelled_on": (_expelled, 1, 1),
}
