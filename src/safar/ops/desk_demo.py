"""``safar demo``: a working desk with made-up people, on this machine alone."""

import os
from datetime import date, timedelta
from typing import Any

from safar.base import DataError, content_path
from safar.ops import show
from safar.ops.nightly import night_of
from safar.ops.serving import collect_static, demo_environment, migrate, open_application, run_server
from safar.ops.worker import worker_beside

PASSWORD = "safar-demo-only"  # noqa: S105  (printed on the screen; the demonstration listens on this machine alone)
SEED = 1
STEPS = 21  # of the bar: the world, the places, nine tables, two nights of five steps


def serve_the_demo(people: int, on: date, host: str, port: int, *, serve: bool = True) -> None:
    """Make a register of made-up people if there is none yet, say who can sign in, and serve until stopped."""
    demo_environment()
    open_application()
    migrate()
    from safar.casework.installing import is_empty

    if is_empty():
        fill(people, on)
    collect_static()
    tell(host, port)
    if serve:
        with worker_beside():
            run_server(host, port, workers=min(2, os.cpu_count() or 1))


def fill(people: int, on: date) -> None:
    """Places, organisations, officers and a made-up population with its needs."""
    from django.utils import timezone

    from safar.atlas import read_places
    from safar.casework.installing import install_officers, install_organisations, install_places
    from safar.casework.seeding import seed_register
    from safar.ops.made_up import make_up

    if people < 100:
        raise DataError(f"--people {people}: the demonstration needs at least 100")
    told = programme()
    with show.progress("Making up a register", total=STEPS) as advance:
        made = make_up(people, seed=SEED, on=on)
        advance()
        install_places(read_places())
        install_organisations(told["organisations"])
        install_officers(told["officers"], password=PASSWORD, on=on)
        advance()
        seed_register(made, on=on, now=timezone.now(), progress=lambda _: advance())
        for day in (on - timedelta(days=1), on):  # two nights, so that there is something to have changed
            night_of(day, progress=lambda _: advance())


def tell(host: str, port: int) -> None:
    """The address, and who can sign in."""
    show.lines(["", f"  http://{host}:{port}/", "", f"  Sign in as (password {PASSWORD}):"])
    rows = [
        {
            "user name": each["username"],
            "name": each["name"],
            "role": each["role"],
            "organisation": each["organisation"],
            "sees": each.get("place") or ", ".join(each.get("regions", ())) or "",
        }
        for each in programme()["officers"]
    ]
    show.table("", rows)
    show.lines(["  Everybody in it is made up. Stop with Ctrl-C; start again and it is all still there.", ""])


def programme() -> dict[str, list[dict[str, Any]]]:
    """Organisations and officers of the demonstration."""
    from safar.law.store import cached, load_yaml

    path = content_path() / "demo" / "programme.yaml"
    told: dict[str, list[dict[str, Any]]] = cached("programme", [path], lambda: load_yaml(path))
    return told
