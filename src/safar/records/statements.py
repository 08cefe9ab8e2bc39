"""Statements: who said what, when, how sure it is and on what evidence; and the journeys told in them."""

from django.db import models
from django.db.models import F, Q

from safar.records.organisations import Officer
from safar.records.people import Document, Person

SAID_BY = ("person", "family", "document", "authority", "employer", "officer", "list")
SURENESS = ("sure", "likely", "doubtful")


class Statement(models.Model):
    """One telling of facts about a person. Later ones speak instead of earlier ones; none is ever overwritten."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="statements")
    facts = models.JSONField(default=dict)  # {contract name: value as in the contract, or "none"}
    said_by = models.TextField(choices=[(who, who) for who in SAID_BY])
    said_on = models.DateField()
    sureness = models.TextField(default="sure", choices=[(how, how) for how in SURENESS])
    evidence = models.TextField(blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    intake = models.ForeignKey("records.Intake", models.PROTECT, null=True, related_name="statements")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "said_on", "id"], name="statement_order")]


class Journey(models.Model):
    """One way from home to work and back."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="journeys")
    state = models.TextField()  # planned, under_way, ended
    destination = models.TextField(blank=True)
    region = models.TextField(blank=True)
    purpose = models.TextField(blank=True)
    left_home_on = models.DateField(null=True)
    back_home_on = models.DateField(null=True)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="journeys")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(back_home_on__isnull=True)
                | Q(left_home_on__isnull=True)
                | Q(back_home_on__gte=F("left_home_on")),
                name="journey_forward",
            )
        ]


class Stay(models.Model):
    """A time in a country. ``still_there``: true, false, or null where nobody knows whether they left."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="stays")
    country = models.CharField(max_length=2)
    entered_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    still_there = models.BooleanField(null=True)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="stays")
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True)
                | Q(entered_on__isnull=True)
                | Q(left_on__gte=F("entered_on")),
                name="stay_forward",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(still_there=False), name="stay_left_or_there"
            ),
        ]


class Offence(models.Model):
    """A decision of an authority about a breach."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="offences")
    country = models.CharField(max_length=2)
    kind = models.TextField()  # stay, work, other
    decided_on = models.DateField()
    expelled = models.BooleanField(null=True)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="offences")
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")


class Consent(models.Model):
    """A yes of the person: which fields, to whom, for what, until when. It can be taken back."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    purpose = models.TextField()
    recipient = models.ForeignKey("records.Organisation", models.PROTECT, null=True, related_name="+")
    fields = models.JSONField(default=list)
    given_on = models.DateField()
    until = models.DateField(null=True)  # the first day without it
    how = models.TextField()  # signed, spoken, thumbprint
    withdrawn_on = models.DateField(null=True)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="consents")


class Check(models.Model):
    """One look at a list (entry bans, controlled persons): who asked, what came out, how sure."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="checks")
    watch_list = models.ForeignKey("records.WatchList", models.PROTECT, null=True, related_name="checks")
    kind = models.TextField(default="entry_ban")  # entry_ban, controlled
    list_name = models.TextField()  # whose list it is
    list_of = models.DateField()  # the day the list is of
    result = models.TextField()  # certain, possible, none
    probability = models.FloatField(null=True)
    reasons = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    entry_sealed = models.BinaryField(null=True)  # whom the list names there, as it was found
    decided = models.TextField(blank=True)  # same, different: whether an officer held them for one person
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["person", "-asked_at"], name="check_latest"),
            models.Index(
                fields=["-asked_at"],
                condition=Q(result__in=["certain", "possible"], decided=""),
                name="check_open",
            ),
        ]
