"""The addresses of figures."""

from django.urls import path

from safar.desk.figures.views import figures, figures_file

urlpatterns = [
    path("statistics/", figures, name="statistics"),
    path("statistics/figures.csv", figures_file, name="statistics_file"),
]
