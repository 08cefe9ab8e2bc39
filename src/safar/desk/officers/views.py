"""Officers for their administrator, and the role that one takes up."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safar.casework.access import grants_of
from safar.casework.errors import CaseworkError, NotPossibleError, NotThereError
from safar.casework.officer_pages import officer_page, officers_page, role_choices
from safar.casework.officers import (
    Invited,
    activate_officer,
    create_officer,
    deactivate_officer,
    grant_role,
    invite_again,
    reset_second_factor,
    revoke_grant,
)
from safar.desk.hidden import read_hidden
from safar.desk.officers.forms import OfficerForm, RoleForm
from safar.desk.ui.language import page_language
from safar.desk.working import GRANT, OfficerRequest, signed_in
from safar.words import say

WRONG = 422


@require_GET
@signed_in
def officers(request: OfficerRequest) -> HttpResponse:
    """All officers and organisations of the register."""
    page = officers_page(request.acting, on=request.on)
    return render(request, "desk/officers/officers.html", {"page": page})


@require_GET
@signed_in
def officer(request: OfficerRequest, officer_id: int) -> HttpResponse:
    """One officer: roles, and what can be done."""
    line = officer_page(request.acting, officer_id, on=request.on)
    return render(request, "desk/officers/officer.html", {"line": line})


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def new(request: OfficerRequest) -> HttpResponse:
    """Invite somebody."""
    form = OfficerForm(role_choices(request.acting, on=request.on), request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            invited = create_officer(
                request.acting,
                name=told["name"],
                language=told["language"],
                given=form.given(),
                on=request.on,
                now=request.now,
            )
            return _invited(request, invited)
        except (NotPossibleError, NotThereError) as error:
            _refuse(form, error)
    return _form_page(request, "desk/officers/new.html", form)


@require_http_methods(["GET", "POST"])
@signed_in
def give_role(request: OfficerRequest, officer_id: int) -> HttpResponse:
    """Give a role."""
    line = officer_page(request.acting, officer_id, on=request.on)
    form = RoleForm(role_choices(request.acting, on=request.on), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grant_role(request.acting, officer_id, form.given(), on=request.on, now=request.now)
            return _done(request, officer_id, "officers.given")
        except (NotPossibleError, NotThereError) as error:
            _refuse(form, error)
    return _form_page(request, "desk/officers/role.html", form, line=line)


@require_POST
@signed_in
def revoke(request: OfficerRequest, grant_id: int) -> HttpResponse:
    """Take a role back."""
    return _done(request, revoke_grant(request.acting, grant_id, now=request.now).pk, "officers.revoked")


@never_cache
@require_POST
@signed_in
def invite(request: OfficerRequest, officer_id: int) -> HttpResponse:
    """A new invitation; the old password opens nothing any more."""
    return _invited(request, invite_again(request.acting, officer_id, now=request.now))


@never_cache
@require_POST
@signed_in
def activate(request: OfficerRequest, officer_id: int) -> HttpResponse:
    """Take somebody back."""
    return _invited(request, activate_officer(request.acting, officer_id, now=request.now))


def _acted(act: Callable[..., None], said: str) -> Callable[..., HttpResponse]:
    """A view that does one thing to an officer and says so."""

    @require_POST
    @signed_in
    def view(request: OfficerRequest, officer_id: int) -> HttpResponse:
        act(request.acting, officer_id, now=request.now)
        return _done(request, officer_id, said)

    return view


second_factor = _acted(reset_second_factor, "officers.factor_gone")
deactivate = _acted(deactivate_officer, "officers.let_go")


@require_POST
@signed_in
def switch(request: OfficerRequest) -> HttpResponse:
    """Go on in another role."""
    chosen = read_hidden(request.POST.get("grant", ""))
    held = grants_of(request.acting.officer_id, on=request.on)
    if chosen is None or not held.filter(pk=chosen).exists():
        raise NotThereError("grant_not_there")
    request.session[GRANT] = chosen
    return redirect("/")


def _invited(request: OfficerRequest, invited: Invited) -> HttpResponse:
    """The invitation is shown this once; it is kept nowhere."""
    path = reverse("invitation", args=[invited.officer_id, invited.token])
    shown = {"invited": invited, "url": request.build_absolute_uri(path)}
    return render(request, "desk/officers/invited.html", shown)


def _done(request: OfficerRequest, officer_id: int, said: str) -> HttpResponse:
    messages.success(request, say(page_language(), said))
    return redirect("officer", officer_id)


def _refuse(form: forms.Form, error: CaseworkError) -> None:
    fields = {"officer_name_needed": "name", "role_days": "starts_on", "roles_clash": "role"}
    field = fields.get(error.code, "place" if error.code.startswith(("role_place", "place_")) else None)
    form.add_error(field, forms.ValidationError("", code=error.code))


def _form_page(request: OfficerRequest, template: str, form: forms.Form, **shown: object) -> HttpResponse:
    status = WRONG if form.errors else 200
    return render(request, template, {"form": form, **shown}, status=status)
