"""Each request of an officer is worked in one role, inside a transaction that is held to its scope.

Before anything else an officer has a second factor; without one they are led to set it up. In a demonstration they may
do without.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from safar.casework.access import Acting, acting_as, opened
from safar.casework.emergency import alerts_waiting, emergency_until
from safar.casework.errors import ChangedMeanwhileError, NotAllowedError, NotPossibleError, NotThereError
from safar.casework.officer_pages import GrantLine, roles_held
from safar.desk.ui.navigation import links_for


class OfficerRequest(HttpRequest):
    """A request of somebody signed in."""

    acting: Acting
    on: date
    now: datetime
    # Asked for only when a page shows them:
    roles: Callable[[], tuple[GrantLine, ...]]  # those one may switch between
    alerts: Callable[[], int]  # how many emergencies wait for one's judgement
    emergency_until: Callable[[], datetime | None]  # on a person's page: if it is open for an emergency alone


GRANT = "grant"  # in the session: the grant the officer works under
STATUS = {NotThereError: 404, NotAllowedError: 403, NotPossibleError: 422, ChangedMeanwhileError: 409}
# Where nobody works in a role: signing in, files, the choices of the frame.
OUTSIDE = ("/account/", "/static/", "/health", "/invitation/", "/demo/", "/language/", "/appearance/")
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class WorkingMiddleware:
    """Sets ``request.acting`` and ``request.on`` for whoever is signed in, and makes statuses of casework's errors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, given: HttpRequest) -> HttpResponse:
        """Answer a request in the role that the officer has taken up; nothing of it stays in a browser's store."""
        request = cast(OfficerRequest, given)
        request.on, request.now = timezone.localdate(), timezone.now()
        request.acting = None  # type: ignore[assignment]
        response = self._answer(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.user.is_authenticated and not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        return response

    def _answer(self, request: OfficerRequest) -> HttpResponse:
        if not request.user.is_authenticated or request.path.startswith(OUTSIDE):
            return self.get_response(request)
        if settings.SECOND_FACTOR_REQUIRED and not is_secured(request):
            return lead_to(request, reverse("mfa_index"))
        try:
            acting = acting_as(
                request.user.pk, on=request.on, now=request.now, grant_id=request.session.get(GRANT)
            )
        except NotAllowedError as error:
            return render(request, "desk/ui/refused.html", {"error": error}, status=403)
        request.acting = acting
        name, person_id = page_asked(request)
        if name == "today" and not acting.may("see_today"):
            return redirect(next((link.url for link in links_for(acting, request)), reverse("mfa_index")))
        request.roles = cache(lambda: roles_held(acting, on=request.on))
        request.alerts = cache(lambda: alerts_waiting(acting))
        request.emergency_until = cache(
            lambda: emergency_until(acting, person_id, now=request.now) if person_id else None
        )
        with opened(acting, f"{request.method} {name}"):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page that says what is the matter, with the status that fits."""
        for kind, status in STATUS.items():
            if isinstance(error, kind):
                return render(request, "desk/ui/refused.html", {"error": error}, status=status)
        return None


def is_secured(request: HttpRequest) -> bool:
    """Whether the officer has a second factor."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=request.user.pk, type__in=kinds).exists())


def page_asked(request: HttpRequest) -> tuple[str, UUID | None]:
    """The name of the page, and whose it is if it is somebody's."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return "", None
    return match.view_name, match.kwargs.get("person_id")


def lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the reader to another page, the whole of it even where a part was asked for."""
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else redirect(url)


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Only for officers who have signed in."""

    def checked(request: HttpRequest, *args: Any, **words: Any) -> Any:
        if getattr(request, "acting", None) is None:
            return lead_to(request, f"{reverse('account_login')}?next={request.path}")
        return view(request, *args, **words)

    checked.__name__, checked.__doc__ = view.__name__, view.__doc__
    return checked
