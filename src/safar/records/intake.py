"""Lists that were brought: their contents while they are worked on, and how their columns were read before."""

from django.db import models

from safar.records.organisations import Organisation
from safar.records.work import Intake


class IntakeFile(models.Model):
    """What a list holds, sealed: its cells, and what a dry run found. Deleted when the list is forgotten."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="files")
    kind = models.TextField()  # cells, check
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intake", "kind"], name="intake_file_once")]


class IntakeMapping(models.Model):
    """How an organisation's lists with these heads were read the last time."""

    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    heads = models.TextField()  # hash of the set of heads
    mapping = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "heads"], name="intake_mapping_once")]
