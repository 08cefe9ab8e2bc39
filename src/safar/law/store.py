"""Keeps read content ready for the next start: plain JSON in the user's cache, keyed by the files it came from.

Nothing but speed depends on it: a missing, old or broken cache is read anew from the YAML.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from safar.base import LawError

_FORMAT = "1"
_PACKAGE = Path(__file__).resolve().parents[1]


def cached(name: str, files: Iterable[Path], build: Callable[[], Any]) -> Any:
    """The JSON-able result of ``build``, from the wheel or the cache if nothing it came from has changed."""
    files = list(files)
    shipped = _PACKAGE / "packed" / f"{name}.json"
    if shipped.is_file() and all(_PACKAGE in path.parents for path in files):
        return json.loads(shipped.read_text("utf-8"))
    target = _folder() / f"{name}-{_key(files)}.json"
    try:
        return json.loads(target.read_text("utf-8"))
    except (OSError, ValueError):
        pass
    result = build()
    _write(target, name, result)
    return result


def _folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "safar"


def _key(files: Iterable[Path]) -> str:
    digest = hashlib.sha256(_FORMAT.encode())
    code = sorted(Path(__file__).parent.glob("*.py"))
    for path in [*code, *sorted(files)]:
        stat = path.stat()
        digest.update(f"{path}|{stat.st_mtime_ns}|{stat.st_size}\n".encode())
    return digest.hexdigest()[:20]


def _write(target: Path, name: str, result: Any) -> None:
    part = target.with_suffix(f".{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")), "utf-8")
        part.replace(target)
        old = sorted(target.parent.glob(f"{name}-*.json"), key=lambda path: path.stat().st_mtime)
        for path in old[:-8]:
            path.unlink(missing_ok=True)
    except OSError:
        part.unlink(missing_ok=True)  # a full or read-only disk costs a second at the next start, no more


def load_yaml(path: Path) -> Any:
    """One YAML 1.2 file with dates as ISO text; LawError with file and line if it cannot be read."""
    from ruamel.yaml import YAML  # only content that has changed is read from YAML
    from ruamel.yaml.constructor import SafeConstructor
    from ruamel.yaml.error import MarkedYAMLError

    class Constructor(SafeConstructor):
        """Leaves days as the text they are, so that an impossible day is told like any other mistake."""

    Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = Constructor
    try:
        return yaml.load(path.read_text("utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise LawError(f"{path}{line}: not YAML: {error.problem}") from None
    except UnicodeDecodeError:
        raise LawError(f"{path}: not UTF-8 text; save it as UTF-8") from None
