"""Counts that the night makes: by sex and age, night by night, and those that may leave the house."""

from django.db import models
from django.db.models import Q

from safar.records.organisations import Organisation


class Headcount(models.Model):
    """How many people by district, region, sex and age; held to scope like a tally."""

    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    home_path = models.TextField(db_collation="C")
    region = models.TextField(blank=True)
    sex = models.TextField(blank=True)  # male, female; empty: not known
    age = models.TextField(blank=True)  # under_18, from_18, …; empty: not known
    people = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["register", "home_path"], name="headcount_home")]


class NightCount(models.Model):
    """What one night counted in a district: for lines over time. The oldest are forgotten."""

    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    home_path = models.TextField(db_collation="C")
    region = models.TextField(blank=True)
    on = models.DateField()
    people = models.IntegerField()
    needing = models.IntegerField()  # who need somebody
    past = models.IntegerField()  # whose day has passed

    class Meta:
        indexes = [models.Index(fields=["register", "home_path", "on"], name="nightcount_home")]


class Figure(models.Model):
    """A count for whoever sees only statistics; none of them can be reckoned back to a few people.

    Without a register it is of the whole programme. ``people`` is null where the count is withheld.
    """

    register = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    kind = models.TextField()  # whole, sex, age, place, corridor, danger, near
    key = models.TextField(blank=True)
    people = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "on", "kind", "key"], name="figure_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(people=None) | ~Q(people__range=(1, 4)), name="figure_not_small"
            ),
        ]
