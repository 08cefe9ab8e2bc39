"""Made-up registers for proofs of scope: two registers, places whose names begin alike, people, merges, emergencies.

Every row has a number that follows from whose it is. So a world can be built twice, once as it is and once without
everybody whom an officer may not see, and whatever the officer is shown must be the same in both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from hypothesis import strategies as st

from safar.casework.access import Acting, acting_as, roles
from safar.casework.person.given import Registration  # noqa: F401 - for those who fill arguments
from safar.casework.seal import number_key, seal
from safar.casework.search import scope_tokens
from safar.linkage import name_keys
from safar.records.models import (
    Change,
    Consent,
    Document,
    Emergency,
    Grant,
    Household,
    Intake,
    Member,
    Merge,
    Need,
    Officer,
    Organisation,
    Pair,
    Person,
    PersonName,
    Phone,
    Place,
    Reading,
    Statement,
    Stay,
    Tally,
)
from tests.casework.conftest import NOW, ON, _hashed

# id: path. I, IS and ISF are districts of their own; so are S and SU provinces.
PLACES = {
    "TJ": "TJ.",
    **{f"TJ-{p}": f"TJ.{p}." for p in ("S", "SU")},
    **{f"TJ-{p}-{d}": f"TJ.{p}.{d}." for p in ("S", "SU") for d in ("I", "IS", "ISF")},
    **{f"TJ-{p}-{d}-1": f"TJ.{p}.{d}.U1.1." for p in ("S", "SU") for d in ("I", "IS", "ISF")},
}
LEVELS = ("country", "province", "district", "unit", "community")
HOMES = [None, *(place for place in PLACES if place.endswith("-1"))]
REGIONS = ("", "RU-SVE", "RU-CHE", "RU-MOW")
REGISTERS = ("ours", "theirs")
OURS, BRANCH, THEIRS = 1, 2, 3  # organisations; register of the first two is OURS
ME, COLLEAGUE, STRANGER = 1, 2, 3  # officers
SURNAMES = ("Раҳимов", "Рахимзода", "Каримов")
PASSPORT, PHONE = "A{:07d}", "99292{:07d}"
HIGH = 7_700_000_000  # where sequences go on: a number like this in a page is one that was not hidden
NOBODY = UUID(int=0xDEAD)


@dataclass(frozen=True)
class Someone:
    """A person: whose file, from where, living where; merged into another; opened to the officer in an emergency."""

    number: int
    register: str
    home: str | None
    region: str
    surname: str
    twin: bool  # the same passport and telephone as everybody else who is a twin
    emergency: bool
    merged_into: int | None = None

    @property
    def id(self) -> UUID:
        return UUID(int=0xA000 + self.number, version=4)

    @property
    def reference(self) -> str:
        return f"S{self.number:03d}-{self.number:05d}".replace("0", "X").replace("1", "Y")

    @property
    def path(self) -> str:
        return PLACES[self.home] if self.home else ""


@dataclass(frozen=True)
class World:
    """Some people, and the role of the officer who looks."""

    people: tuple[Someone, ...]
    role: str
    branch: bool
    place: str | None
    regions: tuple[str, ...]

    def sees(self, one: Someone) -> bool:
        """The rule of scope, told once more and in other words than in the code."""
        if one.register != "ours" or not roles()[self.role].sees_people:
            return False
        kept = next((other for other in self.people if other.number == one.merged_into), None)
        if one.emergency or (kept and kept.emergency):
            return True
        here = self.place is None or f"{one.path}".split(".")[
            : self.place.count("-") + 1
        ] == self.place.split("-")
        return here and (not self.regions or one.region in self.regions)

    def looks_seen(self) -> list[Someone]:
        """At whom the officer may see that somebody looked: an auditor at all of the register, seeing none of them."""
        audits = not roles()[self.role].sees_people and "see_history" in roles()[self.role].may
        return [one for one in self.people if self.sees(one) or (audits and one.register == "ours")]

    def hidden(self) -> list[Someone]:
        return [one for one in self.people if not self.sees(one)]

    def seen(self) -> list[Someone]:
        return [one for one in self.people if self.sees(one)]


@st.composite
def worlds(draw: st.DrawFn, *, role: str | None = None) -> World:
    """A few people in two registers, and an officer of one of them."""
    count = draw(st.integers(2, 6))
    people: list[Someone] = []
    for number in range(1, count + 1):
        one = Someone(
            number,
            draw(st.sampled_from(REGISTERS)),
            draw(st.sampled_from(HOMES)),
            draw(st.sampled_from(REGIONS)),
            draw(st.sampled_from(SURNAMES)),
            draw(st.booleans()),
            draw(st.sampled_from((False, False, True))),
        )
        before = [other for other in people if other.register == one.register and other.merged_into is None]
        if before and draw(st.sampled_from((False, False, True))):
            kept = draw(st.sampled_from(before))  # files of one person lie in one scope
            one = Someone(
                number, kept.register, kept.home, kept.region, one.surname, one.twin, False, kept.number
            )
        people.append(one)
    return World(
        tuple(people),
        role or draw(st.sampled_from(sorted(roles()))),
        draw(st.booleans()),
        draw(st.sampled_from((None, *(place for place in PLACES if not place.endswith("-1"))))),
        tuple(draw(st.sets(st.sampled_from(REGIONS[1:]), max_size=2))),
    )


def build_places() -> None:
    """The tree of places, once for a test."""
    Place.objects.bulk_create(
        Place(id=place, path=path, level=LEVELS[path.count(".") - 1], kind="", names={"en": place})
        for place, path in PLACES.items()
    )
    for organisation, code, register, kind in (
        (OURS, "OURS", None, "authority"),
        (BRANCH, "BRANCH", OURS, "authority"),
        (THEIRS, "THEIRS", None, "ngo"),
    ):
        Organisation.objects.create(
            id=organisation, code=code, names={"en": code}, kind=kind, country="TJ", register_id=register
        )
    for number, name in ((ME, "me"), (COLLEAGUE, "colleague"), (STRANGER, "stranger")):
        Officer.objects.create(id=number, username=name, name=name.title(), password=_hashed())
    Grant.objects.create(
        id=COLLEAGUE, officer_id=COLLEAGUE, organisation_id=OURS, role="officer", starts_on=ON
    )
    Grant.objects.create(
        id=STRANGER, officer_id=STRANGER, organisation_id=THEIRS, role="lawyer", starts_on=ON
    )


def forget_places() -> None:
    """What casework keeps in memory of the tree of places is of another tree."""
    from safar.casework import search
    from safar.casework.person import homes

    for kept in (search._place_tokens, homes._communities, homes._districts):
        kept.cache_clear()


def build(world: World, *, everybody: bool) -> Acting:
    """Write the world down, with everybody or with those alone whom the officer may see; the officer at work."""
    grant = Grant.objects.create(
        id=ME, officer_id=ME, organisation_id=BRANCH if world.branch else OURS, role=world.role,
        place_id=world.place, regions=list(world.regions), starts_on=date(2026, 1, 1),
    )  # fmt: skip
    people = world.people if everybody else world.seen()
    for rows in rows_of(people):
        if rows:
            type(rows[0]).objects.bulk_create(rows)
    for one in world.people if everybody else world.looks_seen():
        look_at(one)
    sequences_go_on()
    return acting_as(grant.officer_id, on=ON, now=NOW)


def rows_of(people: tuple[Someone, ...] | list[Someone]) -> Iterator[list]:
    """All rows of these people, table by table; each with the number of whose it is."""
    register = {"ours": OURS, "theirs": THEIRS}
    officer = {"ours": COLLEAGUE, "theirs": STRANGER}
    scope = {
        one.number: {"register_id": register[one.register], "home_path": one.path, "region": one.region}
        for one in people
    }
    facts = {
        one.number: {"citizenship": "TJ", "destination": "RU", "entry_purpose": "work"}
        | ({"region": one.region} if one.region else {})
        for one in people
    }
    yield [
        Person(
            id=one.id, reference=one.reference, home_id=one.home, destination="RU", facts=facts[one.number],
            birth_date=date(1990, 1, one.number), birth_precision="day", registered_at=NOW, changed_at=NOW,
            registered_by_id=officer[one.register], **scope[one.number],
        )
        for one in people
    ]  # fmt: skip
    for one in people:
        if one.merged_into:
            kept = next(other for other in people if other.number == one.merged_into)
            Person.objects.filter(id=one.id).update(merged_into_id=kept.id)
    yield [
        Statement(
            id=one.number, person_id=one.id, facts=facts[one.number], said_by="person", said_on=ON, recorded_at=NOW,
            recorded_by_id=officer[one.register],
        )
        for one in people
    ]  # fmt: skip
    yield [
        PersonName(
            id=one.number, person_id=one.id, surname=one.surname, given_name="Ҷамшед", script="Cyrl", shown=True,
            keys=[*name_keys(one.surname, "Ҷамшед", ""), *scope_tokens(register[one.register], one.path, one.region)],
            statement_id=one.number,
        )
        for one in people
    ]  # fmt: skip
    yield [
        Document(
            id=one.number, person_id=one.id, kind="passport", country="TJ", statement_id=one.number,
            number_sealed=seal(number_of(one, PASSPORT)), number_key=number_key(number_of(one, PASSPORT)),
        )
        for one in people
    ]  # fmt: skip
    yield [
        Phone(id=one.number, person_id=one.id, number=number_of(one, PHONE), statement_id=one.number)
        for one in people
    ]
    yield [
        Household(
            id=one.number, register_id=register[one.register], home_id=one.home, home_path=one.path, code="7"
        )
        for one in people
    ]
    yield [
        Member(
            id=one.number, household_id=one.number, person_id=one.id, relation="head", statement_id=one.number
        )
        for one in people
    ]
    yield [
        Stay(
            id=one.number, person_id=one.id, country="RU", entered_on=date(2026, 9, 1), still_there=True,
            statement_id=one.number,
        )
        for one in people
    ]  # fmt: skip
    yield [
        Consent(
            id=one.number, person_id=one.id, purpose="refer", recipient_id=THEIRS, fields=["identity"], given_on=ON,
            how="signed", statement_id=one.number,
        )
        for one in people
    ]  # fmt: skip
    yield [
        Need(
            id=one.number, person_id=one.id, corridor="TJ-RU", danger="stay_over", harm=5, priority=1000 + one.number,
            first=True, provision="RU-STAY-90-180", status="overdue", act_by=ON + timedelta(days=one.number), since=ON,
            **scope[one.number],
        )
        for one in people
    ]  # fmt: skip
    yield [
        Tally(
            id=one.number,
            corridor="TJ-RU",
            danger="stay_over",
            week=0,
            people=1,
            reckoned_on=ON,
            **scope[one.number],
        )
        for one in people
    ]
    yield [
        Change(
            id=one.number, on=ON, person_id=one.id, danger="stay_over", change="worse", cause="day", harm=5,
            **scope[one.number],
        )
        for one in people
    ]  # fmt: skip
    yield from _between(list(people), register, officer)


def _between(people: list[Someone], register: dict[str, int], officer: dict[str, int]) -> Iterator[list]:
    """Merges, pairs, emergencies, looks and lists."""
    by_number = {one.number: one for one in people}
    yield [
        Merge(
            id=one.number, kept_id=by_number[one.merged_into].id, other_id=one.id, merged_at=NOW, because="the same",
            merged_by_id=officer[one.register],
        )
        for one in people
        if one.merged_into
    ]  # fmt: skip
    alone = [one for one in people if one.merged_into is None]
    yield [
        Pair(
            id=one.number * 100 + two.number,
            one_id=one.id,
            two_id=two.id,
            probability=0.9,
            reasons=[],
            found_on=ON,
        )
        for one in alone
        for two in alone
        if one.number < two.number and one.register == two.register
    ]
    yield [
        Emergency(
            id=one.number, person_id=one.id, officer_id=ME if one.register == "ours" else STRANGER,
            register_id=register[one.register], reason="In hospital, nobody knows them", opened_at=NOW,
            until=NOW + timedelta(hours=24),
        )
        for one in people
        if one.emergency
    ]  # fmt: skip
    yield [
        Intake(
            id=UUID(int=0xB000 + one.number, version=4), register_id=register[one.register],
            organisation_id=register[one.register], place_path=one.path, name=f"list {one.number}.xlsx",
            digest=str(one.number), uploaded_by_id=officer[one.register], uploaded_at=NOW,
        )
        for one in people
        if one.register == "theirs"
    ]  # fmt: skip


def look_at(one: Someone) -> None:
    """Somebody of the register opened the file."""
    officer, register = {"ours": (COLLEAGUE, OURS), "theirs": (STRANGER, THEIRS)}[one.register]
    Reading.objects.create(
        id=one.number, at=NOW - timedelta(hours=one.number), officer_id=officer, role="officer", person=one.id,
        register_id=register, action="open_person",
    )  # fmt: skip


def number_of(one: Someone, form: str) -> str:
    """Twins share their numbers, whichever register they are in."""
    return form.format(1234567 if one.twin else one.number)


def sequences_go_on() -> None:
    """What is written next gets a number that is known again wherever it shows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(oid::regclass, %s) FROM pg_class WHERE relkind = 'S' AND relname LIKE 'records\\_%%' "
            "AND relname NOT LIKE '%%event%%'",
            [HIGH],
        )
