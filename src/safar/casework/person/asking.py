"""How a fact is asked for: the kind of field it needs, its words and the answers it can have.

A form offers, beside a value, "never happened" where the contract knows ``none``, and "not known".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from safar.base import as_day
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.facts import NONE
from safar.casework.person.told import COUNTRIES, GROUPS, SIGNS, name_in_words
from safar.law import Assessor, next_question
from safar.law.facts import SCALARS
from safar.law.words import Words
from safar.words import say

UNKNOWN = "unknown"  # in a form: told as not known
SHOWN = 3  # rules that a question names
LISTED = ("stays", "offences")
HOME_COUNTRIES = ("TJ", "KG", "UZ", "KZ", "RU")  # first in the list of countries; the others follow by name


@dataclass(frozen=True)
class Choice:
    """An answer that can be chosen: its value in a form, and its words."""

    value: str
    said: str


@dataclass(frozen=True)
class Field:
    """A fact as a form asks for it. ``kind``: date, birth, choice, text. ``never``: the words for ``none``."""

    fact: str
    kind: str
    name: str
    ask: str
    hint: str
    never: str = ""
    choices: tuple[Choice, ...] = ()
    value: str = ""  # what is known now
    section: str = ""  # the heading under which it stands, in a long form

    @property
    def never_said(self) -> str:
        """The words for ``none`` as a sentence begins."""
        return self.never[:1].upper() + self.never[1:]


@dataclass(frozen=True)
class Question:
    """The fact to ask for next. ``decides``: titles of the rules that wait for it; ``list``: stays or offences."""

    field: Field
    decides: tuple[str, ...]
    settles: int
    waiting: int  # how many questions are open, this one included
    skipped: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The first of the rules that wait for the answer."""
        return self.decides[:SHOWN]

    @property
    def list_entry(self) -> str:
        """The form in which a stay or a decision is told."""
        return "stay" if self.field.fact == "stays" else "offence"

    @property
    def list_key(self) -> str:
        """The key of the words that lead to that form."""
        return f"people.{self.field.fact}.add"

    @property
    def none_key(self) -> str:
        """The key of the words for "there were none"."""
        return f"people.{self.field.fact}.there_were_none"

    @property
    def skip(self) -> str:
        """The facts to pass over next time, as an address carries them."""
        return ",".join((*self.skipped, self.field.fact))


def next_to_ask(
    law: Assessor, facts: Mapping[str, Any], answer: Mapping[str, Any], *, skipped: Sequence[str], on: date
) -> Question | None:
    """The question that settles most, without those passed over; None where nothing is left to ask."""
    open_now = [one for one in answer["questions"] if one["fact"] not in skipped]
    if not open_now:
        return None
    best: Mapping[str, Any] | None = None if skipped else next_question(law, facts, on=on)
    chosen = best or open_now[0]
    titles = dict.fromkeys(law.explainer.words.of(name)["title"] for name in chosen["decides"])
    return Question(
        field=field_of(chosen["fact"], law.explainer.words, facts=facts),
        decides=tuple(titles),
        settles=max((one["settles"] for one in chosen.get("answers", ())), default=len(chosen["decides"])),
        waiting=len(open_now),
        skipped=tuple(skipped),
    )


def fields_of(group: str, law: Assessor, facts: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a group, with what is known now; NotThereError where there is no such group."""
    words = law.explainer.words
    if group == SIGNS:
        return tuple(_sign_fields(law, facts))
    if group not in GROUPS:
        raise NotThereError("page_not_there")
    return tuple(field_of(name, words, facts=facts) for name in GROUPS[group])


def _sign_fields(law: Assessor, facts: Mapping[str, Any]) -> Iterator[Field]:
    """A question for each danger sign that there is where the person goes, by group."""
    words, country = law.explainer.words, facts.get("destination")
    groups = words.labels["groups"]
    risks = [(name, one.risk) for name, one in law.law.provisions.items() if one.risk is not None]
    asked = [(name, risk) for name, risk in risks if not country or country in risk.countries]
    for name, risk in sorted(asked, key=lambda pair: (list(groups).index(pair[1].group), pair[0])):
        yield replace(field_of(f"answers.{name}", words, facts=facts), section=str(groups[risk.group]))


def field_of(name: str, words: Words, *, facts: Mapping[str, Any]) -> Field:
    """The field of one fact; NotThereError where there is none of that name."""
    if name.startswith("answers."):
        return _sign(name, words, facts)
    if name in LISTED:
        return Field(name, "list", name_in_words(name, words), words.ask(name), words.fact(name, "help"))
    if name not in SCALARS:
        raise NotThereError("no_such_fact")
    field = Field(
        fact=name,
        kind=_kind(name),
        name=name_in_words(name, words),
        ask=words.ask(name),
        hint=words.fact(name, "help"),
        value=_form_value(facts.get(name)),
    )
    if field.kind == "choice":
        return replace(field, choices=(*_choices(name, words), _not_known(words)))
    if field.kind == "date":
        return replace(field, never=words.fact(name, "never"))
    return field


def told_value(name: str, given: str) -> Any:
    """What a form gave, as the contract has it; None for "not known". NotPossibleError for what is no answer."""
    given = given.strip()
    if given == UNKNOWN:
        return None
    if _is_yes_no(name):
        if given not in ("true", "false"):
            raise NotPossibleError("answer_wrong")
        return given == "true"
    if name in LISTED and given != NONE:
        raise NotPossibleError("answer_wrong")
    if _kind(name) == "date" and given != NONE:
        try:
            as_day(given)
        except ValueError:
            raise NotPossibleError("day_wrong") from None
    return given


def _kind(name: str) -> str:
    if name == "birth_date":
        return "birth"
    kind = SCALARS.get(name)
    if kind is None or kind.type == "bool" or kind.values or name.endswith("region") or name in COUNTRIES:
        return "choice"
    return kind.type


def _is_yes_no(name: str) -> bool:
    return name.startswith("answers.") or (name in SCALARS and SCALARS[name].type == "bool")


def _choices(name: str, words: Words) -> Iterator[Choice]:
    if _is_yes_no(name):
        yield from (Choice(value, words.value(name, value == "true")) for value in ("true", "false"))
    elif name.endswith("region"):
        yield from (
            Choice(code, said) for code, said in sorted(words.regions.items(), key=lambda pair: pair[1])
        )
    elif name in COUNTRIES:
        named = {
            code: said for code, said in words.facts["values"].items() if len(code) == 2 and code.isupper()
        }
        others = sorted((code for code in named if code not in HOME_COUNTRIES), key=named.__getitem__)
        codes = (*HOME_COUNTRIES, *others)
        yield from (Choice(code, named[code]) for code in codes)
        if name == "second_citizenship":
            yield Choice(NONE, words.value(name, NONE))
    else:
        yield from (Choice(value, words.value(name, value)) for value in SCALARS[name].values)


def _sign(name: str, words: Words, facts: Mapping[str, Any]) -> Field:
    sign = name.removeprefix("answers.")
    told = words.risks.get(sign)
    if told is None:
        raise NotThereError("no_such_fact")
    value = (facts.get("answers") or {}).get(sign)
    return Field(
        fact=name,
        kind="choice",
        name=str(told["title"]),
        ask=str(told["ask"]),
        hint=str(told.get("raised_if", "")),
        choices=(*_choices(name, words), _not_known(words)),
        value=_form_value(value),
    )


def _not_known(words: Words) -> Choice:
    return Choice(UNKNOWN, say(words.language, "ui.not_known"))


def _form_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""
