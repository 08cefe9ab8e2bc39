"""Every address of the desk: who may come there, what somebody else's number is answered, what no page may tell, and
the headers that each answer carries.

A new address: say in RULES who may come there and what a form sends to it; arguments and fields of a name that is not
known yet: say in SOMEBODY what to give for them. Until then these tests fail.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from hypothesis import HealthCheck, Phase, given, settings

from safar.casework.access import roles
from safar.desk.hidden import hidden
from safar.records.models import Grant, Officer, Reading
from tests.casework.conftest import NOW
from tests.casework.scope_world import (
    HIGH,
    ME,
    NOBODY,
    Someone,
    World,
    build,
    build_places,
    forget_places,
    worlds,
)

ANYBODY, SIGNED_IN = "anybody", "signed in"
REASON = "In hospital, nobody knows the family"
SAID = {"said_by": "person", "said_on": "2026-11-20", "sureness": "sure"}


@dataclass(frozen=True)
class Rule:
    """Who may come to an address (ANYBODY, SIGNED_IN, or what a role must include) and what a form sends to it.

    ``get`` and ``post``: whether it answers those. In ``sends``, {person} is somebody's id, {number} a row of theirs.
    """

    may: str
    get: bool = True
    post: bool = False
    sends: Mapping[str, str] = field(default_factory=dict)


def act(may: str, **sends: str) -> Rule:
    """Something is done there; it is not looked at."""
    return Rule(may, get=False, post=True, sends=sends)


def form(may: str, **sends: str) -> Rule:
    """A form and what it does."""
    return Rule(may, post=True, sends=sends)


RULES: dict[str, Rule] = {
    # signing in: django-allauth's own; what they must not tell is in test_sign_in
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "invitation",
            "choose_language",
            "choose_appearance",
            "gallery",
            "demo_enter",
        ),
        Rule(ANYBODY),
    ),
    **dict.fromkeys(
        (
            "account_reauthenticate",
            "account_change_password",
            "account_set_password",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_edit_webauthn",
            "usersessions_list",
        ),
        Rule(SIGNED_IN),
    ),
    # officers, roles, emergencies, looks
    "officers": Rule("manage_officers"),
    "officer": Rule("manage_officers"),
    "officer_new": form("manage_officers", name="X"),
    "officer_role": form("manage_officers", role="officer"),
    "officer_invite": act("manage_officers"),
    "officer_second_factor": act("manage_officers"),
    "officer_deactivate": act("manage_officers"),
    "officer_activate": act("manage_officers"),
    "grant_revoke": act("manage_officers"),
    "role_switch": act(SIGNED_IN, grant="{hidden}"),
    "emergency": form("ask_emergency", reason="short"),
    "emergencies": Rule("review_emergency"),
    "emergency_review": act("review_emergency", verdict="justified"),
    "history": Rule("see_history"),
    # today
    "today": Rule("see_today"),
    "today_assign": act("assign", person="{person}", officer=""),
    "today_letters": act("print", person="{person}"),
    "today_seen": act("see_today", person="{person}"),
    # people
    "people": form("see_people", q="{reference}"),
    "person_new": form("register_person", surname="Раҳимов", given_name="Ҷамшед"),
    "person_alike": act("register_person", surname="Раҳимов", given_name="Ҷамшед"),
    "person_homes": act(SIGNED_IN, home_typed="IS"),
    "person": Rule("see_people"),
    "person_history": Rule("see_people"),
    "person_facts": form("state_fact", **SAID),
    "person_answer": act("state_fact", fact="sex", **SAID),
    "person_assign": act("assign", officer="me"),
    "person_compare": act("decide_pairs", reference="{reference}"),
    "person_document": act("see_people"),
    "person_withdraw": act("state_fact", because="a slip"),
    "person_entry": form("state_fact", country="RU", entered_on="2026-09-01", end="running", **SAID),
    "person_entry_row": form("state_fact", left_on="2026-10-01", **SAID),
    "pairs": Rule("decide_pairs"),
    "pair": form("decide_pairs", decision="different"),
    "pair_split": act("merge", because="two people"),
    # lists in, files out, lists to check against
    "intake": Rule("import"),
    "intake_bring": act("import"),
    "intake_list": Rule("import"),
    "intake_progress": Rule("import"),
    "intake_columns": act("import"),
    "intake_run": act("import"),
    "intake_stop": act("import"),
    "intake_copy": Rule("import"),
    "intake_forget": act("import"),
    "intake_decide": Rule("import"),
    "intake_decide_all": act("import"),
    "intake_decide_row": act("import", decision="different {person}"),
    "export": Rule("export"),
    "export_take": act("export", what="people", purpose="casework", form="csv"),
    "match": Rule("match"),
    "match_bring": act("load_lists"),
    "match_everybody": act("match", list="{hidden}"),
    "match_person": act("match"),
    "match_check": Rule("match"),
    "match_decide": act("match", decision="different"),
    # places, figures, runs, team
    "places": Rule("see_places"),
    "place": Rule("see_places"),
    "statistics": Rule("see_statistics"),
    "statistics_file": Rule("see_statistics"),
    "runs": Rule("see_runs"),
    "team": Rule("see_team"),
    "team_hand": act("see_team", taken_from="{hidden}", given_to="{hidden}"),
}
# Pages that still show a row's own number, which tells how much was written elsewhere. To be hidden: desk/hidden.py.
STILL_COUNTED: set[str] = set()

# What to give for an argument of an address: for somebody, and where it is the same for everybody.
SAME = {"group": "work", "what": "stay", "place_id": "TJ-SU", "token": "x-y", "pk": 1}
WHOSE = {
    "person_id",
    "intake_id",
    "officer_id",
    "grant_id",
    "emergency_id",
    "pair_id",
    "merge_id",
    "check_id",
    "row",
}


def somebody(number: int, person: UUID) -> dict[str, Any]:
    """The arguments that name somebody and the rows that are theirs."""
    return {
        "person_id": person,
        "intake_id": UUID(int=0xB000 + number, version=4),
        "pair_id": number * 100 + number + 1,
        **dict.fromkeys(("officer_id", "grant_id", "emergency_id", "merge_id", "check_id", "row"), number),
    }


@cache
def addresses() -> Mapping[str, set[str]]:
    """Every address by its name, with the names of its arguments."""
    return dict(_addresses(get_resolver(), set()))


def _addresses(resolver: URLResolver, above: set[str]) -> Iterator[tuple[str, set[str]]]:
    for pattern in resolver.url_patterns:
        arguments = above | set(pattern.pattern.converters)
        if isinstance(pattern, URLPattern):
            yield pattern.name or str(pattern.pattern), arguments
        else:
            yield from _addresses(pattern, arguments)


def url_of(name: str, number: int = 900, person: UUID = NOBODY) -> str:
    named = SAME | somebody(number, person)
    return reverse(name, kwargs={argument: named[argument] for argument in addresses()[name]})


def sent(
    rule: Rule, number: int = 900, person: UUID = NOBODY, reference: str = "S234-56789"
) -> dict[str, str]:
    words = {"person": str(person), "number": str(number), "hidden": hidden(number), "reference": reference}
    return {key: value.format(**words) for key, value in rule.sends.items()}


@pytest.fixture
def places(db: None, monkeypatch) -> Iterator[None]:
    """The places and offices of the made-up registers, and a clock that stands still."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    build_places()
    forget_places()
    yield
    forget_places()


@contextmanager
def browsing(world: World, *, everybody: bool = True) -> Iterator[Client]:
    """The browser of the officer of a world, against both walls; undone afterwards."""
    with transaction.atomic():
        build(world, everybody=everybody)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE safar_app")
        client = Client(raise_request_exception=True)
        client.force_login(
            Officer.objects.get(pk=ME), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        yield client
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        transaction.set_rollback(True)


def ask(
    client: Client, name: str, *, number: int = 900, person: UUID = NOBODY, reference: str = "S234-56789"
):
    """What the address answers to whoever looks, and to a form; nothing of it stays."""
    rule, url = RULES[name], url_of(name, number, person)
    for method, answers in (("get", rule.get), ("post", rule.post)):
        if answers:
            with transaction.atomic():
                data = sent(rule, number, person, reference) if method == "post" else {}
                yield method, getattr(client, method)(url, data)
                transaction.set_rollback(True)


TOKEN = re.compile(r'("x-csrftoken": "|csrfmiddlewaretoken" value="|name="once" value=")[\w:-]+')
FRESH = re.compile(
    r"(?!0{8})[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
)  # drawn for a new file


def plain(answer: HttpResponse, *given: object) -> tuple[int, str]:
    """Status and text without what differs from one asking to the next: tokens, and the number that was asked for."""
    text = answer.content.decode(errors="replace") if not getattr(answer, "streaming", False) else ""
    text = f"{answer.headers.get('location', '')}\n{text}"
    for one in given:
        text = text.replace(str(one), "…")
    text = TOKEN.sub(r"\1", text)
    return answer.status_code, FRESH.sub("…", text)


SEEN_BY_ALL = Someone(1, "ours", "TJ-SU-IS-1", "RU-SVE", "Раҳимов", twin=True, emergency=False)
SEEN_TOO = Someone(2, "ours", "TJ-SU-IS-1", "RU-SVE", "Раҳимов", twin=True, emergency=False)
THEIRS = Someone(3, "theirs", "TJ-SU-IS-1", "RU-SVE", "Раҳимов", twin=True, emergency=False)
ELSEWHERE = Someone(4, "ours", "TJ-S-ISF-1", "RU-SVE", "Раҳимов", twin=True, emergency=False)
PEOPLE = (SEEN_BY_ALL, SEEN_TOO, THEIRS, ELSEWHERE)


def world_of(role: str) -> World:
    return World(PEOPLE, role, False, "TJ-SU", ())


# Declared


def test_every_address_has_a_rule() -> None:
    assert sorted(set(addresses()) - set(RULES)) == []
    assert sorted(set(RULES) - set(addresses())) == []


def test_every_argument_is_known() -> None:
    assert sorted(set().union(*addresses().values()) - set(SAME) - WHOSE) == []


def test_every_rule_names_what_a_role_may_include() -> None:
    known = set().union(*(role.may for role in roles().values())) | {ANYBODY, SIGNED_IN}
    assert {rule.may for rule in RULES.values()} <= known


# Who may come


ALLAUTH = ("account_", "mfa_", "usersessions")
OURS = [name for name in RULES if name in addresses() and not name.startswith(ALLAUTH)]


@pytest.mark.parametrize("name", [name for name in OURS if RULES[name].may != ANYBODY])
def test_whoever_has_not_signed_in_is_led_there(places, name: str) -> None:
    client = Client()
    for method, answers in (("get", RULES[name].get), ("post", RULES[name].post)):
        if answers:
            answer = getattr(client, method)(url_of(name))
            assert answer.status_code == 302
            assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("role", sorted(roles()))
def test_nobody_comes_where_their_role_does_not_lead(places, role: str) -> None:
    one = SEEN_TOO  # its number is also that of a colleague
    with browsing(world_of(role)) as client:
        for name in OURS:
            rule = RULES[name]
            if rule.may in (ANYBODY, SIGNED_IN):
                continue
            allowed = rule.may in roles()[role].may
            for method, answer in ask(
                client, name, number=one.number, person=one.id, reference=one.reference
            ):
                assert answer.status_code != 500, f"{method} {name}"
                if allowed:
                    assert answer.status_code != 403, f"{method} {name}"
                else:
                    away = answer.status_code in (403, 404) or (name == "today" and answer.status_code == 302)
                    assert away, f"{role} got {answer.status_code} from {method} {name}"


def test_what_is_done_is_done_by_a_form_with_its_token_alone(places) -> None:
    with browsing(world_of("supervisor")) as client:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        for name in OURS:
            if RULES[name].post:
                answer = strict.post(url_of(name), sent(RULES[name]))
                assert answer.status_code == 403, name
            if RULES[name].post and not RULES[name].get:
                assert client.get(url_of(name)).status_code in (403, 404, 405), name


# What is told


@pytest.mark.parametrize("role", sorted(roles()))
def test_somebody_else_s_number_is_answered_like_nobody_s(places, role: str) -> None:
    with browsing(world_of(role)) as client:
        for name in OURS:
            if not (addresses()[name] & WHOSE or "{" in "".join(RULES[name].sends.values())):
                continue
            nobody = [
                (method, plain(answer, NOBODY, *hidden_numbers(900))) for method, answer in ask(client, name)
            ]
            for one in (THEIRS, ELSEWHERE) if roles()[role].sees_people else PEOPLE:
                if name == "role_switch" or (name.startswith(("officer", "grant")) and one.number < 3):
                    continue  # numbers 1 and 2 are officers of this register
                got = [
                    (method, plain(answer, one.id, one.reference, *hidden_numbers(one.number)))
                    for method, answer in ask(
                        client, name, number=one.number, person=one.id, reference=one.reference
                    )
                ]
                pairs = zip(without(got, "S234-56789"), without(nobody, "S234-56789"), strict=True)
                for (method, answer), (_, to_nobody) in pairs:
                    told = differing(answer[1], to_nobody[1])
                    assert answer == to_nobody, f"{role}, {method} {name}: {told}"


def hidden_numbers(number: int) -> tuple[str, ...]:
    return (
        str(UUID(int=0xB000 + number, version=4)), hidden(number), hidden(number * 100 + number + 1), f"/{number}/",
    )  # fmt: skip


def without(answers: list, text: str) -> list:
    return [(method, (status, body.replace(text, "…"))) for method, (status, body) in answers]


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
def test_no_page_changes_with_people_beyond_the_scope(places, world: World) -> None:
    whole, seen_alone = (all_pages(world, everybody=everybody) for everybody in (True, False))
    for name, answer in whole.items():
        assert answer == seen_alone[name], f"{name}: {differing(answer[1], seen_alone[name][1])}"
        for one in world.hidden():
            assert one.reference not in answer[1], name
            assert str(one.id) not in answer[1], name


def differing(one: str, two: str) -> list[str]:
    return [
        line
        for line in unified_diff(one.splitlines(), two.splitlines(), n=0)
        if line[:2] not in ("--", "++", "@@")
    ]


def all_pages(world: World, *, everybody: bool) -> dict[str, tuple[int, str]]:
    """Every page that is about nobody in particular, and the pages of two people whom the officer may see."""
    pages = {}
    with browsing(world, everybody=everybody) as client:
        for name in OURS:
            about_somebody = addresses()[name] & WHOSE
            for one in world.seen()[:2] if about_somebody else [None]:
                named = {"number": one.number, "person": one.id, "reference": one.reference} if one else {}
                for method, answer in ask(client, name, **named):
                    pages[f"{method} {name} {one.number if one else ''}"] = plain(answer)
    return pages


@pytest.mark.parametrize("role", sorted(roles()))
def test_no_page_tells_how_much_is_written_elsewhere(places, role: str) -> None:
    """Numbers of rows go on far up here; where one stands in a page it was not hidden."""
    told = set()
    with browsing(world_of(role)) as client:
        people = register_somebody(client)
        assert bool(people) == ("register_person" in roles()[role].may)
        for name in OURS:
            for one in people if "person_id" in addresses()[name] else [NOBODY]:
                for method, answer in ask(client, name, person=one):
                    if re.search(rf"\b{str(HIGH)[:4]}\d{{{len(str(HIGH)) - 4}}}\b", plain(answer)[1]):
                        told.add(f"{method} {name}")
    assert told - STILL_COUNTED == set()


def register_somebody(client: Client) -> list[UUID]:
    """Somebody is registered by the officer, with rows that get new numbers."""
    fields = {
        "surname": "Каримов", "given_name": "Фирдавс", "home": "TJ-SU-IS-1", "phone": "992900000007",
        "document": "A7654321", "document_kind": "passport", "region": "RU-SVE", **SAID,
    }  # fmt: skip
    drawn = re.findall(r'name="once" value="([^"]+)"', client.get(reverse("person_new")).content.decode())
    answer = client.post(reverse("person_new"), fields | {"once": drawn[0] if drawn else ""})
    return [
        UUID(found) for found in re.findall(r"/people/([0-9a-f-]{36})/", answer.headers.get("location", ""))
    ]


def test_whoever_opens_a_file_is_noted(places) -> None:
    """Every page that shows a person leaves a look behind."""
    with browsing(world_of("supervisor")) as client:
        for name in ("person", "person_history"):
            client.get(url_of(name, SEEN_BY_ALL.number, SEEN_BY_ALL.id))
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        looks = Reading.objects.filter(officer=ME, person=SEEN_BY_ALL.id).values_list("action", flat=True)
        assert set(looks) >= {"open_person", "history"}


# Headers


def test_every_answer_carries_the_headers_that_protect_it(places) -> None:
    with browsing(world_of("supervisor")) as client:
        for name in sorted(set(RULES) & set(addresses())):
            rule = RULES[name]
            for method in ("get", "post"):
                if name in ("account_logout", "mfa_deactivate_totp") or (
                    rule.may != ANYBODY and method == "post" and not rule.post
                ):
                    continue
                with transaction.atomic():
                    answer = getattr(client, method)(url_of(name), sent(rule) if method == "post" else {})
                    transaction.set_rollback(True)
                protected(answer, name)
                assert answer.headers["cache-control"] == "no-store", name
        protected(client.get("/nowhere/"), "nowhere")
    for name in ("account_login", "gallery"):
        protected(Client().get(url_of(name)), name)


def protected(answer: HttpResponse, name: str) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy, name
    assert "script-src 'self'" in policy, name
    assert "frame-ancestors 'none'" in policy, name
    assert "unsafe" not in policy, name
    assert answer.headers["x-content-type-options"] == "nosniff", name
    assert answer.headers["x-frame-options"] == "DENY", name
    assert answer.headers["referrer-policy"] == "same-origin", name
    assert answer.headers["cross-origin-opener-policy"] == "same-origin", name
    assert "geolocation=()" in answer.headers["permissions-policy"], name
    text = plain(answer)[1] if "html" in answer.headers.get("content-type", "") else ""
    inline = re.findall(r"<style|\sstyle=|\son\w+=\"|javascript:", text)
    inline += [
        found for found in re.findall(r"<script([^>]*)>", text) if "src=" not in found and "json" not in found
    ]
    assert inline == [], name


def test_a_grant_that_ended_closes_every_page(places) -> None:
    with browsing(world_of("supervisor")) as client:
        Grant.objects.filter(pk=ME).update(revoked_at=NOW)
        for name in ("today", "people", "history", "team"):
            assert client.get(url_of(name)).status_code == 403
    assert django_settings.SESSION_COOKIE_HTTPONLY
