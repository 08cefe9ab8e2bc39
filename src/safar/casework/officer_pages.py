"""What an administrator sees of officers and organisations: of their own register, and of no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Count, Max, Q

from safar.casework.access import Acting, roles
from safar.casework.officers import MANAGE, find_officer, officers_in, organisations_in, role_faults
from safar.records.models import Grant, Officer, Organisation, Place

RECOVERY = Authenticator.Type.RECOVERY_CODES


@dataclass(frozen=True)
class GrantLine:
    """A role as a list shows it. ``state``: held, coming, ended, revoked. ``fault``: code of role_faults, or empty."""

    grant_id: int
    role: str
    organisation: Mapping[str, str]
    place: Mapping[str, str] | None
    regions: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    state: str
    fault: str


@dataclass(frozen=True)
class OfficerLine:
    """An officer as a list shows them. ``state``: active, invited (no password yet), inactive."""

    officer_id: int
    name: str
    username: str
    state: str
    second_factor: bool
    last_seen: datetime | None
    grants: tuple[GrantLine, ...]
    oneself: bool


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation of the register, with how many officers hold a role in it today."""

    organisation_id: int
    code: str
    names: Mapping[str, str]
    kind: str
    place: Mapping[str, str] | None
    officers: int


@dataclass(frozen=True)
class OfficersPage:
    """All officers of a register, those with a role first; its organisations; the roles there are."""

    officers: tuple[OfficerLine, ...]
    organisations: tuple[OrganisationLine, ...]


@dataclass(frozen=True)
class Choices:
    """What a role may be given as: names of roles, organisations by id, places below them by id."""

    roles: tuple[str, ...]
    organisations: tuple[OrganisationLine, ...]
    places: tuple[tuple[str, Mapping[str, str], str], ...]  # id, names, level


def officers_page(acting: Acting, *, on: date) -> OfficersPage:
    """Officers and organisations of the administrator's register."""
    acting.require(MANAGE)
    lines = _lines(acting, list(officers_in(acting).order_by("name", "pk")), on=on)
    working = [line for line in lines if line.state != "inactive"]
    rest = [line for line in lines if line.state == "inactive"]
    return OfficersPage((*working, *rest), _organisations(acting, on=on))


def officer_page(acting: Acting, officer_id: int, *, on: date) -> OfficerLine:
    """One officer with all roles they have and had here."""
    (line,) = _lines(acting, [find_officer(acting, officer_id)], on=on)
    return line


def role_choices(acting: Acting, *, on: date) -> Choices:
    """What the form for a new role offers: places down to districts."""
    acting.require(MANAGE)
    country = acting.country
    places = Place.objects.filter(
        level__in=("country", "province", "district"), path__startswith=f"{country}."
    )
    return Choices(
        tuple(roles()),
        _organisations(acting, on=on),
        tuple((place.pk, place.names, place.level) for place in places.order_by("path")),
    )


def roles_held(acting: Acting, *, on: date) -> tuple[GrantLine, ...]:
    """The roles that an officer may switch between, the present one among them."""
    held = _today(on) & Q(officer=acting.officer_id)
    grants = Grant.objects.filter(held).select_related("organisation", "place").order_by("pk")
    return tuple(_grant_line(grant, on=on, fault="") for grant in grants)


def _lines(acting: Acting, officers: list[Officer], *, on: date) -> list[OfficerLine]:
    faults = {grant: what for what, grant in role_faults()}
    grants: dict[int, list[GrantLine]] = {}
    rows = Grant.objects.filter(officer__in=officers, organisation__in=organisations_in(acting))
    for grant in rows.select_related("organisation", "place").order_by("-pk"):
        line = _grant_line(grant, on=on, fault=faults.get(str(grant.pk), ""))
        grants.setdefault(grant.officer_id, []).append(line)
    factors = Authenticator.objects.filter(user__in=officers).exclude(type=RECOVERY)
    secured = set(factors.values_list("user", flat=True))
    seen = dict(
        Officer.objects.filter(pk__in=[officer.pk for officer in officers])
        .annotate(seen=Max("usersession__last_seen_at"))
        .values_list("pk", "seen")
    )
    return [
        OfficerLine(
            officer_id=officer.pk,
            name=officer.name,
            username=officer.username,
            state=_state(officer),
            second_factor=officer.pk in secured,
            last_seen=seen.get(officer.pk) or officer.last_login,
            grants=tuple(grants.get(officer.pk, ())),
            oneself=officer.pk == acting.officer_id,
        )
        for officer in officers
    ]


def _organisations(acting: Acting, *, on: date) -> tuple[OrganisationLine, ...]:
    held = Q(grants__starts_on__lte=on, grants__revoked_at=None, grants__officer__is_active=True) & (
        Q(grants__ends_on=None) | Q(grants__ends_on__gt=on)
    )
    rows = organisations_in(acting).select_related("place").order_by("register_id", "code")
    counted = rows.annotate(held=Count("grants__officer", filter=held, distinct=True))
    return tuple(_organisation_line(row) for row in counted)


def _organisation_line(row: Organisation) -> OrganisationLine:
    held: int = row.held  # type: ignore[attr-defined]
    return OrganisationLine(
        row.pk, row.code, row.names, row.kind, row.place.names if row.place else None, held
    )


def _grant_line(grant: Grant, *, on: date, fault: str) -> GrantLine:
    return GrantLine(
        grant_id=grant.pk,
        role=grant.role,
        organisation=grant.organisation.names,
        place=grant.place.names if grant.place else None,
        regions=tuple(grant.regions),
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        state=_grant_state(grant, on=on),
        fault=fault,
    )


def _grant_state(grant: Grant, *, on: date) -> str:
    if grant.revoked_at:
        return "revoked"
    if grant.starts_on > on:
        return "coming"
    return "ended" if grant.ends_on and grant.ends_on <= on else "held"


def _state(officer: Officer) -> str:
    if not officer.is_active:
        return "inactive"
    return "active" if officer.has_usable_password() else "invited"


def _today(on: date) -> Q:
    return Q(starts_on__lte=on, revoked_at=None) & (Q(ends_on=None) | Q(ends_on__gt=on))
