"""The page at /gallery/."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from safar.desk.gallery.samples import sample_rooms, samples


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every part of the pages; without signing in only in a demonstration."""
    acting = getattr(request, "acting", None)
    if acting is None and not settings.DEMO:
        return redirect(f"{settings.LOGIN_URL}?next={request.path}")
    shown = samples(request.on)  # type: ignore[attr-defined]
    if acting is None:
        shown["rooms"] = sample_rooms()
    return render(request, "desk/gallery/gallery.html", shown)
