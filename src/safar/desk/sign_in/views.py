"""Signing in: by name and password with a second factor, by passkey, by invitation; sessions; the demonstration."""

from typing import Any

from allauth.account.views import LoginView
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.officers import accept_invitation, invited_officer
from safar.casework.sessions import demo_officer, demo_sign_ins, end_session, sessions_of
from safar.desk.hidden import read_hidden
from safar.desk.ui.language import page_language
from safar.words import say

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignInView(LoginView):  # type: ignore[misc]
    """allauth's page, which in a demonstration also lists who can sign in."""

    def get_context_data(self, **words: Any) -> dict[str, Any]:
        """What the page shows."""
        told: dict[str, Any] = super().get_context_data(**words)
        if settings.DEMO:
            told["ready"] = demo_sign_ins(on=timezone.localdate())
        return told


sign_in = SignInView.as_view()


class InvitationForm(forms.Form):
    """A password, twice."""

    password = forms.CharField(widget=forms.PasswordInput({"autocomplete": "new-password"}), strip=False)
    again = forms.CharField(widget=forms.PasswordInput({"autocomplete": "new-password"}), strip=False)

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if "again" in told and told["again"] != told.get("password"):
            self.add_error("again", forms.ValidationError("", code="password_mismatch"))
        return told


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, officer_id: int, token: str) -> HttpResponse:
    """Choose a password with an invitation that is still good."""
    try:
        officer = invited_officer(officer_id, token)
    except NotThereError:
        return render(request, "desk/sign_in/no_invitation.html", status=404)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accept_invitation(officer_id, token, form.cleaned_data["password"])
        except NotPossibleError as error:
            form.add_error("password", forms.ValidationError("", code=error.code))
        else:
            messages.success(request, say(page_language(), "sign_in.chosen"))
            return redirect("account_login")
    return render(request, "desk/sign_in/invitation.html", {"form": form, "officer": officer})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; ending one of these, or all others."""
    officer, this = int(request.user.pk or 0), request.session.session_key or ""
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        number = read_hidden(chosen)
        if chosen and number is None:
            raise Http404
        end_session(officer, number, but=this)
        messages.success(request, say(page_language(), "sign_in.session_ended"))
        return redirect("usersessions_list")
    return render(request, "desk/sign_in/sessions.html", {"sessions": sessions_of(officer, this=this)})


@require_POST
def enter_demo(request: HttpRequest) -> HttpResponse:
    """In a demonstration: be one of the ready officers, without a password."""
    officer = demo_officer(request.POST.get("officer", ""), on=timezone.localdate())
    login(request, officer, backend=BACKEND)
    return redirect("/")
