"""People: who they are, under which names, with which papers, in which household."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from safar.records.organisations import Officer, Organisation
from safar.records.places import Place


class Person(models.Model):
    """A person in one register. ``facts`` are what the statements about them come to, in the contract's names.

    The id is random, so that nothing can be learned from it. ``home_path`` and ``region`` repeat what scope needs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.TextField(unique=True)  # said on the telephone, printed on letters
    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    home = models.ForeignKey(Place, models.PROTECT, null=True, related_name="people")
    home_path = models.TextField(db_collation="C", default="")
    destination = models.TextField(blank=True)  # RU, KZ
    region = models.TextField(blank=True)  # ISO 3166-2, where they live there
    sex = models.TextField(blank=True)
    birth_date = models.DateField(null=True)
    birth_precision = models.TextField(default="unknown")  # day, month, year, unknown
    facts = models.JSONField(default=dict)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    assigned_to = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="people")
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=["", "male", "female"]), name="person_sex"),
            models.CheckConstraint(
                condition=Q(birth_precision__in=["day", "month", "year", "unknown"]), name="person_birth"
            ),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="person_merged_into_other"),
        ]
        indexes = [
            models.Index(fields=["register", "home_path"], name="person_scope"),
            models.Index(fields=["register", "region"], name="person_region"),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_merged"
            ),
            models.Index(fields=["assigned_to"], condition=Q(assigned_to__isnull=False), name="person_taken"),
        ]


class PersonName(models.Model):
    """A name as somebody wrote it; never overwritten. ``keys`` find it from any spelling in any script."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="names")
    surname = models.TextField(blank=True)
    given_name = models.TextField(blank=True)
    patronymic = models.TextField(blank=True)
    script = models.TextField()  # Cyrl, Latn
    kind = models.TextField(default="common")  # passport, birth, married, common
    used_from = models.DateField(null=True)
    used_until = models.DateField(null=True)
    shown = models.BooleanField(default=False)  # the one on lists and letters
    keys = ArrayField(models.TextField(), default=list)
    statement = models.ForeignKey("records.Statement", models.PROTECT, related_name="names")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(surname="", given_name=""), name="name_is_something"),
            models.UniqueConstraint(fields=["person"], condition=Q(shown=True), name="one_shown_name"),
        ]
        indexes = [GinIndex(fields=["keys"], name="name_keys", fastupdate=False)]


class Document(models.Model):
    """An identity document. The number is sealed; ``number_key`` is a keyed hash that finds it again."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="documents")
    kind = models.TextField()  # passport, id_card, birth_certificate, patent, migration_card, permit
    country = models.CharField(max_length=2, blank=True)
    number_sealed = models.BinaryField()
    number_key = models.BinaryField(max_length=32)
    issued_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    statement = models.ForeignKey("records.Statement", models.PROTECT, related_name="documents")

    class Meta:
        indexes = [models.Index(fields=["number_key"], name="document_number")]


class Phone(models.Model):
    """A telephone number, digits with country code. A family may share one."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="phones")
    number = models.TextField()
    whose = models.TextField(default="own")  # own, family, abroad
    statement = models.ForeignKey("records.Statement", models.PROTECT, related_name="phones")

    class Meta:
        indexes = [models.Index(fields=["number"], name="phone_number")]


class Household(models.Model):
    """Who lives together at home."""

    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    home = models.ForeignKey(Place, models.PROTECT, null=True, related_name="households")
    home_path = models.TextField(db_collation="C", default="")
    code = models.TextField(blank=True)  # the name it has in the list it came from


class Member(models.Model):
    """A person's place in a household, and how they stand to its head."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    relation = models.TextField(blank=True)  # head, spouse, child, parent, sibling, in_law, other
    statement = models.ForeignKey("records.Statement", models.PROTECT, related_name="members")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household", "person"], name="member_once")]


class Merge(models.Model):
    """Two records said to be one person. Nothing is moved: undoing it gives both back as they were."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    because = models.TextField()
    needs_since = models.JSONField(
        default=dict
    )  # {person: {danger: day}} before, so that parting gives it back
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    undone_because = models.TextField(blank=True)


class Pair(models.Model):
    """Two records that linkage holds for possibly one person, waiting for somebody to look."""

    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    two = models.ForeignKey(Person, models.CASCADE, related_name="+")
    probability = models.FloatField()
    reasons = models.JSONField()  # [{field, level, bits}]
    found_on = models.DateField()
    decided = models.TextField(blank=True)  # same, different, unsure
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "two"], name="pair_once")]
        indexes = [models.Index(fields=["-probability"], condition=Q(decided=""), name="pair_open")]
