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
    from safar.ops.demo import gather, page, sentences, show_demo, worked_cases

    if people < 100:
        raise DataError(f"--people {people}: the demonstration needs at least 100")
    with show.progress("Reading the law", total=3) as advance:
        say = sentences(language)
        advance()
        check_reach(read_law(), on)
        advance()
        worked_cases()
        advance()
    demo = gather(people=people, on=on, language=language)
    with whole_file(out) as part:
        part.write_text(page(demo, say), "utf-8")
    if form == "json":
        show.json_out(show.plain(asdict(demo)))
        return
    show_demo(demo, say)
    show.lines(["", say.say("page", path=str(out))])
