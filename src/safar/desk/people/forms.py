"""The forms of people: what is told, by whom, and the few things a new file begins with."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from safar.casework.access import Acting
from safar.casework.consents import FIELDS, HOW, PURPOSES, recipients
from safar.casework.facts import law_in
from safar.casework.households import RELATIONS
from safar.casework.people import Saying
from safar.casework.person.asking import Field, told_value
from safar.casework.person.papers import DOCUMENT_KINDS, NAME_KINDS, WHOSE
from safar.casework.person.travels import PURPOSES as JOURNEY_PURPOSES
from safar.desk.people.fields import choice_field, day_field, field_for
from safar.desk.ui.language import page_language
from safar.words import chosen, known, say, sentence

SAID_BY = ("person", "family", "document", "authority", "employer", "officer", "list")
SURENESS = ("sure", "likely", "doubtful")
DESTINATIONS = ("RU", "KZ")
OFFENCE_KINDS = ("stay", "work", "other")
YES_NO = ("true", "false")


class SayingForm(forms.Form):
    """Who said it, when, how sure it is, on what evidence: folded away, with what is usual filled in."""

    words = ""  # the key under which the labels stand
    saying_names = ("said_by", "said_on", "sureness", "evidence")

    said_by = choice_field(SAID_BY, "facts.said_by", initial="person")
    said_on = day_field(initial=timezone.localdate)
    sureness = choice_field(SURENESS, "facts.sureness", initial="sure", radio=True)
    evidence = forms.CharField(required=False, max_length=200)

    def __init__(self, acting: Acting, *args: Any, **words: Any) -> None:
        self.acting = acting
        super().__init__(*args, **words)

    def saying(self) -> Saying:
        """What was said about the saying itself."""
        told = self.cleaned_data
        return Saying(told["said_by"], told["said_on"], told["sureness"], told["evidence"])

    def clean_said_on(self) -> date:
        """Nobody said it tomorrow."""
        said_on: date = self.cleaned_data["said_on"]
        if said_on > timezone.localdate():
            raise forms.ValidationError("", code="day_ahead")
        return said_on

    def rows(self) -> Iterator[dict[str, Any]]:
        """The fields but those of the saying, with the keys of their labels."""
        for bound in self:
            if bound.name not in self.saying_names and not bound.is_hidden:
                yield {
                    "bound": bound,
                    "label": f"{self.words}.{bound.name}",
                    "optional": not bound.field.required,
                }

    @property
    def title(self) -> str:
        """The key of the form's heading."""
        return f"{self.words}.title"

    @property
    def saying_wrong(self) -> bool:
        """Whether something is wrong with the saying, which is folded away."""
        return any(name in self.errors for name in self.saying_names)

    def wrong(self, name: str) -> list[str]:
        """What is wrong with a field, in the language of the page."""
        told = self.errors.as_data().get(name, []) if self.is_bound else []
        return [error_in_words(error) for error in told]

    def saying_rows(self) -> Iterator[dict[str, Any]]:
        """The fields of the saying."""
        for name in self.saying_names:
            yield {"bound": self[name], "label": f"facts.label.{name}", "optional": name == "evidence"}


class FactsForm(SayingForm):
    """Some facts of the contract, each with its own kind of field."""

    def __init__(self, acting: Acting, asked: Sequence[Field], *args: Any, **words: Any) -> None:
        self.asked = {one.fact: one for one in asked}
        super().__init__(acting, *args, **words)
        for name, one in self.asked.items():
            self.fields[name] = field_for(one)

    def asked_rows(self) -> Iterator[dict[str, Any]]:
        """Each fact with its control and what is wrong with it."""
        for name, one in self.asked.items():
            several = isinstance(self.fields[name].widget, forms.MultiWidget | forms.RadioSelect)
            control = self[name].as_widget(attrs={} if several else {"aria-label": one.name})
            yield {"field": one, "control": control, "wrong": self.wrong(name)}

    def facts(self) -> dict[str, Any]:
        """What was told anew, in the names of the contract; answers about danger signs in a mapping of their own."""
        told: dict[str, Any] = {}
        for name, one in self.asked.items():
            given = self.cleaned_data.get(name, "")
            if given in ("", one.value):
                continue
            value = told_value(name, given)
            if name.startswith("answers."):
                told.setdefault("answers", {})[name.removeprefix("answers.")] = value
            else:
                told[name] = value
        return told


class StayForm(SayingForm):
    """A time in a country."""

    words = "people.stay"
    country = forms.ChoiceField()
    entered_on = day_field()
    end = choice_field(("running", "left", "unknown"), "people.stay.ends", initial="running", radio=True)
    left_on = day_field(required=False)

    def __init__(self, acting: Acting, *args: Any, **words: Any) -> None:
        super().__init__(acting, *args, **words)
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A day of leaving belongs to "they left" and to nothing else."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("end") == "left" and not told.get("left_on") and "left_on" not in self.errors:
            self.add_error("left_on", forms.ValidationError("", code="required"))
        if told.get("end") != "left":
            told["left_on"] = None
        return told


class StayEndForm(SayingForm):
    """They left."""

    words = "people.stay"
    left_on = day_field(initial=timezone.localdate)


class OffenceForm(SayingForm):
    """A decision of an authority."""

    words = "people.offence"
    country = choice_field(DESTINATIONS, "people.country")
    kind = choice_field(OFFENCE_KINDS, "people.offence.kinds", radio=True)
    decided_on = day_field()
    expelled = choice_field(YES_NO, "people.yes_no", required=False, radio=True)


class JourneyForm(SayingForm):
    """A way from home and back."""

    words = "people.journey"
    destination = choice_field(DESTINATIONS, "people.country")
    region = forms.ChoiceField(required=False)
    purpose = choice_field(JOURNEY_PURPOSES, "people.purpose", required=False, empty="ui.not_known")
    left_home_on = day_field(required=False)
    back_home_on = day_field(required=False)

    def __init__(self, acting: Acting, *args: Any, **words: Any) -> None:
        super().__init__(acting, *args, **words)
        self.fields["region"].choices = region_choices()  # type: ignore[attr-defined]


class JourneyEndForm(SayingForm):
    """They are back home."""

    words = "people.journey"
    back_home_on = day_field(initial=timezone.localdate)


class NameForm(SayingForm):
    """Another name."""

    words = "people.name"
    surname = forms.CharField(required=False, max_length=120)
    given_name = forms.CharField(required=False, max_length=120)
    patronymic = forms.CharField(required=False, max_length=120)
    kind = choice_field(NAME_KINDS, "people.name.kinds", initial="common")
    used_from = day_field(required=False)
    shown = forms.BooleanField(required=False)


class PhoneForm(SayingForm):
    """A telephone number."""

    words = "people.phone"
    number = forms.CharField(
        max_length=40, widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"})
    )
    whose = choice_field(WHOSE, "people.whose", initial="own", radio=True)


class DocumentForm(SayingForm):
    """An identity document."""

    words = "people.document"
    kind = choice_field(DOCUMENT_KINDS, "people.document.kinds", initial="passport")
    number = forms.CharField(max_length=40, widget=forms.TextInput({"autocomplete": "off"}))
    country = forms.ChoiceField(required=False)
    issued_on = day_field(required=False)
    valid_until = day_field(required=False)

    def __init__(self, acting: Acting, *args: Any, **words: Any) -> None:
        super().__init__(acting, *args, **words)
        self.fields["country"].choices = [("", ""), *country_choices()]  # type: ignore[attr-defined]


class HouseholdForm(SayingForm):
    """With whom they live."""

    words = "people.household"
    reference = forms.CharField(max_length=20, widget=forms.TextInput({"autocomplete": "off"}))
    relation = choice_field(RELATIONS, "people.relation")


class HouseholdLeaveForm(SayingForm):
    """They live there no more."""

    words = "people.household"


class ConsentForm(SayingForm):
    """A yes of the person."""

    words = "people.consent"
    purpose = choice_field(PURPOSES, "people.consent.purposes", initial="casework", radio=True)
    recipient = forms.ChoiceField(required=False)
    fields_told = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, initial=list(FIELDS))
    how = choice_field(HOW, "people.consent.hows", initial="signed", radio=True)
    given_on = day_field(initial=timezone.localdate)
    until = day_field(required=False)

    def __init__(self, acting: Acting, *args: Any, **words: Any) -> None:
        super().__init__(acting, *args, **words)
        named = [(str(pk), chosen(page_language(), names)) for pk, names in recipients(acting)]
        self.fields["recipient"].choices = [("", ""), *named]  # type: ignore[attr-defined]
        self.fields["fields_told"].choices = [  # type: ignore[attr-defined]
            (name, say(page_language(), f"people.consent.parts.{name}")) for name in FIELDS
        ]


class ConsentEndForm(SayingForm):
    """The yes is taken back."""

    words = "people.consent"


def error_in_words(error: forms.ValidationError) -> str:
    """The sentence of an error: casework's own, or a form's usual one."""
    language, code = page_language(), error.code or "invalid"
    for key in (f"refused.{code}", f"ui.form.error.{code}"):
        if known(language, key):
            plain = {
                name: value for name, value in (error.params or {}).items() if isinstance(value, str | int)
            }
            return sentence(language, key).format_map(plain) if plain else sentence(language, key)
    return say(language, "ui.form.error.invalid")


def region_choices(only: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Regions of the countries of destination by name; ``only``: these."""
    regions = law_in(page_language()).explainer.words.regions
    named = [(code, said) for code, said in regions.items() if not only or code in only]
    return [("", ""), *sorted(named, key=lambda pair: pair[1])]


def country_choices() -> list[tuple[str, str]]:
    """Countries by name, those of destination first."""
    values = law_in(page_language()).explainer.words.facts["values"]
    named = {code: said for code, said in values.items() if len(code) == 2 and code.isupper()}
    others = sorted((code for code in named if code not in DESTINATIONS), key=named.__getitem__)
    return [(code, named[code]) for code in (*DESTINATIONS, *others)]
