"""The address of the nightly runs."""

from django.urls import path

from safar.desk.runs.views import runs

urlpatterns = [path("runs/", runs, name="runs")]
