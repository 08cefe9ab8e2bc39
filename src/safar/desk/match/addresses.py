"""The addresses of list checks."""

from django.urls import path

from safar.desk.match.views import bring, check_all, check_one, decide, match, show

urlpatterns = [
    path("match/", match, name="match"),
    path("match/lists/", bring, name="match_bring"),
    path("match/everybody/", check_all, name="match_everybody"),
    path("match/person/<uuid:person_id>/", check_one, name="match_person"),
    path("match/<hidden:check_id>/", show, name="match_check"),
    path("match/<hidden:check_id>/decide/", decide, name="match_decide"),
]
