"""The page of one person: who they are, how they stand by the law today, what to ask next, and all that was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from safar.casework.access import Acting, find_person
from safar.casework.clock import Clock, clock_of
from safar.casework.consents import TONES, ConsentRow, consent_rows
from safar.casework.errors import NotThereError
from safar.casework.facts import birth_text, fold, law_in, offences_of, stays_of
from safar.casework.households import HouseholdPart, household_of
from safar.casework.person.asking import Question, next_to_ask
from safar.casework.person.files import JoinedFile, PairWaiting, joined_files, pairs_waiting
from safar.casework.person.findings import Findings, findings_of
from safar.casework.person.papers import DocumentRow, NameRow, PhoneRow, document_rows, name_rows, phone_rows
from safar.casework.person.told import (
    FactGroup,
    FactRow,
    StatementRow,
    answers_told,
    birth_in_words,
    fact_groups,
    statement_rows,
)
from safar.casework.person.travels import (
    JourneyRow,
    OffenceRow,
    StayRow,
    journey_rows,
    offence_rows,
    stay_rows,
)
from safar.casework.readings import note_reading
from safar.casework.today import colleagues
from safar.law import Assessor
from safar.records.models import Officer, Person, Place, Statement
from safar.words import chosen

MAY = ("state_fact", "assign", "print", "decide_pairs", "merge", "see_history")


@dataclass(frozen=True)
class Header:
    """Who it is. ``name`` is in the reader's script where there is one; ``home`` from the village upwards."""

    person_id: UUID
    reference: str
    name: str
    sex: str
    born: str
    age: int | None
    home: tuple[str, ...]
    citizenship: str
    destination: str
    region: str
    assigned_to: str
    assigned_to_me: bool
    consent: str  # given, over, withdrawn, none
    registered_on: date
    changed_at: datetime
    emergency: bool

    @property
    def consent_key(self) -> str:
        """The key of the words for how it stands with consent."""
        return f"people.consent_head.{self.consent}"

    @property
    def consent_tone(self) -> str:
        """How it looks."""
        return TONES[self.consent]


@dataclass(frozen=True)
class PersonPage:
    """The page as a whole. ``may``: which of the actions on it this officer may do."""

    header: Header
    clock: Clock
    question: Question | None
    findings: Findings
    groups: tuple[FactGroup, ...]
    answers: tuple[FactRow, ...]
    statements: tuple[StatementRow, ...]
    stays: tuple[StayRow, ...]
    offences: tuple[OffenceRow, ...]
    journeys: tuple[JourneyRow, ...]
    names: tuple[NameRow, ...]
    documents: tuple[DocumentRow, ...]
    phones: tuple[PhoneRow, ...]
    household: HouseholdPart | None
    consents: tuple[ConsentRow, ...]
    joined: tuple[JoinedFile, ...]
    pairs: tuple[PairWaiting, ...]
    officers: tuple[tuple[int, str], ...]  # who can be put in charge
    may: Mapping[str, bool]

    @property
    def doubted(self) -> bool:
        """Whether something was said otherwise than what decides."""
        rows = [row for group in self.groups for row in group.rows]
        undecided = [one for one in self.current_stays if not one.decides]
        return bool(undecided) or any(row.otherwise for row in (*rows, *self.answers))

    @property
    def current_stays(self) -> tuple[StayRow, ...]:
        """The stays but those that another one has taken the place of."""
        return tuple(row for row in self.stays if not row.replaced)

    @property
    def unreviewed(self) -> bool:
        """Whether no lawyer has reviewed some of what the page says of the law."""
        found = self.findings
        every = (*found.pressing, *found.ahead, *found.unknown, *found.settled, *found.notices)
        return not all(one.reviewed for one in every)


class ElsewhereError(NotThereError):
    """The file was merged: the person is found at another address."""

    def __init__(self, person_id: UUID) -> None:
        super().__init__("merged_into")
        self.person_id = person_id


def person_page(
    acting: Acting,
    person_id: UUID,
    *,
    on: date,
    now: datetime,
    language: str,
    skipped: Sequence[str] = (),
    action: str = "open_person",
) -> PersonPage:
    """The page of a person; that it was looked at is noted as ``action``.

    ``skipped``: facts that are not to be asked for now. Raises NotThereError, and ElsewhereError for a merged file.
    """
    person = find_person(acting, person_id)
    if person.merged_into_id is not None:
        raise ElsewhereError(person.merged_into_id)
    note_reading(acting, action, now=now, person_id=person.pk)
    law = law_in(language)
    joined = joined_files(person, language)
    circle = [person.pk, *(one.person_id for one in joined)]
    answer = law.assess(person.facts, on=on)
    names = name_rows(circle, language)
    consents = consent_rows(circle, language, on=on)
    return PersonPage(
        header=_header(acting, person, names, consents, law, on=on),
        clock=clock_of(law, person.facts, answer, on=on),
        question=next_to_ask(law, person.facts, answer, skipped=skipped, on=on),
        findings=findings_of(law, answer, on=on),
        names=names,
        documents=document_rows(circle, law.explainer.words, on=on),
        phones=phone_rows(circle, language),
        household=household_of(acting, circle, law.explainer.words),
        consents=consents,
        joined=joined,
        pairs=pairs_waiting(acting, circle, language) if acting.may("decide_pairs") else (),
        officers=colleagues(acting, on=on) if acting.may("assign") else (),
        may={what: acting.may(what) for what in MAY},
        **_told(circle, law, on=on),
    )


def _told(circle: Sequence[UUID], law: Assessor, *, on: date) -> dict[str, Any]:
    """Everything that was told: facts, statements, stays, decisions, journeys."""
    words = law.explainer.words
    statements = list(Statement.objects.filter(person__in=circle))
    known = fold(statements)
    writers = {one.recorded_by_id for one in statements} | {one.withdrawn_by_id for one in statements}
    officers = Officer.objects.in_bulk([one for one in writers if one is not None])
    return {
        "groups": fact_groups(known, words),
        "answers": answers_told(known, words),
        "statements": statement_rows(statements, officers, words),
        "stays": stay_rows(stays_of(circle), words, on=on),
        "offences": offence_rows(offences_of(circle), words),
        "journeys": journey_rows(circle, words),
    }


def _header(
    acting: Acting,
    person: Person,
    names: Sequence[NameRow],
    consents: Sequence[ConsentRow],
    law: Assessor,
    *,
    on: date,
) -> Header:
    words, facts = law.explainer.words, person.facts
    citizenship = facts.get("citizenship")
    return Header(
        person_id=person.pk,
        reference=person.reference,
        name=names[0].text if names else person.reference,
        sex=words.value("sex", person.sex) if person.sex else "",
        born=_born(person, words.language),
        age=_age(person, on),
        home=_places(person, words.language),
        citizenship=words.value("country", citizenship) if citizenship else "",
        destination=words.value("destination", person.destination) if person.destination else "",
        region=words.value("region", person.region) if person.region else "",
        assigned_to=person.assigned_to.name if person.assigned_to else "",
        assigned_to_me=person.assigned_to_id == acting.officer_id,
        consent=consents[0].state if consents else "none",
        registered_on=person.registered_at.astimezone(timezone.get_current_timezone()).date(),
        changed_at=person.changed_at,
        emergency=person.pk in acting.emergencies,
    )


def _born(person: Person, language: str) -> str:
    if person.birth_date is None:
        return ""
    return birth_in_words(birth_text(person.birth_date, person.birth_precision), language)


def _age(person: Person, on: date) -> int | None:
    """Full years; of somebody whose day is not known the years they have at least."""
    born = person.birth_date
    if born is None:
        return None
    last = {"day": (born.month, born.day), "month": (born.month, 31)}.get(person.birth_precision, (12, 31))
    return on.year - born.year - ((on.month, on.day) < last)


def _places(person: Person, language: str) -> tuple[str, ...]:
    """The home and what it lies in, without the country."""
    steps = person.home.path.rstrip(".").split(".") if person.home else []
    paths = [".".join(steps[: count + 1]) + "." for count in range(1, len(steps))]
    names = dict(Place.objects.filter(path__in=paths).values_list("path", "names")) if paths else {}
    said = (chosen(language, names.get(path, {})) for path in reversed(paths))
    return tuple(name for name in said if name)
