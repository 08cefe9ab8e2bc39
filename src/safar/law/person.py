"""From a person's facts as JSON to a :class:`Case`; everything that cannot be true is refused by name."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from safar.base import NEVER, DataError, as_day, day_number
from safar.law import facts
from safar.law.case import Case, Offence, Value
from safar.law.compile.python import Compiled
from safar.law.stays import Stay, history

_REGION = re.compile(r"^[A-Z]{2}-[A-Z0-9]{1,3}$")
_OWN = frozenset(facts.SCALARS) | frozenset(facts.LISTS) | {"person_id"}


def case_of(person: Mapping[str, Any], compiled: Compiled, *, on: date) -> Case:
    """Check the facts of one person and make the case for ``on``.

    Raises DataError naming the person, the fact and the mend.
    """
    who = str(person.get("person_id") or "person")
    for name in person:
        if name not in _OWN:
            raise DataError(f"{who}: there is no fact called {name!r}{_nearest(name)}")
    values: dict[str, Value] = {
        name: scalar(who, name, person[name]) for name in facts.SCALARS if name in person
    }
    stays = _stays(who, person.get("stays"))
    offences = _offences(who, person.get("offences"))
    answers = _answers(who, person.get("answers"))
    stays = complete(values, stays, day_number(on))
    born = values.get("birth_date")
    if isinstance(born, int) and born > day_number(on):
        raise DataError(f"{who}: birth_date is {person['birth_date']}, not before {on}; check the year")
    return Case(compiled.law, day_number(on), values, stays, offences, answers, compiled.thunks)


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, _OWN, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def scalar(who: str, name: str, value: Any) -> Value:
    """One fact in the engine's form: day number, ``NEVER``, text, bool, ``None`` for unknown."""
    if value is None or value == "":
        return None
    kind = facts.SCALARS[name]
    if kind.type == "bool":
        if value in (True, False):
            return bool(value)
        if value == "none":
            return False
        raise DataError(f"{who}: {name} is {value!r}; write true, false or leave it out")
    if kind.type == "date":
        return day(who, name, value)
    if not isinstance(value, str):
        raise DataError(f"{who}: {name} is {value!r}; write a text")
    return _coded(who, name, value)


def _coded(who: str, name: str, value: str) -> str:
    allowed = facts.SCALARS[name].values
    if allowed and value not in allowed:
        raise DataError(f"{who}: {name} is {value!r}; it must be one of {', '.join(allowed)}")
    if name in ("citizenship", "second_citizenship"):
        country(who, name, value, none=name == "second_citizenship")
    if name.endswith("region") and value != "none" and not _REGION.match(value):
        raise DataError(f"{who}: {name} is {value!r}; write an ISO 3166-2 code such as RU-MOW")
    return value


def country(who: str, name: str, value: Any, *, none: bool = False) -> str:
    """An ISO 3166-1 alpha-2 code, or DataError."""
    if not (isinstance(value, str) and (value in facts.ISO_COUNTRIES or (none and value == "none"))):
        raise DataError(f"{who}: {name} is {value!r}, which is no country; write a code such as TJ or KG")
    return value


def day(who: str, name: str, value: Any) -> int | None:
    """A day number, ``NEVER`` for the word none, ``None`` for unknown."""
    if value is None or value == "":
        return None
    if value == "none":
        return NEVER
    if isinstance(value, date):
        return day_number(value)
    try:
        return day_number(as_day(value))
    except (ValueError, TypeError):
        raise DataError(
            f"{who}: {name} is {value!r}, which is no day; write YYYY-MM-DD, none or leave it out"
        ) from None


def _items(who: str, name: str, value: Any, keys: set[str]) -> list[Mapping[str, Any]] | None:
    if value is None:
        return None
    if value == "none":
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise DataError(f"{who}: {name} must be a list of objects")
    for place, item in enumerate(value, 1):
        wrong = set(item) - keys
        if wrong:
            raise DataError(
                f"{who}: {name}[{place}] has {min(wrong)!r}; it may have {', '.join(sorted(keys))}"
            )
    return value


def _stays(who: str, value: Any) -> list[Stay] | None:
    items = _items(who, "stays", value, {"country", "entered_on", "left_on"})
    if items is None:
        return None
    return [stay(who, f"stays[{place}]", item) for place, item in enumerate(items, 1)]


def stay(who: str, where: str, item: Mapping[str, Any]) -> Stay:
    """One stay: country and entry day are needed; exit may be open (none) or not known."""
    land = country(who, f"{where}.country", item.get("country"))
    entered = day(who, f"{where}.entered_on", item.get("entered_on"))
    left = day(who, f"{where}.left_on", item.get("left_on"))
    if entered is None or entered == NEVER:
        raise DataError(f"{who}: {where} has no entered_on; a stay needs the day of entry")
    if left is not None and left < entered:
        raise DataError(
            f"{who}: {where} left on {item['left_on']} before it entered on {item['entered_on']}; "
            "swap or correct the days"
        )
    return Stay(land, entered, left)


def _offences(who: str, value: Any) -> list[Offence] | None:
    items = _items(who, "offences", value, {"country", "kind", "decided_on", "expelled"})
    if items is None:
        return None
    return [offence(who, f"offences[{place}]", item) for place, item in enumerate(items, 1)]


def offence(who: str, where: str, item: Mapping[str, Any]) -> Offence:
    """One decision: country, kind and day are needed."""
    land = country(who, f"{where}.country", item.get("country"))
    kind = item.get("kind")
    if kind not in facts.OFFENCE_KINDS["any"]:
        raise DataError(f"{who}: {where}.kind is {kind!r}; it must be stay, work or other")
    decided = day(who, f"{where}.decided_on", item.get("decided_on"))
    if decided is None or decided == NEVER:
        raise DataError(f"{who}: {where} has no decided_on; a decision needs its day")
    expelled = item.get("expelled")
    if expelled not in (None, True, False):
        raise DataError(f"{who}: {where}.expelled is {expelled!r}; write true or false")
    return Offence(land, kind, decided, expelled)


def _answers(who: str, value: Any) -> dict[str, bool | None] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or any(v not in (True, False, None) for v in value.values()):
        raise DataError(f"{who}: answers must map a danger sign to true, false or null")
    return dict(value)


def complete(values: dict[str, Value], stays: Sequence[Stay] | None, on: int) -> list[Stay] | None:
    """Fill ``entered_on``, ``stay_entered_on`` and ``stay_left_on`` from one another.

    A running stay that only ``entered_on`` tells is added to the list; a list without a running stay says
    that the person is not in the country.
    """
    destination, entered = values.get("destination"), values.get("entered_on")
    if not isinstance(destination, str):
        values["stay_entered_on"] = entered if entered != NEVER else None
        values["stay_left_on"] = NEVER if isinstance(entered, int) and entered != NEVER else None
        return None if stays is None else list(stays)
    if stays is None:
        running = isinstance(entered, int) and entered != NEVER
        values["stay_entered_on"] = entered if running else None
        values["stay_left_on"] = NEVER if running else None
        return None
    stays = list(stays)
    told = isinstance(entered, int) and entered != NEVER
    if told and not any(s.country == destination and s.entered == entered for s in stays):
        stays.append(Stay(destination, int(entered or 0), None))
    past = history(stays, destination, safe=True)
    values["stay_entered_on"], values["stay_left_on"] = past.entered, past.left
    if entered is None:
        values["entered_on"] = past.entered if past.left >= on else NEVER
    return stays
