"""A small register in a real PostgreSQL: places, organisations, officers. Tests work as the role safar_app."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from safar.casework.access import Acting, acting_as, opened
from safar.records.models import Grant, Officer, Organisation, Place

ON = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

PLACES = {
    "TJ": "TJ.", "TJ-SU": "TJ.SU.", "TJ-SU-ISF": "TJ.SU.ISF.", "TJ-SU-ISF-U01": "TJ.SU.ISF.U01.",
    "TJ-SU-ISF-001": "TJ.SU.ISF.U01.001.", "TJ-SU-ASH": "TJ.SU.ASH.", "TJ-SU-ASH-001": "TJ.SU.ASH.U01.001.",
    "TJ-KH": "TJ.KH.", "TJ-KH-KUL": "TJ.KH.KUL.", "TJ-KH-KUL-001": "TJ.KH.KUL.U01.001.",
    "KG": "KG.", "KG-OS": "KG.OS.", "KG-OS-OSH-001": "KG.OS.OSH.U01.001.",
}  # fmt: skip
LEVELS = ("country", "province", "district", "unit", "community")
# code: kind, country, register, place
ORGANISATIONS = {
    "TJ-MS": ("authority", "TJ", None, "TJ"),
    "TJ-MS-ISF": ("authority", "TJ", "TJ-MS", "TJ-SU-ISF"),
    "TJ-CONS-YEK": ("consular", "TJ", "TJ-MS", None),
    "KG-NGO-OSH": ("ngo", "KG", None, "KG-OS"),
    "EU": ("donor", "BE", None, None),
}
# username: organisation, role, place, regions
OFFICERS = {
    "isfara": ("TJ-MS-ISF", "officer", "TJ-SU-ISF", []),
    "sughd": ("TJ-MS", "supervisor", "TJ-SU", []),
    "kulob": ("TJ-MS", "officer", "TJ-KH-KUL", []),
    "consul": ("TJ-CONS-YEK", "consul", None, ["RU-SVE", "RU-CHE"]),
    "lawyer": ("KG-NGO-OSH", "lawyer", None, []),
    "donor": ("EU", "donor", None, []),
    "admin": ("TJ-MS", "administrator", None, []),
}


PASSWORD = "a long enough password"


@cache
def _hashed() -> str:
    """Slow on purpose, so once for all of them."""
    return make_password(PASSWORD)


def furnish() -> None:
    """Places, organisations and officers, each with one role."""
    for place_id, path in PLACES.items():
        Place.objects.create(
            id=place_id, path=path, level=LEVELS[path.count(".") - 1], kind="", names={"en": place_id}
        )
    made: dict[str, Organisation] = {}
    for code, (kind, country, register_code, place) in ORGANISATIONS.items():
        made[code] = Organisation.objects.create(
            code=code, names={"en": code}, kind=kind, country=country, place_id=place,
            register=made[register_code] if register_code else None,
        )  # fmt: skip
    for username, (organisation, role, place, regions) in OFFICERS.items():
        officer = Officer.objects.create(username=username, password=_hashed(), name=username.title())
        Grant.objects.create(
            officer=officer, organisation=made[organisation], role=role, place_id=place, regions=regions,
            starts_on=date(2026, 1, 1),
        )  # fmt: skip


@pytest.fixture
def register(db: None) -> dict[str, Acting]:
    """The officers at work, by username, on ON; the rest of the test runs as safar_app."""
    furnish()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE safar_app")
    return {
        username: acting_as(Officer.objects.get(username=username).pk, on=ON, now=NOW)
        for username in OFFICERS
    }


@pytest.fixture
def system(register: dict[str, Acting]) -> Callable[[], Iterator[None]]:
    """A stretch of a test that runs as the role of the night."""

    @contextmanager
    def night() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE safar_system")
            try:
                yield
            finally:
                cursor.execute("SET LOCAL ROLE safar_app")

    return night


@pytest.fixture
def working(register: dict[str, Acting]) -> Callable[..., object]:
    """``with working("isfara") as acting:`` a stretch of a test in which that officer is at work."""

    @contextmanager
    def at_work(username: str) -> Iterator[Acting]:
        officer = Officer.objects.get(username=username)
        acting = acting_as(officer.pk, on=ON, now=NOW)
        with opened(acting, "test"):
            yield acting

    return at_work
