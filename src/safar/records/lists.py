"""Lists that people are checked against: who may not enter, who is on the register of controlled persons."""

from django.db import models

from safar.records.organisations import Officer, Organisation

LIST_KINDS = ("entry_ban", "controlled")


class WatchList(models.Model):
    """A list as a register got it, sealed. When a later one of the same source comes, the entries are forgotten."""

    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.TextField(choices=[(kind, kind) for kind in LIST_KINDS])
    source = models.TextField()  # whose list it is, in the words of whoever brought it
    list_of = models.DateField()  # the day the list speaks of
    rows = models.IntegerField()
    digest = models.TextField()
    content = models.BinaryField(null=True)  # a sealed table; null: forgotten
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "kind", "digest", "list_of"], name="watchlist_once")
        ]
        indexes = [models.Index(fields=["register", "kind", "source", "-list_of"], name="watchlist_latest")]
