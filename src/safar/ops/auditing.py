"""``safar audit``: whether history and register are what the application made them; anchors outside the database."""

from pathlib import Path
from typing import Annotated, Any

import typer

from safar.ops import show
from safar.ops.law import format_given

audit = typer.Typer(
    help="Prove that nothing was changed behind the application's back.", no_args_is_help=True
)

File = Annotated[
    Path | None, typer.Option("--anchors", help="Another file of anchors, say a copy kept elsewhere.")
]
Format = Annotated[str, typer.Option("--format", help="text for people, json for machines.")]

MEANT = {
    "broken": "a link of the history was changed, or does not follow on the one before it",
    "missing": "links of the history are gone",
    "doubled": "a place in the history is taken twice",
    "head_differs": "the head of a lane is not its last link",
    "row_changed": "a row is not what its latest event says",
    "row_gone": "a row is gone and no event tells of it",
    "row_unrecorded": "a row is there and no event tells of it",
    "anchor_forged": "an anchor was changed, or one before it taken out",
    "anchor_unmet": "the history was rewritten: an anchored link is no longer in it",
    "guards_changed": "triggers, walls or rights were changed and the code was not",
    "trigger_missing": "a trigger is missing or switched off",
    "wall_missing": "a table has lost its wall",
    "right_given": "a daily role may do what it must not",
    "role_raised": "a daily role was given more than its own",
    "role_unknown": "an officer holds a role that content/roles does not know",
    "roles_clash": "an officer holds two roles that must not go together",
    "register_other": "an officer holds roles in two registers",
}


@audit.command("verify")
def verify(anchors: File = None, format: Format = "text") -> None:
    """Look at every link, row, anchor, trigger and wall. Exit 0: all is sound; 1: something was found."""
    chosen = format_given(format)
    path = _ready(anchors)
    from safar.casework.audit import verify_history

    with show.progress("Verifying", total=100) as advance:
        report = verify_history(anchors=path, progress=lambda share: advance(share * 100))
    if chosen == "json":
        show.json_out(_told(report))
    else:
        _tell(report, path)
    if not report.sound:
        raise typer.Exit(1)


@audit.command("anchor")
def anchor(anchors: File = None, format: Format = "text") -> None:
    """Sign the state of the history and write it at the end of the file of anchors. Copy that file elsewhere."""
    chosen = format_given(format)
    path = _ready(anchors)
    from django.utils import timezone

    from safar.casework.anchors import anchor_history

    made = anchor_history(path=path, now=timezone.now())
    links = sum(seq for seq, _ in made.heads.values())
    if chosen == "json":
        show.json_out({"at": made.at, "links": links, "file": str(path)})
    else:
        show.lines([f"{links:,} links anchored in {path}"])


def _ready(anchors: Path | None) -> Path:
    """The application made ready, and the file of anchors."""
    from safar.ops.serving import open_application

    open_application()
    from django.conf import settings

    from safar.casework.anchors import FILE

    return anchors or Path(settings.VAR) / FILE


def _told(report: Any) -> dict[str, Any]:
    return {
        "sound": report.sound,
        "links": report.links,
        "rows": report.rows,
        "anchors": report.anchors,
        "counts": dict(report.counts),
        "findings": [vars(found) for found in report.findings],
    }


def _tell(report: Any, path: Path) -> None:
    show.lines([f"{report.links:,} links, {report.rows:,} rows, {report.anchors:,} anchors looked at"])
    if not report.anchors:
        show.note(
            f"No anchors in {path}: a history rewritten from end to end would not be noticed; safar audit anchor"
        )
    if report.sound:
        show.lines(["All is sound."])
    for what, count in report.counts.items():
        rows = [
            {"table": found.table, "row": found.row, "": found.told}
            for found in report.findings
            if found.what == what
        ]
        show.table(f"{MEANT[what]}: {count:,}", rows)
