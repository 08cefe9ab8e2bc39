"""The addresses of places. An id of a place holds letters, digits and hyphens."""

from django.urls import path

from safar.desk.places.views import place, places

urlpatterns = [
    path("places/", places, name="places"),
    path("places/<slug:place_id>/", place, name="place"),
]
