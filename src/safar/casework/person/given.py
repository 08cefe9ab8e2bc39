"""What is given when a file is opened or added to, as read from a form or a list: nothing of it is checked yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class NameGiven:
    """A name as written, any script; at least a surname or a given name."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    kind: str = "common"
    used_from: date | None = None


@dataclass(frozen=True)
class DocumentGiven:
    """An identity document as read."""

    kind: str
    number: str
    country: str = ""
    issued_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class StayGiven:
    """A time in a country. ``still_there`` None: nobody knows whether they left."""

    country: str
    entered_on: date | None = None
    left_on: date | None = None
    still_there: bool | None = None


@dataclass(frozen=True)
class OffenceGiven:
    """A decision of an authority."""

    country: str
    kind: str
    decided_on: date
    expelled: bool | None = None


@dataclass(frozen=True)
class Registration:
    """What a new file begins with: a name; all else may be missing."""

    names: Sequence[NameGiven]
    home_id: str | None = None
    birth_date: date | None = None
    birth_precision: str = "unknown"
    facts: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[DocumentGiven] = ()
    phones: Sequence[str] = ()
    stays: Sequence[StayGiven] = ()
    offences: Sequence[OffenceGiven] = ()
    household_code: str = ""
    relation: str = ""
