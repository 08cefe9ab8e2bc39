"""What is written of a request: when, which page, which status, how long. Nothing of what was asked or who asked."""

import logging
import re
from typing import Any

FORMAT = '%(time)s "%(method)s %(path)s" %(status)d %(dt_ms).0f ms'
# Words of our own and random ids; anything else may be a token or something typed.
PLAIN = re.compile(r"[a-z][a-z0-9_.-]{0,60}|\d{1,6}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|")
TOKENS = {"invitation", "key"}


class PlainPaths(logging.Filter):
    """Puts … for every part of a path that is neither a word of ours nor a random id."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: every request is written."""
        if isinstance(record.args, dict) and "path" in record.args:
            record.args = {**record.args, "path": plain_path(str(record.args["path"]))}
        return True


def plain_path(path: str) -> str:
    """A path without what may be personal or secret: what follows an invitation or a key goes whole."""
    parts = path.split("?", 1)[0].split("/")
    for number, part in enumerate(parts, 1):
        if part in TOKENS:
            parts[number:] = ["…"]
            break
    return "/".join(part if PLAIN.fullmatch(part) else "…" for part in parts)


def log_settings() -> dict[str, Any]:
    """For the server's own loggers; those of the application are Django's."""
    return {
        "filters": {"plain": {"()": "safar.ops.access_log.PlainPaths"}},
        "handlers": {
            "console": {
                "formatter": "generic",
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
            },
            "access": {
                "formatter": "access",
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "filters": ["plain"],
            },
        },
    }
