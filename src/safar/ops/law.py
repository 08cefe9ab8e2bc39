"""``safar law``: assess a person, screen a population, check the content, compare days, try a reform."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

law = typer.Typer(help="What the law asks and gives.", no_args_is_help=True)
_out = Console()


@law.callback()
def _law() -> None:
    """What the law asks and gives."""


@law.command("check")
def check_content(
    only: Annotated[str, typer.Argument(help="Show only problems that contain this text, e.g. RU-PATENT.")] = "",
) -> None:
    """Prove that the content is complete, cited, dated without gaps, and that its worked cases hold."""
    from safar.law import check

    report = check()
    table = Table(title="Coverage of the law")
    for column in report.coverage[0]:
        table.add_column(column, justify="left" if column in ("country", "kind") else "right")
    for row in report.coverage:
        table.add_row(*(str(value) for value in row.values()))
    _out.print(table)
    for problem in (line for line in report.problems if only in line):
        _out.print(problem, markup=False, highlight=False, soft_wrap=True)
    total = sum(row["provisions"] for row in report.coverage)
    _out.print(f"{total} provisions, {report.cases} worked cases, {len(report.problems)} problems")
    raise typer.Exit(1 if report.problems else 0)
