"""The addresses of lists; a list is a random number."""

from django.urls import URLPattern, path

from safar.desk.intake.deciding import decide, decide_all, decide_row
from safar.desk.intake.views import bring, columns, copy, forget, listed, lists, progress, run, stop

urlpatterns: list[URLPattern] = [
    path("intake/", lists, name="intake"),
    path("intake/bring/", bring, name="intake_bring"),
    path("intake/<uuid:intake_id>/", listed, name="intake_list"),
    path("intake/<uuid:intake_id>/progress/", progress, name="intake_progress"),
    path("intake/<uuid:intake_id>/columns/", columns, name="intake_columns"),
    path("intake/<uuid:intake_id>/run/", run, name="intake_run"),
    path("intake/<uuid:intake_id>/stop/", stop, name="intake_stop"),
    path("intake/<uuid:intake_id>/copy/", copy, name="intake_copy"),
    path("intake/<uuid:intake_id>/forget/", forget, name="intake_forget"),
    path("intake/<uuid:intake_id>/decide/", decide, name="intake_decide"),
    path("intake/<uuid:intake_id>/decide/all/", decide_all, name="intake_decide_all"),
    path("intake/<uuid:intake_id>/decide/<int:row>/", decide_row, name="intake_decide_row"),
]
