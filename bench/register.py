"""The register at a million people: search, warn while typing, open, register, the first page, the night.

`python -m bench.register [--quick]` builds the register once under var/bench and keeps it for the next run. Times are
those of the server in one process, database included; each is asked by officers of different scope, in turn.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.measure import ON, ROOT

DAY = date.fromisoformat(ON)
ASKED, SEED = 200, 1
SMALL, LARGE = 20_000, 1_000_000
# OpenCRVS on 1.2 million records, as published (infrastructure repository, load test): medians.
PUBLISHED = {"search": "about 25 ms", "open": "75 ms", "register": "under 350 ms"}


def main(*, quick: bool = False) -> list[dict]:
    people = SMALL if quick else LARGE
    ready(people)
    rows = _build(people)
    rows += _night(people)
    for name, times in _asked(30 if quick else ASKED):
        rows.append(_row(people, name, times))
        print(" | ".join(rows[-1].values()), flush=True)
    return rows


def ready(people: int) -> None:
    """Open the register of so many people in this process, made if it is not there."""
    os.environ |= {
        "SAFAR_VAR": str(ROOT / "var" / "bench" / f"register-{people}"),
        "SAFAR_DEMO": "1",
        "SAFAR_SERVING": "1",
        "DJANGO_SETTINGS_MODULE": "safar.site.settings",
    }
    from safar.ops.serving import demo_environment, migrate, open_application

    demo_environment()
    open_application()
    migrate()


def _build(people: int) -> list[dict]:
    from django.db import connection
    from django.utils import timezone

    from safar.atlas import read_places
    from safar.casework.installing import install_officers, install_organisations, install_places, is_empty
    from safar.casework.seeding import seed_register
    from safar.ops.desk_demo import PASSWORD, programme
    from safar.ops.made_up import make_up

    if not is_empty():
        return []
    start = time.perf_counter()
    told = programme()
    install_places(read_places())
    install_organisations(told["organisations"])
    install_officers(told["officers"], password=PASSWORD, on=DAY)
    made = make_up(people, seed=SEED, on=DAY)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS name_keys")
    seed_register(made, on=DAY, now=timezone.now(), progress=lambda name: None, history=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE INDEX name_keys ON records_personname USING gin (keys) WITH (fastupdate = off)"
        )
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    took = time.perf_counter() - start
    return [{"people": f"{people:,}", "what": "made up and loaded, history off", "median": f"{took:.0f} s",
             "95% within": "", "note": f"{size / 2**30:.1f} GiB"}]  # fmt: skip


def _night(people: int) -> list[dict]:
    """The first night of a register, which writes every worklist, and the one after; of a kept register the next one."""
    from safar.ops.nightly import night_of
    from safar.records.models import Night

    last = Night.objects.filter(state="done").order_by("-on").first()
    days = (
        [("nightly: the night after", last.on + timedelta(days=1))]
        if last
        else [("nightly: the first night", DAY - timedelta(days=1)), ("nightly: the night after", DAY)]
    )
    rows = []
    for name, day in days:
        start = time.perf_counter()
        night = night_of(day, progress=lambda step: None)
        took = time.perf_counter() - start
        told = ", ".join(
            f"{step.name} {step.seconds:.0f} s" for step in night.steps if step.seconds is not None
        )
        rows.append({"people": f"{people:,}", "what": name, "median": f"{took:.0f} s",
                     "95% within": "", "note": told})  # fmt: skip
    return rows


def _asked(times: int) -> Iterator[tuple[str, list[float]]]:
    from django.utils import timezone

    from safar.casework.people import NameGiven, Registration, Saying, register_person
    from safar.casework.person_page import person_page
    from safar.casework.search import likely_same, search_people
    from safar.casework.today import Filters, today_page
    from safar.linkage.describe import Name
    from safar.records.models import PersonName, Place

    rng = random.Random(SEED)
    now = timezone.now()
    names = list(
        PersonName.objects.order_by("?").values_list(
            "surname", "given_name", "person_id", "person__home_path"
        )[: 4 * times]
    )
    scopes = ("isfara", "sughd", "consul", "batken")

    def turns(work: Callable[[Any, tuple], Any], only: str = "") -> list[float]:
        told = []
        for number in range(times):
            username = only or scopes[number % len(scopes)]
            with working(username) as acting:
                row = names[rng.randrange(len(names))]
                start = time.perf_counter()
                work(acting, row)
                told.append(time.perf_counter() - start)
        return told[len(told) // 10 :]

    yield "search: surname and given name", turns(lambda a, n: search_people(a, f"{n[0]} {n[1]}", now=now))
    yield "search: surname alone", turns(lambda a, n: search_people(a, n[0], now=now))
    yield "search: three letters typed", turns(lambda a, n: search_people(a, n[0][:3], now=now))
    yield (
        "warn of the same person while typing",
        turns(lambda a, n: likely_same(a, Name(n[0], n[1])) if a.may("register_person") else None),
    )
    seen = {}
    for username in scopes:
        with working(username) as acting:
            page = today_page(acting, Filters(), on=DAY, now=now, language="ru")
            seen[username] = [line.person_id for line in page.lines]
    yield (
        "open a person, law and forecast included",
        turns(
            lambda a, n: person_page(a, rng.choice(seen["sughd"]), on=DAY, now=now, language="ru"),
            only="sughd",
        ),
    )
    home = Place.objects.filter(level="community", path__startswith="TJ.SU.ISF.").first()
    saying = Saying(said_by="person", said_on=DAY)
    yield "register a person, worklist included", turns(
        lambda a, n: register_person(
            a,
            Registration(names=[NameGiven(n[0], n[1])], home_id=home.id, facts={"citizenship": "TJ", "destination": "RU"}),
            saying=saying, on=DAY, now=now,
        ),
        only="isfara",
    )  # fmt: skip
    yield (
        "first page: everything in scope",
        turns(lambda a, n: today_page(a, Filters(), on=DAY, now=now, language="ru")),
    )
    yield (
        "first page: one danger, whole register",
        turns(
            lambda a, n: today_page(a, Filters(danger="unpaid_wages"), on=DAY, now=now, language="ru"),
            only="sughd",
        ),
    )


@contextmanager
def working(username: str) -> Iterator[Any]:
    """An officer at work, in the role and with the scope that a page would have."""
    from django.db import connection, transaction
    from django.utils import timezone

    from safar.casework.access import acting_as, opened
    from safar.records.models import Officer

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE safar_app")
        acting = acting_as(Officer.objects.get(username=username).pk, on=DAY, now=timezone.now())
        with opened(acting, "bench"):
            yield acting


def _row(people: int, name: str, times: list[float]) -> dict:
    within = statistics.quantiles(times, n=20)[-1]
    return {
        "people": f"{people:,}",
        "what": name,
        "median": f"{statistics.median(times) * 1000:.0f} ms",
        "95% within": f"{within * 1000:.0f} ms",
        "note": next((f"OpenCRVS: {told}" for word, told in PUBLISHED.items() if name.startswith(word)), ""),
    }


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    for row in main(quick="--quick" in sys.argv):
        print(" | ".join(str(value) for value in row.values()), flush=True)
