"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from safar.desk.ui.choices import APPEARANCES, appearance_of
from safar.desk.ui.language import page_language
from safar.desk.ui.navigation import links_for
from safar.words import LANGUAGES, read_words


def of_every_page(request: HttpRequest) -> dict[str, Any]:
    """The officer at work, the day, the rooms open to them, language and appearance."""
    acting = getattr(request, "acting", None)
    language = page_language()
    return {
        "acting": acting,
        "on": getattr(request, "on", None),
        "rooms": SimpleLazyObject(lambda: links_for(acting, request)),
        "language": language,
        "languages": LANGUAGES,
        "draft": read_words(language).draft,
        "appearance": appearance_of(request),
        "appearances": APPEARANCES,
        "demonstration": settings.DEMO,
    }
