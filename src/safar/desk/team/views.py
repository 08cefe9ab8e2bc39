"""The page of the team, and giving people of one officer to another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from safar.casework.errors import NotPossibleError, NotThereError
from safar.casework.team import NOBODY, Handing, hand_over, team_page
from safar.desk.hidden import read_hidden
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.words import say


@require_GET
@signed_in
def team(request: OfficerRequest) -> HttpResponse:
    """What lies with whom."""
    page = team_page(request.acting, on=request.on, now=request.now, language=page_language())
    return render(request, "desk/team/team.html", {"page": page})


@require_POST
@signed_in
def hand(request: OfficerRequest) -> HttpResponse:
    """Give people to somebody else."""
    given = request.POST
    most = given.get("most", "").strip()
    if most and not most.isdecimal():
        raise NotPossibleError("number_wrong")
    handing = Handing(
        taken_from=_officer(given.get("taken_from", "")),
        given_to=_officer(given.get("given_to", "")),
        place=given.get("place", ""),
        most=int(most) if most else None,
    )
    count = hand_over(request.acting, handing, on=request.on, now=request.now)
    messages.success(request, say(page_language(), "team.handed", count=count))
    return redirect("team")


def _officer(told: str) -> int:
    """An officer as a form names one; empty is nobody."""
    if not told:
        return NOBODY
    found = read_hidden(told)
    if found is None:
        raise NotThereError("officer_not_there")
    return found
