"""The addresses of emergencies."""

from django.urls import URLPattern, path

from safar.desk import hidden  # noqa: F401 - makes <hidden:…> known
from safar.desk.emergency import views

urlpatterns: list[URLPattern] = [
    path("emergency/", views.ask, name="emergency"),
    path("emergencies/", views.emergencies, name="emergencies"),
    path("emergencies/<hidden:emergency_id>/review/", views.review, name="emergency_review"),
]
