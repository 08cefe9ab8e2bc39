"""``/health``: whether the server answers and its database does. It tells nothing else, to whoever asks."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import Error, connection

from safar.base import SafarError

PATH = "/health"


def health(start_response: Callable[..., Any]) -> Iterable[bytes]:
    """200 ``ok``, or 503 where the database is down. Not one of the pages: a balancer asks by address, in http."""
    try:
        connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        status, told = "200 OK", b"ok\n"
    except (Error, SafarError):
        status, told = "503 Service Unavailable", b"the database is down\n"
    headers = [
        ("Content-Type", "text/plain"),
        ("Content-Length", str(len(told))),
        ("Cache-Control", "no-store"),
    ]
    start_response(status, headers)
    return [told]
