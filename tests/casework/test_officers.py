"""Officers are invited, given roles within their register, and let go; nobody manages those of another register."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate

from safar.casework.access import acting_as, grants_of, roles
from safar.casework.errors import NotAllowedError, NotPossibleError, NotThereError
from safar.casework.officer_pages import officer_page, officers_page, role_choices, roles_held
from safar.casework.officers import (
    RoleGiven,
    accept_invitation,
    activate_officer,
    create_officer,
    deactivate_officer,
    grant_role,
    invite_again,
    invited_officer,
    reset_second_factor,
    revoke_grant,
    role_faults,
)
from safar.records.models import Grant, Officer, Organisation, Place, Reading
from tests.casework.conftest import NOW, ON

PASSWORD = "three words no dictionary holds"


def given(role: str = "officer", organisation: str = "TJ-MS-ISF", **more) -> RoleGiven:
    found = Organisation.objects.get(code=organisation)
    return RoleGiven(role=role, organisation_id=found.pk, starts_on=ON, **more)


@pytest.fixture
def admin(working):
    with working("admin") as acting:
        yield acting


def create(acting, name: str = "Нигора Саидова", **more):
    return create_officer(acting, name=name, language="tg", given=given(**more), on=ON, now=NOW)


def username_id(username: str) -> int:
    return Officer.objects.get(username=username).pk


# Inviting


def test_an_officer_is_invited_and_chooses_a_password(admin, rf) -> None:
    invited = create(admin)

    assert authenticate(rf.post("/"), username=invited.username, password="") is None
    accept_invitation(invited.officer_id, invited.token, PASSWORD)

    officer = Officer.objects.get(pk=invited.officer_id)
    assert officer.check_password(PASSWORD)
    assert acting_as(officer.pk, on=ON, now=NOW).role.name == "officer"


def test_an_invitation_is_good_once(admin) -> None:
    invited = create(admin)
    accept_invitation(invited.officer_id, invited.token, PASSWORD)

    with pytest.raises(NotThereError):
        accept_invitation(invited.officer_id, invited.token, PASSWORD + "!")


def test_a_newer_invitation_ends_the_older_and_the_password(admin) -> None:
    first = create(admin)
    accept_invitation(first.officer_id, first.token, PASSWORD)

    second = invite_again(admin, first.officer_id, now=NOW)

    assert not Officer.objects.get(pk=first.officer_id).has_usable_password()
    assert invited_officer(second.officer_id, second.token).username == first.username


@pytest.mark.parametrize("token", ["", "x", "c0ffee-" + "0" * 32])
def test_a_made_up_invitation_opens_nothing(admin, token: str) -> None:
    invited = create(admin)

    for officer_id in (invited.officer_id, 10**9):
        with pytest.raises(NotThereError) as error:
            invited_officer(officer_id, token)
        assert error.value.code == "invitation_not_there"


@pytest.mark.parametrize("password", ["short", "password1234", "Нигора Саидова"])
def test_a_weak_password_is_refused(admin, password: str) -> None:
    invited = create(admin)

    with pytest.raises(NotPossibleError):
        accept_invitation(invited.officer_id, invited.token, password)


def test_user_names_tell_nothing_of_those_that_are_taken(admin) -> None:
    one, two = create(admin), create(admin)

    assert one.username.split("-")[0] == two.username.split("-")[0]
    assert one.username != two.username


# Roles


def test_a_role_is_given_for_a_place_and_a_time(admin, working) -> None:
    invited = create(admin)
    extra = given("supervisor", "TJ-MS", place_id="TJ-SU", ends_on=ON + timedelta(days=30))
    grant = grant_role(admin, invited.officer_id, extra, on=ON, now=NOW)

    assert [line.role for line in roles_held(acting_of(invited), on=ON)] == ["officer", "supervisor"]
    assert acting_as(invited.officer_id, on=ON, now=NOW, grant_id=grant.pk).place_path == "TJ.SU."
    assert list(grants_of(invited.officer_id, on=ON + timedelta(days=30)).values_list("role", flat=True)) == [
        "officer"
    ]


def acting_of(invited):
    return acting_as(invited.officer_id, on=ON, now=NOW)


@pytest.mark.parametrize(
    ("one", "two"), sorted((name, other) for name in roles() for other in roles()[name].clashes_with)
)
def test_roles_that_clash_are_never_held_together(admin, one: str, two: str) -> None:
    invited = create(admin, role=one, organisation="TJ-MS")

    with pytest.raises(NotPossibleError) as error:
        grant_role(admin, invited.officer_id, given(two, "TJ-MS"), on=ON, now=NOW)
    assert error.value.code == "roles_clash"


def test_roles_that_clash_may_follow_each_other(admin) -> None:
    until = ON + timedelta(days=10)
    invited = create(admin, organisation="TJ-MS", ends_on=until)
    later = RoleGiven("auditor", Organisation.objects.get(code="TJ-MS").pk, starts_on=until)

    assert grant_role(admin, invited.officer_id, later, on=ON, now=NOW).role == "auditor"


def test_a_clash_to_come_is_refused_too(admin) -> None:
    invited = create(admin, organisation="TJ-MS")
    later = RoleGiven("auditor", Organisation.objects.get(code="TJ-MS").pk, starts_on=ON + timedelta(days=99))

    with pytest.raises(NotPossibleError):
        grant_role(admin, invited.officer_id, later, on=ON, now=NOW)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"role": "king"}, "role_not_there"),
        ({"place_id": "TJ-KH-KUL"}, "role_place_outside"),
        ({"place_id": "XX"}, "place_not_there"),
        ({"organisation": "TJ-CONS-YEK"}, "role_place_needed"),
        ({"ends_on": ON}, "role_days"),
        ({"organisation": "KG-NGO-OSH"}, "office_not_there"),
    ],
)
def test_a_role_reaches_no_further_than_it_may(admin, wrong: dict, code: str) -> None:
    with pytest.raises((NotPossibleError, NotThereError)) as error:
        create(admin, **wrong)
    assert error.value.code == code


def test_a_branch_s_role_covers_the_branch_s_place_unless_less_is_said(admin) -> None:
    invited = create(admin)

    assert acting_of(invited).place_path == "TJ.SU.ISF."


def test_a_role_that_sees_nobody_has_no_place(admin) -> None:
    invited = create(admin, role="donor", organisation="TJ-MS", place_id="TJ-SU", regions=["RU-SVE"])

    assert (acting_of(invited).place_path, acting_of(invited).regions) == ("", ())


def test_a_revoked_role_ends_at_once(admin) -> None:
    invited = create(admin)
    (grant,) = officer_page(admin, invited.officer_id, on=ON).grants

    revoke_grant(admin, grant.grant_id, now=NOW)

    with pytest.raises(NotAllowedError):
        acting_of(invited)
    (grant,) = officer_page(admin, invited.officer_id, on=ON).grants
    assert grant.state == "revoked"


def test_nobody_gives_themself_a_role_or_a_way_in(admin) -> None:
    mine = admin.officer_id
    for attempt in (
        lambda: grant_role(admin, mine, given("donor", "TJ-MS"), on=ON, now=NOW),
        lambda: revoke_grant(admin, admin.grant_id, now=NOW),
        lambda: invite_again(admin, mine, now=NOW),
        lambda: reset_second_factor(admin, mine, now=NOW),
        lambda: deactivate_officer(admin, mine, now=NOW),
    ):
        with pytest.raises(NotAllowedError) as error:
            attempt()
        assert error.value.code == "not_yourself"


def test_what_contradicts_the_rules_is_found_however_it_came_about(admin) -> None:
    officer, ms = Officer.objects.get(username="isfara"), Organisation.objects.get(code="TJ-MS")
    ngo = Organisation.objects.get(code="KG-NGO-OSH")
    made = [
        Grant.objects.create(officer=officer, organisation=organisation, role=role, starts_on=ON)
        for organisation, role in ((ms, "auditor"), (ngo, "lawyer"), (ms, "king"))
    ]

    assert set(role_faults()) == {
        ("roles_clash", str(made[0].pk)),
        ("register_other", str(made[1].pk)),
        ("roles_clash", str(made[1].pk)),
        ("role_unknown", str(made[2].pk)),
    }


# Letting go


def test_somebody_let_go_has_no_way_in(admin, rf) -> None:
    invited = create(admin)
    accept_invitation(invited.officer_id, invited.token, PASSWORD)

    deactivate_officer(admin, invited.officer_id, now=NOW)

    officer = Officer.objects.get(pk=invited.officer_id)
    assert not officer.is_active
    assert not officer.has_usable_password()
    with pytest.raises(NotAllowedError):
        acting_of(invited)
    with pytest.raises(NotPossibleError):
        grant_role(admin, invited.officer_id, given(), on=ON, now=NOW)


def test_somebody_taken_back_has_no_role_yet(admin) -> None:
    invited = create(admin)
    deactivate_officer(admin, invited.officer_id, now=NOW)

    again = activate_officer(admin, invited.officer_id, now=NOW)

    assert invited_officer(again.officer_id, again.token)
    with pytest.raises(NotAllowedError):
        acting_of(invited)


def test_a_lost_second_factor_is_taken_away(admin) -> None:
    invited = create(admin)
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user_id=invited.officer_id, type=kind, data={})

    assert officer_page(admin, invited.officer_id, on=ON).second_factor
    reset_second_factor(admin, invited.officer_id, now=NOW)
    assert not officer_page(admin, invited.officer_id, on=ON).second_factor


def test_what_an_administrator_does_is_noted(admin) -> None:
    invited = create(admin)
    reset_second_factor(admin, invited.officer_id, now=NOW)

    noted = Reading.objects.filter(detail={"officer": invited.officer_id}).values_list("action", flat=True)
    assert sorted(noted) == ["invite_officer", "reset_second_factor"]


# Only one's own register


def test_officers_of_another_register_do_not_exist(admin) -> None:
    elsewhere, nowhere = username_id("lawyer"), 10**9
    attempts = (
        lambda who: officer_page(admin, who, on=ON),
        lambda who: grant_role(admin, who, given(), on=ON, now=NOW),
        lambda who: invite_again(admin, who, now=NOW),
        lambda who: reset_second_factor(admin, who, now=NOW),
        lambda who: deactivate_officer(admin, who, now=NOW),
    )
    for officer_id in (elsewhere, nowhere):
        for attempt in attempts:
            with pytest.raises(NotThereError) as error:
                attempt(officer_id)
            assert error.value.code == "officer_not_there"
    foreign = Grant.objects.get(officer=elsewhere).pk
    for grant_id in (foreign, nowhere):
        with pytest.raises(NotThereError):
            revoke_grant(admin, grant_id, now=NOW)


def test_the_page_lists_the_register_s_own(admin) -> None:
    page = officers_page(admin, on=ON)

    assert {line.username for line in page.officers} == {"isfara", "sughd", "kulob", "consul", "admin"}
    assert {line.code: line.officers for line in page.organisations} == {
        "TJ-MS": 3, "TJ-MS-ISF": 1, "TJ-CONS-YEK": 1,
    }  # fmt: skip
    assert [line.username for line in page.officers if line.oneself] == ["admin"]


def test_only_administrators_manage_officers(working) -> None:
    for username in ("isfara", "sughd", "consul", "lawyer", "donor"):
        with working(username) as acting:
            for attempt in (
                lambda: officers_page(acting, on=ON),
                lambda: role_choices(acting, on=ON),
                lambda: create(acting),
                lambda: revoke_grant(acting, acting.grant_id, now=NOW),
            ):
                with pytest.raises(NotAllowedError):
                    attempt()


def test_the_form_offers_places_of_the_country_alone(admin) -> None:
    Place.objects.create(id="TJ-XX", path="TJ.XX.", level="province", kind="", names={})

    offered = [place for place, _, _ in role_choices(admin, on=ON).places]
    assert offered == ["TJ", "TJ-KH", "TJ-KH-KUL", "TJ-SU", "TJ-SU-ASH", "TJ-SU-ISF", "TJ-XX"]


def test_roles_are_well_made() -> None:
    for role in roles().values():
        assert role.may, role.name
        assert role.name not in role.clashes_with
    people = {name for name, role in roles().items() if role.sees_people}
    blind = set(roles()) - people
    needs_people = {"see_people", "register_person", "state_fact", "export", "import", "print", "match"}
    assert all(not roles()[name].may & needs_people for name in blind)
    assert all(people <= roles()[name].clashes_with for name in ("administrator", "auditor"))
    assert date(2026, 11, 20) == ON
