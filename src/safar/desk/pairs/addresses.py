"""The addresses of pairs."""

from django.urls import URLPattern, path

from safar.desk.pairs.views import pair, pairs, split

urlpatterns: list[URLPattern] = [
    path("pairs/", pairs, name="pairs"),
    path("pairs/<int:pair_id>/", pair, name="pair"),
    path("pairs/joined/<int:merge_id>/split/", split, name="pair_split"),
]
