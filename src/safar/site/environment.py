"""What the environment says: every setting that differs between installations, read in one place.

Secrets come from the environment only. ``safar demo`` makes some for itself and keeps them beside its database.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}


def var_path() -> Path:
    """Where this installation keeps its data: ``SAFAR_VAR``, or ``var/`` where the command is run."""
    return Path(os.environ.get("SAFAR_VAR", "var")).absolute()


def flag(name: str) -> bool:
    """Whether a switch is on."""
    return os.environ.get(name, "").lower() in TRUE


def listed(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def number(name: str, default: int) -> int:
    """A whole number."""
    found = os.environ.get(name, "").strip()
    if found and not found.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, and is {found!r}")
    return int(found or default)


def secret(name: str, what: str) -> str:
    """A secret, or an error that says how to make one. While nothing is served any text will do."""
    found = os.environ.get(name, "")
    if found or not flag("SAFAR_SERVING"):
        return found or "not-a-secret-because-nothing-is-served"
    raise ImproperlyConfigured(
        f"{name} is not set ({what}); make one with: "
        "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    )


def database() -> dict[str, object]:
    """Django's settings of the database; without DATABASE_URL the embedded server, which starts when first asked."""
    role = os.environ.get("SAFAR_DATABASE_ROLE", "")
    given = {
        "ENGINE": "safar.site.database",
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"options": f"-c role={role}"} if role else {},
    }
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        # The host is a folder: the embedded server listens on a socket in it and on no network at all.
        return given | {"NAME": "safar", "USER": "postgres", "HOST": str(var_path() / "postgres")}
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgresql://; Safar runs on PostgreSQL only"
        )
    return given | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }
