"""Screening files: read, check, reckon, write; with a progress bar."""

from datetime import date
from pathlib import Path

from safar.base import day_number
from safar.lake import read_table
from safar.ops import show


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
    from safar.law import read_law
    from safar.law.assess import check_reach
    from safar.law.output import write_findings
    from safar.law.screen import prepare_people, screen
    from safar.law.table import Source

    law = read_law()
    check_reach(law, on)
    if engine == "spark":
        from safar.law.compile.spark import screen_on_spark

        return screen_on_spark(law, people, stays, offences, on=on, out=out, everything=everything)
    named = [Source(read_table(path), str(path)) if path else None for path in (people, stays, offences)]
    table, stay_table, offence_table = named
    assert table is not None
    prepared = prepare_people(law, table, stay_table, offence_table, day_number(on))
    with show.progress("Screening", total=prepared.frame.height) as advance:
        chunks = screen(law, prepared, on=day_number(on), everything=everything, progress=advance)
        total = write_findings(law, prepared.ids, chunks, out)
    show.note(f"{out}: {total:,} findings for {prepared.frame.height:,} people on {on}")
    return total
