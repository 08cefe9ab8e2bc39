"""What the doctor sees in the environment: secrets that are missing, weak, borrowed; switches that must not be on."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from safar.ops.serving import SECRETS

Seen = tuple[str, str, str, str]
NEW = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
SHORTEST, DIFFERENT = 32, 12  # characters of a secret, and different ones among them
ON = {"1", "true", "yes", "on"}


def seen() -> Iterator[Seen]:
    """Secrets, switches, hosts, the address of the database."""
    demo = _on("SAFAR_DEMO")
    kept = {} if demo else demo_secrets(Path(os.environ.get("SAFAR_VAR", "var")))
    for name in SECRETS:
        yield _secret(name, os.environ.get(name, "") or (_of_demo().get(name, "") if demo else ""), kept)
    if len({os.environ[name] for name in SECRETS if os.environ.get(name)}) < sum(
        bool(os.environ.get(name)) for name in SECRETS
    ):
        yield "bad", "secrets", "two of them are the same", f"make one for each: {NEW}"
    yield from _switches(demo)
    yield from _address()


def demo_secrets(var: Path) -> dict[str, str]:
    """The secrets that a demonstration made for itself in this folder."""
    try:
        lines = (var / "demo.env").read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _of_demo() -> dict[str, str]:
    return demo_secrets(Path(os.environ.get("SAFAR_VAR", "var")))


def _secret(name: str, value: str, of_demo: dict[str, str]) -> Seen:
    if not value:
        return "bad", "secrets", f"{name} is not set", f"{name}=$({NEW})"
    if value == of_demo.get(name):
        return "bad", "secrets", f"{name} is that of a demonstration", f"make a new one: {NEW}"
    for part in value.split(",") if name == "SAFAR_DOCUMENT_KEYS" else [value]:
        if len(part.strip()) < SHORTEST or len(set(part)) < DIFFERENT:
            return "bad", "secrets", f"{name} is weak", f"at least {SHORTEST} random characters: {NEW}"
    return "ok", "secrets", f"{name} is set", ""


def _switches(demo: bool) -> Iterator[Seen]:
    hosts = os.environ.get("SAFAR_HOSTS", "")
    if demo:
        yield (
            "warn",
            "demo",
            "SAFAR_DEMO is on: no TLS, no second factor",
            "unset it where real people are registered",
        )
    elif not hosts:
        mend = "SAFAR_HOSTS=desk.example.org, and SAFAR_ORIGINS=https://desk.example.org"
        yield "warn", "hosts", "SAFAR_HOSTS is not set: only this machine is answered", mend
    else:
        wild = "*" in hosts.split(",")
        yield ("bad" if wild else "ok"), "hosts", hosts, "name the hosts one by one"
    if _on("SAFAR_CARELESS"):
        yield (
            "bad",
            "careless",
            "SAFAR_CARELESS is on: a power cut loses data",
            "unset it; it is for tests alone",
        )
    key = os.environ.get("SAFAR_BACKUP_KEY", "")
    if not key:
        yield (
            "warn",
            "backup",
            "SAFAR_BACKUP_KEY is not set",
            "safar backup --new-key, then safar backup each night",
        )
    elif key.startswith("AGE-SECRET-KEY-"):
        mend = "keep the secret key elsewhere, and set the public one (age1…) here"
        yield (
            "warn",
            "backup",
            "SAFAR_BACKUP_KEY is the secret key: who takes this machine reads the backups",
            mend,
        )


def _address() -> Iterator[Seen]:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield "ok", "database", "the embedded server", ""
        return
    try:
        parts = urlsplit(url)
        told = f"{parts.hostname or 'a socket'}:{parts.port or 5432}{parts.path}"
        good = parts.scheme in ("postgres", "postgresql") and len(parts.path) > 1
    except ValueError:
        told, good = "DATABASE_URL is no address", False
    yield (
        ("ok" if good else "bad"),
        "database",
        told,
        "DATABASE_URL=postgresql://user:password@host:5432/name",
    )


def _on(name: str) -> bool:
    return os.environ.get(name, "").lower() in ON
