"""Where a person was and is: stays in a country, journeys from home and back, decisions of authorities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from safar.casework.access import Acting
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.facts import circle_of, deciding
from safar.casework.person.telling import Saying, hold_file, settle, write_statement
from safar.casework.person.told import Source, source_of
from safar.law.words import Words
from safar.records.models import Journey, Offence, Person, Stay

PURPOSES = ("work", "private", "study", "transit", "business")


@dataclass(frozen=True)
class StayRow:
    """A stay. ``end``: left, running, unknown. ``decides``: it is counted. ``days`` so far or in all."""

    stay_id: int
    country: str
    country_code: str
    entered_on: date | None
    left_on: date | None
    end: str
    days: int | None
    decides: bool
    replaced: bool
    source: Source

    @property
    def key(self) -> str:
        """The key of the sentence that tells it."""
        return f"people.stays.{self.end if self.entered_on else 'undated'}"


@dataclass(frozen=True)
class OffenceRow:
    """A decision about a breach. ``expelled``: true, false, or None where nobody knows."""

    country: str
    kind: str
    decided_on: date
    expelled: bool | None
    decides: bool
    source: Source

    @property
    def key(self) -> str:
        """The key of the word for its kind."""
        return f"people.offence.kinds.{self.kind}"


@dataclass(frozen=True)
class JourneyRow:
    """One way from home and back."""

    journey_id: int
    state: str
    destination: str
    region: str
    purpose: str
    left_home_on: date | None
    back_home_on: date | None
    source: Source

    @property
    def key(self) -> str:
        """The key of the word for its state."""
        return f"people.journeys.{self.state}"


@dataclass(frozen=True)
class JourneyGiven:
    """A journey as told: planned while ``left_home_on`` is not known or ahead, ended once they are back."""

    destination: str
    region: str = ""
    purpose: str = ""
    left_home_on: date | None = None
    back_home_on: date | None = None


def stay_rows(stays: Sequence[Stay], words: Words, *, on: date) -> tuple[StayRow, ...]:
    """All stays that were told and not taken back, the latest first."""
    counted = {stay.pk for stay in deciding(stays)}
    told = [stay for stay in stays if stay.statement.withdrawn_at is None]
    return tuple(_stay(stay, words, on, decides=stay.pk in counted) for stay in reversed(told))


def offence_rows(offences: Sequence[Offence], words: Words) -> tuple[OffenceRow, ...]:
    """All decisions that were told and not taken back, the latest first."""
    counted = {offence.pk for offence in deciding(offences)}
    return tuple(
        OffenceRow(
            country=words.value("country", one.country),
            kind=one.kind,
            decided_on=one.decided_on,
            expelled=one.expelled,
            decides=one.pk in counted,
            source=source_of(one.statement, words.language),
        )
        for one in reversed(offences)
        if one.statement.withdrawn_at is None
    )


def journey_rows(circle: Sequence[UUID], words: Words) -> tuple[JourneyRow, ...]:
    """The journeys, the latest first."""
    rows = Journey.objects.filter(person__in=circle, statement__withdrawn_at=None)
    return tuple(
        JourneyRow(
            journey_id=row.pk,
            state=row.state,
            destination=words.value("destination", row.destination) if row.destination else "",
            region=words.value("region", row.region) if row.region else "",
            purpose=words.value("entry_purpose", row.purpose) if row.purpose else "",
            left_home_on=row.left_home_on,
            back_home_on=row.back_home_on,
            source=source_of(row.statement, words.language),
        )
        for row in rows.select_related("statement").order_by("-id")
    )


@transaction.atomic
def add_journey(
    acting: Acting, person_id: UUID, journey: JourneyGiven, *, saying: Saying, on: date, now: datetime
) -> Person:
    """A journey that is planned, under way or over."""
    person = hold_file(acting, person_id, what="state_fact")
    _in_order(journey.left_home_on, journey.back_home_on)
    statement = write_statement(acting, person, {}, saying=saying, now=now)
    Journey.objects.create(
        person=person,
        state=_state(journey.left_home_on, journey.back_home_on, on=on),
        destination=journey.destination,
        region=journey.region,
        purpose=journey.purpose,
        left_home_on=journey.left_home_on,
        back_home_on=journey.back_home_on,
        statement=statement,
    )
    return settle(acting, person, on=on, now=now)


@transaction.atomic
def end_journey(
    acting: Acting,
    person_id: UUID,
    journey_id: int,
    back_home_on: date,
    *,
    saying: Saying,
    on: date,
    now: datetime,
) -> Person:
    """They are back home. Stays are ended on their own: coming home says nothing of the day at the border."""
    person = hold_file(acting, person_id, what="state_fact")
    journey = (
        Journey.objects.filter(person__in=circle_of(person), pk=journey_id).exclude(state="ended").first()
    )
    if journey is None:
        raise NotThereError("journey_not_there")
    _in_order(journey.left_home_on, back_home_on)
    if back_home_on > on:
        raise NotPossibleError("day_ahead")
    write_statement(acting, person, {}, saying=saying, now=now)
    journey.state, journey.back_home_on = "ended", back_home_on
    journey.save(update_fields=["state", "back_home_on"])
    return settle(acting, person, on=on, now=now)


def _stay(stay: Stay, words: Words, on: date, *, decides: bool) -> StayRow:
    end = "left" if stay.left_on else "running" if stay.still_there else "unknown"
    until = stay.left_on or (on if end == "running" else None)
    days = (until - stay.entered_on).days + 1 if until and stay.entered_on else None
    return StayRow(
        stay_id=stay.pk,
        country=words.value("country", stay.country),
        country_code=stay.country,
        entered_on=stay.entered_on,
        left_on=stay.left_on,
        end=end,
        days=days if days is None or days > 0 else None,
        decides=decides,
        replaced=stay.replaced_by_id is not None,
        source=source_of(stay.statement, words.language),
    )


def _state(left: date | None, back: date | None, *, on: date) -> str:
    if back is not None and back <= on:
        return "ended"
    return "under_way" if left is not None and left <= on else "planned"


def _in_order(left: date | None, back: date | None) -> None:
    if left and back and back < left:
        raise NotPossibleError("back_before_left")
