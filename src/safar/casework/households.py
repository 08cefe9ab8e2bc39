"""Who lives with a person at home, how they stand to the head, and what presses them most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from safar.casework.access import Acting, needs_of, people_of
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.facts import circle_of
from safar.casework.person.papers import names_in
from safar.casework.person.telling import Saying, hold_file, plain_reference, settle, write_statement
from safar.law.words import Words
from safar.records.models import Household, Member, Need, Person

RELATIONS = ("head", "spouse", "child", "parent", "sibling", "in_law", "other")
LEFT = "left"  # lives there no more; the row stays, so that the history goes on


@dataclass(frozen=True)
class Pressing:
    """The most pressing need of somebody: the rule's title, its status, the day to act by."""

    title: str
    status: str
    act_by: date | None


@dataclass(frozen=True)
class Relative:
    """Another member of the household who is in the officer's scope."""

    person_id: UUID
    name: str
    relation: str
    birth_year: int | None
    destination: str
    pressing: Pressing | None

    @property
    def key(self) -> str:
        """The key of the word for the relation."""
        return f"people.relation.{self.relation}"


@dataclass(frozen=True)
class HouseholdPart:
    """A person's household. ``relation``: how the person stands to the head."""

    household_id: int
    code: str
    relation: str
    others: tuple[Relative, ...]

    @property
    def key(self) -> str:
        """The key of the word for the person's own place in it."""
        return f"people.relation.{self.relation}"


def household_of(acting: Acting, circle: Sequence[UUID], words: Words) -> HouseholdPart | None:
    """The household, or None where the person is in none; whoever is out of scope is not in it."""
    own = _living(circle).select_related("household").order_by("id").first()
    if own is None:
        return None
    living = Member.objects.filter(household=own.household_id).exclude(relation=LEFT)
    rows = [row for row in living if row.person_id not in circle]
    relations = {row.person_id: row.relation for row in rows}
    people = list(
        people_of(acting).filter(id__in=relations, merged_into=None).order_by("birth_date", "reference")
    )
    names, needs = names_in([one.pk for one in people], words.language), _pressing(acting, people, words)
    others = tuple(
        Relative(
            person_id=one.pk,
            name=names.get(one.pk, one.reference),
            relation=relations[one.pk],
            birth_year=one.birth_date.year if one.birth_date else None,
            destination=words.value("destination", one.destination) if one.destination else "",
            pressing=needs.get(one.pk),
        )
        for one in people
    )
    return HouseholdPart(own.household_id, own.household.code, own.relation, others)


@transaction.atomic
def join_household(
    acting: Acting,
    person_id: UUID,
    reference: str,
    *,
    relation: str,
    saying: Saying,
    on: date,
    now: datetime,
) -> Person:
    """They live together: the person joins the household of somebody else, who may not have had one."""
    person = hold_file(acting, person_id, what="state_fact")
    other = people_of(acting).filter(reference=plain_reference(reference), merged_into=None).first()
    if other is None or other.pk == person.pk:
        raise NotThereError("person_not_there")
    if _living(circle_of(person)).exists():
        raise NotPossibleError("lives_elsewhere")
    statement = write_statement(acting, person, {}, saying=saying, now=now)
    joined = _living([other.pk]).select_related("household").first()
    household = joined.household if joined else _new_household(other)
    if joined is None:
        Member.objects.create(household=household, person=other, statement=statement)
    Member.objects.update_or_create(
        household=household, person=person, defaults={"relation": relation, "statement": statement}
    )
    return settle(acting, person, on=on, now=now)


@transaction.atomic
def leave_household(acting: Acting, person_id: UUID, *, saying: Saying, on: date, now: datetime) -> Person:
    """The person lives there no more."""
    person = hold_file(acting, person_id, what="state_fact")
    living = list(_living(circle_of(person)))
    if not living:
        raise NotThereError("household_not_there")
    write_statement(acting, person, {}, saying=saying, now=now)
    for member in living:
        member.relation = LEFT
        member.save(update_fields=["relation"])
    return settle(acting, person, on=on, now=now)


def _living(circle: Sequence[UUID]) -> QuerySet[Member]:
    """Where somebody lives now."""
    return Member.objects.filter(person__in=circle).exclude(relation=LEFT)


def _new_household(person: Person) -> Household:
    return Household.objects.create(
        register_id=person.register_id, home_id=person.home_id, home_path=person.home_path
    )


def _pressing(acting: Acting, people: Sequence[Person], words: Words) -> dict[UUID, Pressing]:
    needs = needs_of(acting).filter(person__in=people, first=True)
    return {need.person_id: pressing_of(need, words) for need in needs}


def pressing_of(need: Need, words: Words) -> Pressing:
    """A row of the worklist in words."""
    return Pressing(str(words.of(need.provision)["title"]), need.status, need.act_by)
