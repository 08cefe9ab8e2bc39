"""What a form about a person needs to know before it is filled in."""

from dataclasses import dataclass
from uuid import UUID

from safar.casework.access import Acting, find_person
from safar.casework.facts import law_in
from safar.casework.person.asking import Field, field_of, fields_of


@dataclass(frozen=True)
class FactSheet:
    """The facts that a form asks for, with what is known now. ``group`` is empty for a single question."""

    person_id: UUID
    group: str
    fields: tuple[Field, ...]


def fact_sheet(acting: Acting, person_id: UUID, group: str, *, language: str, fact: str = "") -> FactSheet:
    """The fields of a group, or of one fact. NotThereError where there is no such group, fact or person."""
    person = find_person(acting, person_id, what="state_fact")
    law = law_in(language)
    one = (field_of(fact, law.explainer.words, facts=person.facts),) if fact else ()
    fields = one or fields_of(group, law, person.facts)
    return FactSheet(person.pk, group, fields)
