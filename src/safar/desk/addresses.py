"""The addresses of the desk, one room after another."""

from django.urls import URLPattern, URLResolver, path

from safar.desk.exports.addresses import urlpatterns as exports
from safar.desk.figures.addresses import urlpatterns as figures
from safar.desk.gallery.views import gallery
from safar.desk.intake.addresses import urlpatterns as intake
from safar.desk.match.addresses import urlpatterns as match
from safar.desk.pairs.addresses import urlpatterns as pairs
from safar.desk.people.addresses import urlpatterns as people
from safar.desk.places.addresses import urlpatterns as places
from safar.desk.runs.addresses import urlpatterns as runs
from safar.desk.team.addresses import urlpatterns as team
from safar.desk.today.reminders import seen
from safar.desk.today.views import assign, letters, today
from safar.desk.ui.choices import choose_appearance, choose_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today, name="today"),
    path("today/assign/", assign, name="today_assign"),
    path("today/letters/", letters, name="today_letters"),
    path("today/seen/", seen, name="today_seen"),
    *people,
    *pairs,
    *intake,
    *exports,
    *places,
    *figures,
    *match,
    *runs,
    *team,
    path("language/", choose_language, name="choose_language"),
    path("appearance/", choose_appearance, name="choose_appearance"),
    path("gallery/", gallery, name="gallery"),
]
