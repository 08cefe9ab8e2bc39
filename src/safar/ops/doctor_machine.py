"""What the doctor sees on the machine: Python, packages, disk, folders, the embedded server, content, settings."""

import importlib.metadata as installed
import os
import pwd
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

Seen = tuple[str, str, str, str]
OLDEST = (3, 11)
LITTLE, TIGHT = 1e9, 5e9  # bytes free
INSTALL = "make demo installs what is missing, or: pip install --require-hashes -r requirements.txt"
OF_SERVER = "18"  # the embedded PostgreSQL
# Said better elsewhere: the secret key's strength, and what a demonstration leaves off on purpose.
SAID_ELSEWHERE = {"security.W009"}


def seen() -> Iterator[Seen]:
    """Before Django: nothing here needs settings or a database."""
    version = sys.version_info[:2]
    state = "ok" if version >= OLDEST else "bad"
    yield state, "python", ".".join(map(str, version)), "install Python 3.11 or later, then make demo"
    yield _packages()
    var = Path(os.environ.get("SAFAR_VAR", "var")).absolute()
    yield from _folders(var)
    yield _disk(var)
    if not os.environ.get("DATABASE_URL") and (var / "postgres").exists():
        yield from _embedded(var / "postgres")
    yield from _content()


def seen_by_django() -> Iterator[Seen]:
    """What needs settings and no database: files gathered, and Django's own check of a deployment."""
    from django.conf import settings
    from django.core.checks import ERROR, run_checks

    gathered = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    told = "gathered" if gathered else "not gathered yet"
    yield ("ok" if gathered else "warn"), "static", told, "start safar serve once: it gathers them"
    messages = [
        message
        for message in run_checks(include_deployment_checks=True)
        if message.id not in SAID_ELSEWHERE
        and not (settings.DEMO and str(message.id).startswith("security."))
    ]
    for message in messages:
        state = "bad" if message.level >= ERROR else "warn"
        yield (
            state,
            "settings",
            f"{message.id} {message.msg}".split("\n", 1)[0],
            str(message.hint or "see its id"),
        )
    if not messages:
        yield "ok", "settings", "Django's check of a deployment finds nothing", ""


def is_set_up() -> bool:
    """Whether there is a database to look at; the embedded server is not started where it never was."""
    from django.conf import settings

    return bool(os.environ.get("DATABASE_URL")) or (Path(settings.VAR) / "postgres" / "PG_VERSION").exists()


def _packages() -> Seen:
    missing = []
    for wanted in installed.requires("safar") or ():
        if "extra ==" in wanted:
            continue
        name = re.split(r"[\s\[<>=!~;]", wanted, maxsplit=1)[0]
        try:
            installed.version(name)
        except installed.PackageNotFoundError:
            missing.append(name)
    told = f"missing: {', '.join(missing)}" if missing else "all are there"
    return ("bad" if missing else "ok"), "packages", told, INSTALL


def _folders(var: Path) -> Iterator[Seen]:
    place = var if var.exists() else var.parent
    if not os.access(place, os.W_OK):
        yield "bad", "folder", f"{var} cannot be written", "give it to whoever runs Safar, or set SAFAR_VAR"
        return
    yield "ok", "folder", str(var), ""
    for name in ("nights", "demo.env", "anchors.log"):
        kept = var / name
        if kept.exists() and kept.stat().st_mode & 0o077 and name != "anchors.log":
            yield "bad", "folder", f"{kept} can be read by others", f"chmod go= {kept}"


def _disk(var: Path) -> Seen:
    free = shutil.disk_usage(var if var.exists() else var.parent).free
    state = "bad" if free < LITTLE else "warn" if free < TIGHT else "ok"
    return state, "disk", f"{free / 1e9:,.1f} GB free", "make room: PostgreSQL stops where it cannot write"


def _embedded(folder: Path) -> Iterator[Seen]:
    wanted = "pgserver" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    try:
        owner = pwd.getpwuid(folder.stat().st_uid).pw_name
    except KeyError:
        owner = str(folder.stat().st_uid)
    if owner != wanted:
        mend = f"run Safar as {owner}, or as root: chown -R {wanted} {folder}"
        yield "bad", "embedded", f"{folder} belongs to {owner}, and {wanted} would serve it", mend
        return
    try:
        version = (folder / "PG_VERSION").read_text().strip()
        lines = (
            (folder / "postmaster.pid").read_text().splitlines()
            if (folder / "postmaster.pid").exists()
            else []
        )
    except OSError as error:
        yield (
            "bad",
            "embedded",
            f"{folder}: {error.strerror}",
            "it is no data of PostgreSQL; restore a backup",
        )
        return
    if version != OF_SERVER:
        mend = f"back up with the Safar that wrote it, and restore into a new folder (PostgreSQL {OF_SERVER})"
        yield "bad", "embedded", f"the data is of PostgreSQL {version}", mend
        return
    yield _lock(lines)


def _lock(lines: list[str]) -> Seen:
    import psutil

    number = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
    dead = bool(lines) and not (psutil.pid_exists(number) and psutil.Process(number).name() == "postgres")
    if dead:
        left = "its lock was left by a killed server"
        return "warn", "embedded", left, "nothing to do: the next start clears it"
    return "ok", "embedded", "running" if lines else "stopped", ""


def _content() -> Iterator[Seen]:
    from safar.base import SafarError
    from safar.law import read_law
    from safar.words import LANGUAGES
    from safar.words.check import problems

    mend = "restore content/ as it was delivered; safar law check says all that is wrong"
    try:
        read_law()
        yield "ok", "content", "the law can be read; safar law check proves it", ""
        found = list(problems())
    except SafarError as error:
        yield "bad", "content", str(error).split("\n", 1)[0], mend
        return
    if found:
        yield "warn", "languages", f"{found[0]} ({len(found):,} such)", "add the words in content/words"
    else:
        yield "ok", "languages", ", ".join(LANGUAGES), ""
