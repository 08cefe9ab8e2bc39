"""The review of pairs: the list, one pair, what is decided, and parting what was joined."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safar.casework.pairs import compare_with, decide_pair, split_people
from safar.casework.person.beside import next_pair, pair_page, pairs_page
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.words import say


@require_GET
@signed_in
def pairs(request: OfficerRequest) -> HttpResponse:
    """The pairs that wait for somebody to look."""
    page = pairs_page(request.acting, now=request.now, language=page_language())
    return render(request, "desk/pairs/pairs.html", {"page": page})


@require_http_methods(["GET", "POST"])
@signed_in
def pair(request: OfficerRequest, pair_id: int) -> HttpResponse:
    """Two files side by side; a decision leads on to the next pair."""
    if request.method == "POST":
        decision = request.POST.get("decision", "")
        decide_pair(request.acting, pair_id, decision, on=request.on, now=request.now)
        messages.success(request, say(page_language(), f"pairs.decided.{decision}"))
        following = next_pair(request.acting, pair_id)
        return redirect("pair", following) if following else redirect("pairs")
    page = pair_page(request.acting, pair_id, now=request.now, language=page_language())
    return render(request, "desk/pairs/pair.html", {"page": page})


@require_POST
@signed_in
def split(request: OfficerRequest, merge_id: int) -> HttpResponse:
    """Part two files that were joined."""
    merge = split_people(
        request.acting, merge_id, because=request.POST.get("because", ""), on=request.on, now=request.now
    )
    messages.success(request, say(page_language(), "pairs.parted"))
    return redirect("person", merge.kept_id)


@require_POST
@signed_in
def compare(request: OfficerRequest, person_id: UUID) -> HttpResponse:
    """Put a person beside another one, named by the reference."""
    pair = compare_with(request.acting, person_id, request.POST.get("reference", ""), on=request.on)
    return redirect("pair", pair.pk)
