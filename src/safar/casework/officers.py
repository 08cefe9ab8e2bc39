"""Officers and their roles: who is invited, what they may do where and until when, and who is let go.

An administrator manages the officers of their own register and learns nothing of any other. An officer belongs to one
register; whoever works in two has two sign-ins, so that nobody who manages the one gets into the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.crypto import get_random_string

from safar.casework.access import END, Acting, roles
from safar.casework.errors import NotAllowedError, NotPossibleError, NotThereError
from safar.casework.people import SPOKEN
from safar.casework.readings import note_reading
from safar.linkage import name_key
from safar.records.models import Grant, Officer, Organisation, Place

MANAGE = "manage_officers"


class _Invitations(PasswordResetTokenGenerator):
    """Links that are good once, and for as long as PASSWORD_RESET_TIMEOUT says."""

    key_salt = "safar.invitation"


_invitations = _Invitations()


@dataclass(frozen=True)
class Invited:
    """An officer who can now choose a password with this token; it is shown once and kept nowhere."""

    officer_id: int
    username: str
    name: str
    token: str


@dataclass(frozen=True)
class RoleGiven:
    """What an officer shall do: a role in an organisation, for a place or regions of destination, from when to when.

    ``ends_on`` is the first day without it.
    """

    role: str
    organisation_id: int
    starts_on: date
    ends_on: date | None = None
    place_id: str | None = None
    regions: Sequence[str] = field(default=())


# Inviting and letting go


def create_officer(
    acting: Acting, *, name: str, language: str, given: RoleGiven, on: date, now: datetime
) -> Invited:
    """A new officer with a first role, and the invitation by which they choose their password."""
    acting.require(MANAGE)
    name = " ".join(name.split())
    if not name:
        raise NotPossibleError("officer_name_needed")
    officer = Officer.objects.create_user(_new_username(name), name=name, language=language, joined_at=now)
    _write_grant(acting, officer, given, on=on)
    return _invite(acting, officer, now=now)


def invite_again(acting: Acting, officer_id: int, *, now: datetime) -> Invited:
    """A new invitation for somebody who lost it or forgot the password: the old password opens nothing any more."""
    officer = _other_officer(acting, officer_id)
    officer.set_unusable_password()
    officer.save(update_fields=["password"])
    _end_sessions(officer)
    return _invite(acting, officer, now=now)


def invited_officer(officer_id: int, token: str) -> Officer:
    """Whoever holds an invitation that is still good, or NotThereError."""
    officer = Officer.objects.filter(pk=officer_id, is_active=True).first()
    if officer is None or not _invitations.check_token(officer, token):
        raise NotThereError("invitation_not_there")
    return officer


def accept_invitation(officer_id: int, token: str, password: str) -> Officer:
    """Choose the first password, or a new one. NotPossibleError, with what Django found, where it is too weak."""
    officer = invited_officer(officer_id, token)
    try:
        validate_password(password, officer)
    except ValidationError as error:
        raise NotPossibleError(error.error_list[0].code or "password_weak") from None
    officer.set_password(password)
    officer.save(update_fields=["password"])
    return officer


def reset_second_factor(acting: Acting, officer_id: int, *, now: datetime) -> None:
    """For somebody who lost telephone, key and recovery codes: at the next sign-in they set up a new one."""
    officer = _other_officer(acting, officer_id)
    Authenticator.objects.filter(user=officer).delete()
    _end_sessions(officer)
    _note(acting, "reset_second_factor", officer, now=now)


def deactivate_officer(acting: Acting, officer_id: int, *, now: datetime) -> None:
    """Let somebody go: no role, no session, no sign-in. What they wrote stays under their name."""
    officer = _other_officer(acting, officer_id)
    _grants_in(acting).filter(officer=officer, revoked_at=None).update(revoked_at=now)
    officer.is_active = False
    officer.set_unusable_password()
    officer.save(update_fields=["is_active", "password"])
    _end_sessions(officer)
    _note(acting, "deactivate_officer", officer, now=now)


def activate_officer(acting: Acting, officer_id: int, *, now: datetime) -> Invited:
    """Take somebody back, who then needs roles anew."""
    officer = _other_officer(acting, officer_id)
    officer.is_active = True
    officer.save(update_fields=["is_active"])
    return _invite(acting, officer, now=now)


# Roles


def grant_role(acting: Acting, officer_id: int, given: RoleGiven, *, on: date, now: datetime) -> Grant:
    """Give a role. NotPossibleError where it clashes with one that is held at the same time, or reaches too far."""
    officer = _other_officer(acting, officer_id)
    if not officer.is_active:
        raise NotPossibleError("officer_inactive")
    grant = _write_grant(acting, officer, given, on=on)
    _note(acting, "grant_role", officer, now=now)
    return grant


def revoke_grant(acting: Acting, grant_id: int, *, now: datetime) -> Officer:
    """Take a role back, from this moment on."""
    acting.require(MANAGE)
    grant = _grants_in(acting).filter(pk=grant_id, revoked_at=None).select_related("officer").first()
    if grant is None:
        raise NotThereError("grant_not_there")
    if grant.officer_id == acting.officer_id:
        raise NotAllowedError("not_yourself")
    grant.revoked_at = now
    grant.save(update_fields=["revoked_at"])
    _note(acting, "revoke_grant", grant.officer, now=now)
    return grant.officer


def role_faults() -> Iterable[tuple[str, str]]:
    """Grants that contradict the rules, however they came about: what is wrong, and the grant's id.

    role_unknown, roles_clash (held at the same time), register_other (an officer of two registers).
    """
    held: dict[int, list[Grant]] = {}
    for grant in Grant.objects.filter(revoked_at=None).select_related("organisation").order_by("id"):
        earlier = held.setdefault(grant.officer_id, [])
        if grant.role not in roles():
            yield "role_unknown", str(grant.pk)
            continue
        if any(_clash(one.role, grant.role) and _overlap(one, grant) for one in earlier):
            yield "roles_clash", str(grant.pk)
        if any(_register(one.organisation) != _register(grant.organisation) for one in earlier):
            yield "register_other", str(grant.pk)
        earlier.append(grant)


# What may be managed


def officers_in(acting: Acting) -> QuerySet[Officer]:
    """The officers of the administrator's register: whoever has or had a role in one of its organisations."""
    return Officer.objects.filter(pk__in=_grants_in(acting).values("officer"))


def organisations_in(acting: Acting) -> QuerySet[Organisation]:
    """The register's own organisation and its branches."""
    return Organisation.objects.filter(Q(pk=acting.register_id) | Q(register=acting.register_id))


def _grants_in(acting: Acting) -> QuerySet[Grant]:
    return Grant.objects.filter(organisation__in=organisations_in(acting))


def find_officer(acting: Acting, officer_id: int) -> Officer:
    """An officer of the register, or NotThereError: nobody learns of officers elsewhere."""
    acting.require(MANAGE)
    officer = officers_in(acting).filter(pk=officer_id).first()
    if officer is None:
        raise NotThereError("officer_not_there")
    return officer


def _other_officer(acting: Acting, officer_id: int) -> Officer:
    """Somebody else than the administrator themself: nobody gives themself a role or a way in."""
    officer = find_officer(acting, officer_id)
    if officer.pk == acting.officer_id:
        raise NotAllowedError("not_yourself")
    return officer


def _write_grant(acting: Acting, officer: Officer, given: RoleGiven, *, on: date) -> Grant:
    organisation = organisations_in(acting).filter(pk=given.organisation_id).select_related("place").first()
    if organisation is None:
        raise NotThereError("office_not_there")
    role = roles().get(given.role)
    if role is None:
        raise NotThereError("role_not_there")
    if given.starts_on < on or (given.ends_on and given.ends_on <= given.starts_on):
        raise NotPossibleError("role_days")
    grant = Grant(
        officer=officer,
        organisation=organisation,
        role=given.role,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        given_by_id=acting.officer_id,
    )
    if role.sees_people:
        grant.place, grant.regions = _place_for(organisation, given), list(given.regions)
    held = Grant.objects.filter(officer=officer, revoked_at=None)
    if any(_clash(one.role, grant.role) and _overlap(one, grant) for one in held):
        raise NotPossibleError("roles_clash")
    grant.save()
    return grant


def _place_for(organisation: Organisation, given: RoleGiven) -> Place | None:
    """The place of a role. A branch reaches no further than its own place, and never over the whole register."""
    place = Place.objects.filter(pk=given.place_id).first() if given.place_id else organisation.place
    if given.place_id and place is None:
        raise NotThereError("place_not_there")
    if organisation.register_id is None:
        return place if given.place_id else None
    if organisation.place and not (
        place and organisation.place.path <= place.path < organisation.place.path + END
    ):
        raise NotPossibleError("role_place_outside")
    if place is None and not given.regions:
        raise NotPossibleError("role_place_needed")
    return place


def _clash(one: str, two: str) -> bool:
    return one in roles() and two in roles()[one].clashes_with


def _overlap(one: Grant, two: Grant) -> bool:
    return (one.ends_on is None or two.starts_on < one.ends_on) and (
        two.ends_on is None or one.starts_on < two.ends_on
    )


def _register(organisation: Organisation) -> int:
    return organisation.register_id or organisation.pk


def _new_username(name: str) -> str:
    """Made of the name and drawn letters, so that nobody learns by trying which names are taken elsewhere."""
    stem = "".join(
        letter for letter in name_key(name.split(maxsplit=1)[0]) if letter.isascii() and letter.isalnum()
    )
    while True:
        username = f"{stem[:12] or 'officer'}-{get_random_string(4, SPOKEN).lower()}"
        if not Officer.objects.filter(username=username).exists():
            return username


def _invite(acting: Acting, officer: Officer, *, now: datetime) -> Invited:
    _note(acting, "invite_officer", officer, now=now)
    return Invited(officer.pk, officer.username, officer.name, _invitations.make_token(officer))


def _end_sessions(officer: Officer) -> None:
    for session in UserSession.objects.filter(user=officer):
        session.end()


def _note(acting: Acting, action: str, officer: Officer, *, now: datetime) -> None:
    detail: Mapping[str, Any] = {"officer": officer.pk}
    note_reading(acting, action, now=now, detail=detail)
