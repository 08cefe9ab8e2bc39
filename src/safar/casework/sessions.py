"""Where an officer is signed in, and who is ready to sign in at a demonstration."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from allauth.usersessions.models import UserSession

from safar.casework.access import grants_of
from safar.casework.errors import NotThereError
from safar.records.models import Grant, Officer


@dataclass(frozen=True)
class SessionLine:
    """A session as its officer sees it. ``browser`` is what the browser calls itself."""

    session_id: int
    browser: str
    ip: str
    since: datetime
    seen: datetime
    this: bool


@dataclass(frozen=True)
class Ready:
    """Somebody to be at a demonstration: who, in which role, where."""

    username: str
    name: str
    role: str
    organisation: Mapping[str, str]
    place: Mapping[str, str] | None
    regions: tuple[str, ...]


def sessions_of(officer_id: int, *, this: str) -> tuple[SessionLine, ...]:
    """The sessions that are still good, the latest first; ``this`` is the key of the one that asks."""
    rows = UserSession.objects.purge_and_list(Officer(pk=officer_id))
    lines = (
        SessionLine(row.pk, row.user_agent, row.ip, row.created_at, row.last_seen_at, row.session_key == this)
        for row in rows
    )
    return tuple(sorted(lines, key=lambda line: (line.this, line.seen), reverse=True))


def end_session(officer_id: int, session_id: int | None, *, but: str) -> None:
    """End one of an officer's own sessions, or without a number all but the one whose key is ``but``."""
    mine = UserSession.objects.filter(user=officer_id)
    chosen = mine.filter(pk=session_id) if session_id is not None else mine.exclude(session_key=but)
    if session_id is not None and not chosen.exists():
        raise NotThereError("session_not_there")
    for session in chosen:
        session.end()


def demo_sign_ins(*, on: date) -> tuple[Ready, ...]:
    """Everybody who has a role today, in the order in which they were made."""
    seen = set[int]()
    ready = []
    for grant in Grant.objects.filter(officer__is_active=True).order_by("officer", "pk"):
        if grant.officer_id not in seen:
            seen.add(grant.officer_id)
            ready += [_ready(held) for held in grants_of(grant.officer_id, on=on)[:1]]
    return tuple(ready[:30])


def demo_officer(username: str, *, on: date) -> Officer:
    """The officer of a ready sign-in, or NotThereError."""
    officer = Officer.objects.filter(username=username, is_active=True).first()
    if officer is None or not grants_of(officer.pk, on=on).exists():
        raise NotThereError("officer_not_there")
    return officer


def _ready(grant: Grant) -> Ready:
    place = grant.place.names if grant.place else None
    return Ready(
        grant.officer.username,
        grant.officer.name,
        grant.role,
        grant.organisation.names,
        place,
        tuple(grant.regions),
    )
