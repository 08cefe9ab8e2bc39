"""Letters to print: what threatens, by when, what to do, where it is written; one page a person."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import font_source_sans_pro
import typst

from safar.casework.access import Acting, people_of
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.facts import law_in
from safar.casework.needs import needs_from_law
from safar.casework.readings import note_reading
from safar.casework.today import HARSH, names_of, sentences_in
from safar.flow.need import Need as Ranked
from safar.flow.sentences import reason
from safar.records.models import Person
from safar.words import LANGUAGES, chosen, say, write_day

MOST = 500
TEMPLATE = Path(__file__).with_name("letter.typ")
FONTS = Path(font_source_sans_pro.__file__).parent / "files"


def letters_for(acting: Acting, people: Sequence[UUID], *, language: str, on: date, now: datetime) -> bytes:
    """A PDF with a letter for each person, in their order, in one of the five languages."""
    acting.require("print")
    if language not in LANGUAGES:
        raise NotPossibleError("language_not_there")
    if not 0 < len(people) <= MOST:
        raise NotPossibleError("nobody_chosen" if not people else "too_many_letters", most=MOST)
    found = {person.pk: person for person in people_of(acting).filter(id__in=people)}
    if len(found) != len(set(people)):
        raise NotThereError("person_not_there")
    names = names_of(list(found))
    for person_id in found:
        note_reading(acting, "print", now=now, person_id=person_id)
    letters = [_letter(found[key], names.get(key, {}), language, on) for key in dict.fromkeys(people)]
    return printed({"letters": letters, **_frame(acting, language, on)})


def printed(told: Mapping[str, Any]) -> bytes:
    """The template with its words, as PDF. The same fonts everywhere: those of the system are not looked at."""
    return typst.compile(
        TEMPLATE,
        format="pdf",
        pdf_standards="ua-1",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"letters": json.dumps(told, ensure_ascii=False)},
    )


def _frame(acting: Acting, language: str, on: date) -> dict[str, str]:
    words = ("title", "opening", "nothing", "not_reviewed", "closing")
    return {
        **{name: say(language, f"letters.{name}") for name in words},
        "language": language,
        "organisation": chosen(language, acting.organisation),
        "made_on": write_day(language, on),
        "signed_by": acting.name,
    }


def _letter(person: Person, names: Mapping[str, str], language: str, on: date) -> dict[str, Any]:
    return {
        "greeting": say(language, "letters.greeting", name=chosen(language, names) or person.reference),
        "reference_said": say(language, "letters.reference", reference=person.reference),
        "needs": [_need(need, language) for need in needs_from_law(person, on=on)],
    }


def _need(need: Ranked, language: str) -> dict[str, Any]:
    words = law_in(language).explainer.words.of(need.provision)
    provision = law_in(language).law.provisions[need.provision]
    return {
        "title": str(words.get("title", need.provision)),
        "reason": reason(need, sentences_in(language)),
        "steps": [str(step) for step in words.get("do", ())],
        "cites": "; ".join(dict.fromkeys(cite.text() for cite in provision.versions[-1].cites)),
        "grave": need.harm >= HARSH,
    }
