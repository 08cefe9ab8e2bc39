"""``safar doctor``: what is wrong with an installation, and how to mend it; one line each."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from safar.ops import show
from safar.ops.law import format_given

MARKS = {"ok": "[green]ok  [/green]", "warn": "[yellow]warn[/yellow]", "bad": "[bold red]bad [/bold red]"}
DATABASE_DOWN = (
    "start PostgreSQL, or mend DATABASE_URL (postgresql://user:password@host:5432/name); without it the embedded "
    "server is used, whose log is SAFAR_VAR/postgres/log"
)


@dataclass(frozen=True)
class Finding:
    """What was seen. ``state``: ok, warn (works, but should be mended), bad; ``mend`` is empty where all is well."""

    state: str
    about: str
    told: str
    mend: str


def doctor(
    format: Annotated[str, typer.Option("--format", help="text for people, json for machines.")] = "text",
) -> None:
    """Look an installation over and say how to mend it. Exit 0: nothing is bad; 1: something is."""
    chosen = format_given(format)
    found = look_over()
    if chosen == "json":
        show.json_out([asdict(finding) for finding in found])
    else:
        _tell(found)
    if any(finding.state == "bad" for finding in found):
        raise typer.Exit(1)


def look_over() -> list[Finding]:
    """Every check, in the order in which one would mend things. Never raises: a check that breaks is a finding."""
    from safar.ops import doctor_environment, doctor_machine

    found = [*_of(doctor_environment.seen, "environment"), *_of(doctor_machine.seen, "machine")]
    if not _ready(found):
        return found
    found += _of(doctor_machine.seen_by_django, "settings")
    if doctor_machine.is_set_up():
        found += _of(_database, "database", DATABASE_DOWN)
    else:
        found.append(Finding("warn", "database", "is not set up yet", "safar demo, or safar serve"))
    return found


def _ready(found: list[Finding]) -> bool:
    """Django with this environment, missing secrets or not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safar.site.settings")
    os.environ.setdefault("PGCONNECT_TIMEOUT", "5")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ImproperlyConfigured, ImportError) as error:
        found.append(Finding("bad", "settings", _line(error), "mend this first; the rest was not looked at"))
        return False
    return True


def _database() -> Iterator[tuple[str, str, str, str]]:
    from django.utils import timezone

    from safar.casework.condition import database_seen

    return database_seen(timezone.now())


def _of(
    check: Callable[[], Iterable[tuple[str, str, str, str]]],
    about: str,
    mend: str = "safar doctor --format json",
) -> Iterator[Finding]:
    try:
        for state, name, told, how in check():
            yield Finding(state, name, told, "" if state == "ok" else how)
    except Exception as error:
        yield Finding("bad", about, f"cannot be looked at: {_line(error)}", mend)


def _line(error: Exception) -> str:
    """The first line; what follows may quote a row or an address with a password."""
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0]


def _tell(found: list[Finding]) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)
    for finding in found:
        mend = f"  [dim]→ {escape(finding.mend)}[/dim]" if finding.mend else ""
        console.print(f"{MARKS[finding.state]}  {finding.about:<12}{escape(finding.told)}{mend}")
    counts = [sum(finding.state == state for finding in found) for state in MARKS]
    console.print("\n{} ok, {} to mend some day, {} bad".format(*counts))
