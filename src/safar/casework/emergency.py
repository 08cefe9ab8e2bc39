"""Emergencies: an officer opens a file of their register that lies outside their places, for a reason, for a day.

The person must be known exactly: by document number, reference, or full name and day of birth. Whoever is responsible
for the person is told, and looks at every case afterwards. Each try is written down, found or not.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from safar.casework.access import Acting, in_scope, people_of, told, whole_register
from safar.casework.errors import NotAllowedError, NotPossibleError, NotThereError
from safar.casework.readings import note_reading
from safar.casework.seal import number_key, plain_number
from safar.linkage import name_key, query_keys
from safar.records.models import Document, Emergency, Person, PersonName, Reading

LASTS = timedelta(hours=24)
TRIES, WITHIN = 5, timedelta(hours=1)  # tries that find nobody
REASON_LETTERS = 10
VERDICTS = ("justified", "not_justified")


@dataclass(frozen=True)
class Sought:
    """Whom the officer must see: one of the three, exactly."""

    reference: str = ""
    document: str = ""
    surname: str = ""
    given_name: str = ""
    birth_date: date | None = None

    @property
    def by(self) -> str:
        """Which of the three was given: reference, document, name, or nothing."""
        if self.reference.strip():
            return "reference"
        if plain_number(self.document):
            return "document"
        return "name" if self.surname.strip() and self.given_name.strip() and self.birth_date else ""


@dataclass(frozen=True)
class Access:
    """What came of asking. Without a person nobody was found, or more than one; nobody is told which.

    ``until`` None: the person lies within the officer's own places, and needs no emergency.
    """

    person_id: UUID | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Alert:
    """An emergency as whoever is responsible sees it."""

    emergency_id: int
    person_id: UUID
    reference: str
    officer: str
    organisation: Mapping[str, str]
    reason: str
    opened_at: datetime
    until: datetime
    verdict: str
    remark: str
    reviewed_by: str
    reviewed_at: datetime | None
    mine: bool  # nobody judges their own


def open_emergency(acting: Acting, sought: Sought, *, reason: str, now: datetime) -> Access:
    """See a person outside one's places for a day. The try is noted whatever comes of it."""
    acting.require("ask_emergency")
    reason = " ".join(reason.split())
    if len(reason) < REASON_LETTERS:
        raise NotPossibleError("emergency_reason")
    if not sought.by:
        raise NotPossibleError("emergency_whom")
    if _tries(acting, now=now) >= TRIES:
        raise NotPossibleError("emergency_too_often")
    person = _found(acting, sought)
    own = person is not None and people_of(acting).filter(pk=person).exists()
    note_reading(
        acting,
        "emergency",
        now=now,
        person_id=person,
        detail={"by": sought.by, "found": person is not None, "own": own},
    )
    if person is None or own:
        return Access(person)
    emergency = Emergency.objects.create(
        person_id=person,
        officer_id=acting.officer_id,
        register_id=acting.register_id,
        reason=reason,
        opened_at=now,
        until=now + LASTS,
    )
    return Access(person, emergency.until)


def emergency_until(acting: Acting, person_id: UUID, *, now: datetime) -> datetime | None:
    """Until when the officer sees this person for an emergency alone; None where it is their own or none is open."""
    if person_id not in acting.emergencies or Person.objects.filter(in_scope(acting), pk=person_id).exists():
        return None
    mine = Emergency.objects.filter(
        officer_id=acting.officer_id, register_id=acting.register_id, until__gt=now
    ).filter(Q(person=person_id) | Q(person__merged=person_id))
    return mine.order_by("-until").values_list("until", flat=True).first()


def alerts(acting: Acting, *, reviewed: bool = False) -> tuple[Alert, ...]:
    """Emergencies in the files that one is responsible for, the latest first: those to be looked at, or all."""
    acting.require("review_emergency")
    rows = (
        _responsible(acting).select_related("officer", "person", "reviewed_by").order_by("-opened_at", "-pk")
    )
    if not reviewed:
        rows = rows.filter(reviewed_at=None)
    return tuple(_alerts(acting, rows))


def alerts_waiting(acting: Acting) -> int:
    """How many emergencies wait for this officer to look at them."""
    if not acting.may("review_emergency"):
        return 0
    return _responsible(acting).filter(reviewed_at=None).exclude(officer=acting.officer_id).count()


def review_emergency(
    acting: Acting, emergency_id: int, *, verdict: str, remark: str = "", now: datetime
) -> Emergency:
    """Judge an emergency, once. One that was not justified ends at once, and needs a word why."""
    acting.require("review_emergency")
    if verdict not in VERDICTS:
        raise NotPossibleError("emergency_verdict")
    if verdict == "not_justified" and not remark.strip():
        raise NotPossibleError("reason_needed")
    emergency = _responsible(acting).select_for_update(of=("self",)).filter(pk=emergency_id).first()
    if emergency is None:
        raise NotThereError("emergency_not_there")
    if emergency.officer_id == acting.officer_id:
        raise NotAllowedError("not_yourself")
    if emergency.reviewed_at:
        raise NotPossibleError("emergency_reviewed")
    emergency.verdict, emergency.remark = verdict, remark.strip()
    emergency.reviewed_by_id, emergency.reviewed_at = acting.officer_id, now
    if verdict == "not_justified":
        emergency.until = min(emergency.until, now)
    emergency.save()
    return emergency


def _responsible(acting: Acting) -> QuerySet[Emergency]:
    return Emergency.objects.filter(
        register_id=acting.register_id, person__in=Person.objects.filter(in_scope(acting))
    )


def _alerts(acting: Acting, rows: QuerySet[Emergency]) -> Iterator[Alert]:
    for row in rows[:200]:
        grant = row.officer.grants.select_related("organisation").order_by("-pk").first()
        yield Alert(
            emergency_id=row.pk,
            person_id=row.person_id,
            reference=row.person.reference,
            officer=row.officer.name,
            organisation=grant.organisation.names if grant else {},
            reason=row.reason,
            opened_at=row.opened_at,
            until=row.until,
            verdict=row.verdict,
            remark=row.remark,
            reviewed_by=row.reviewed_by.name if row.reviewed_by else "",
            reviewed_at=row.reviewed_at,
            mine=row.officer_id == acting.officer_id,
        )


def _tries(acting: Acting, *, now: datetime) -> int:
    return Reading.objects.filter(
        officer=acting.officer_id, action="emergency", at__gt=now - WITHIN, detail__found=False
    ).count()


def _found(acting: Acting, sought: Sought) -> UUID | None:
    """The one person of the register who is meant, a merged file's kept one; None where there is none or several."""
    with told(whole_register(acting.register_id)):
        found = Person.objects.filter(register_id=acting.register_id)
        if sought.by == "reference":
            found = found.filter(reference=_plain_reference(sought.reference))
        elif sought.by == "document":
            papers = Document.objects.filter(number_key=number_key(sought.document))
            found = found.filter(pk__in=papers.values("person"))
        else:
            found = found.filter(pk__in=_named(sought), birth_date=sought.birth_date, birth_precision="day")
        kept = {person.merged_into_id or person.pk for person in found[:10]}
    return kept.pop() if len(kept) == 1 else None


def _plain_reference(text: str) -> str:
    plain = "".join(sign for sign in text.upper() if sign.isalnum())
    return f"{plain[:4]}-{plain[4:]}"


def _named(sought: Sought) -> list[UUID]:
    """Whose surname and given name are these, in any script: found by the index, then compared whole."""
    asked = query_keys(f"{sought.surname} {sought.given_name}", typing=False)
    tokens = json.dumps([one.exact for one in asked])
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT safar_find(%s::jsonb, 20000)", [tokens])
        ids = [person for (person,) in cursor.fetchall()]
    wanted = (_key(sought.surname), _key(sought.given_name))
    names = PersonName.objects.filter(person__in=ids)
    return [name.person_id for name in names if (_key(name.surname), _key(name.given_name)) == wanted]


def _key(name: str) -> str:
    return " ".join(name_key(word) for word in name.split())
