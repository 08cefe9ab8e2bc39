"""Two files that may be one person: looked at side by side, decided, joined, and parted again without a loss.

Joining moves nothing: the other file keeps its rows and points to the one that is kept, whose facts are folded from
both. A joined file stands in the scope of the one it belongs to: whoever sees the person sees all that was said.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from safar.casework.access import END, Acting, people_of
from safar.casework.errors import ChangedMeanwhileError, NotPossibleError, NotThereError
from safar.casework.facts import circle_of, refold
from safar.casework.needs import refresh_needs
from safar.casework.person.telling import keep_in_scope, move_scope, plain_reference
from safar.linkage import Name, describe_names
from safar.records.models import Merge, Need, Pair, Person, PersonName

SAME, DIFFERENT, UNSURE = DECISIONS = ("same", "different", "unsure")
BY_HAND = 0.5  # the probability of a pair that an officer put together: nobody reckoned one


@transaction.atomic
def decide_pair(
    acting: Acting, pair_id: int, decision: str, *, because: str = "", on: date, now: datetime
) -> Pair:
    """Same, different or unsure. Whoever may merge joins the files at once; what others say waits for one who may."""
    acting.require("decide_pairs")
    if decision not in DECISIONS:
        raise NotPossibleError("answer_wrong")
    pair = Pair.objects.select_for_update().filter(pk=pair_id).first()
    if pair is None or not _both_seen(acting, pair):
        raise NotThereError("pair_not_there")
    if pair.decided == SAME and _active(pair.one_id, pair.two_id):
        raise ChangedMeanwhileError("merged_already")
    pair.decided, pair.decided_at, pair.decided_by_id = decision, now, acting.officer_id
    pair.save(update_fields=["decided", "decided_at", "decided_by"])
    if decision == SAME and acting.may("merge"):
        kept, other = keeper_of(pair.one, pair.two)
        merge_people(acting, kept.pk, other.pk, because=because or "pair", on=on, now=now)
    return pair


@transaction.atomic
def merge_people(
    acting: Acting, kept_id: UUID, other_id: UUID, *, because: str, on: date, now: datetime
) -> Merge:
    """The two files are one person's. ``kept`` goes on; ``other`` stays as it is and points to it."""
    acting.require("merge")
    kept, other = _held(acting, kept_id, other_id)
    if kept == other:
        raise ChangedMeanwhileError("merged_already")
    merge = Merge.objects.create(
        kept=kept,
        other=other,
        merged_at=now,
        merged_by_id=acting.officer_id,
        because=because.strip() or "pair",
        needs_since=_since(kept, other),
    )
    _point(circle_of(other), kept)
    _reckon(acting, kept, on=on)
    for joined in Person.objects.filter(merged_into=kept):
        refresh_needs(joined, on=on)
    return merge


@transaction.atomic
def split_people(acting: Acting, merge_id: int, *, because: str, on: date, now: datetime) -> Merge:
    """They are two after all: each file stands on its own again, with all that was said in it."""
    acting.require("merge")
    if not because.strip():
        raise NotPossibleError("reason_needed")
    merge = Merge.objects.select_for_update().filter(pk=merge_id, undone_at=None).first()
    if merge is None or not people_of(acting).filter(pk=merge.kept_id).exists():
        raise NotThereError("merge_not_there")
    head = Person.objects.select_for_update().get(pk=merge.kept.merged_into_id or merge.kept_id)
    merge.undone_at, merge.undone_by_id, merge.undone_because = now, acting.officer_id, because.strip()
    merge.save(update_fields=["undone_at", "undone_by", "undone_because"])
    other = Person.objects.select_related("home").get(pk=merge.other_id)
    _part(acting, other)
    for person in (head, other):
        _reckon(acting, person, on=on)
        _restore_since(person, merge)
    both = (merge.kept_id, merge.other_id)
    pairs = Pair.objects.filter(one__in=both, two__in=both)
    pairs.update(decided=DIFFERENT, decided_at=now, decided_by=acting.officer_id)
    return merge


def keeper_of(one: Person, two: Person) -> tuple[Person, Person]:
    """Which file goes on, then the other: the one that was opened first."""
    first, second = sorted((one, two), key=lambda person: (person.registered_at, person.reference))
    return first, second


@transaction.atomic
def compare_with(acting: Acting, person_id: UUID, reference: str, *, on: date) -> Pair:
    """Two files to look at side by side, put together by an officer; the pair there is, if there is one."""
    acting.require("decide_pairs")
    people = people_of(acting)
    one = people.filter(pk=person_id).first()
    two = people.filter(reference=plain_reference(reference)).first()
    if one is None or two is None:
        raise NotThereError("person_not_there")
    heads = sorted({one.merged_into_id or one.pk, two.merged_into_id or two.pk})
    if len(heads) != 2:
        raise NotPossibleError("same_already")
    pair, _ = Pair.objects.get_or_create(
        one_id=heads[0],
        two_id=heads[1],
        defaults={"probability": BY_HAND, "reasons": alike_reasons(heads[0], heads[1]), "found_on": on},
    )
    return pair


def say_different(
    acting: Acting, one: UUID, two: UUID, *, reasons: Sequence[object], on: date, now: datetime
) -> Pair:
    """Somebody who registers a person has looked and says: this is another one."""
    first, second = sorted((one, two))
    said = {"decided": DIFFERENT, "decided_at": now, "decided_by_id": acting.officer_id}
    pair, _ = Pair.objects.update_or_create(
        one_id=first,
        two_id=second,
        defaults=said,
        create_defaults={**said, "probability": BY_HAND, "reasons": list(reasons), "found_on": on},
    )
    return pair


def alike_reasons(one: UUID, two: UUID) -> list[dict[str, object]]:
    """Why two files may be one person's, field by field of the names that agree most; without weights."""
    names = [
        [
            Name(row.surname, row.given_name, row.patronymic)
            for row in PersonName.objects.filter(person=person)
        ]
        for person in (one, two)
    ]
    told = [describe_names(first, second) for first in names[0] for second in names[1]]
    best = max(told, key=lambda agreed: sum(each.level for each in agreed), default=())
    return [{"field": each.field, "level": each.reason, "bits": None} for each in best]


def _both_seen(acting: Acting, pair: Pair) -> bool:
    return people_of(acting).filter(pk__in=(pair.one_id, pair.two_id)).count() == 2


def _active(one: UUID, two: UUID) -> bool:
    both = (one, two)
    return Merge.objects.filter(kept__in=both, other__in=both, undone_at=None).exists()


def _held(acting: Acting, kept_id: UUID, other_id: UUID) -> tuple[Person, Person]:
    """The heads of both files, locked in one order, so that two officers cannot wait for each other for ever."""
    seen = {person.pk: person for person in people_of(acting).filter(pk__in=(kept_id, other_id))}
    if len(seen) != len({kept_id, other_id}):
        raise NotThereError("person_not_there")
    heads = {pk: person.merged_into_id or person.pk for pk, person in seen.items()}
    locked = Person.objects.select_for_update().filter(pk__in=heads.values()).order_by("pk")
    held = {person.pk: person for person in locked}
    try:
        kept, other = held[heads[kept_id]], held[heads[other_id]]
    except KeyError:
        raise NotThereError("person_not_there") from None
    if kept.merged_into_id or other.merged_into_id:
        raise ChangedMeanwhileError("changed_meanwhile")
    if kept.register_id != other.register_id:
        raise NotThereError("person_not_there")
    return kept, other


def _point(people: Sequence[UUID], kept: Person) -> None:
    """Let files belong to the one that is kept, in its scope."""
    for person in Person.objects.filter(pk__in=people):
        person.merged_into = kept
        person.save(update_fields=["merged_into"])
    move_scope(kept)


def _part(acting: Acting, other: Person) -> None:
    """Give a file, and those that were joined to it before, back to itself, where its home is."""
    home_path = other.home.path if other.home else ""
    if not acting.place_path <= home_path < acting.place_path + END:
        raise NotPossibleError("home_outside")
    inside, found = {other.pk}, [other.pk]
    while found:
        merges = Merge.objects.filter(kept__in=found, undone_at=None)
        found = [pk for pk in merges.values_list("other_id", flat=True) if pk not in inside]
        inside.update(found)
    Person.objects.filter(pk__in=inside - {other.pk}).update(merged_into=other)
    other.merged_into, other.home_path = None, home_path
    other.save(update_fields=["merged_into", "home_path"])


def _reckon(acting: Acting, person: Person, *, on: date) -> None:
    """Facts, scope and needs anew. When it was last changed stays: nobody said anything new."""
    refold(person, on=on)
    keep_in_scope(acting, person)
    person.save()
    move_scope(person)
    refresh_needs(person, on=on)


def _since(*people: Person) -> dict[str, dict[str, str]]:
    """Since when each danger of each person lasts, so that parting them gives it back."""
    found: dict[str, dict[str, str]] = {str(person.pk): {} for person in people}
    for need in Need.objects.filter(person__in=people):
        found[str(need.person_id)][need.danger] = need.since.isoformat()
    return found


def _restore_since(person: Person, merge: Merge) -> None:
    told = merge.needs_since.get(str(person.pk), {})
    for need in Need.objects.filter(person=person, danger__in=told):
        need.since = date.fromisoformat(told[need.danger])
        need.save(update_fields=["since"])
