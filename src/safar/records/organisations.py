"""Organisations, the officers who work in them, and what each may do there."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from safar.records.places import Place

KINDS = ("authority", "consular", "ngo", "international", "medical", "donor", "programme")


class Organisation(models.Model):
    """Who works with Safar. ``register`` is the organisation whose files it works in: its own, or its ministry's.

    Files of one register do not exist for another.
    """

    code = models.TextField(unique=True)
    names = models.JSONField()  # {language: name}
    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    country = models.CharField(max_length=2)
    register = models.ForeignKey("self", models.PROTECT, null=True, related_name="branches")
    place = models.ForeignKey(Place, models.PROTECT, null=True)


class Officers(BaseUserManager["Officer"]):
    """Creates officers; there is no way to sign up."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "Officer":
        """An officer with a password; without one, nobody can sign in as them yet."""
        officer = self.model(username=self.model.normalize_username(username), **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class Officer(AbstractBaseUser):
    """A person who signs in."""

    username = models.TextField(unique=True)
    name = models.TextField()
    email = models.EmailField(null=True, blank=True)
    language = models.CharField(max_length=2, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)

    objects = Officers()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """What an officer may do: a role in an organisation, for homes under a place or for regions of destination.

    Both empty means all of the organisation's register.
    """

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="grants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="grants")
    role = models.TextField()
    place = models.ForeignKey(Place, models.PROTECT, null=True)
    regions = ArrayField(models.TextField(), default=list)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the first day without it
    given_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="given_grants")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="grant_period"
            ),
        ]


class Emergency(models.Model):
    """Access to one person outside one's places, for a reason, until an hour; a supervisor is told."""

    person = models.ForeignKey("records.Person", models.PROTECT, related_name="emergencies")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="emergencies")
    register = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.TextField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    verdict = models.TextField(blank=True)  # justified, not_justified
    remark = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="emergency_has_a_reason")]
