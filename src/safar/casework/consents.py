"""What a person has agreed to: which part of the file, for what, to whom, until when. A yes can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from safar.casework.access import Acting
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.facts import circle_of
from safar.casework.person.telling import Saying, hold_file, settle, write_statement
from safar.casework.person.told import Source, source_of
from safar.records.models import Consent, Organisation, Person
from safar.words import say, write_list

# casework: the file is kept and worked on here; refer: it goes to a named organisation that helps; family: relatives
# may be told; research: used without a name.
PURPOSES = ("casework", "refer", "family", "research")
FIELDS = ("identity", "contact", "journey", "law", "signs")
HOW = ("signed", "spoken", "thumbprint")
TO_SOMEBODY = ("refer",)
TONES: Mapping[str, str] = MappingProxyType(
    {"given": "good", "over": "soon", "withdrawn": "danger", "none": "unknown"}
)


@dataclass(frozen=True)
class ConsentRow:
    """One yes. ``state``: given, over, withdrawn."""

    consent_id: int
    purpose: str
    recipient: Mapping[str, str]
    parts: str  # of the file, in words
    given_on: date
    until: date | None
    how: str
    withdrawn_on: date | None
    state: str
    source: Source

    @property
    def key(self) -> str:
        """The key of the words for its purpose."""
        return f"people.consent.purposes.{self.purpose}"

    @property
    def how_key(self) -> str:
        """The key of the words for how it was given."""
        return f"people.consent.hows.{self.how}"

    @property
    def state_key(self) -> str:
        """The key of the word for its state."""
        return f"people.consent_state.{self.state}"

    @property
    def tone(self) -> str:
        """How its state looks."""
        return TONES[self.state]


@dataclass(frozen=True)
class ConsentGiven:
    """A yes as it was given. ``until``: the first day without it."""

    purpose: str
    fields: Sequence[str]
    how: str
    given_on: date
    until: date | None = None
    recipient_id: int | None = None


def consent_rows(circle: Sequence[UUID], language: str, *, on: date) -> tuple[ConsentRow, ...]:
    """All consents, those that hold first."""
    rows = Consent.objects.filter(person__in=circle).select_related("recipient", "statement").order_by("-id")
    told = [_row(row, language, on) for row in rows]
    return tuple(sorted(told, key=lambda row: row.state != "given"))


@transaction.atomic
def give_consent(
    acting: Acting, person_id: UUID, given: ConsentGiven, *, saying: Saying, on: date, now: datetime
) -> Person:
    """Write down a yes. To pass a file on it must name to whom."""
    person = hold_file(acting, person_id, what="state_fact")
    if given.purpose not in PURPOSES or given.how not in HOW or not set(given.fields) <= set(FIELDS):
        raise NotPossibleError("answer_wrong")
    if not given.fields:
        raise NotPossibleError("consent_to_nothing")
    if given.purpose in TO_SOMEBODY and given.recipient_id is None:
        raise NotPossibleError("recipient_needed")
    if given.given_on > on or (given.until and given.until <= given.given_on):
        raise NotPossibleError("consent_period")
    if given.recipient_id is not None and given.recipient_id not in dict(recipients(acting)):
        raise NotThereError("organisation_not_there")
    statement = write_statement(acting, person, {}, saying=saying, now=now)
    Consent.objects.create(
        person=person,
        purpose=given.purpose,
        recipient_id=given.recipient_id,
        fields=[name for name in FIELDS if name in given.fields],
        given_on=given.given_on,
        until=given.until,
        how=given.how,
        statement=statement,
    )
    return settle(acting, person, on=on, now=now)


@transaction.atomic
def withdraw_consent(
    acting: Acting, person_id: UUID, consent_id: int, *, saying: Saying, on: date, now: datetime
) -> Person:
    """The person takes a yes back, from today."""
    person = hold_file(acting, person_id, what="state_fact")
    consent = Consent.objects.filter(person__in=circle_of(person), pk=consent_id, withdrawn_on=None).first()
    if consent is None:
        raise NotThereError("consent_not_there")
    write_statement(acting, person, {}, saying=saying, now=now)
    consent.withdrawn_on = on
    consent.save(update_fields=["withdrawn_on"])
    return settle(acting, person, on=on, now=now)


def recipients(acting: Acting) -> list[tuple[int, Mapping[str, str]]]:
    """Organisations outside the officer's register to which a file could go, by id and names."""
    others = Organisation.objects.exclude(Q(pk=acting.register_id) | Q(register_id=acting.register_id))
    return list(others.exclude(kind="donor").order_by("code").values_list("pk", "names"))


def _row(row: Consent, language: str, on: date) -> ConsentRow:
    over = row.until is not None and row.until <= on
    return ConsentRow(
        consent_id=row.pk,
        purpose=row.purpose,
        recipient=row.recipient.names if row.recipient else {},
        parts=write_list(language, [say(language, f"people.consent.parts.{name}") for name in row.fields]),
        given_on=row.given_on,
        until=row.until,
        how=row.how,
        withdrawn_on=row.withdrawn_on,
        state="withdrawn" if row.withdrawn_on else "over" if over else "given",
        source=source_of(row.statement, language),
    )
