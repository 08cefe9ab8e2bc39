"""How many people need somebody in each place, as far as an officer may know it.

Whoever sees people is told the numbers of their own area. Whoever sees only statistics is told the night's figures,
which go down to the district and leave out what is small.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Count, Sum

from safar.casework.access import END, Acting, in_scope, needs_of
from safar.casework.counting import path_steps
from safar.records.models import Figure, Organisation, Tally

WIDE_KINDS = ("donor", "programme")  # organisations that see figures of all registers together
Why = Literal["", "outside", "withheld", "finer", "never"]


@dataclass(frozen=True)
class Number:
    """People who need somebody; None with the reason why it is not told."""

    people: int | None
    why: Why = ""


@dataclass(frozen=True)
class PlaceNumbers:
    """``by_path``: people by path, None where withheld; places that are not in it have nobody.

    ``area``: the path that numbers are told of, in it and of it. ``deepest``: steps of the finest path told.
    """

    by_path: Mapping[str, int | None]
    area: str
    deepest: int
    reckoned_on: date | None

    def of(self, path: str) -> Number:
        """The number of a place."""
        if self.reckoned_on is None:
            return Number(None, "never")
        if not (path.startswith(self.area) or self.area.startswith(path)):
            return Number(None, "outside")
        if path.count(".") > self.deepest:
            return Number(None, "finer")
        people = self.by_path.get(path, 0)
        return Number(people, "withheld" if people is None else "")


def numbers_for(acting: Acting, district: str = "") -> PlaceNumbers:
    """The numbers for an officer: districts and what they lie in, and with the path of a ``district`` what is in it."""
    if acting.role.sees_people:
        return _of_scope(acting, district)
    figures = Figure.objects.filter(register=figures_register(acting), kind__in=["place", "whole"])
    latest = figures.order_by("-on").values_list("on", flat=True).first()
    if latest is None:
        return PlaceNumbers({}, "", 3, None)
    told = figures.filter(on=latest, kind="place").values_list("key", "people")
    return PlaceNumbers(dict(told), "", 3, latest)


def figures_register(acting: Acting) -> int | None:
    """The register whose figures an officer without people sees; None for all registers together."""
    kind = Organisation.objects.values_list("kind", flat=True).get(id=acting.organisation_id)
    return None if kind in WIDE_KINDS else acting.register_id


def _of_scope(acting: Acting, district: str) -> PlaceNumbers:
    tallies = Tally.objects.filter(in_scope(acting))
    found: dict[str, int] = {}
    counted = tallies.exclude(danger="").values_list("home_path").annotate(people=Sum("people"))
    for home_path, people in counted:
        for path in path_steps(home_path):
            found[path] = found.get(path, 0) + people
    if district:
        inside = needs_of(acting).filter(first=True, home_path__gt=district, home_path__lt=district + END)
        for home_path, people in inside.values_list("home_path").annotate(people=Count("id")):
            steps = home_path.rstrip(".").split(".")
            for depth in range(4, len(steps) + 1):
                path = ".".join(steps[:depth]) + "."
                found[path] = found.get(path, 0) + people
    latest = tallies.values_list("reckoned_on", flat=True).first()
    return PlaceNumbers(found, acting.place_path, 5 if district else 3, latest)
