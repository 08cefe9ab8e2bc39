"""The rooms of the desk as its navigation shows them. A new room adds a line here and a word under ``room``.

A room whose address does not exist yet is not shown; one that the officer's role does not include is not shown either.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from safar.casework.access import Acting


@dataclass(frozen=True)
class Room:
    """``name``: of its address, icon and word (``room.<name>``). ``may``: what the role must include."""

    name: str
    may: str


@dataclass(frozen=True)
class Link:
    """One line of the navigation; ``key`` is the access key, for the first nine."""

    name: str
    url: str
    current: bool
    key: str


ROOMS = (
    Room("today", "see_today"),
    Room("people", "see_people"),
    Room("pairs", "decide_pairs"),
    Room("intake", "import"),
    Room("export", "export"),
    Room("match", "match"),
    Room("statistics", "see_statistics"),
    Room("places", "see_places"),
    Room("team", "see_team"),
    Room("officers", "manage_officers"),
    Room("history", "see_history"),
    Room("runs", "see_runs"),
)


def links_for(acting: Acting | None, request: HttpRequest) -> tuple[Link, ...]:
    """The rooms open to an officer, the one they are in marked."""
    return tuple(_links(acting, request.path)) if acting else ()


def _links(acting: Acting, path: str) -> Iterator[Link]:
    number = 0
    for room in ROOMS:
        url = address_of(room.name)
        if url and acting.may(room.may):
            number += 1
            inside = path == url or (url != "/" and path.startswith(url))
            yield Link(room.name, url, inside, str(number) if number < 10 else "")


def address_of(name: str) -> str | None:
    """The address of a room's first page, named like the room; None while it does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
