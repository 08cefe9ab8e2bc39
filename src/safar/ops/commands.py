"""All commands, gathered: ``safar --help``."""

from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from safar.ops.auditing import audit
from safar.ops.doctor import doctor
from safar.ops.keeping import backup, restore
from safar.ops.law import day_given, format_given, law
from safar.ops.linking import link, match
from safar.ops.places import places

app = typer.Typer(
    name="safar",
    help="Safar makes a labour migrant's journey lawful, safe and worth it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(law, name="law")
app.add_typer(audit, name="audit")
app.command("backup")(backup)
app.command("restore")(restore)
app.command("doctor")(doctor)
app.command("link")(link)
app.command("match")(match)
app.add_typer(places, name="places")


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


@law.command("demo")
def demonstrate_the_law(
    people: Annotated[int, typer.Option("--people", help="How many made-up migrants.")] = 20_000,
    on: Annotated[str, typer.Option("--on", help="The day; default today.")] = "",
    lang: Annotated[str, typer.Option("--lang", help="Language: en, ru, tg, ky, uz.")] = "en",
    out: Annotated[Path, typer.Option("--out", help="Where the page is written.")] = Path("var/demo.html"),
    format: Annotated[str, typer.Option("--format", help="text for people, json for machines.")] = "text",
) -> None:
    """Real law for made-up people: who must act this week, who is exposed to a ban, what is not known."""
    from safar.ops.showing import show_the_demo

    show_the_demo(people, day_given(on) if on else date.today(), lang, out, format_given(format))


@app.command("demo")
def demonstrate(
    people: Annotated[int, typer.Option("--people", help="How many made-up migrants.")] = 20_000,
    on: Annotated[str, typer.Option("--on", help="The day on which they are made up; default today.")] = "",
    host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="On which port.")] = 8000,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Whether to serve, or only to make ready.")
    ] = True,
) -> None:
    """A working desk in a browser, with made-up people of 500 real communities."""
    from safar.ops.desk_demo import serve_the_demo

    serve_the_demo(people, day_given(on) if on else date.today(), host, port, serve=serve)


@app.command("serve")
def serve_the_desk(
    host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="On which port.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", help="How many processes.")] = 2,
    work: Annotated[
        bool, typer.Option("--work/--no-work", help="Whether a worker runs beside it, as `safar work` does.")
    ] = True,
) -> None:
    """The production server. Settings and secrets come from the environment; `safar doctor` says what is missing."""
    from safar.ops.serving import collect_static, migrate, open_application, run_server
    from safar.ops.worker import worker_beside

    open_application()
    migrate()
    collect_static()
    with worker_beside() if work else nullcontext():
        run_server(host, port, workers)


@app.command("nightly")
def do_the_night(
    on: Annotated[str, typer.Option("--on", help="The day whose night it is; default today.")] = "",
) -> None:
    """Snapshot, pairs, ranking, what changed, worklists and reminders. Goes on where it was stopped."""
    from safar.ops.nightly import nightly

    nightly(day_given(on) if on else date.today())


@app.command("work")
def work_in_the_background(
    wait: Annotated[
        bool, typer.Option("--wait/--once", help="Whether to wait for more when all is done.")
    ] = True,
) -> None:
    """Do what pages leave to be done, such as taking in lists. Any number of these may run."""
    from safar.ops.worker import run_worker

    run_worker(wait=wait)
