"""The address of who looked."""

from django.urls import URLPattern, path

from safar.desk.history.views import history

urlpatterns: list[URLPattern] = [path("history/", history, name="history")]
