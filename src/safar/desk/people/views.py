"""People are found, a person's page is shown, facts and answers are told."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safar.casework.errors import NotPossibleError
from safar.casework.people import state_facts, withdraw_statement
from safar.casework.person.found import people_page
from safar.casework.person.history import history_page
from safar.casework.person.papers import show_document
from safar.casework.person.sheets import fact_sheet
from safar.casework.today import assign_people
from safar.desk.people.answers import done, file_page, form_page, is_part, refuse
from safar.desk.people.forms import FactsForm
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def people(request: OfficerRequest) -> HttpResponse:
    """Search. What is typed comes by POST, so that it stands in no address and no log."""
    page = people_page(
        request.acting,
        request.POST.get("q", ""),
        place=request.POST.get("place", ""),
        now=request.now,
        language=page_language(),
    )
    return render(
        request, "desk/people/found.html" if is_part(request) else "desk/people/people.html", {"page": page}
    )


@require_GET
@signed_in
def person(request: OfficerRequest, person_id: UUID) -> HttpResponse:
    """One person: the clock, what to do, all that was told. ``skip`` in the address names facts not to ask now."""
    skipped = tuple(name for name in request.GET.get("skip", "").split(",") if name)
    return file_page(request, person_id, skipped=skipped)


@require_GET
@signed_in
def history(request: OfficerRequest, person_id: UUID) -> HttpResponse:
    """What happened to the file, and who looked."""
    page = history_page(request.acting, person_id, now=request.now, language=page_language())
    return render(request, "desk/people/history.html", {"page": page})


@require_http_methods(["GET", "POST"])
@signed_in
def facts(request: OfficerRequest, person_id: UUID, group: str) -> HttpResponse:
    """Tell the facts of a group."""
    sheet = fact_sheet(request.acting, person_id, group, language=page_language())
    form = FactsForm(request.acting, sheet.fields, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            state_facts(
                request.acting, person_id, form.facts(), saying=form.saying(), on=request.on, now=request.now
            )
            return done(request, person_id, opened=group)
        except NotPossibleError as error:
            refuse(form, error)
    return form_page(request, "desk/people/facts.html", form, person_id, sheet=sheet)


@require_POST
@signed_in
def answer(request: OfficerRequest, person_id: UUID) -> HttpResponse:
    """The answer to the question that was asked; the clock moves at once."""
    sheet = fact_sheet(
        request.acting, person_id, "", language=page_language(), fact=request.POST.get("fact", "")
    )
    form = FactsForm(request.acting, sheet.fields, request.POST)
    if form.is_valid():
        try:
            state_facts(
                request.acting, person_id, form.facts(), saying=form.saying(), on=request.on, now=request.now
            )
            return done(request, person_id, opened="question")
        except NotPossibleError as error:
            refuse(form, error)
    return form_page(request, "desk/people/facts.html", form, person_id, sheet=sheet)


@require_POST
@signed_in
def document(request: OfficerRequest, person_id: UUID, row: int) -> HttpResponse:
    """The whole number of a document; that somebody looked is written down."""
    number = show_document(request.acting, person_id, row, now=request.now)
    return render(request, "desk/people/number.html", {"number": number, "person_id": person_id})


@require_POST
@signed_in
def withdraw(request: OfficerRequest, person_id: UUID, row: int) -> HttpResponse:
    """Take a statement back."""
    withdraw_statement(
        request.acting,
        person_id,
        row,
        because=request.POST.get("because", ""),
        on=request.on,
        now=request.now,
    )
    return done(request, person_id, opened="statements", saved="people.withdrawn")


@require_POST
@signed_in
def assign(request: OfficerRequest, person_id: UUID) -> HttpResponse:
    """Put an officer in charge; an empty one is nobody."""
    chosen = request.POST.get("officer", "")
    officer = request.acting.officer_id if chosen == "me" else int(chosen) if chosen.isdigit() else None
    assign_people(request.acting, [person_id], officer, on=request.on, now=request.now)
    return done(request, person_id, opened="header", saved="people.assigned")
