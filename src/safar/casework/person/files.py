"""The other files of a person: those that were joined to this one, and those that may be theirs too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from safar.casework.access import Acting, people_of
from safar.casework.person.papers import names_in
from safar.records.models import Merge, Pair, Person

WAITING = ("", "unsure", "same")


@dataclass(frozen=True)
class JoinedFile:
    """A file that was merged into this one. ``merge_id``: what a split would undo."""

    person_id: UUID
    reference: str
    name: str
    merge_id: int | None
    merged_on: date | None


@dataclass(frozen=True)
class PairWaiting:
    """A file that may be the same person's, and how far somebody has looked. ``decided``: empty, unsure, same."""

    pair_id: int
    other: str
    decided: str

    @property
    def key(self) -> str:
        """The key of the words for how far somebody has looked."""
        return f"pairs.waiting.{self.decided or 'open'}"


def joined_files(person: Person, language: str) -> tuple[JoinedFile, ...]:
    """The files merged into a person's, in the order of their references."""
    rows = list(Person.objects.filter(merged_into=person).order_by("reference"))
    if not rows:
        return ()
    merges = {merge.other_id: merge for merge in Merge.objects.filter(other__in=rows, undone_at=None)}
    names = names_in([row.pk for row in rows], language)
    return tuple(
        JoinedFile(
            person_id=row.pk,
            reference=row.reference,
            name=names.get(row.pk, ""),
            merge_id=merges[row.pk].pk if row.pk in merges else None,
            merged_on=merges[row.pk].merged_at.astimezone(timezone.get_current_timezone()).date()
            if row.pk in merges
            else None,
        )
        for row in rows
    )


def pairs_waiting(acting: Acting, circle: Sequence[UUID], language: str) -> tuple[PairWaiting, ...]:
    """Pairs with this person that wait for somebody to look, to look again, or to join them."""
    touching = Q(one__in=circle) | Q(two__in=circle)
    rows = list(Pair.objects.filter(touching, decided__in=WAITING).order_by("-probability", "pk"))
    others = {row.pk: row.two_id if row.one_id in circle else row.one_id for row in rows}
    if not rows:
        return ()
    seen = set(people_of(acting).filter(pk__in=others.values()).values_list("pk", flat=True))
    names = names_in(list(seen), language)
    return tuple(
        PairWaiting(row.pk, names.get(others[row.pk], ""), row.decided)
        for row in rows
        if others[row.pk] in seen and others[row.pk] not in circle
    )
