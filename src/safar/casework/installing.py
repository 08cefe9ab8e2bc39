"""What an installation begins with: places, organisations, officers and what they may do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from safar.atlas import Places
from safar.base import DataError
from safar.casework.access import roles
from safar.records.apps import put_up_walls, walls_stand
from safar.records.models import Grant, Officer, Organisation, Person, Place

SAME = (
    "path", "level", "kind", "codes", "valid_from", "valid_until", "lat", "lon", "population", "population_year",
    "population_source", "source", "note",
)  # fmt: skip


def mend_walls() -> None:
    """Put up the walls of this code where those in the database are older. Needs the owner of the tables."""
    if not walls_stand():
        put_up_walls(using="default")


def is_empty() -> bool:
    """Whether nobody has ever been registered here."""
    return not Person.objects.exists()


@transaction.atomic
def install_places(places: Places) -> int:
    """All places down to communities, new or as they are now; the number of them."""
    kept = [place for place in places if place.level != "settlement"]
    rows = [
        Place(
            id=place.id,
            parent_id=place.parent,
            merged_into_id=place.merged_into,
            names=dict(place.names),
            name_how=dict(place.name_how),
            former_names=[asdict(name) for name in place.former_names],
            **{name: getattr(place, name) for name in SAME if name != "codes"},
            codes=dict(place.codes),
        )
        for place in kept
    ]
    fields = [field.attname for field in Place._meta.concrete_fields if not field.primary_key]
    Place.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[name.removesuffix("_id") for name in fields],
    )
    return len(rows)


@transaction.atomic
def install_organisations(told: Iterable[Mapping[str, Any]]) -> None:
    """Organisations by code, in an order in which a register comes before its branches."""
    for each in told:
        register = _organisation(each["register"]) if "register" in each else None
        Organisation.objects.update_or_create(
            code=each["code"],
            defaults={
                "names": dict(each["names"]),
                "kind": each["kind"],
                "country": each["country"],
                "register": register,
                "place_id": each.get("place"),
            },
        )


@transaction.atomic
def install_officers(told: Sequence[Mapping[str, Any]], *, password: str, on: date) -> None:
    """Officers by user name, each with one role; who is there already keeps their password."""
    hashed = make_password(password)
    for each in told:
        if each["role"] not in roles():
            raise DataError(f"{each['username']}: there is no role {each['role']!r} in content/roles")
        officer, new = Officer.objects.get_or_create(
            username=each["username"],
            defaults={"name": each["name"], "language": each["language"], "password": hashed},
        )
        if new:
            Grant.objects.create(
                officer=officer,
                organisation=_organisation(each["organisation"]),
                role=each["role"],
                place_id=each.get("place"),
                regions=list(each.get("regions", ())),
                starts_on=on,
            )


def _organisation(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise DataError(f"there is no organisation {code!r}; name it before those that need it")
    return found
