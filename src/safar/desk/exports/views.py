"""People out as a file: what, for what, to whom; how many that would be; the file itself."""

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from safar.casework.exporting import WHAT, Wanted, columns_of, export_page, export_people, purposes
from safar.casework.today import Filters
from safar.desk.ui.language import page_language
from safar.desk.working import OfficerRequest, signed_in
from safar.words import say


@require_GET
@signed_in
def exports(request: OfficerRequest) -> HttpResponse:
    """What can be taken out, and how many it would be."""
    page = export_page(request.acting, _wanted(request.GET), on=request.on)
    columns = [say(page_language(), f"exports.column.{name}") for name in page.columns]
    return render(request, "desk/exports/exports.html", {"page": page, "columns": columns})


@require_POST
@signed_in
def take(request: OfficerRequest) -> HttpResponseBase:
    """The file, piece by piece as it is read."""
    wanted = _wanted(request.POST)
    export = export_people(
        request.acting,
        wanted,
        heads=_heads(request, wanted),
        language=page_language(),
        on=request.on,
        now=request.now,
    )
    answer = StreamingHttpResponse(export.pieces, content_type=export.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{export.name}"'
    return answer


def _wanted(given: QueryDict) -> Wanted:
    recipient = given.get("recipient", "")
    return Wanted(
        what=given.get("what", WHAT[0]),
        purpose=given.get("purpose", "casework"),
        form=given.get("form", "xlsx"),
        filters=Filters(**{name: given.get(name, "") for name in Filters.__dataclass_fields__}),
        recipient_id=int(recipient) if recipient.isdecimal() else None,
    )


def _heads(request: OfficerRequest, wanted: Wanted) -> Mapping[str, str]:
    """The words over the columns, in the language of the page."""
    purpose = purposes().get(wanted.purpose)
    if purpose is None or wanted.what not in WHAT:
        return {}
    columns = columns_of(request.acting, purpose, wanted.what)
    return {name: say(page_language(), f"exports.column.{name}") for name in columns}
