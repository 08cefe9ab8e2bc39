"""People out as a file: for a purpose, with the columns that it and the role allow, and only who has agreed to it.

Inside the office that keeps the files no yes is asked for. Outside it whoever has not said yes is left out and counted.
Every file is written down as a look at everybody in it, with purpose and number; its name tells of nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

import pyarrow as pa
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from ruamel.yaml import YAML

from safar.base import DataError, content_path
from safar.casework.access import Acting, opened, people_of
from safar.casework.consents import recipients
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.readings import note_reading
from safar.casework.seal import unseal
from safar.casework.spreadsheets import XLSX, csv_pieces, parquet_pieces, xlsx_pieces
from safar.casework.today import Filters, filtered_needs, ranked, sentences_in, within_place
from safar.flow.sentences import reason
from safar.records.models import Consent, Document, Need, Phone, Place
from safar.words import chosen

PEOPLE, NEEDS = WHAT = ("people", "needs")
FORMS: Mapping[str, str] = {
    "xlsx": XLSX,
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
DAYS = frozenset({"birth_date", "act_by"})
FACTS = ("citizenship", "entry_purpose", "entered_on", "registered_until", "patent_paid_until")
CHUNK = 5_000


@dataclass(frozen=True)
class Purpose:
    """For what a file is taken out. ``consent``: to what people must have said yes; ``recipient``: for somebody."""

    name: str
    consent: str
    recipient: bool
    columns: Mapping[str, tuple[str, ...]]  # by what is taken out: people, needs

    @property
    def key(self) -> str:
        """The key of its words."""
        return f"exports.purposes.{self.name}"


@dataclass(frozen=True)
class Wanted:
    """What an officer asks for."""

    what: str = PEOPLE
    purpose: str = "casework"
    form: str = "xlsx"
    filters: Filters = field(default_factory=Filters)
    recipient_id: int | None = None


@dataclass(frozen=True)
class Option:
    """What can be chosen: ``group`` is whats or forms."""

    group: str
    value: str

    @property
    def key(self) -> str:
        """The key of its words."""
        return f"exports.{self.group}.{self.value}"


@dataclass(frozen=True)
class ExportPage:
    """What can be asked for, and how many it would be."""

    wanted: Wanted
    purposes: tuple[Purpose, ...]
    recipients: tuple[tuple[int, Mapping[str, str]], ...]
    columns: tuple[str, ...]
    inside: int
    left_out: int
    ready: bool  # nothing is missing for it to be taken out
    waits_for_recipient: bool
    partly: bool  # cells to which somebody has not agreed stay empty
    whats: tuple[Option, ...] = tuple(Option("whats", what) for what in WHAT)
    forms: tuple[Option, ...] = tuple(Option("forms", form) for form in FORMS)


@dataclass(frozen=True)
class Export:
    """A file on its way. ``pieces`` read the register when they are asked for, in a transaction of their own."""

    name: str
    content_type: str
    inside: int
    left_out: int
    pieces: Iterator[bytes]


def export_page(acting: Acting, wanted: Wanted, *, on: date) -> ExportPage:
    """How many would be in the file, and how many have not said yes."""
    acting.require("export")
    purpose = _purpose(wanted)
    missing = purpose.recipient and wanted.recipient_id is None
    inside, left_out = (0, 0) if missing else _counts(acting, wanted, purpose, on)
    return ExportPage(
        wanted=wanted,
        purposes=tuple(purposes().values()),
        recipients=tuple(recipients(acting)),
        columns=columns_of(acting, purpose, wanted.what),
        inside=inside,
        left_out=left_out,
        ready=not missing and inside > 0,
        waits_for_recipient=missing,
        partly=bool(purpose.consent),
    )


def export_people(
    acting: Acting, wanted: Wanted, *, heads: Mapping[str, str], language: str, on: date, now: datetime
) -> Export:
    """Take a file out. ``heads``: the words over the columns of a file for people; machines get the names."""
    acting.require("export")
    purpose = _purpose(wanted)
    _check_recipient(acting, wanted, purpose)
    inside, left_out = _counts(acting, wanted, purpose, on)
    if not inside:
        raise NotPossibleError("nobody_to_export")
    columns = columns_of(acting, purpose, wanted.what)
    note_reading(
        acting,
        "export",
        now=now,
        detail={
            "of": wanted.what, "purpose": purpose.name, "recipient": wanted.recipient_id, "form": wanted.form,
            "people": inside, "left_out": left_out, **wanted.filters.told(),
        },
    )  # fmt: skip
    rows = _rows(acting, wanted, purpose, columns, language=language, on=on)
    return Export(
        name=f"{wanted.what}-{on.isoformat()}.{wanted.form}",
        content_type=FORMS[wanted.form],
        inside=inside,
        left_out=left_out,
        pieces=_pieces(wanted.form, columns, [heads.get(name, name) for name in columns], rows),
    )


def columns_of(acting: Acting, purpose: Purpose, what: str) -> tuple[str, ...]:
    """The columns that purpose and role allow."""
    only = _told()["only"]
    return tuple(
        name for name in purpose.columns[what] if acting.role.name in only.get(name, (acting.role.name,))
    )


@cache
def purposes() -> Mapping[str, Purpose]:
    """The purposes of content/exports, by name."""
    told = _told()
    known = {name for names in told["parts"].values() for name in names}
    found = {}
    for name, about in told["purposes"].items():
        columns = {what: tuple(about[what]) for what in WHAT}
        strange = {column for names in columns.values() for column in names} - known
        if strange:
            raise DataError(f"content/exports/purposes.yaml: {name}: no part holds {sorted(strange)[0]}")
        found[name] = Purpose(name, about.get("consent", ""), about.get("recipient", False), columns)
    return found


@cache
def _told() -> dict[str, Any]:
    path = content_path() / "exports" / "purposes.yaml"
    return dict(YAML(typ="safe").load(path.read_text("utf-8")))


@cache
def _part_of() -> Mapping[str, str]:
    return {column: part for part, columns in _told()["parts"].items() for column in columns}


def _purpose(wanted: Wanted) -> Purpose:
    purpose = purposes().get(wanted.purpose)
    if purpose is None or wanted.what not in WHAT or wanted.form not in FORMS:
        raise NotPossibleError("answer_wrong")
    return purpose


def _check_recipient(acting: Acting, wanted: Wanted, purpose: Purpose) -> None:
    if not purpose.recipient:
        return
    if wanted.recipient_id is None:
        raise NotPossibleError("recipient_needed")
    if wanted.recipient_id not in dict(recipients(acting)):
        raise NotThereError("organisation_not_there")


def _counts(acting: Acting, wanted: Wanted, purpose: Purpose, on: date) -> tuple[int, int]:
    """Rows inside, and people left out."""
    asked = _asked(acting, wanted, on)
    if not purpose.consent:
        return asked.count(), 0
    agreed = asked.filter(Exists(_consents(wanted, purpose, on, _whose(wanted))))
    people = "pk" if wanted.what == PEOPLE else "person"
    everybody = asked.values(people).distinct().count()
    return agreed.count(), everybody - agreed.values(people).distinct().count()


def _asked(acting: Acting, wanted: Wanted, on: date) -> QuerySet[Any]:
    """Whom the filters leave, within scope; files joined to another are in that one."""
    filters = wanted.filters
    if wanted.what == NEEDS:
        return filtered_needs(acting, filters, on)
    people: QuerySet[Any] = people_of(acting).filter(within_place(acting, filters), merged_into=None)
    if filters.mine:
        people = people.filter(assigned_to=acting.officer_id if filters.mine == "mine" else None)
    if filters.danger or filters.corridor or filters.near:
        needs = filtered_needs(acting, replace(filters, mine=""), on).filter(person=OuterRef("pk"))
        people = people.filter(Exists(needs))
    return people


def _whose(wanted: Wanted) -> str:
    return "pk" if wanted.what == PEOPLE else "person_id"


def _consents(wanted: Wanted, purpose: Purpose, on: date, whose: str) -> QuerySet[Consent]:
    """Yeses that hold today for this purpose, and for this recipient where it goes to somebody."""
    of_person = Q(person=OuterRef(whose)) | Q(person__merged_into=OuterRef(whose))
    holds = Q(given_on__lte=on, statement__withdrawn_at=None) & (Q(until=None) | Q(until__gt=on))
    still = Q(withdrawn_on=None) | Q(withdrawn_on__gt=on)
    found = Consent.objects.filter(of_person, holds, still, purpose=purpose.consent)
    return found.filter(recipient_id=wanted.recipient_id) if purpose.recipient else found


def _rows(
    acting: Acting, wanted: Wanted, purpose: Purpose, columns: Sequence[str], *, language: str, on: date
) -> Iterator[list[Any]]:
    """The rows, read as they are asked for. The transaction that is held to the scope lasts as long as the reading."""
    with opened(acting, "export"):
        asked = _asked(acting, wanted, on)
        person = "" if wanted.what == PEOPLE else "person__"
        if purpose.consent:
            parts = (
                _consents(wanted, purpose, on, _whose(wanted))
                .order_by("-given_on", "-id")
                .values("fields")[:1]
            )
            asked = asked.annotate(agreed=Subquery(parts)).exclude(agreed=None)
        told = _annotated(asked, person, columns)
        order = ("home_path", "pk") if wanted.what == PEOPLE else ("-priority", "person_id")
        making = _Making(language, on, columns, wanted.what, bool(purpose.consent))
        for one in told.order_by(*order).iterator(chunk_size=CHUNK):
            yield making.row(one)


def _annotated(asked: QuerySet[Any], person: str, columns: Sequence[str]) -> QuerySet[Any]:
    """With all that the columns need, in one query."""
    whose = f"{person}pk" if person else "pk"
    named: QuerySet[Any] = asked.annotate(
        shown=FilteredRelation(f"{person}names", condition=Q(**{f"{person}names__shown": True}))
    )
    told: dict[str, Any] = {
        **{f"x_{name}": F(f"shown__{name}") for name in ("surname", "given_name", "patronymic")},
        **{f"x_{name}": KeyTextTransform(name, f"{person}facts") for name in FACTS if name in columns},
        **{
            f"x_{name}": F(f"{person}{name}")
            for name in (
                "reference",
                "sex",
                "birth_date",
                "birth_precision",
                "destination",
                "home_id",
                "home_path",
            )
        },
    }
    if "phone" in columns:
        told["x_phone"] = Subquery(
            Phone.objects.filter(person=OuterRef(whose)).order_by("-id").values("number")[:1]
        )
    if "document" in columns:
        papers = Document.objects.filter(person=OuterRef(whose)).order_by("-id")
        told["x_document"] = Subquery(papers.values("number_sealed")[:1])
    if "assigned_to" in columns:
        told["x_assigned_to"] = F("assigned_to__name")
    whole: QuerySet[Any, Any] = named.annotate(**told)
    return whole


class _Making:
    """Makes rows of what was read, with the names of places looked up once."""

    def __init__(self, language: str, on: date, columns: Sequence[str], what: str, partly: bool) -> None:
        self.language, self.on, self.columns, self.what, self.partly = language, on, columns, what, partly
        self.names: dict[str, Mapping[str, str]] = dict(Place.objects.values_list("path", "names"))
        self.sentences = sentences_in(language) if what == NEEDS else None

    def row(self, one: Any) -> list[Any]:
        """The cells of one; those to which the person has not agreed stay empty."""
        parts = {"always", *(one.agreed or ())} if self.partly else None
        return [
            self._cell(one, name) if parts is None or _part_of()[name] in parts else None
            for name in self.columns
        ]

    def _cell(self, one: Any, name: str) -> Any:
        born: date | None = one.x_birth_date
        if name == "birth_date":
            return born if one.x_birth_precision == "day" else None
        if name == "birth_year":
            return born.year if born else None
        if name in ("home", "district", "province"):
            return self._place(one.x_home_path, name)
        if name == "document":
            return unseal(one.x_document) if one.x_document else None
        if name in ("danger", "act_by", "reason"):
            return self._need(one, name)
        if name == "region":
            return one.region or None
        return getattr(one, f"x_{name}", None) or None

    def _place(self, path: str, level: str) -> str | None:
        steps = path.rstrip(".").split(".") if path else []
        wanted = {"province": 2, "district": 3}.get(level, len(steps))
        return (
            chosen(self.language, self.names.get("".join(f"{step}." for step in steps[:wanted]), {})) or None
        )

    def _need(self, need: Need, name: str) -> Any:
        if name == "act_by":
            return need.act_by
        assert self.sentences is not None, "only worklists have needs"
        if name == "danger":
            return self.sentences.title(need.danger)
        return reason(ranked(need, on=self.on), self.sentences)


def _pieces(
    form: str, columns: Sequence[str], heads: Sequence[str], rows: Iterator[list[Any]]
) -> Iterator[bytes]:
    if form == "csv":
        return csv_pieces(heads, rows)
    if form == "xlsx":
        return xlsx_pieces(heads, rows)
    kinds = {
        name: pa.date32() if name in DAYS else pa.int32() if name == "birth_year" else pa.string()
        for name in columns
    }
    return parquet_pieces(kinds, rows)
