"""A new file: little is asked, and whoever is in the register already is noticed while one types."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from safar.casework.access import Acting
from safar.casework.errors import NotPossibleError
from safar.casework.facts import birth_of
from safar.casework.pairs import say_different
from safar.casework.people import DocumentGiven, NameGiven, Registration, register_person
from safar.casework.person.alike import Alike, Typed, people_alike
from safar.casework.person.naming import read_line
from safar.casework.person.papers import DOCUMENT_KINDS
from safar.desk.people.answers import WRONG, refuse
from safar.desk.people.fields import BirthField, choice_field
from safar.desk.people.forms import DESTINATIONS, country_choices, region_choices
from safar.desk.people.homes import HomeFields
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.linkage import Name
from safar.words import say

ONCE = "safar.person"  # salt of the number that makes a form sent twice one file
QUIET = {"autocomplete": "off"}


class RegisterForm(HomeFields):
    """What a new file begins with. A name stands in one line or in three fields."""

    words = "people.new"

    line = forms.CharField(required=False, max_length=200, widget=forms.TextInput(QUIET))
    surname = forms.CharField(required=False, max_length=120, widget=forms.TextInput(QUIET))
    given_name = forms.CharField(required=False, max_length=120, widget=forms.TextInput(QUIET))
    patronymic = forms.CharField(required=False, max_length=120, widget=forms.TextInput(QUIET))
    sex = choice_field(("male", "female"), "people.sex", required=False, radio=True)
    birth = BirthField(required=False)
    citizenship = forms.ChoiceField(required=False)
    destination = choice_field(DESTINATIONS, "people.country", required=False, empty="ui.not_known")
    region = forms.ChoiceField(required=False)
    phone = forms.CharField(
        required=False, max_length=40, widget=forms.TextInput({**QUIET, "inputmode": "tel"})
    )
    document_kind = choice_field(DOCUMENT_KINDS, "people.document.kinds", initial="passport", required=False)
    document = forms.CharField(required=False, max_length=40, widget=forms.TextInput(QUIET))
    once = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, acting: Acting, *args: Any, **words: Any) -> None:
        words["initial"] = {"citizenship": acting.country, "once": _drawn(acting), **words.get("initial", {})}
        super().__init__(acting, *args, **words)
        self.fields["citizenship"].choices = [("", ""), *country_choices()]  # type: ignore[attr-defined]
        self.fields["region"].choices = region_choices(acting.regions)  # type: ignore[attr-defined]
        self.fields["region"].required = bool(acting.regions)

    @property
    def name(self) -> Name:
        """The name of the three fields, or as the one line is read."""
        told = [str(self[part].value() or "").strip() for part in ("surname", "given_name", "patronymic")]
        return Name(*told) if any(told) else read_line(str(self["line"].value() or ""))

    @property
    def in_fields(self) -> bool:
        """Whether the name stands in three fields."""
        return any(self[part].value() for part in ("surname", "given_name", "patronymic"))

    @property
    def birth_wrong(self) -> list[str]:
        """What is wrong with the date of birth."""
        return self.wrong("birth")

    def typed(self) -> Typed:
        """What helps to know the person again, as far as it is typed and can be read."""
        self.is_valid()
        told = self.cleaned_data
        born = (
            birth_of(told["birth"], on=told["said_on"])[0]
            if told.get("birth") and told.get("said_on")
            else None
        )
        return Typed(
            name=self.name,
            birth_date=born,
            phones=[told["phone"]] if told.get("phone") else [],
            documents=[told["document"]] if told.get("document") else [],
            home_id=told.get("home", ""),
        )

    def clean(self) -> dict[str, Any]:
        """A name is needed, and a home where the officer works for a place."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        name = self.name
        if not (name.surname or name.given_name):
            self.add_error("line", forms.ValidationError("", code="name_needed"))
        self.read_home(told, required=bool(self.acting.place_path))
        return told

    def registration(self) -> Registration:
        """The form as casework takes it."""
        told, name = self.cleaned_data, self.name
        facts = {fact: told[fact] for fact in ("citizenship", "sex", "destination", "region") if told[fact]}
        born, precision = birth_of(told["birth"], on=told["said_on"]) if told["birth"] else (None, "unknown")
        paper = DocumentGiven(told["document_kind"] or "passport", told["document"], self.acting.country)
        return Registration(
            names=[NameGiven(name.surname, name.given_name, name.patronymic)],
            home_id=told["home"] or None,
            birth_date=born,
            birth_precision=precision,
            facts=facts,
            documents=[paper] if told["document"] else [],
            phones=[told["phone"]] if told["phone"] else [],
        )

    def clean_once(self) -> str:
        """The number that was drawn for this officer when the form was shown."""
        try:
            return str(UUID(signing.loads(self.cleaned_data["once"], salt=_salt(self.acting))))
        except (signing.BadSignature, ValueError):
            raise forms.ValidationError("", code="form_old") from None


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: OfficerRequest) -> HttpResponse:
    """Open a file, once the officer has said that it is nobody who is there already."""
    request.acting.require("register_person")
    form = RegisterForm(request.acting, request.POST or None)
    alike: tuple[Alike, ...] = ()
    if request.method == "POST":
        alike = _others(request, form)
        if form.is_valid() and not _unsaid(request, alike):
            try:
                return _opened(request, form, alike)
            except NotPossibleError as error:
                refuse(form, error)
    shown = {"form": form, **_warning(request, form, alike)}
    return render(request, "desk/people/new.html", shown, status=WRONG if form.errors else 200)


@require_POST
@signed_in
def alike(request: OfficerRequest) -> HttpResponse:
    """Who may be the person being typed."""
    form = RegisterForm(request.acting, request.POST)
    found = _others(request, form)
    return render(request, "desk/people/alike.html", _warning(request, form, found))


def _opened(request: OfficerRequest, form: RegisterForm, alike: tuple[Alike, ...]) -> HttpResponse:
    acting, on, now = request.acting, request.on, request.now
    once = UUID(form.cleaned_data["once"])
    person = register_person(
        acting, form.registration(), saying=form.saying(), on=on, now=now, person_id=once
    )
    for one in alike:
        if one.loud:
            say_different(acting, person.pk, one.person_id, reasons=one.agreements, on=on, now=now)
    messages.success(request, say(page_language(), "people.registered"))
    return redirect("person", person.pk)


def _others(request: OfficerRequest, form: RegisterForm) -> tuple[Alike, ...]:
    """Who may be the person being typed; not the file that this very form has opened already."""
    found = people_alike(request.acting, form.typed(), language=page_language())
    return tuple(one for one in found if one.key != form.cleaned_data.get("once"))


def _warning(request: OfficerRequest, form: RegisterForm, alike: tuple[Alike, ...]) -> dict[str, Any]:
    return {
        "alike": alike,
        "warned": bool(_unsaid(request, alike)),
        "different": request.POST.getlist("different"),
        "name": form.name,
    }


def _unsaid(request: OfficerRequest, alike: tuple[Alike, ...]) -> set[str]:
    """Who is very likely the same, while nobody has said that they are somebody else."""
    return {one.key for one in alike if one.loud} - {*request.POST.getlist("different")}


def _drawn(acting: Acting) -> str:
    return signing.dumps(str(uuid4()), salt=_salt(acting))


def _salt(acting: Acting) -> str:
    return f"{ONCE}:{acting.officer_id}"
