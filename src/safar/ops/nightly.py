"""``safar nightly``: what is done while the officers sleep."""

import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from safar.ops import show
from safar.ops.serving import migrate, open_application, var_folder

if TYPE_CHECKING:
    from safar.casework.night import NightDone


def nightly(on: date) -> None:
    """Do the night of a day with a progress bar, then say what came of it."""
    open_application()
    migrate()
    from safar.casework.night import STEPS

    with show.progress("The night", total=len(STEPS)) as advance:
        night = night_of(on, progress=lambda _: advance())
    show.table(
        f"Night of {on}: {night.people:,} people",
        [
            {
                "step": step.name,
                "rows": "" if step.rows is None else f"{step.rows:,}",
                "seconds": step.seconds,
            }
            for step in night.steps
        ],
    )


def night_of(on: date, *, progress: Callable[[str], None]) -> "NightDone":
    """The night of a day on this installation's data."""
    from django.utils import timezone

    from safar.casework.night import Clock, run_night

    clock = Clock(now=timezone.now, seconds=time.perf_counter)
    return run_night(var_folder("nights"), on=on, clock=clock, progress=progress)
