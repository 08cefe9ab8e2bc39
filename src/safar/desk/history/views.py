"""Who looked."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safar.casework.who_looked import ACTIONS, Looked, looks_page
from safar.desk.hidden import hidden, read_hidden
from safar.desk.working import OfficerRequest, signed_in


@require_GET
@signed_in
def history(request: OfficerRequest) -> HttpResponse:
    """Looks, the latest first, by officer, person, way and day."""
    asked, after = _asked(request.GET), read_hidden(request.GET.get("after", ""))
    page = looks_page(request.acting, asked, now=request.now, after=after)
    following = request.GET.copy()
    if page.after is not None:
        following["after"] = hidden(page.after)
    shown = {"page": page, "following": f"?{following.urlencode()}" if page.after is not None else ""}
    return render(request, "desk/history/history.html", shown)


def _asked(given: QueryDict) -> Looked:
    """What stands in the address; what cannot be read is not asked for."""
    person = None
    with suppress(ValueError):
        person = UUID(given.get("person", ""))
    return Looked(
        officer_id=read_hidden(given.get("officer", "")),
        person_id=person,
        action=given.get("action", "") if given.get("action", "") in ACTIONS else "",
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
    )


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None
