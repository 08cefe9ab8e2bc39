"""How the views of people answer: a whole page, or the part of it that htmx asked for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import reswap, retarget

from safar.casework.errors import CaseworkError
from safar.casework.match_pages import checks_of
from safar.casework.person_page import ElsewhereError, person_page
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest
from safar.words import say

WRONG = 422  # a form that came back; htmx shows it where it stood


def file_page(
    request: OfficerRequest,
    person_id: UUID,
    *,
    opened: str = "",
    skipped: Sequence[str] = (),
    saved: str = "",
) -> HttpResponse:
    """The page of a person, or its body. ``opened``: the part that stands open; ``saved``: key of what was done."""
    try:
        page = person_page(
            request.acting,
            person_id,
            on=request.on,
            now=request.now,
            language=page_language(),
            skipped=skipped,
        )
    except ElsewhereError as elsewhere:
        return redirect("person", elsewhere.person_id)
    may_check = request.acting.may("match")
    checks = checks_of(request.acting, person_id, language=page_language()) if may_check else None
    shown = {"page": page, "opened": opened, "saved": saved, "checks": checks}
    return render(request, "desk/people/body.html" if is_part(request) else "desk/people/person.html", shown)


def done(
    request: OfficerRequest, person_id: UUID, *, opened: str = "", saved: str = "people.saved"
) -> HttpResponse:
    """After something was written down: the body anew for htmx, else back to the page."""
    if is_part(request):
        body = file_page(request, person_id, opened=opened, saved=saved)
        return reswap(retarget(body, "#person"), "outerHTML")
    messages.success(request, say(page_language(), saved))
    return redirect(f"{reverse('person', args=[person_id])}#{opened}")


def form_page(
    request: OfficerRequest, template: str, form: forms.Form, person_id: UUID, **shown: Any
) -> HttpResponse:
    """A form to fill in, or as it came back."""
    words = {**shown, "form": form, "person_id": person_id}
    return render(request, template, words, status=WRONG if form.is_bound else 200)


def refuse(form: forms.Form, error: CaseworkError) -> None:
    """Say at the form what casework refused; the sentence is that of its code."""
    form.add_error(None, forms.ValidationError("", code=error.code, params=error.values))


def is_part(request: OfficerRequest) -> bool:
    """Whether htmx asks for a part of a page that stands."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted
