"""All commands, gathered: ``safar --help``."""

import typer

from safar.ops.law import law

app = typer.Typer(
    name="safar",
    help="Safar makes a labour migrant's journey lawful, safe and worth it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(law, name="law")
