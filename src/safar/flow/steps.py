"""The steps of Safar's own night; what concerns the database comes from the caller."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from safar.base import DataError, day_number
from safar.flow.changes import CHANGES, Since, told_since, what_changed
from safar.flow.digest import digest_of, file_digest, law_digest, rule_digests, triage_digest
from safar.flow.night import Step, write_json
from safar.flow.rank import rank_people
from safar.flow.triage import Triage
from safar.flow.written import rank
from safar.lake import read_table, write_table
from safar.law.model import Law
from safar.law.output import Shaper, write_findings
from safar.law.prepare import Prepared
from safar.law.screen import prepare_people, screen
from safar.law.table import Source

PEOPLE, STAYS, OFFENCES, RECORDS = "people.parquet", "stays.parquet", "offences.parquet", "records.parquet"
PAIRS, FINDINGS, NEEDS, CHANGED, RULES = (
    "pairs.parquet", "findings.parquet", "needs.parquet", "changes.parquet", "rules.json",
)  # fmt: skip
SNAPSHOT = (PEOPLE, STAYS, OFFENCES)
Link = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Night:
    """One night: its day, its law, its triage, and the folder of the night before if there was one."""

    on: date
    law: Law
    triage: Triage
    before: Path | None = None

    def given(self) -> dict[str, str]:
        """Digests of what is no file of the folder, for ``run_steps``."""
        return {
            "day": self.on.isoformat(),
            "law": law_digest(rule_digests(self.law)),
            "triage": triage_digest(self.triage),
            "before": digest_of(*(file_digest(path) for path in self._of_yesterday() if path.is_file())),
        }

    def _of_yesterday(self) -> list[Path]:
        return [] if self.before is None else [self.before / name for name in (NEEDS, RULES, *SNAPSHOT)]

    def steps(
        self,
        *,
        snapshot: Callable[[Path], None],
        load: Callable[[Path], None],
        link: Link | None = None,
        also: tuple[str, ...] = (),
        keep_findings: bool = False,
    ) -> list[Step]:
        """The steps in order.

        ``snapshot`` writes people, stays and offences as Parquet into the folder it is told, with ``link`` records
        too. ``link`` gives pairs of people (one, two, probability): proposals, which merge nobody.
        ``load`` reads needs, changes and pairs there and brings them to the database; it may be called twice.
        ``also`` names further files that the snapshot writes and ``load`` reads.
        ``keep_findings`` writes every finding and ranks from the file: slower, for those who want them.
        """
        linked = [] if link is None else [Step("linked", (RECORDS,), (PAIRS,), _linked(link))]
        screened = (
            [Step("screened", ("day", "law", *SNAPSHOT), (FINDINGS,), self._screen)] if keep_findings else []
        )
        findings = (FINDINGS,) if keep_findings else ()
        known = ("day", "law", "triage", *SNAPSHOT)
        return [
            Step("snapshot", ("day",), (*SNAPSHOT, *((RECORDS,) if link else ()), *also), snapshot),
            *linked,
            *screened,
            Step(
                "ranked",
                (*known, *findings),
                (NEEDS, RULES),
                self._rank_written if keep_findings else self._rank,
            ),
            Step("changed", (*SNAPSHOT, NEEDS, RULES, "before"), (CHANGED,), self._change),
            Step("loaded", (NEEDS, CHANGED, *((RECORDS, PAIRS) if link else ()), *also), (), load),
        ]

    def _people(self, folder: Path) -> Prepared:
        people, stays, offences = (Source(read_table(folder / name), name) for name in SNAPSHOT)
        return prepare_people(self.law, people, stays, offences, day_number(self.on))

    def _screen(self, folder: Path) -> None:
        people = self._people(folder)
        shape = Shaper(self.law, people.ids)
        write_findings(screen(self.law, people, on=day_number(self.on), shape=shape), folder / FINDINGS)

    def _rank(self, folder: Path) -> None:
        needs = rank_people(self.law, self._people(folder), triage=self.triage, on=self.on)
        self._write_needs(needs, folder)

    def _rank_written(self, folder: Path) -> None:
        findings = pl.scan_parquet(folder / FINDINGS, glob=False)
        people = self._people(folder)
        self._write_needs(rank(findings, people, law=self.law, triage=self.triage, on=self.on), folder)

    def _write_needs(self, needs: pl.DataFrame, folder: Path) -> None:
        write_table(needs, folder / NEEDS)
        rules = {"rules": rule_digests(self.law), "triage": triage_digest(self.triage)}
        write_json(rules, folder / RULES)

    def _change(self, folder: Path) -> None:
        """On the first night there is nothing to compare with, and nothing changed."""
        if self.before is None or not (self.before / NEEDS).is_file():
            write_table(pl.DataFrame(schema=CHANGES), folder / CHANGED)
            return
        yesterday, today = (read_table(place / NEEDS) for place in (self.before, folder))
        write_table(what_changed(yesterday, today, since=since(self.before, folder)), folder / CHANGED)


def since(before: Path, now: Path) -> Since | None:
    """Of whom something was told and which rules changed between two nights; None if one of them was tidied away."""
    if not all((folder / name).is_file() for folder in (before, now) for name in (RULES, *SNAPSHOT)):
        return None
    told = [told_since(read_table(before / name), read_table(now / name)) for name in SNAPSHOT]
    rules = [json.loads((folder / RULES).read_text("utf-8")) for folder in (before, now)]
    old, new = rules[0]["rules"], rules[1]["rules"]
    other_triage = rules[0]["triage"] != rules[1]["triage"]
    changed = [name for name in sorted({*old, *new}) if other_triage or old.get(name) != new.get(name)]
    return Since(pl.concat(told).unique(), changed)


def _linked(link: Link) -> Callable[[Path], None]:
    def run(folder: Path) -> None:
        pairs = link(read_table(folder / RECORDS))
        if not {"one", "two", "probability"} <= set(pairs.columns):
            raise DataError("linking gave no one, two and probability; hand over a function that gives them")
        write_table(pairs, folder / PAIRS)

    return run
