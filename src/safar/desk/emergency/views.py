"""Asking for a file in an emergency, and judging those that were opened."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safar.casework.emergency import LASTS, VERDICTS, Sought, alerts, open_emergency, review_emergency
from safar.casework.errors import NotPossibleError
from safar.desk.people.fields import day_field
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.words import say


class EmergencyForm(forms.Form):
    """Whom, by one of three ways, and why."""

    document = forms.CharField(required=False, max_length=40, widget=forms.TextInput({"autocomplete": "off"}))
    reference = forms.CharField(
        required=False, max_length=20, widget=forms.TextInput({"autocomplete": "off"})
    )
    surname = forms.CharField(required=False, max_length=120)
    given_name = forms.CharField(required=False, max_length=120)
    birth_date = day_field(required=False)
    reason = forms.CharField(max_length=1000, widget=forms.Textarea({"rows": 3}))

    def sought(self) -> Sought:
        """Who is meant."""
        return Sought(**{name: told for name, told in self.cleaned_data.items() if name != "reason"})


@require_http_methods(["GET", "POST"])
@signed_in
def ask(request: OfficerRequest) -> HttpResponse:
    """Open one file for a day. What is typed comes by POST, so that it stands in no address and no log."""
    request.acting.require("ask_emergency")
    form, nobody = EmergencyForm(request.POST or None), False
    if request.method == "POST" and form.is_valid():
        try:
            access = open_emergency(
                request.acting, form.sought(), reason=form.cleaned_data["reason"], now=request.now
            )
        except NotPossibleError as error:
            form.add_error(
                "reason" if error.code == "emergency_reason" else None,
                forms.ValidationError("", code=error.code),
            )
        else:
            if access.person_id:
                key = "emergency.opened" if access.until else "emergency.own"
                messages.warning(request, say(page_language(), key))
                return redirect("person", access.person_id)
            nobody = True
    shown = {"form": form, "nobody": nobody, "hours": round(LASTS.total_seconds() / 3600)}
    return render(request, "desk/emergency/ask.html", shown)


@require_GET
@signed_in
def emergencies(request: OfficerRequest) -> HttpResponse:
    """Emergencies in one's files: those to be looked at, or all."""
    everything = request.GET.get("all") == "1"
    shown = {
        "alerts": alerts(request.acting, reviewed=everything),
        "everything": everything,
        "verdicts": VERDICTS,
    }
    return render(request, "desk/emergency/emergencies.html", shown)


@require_POST
@signed_in
def review(request: OfficerRequest, emergency_id: int) -> HttpResponse:
    """Say whether it was justified."""
    review_emergency(
        request.acting,
        emergency_id,
        verdict=request.POST.get("verdict", ""),
        remark=request.POST.get("remark", ""),
        now=request.now,
    )
    messages.success(request, say(page_language(), "emergency.reviewed"))
    return redirect("emergencies")
