"""What else is told about a person, each in a small form: stays, journeys, names, papers, family, consents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from safar.casework.consents import ConsentGiven, give_consent, withdraw_consent
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.households import join_household, leave_household
from safar.casework.people import (
    DocumentGiven,
    NameGiven,
    OffenceGiven,
    StayGiven,
    add_document,
    add_name,
    add_phone,
    change_home,
    correct_stay,
    end_stay,
    state_facts,
)
from safar.casework.person.travels import JourneyGiven, add_journey, end_journey
from safar.desk.people import forms
from safar.desk.people.answers import done, form_page, refuse
from safar.desk.people.homes import HomeForm
from safar.desk.working import OfficerRequest, signed_in

Form = forms.SayingForm
Act = Callable[[OfficerRequest, UUID, int, Any, Mapping[str, Any]], object]


@dataclass(frozen=True)
class Entry:
    """A form and what it does. ``part``: where on the page it belongs."""

    form: Callable[..., Form]
    act: Act
    part: str


def _with(request: OfficerRequest, form: Form) -> dict[str, Any]:
    return {"saying": form.saying(), "on": request.on, "now": request.now}


def _add_stay(
    request: OfficerRequest, person_id: UUID, row: int, form: Form, told: Mapping[str, Any]
) -> object:
    there = {"running": True, "left": False}.get(told["end"])
    stay = StayGiven(told["country"], told["entered_on"], told["left_on"], still_there=there)
    if row:
        return correct_stay(request.acting, person_id, row, stay, **_with(request, form))
    return state_facts(request.acting, person_id, {}, stays=[stay], **_with(request, form))


def _end_stay(
    request: OfficerRequest, person_id: UUID, row: int, form: Form, told: Mapping[str, Any]
) -> object:
    return end_stay(request.acting, person_id, row, told["left_on"], **_with(request, form))


def _add_offence(
    request: OfficerRequest, person_id: UUID, _: int, form: Form, told: Mapping[str, Any]
) -> object:
    expelled = {"true": True, "false": False}.get(told["expelled"])
    offence = OffenceGiven(told["country"], told["kind"], told["decided_on"], expelled)
    return state_facts(request.acting, person_id, {}, offences=[offence], **_with(request, form))


def _add_journey(
    request: OfficerRequest, person_id: UUID, _: int, form: Form, told: Mapping[str, Any]
) -> object:
    names = ("destination", "region", "purpose", "left_home_on", "back_home_on")
    return add_journey(
        request.acting,
        person_id,
        JourneyGiven(**{name: told[name] for name in names}),
        **_with(request, form),
    )


def _end_journey(
    request: OfficerRequest, person_id: UUID, row: int, form: Form, told: Mapping[str, Any]
) -> object:
    return end_journey(request.acting, person_id, row, told["back_home_on"], **_with(request, form))


def _add_name(
    request: OfficerRequest, person_id: UUID, _: int, form: Form, told: Mapping[str, Any]
) -> object:
    names = ("surname", "given_name", "patronymic", "kind", "used_from")
    name = NameGiven(**{name: told[name] for name in names})
    return add_name(request.acting, person_id, name, shown=told["shown"], **_with(request, form))


def _add_phone(
    request: OfficerRequest, person_id: UUID, _: int, form: Form, told: Mapping[str, Any]
) -> object:
    return add_phone(request.acting, person_id, told["number"], whose=told["whose"], **_with(request, form))


def _add_document(
    request: OfficerRequest, person_id: UUID, _: int, form: Form, told: Mapping[str, Any]
) -> object:
    names = ("kind", "number", "country", "issued_on", "valid_until")
    paper = DocumentGiven(**{name: told[name] for name in names})
    return add_document(request.acting, person_id, paper, **_with(request, form))


def _join(request: OfficerRequest, person_id: UUID, _: int, form: Form, told: Mapping[str, Any]) -> object:
    return join_household(
        request.acting, person_id, told["reference"], relation=told["relation"], **_with(request, form)
    )


def _leave(request: OfficerRequest, person_id: UUID, _: int, form: Form, __: Mapping[str, Any]) -> object:
    return leave_household(request.acting, person_id, **_with(request, form))


def _consent(request: OfficerRequest, person_id: UUID, _: int, form: Form, told: Mapping[str, Any]) -> object:
    given = ConsentGiven(
        purpose=told["purpose"],
        fields=told["fields_told"],
        how=told["how"],
        given_on=told["given_on"],
        until=told["until"],
        recipient_id=int(told["recipient"]) if told["recipient"] else None,
    )
    return give_consent(request.acting, person_id, given, **_with(request, form))


def _end_consent(
    request: OfficerRequest, person_id: UUID, row: int, form: Form, _: Mapping[str, Any]
) -> object:
    return withdraw_consent(request.acting, person_id, row, **_with(request, form))


def _home(request: OfficerRequest, person_id: UUID, _: int, __: Form, told: Mapping[str, Any]) -> object:
    return change_home(request.acting, person_id, told["home"], on=request.on, now=request.now)


ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {
        "stay": Entry(forms.StayForm, _add_stay, "stays"),
        "stay_end": Entry(forms.StayEndForm, _end_stay, "stays"),
        "offence": Entry(forms.OffenceForm, _add_offence, "stays"),
        "journey": Entry(forms.JourneyForm, _add_journey, "stays"),
        "journey_end": Entry(forms.JourneyEndForm, _end_journey, "stays"),
        "name": Entry(forms.NameForm, _add_name, "names"),
        "phone": Entry(forms.PhoneForm, _add_phone, "names"),
        "document": Entry(forms.DocumentForm, _add_document, "papers"),
        "household": Entry(forms.HouseholdForm, _join, "household"),
        "household_end": Entry(forms.HouseholdLeaveForm, _leave, "household"),
        "consent": Entry(forms.ConsentForm, _consent, "consents"),
        "consent_end": Entry(forms.ConsentEndForm, _end_consent, "consents"),
        "home": Entry(HomeForm, _home, "names"),
    }
)


@require_http_methods(["GET", "POST"])
@signed_in
def entry(request: OfficerRequest, person_id: UUID, what: str, row: int = 0) -> HttpResponse:
    """A form to tell one thing, and what it does."""
    told = ENTRIES.get(what)
    if told is None:
        raise Http404
    request.acting.require("state_fact")
    form = told.form(request.acting, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told.act(request, person_id, row, form, form.cleaned_data)
            return done(request, person_id, opened=told.part)
        except (NotPossibleError, NotThereError) as error:
            if error.code == "person_not_there" and what != "household":
                raise
            refuse(form, error)
    return form_page(request, "desk/people/entry.html", form, person_id, what=what, row=row)
