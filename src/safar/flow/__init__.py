"""flow: joins the engines, one step after another: snapshot, link, screen, rank, what changed.

In: tables from the lake, a day, the law, the triage of ``content/triage``; callables for what is the database's.
Out: tables for the lake: who needs somebody, how urgently and why; what changed since yesterday; the run's manifest.
Never: Django, a clock, a rule of its own, a row dropped in silence.
"""

from safar.flow.changes import what_changed
from safar.flow.check import check_triage
from safar.flow.need import Need
from safar.flow.night import run_steps
from safar.flow.one import rank_one
from safar.flow.rank import rank_people
from safar.flow.sentences import read_sentences, reason
from safar.flow.steps import Night
from safar.flow.triage import read_triage

__all__ = [
    "Need",
    "Night",
    "check_triage",
    "rank_one",
    "rank_people",
    "read_sentences",
    "read_triage",
    "reason",
    "run_steps",
    "what_changed",
]
