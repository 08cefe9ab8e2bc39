"""All commands, gathered: ``safar --help``."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from safar.ops.law import day_given, format_given, law

app = typer.Typer(
    name="safar",
    help="Safar makes a labour migrant's journey lawful, safe and worth it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(law, name="law")


@app.command("world")
def make_a_world(
    people: Annotated[int, typer.Option("--people", help="How many migrants.")],
    out: Annotated[Path, typer.Option("--out", help="A folder for the tables.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same world.")] = 1,
    on: Annotated[str, typer.Option("--on", help="The day on which it stands; default today.")] = "",
) -> None:
    """Make up people, stays, offences, households and communities, calibrated to published figures."""
    from safar.ops.making import write_new_world

    write_new_world(people, seed, day_given(on) if on else date.today(), out)


@app.command("demo")
def demonstrate(
    people: Annotated[int, typer.Option("--people", help="How many made-up migrants.")] = 20_000,
    on: Annotated[str, typer.Option("--on", help="The day; default today.")] = "",
    lang: Annotated[str, typer.Option("--lang", help="Language: en or ru.")] = "en",
    out: Annotated[Path, typer.Option("--out", help="Where the page is written.")] = Path("var/demo.html"),
    format: Annotated[str, typer.Option("--format", help="text for people, json for machines.")] = "text",
) -> None:
    """Real law for made-up people: who must act this week, who is exposed to a ban, what is not known."""
    from safar.ops.showing import show_the_demo

    show_the_demo(people, day_given(on) if on else date.today(), lang, out, format_given(format))
