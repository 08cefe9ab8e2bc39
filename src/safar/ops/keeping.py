"""``safar backup`` and ``safar restore``: everything in one file, and back."""

import os
from pathlib import Path
from typing import Annotated

import typer

from safar.base import DataError
from safar.ops import show

KEY = "SAFAR_BACKUP_KEY"

File = Annotated[Path, typer.Argument(help="The file of the backup.")]


def backup(
    file: Annotated[Path | None, typer.Argument(help="Where to write; whole or not at all.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Not encrypted: anybody can read it.")] = False,
    new_key: Annotated[bool, typer.Option("--new-key", help="Only make a pair of keys for backups.")] = False,
) -> None:
    """Everything of this installation in one file: register, history, officers. Encrypted for SAFAR_BACKUP_KEY."""
    from safar.casework.keeping_file import new_keys

    if new_key:
        secret, public = new_keys()
        show.lines([f"{KEY}={public}", f"# to restore, kept far from this machine: {KEY}={secret}"])
        return
    if file is None:
        raise DataError("name a file: safar backup FILE")
    key = os.environ.get(KEY, "").strip()
    if not key and not plain:
        raise DataError(
            f"{KEY} is not set: safar backup --new-key makes one; --plain writes what anybody can read"
        )
    write_backup(file, "" if plain else key)


def write_backup(file: Path, key: str) -> None:
    """Make the backup with a progress bar and say what is in it."""
    from safar.ops.serving import open_application

    open_application()
    from django.conf import settings
    from django.utils import timezone

    from safar.casework.anchors import FILE
    from safar.casework.keeping import back_up, has_tables

    if not has_tables():
        raise DataError("there is nothing in this database yet")
    with show.progress("Backing up") as advance:
        made = back_up(
            file,
            key=key,
            anchors=Path(settings.VAR) / FILE,
            now=timezone.now(),
            progress=lambda _: advance(),
        )
    size = file.stat().st_size / 1e6
    show.lines([f"{file}: {made.rows:,} rows of {len(made.tables)} tables, {size:,.1f} MB"])
    show.note("The keys in the environment are not in it: keep SAFAR_DOCUMENT_KEYS and SAFAR_AUDIT_KEY too.")


def restore(file: File) -> None:
    """Load a backup into an empty database, and verify the history. Whatever is not whole is refused."""
    from safar.ops.serving import migrate, open_application

    open_application()
    from django.conf import settings

    from safar.casework.anchors import FILE
    from safar.casework.audit import verify_history
    from safar.casework.keeping import has_tables, keys_missing, open_backup
    from safar.casework.keeping import restore as load

    anchors = Path(settings.VAR) / FILE
    with open_backup(file, os.environ.get(KEY, "").strip()) as opened:
        told = opened.manifest
        if not has_tables():
            migrate()
        with show.progress("Restoring", total=len(told.tables)) as advance:
            load(opened, anchors=anchors, progress=lambda _: advance())
    for name in keys_missing(told):
        show.note(f"{name}: not the key that was in use when the backup was made; what it sealed stays shut")
    report = verify_history(anchors=anchors)
    show.lines([f"{told.rows:,} rows of {len(told.tables)} tables, as they were at {told.made_at}"])
    if not report.sound:
        raise DataError(f"the history does not hold: {dict(report.counts)}; safar audit verify says where")
    show.lines([f"{report.links:,} links of the history hold."])
