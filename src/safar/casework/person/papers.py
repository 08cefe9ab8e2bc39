"""Under which names a person is known, with which papers, and where they can be called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from safar.base import DataError
from safar.casework.access import Acting, find_person
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.facts import circle_of
from safar.casework.person.told import Source, source_of
from safar.casework.readings import note_reading
from safar.casework.seal import unseal
from safar.law.words import Words
from safar.linkage import Name
from safar.records.models import Document, PersonName, Phone
from safar.words import script_of

NAME_KINDS = ("common", "passport", "birth", "married")
DOCUMENT_KINDS = ("passport", "id_card", "birth_certificate", "patent", "migration_card", "permit")
WHOSE = ("own", "family", "abroad")
HIDDEN = "••••"
SEEN = 3  # signs of a masked number that are shown
CODES = ("992", "996", "998", "7", "90")  # country codes after which a number is spaced


@dataclass(frozen=True)
class NameRow:
    """A name as written, with the time in which it is used. ``shown``: the one on lists and letters."""

    text: str
    script: str
    kind: str
    used_from: date | None
    used_until: date | None
    shown: bool
    source: Source

    @property
    def key(self) -> str:
        """The key of the word for its kind."""
        return f"people.name.kinds.{self.kind}"


@dataclass(frozen=True)
class DocumentRow:
    """A document with its number masked; ``expired``: it is past its last day."""

    document_id: int
    kind: str
    country: str
    masked: str
    issued_on: date | None
    valid_until: date | None
    expired: bool
    source: Source

    @property
    def key(self) -> str:
        """The key of the word for its kind."""
        return f"people.document.kinds.{self.kind}"


@dataclass(frozen=True)
class PhoneRow:
    """A telephone number, spaced, and whose it is."""

    number: str
    whose: str
    source: Source

    @property
    def key(self) -> str:
        """The key of the words for whose it is."""
        return f"people.whose.{self.whose}"


def name_rows(circle: Sequence[UUID], language: str) -> tuple[NameRow, ...]:
    """All names but those taken back, in the reader's script first, of these the one on lists first."""
    rows = PersonName.objects.filter(person__in=circle).select_related("statement")
    kept = [row for row in rows if row.shown or row.statement.withdrawn_at is None]
    kept.sort(
        key=lambda row: (
            row.script != script_of(language),
            row.person_id != circle[0],
            not row.shown,
            -row.pk,
        )
    )
    return tuple(
        NameRow(
            text=" ".join(part for part in (row.surname, row.given_name, row.patronymic) if part),
            script=row.script,
            kind=row.kind,
            used_from=row.used_from,
            used_until=row.used_until,
            shown=row.shown and row.person_id == circle[0],
            source=source_of(row.statement, language),
        )
        for row in kept
    )


def names_in(people: Sequence[UUID], language: str) -> dict[UUID, str]:
    """The name of each person for a reader: in their script where there is one, else as it is on lists."""
    found: dict[UUID, PersonName] = {}
    for row in PersonName.objects.filter(person__in=people).order_by("-shown", "-id"):
        kept = found.setdefault(row.person_id, row)
        if kept.script != script_of(language) and row.script == script_of(language):
            found[row.person_id] = row
    return {
        person: whole_name(Name(row.surname, row.given_name, row.patronymic)) for person, row in found.items()
    }


def whole_name(name: Name) -> str:
    """The parts of a name that there are, in the order of papers."""
    return " ".join(part for part in (name.surname, name.given_name, name.patronymic) if part)


def document_rows(circle: Sequence[UUID], words: Words, *, on: date) -> tuple[DocumentRow, ...]:
    """The documents, each number but for its last signs hidden."""
    rows = Document.objects.filter(person__in=circle, statement__withdrawn_at=None)
    return tuple(
        DocumentRow(
            document_id=row.pk,
            kind=row.kind,
            country=words.value("country", row.country) if row.country else "",
            masked=masked_number(row),
            issued_on=row.issued_on,
            valid_until=row.valid_until,
            expired=row.valid_until is not None and row.valid_until < on,
            source=source_of(row.statement, words.language),
        )
        for row in rows.select_related("statement").order_by("-id")
    )


def phone_rows(circle: Sequence[UUID], language: str) -> tuple[PhoneRow, ...]:
    """The telephone numbers, the latest first."""
    rows = Phone.objects.filter(person__in=circle, statement__withdrawn_at=None)
    return tuple(
        PhoneRow(spaced(row.number), row.whose, source_of(row.statement, language))
        for row in rows.select_related("statement").order_by("-id")
    )


def masked_number(document: Document) -> str:
    """The last signs of a document's number; dots alone where no key opens it, so that the page opens all the same."""
    try:
        return masked(unseal(bytes(document.number_sealed)))
    except DataError:
        return HIDDEN


def show_document(acting: Acting, person_id: UUID, document_id: int, *, now: datetime) -> str:
    """The whole number of a document. That somebody looked is written down."""
    person = find_person(acting, person_id)
    own = Document.objects.filter(person__in=circle_of(person), statement__withdrawn_at=None)
    document = own.filter(pk=document_id).first()
    if document is None:
        raise NotThereError("document_not_there")
    note_reading(acting, "show_document", now=now, person_id=person.pk, detail={"document": document.pk})
    try:
        return unseal(bytes(document.number_sealed))
    except DataError:
        raise NotPossibleError("document_key_missing") from None


def masked(number: str) -> str:
    """A number of which only the last signs are seen; a short one hides wholly."""
    return "•••• " + number[-SEEN:] if len(number) > 2 * SEEN else "••••"


def spaced(number: str) -> str:
    """992927771122 as +992 92 777 11 22."""
    code = next((code for code in CODES if number.startswith(code) and len(number) > len(code) + 6), "")
    rest = number[len(code) :]
    groups = [rest[:-7], rest[-7:-4], rest[-4:-2], rest[-2:]] if len(rest) > 7 else [rest]
    return " ".join(part for part in (f"+{code}" if code else "", *groups) if part)
