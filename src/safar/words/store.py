"""Keeps a read catalogue for the next start: JSON in the user's cache, keyed by the files it came from.

Nothing but speed depends on it: a missing, old or broken copy is read anew from the YAML. An installed wheel may bring
the copy along as ``packed/desk-words-<language>.json``.
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_FORMAT = "1"  # of what is kept; change it when catalogue.py reads the files in another way
_PACKAGE = Path(__file__).resolve().parents[1]


def kept(name: str, files: Sequence[Path], read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What ``read`` gives (JSON-able), from the copy if no file has changed since."""
    packed = _PACKAGE / "packed" / f"{name}.json"
    if packed.is_file() and all(_PACKAGE in path.parents for path in files):
        return _load(packed)
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "safar"
    copy = folder / f"{name}-{_key(files)}.json"
    try:
        return _load(copy)
    except (OSError, ValueError):
        told = read()
        _keep(copy, name, told)
        return told


def _load(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told


def _key(files: Sequence[Path]) -> str:
    digest = hashlib.sha256(_FORMAT.encode())
    for path in files:
        stat = path.stat()
        digest.update(f"{path}|{stat.st_mtime_ns}|{stat.st_size}\n".encode())
    return digest.hexdigest()[:20]


def _keep(copy: Path, name: str, told: dict[str, Any]) -> None:
    part = copy.with_suffix(f".{os.getpid()}.part")
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")), "utf-8")
        part.replace(copy)
        for old in sorted(copy.parent.glob(f"{name}-*.json"), key=lambda path: path.stat().st_mtime)[:-8]:
            old.unlink(missing_ok=True)
    except OSError:
        part.unlink(missing_ok=True)  # a full or read-only disk costs a moment at the next start, no more
