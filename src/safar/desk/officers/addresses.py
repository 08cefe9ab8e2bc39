"""The addresses of officers."""

from django.urls import URLPattern, path

from safar.desk import hidden  # noqa: F401 - makes <hidden:…> known
from safar.desk.officers import views

urlpatterns: list[URLPattern] = [
    path("officers/", views.officers, name="officers"),
    path("officers/new/", views.new, name="officer_new"),
    path("officers/<hidden:officer_id>/", views.officer, name="officer"),
    path("officers/<hidden:officer_id>/role/", views.give_role, name="officer_role"),
    path("officers/<hidden:officer_id>/invite/", views.invite, name="officer_invite"),
    path("officers/<hidden:officer_id>/second-factor/", views.second_factor, name="officer_second_factor"),
    path("officers/<hidden:officer_id>/deactivate/", views.deactivate, name="officer_deactivate"),
    path("officers/<hidden:officer_id>/activate/", views.activate, name="officer_activate"),
    path("officers/roles/<hidden:grant_id>/revoke/", views.revoke, name="grant_revoke"),
    path("role/", views.switch, name="role_switch"),
]
