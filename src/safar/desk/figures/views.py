"""The page of figures, and the same as a table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safar.casework.figures import figures_page
from safar.casework.figures_table import figures_csv
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.words import write_day

SHOWN_NIGHTS = 10  # as columns; the table has all of them


@require_GET
@signed_in
def figures(request: OfficerRequest) -> HttpResponse:
    """Counts by place, way, danger, day, sex and age, and the nights before."""
    page = figures_page(request.acting, now=request.now, language=page_language())
    nights = [
        {"label": write_day(page_language(), night.on, "short"), "value": night.needing or 0}
        for night in page.nights[-SHOWN_NIGHTS:]
    ]
    return render(request, "desk/figures/figures.html", {"page": page, "nights": nights})


@require_GET
@signed_in
def figures_file(request: OfficerRequest) -> HttpResponse:
    """The counts as CSV."""
    table = figures_csv(request.acting, now=request.now, language=page_language())
    answer = HttpResponse(table, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="safar-figures-{request.on.isoformat()}.csv"'
    return answer
