"""Each request of an officer is worked in one role, inside a transaction that is held to its scope."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from safar.casework.access import Acting, acting_as, opened
from safar.casework.errors import ChangedMeanwhileError, NotAllowedError, NotPossibleError, NotThereError


class OfficerRequest(HttpRequest):
    """A request of somebody signed in."""

    acting: Acting
    on: date
    now: datetime


GRANT = "grant"  # in the session: the grant the officer works under
STATUS = {NotThereError: 404, NotAllowedError: 403, NotPossibleError: 422, ChangedMeanwhileError: 409}
OUTSIDE = ("/account/", "/static/", "/health")


class WorkingMiddleware:
    """Sets ``request.acting`` and ``request.on`` for whoever is signed in, and makes statuses of casework's errors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request in the role that the officer has taken up."""
        request.on = timezone.localdate()  # type: ignore[attr-defined]
        request.now = timezone.now()  # type: ignore[attr-defined]
        request.acting = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated or request.path.startswith(OUTSIDE):
            return self.get_response(request)
        try:
            acting = acting_as(
                request.user.pk,
                on=request.on,  # type: ignore[attr-defined]
                now=request.now,  # type: ignore[attr-defined]
                grant_id=request.session.get(GRANT),
            )
        except NotAllowedError as error:
            return render(request, "desk/ui/refused.html", {"error": error}, status=403)
        request.acting = acting  # type: ignore[attr-defined]
        with opened(acting, f"{request.method} {request.resolver_match or ''}"):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page that says what is the matter, with the status that fits."""
        for kind, status in STATUS.items():
            if isinstance(error, kind):
                return render(request, "desk/ui/refused.html", {"error": error}, status=status)
        return None


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Only for officers who have signed in."""

    def checked(request: HttpRequest, *args: Any, **words: Any) -> Any:
        if getattr(request, "acting", None) is None:
            return redirect(f"/account/login/?next={request.path}")
        return view(request, *args, **words)

    checked.__name__, checked.__doc__ = view.__name__, view.__doc__
    return checked
