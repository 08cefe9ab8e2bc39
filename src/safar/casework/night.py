"""The night's work on the register: what is read from the database, and what is put back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from safar.base import day_number
from safar.casework.copying import as_system
from safar.casework.facts import law_in
from safar.casework.needs import triage
from safar.casework.snapshot import snapshot_in, take_snapshot
from safar.casework.worklist import load_needs, load_tallies
from safar.flow.rank import rank_people
from safar.lake import read_table
from safar.law.screen import prepare_people
from safar.law.table import Source


def reckon_worklists(folder: Path, *, on: date, progress: Callable[[str], None]) -> int:
    """Rank everybody as they are now and make the worklists so; the number of needs."""
    with as_system(), transaction.atomic():
        take_snapshot(folder)
        progress("snapshot")
        needs = rank_snapshot(folder, on=on)
        progress("ranked")
        scopes = read_table(snapshot_in(folder).scopes)
        load_needs(needs, scopes, on=on)
        load_tallies(needs, scopes, on=on)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE records_need, records_tally")
        progress("loaded")
    return needs.height


def rank_snapshot(folder: Path, *, on: date) -> pl.DataFrame:
    """The needs of everybody in a snapshot."""
    paths, law = snapshot_in(folder), law_in("en").law
    people, stays, offences = (
        Source(read_table(path), path.name) for path in (paths.people, paths.stays, paths.offences)
    )
    ready = prepare_people(law, people, stays, offences, day_number(on))
    return rank_people(law, ready, triage=triage(), on=on)
