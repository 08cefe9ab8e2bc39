"""The pages of places."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from safar.casework.places import places_page
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in


@require_GET
@signed_in
def places(request: OfficerRequest) -> HttpResponse:
    """All places: the tree beside the map of both countries."""
    return _page(request, "")


@require_GET
@signed_in
def place(request: OfficerRequest, place_id: str) -> HttpResponse:
    """One place: what lies in it, what it is called, what it was."""
    return _page(request, place_id)


def _page(request: OfficerRequest, place_id: str) -> HttpResponse:
    page = places_page(request.acting, place_id, language=page_language(), address=_address)
    drawn = mark_safe(page.map)  # noqa: S308 - written by atlas, which escapes every text
    return render(request, "desk/places/places.html", {"page": page, "map": drawn})


def _address(place_id: str) -> str:
    return reverse("place", args=[place_id])
