"""What the server runs."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safar.site.settings")
pages = get_wsgi_application()

from safar.site.health import PATH, health  # noqa: E402  Django is ready first


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The pages, and whether there are any."""
    if environ.get("PATH_INFO") == PATH:
        return health(start_response)
    return pages(environ, start_response)
