"""Screening files: read, check, reckon, write; with a progress bar."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safar.base import day_number
from safar.lake import read_table, write_table
from safar.law import read_law
from safar.law.assess import check_reach
from safar.ops import show

if TYPE_CHECKING:
    from safar.law.model import Law
    from safar.law.prepare import Prepared


def read_people(law: "Law", people: Path, stays: Path | None, offences: Path | None, on: date) -> "Prepared":
    """The tables of a population read, checked and coded."""
    from safar.law.screen import prepare_people
    from safar.law.table import Source

    check_reach(law, on)
    named = [Source(read_table(path), str(path)) if path else None for path in (people, stays, offences)]
    table, stay_table, offence_table = named
    assert table is not None  # people has a path
    return prepare_people(law, table, stay_table, offence_table, day_number(on))


def screen_files(
    people: Path,
    stays: Path | None,
    offences: Path | None,
    *,
    on: date,
    out: Path,
    everything: bool,
    engine: str,
) -> int:
    """Screen a table of people to ``out``; the number of findings. Nothing half-written stays."""
    from safar.law.output import Shaper, write_findings
    from safar.law.screen import screen

    law = read_law()
    if engine == "spark":
        from safar.law.spark import screen_on_spark

        check_reach(law, on)
        total = screen_on_spark(law, people, stays, offences, on=on, out=out, everything=everything)
        show.note(f"{out}: {total:,} findings on {on}")
        return total
    prepared = read_people(law, people, stays, offences, on)
    with show.progress("Screening", total=prepared.frame.height) as advance:
        shape = Shaper(law, prepared.ids)
        chunks = screen(
            law, prepared, on=day_number(on), shape=shape, everything=everything, progress=advance
        )
        total = write_findings(chunks, out)
    show.note(f"{out}: {total:,} findings for {prepared.frame.height:,} people on {on}")
    return total


def reform_files(
    people: Path, stays: Path | None, offences: Path | None, change: Path, *, on: date, out: Path | None
) -> dict[str, Any]:
    """A reform tried on a population: the summary, every difference to ``out`` if one is given."""
    from safar.law.reform import compare, read_change, summary

    law = read_law()
    proposed = read_change(law, change, on=on)
    prepared = read_people(law, people, stays, offences, on)
    with show.progress("Comparing", total=2 * prepared.frame.height) as advance:
        differences = compare(law, proposed, prepared, on=on, progress=advance)
    if out is not None:
        write_table(differences, out)
    answer = summary(differences, prepared.frame.height)
    return {"title": proposed.title, "on": on.isoformat(), "affected": sorted(proposed.affected), **answer}
