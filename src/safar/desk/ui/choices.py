"""What a reader chooses for themselves on any page, signed in or not: the language, and light or dark."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from safar.desk.ui.language import CHOSEN
from safar.words import LANGUAGES

APPEARANCES = ("auto", "light", "dark")
APPEARANCE = "safar_appearance"  # a cookie: it belongs to the screen and not to the officer
YEAR = 365 * 24 * 60 * 60


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in the session, and with the officer for the next time."""
    language = request.POST.get("language", "")
    if language in LANGUAGES:
        request.session[CHOSEN] = language
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return redirect(_back(request))


@require_POST
def choose_appearance(request: HttpRequest) -> HttpResponse:
    """Keep light or dark in a cookie."""
    response = redirect(_back(request))
    chosen = request.POST.get("appearance", "")
    if chosen in APPEARANCES:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(APPEARANCE, chosen, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def appearance_of(request: HttpRequest) -> str:
    """``light``, ``dark``, or ``auto`` for what the screen prefers."""
    chosen = request.COOKIES.get(APPEARANCE, "auto")
    return chosen if chosen in APPEARANCES else "auto"


def _back(request: HttpRequest) -> str:
    """Where the reader was; never to another site."""
    there = request.POST.get("next", "/")
    here = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return there if here else "/"
