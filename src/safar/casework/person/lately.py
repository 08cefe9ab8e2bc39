"""Whom an officer looked at lately: the quickest way back to a file."""

from dataclasses import dataclass
from uuid import UUID

from safar.casework.access import Acting, people_of
from safar.casework.person.alike import born_in_words
from safar.casework.person.papers import names_in
from safar.records.models import Reading
from safar.words import chosen

LOOKS, SHOWN = 60, 8


@dataclass(frozen=True)
class Lately:
    """A person as the list shows them."""

    person_id: UUID
    reference: str
    name: str
    born: str
    home: str


def opened_lately(acting: Acting, *, language: str) -> tuple[Lately, ...]:
    """The people whose files this officer opened last and may still see, the latest first."""
    acting.require("see_people")
    looks = Reading.objects.filter(officer=acting.officer_id, action="open_person").order_by("-at")
    looked = looks.filter(person__isnull=False).values_list("person", flat=True)[:LOOKS]
    order = [person for person in dict.fromkeys(looked) if person is not None][: 2 * SHOWN]
    people = {person.pk: person for person in people_of(acting).filter(pk__in=order).select_related("home")}
    shown = [people[pk] for pk in order if pk in people][:SHOWN]
    names = names_in([person.pk for person in shown], language)
    return tuple(
        Lately(
            person_id=person.pk,
            reference=person.reference,
            name=names.get(person.pk, person.reference),
            born=born_in_words(person.birth_date, person.birth_precision, language),
            home=chosen(language, person.home.names) if person.home else "",
        )
        for person in shown
    )
