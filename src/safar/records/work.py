"""What is to be done: who needs help, what changed since yesterday, files taken in, the steps of a night."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from safar.records.organisations import Officer, Organisation
from safar.records.people import Person


class Need(models.Model):
    """Why somebody should look at a person: one danger, its harm, the day to act by. Reckoned, never entered.

    Scope is repeated here (register, home_path, region), so that the first page reads this table alone.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="needs")
    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    home_path = models.TextField(db_collation="C")
    region = models.TextField(blank=True)
    corridor = models.TextField()  # TJ-RU
    danger = models.TextField()  # a class of content/triage
    harm = models.SmallIntegerField()
    priority = models.BigIntegerField()  # larger first: harm, then day
    first = models.BooleanField()  # the person's most pressing need
    left_out = models.SmallIntegerField(default=0)  # further dangers that have no row
    provision = models.TextField()
    status = models.TextField()
    act_by = models.DateField(null=True)
    amount_low = models.FloatField(null=True)
    amount_high = models.FloatField(null=True)
    currency = models.TextField(blank=True)
    ban_months = models.SmallIntegerField(null=True)
    because = models.TextField(blank=True)  # the fact that would decide
    assigned_to = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "danger"], name="need_once")]
        indexes = [
            models.Index(
                fields=["register", "-priority", "person"], condition=Q(first=True), name="need_order"
            ),
            models.Index(
                fields=["register", "home_path", "-priority"], condition=Q(first=True), name="need_home"
            ),
            models.Index(
                fields=["register", "region", "-priority"], condition=Q(first=True), name="need_region"
            ),
            models.Index(
                fields=["assigned_to", "-priority"], condition=Q(assigned_to__isnull=False), name="need_mine"
            ),
        ]


class Tally(models.Model):
    """How many people by place, region, danger and week: what charts and counts read."""

    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    home_path = models.TextField(db_collation="C")
    region = models.TextField(blank=True)
    corridor = models.TextField()
    danger = models.TextField()  # empty: people without a need
    week = models.SmallIntegerField(
        null=True
    )  # weeks from the day of reckoning to act_by; null without a day
    people = models.IntegerField()
    reckoned_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["register", "home_path"], name="tally_home")]


class Change(models.Model):
    """What became different for a person between two nights, and why."""

    on = models.DateField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="changes")
    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    home_path = models.TextField(db_collation="C")
    region = models.TextField(blank=True)
    danger = models.TextField()
    change = models.TextField()  # new, worse, better, solved
    cause = models.TextField(blank=True)  # day, fact, law
    harm = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["register", "on", "-harm"], name="change_day")]


class Intake(models.Model):
    """A file taken in. ``digest`` makes the same file twice one intake; ``done_rows`` is where a killed run goes on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place_path = models.TextField(db_collation="C", default="")
    name = models.TextField()
    digest = models.TextField()
    columns = ArrayField(models.TextField(), default=list)  # the heads as they stand in the file
    notes = models.JSONField(default=list)  # [{code, …}]: what was seen while it was read
    mapping = models.JSONField(default=dict)  # {our field: their column}
    list_of = models.DateField(null=True)  # the day of which the list speaks
    rows = models.IntegerField(default=0)
    done_rows = models.IntegerField(default=0)
    state = models.TextField(default="read")  # read, checking, checked, running, stopped, done, failed
    trouble = models.TextField(blank=True)  # code of what made it fail
    uploaded_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # {added, told, known, doubtful, refused}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "digest"], name="intake_once")]


class IntakeRow(models.Model):
    """What became of one row of a file."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="outcomes")
    row = models.IntegerField()  # as the spreadsheet counts
    row_key = models.BinaryField()  # keyed hash of what the row says
    outcome = models.TextField()  # added, told, known, doubtful, refused
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    errors = ArrayField(models.TextField(), default=list)  # field:code
    like = ArrayField(models.UUIDField(), default=list)  # people whom a doubtful row may mean
    decided = models.TextField(blank=True)  # same, different, unsure, left_out
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intake", "row"], name="intake_row_once")]
        indexes = [
            models.Index(fields=["row_key"], name="intake_row_key"),
            models.Index(fields=["intake", "outcome", "row"], name="intake_row_outcome"),
        ]


class Reminder(models.Model):
    """A day that is near, for the officer in charge of the person; made each night, gone with the need."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, models.CASCADE, related_name="reminders")
    danger = models.TextField()
    act_by = models.DateField()
    made_on = models.DateField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "person", "danger", "act_by"], name="reminder_once")
        ]
        indexes = [
            models.Index(fields=["officer", "act_by"], condition=Q(seen_at=None), name="reminder_open")
        ]


class Night(models.Model):
    """One run of the night's steps."""

    on = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    state = models.TextField(default="running")  # running, done, failed
    people = models.IntegerField(default=0)
    names_read = models.TextField(blank=True)  # digest of the reading that the search keys were made by


class NightStep(models.Model):
    """One step of a night: how many rows went in and came out, how long it took, what went wrong."""

    night = models.ForeignKey(Night, models.CASCADE, related_name="steps")
    name = models.TextField()
    state = models.TextField(default="waiting")  # waiting, running, done, failed
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    rows = models.IntegerField(null=True)
    trouble = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["night", "name"], name="step_once")]
