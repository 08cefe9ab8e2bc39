"""Lists: all of them, one at whatever point it is, and what is done with it."""

import tempfile
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from safar.casework.errors import NotPossibleError
from safar.casework.intake.annotating import annotated_copy
from safar.casework.intake.bringing import (
    EVERYBODY,
    bring_list,
    forget_list,
    map_columns,
    start_run,
    stop_run,
)
from safar.casework.intake.coded import DESTINATIONS
from safar.casework.intake.pages import list_page, lists_page
from safar.casework.intake.sheets import MOST_BYTES
from safar.casework.spreadsheets import XLSX
from safar.desk.intake.tasks import defer_check, defer_run
from safar.desk.intake.uploads import bound
from safar.desk.people.forms import country_choices
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.words import say

MOST_MB = MOST_BYTES // 2**20


def bounded(view: Any) -> Any:
    """A view that takes a file: how much of it is read is settled before the check against forgery reads the form."""
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def settled(request: OfficerRequest, *args: Any, **words: Any) -> Any:
        bound(request)
        return checked(request, *args, **words)

    return settled


@require_GET
@signed_in
def lists(request: OfficerRequest) -> HttpResponse:
    """All lists, and the form to bring one."""
    return render(request, "desk/intake/lists.html", {"lines": lists_page(request.acting), "most": MOST_MB})


@bounded
@require_POST
@signed_in
def bring(request: OfficerRequest) -> HttpResponse:
    """Take a file in hand."""
    request.acting.require("import")
    file = request.FILES.get("file")
    if request.too_large:  # type: ignore[attr-defined]
        raise NotPossibleError("too_large", most=MOST_MB)
    if file is None:
        raise NotPossibleError("file_missing")
    path = Path(file.temporary_file_path())  # type: ignore[attr-defined]
    intake = bring_list(request.acting, file.name or "", path, on=request.on, now=request.now)
    return redirect("intake_list", intake.pk)


@require_GET
@signed_in
def listed(request: OfficerRequest, intake_id: UUID) -> HttpResponse:
    """One list."""
    page = list_page(request.acting, intake_id, now=request.now)
    choices = {"countries": country_choices(), "destinations": DESTINATIONS} if page.may_map else {}
    return render(request, "desk/intake/list.html", {"page": page, **choices})


@require_GET
@signed_in
def progress(request: OfficerRequest, intake_id: UUID) -> HttpResponse:
    """How far it has come: the part that htmx asks for again and again; at the end it asks for the page."""
    page = list_page(request.acting, intake_id, now=request.now)
    answer = render(request, "desk/intake/progress.html", {"page": page})
    if not page.under_way:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@signed_in
def columns(request: OfficerRequest, intake_id: UUID) -> HttpResponse:
    """Say what the columns mean, and let the list be tried."""
    fields = request.POST.getlist("field")
    heads = request.POST.getlist("head")
    intake = map_columns(
        request.acting,
        intake_id,
        _mapping(fields, heads),
        everybody={name: request.POST.get(name.removeprefix("@"), "") for name in EVERYBODY},
        list_of=_day(request.POST.get("list_of", "")),
        on=request.on,
        now=request.now,
    )
    defer_check(request.acting, intake.pk)
    return redirect("intake_list", intake_id)


@require_POST
@signed_in
def run(request: OfficerRequest, intake_id: UUID) -> HttpResponse:
    """Let it go in."""
    defer_run(request.acting, start_run(request.acting, intake_id).pk)
    messages.success(request, say(page_language(), "intake.started"))
    return redirect("intake_list", intake_id)


@require_POST
@signed_in
def stop(request: OfficerRequest, intake_id: UUID) -> HttpResponse:
    """Stop it."""
    stop_run(request.acting, intake_id)
    messages.success(request, say(page_language(), "intake.stopped"))
    return redirect("intake_list", intake_id)


@require_GET
@signed_in
def copy(request: OfficerRequest, intake_id: UUID) -> HttpResponseBase:
    """The list with what to mend."""
    language = page_language()
    out = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it when it is sent)
    name = annotated_copy(request.acting, intake_id, out, say=lambda key: say(language, key), now=request.now)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


@require_POST
@signed_in
def forget(request: OfficerRequest, intake_id: UUID) -> HttpResponse:
    """Delete the cells."""
    forget_list(request.acting, intake_id)
    messages.success(request, say(page_language(), "intake.forgotten"))
    return redirect("intake_list", intake_id)


def _mapping(fields: list[str], heads: list[str]) -> dict[str, str]:
    """Field -> head; a field that was chosen for two columns is an error of the form."""
    chosen = [(field, head) for field, head in zip(fields, heads, strict=False) if field]
    for field, head in chosen:
        if [other for other, _ in chosen].count(field) > 1:
            raise NotPossibleError("field_twice", head=head)
    return dict(chosen)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotPossibleError("list_of_ahead") from None
