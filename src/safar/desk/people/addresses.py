"""The addresses of people. Nothing personal stands in them: a person is a random number, a search comes by POST."""

from django.urls import URLPattern, path

from safar.desk import hidden  # noqa: F401 - makes <hidden:…> known
from safar.desk.pairs.views import compare
from safar.desk.people.entries import entry
from safar.desk.people.homes import homes
from safar.desk.people.registering import alike, new
from safar.desk.people.views import answer, assign, document, facts, history, people, person, withdraw

urlpatterns: list[URLPattern] = [
    path("people/", people, name="people"),
    path("people/new/", new, name="person_new"),
    path("people/new/alike/", alike, name="person_alike"),
    path("people/homes/", homes, name="person_homes"),
    path("people/<uuid:person_id>/", person, name="person"),
    path("people/<uuid:person_id>/history/", history, name="person_history"),
    path("people/<uuid:person_id>/facts/<slug:group>/", facts, name="person_facts"),
    path("people/<uuid:person_id>/answer/", answer, name="person_answer"),
    path("people/<uuid:person_id>/assign/", assign, name="person_assign"),
    path("people/<uuid:person_id>/compare/", compare, name="person_compare"),
    path("people/<uuid:person_id>/documents/<hidden:row>/", document, name="person_document"),
    path("people/<uuid:person_id>/statements/<hidden:row>/withdraw/", withdraw, name="person_withdraw"),
    path("people/<uuid:person_id>/<slug:what>/", entry, name="person_entry"),
    path("people/<uuid:person_id>/<slug:what>/<hidden:row>/", entry, name="person_entry_row"),
]
