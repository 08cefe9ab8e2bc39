"""The page of the nightly runs."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safar.casework.night import NightDone, nights
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.words import known, say

TONES = {"done": "good", "running": "soon", "waiting": "plain", "failed": "danger", "stopped": "danger"}


@require_GET
@signed_in
def runs(request: OfficerRequest) -> HttpResponse:
    """The last nights, the latest first; for htmx the list alone, while one is running."""
    done = nights(request.acting)
    shown = {
        "nights": [_night(night) for night in done],
        "running": any(night.state == "running" for night in done),
    }
    part = request.htmx  # type: ignore[attr-defined]
    return render(request, "desk/runs/nights.html" if part else "desk/runs/runs.html", shown)


def _night(night: NightDone) -> dict[str, Any]:
    """A night without its counts: they are of all registers, and each may know only of its own people."""
    steps = [
        {
            "name": _word(f"runs.step.{step.name}", step.name),
            "state": _word(f"runs.state.{step.state}", step.state),
            "tone": TONES.get(step.state, "unknown"),
            "took": _took(step.seconds),
            "trouble": step.trouble,
        }
        for step in night.steps
    ]
    return {
        "on": night.on,
        "started_at": night.started_at,
        "state": _word(f"runs.state.{night.state}", night.state),
        "tone": TONES.get(night.state, "unknown"),
        "took": _took(night.seconds),
        "steps": steps,
    }


def _word(key: str, otherwise: str) -> str:
    return say(page_language(), key) if known(page_language(), key) else otherwise


def _took(seconds: float | None) -> str:
    """A duration in seconds, or from two minutes on in minutes."""
    if seconds is None:
        return ""
    unit, number = ("minutes", seconds / 60) if seconds >= 120 else ("seconds", seconds)
    return say(page_language(), f"runs.{unit}", number=round(number, 1))
