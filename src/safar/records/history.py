"""The history: every change as an event that is only ever added, and every look at a person.

Events are written by triggers, so raw and bulk changes are caught too. Each is sealed with a hash over itself and
the one before it; seals.py holds the trigger that does it.
"""

from typing import Any, ClassVar

import pghistory
import pghistory.models
from django.contrib.postgres.indexes import BTreeIndex
from django.db import models

from safar.records import organisations, people, places, statements, work

LANES = 32  # chains side by side, so that two officers seldom wait for each other


class Sealed(models.Model):
    """A place in a chain: lane, number in it, the hash of this row and the seal before it, how many columns it had."""

    lane = models.SmallIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    seal = models.BinaryField(default=b"")
    width = models.SmallIntegerField(default=0)

    class Meta:
        abstract = True


class SealedEvent(Sealed, pghistory.models.Event):
    """An event of pghistory with a seal."""

    class Meta:
        abstract = True


class Chain(models.Model):
    """The head of each lane. The secret signs heads within a transaction; only the owner of the tables reads it."""

    lane = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    seal = models.BinaryField()
    secret = models.BinaryField()


class Reading(Sealed):
    """Somebody looked: at a person, a list, a search (as keyed hash), an export. Nothing personal is written here."""

    at = models.DateTimeField()
    officer = models.ForeignKey(
        organisations.Officer, models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    register = models.ForeignKey(
        organisations.Organisation, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    role = models.TextField()
    action = models.TextField()  # open_person, search, list, export, print, emergency, invite_officer, …
    person = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            BTreeIndex(
                fields=["person", "-at"], name="reading_person", condition=models.Q(person__isnull=False)
            ),
            BTreeIndex(fields=["register", "-at"], name="reading_register"),
            BTreeIndex(fields=["officer", "-at"], name="reading_officer"),
            BTreeIndex(fields=["lane", "seq"], name="reading_seal"),
        ]


TRACKED: tuple[type[models.Model], ...] = (
    places.Place,
    organisations.Organisation,
    organisations.Officer,
    organisations.Grant,
    organisations.Emergency,
    people.Person,
    people.PersonName,
    people.Document,
    people.Phone,
    people.Household,
    people.Member,
    people.Merge,
    statements.Statement,
    statements.Journey,
    statements.Stay,
    statements.Offence,
    statements.Consent,
    statements.Check,
    work.Intake,
)
NOT_TOLD: dict[str, list[str]] = {
    "Officer": ["password", "last_login"],
    "PersonName": ["keys"],
    "Intake": ["done_rows"],
}


def _event_of(tracked: type[models.Model]) -> type[models.Model]:
    name = f"{tracked.__name__}Event"
    meta: dict[str, Any] = {
        "indexes": [
            models.Index(fields=["pgh_obj", "pgh_id"], name=f"{name.lower()}_obj"),
            models.Index(fields=["lane", "seq"], name=f"{name.lower()}_seal"),
        ]
    }
    return pghistory.create_event_model(
        tracked,
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=NOT_TOLD.get(tracked.__name__),
        model_name=name,
        base_model=SealedEvent,
        obj_field=pghistory.ObjForeignKey(db_index=False, related_name="events"),
        meta=meta,
        attrs={"__module__": __name__},
        abstract=False,
    )


EVENTS: tuple[type[models.Model], ...] = tuple(_event_of(tracked) for tracked in TRACKED)
EVENT_OF = dict(zip(TRACKED, EVENTS, strict=True))
