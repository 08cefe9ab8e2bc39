"""In which language a page is written: the session's choice, else the officer's own, else what the browser asks for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from safar.words import LANGUAGES

CHOSEN = "language"  # in the session
OTHERWISE = "en"


class LanguageMiddleware:
    """Makes a language the active one for a request, so that tags, filters and Django's own texts agree."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of the reader."""
        language = language_of(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def language_of(request: HttpRequest) -> str:
    """The language for whoever asks."""
    officer = getattr(request, "user", None)
    session = getattr(request, "session", {})
    for language in (session.get(CHOSEN), getattr(officer, "language", None)):
        if language in LANGUAGES:
            return str(language)
    return translation.get_language_from_request(request) or OTHERWISE


def page_language() -> str:
    """The language that is active now; for tags and filters, which do not see the request."""
    language = translation.get_language() or OTHERWISE
    return language if language in LANGUAGES else OTHERWISE
