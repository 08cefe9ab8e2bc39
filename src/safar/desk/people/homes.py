"""The home is found while somebody types its name; without a script the list comes with the next page."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from safar.casework.person.homes import HomeFound, find_homes, home_named
from safar.desk.people.forms import SayingForm
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in


class HomeFields(SayingForm):
    """A home chosen among those found for what was typed."""

    home_typed = forms.CharField(
        required=False, max_length=80, widget=forms.TextInput({"autocomplete": "off"})
    )
    home = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def home_wrong(self) -> list[str]:
        """What is wrong with the home."""
        return self.wrong("home_typed")

    def homes(self) -> tuple[HomeFound, ...]:
        """What to choose from: the one chosen, then what is called as typed."""
        typed, chosen = (str(self[name].value() or "") for name in ("home_typed", "home"))
        kept = home_named(self.acting, chosen, language=page_language()) if chosen else None
        found = find_homes(self.acting, typed, language=page_language())
        return (*([kept] if kept else []), *(one for one in found if one != kept))

    def read_home(self, told: dict[str, Any], *, required: bool) -> None:
        """Take the home that was chosen, or the only one that is called so; say what is wrong otherwise."""
        found = self.homes()
        chosen = told.get("home") or (found[0].place_id if len(found) == 1 else "")
        if chosen and chosen not in {one.place_id for one in found}:
            self.add_error("home_typed", forms.ValidationError("", code="home_outside"))
        elif not chosen and (required or told.get("home_typed")):
            code = "home_which" if found else "home_unknown" if told.get("home_typed") else "home_needed"
            self.add_error("home_typed", forms.ValidationError("", code=code))
        told["home"] = chosen


class HomeForm(HomeFields):
    """The person comes from another place."""

    words = "people.home"

    def clean(self) -> dict[str, Any]:
        """A home is needed."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        self.read_home(told, required=True)
        return told


@require_POST
@signed_in
def homes(request: OfficerRequest) -> HttpResponse:
    """The places that are called as typed, to choose from."""
    found = find_homes(request.acting, request.POST.get("home_typed", ""), language=page_language())
    return render(
        request,
        "desk/people/homes.html",
        {"homes": found, "typed": request.POST.get("home_typed", ""), "chosen": request.POST.get("home", "")},
    )
