"""The addresses of files out. What stands in them are filters, never a person."""

from django.urls import URLPattern, path

from safar.desk.exports.views import exports, take

urlpatterns: list[URLPattern] = [
    path("exports/", exports, name="export"),
    path("exports/take/", take, name="export_take"),
]
