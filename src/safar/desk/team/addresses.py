"""The addresses of the team."""

from django.urls import path

from safar.desk.team.views import hand, team

urlpatterns = [
    path("team/", team, name="team"),
    path("team/hand-over/", hand, name="team_hand"),
]
