"""Marking days that are near as seen."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from safar.casework.errors import NotPossibleError
from safar.casework.reminders import mark_seen, near_days
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in


@require_POST
@signed_in
def seen(request: OfficerRequest) -> HttpResponse:
    """Those of one person or all of them; for htmx what is left."""
    told = request.POST.get("person", "")
    try:
        person = None if told == "all" else UUID(told)
    except ValueError:
        raise NotPossibleError("nobody_chosen") from None
    mark_seen(request.acting, person, on=request.on, now=request.now)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("today")
    left = near_days(request.acting, on=request.on, language=page_language())
    return render(request, "desk/today/reminders.html", {"reminders": left})
