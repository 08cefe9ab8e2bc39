"""Every look is written down: who, when, in which role, at whom or at what kind of list. Nothing personal is in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from safar.casework.access import Acting
from safar.records.models import Reading


def note_reading(
    acting: Acting,
    action: str,
    *,
    now: datetime,
    person_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """One look: ``action`` is open_person, search, list, export, print, emergency."""
    Reading.objects.create(
        at=now,
        officer_id=acting.officer_id,
        register_id=acting.register_id,
        role=acting.role.name,
        action=action,
        person=person_id,
        detail=dict(detail or {}),
    )
