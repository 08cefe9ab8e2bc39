"""The pages of list checks."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from safar.base import as_day
from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.match_pages import check_page, match_page
from safar.casework.matching import FOUND, check_everybody, check_person, decide_check
from safar.casework.watch_lists import ListGiven, load_list
from safar.desk.hidden import read_hidden
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.words import say

ENDINGS = {".xlsx", ".csv"}


@require_GET
@signed_in
def match(request: OfficerRequest) -> HttpResponse:
    """Which lists there are, and whose answers wait."""
    unlikely = "unlikely" in request.GET
    page = match_page(request.acting, now=request.now, language=page_language(), unlikely=unlikely)
    return render(request, "desk/match/match.html", {"page": page})


@require_POST
@signed_in
def bring(request: OfficerRequest) -> HttpResponse:
    """Take a list in."""
    request.acting.require("load_lists")
    uploaded = request.FILES.get("list")
    if uploaded is None:
        raise NotPossibleError("list_needed")
    ending = Path(uploaded.name or "").suffix.lower()
    given = ListGiven(
        request.POST.get("kind", ""), request.POST.get("source", ""), _day(request.POST.get("list_of", ""))
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"list{ending if ending in ENDINGS else ''}"
        with path.open("wb") as file:
            file.writelines(uploaded.chunks())
        kept = load_list(request.acting, path, given, on=request.on, now=request.now)
    messages.success(request, say(page_language(), "match.loaded", count=kept.rows))
    return redirect("match")


@require_POST
@signed_in
def check_all(request: OfficerRequest) -> HttpResponse:
    """Ask a list about everybody in the area."""
    chosen = read_hidden(request.POST.get("list", ""))
    if chosen is None:
        raise NotThereError("watch_list_not_there")
    told = check_everybody(request.acting, chosen, place=request.POST.get("place", ""), now=request.now)
    words = say(
        page_language(), "match.checked_all", count=told.people, certain=told.certain, possible=told.possible,
        unknown=told.unknown,
    )  # fmt: skip
    messages.success(request, words)
    return redirect("match")


@require_POST
@signed_in
def check_one(request: OfficerRequest, person_id: UUID) -> HttpResponse:
    """Ask all lists about one person: on to the answer if there is one to decide, else back to the person."""
    checks = check_person(request.acting, person_id, now=request.now)
    waiting = [check for check in checks if check.result in FOUND and not check.decided]
    for check in checks:
        told = say(page_language(), f"match.said.{check.result}", source=check.list_name, day=check.list_of)
        (messages.warning if check in waiting else messages.info)(request, told)
    if waiting:
        return redirect("match_check", waiting[0].pk)
    return redirect(f"/people/{checks[0].person_id}/")


@require_GET
@signed_in
def show(request: OfficerRequest, check_id: int) -> HttpResponse:
    """One answer beside the person."""
    page = check_page(request.acting, check_id, now=request.now, language=page_language())
    return render(request, "desk/match/check.html", {"page": page})


@require_POST
@signed_in
def decide(request: OfficerRequest, check_id: int) -> HttpResponse:
    """Say whether they are one person."""
    decision, _, entry = request.POST.get("decision", "").partition(".")
    at = int(entry) if entry.isdecimal() else 0
    stated = decide_check(request.acting, check_id, decision, entry=at, on=request.on, now=request.now)
    word = "stated" if stated else "noted" if decision == "same" else "apart"
    messages.success(request, say(page_language(), f"match.{word}"))
    return redirect("match")


def _day(told: str) -> date:
    try:
        return as_day(told)
    except ValueError:
        raise NotPossibleError("list_day_needed") from None
