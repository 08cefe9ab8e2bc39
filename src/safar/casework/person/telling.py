"""How anything gets into a file: the file is held, what was said is written down, what it comes to is settled.

Whoever holds a file holds it until the transaction ends, so that of two officers who tell at once neither loses a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from safar.casework.access import Acting, find_person
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.facts import circle_of, refold
from safar.casework.needs import refresh_needs
from safar.casework.search import scope_tokens
from safar.linkage import name_keys
from safar.records.models import Person, PersonName, Statement


@dataclass(frozen=True)
class Saying:
    """Who said it, when, how sure it is, and on what evidence."""

    said_by: str
    said_on: date
    sureness: str = "sure"
    evidence: str = ""
    intake_id: UUID | None = None


def hold_file(acting: Acting, person_id: UUID, *, what: str) -> Person:
    """The person, locked until the transaction ends; of a merged file the one it was merged into."""
    found = find_person(acting, person_id, what=what)
    held = Person.objects.select_for_update().filter(pk=found.merged_into_id or found.pk).first()
    if held is None or (held.merged_into_id and held.pk != found.pk):
        raise NotThereError("person_not_there")
    return held


def write_statement(
    acting: Acting, person: Person, facts: Mapping[str, Any], *, saying: Saying, now: datetime
) -> Statement:
    """What was said, as it was said."""
    return Statement.objects.create(
        person=person,
        facts=dict(facts),
        said_by=saying.said_by,
        said_on=saying.said_on,
        sureness=saying.sureness,
        evidence=saying.evidence.strip(),
        intake_id=saying.intake_id,
        recorded_at=now,
        recorded_by_id=acting.officer_id,
    )


def settle(acting: Acting, person: Person, *, on: date, now: datetime) -> Person:
    """Let the file say what its statements come to: facts, scope, needs."""
    before = (person.home_path, person.region)
    refold(person, on=on)
    keep_in_scope(acting, person)
    person.changed_at = now
    person.save()
    if before != (person.home_path, person.region):
        move_scope(person)
    refresh_needs(person, on=on)
    return person


def keep_in_scope(acting: Acting, person: Person) -> None:
    """Nobody writes a person out of their own sight: somebody who sees both regions does it."""
    hidden = acting.regions and person.region not in acting.regions and person.pk not in acting.emergencies
    if hidden:
        raise NotPossibleError("region_outside")


def move_scope(person: Person) -> None:
    """Let the files merged into the person, and all their names, be found where the person is now."""
    circle = circle_of(person)
    Person.objects.filter(pk__in=circle[1:]).update(home_path=person.home_path, region=person.region)
    tokens = scope_tokens(person.register_id, person.home_path, person.region)
    for name in PersonName.objects.filter(person__in=circle):
        name.keys = [*name_keys(name.surname, name.given_name, name.patronymic), *tokens]
        name.save(update_fields=["keys"])


def plain_reference(text: str) -> str:
    """A reference as it is kept, however it was typed: s7k2 m9qd is S7K2-M9QD."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum())
    return f"{plain[:4]}-{plain[4:]}"
