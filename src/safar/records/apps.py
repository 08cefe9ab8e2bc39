"""The Django app of the records."""

import hashlib
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class Records(AppConfig):
    """Tables and their history."""

    name = "safar.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put up the walls after every migration."""
        post_migrate.connect(put_up_walls, sender=self)


def put_up_walls(*, using: str, **_: Any) -> None:
    """Row-level security, seals and grants: the same after every migration, whatever it changed."""
    told = _walls()
    with connections[using].cursor() as cursor:
        cursor.execute(told)
        cursor.execute(f"COMMENT ON TABLE records_chain IS '{_digest(told)}'")


def walls_stand(using: str = "default") -> bool:
    """Whether the walls in the database are those of this code."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT obj_description('records_chain'::regclass)")
        return bool(cursor.fetchone()[0] == _digest(_walls()))


def _walls() -> str:
    from safar.records.history import EVENTS, LANES, Reading
    from safar.records.walls import everything

    history: list[str] = [event._meta.db_table for event in EVENTS]
    return everything([*history, Reading._meta.db_table], LANES)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
