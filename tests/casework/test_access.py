"""Nobody learns anything beyond their scope, whatever they ask: proved for every function of casework that an officer's
request can reach, over made-up registers, places, roles, people, merges and emergencies.

Whatever is asked must come out the same whether those exist whom the officer may not see, or not; and a number that is
somebody else's must be answered like one that is nobody's. A new function is asked too, by the names of its arguments:
FILL says what to give for a name, APART says of which functions the proof is made elsewhere, and why.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet
from hypothesis import HealthCheck, Phase, given, note, settings

import safar.casework
from safar.base import SafarError
from safar.casework.access import Acting, in_scope, needs_of, opened, people_of
from safar.casework.consents import ConsentGiven
from safar.casework.emergency import Sought
from safar.casework.exporting import Wanted
from safar.casework.officers import RoleGiven
from safar.casework.people import DocumentGiven, NameGiven, Registration, Saying, StayGiven
from safar.casework.person.alike import Typed
from safar.casework.person.travels import JourneyGiven
from safar.casework.search import search_people
from safar.casework.today import Filters
from safar.casework.who_looked import Looked
from safar.linkage import Name
from safar.records.models import Need, Person, PersonName, Tally
from tests.casework.conftest import NOW, ON
from tests.casework.scope_world import (
    BRANCH,
    COLLEAGUE,
    NOBODY,
    PASSPORT,
    PHONE,
    STRANGER,
    Someone,
    World,
    build,
    build_places,
    forget_places,
    number_of,
    worlds,
)

TOLD = Saying(said_by="person", said_on=ON)
NAME = Name("Раҳимов", "Ҷамшед")

# What to give for an argument of a name; several values are tried one after another.
FILL: dict[str, list[Any]] = {
    "on": [ON],
    "now": [NOW],
    "language": ["en"],
    "saying": [TOLD],
    "text": [
        "Раҳимов",
        "rahimov jamshed",
        "Каримов TJ-SU-IS",
        PASSPORT.format(1234567),
        PHONE.format(1234567),
    ],
    "name": [NAME],
    "typed": [Typed(NAME, date(1990, 1, 2), [PHONE.format(1234567)], [PASSPORT.format(1234567)])],
    "filters": [Filters(), Filters(place="TJ.SU."), Filters(danger="stay_over", mine="nobody")],
    "wanted": [Wanted(), Wanted(what="needs", form="csv")],
    "asked": [Looked(), Looked(action="open_person")],
    "sought": [
        Sought(document=PASSPORT.format(1234567)),
        Sought(surname="Раҳимов", given_name="Ҷамшед", birth_date=date(1990, 1, 2)),
    ],
    "given": [
        Registration(names=[NameGiven("Раҳимов", "Ҷамшед")], home_id="TJ-SU-IS-1", facts={"region": "RU-SVE"})
    ],
    "facts": [{"sex": "male"}],
    "left_on": [date(2026, 10, 1)],
    "back_home_on": [date(2026, 10, 1)],
    "stay": [StayGiven("RU", date(2026, 9, 2))],
    "document": [DocumentGiven("passport", "A7654321", "TJ")],
    "journey": [JourneyGiven("RU")],
    "number": ["992900000000"],
    "home_id": ["TJ-SU-IS-1"],
    "place_id": ["", "TJ-SU", "TJ-SU-IS"],
    "district": ["", "TJ-SU-IS"],
    "group": ["work"],
    "decision": ["different"],
    "because": ["told so"],
    "reason": ["In hospital in Kulob, nobody knows the family"],
    "reasons": [[]],
    "verdict": ["justified"],
    "relation": ["child"],
    "address": [lambda place: f"/places/{place}/"],
    "heads": [{}],
    "row_number": [2],
    "mapping": [{"surname": "Surname"}],
    "say": [lambda *_, **__: "word"],
    "out": [BytesIO],
    "clock": [lambda: NOW],
    "what": ["see_people"],
    "purpose": [None],
    "after": [0],
    "officer_id": [COLLEAGUE],
    "trouble": ["file_broken"],
    "reminders": [[1, 2]],
    "handing": [SimpleNamespace(taken_from=STRANGER, given_to=COLLEAGUE, place="", most=None)],
}
# Arguments that say whose it is: (somebody of the world, somebody else's kind of number).
PEOPLE = {"person_id", "kept_id", "one"}
OTHERS = {"other_id", "two"}
LISTS = {"people", "circle"}
ROWS = {
    "pair_id", "merge_id", "emergency_id", "list_id", "document_id", "stay_id", "statement_id", "journey_id",
    "consent_id", "check_id",
}  # fmt: skip
# Functions of which it is proved elsewhere, or which nobody outside casework calls with a number of their own choice.
APART: dict[str, str] = {
    "access.scope_of": "says the scope itself; test_walls",
    "access.opened": "opens the transaction that all are asked in",
    "access.in_scope": "test_scope_is_what_the_rule_says",
    "readings.note_reading": "writes that somebody looked",
    "officers.create_officer": "officers, no people; test_officers",
    "officers.invite_again": "officers, no people; test_officers",
    "officers.reset_second_factor": "officers, no people; test_officers",
    "officers.deactivate_officer": "officers, no people; test_officers",
    "officers.activate_officer": "officers, no people; test_officers",
    "officers.grant_role": "officers, no people; test_officers",
    "officers.revoke_grant": "officers, no people; test_officers",
    "officers.find_officer": "officers, no people; test_officers",
    "officer_pages.officer_page": "officers, no people; test_officers",
    "person.telling.write_statement": "takes a file that its caller holds",
    "person.telling.settle": "takes a file that its caller holds",
    "person.telling.keep_in_scope": "takes a file that its caller holds",
    "emergency.open_emergency": "finds whom one does not see, by exact identity, in the own register; test_emergency",
    "people.register_person": "its number is 122 random bits that the form drew, and nobody's yet; test_people",
    "pairs.say_different": "takes a file just registered and one that its caller was shown",
    "households.household_of": "takes the files of one person, found by its caller",
    "person.files.pairs_waiting": "takes the files of one person, found by its caller",
    "exporting.columns_of": "says which columns there are, and reads nothing",
    "intake.bringing.bring_list": "reads a file of the officer's own",
    "watch_lists.load_list": "reads a file of the officer's own",
    "intake.bringing.reader_of": "takes a list that its caller found",
    "intake.deciding.rows_of": "takes a list that its caller found",
    "intake.entries.households_of": "takes rows of a list that its caller found",
    "intake.entries.scope_of": "takes rows of a list that its caller found",
    "intake.known.match_rows": "takes rows of a list that its caller found",
    "intake.outcomes.judge_rows": "takes rows of a list that its caller found",
    "intake.telling.rows_with_news": "takes rows of a list that its caller found",
    "intake.telling.tell_known": "takes rows of a list that its caller found",
    "intake.writing.write_outcomes": "takes rows of a list that its caller found",
}
INTAKES = "intake_id"
# Making a failing world smaller asks everything again and again; the world that is shown is small enough.
SLOWLY = {
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
    "deadline": None,
}
OURS_BY_ACCIDENT = (TypeError, AttributeError, KeyError, NameError)


@pytest.fixture
def places(db: None) -> Iterator[None]:
    build_places()
    forget_places()
    yield
    forget_places()


# What is asked


@cache
def questions() -> Mapping[str, Callable[..., Any]]:
    """Every public function of casework whose first argument is the officer at work, by its name."""
    found = {}
    for module in pkgutil.walk_packages(safar.casework.__path__, "safar.casework."):
        loaded = importlib.import_module(module.name)
        for name, function in vars(loaded).items():
            own = inspect.isfunction(function) and function.__module__ == module.name
            if (
                own
                and not name.startswith("_")
                and next(iter(inspect.signature(function).parameters), "") == "acting"
            ):
                found[f"{module.name.removeprefix('safar.casework.')}.{name}"] = function
    return found


def arguments(function: Callable[..., Any], whose: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Ways to call a function: every argument without a default filled, and each of several values tried once."""
    names = inspect.signature(function).parameters
    values: dict[str, list[Any]] = {}
    for name, argument in list(names.items())[1:]:
        if name in whose:
            values[name] = [whose[name]]
        elif argument.default is inspect.Parameter.empty or (
            name in FILL and name in ("text", "filters", "place_id")
        ):
            if name not in FILL:
                return  # test_it_is_known_how_to_ask_everything says so
            values[name] = FILL[name]
    if names.get("given") is not None and names["given"].annotation is ConsentGiven:
        values["given"] = [ConsentGiven("casework", ["identity"], "signed", ON)]
    if names.get("given") is not None and names["given"].annotation is RoleGiven:
        values["given"] = [RoleGiven("officer", BRANCH, ON)]
    if names.get("name") is not None and names["name"].annotation is NameGiven:
        values["name"] = [NameGiven("Раҳимов", "Ҷамшед")]
    if names.get("name") is not None and names["name"].annotation is str:
        values["name"] = ["list.xlsx"]
    for turn in range(max(map(len, values.values()), default=1)):
        yield {name: options[min(turn, len(options) - 1)] for name, options in values.items()}


def about_somebody(function: Callable[..., Any]) -> set[str]:
    """The arguments of a function by which somebody is named."""
    return set(inspect.signature(function).parameters) & (PEOPLE | OTHERS | LISTS | ROWS | {INTAKES})


def naming(function: Callable[..., Any], number: int, person: UUID) -> dict[str, Any]:
    """Arguments that name one person, and the rows that are theirs."""
    given: dict[str, Any] = {}
    for name in about_somebody(function):
        if name in LISTS:
            given[name] = [person]
        elif name in PEOPLE | OTHERS:
            given[name] = person
        elif name == INTAKES:
            given[name] = UUID(int=0xB000 + number, version=4)
        else:
            given[name] = number * 100 + number + 1 if name == "pair_id" else number
    if "reference" in inspect.signature(function).parameters:
        given["reference"] = "S234-56789"
    return given


def asked(function: Callable[..., Any], acting: Acting, whose: Mapping[str, Any]) -> list[Any]:
    """What comes out of each way to call it: what is told, or what is the matter. Nothing of it stays."""
    answers = []
    for words in arguments(function, whose):
        ready = {name: value() if value is BytesIO else value for name, value in words.items()}
        with transaction.atomic():
            try:
                answers.append(told(function(acting, **ready)))
            except SafarError as error:
                answers.append((type(error).__name__, str(error), told(getattr(error, "values", {}))))
            except OURS_BY_ACCIDENT as error:
                raise AssertionError(
                    f"{function.__module__}.{function.__name__} was asked wrongly: {error!r}"
                ) from error
            transaction.set_rollback(True)
    return answers


def told(value: Any) -> Any:
    """A value as an officer could learn from it: rows by what they are, everything else as it is."""
    if isinstance(value, QuerySet):
        return [told(one) for one in value]
    if isinstance(value, Model):
        return (
            type(value).__name__,
            value.pk if isinstance(value.pk, UUID) and value.pk.int < 2**100 else "",
        )
    if isinstance(value, Q):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *(told(getattr(value, field.name)) for field in fields(value)))
    if isinstance(value, Mapping):
        return {str(key): told(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [told(one) for one in value]
    if isinstance(value, bytes):
        return "bytes"
    if value is None or isinstance(value, str | int | float | date | datetime | time | UUID | Enum):
        return str(value)
    return type(value).__name__


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def role(name: str) -> Iterator[None]:
    """A stretch as safar_app, whom both walls hold, or as the owner, whom only the first does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {name}" if name else "RESET ROLE")
        yield
        cursor.execute("RESET ROLE")


def ask_all(world: World, *, everybody: bool, walls: str) -> dict[str, Any]:
    """The answers of all functions: about everything, and about each of the people whom the officer may see."""
    answers: dict[str, Any] = {}
    with undone():
        acting = build(world, everybody=everybody)
        with role(walls), opened(acting, "test"):
            for name, function in questions().items():
                if name in APART:
                    continue
                if not about_somebody(function):
                    answers[name] = asked(function, acting, {})
                else:
                    for one in world.seen()[:2]:
                        answers[f"{name} of {one.number}"] = asked(
                            function, acting, naming(function, one.number, one.id)
                        )
    return answers


# The proofs


def test_every_exception_is_still_needed() -> None:
    assert sorted(set(APART) - set(questions())) == []


def test_it_is_known_how_to_ask_everything() -> None:
    """A new argument: say in FILL what to give for it; a function that no request reaches: say so in APART."""
    known = set(FILL) | PEOPLE | OTHERS | LISTS | ROWS | {INTAKES, "acting", "reference"}
    unknown = {
        f"{name}: {argument}"
        for name, function in questions().items()
        for argument, told_of in inspect.signature(function).parameters.items()
        if name not in APART and argument not in known and told_of.default is inspect.Parameter.empty
    }
    assert sorted(unknown) == []


@settings(max_examples=25, **SLOWLY)
@given(world=worlds())
def test_scope_is_what_the_rule_says(places, world: World) -> None:
    seen = {one.id for one in world.seen()}
    for walls in ("safar_app", ""):
        with undone():
            acting = build(world, everybody=True)
            with role(walls), opened(acting, "test"):
                assert set(people_of(acting).values_list("id", flat=True)) == seen
                assert set(needs_of(acting).values_list("person", flat=True)) <= seen
                assert set(Person.objects.filter(in_scope(acting)).values_list("id", flat=True)) <= seen
                if walls:
                    assert set(Person.objects.values_list("id", flat=True)) == seen
                    assert set(PersonName.objects.values_list("person", flat=True)) == seen
                    assert set(Need.objects.values_list("person", flat=True)) <= seen
                    assert Tally.objects.count() <= len(seen)


@settings(max_examples=25, **SLOWLY)
@given(world=worlds())
def test_a_search_finds_nobody_beyond_the_scope(places, world: World) -> None:
    kept = {one.number: one.id for one in world.people}
    with undone():
        acting = build(world, everybody=True)
        if not acting.may("see_people"):
            return
        with role("safar_app"), opened(acting, "test"):
            for one in world.people:
                for text in (one.reference, number_of(one, PASSPORT), number_of(one, PHONE), one.surname):
                    found = {line.person_id for line in search_people(acting, text, now=NOW).found}
                    note(f"{text}: {found}")
                    assert found <= {kept[seen.merged_into or seen.number] for seen in world.seen()}


@pytest.mark.parametrize("walls", ["safar_app", ""], ids=["both walls", "the first alone"])
@settings(max_examples=10, **SLOWLY)
@given(world=worlds())
def test_whatever_is_asked_others_might_as_well_not_exist(places, walls: str, world: World) -> None:
    """The same answers in the world as it is and in one without everybody whom the officer may not see."""
    whole, seen_alone = (ask_all(world, everybody=everybody, walls=walls) for everybody in (True, False))
    for name, answer in whole.items():
        assert answer == seen_alone[name], name
        for hidden in world.hidden():
            assert hidden.reference not in str(answer), name
            assert str(hidden.id) not in str(answer), name


@settings(max_examples=8, **SLOWLY)
@given(world=worlds())
def test_somebody_else_s_is_answered_like_nobody_s(places, world: World) -> None:
    """By the number of a person, pair, merge, emergency, list or document that lies beyond the scope."""
    hidden = world.hidden()[:2]
    with undone():
        acting = build(world, everybody=True)
        with role("safar_app"), opened(acting, "test"):
            for name, function in questions().items():
                if name in APART or not about_somebody(function):
                    continue
                nobody = asked(function, acting, naming(function, 900, NOBODY))
                for one in hidden:
                    assert asked(function, acting, naming(function, one.number, one.id)) == nobody, name


def test_officers_elsewhere_are_answered_like_nobody(places) -> None:
    from safar.casework.errors import NotThereError
    from safar.casework.officers import find_officer

    with undone():
        acting = build(World((), "administrator", False, None, ()), everybody=True)
        with role("safar_app"), opened(acting, "test"):
            for number in (STRANGER, 10**9):
                with pytest.raises(NotThereError, match="officer_not_there"):
                    find_officer(acting, number)


def test_the_proof_notices_a_wall_that_is_down(places, monkeypatch) -> None:
    """What is proved above would be noticed: here the first wall lets a neighbour through, and the second is down."""
    neighbour = Someone(1, "ours", "TJ-S-IS-1", "RU-SVE", "Раҳимов", twin=True, emergency=False)
    own = Someone(2, "ours", "TJ-S-I-1", "RU-SVE", "Раҳимов", twin=True, emergency=False)
    world = World((neighbour, own), "officer", False, "TJ-S-I", ())
    careless = lambda acting: Q(register_id=acting.register_id)  # noqa: E731
    monkeypatch.setattr("safar.casework.access.in_scope", careless)

    whole, seen_alone = (ask_all(world, everybody=everybody, walls="") for everybody in (True, False))

    differing = {name for name, answer in whole.items() if answer != seen_alone[name]}
    assert {"access.people_of", "search.search_people", "today.today_page"} <= differing
