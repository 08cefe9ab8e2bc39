"""The first page: the list, and what can be done with many people at once."""

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from safar.casework.errors import NotPossibleError
from safar.casework.letters import letters_for
from safar.casework.reminders import near_days
from safar.casework.today import Count, Filters, assign_people, today_page
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.words import say


@require_GET
@signed_in
def today(request: OfficerRequest) -> HttpResponse:
    """The list, or for htmx the lines that follow."""
    filters, after = _filters(request.GET), request.GET.get("after", "")
    page = today_page(
        request.acting, filters, on=request.on, now=request.now, language=page_language(), after=after
    )
    shown = {"page": page, "letter_languages": settings.LANGUAGES, "nearness": _told(page.by_nearness)}
    part = request.htmx and after  # type: ignore[attr-defined]
    if not part:
        shown["reminders"] = near_days(request.acting, on=request.on, language=page_language())
    return render(request, "desk/today/lines.html" if part else "desk/today/today.html", shown)


@require_POST
@signed_in
def assign(request: OfficerRequest) -> HttpResponse:
    """Put somebody in charge of the people chosen."""
    chosen = request.POST.get("officer", "")
    count = assign_people(
        request.acting,
        _people(request.POST),
        int(chosen) if chosen.isdigit() else None,
        on=request.on,
        now=request.now,
    )
    messages.success(request, say(page_language(), "today.assigned", count=count))
    return redirect(f"{reverse('today')}?{_back(request.POST)}")


@require_POST
@signed_in
def letters(request: OfficerRequest) -> HttpResponse:
    """A letter for each of the people chosen, in one file to print."""
    language = request.POST.get("letter_language") or page_language()
    printed = letters_for(
        request.acting, _people(request.POST), language=language, on=request.on, now=request.now
    )
    answer = HttpResponse(printed, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="letters.pdf"'
    return answer


def _told(counts: tuple[Count, ...]) -> list[Count]:
    """Counts with their words, for a chart."""
    return [replace(count, label=say(page_language(), count.near)) for count in counts]


def _filters(given: QueryDict) -> Filters:
    return Filters(**{name: given.get(name, "") for name in Filters.__dataclass_fields__})


def _back(given: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    kept.update(_filters(given).told())
    return kept.urlencode()


def _people(given: QueryDict) -> list[UUID]:
    try:
        return [UUID(text) for text in given.getlist("person")]
    except ValueError:
        raise NotPossibleError("nobody_chosen") from None
