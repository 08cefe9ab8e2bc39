"""The forms of officers: a new one, and a role."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from safar.casework.facts import law_in
from safar.casework.officer_pages import Choices
from safar.casework.officers import RoleGiven
from safar.desk.hidden import hidden, read_hidden
from safar.desk.people.fields import day_field
from safar.desk.ui.language import page_language
from safar.words import LANGUAGES, chosen, say

NOT_CHOSEN = ("", "")


class RoleForm(forms.Form):
    """A role in an organisation, for a place or regions, from a day to a day."""

    role = forms.ChoiceField()
    organisation = forms.ChoiceField()
    place = forms.ChoiceField(required=False)
    regions = forms.MultipleChoiceField(required=False)
    starts_on = day_field(initial=timezone.localdate)
    ends_on = day_field(required=False)

    def __init__(self, choices: Choices, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        language = page_language()
        regions = law_in(language).explainer.words.regions
        self._choose("role", ((role, say(language, f"role.{role}")) for role in choices.roles))
        self._choose(
            "organisation",
            ((hidden(one.organisation_id), chosen(language, one.names)) for one in choices.organisations),
        )
        self._choose(
            "place",
            (
                NOT_CHOSEN,
                *((place, _indented(language, names, level)) for place, names, level in choices.places),
            ),
        )
        self._choose("regions", sorted(regions.items(), key=lambda pair: pair[1]))

    def given(self) -> RoleGiven:
        """The role as casework takes it."""
        told = self.cleaned_data
        return RoleGiven(
            role=told["role"],
            organisation_id=read_hidden(told["organisation"]) or 0,
            starts_on=told["starts_on"],
            ends_on=told["ends_on"],
            place_id=told["place"] or None,
            regions=tuple(told["regions"]),
        )

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


class OfficerForm(RoleForm):
    """A new officer with a first role."""

    name = forms.CharField(max_length=120)
    language = forms.ChoiceField()
    field_order = ("name", "language")

    def __init__(self, choices: Choices, *args: Any, **words: Any) -> None:
        super().__init__(choices, *args, **words)
        self._choose("language", ((code, say(page_language(), f"language.{code}")) for code in LANGUAGES))


def _indented(language: str, names: Any, level: str) -> str:
    depth = {"country": 0, "province": 1, "district": 2}[level]
    return "\u2003" * depth + chosen(language, names)
