"""The pages for when something is wrong before a view could say so. They show a sentence and never what was thrown."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from safar.desk.ui.language import page_language

STATUSES = (400, 403, 404, 409, 422, 429, 500)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400: the request makes no sense."""
    return error_page(request, 400)


@requires_csrf_token
def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403: not for this role."""
    return error_page(request, 403)


@requires_csrf_token
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: the form was open too long, or did not come from here."""
    return error_page(request, 403, "expired")


@requires_csrf_token
def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: no such page, or not for you."""
    return error_page(request, 404)


@requires_csrf_token
def too_many(request: HttpRequest, *_: Any) -> HttpResponse:
    """429: too many tries, at the door or elsewhere; django-allauth and django-axes both come here."""
    return error_page(request, 429)


@requires_csrf_token
def our_fault(request: HttpRequest) -> HttpResponse:
    """500: something broke; whatever it was, this page needs neither the database nor a session."""
    try:
        return error_page(request, 500)
    except Exception:  # then say it without the frame
        words = {"language": page_language()}
        return HttpResponse(render_to_string("desk/ui/broken.html", words), status=500)


def error_page(request: HttpRequest, status: int, words: str = "") -> HttpResponse:
    """A page that says what is the matter and the way on."""
    words = words or str(status)
    keys = {"title_key": f"ui.error.{words}.title", "text_key": f"ui.error.{words}.text"}
    return render(request, "desk/ui/error.html", {"status": status, **keys}, status=status)
