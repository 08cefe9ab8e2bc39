"""All commands, gathered: ``safar --help``."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from safar.ops.law import day_given, law

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
