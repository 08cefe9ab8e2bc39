"""Whether the history and the register are what they were made by the application: nothing changed behind its back.

Four questions. Is every lane of the history one unbroken chain? Is every row what its latest event says? Do the
chains still hold the seals that were anchored outside the database? Do the triggers and walls stand? Everything is
reckoned in PostgreSQL, in one snapshot, so that officers may go on working meanwhile.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.db.utils import ProgrammingError

from safar.base import DataError
from safar.casework.anchors import anchors_unmet, read_anchors
from safar.casework.audit_guards import guard_faults
from safar.casework.audit_lanes import lane_faults, lanes_to_check
from safar.casework.audit_rows import row_faults, rows_to_check
from safar.casework.officers import role_faults

MOST = 20  # findings told one by one for each kind and table; the others are counted

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Finding:
    """What is wrong, in which table, with which row. ``told`` names columns or places in the chain, never a value."""

    what: str
    table: str
    row: str = ""
    told: str = ""


@dataclass(frozen=True)
class Report:
    """What was looked at, how many faults of each kind there are, and the first of them one by one.

    Kinds: broken, missing, doubled (links of a chain); head_differs; row_changed, row_gone, row_unrecorded;
    anchor_forged, anchor_unmet, guards_changed; trigger_missing, wall_missing, right_given, role_raised;
    role_unknown, roles_clash, register_other.
    """

    links: int
    rows: int
    anchors: int
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.counts


@dataclass
class _Found:
    """Findings as they come: all counted, the first of each kind and table kept."""

    counts: Counter[str] = field(default_factory=Counter)
    by_table: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: list[Finding] = field(default_factory=list)

    def add(self, what: str, table: str, row: str = "", told: str = "") -> None:
        self.counts[what] += 1
        self.by_table[what, table] += 1
        if self.by_table[what, table] <= MOST:
            self.kept.append(Finding(what, table, row, told))


def verify_history(*, anchors: Path, progress: Progress = lambda _: None) -> Report:
    """Look at everything; needs the owner of the tables or safar_system. ``progress`` is told shares that sum to 1."""
    found = _Found()
    with _one_snapshot():
        lanes, tables = lanes_to_check(), rows_to_check()
        whole = sum(lane.until for lane in lanes) + sum(table.rows for table in tables) or 1
        links = rows = 0
        for lane in lanes:
            for count, faults in lane_faults(lane):
                links += count
                progress(count / whole)
                for fault in faults:
                    found.add(*fault)
        for table in tables:
            rows += table.rows
            for fault in row_faults(table):
                found.add(*fault)
            progress(table.rows / whole)
        kept = read_anchors(anchors)
        for fault in (*kept.faults, *anchors_unmet(kept), *guard_faults()):
            found.add(*fault)
        for what, grant in role_faults():
            found.add(what, "records_grant", grant)
    return Report(links, rows, len(kept.anchors), dict(found.counts), tuple(found.kept))


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """A transaction that sees the database as it is now and changes nothing, and writes values as the seals did."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(
            "SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; "
            "SET LOCAL work_mem = '128MB'; SET LOCAL jit = off"
        )
        try:
            cursor.execute("SELECT lane, seq, seal FROM records_chain LIMIT 1")
        except ProgrammingError:
            raise DataError(
                "this role may not read the heads of the history: verify as the owner of the tables or as safar_system"
            ) from None
        yield
