"""Rows of a list that somebody must decide."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from safar.casework.errors import NotThereError
from safar.casework.intake.deciding import decide_row as decide_one
from safar.casework.intake.deciding import take_in_unsure
from safar.casework.intake.doubts import decide_page
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.words import say


@require_GET
@signed_in
def decide(request: OfficerRequest, intake_id: UUID) -> HttpResponse:
    """The next rows, beside the people they may mean."""
    page = decide_page(request.acting, intake_id, on=request.on, now=request.now)
    return render(request, "desk/intake/decide.html", {"page": page})


@require_POST
@signed_in
def decide_row(request: OfficerRequest, intake_id: UUID, row: int) -> HttpResponse:
    """One row: the person it may be, somebody else, not sure, or left out."""
    decision, _, person = request.POST.get("decision", "").partition(" ")
    decide_one(
        request.acting,
        intake_id,
        row,
        decision,
        person_id=_person(person),
        home_id=request.POST.get("home", ""),
        on=request.on,
        now=request.now,
    )
    messages.success(request, say(page_language(), "intake.decide.decided"))
    return redirect("intake_decide", intake_id)


@require_POST
@signed_in
def decide_all(request: OfficerRequest, intake_id: UUID) -> HttpResponse:
    """All whose place is clear go in, to be compared later."""
    count = take_in_unsure(request.acting, intake_id, on=request.on, now=request.now)
    messages.success(request, say(page_language(), "intake.decide.all_done", count=count))
    return redirect("intake_decide", intake_id)


def _person(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotThereError("person_not_there") from None
