"""Why somebody in the register may be the person being typed: field by field, in the reader's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from safar.casework.access import Acting
from safar.casework.facts import birth_text
from safar.casework.person.papers import whole_name
from safar.casework.person.told import birth_in_words
from safar.casework.search import Found, Likely, likely_same
from safar.linkage import Level, Name
from safar.records.models import Place
from safar.words import chosen, known, say, script_of

CERTAIN = 6  # strength from which the warning is loud: both names agree, and something beside them
TONES: Mapping[Level, str] = MappingProxyType(
    {
        Level.SAME: "good", Level.BARE: "good", Level.PART: "soon", Level.SOUND: "soon", Level.MISSING: "plain",
        Level.DIFFERENT: "danger",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """What is typed of a new person so far, as far as it helps to know them again."""

    name: Name
    birth_date: date | None = None
    phones: Sequence[str] = ()
    documents: Sequence[str] = ()
    home_id: str = ""


@dataclass(frozen=True)
class Reason:
    """One field: its name, why it agrees or not, and how it counts."""

    field: str
    said: str
    tone: str


@dataclass(frozen=True)
class Alike:
    """A person of the register beside the one being typed. ``loud``: they are very likely the same."""

    person_id: UUID
    reference: str
    name: str
    names: tuple[str, ...]
    born: str
    home: str
    reasons: tuple[Reason, ...]
    loud: bool
    agreements: tuple[Mapping[str, Any], ...]

    @property
    def key(self) -> str:
        """The person's id as a form carries it."""
        return str(self.person_id)


def people_alike(acting: Acting, typed: Typed, *, language: str) -> tuple[Alike, ...]:
    """Whom the typed person may be, likeliest first."""
    home = Place.objects.filter(pk=typed.home_id).first() if typed.home_id else None
    likely = likely_same(
        acting,
        typed.name,
        birth_date=typed.birth_date,
        phones=typed.phones,
        documents=typed.documents,
        home_path=home.path if home else "",
    )
    homes = homes_of([one.person for one in likely], language)
    return tuple(_alike(one, homes, language) for one in likely)


def homes_of(people: Iterable[Found], language: str) -> dict[str, str]:
    """The names of homes by the id of the place."""
    ids = {person.home_id for person in people if person.home_id}
    return {
        pk: chosen(language, names)
        for pk, names in Place.objects.filter(pk__in=ids).values_list("pk", "names")
    }


def shown_name(names: Sequence[Name], language: str) -> str:
    """The first of the names that is in the reader's script, else the first."""
    texts = [whole_name(name) for name in names]
    cyrillic = script_of(language) == "Cyrl"
    alike = (text for text in texts if any("\u0400" <= sign <= "\u052f" for sign in text) == cyrillic)
    return next(alike, texts[0] if texts else "")


def born_in_words(birth_date: date | None, precision: str, language: str) -> str:
    """A date of birth as far as it is known; empty where it is not."""
    return birth_in_words(birth_text(birth_date, precision), language) if birth_date else ""


def reason_in_words(code: str, language: str) -> str:
    """Why a field agrees or does not; the code itself where it has no words."""
    key = f"people.agrees.{code}"
    return say(language, key) if known(language, key) else code


def _alike(likely: Likely, homes: Mapping[str, str], language: str) -> Alike:
    person = likely.person
    agreements = [one for one in likely.agreements if one.level != Level.MISSING]
    reasons = [
        Reason(
            say(language, f"people.field.{one.field}"),
            reason_in_words(one.reason, language),
            TONES[one.level],
        )
        for one in agreements
    ]
    for code in person.because:
        if code in ("document", "phone"):
            reasons.append(
                Reason(say(language, f"people.field.{code}"), reason_in_words("same_text", language), "good")
            )
    return Alike(
        person_id=person.person_id,
        reference=person.reference,
        name=shown_name(person.names, language),
        names=tuple(dict.fromkeys(whole_name(name) for name in person.names)),
        born=born_in_words(person.birth_date, person.birth_precision, language),
        home=homes.get(person.home_id or "", ""),
        reasons=tuple(reasons),
        loud=likely.strength >= CERTAIN,
        agreements=tuple({"field": one.field, "level": one.reason, "bits": None} for one in agreements),
    )
