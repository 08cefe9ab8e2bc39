"""The Django app of the records."""

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
    from safar.records.history import EVENTS, LANES, Reading
    from safar.records.walls import everything

    history: list[str] = [event._meta.db_table for event in EVENTS]
    history.append(Reading._meta.db_table)
    with connections[using].cursor() as cursor:
        cursor.execute(everything(history, LANES))
