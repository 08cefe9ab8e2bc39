"""The addresses of pairs."""

from django.urls import URLPattern, path

from safar.desk import hidden  # noqa: F401 - makes <hidden:…> known
from safar.desk.pairs.views import pair, pairs, split

urlpatterns: list[URLPattern] = [
    path("pairs/", pairs, name="pairs"),
    path("pairs/<hidden:pair_id>/", pair, name="pair"),
    path("pairs/joined/<hidden:merge_id>/split/", split, name="pair_split"),
]
