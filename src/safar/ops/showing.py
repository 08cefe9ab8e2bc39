"""``safar demo``: gather, print, write the page."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

from safar.base import DataError
from safar.lake import whole_file
from safar.ops import show


def show_the_demo(people: int, on: date, language: str, out: Path, form: str) -> None:
    """Print the demonstration and write it as a page; JSON prints the same values for machines."""
    from safar.law import read_law
    from safar.law.assess import check_reach
    from safar.ops.demo import gather, page, sentences, show_demo

    if people < 100:
        raise DataError(f"--people {people}: the demonstration needs at least 100")
    say = sentences(language)
    check_reach(read_law(), on)
    with show.progress("Making and asking", total=3) as advance:
        demo = gather(people=people, on=on, language=language, progress=advance)
    with whole_file(out) as part:
        part.write_text(page(demo, say), "utf-8")
    if form == "json":
        show.json_out(show.plain(asdict(demo)))
        return
    show_demo(demo, say)
    show.lines(["", say.say("page", path=str(out))])
