"""Starting the application: its environment, its database, its server."""

import hashlib
import os
import secrets
from pathlib import Path

from safar.base import SafarError
from safar.ops import show

SECRETS = {"SAFAR_SECRET_KEY": 48, "SAFAR_DOCUMENT_KEYS": 32, "SAFAR_AUDIT_KEY": 32}
GATHERED = ".gathered"  # in the folder of static files: a digest of what they were made from


def demo_environment() -> None:
    """The environment of a demonstration: cookies over http, and secrets of its own kept beside its data."""
    os.environ.setdefault("SAFAR_DEMO", "1")
    folder = Path(os.environ.setdefault("SAFAR_VAR", str(Path("var").absolute())))
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "demo.env"
    if not kept.exists():
        lines = (f"{name}={secrets.token_urlsafe(size)}\n" for name, size in SECRETS.items())
        kept.touch(mode=0o600)
        kept.write_text("".join(lines))
    for line in kept.read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)


def open_application(*, role: str = "") -> None:
    """Make Django ready in this process. ``role``: safar_app serves officers, safar_system does the night's work."""
    if role:
        os.environ["SAFAR_DATABASE_ROLE"] = role
    os.environ["SAFAR_SERVING"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safar.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise SafarError(str(error)) from None


def var_folder(name: str) -> Path:
    """A folder of this installation's data."""
    from django.conf import settings

    folder = Path(settings.VAR) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def migrate() -> None:
    """Bring the database up to date, as its owner. Quick where there is nothing to do."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with show.progress("Setting up the database", total=1) as advance:
            call_command("migrate", verbosity=0, interactive=False)
            advance()
    from safar.casework.installing import mend_walls

    mend_walls()


def collect_static() -> None:
    """Gather style and scripts under names that carry their content; nothing to do where none of them changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    told = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            seen = Path(storage.path(name)).stat()
            told.update(f"{name} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    gathered = Path(settings.STATIC_ROOT) / GATHERED
    if gathered.exists() and gathered.read_text() == told.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    gathered.write_text(told.hexdigest())


def run_server(host: str, port: int, workers: int) -> None:
    """Serve until stopped. The workers are new processes, which open the database as the role that owns nothing."""
    from granian import Granian
    from granian.constants import Interfaces

    from safar.ops.access_log import FORMAT, log_settings

    os.environ["SAFAR_DATABASE_ROLE"] = "safar_app"
    os.environ["SAFAR_SERVING"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safar.site.settings")
    server = Granian(
        "safar.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=True,
        log_access_format=FORMAT,
        log_dictconfig=log_settings(),
        respawn_failed_workers=True,
    )
    server.serve()
