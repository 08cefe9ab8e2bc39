"""The review of pairs: which wait, and two files side by side with the reasons for and against."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from safar.casework.access import Acting, people_of
from safar.casework.errors import NotThereError
from safar.casework.facts import law_in
from safar.casework.person.alike import born_in_words, reason_in_words
from safar.casework.person.papers import masked_number, names_in, spaced, whole_name
from safar.casework.readings import note_reading
from safar.law.words import Words
from safar.linkage import Agreement, Level, Name, describe_names
from safar.records.models import Document, Merge, Pair, Person, PersonName, Phone, Statement
from safar.words import chosen, known, say
from safar.words.writing import write_probability

MOST = 200  # pairs that are looked at for one list
UNSURE, SAME, OPEN = "unsure", "same", ""


@dataclass(frozen=True)
class PairLine:
    """A pair on the list. ``decided``: empty, unsure, or same where it waits for somebody who may join files."""

    pair_id: int
    names: tuple[str, str]
    homes: tuple[str, str]
    share: str  # the probability in words; empty for a pair that somebody put together
    decided: str

    @property
    def key(self) -> str:
        """The key of the words for how far somebody has looked."""
        return f"pairs.waiting.{self.decided or 'open'}"


@dataclass(frozen=True)
class PairsPage:
    """The pairs that wait, the likeliest first."""

    lines: tuple[PairLine, ...]
    waiting: int
    more: bool


@dataclass(frozen=True)
class Side:
    """One of the two files."""

    person_id: UUID
    reference: str
    name: str
    registered_on: date
    statements: int


@dataclass(frozen=True)
class Beside:
    """One line of the comparison. ``tone``: good where both say the same, soon nearly, danger otherwise, else plain."""

    label: str
    one: tuple[str, ...]
    two: tuple[str, ...]
    tone: str

    @property
    def key(self) -> str:
        """The key of the words for its tone."""
        return {"good": "pairs.agrees", "soon": "pairs.nearly", "danger": "pairs.differs"}.get(
            self.tone, "pairs.not_known"
        )

    @property
    def mark(self) -> str:
        """The icon of its tone."""
        return {"good": "check", "soon": "check", "danger": "close"}.get(self.tone, "plain")


@dataclass(frozen=True)
class Step:
    """A reason with its weight in bits, for the chart; ``said`` is the weight in words of the reason."""

    label: str
    value: float
    said: str
    tone: str


@dataclass(frozen=True)
class PairPage:
    """Two files side by side. ``merge_id``: they are joined, and this undoes it."""

    pair_id: int
    probability: float | None
    share: str  # the probability in words
    found_on: date
    decided: str
    decided_by: str
    decided_at: datetime | None
    one: Side
    two: Side
    rows: tuple[Beside, ...]
    steps: tuple[Step, ...]
    reasons: tuple[str, ...]
    kept: str
    merge_id: int | None
    previous: int | None
    following: int | None
    may_merge: bool

    @property
    def decided_key(self) -> str:
        """The key of what was decided."""
        return f"pairs.{self.decided}"


def pairs_page(acting: Acting, *, now: datetime, language: str) -> PairsPage:
    """What waits: pairs nobody has decided, and those said to be one for an officer who may join files."""
    acting.require("decide_pairs")
    rows = _waiting(acting)
    people = _people(acting, rows)
    seen = [row for row in rows if row.one_id in people and row.two_id in people]
    names, homes = names_in(list(people), language), _homes(people.values(), language)
    note_reading(acting, "list", now=now, detail={"of": "pairs", "shown": len(seen)})
    lines = tuple(
        PairLine(
            pair_id=row.pk,
            names=(names.get(row.one_id, ""), names.get(row.two_id, "")),
            homes=(homes.get(row.one_id, ""), homes.get(row.two_id, "")),
            share="" if _probability(row) is None else write_probability(language, row.probability),
            decided=row.decided,
        )
        for row in seen
    )
    return PairsPage(lines, len(lines), len(rows) >= MOST)


def pair_page(acting: Acting, pair_id: int, *, now: datetime, language: str) -> PairPage:
    """One pair. That both files were looked at is noted."""
    acting.require("decide_pairs")
    pair = Pair.objects.filter(pk=pair_id).select_related("decided_by").first()
    people = _people(acting, [pair]) if pair else {}
    if pair is None or len(people) != 2:
        raise NotThereError("pair_not_there")
    for person in people.values():
        note_reading(acting, "compare", now=now, person_id=person.pk)
    one, two = people[pair.one_id], people[pair.two_id]
    words = law_in(language).explainer.words
    order = [row.pk for row in _waiting(acting)]
    at = order.index(pair.pk) if pair.pk in order else None
    both = (one.pk, two.pk)
    merge = Merge.objects.filter(kept__in=both, other__in=both, undone_at=None).first()
    steps, reasons = _reasons(pair.reasons, language)
    return PairPage(
        pair_id=pair.pk,
        probability=_probability(pair),
        share=write_probability(language, pair.probability),
        found_on=pair.found_on,
        decided=pair.decided,
        decided_by=pair.decided_by.name if pair.decided_by else "",
        decided_at=pair.decided_at,
        one=_side(one, language),
        two=_side(two, language),
        rows=tuple(_compared(one, two, words)),
        steps=steps,
        reasons=reasons,
        kept=min(one, two, key=lambda person: (person.registered_at, person.reference)).reference,
        merge_id=merge.pk if merge else None,
        previous=order[at - 1] if at else None,
        following=_following(order, at),
        may_merge=acting.may("merge"),
    )


def next_pair(acting: Acting, after: int) -> int | None:
    """The pair to look at when this one is done: the likeliest that nobody has looked at."""
    rows = [row for row in _waiting(acting) if row.pk != after and row.decided == OPEN]
    people = _people(acting, rows[:20])
    return next((row.pk for row in rows[:20] if row.one_id in people and row.two_id in people), None)


def _waiting(acting: Acting) -> list[Pair]:
    decided = (OPEN, UNSURE, SAME) if acting.may("merge") else (OPEN, UNSURE)
    rows = Pair.objects.filter(decided=OPEN).order_by("-probability", "pk")[:MOST]
    others = Pair.objects.filter(decided__in=decided[1:]).order_by("-probability", "pk")[:MOST]
    joined = {
        frozenset(pair)
        for pair in Merge.objects.filter(undone_at=None, other__in=_ends(others)).values_list("kept", "other")
    }
    told = [row for row in others if frozenset((row.one_id, row.two_id)) not in joined]
    return [
        *(row for row in told if row.decided == SAME),
        *rows,
        *(row for row in told if row.decided == UNSURE),
    ]


def _ends(rows: Iterable[Pair]) -> set[UUID]:
    return {end for row in rows for end in (row.one_id, row.two_id)}


def _people(acting: Acting, rows: Iterable[Pair]) -> dict[UUID, Person]:
    return {
        person.pk: person for person in people_of(acting).filter(pk__in=_ends(rows)).select_related("home")
    }


def _homes(people: Iterable[Person], language: str) -> dict[UUID, str]:
    return {person.pk: chosen(language, person.home.names) for person in people if person.home}


def _probability(pair: Pair) -> float | None:
    """What linkage reckoned; None for a pair that somebody put together."""
    reckoned = any(reason.get("bits") is not None for reason in pair.reasons)
    return pair.probability if reckoned else None


def _following(order: Sequence[int], at: int | None) -> int | None:
    if at is None:
        return order[0] if order else None
    return order[at + 1] if at + 1 < len(order) else None


def _side(person: Person, language: str) -> Side:
    return Side(
        person_id=person.pk,
        reference=person.reference,
        name=names_in([person.pk], language).get(person.pk, person.reference),
        registered_on=person.registered_at.date(),
        statements=Statement.objects.filter(person=person, withdrawn_at=None).aggregate(told=Count("pk"))[
            "told"
        ],
    )


def _reasons(reasons: Sequence[Mapping[str, Any]], language: str) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """The reasons that have a weight as steps; the others as sentences."""
    steps, told = [], []
    for reason in reasons:
        label = _field(str(reason["field"]), language)
        said = reason_in_words(str(reason.get("level", "")), language)
        bits = reason.get("bits")
        if bits is None:
            told.append(say(language, "facts.named", name=label, value=said))
        else:
            weight = say(
                language, "pairs.bits", count=round(abs(float(bits)), 1), sign="+" if bits >= 0 else "−"
            )
            steps.append(
                Step(
                    f"{label}: {said}" if said else label,
                    float(bits),
                    weight,
                    "good" if bits >= 0 else "danger",
                )
            )
    return tuple(steps), tuple(told)


def _field(name: str, language: str) -> str:
    key = f"people.field.{name}"
    return say(language, key) if known(language, key) else name


def _compared(one: Person, two: Person, words: Words) -> Iterator[Beside]:
    language, both = words.language, (one, two)
    names, homes = _names((one.pk, two.pk)), _homes(both, words.language)
    births = [born_in_words(each.birth_date, each.birth_precision, language) for each in both]
    named = _beside("name", [[whole_name(name) for name in names[each.pk]] for each in both], language)
    yield replace(named, tone=_tone_of_names(names[one.pk], names[two.pk]))
    yield _beside("birth_date", [[birth] if birth else [] for birth in births], language)
    for fact in ("sex", "citizenship", "destination", "region"):
        yield _beside(fact, [_value(fact, each.facts.get(fact), words) for each in both], language)
    yield _beside("home", [[homes[each.pk]] if each.pk in homes else [] for each in both], language)
    phones, documents = _phones((one.pk, two.pk)), _documents((one.pk, two.pk))
    yield _beside("phone", [phones[each.pk] for each in both], language)
    keys = [{key for key, _ in documents[each.pk]} for each in both]
    shown = _beside("document", [[text for _, text in documents[each.pk]] for each in both], language)
    yield replace(
        shown, tone="good" if keys[0] & keys[1] else "plain"
    )  # masked numbers say nothing of each other


def _value(fact: str, value: Any, words: Words) -> list[str]:
    return [words.value("country" if fact == "citizenship" else fact, value)] if value else []


def _beside(field: str, sides: Sequence[Sequence[str]], language: str) -> Beside:
    one, two = sides
    tone = "plain" if not one or not two else "good" if set(one) & set(two) else "danger"
    return Beside(_field(field, language), tuple(one), tuple(two), tone)


def _tone_of_names(one: Sequence[Name], two: Sequence[Name]) -> str:
    """How the names agree that agree most, in whichever script each is written."""
    tones = {_tone_of(describe_names(first, second)) for first in one for second in two}
    return next((tone for tone in ("good", "soon", "danger") if tone in tones), "plain")


def _tone_of(agreements: Sequence[Agreement]) -> str:
    levels = [one.level for one in agreements if one.level != Level.MISSING]
    if not levels:
        return "plain"
    return "danger" if Level.DIFFERENT in levels else "good" if min(levels) >= Level.BARE else "soon"


def _names(people: Sequence[UUID]) -> dict[UUID, list[Name]]:
    found: dict[UUID, list[Name]] = {pk: [] for pk in people}
    for row in PersonName.objects.filter(person__in=people).order_by("-shown", "-id"):
        found[row.person_id].append(Name(row.surname, row.given_name, row.patronymic))
    return found


def _phones(people: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {pk: [] for pk in people}
    for row in Phone.objects.filter(person__in=people, statement__withdrawn_at=None).order_by("-id"):
        found[row.person_id].append(spaced(row.number))
    return found


def _documents(people: Sequence[UUID]) -> dict[UUID, list[tuple[bytes, str]]]:
    """Key and masked number of each document: two are compared without being shown."""
    found: dict[UUID, list[tuple[bytes, str]]] = {pk: [] for pk in people}
    for row in Document.objects.filter(person__in=people, statement__withdrawn_at=None).order_by("-id"):
        found[row.person_id].append((bytes(row.number_key), masked_number(row)))
    return found
