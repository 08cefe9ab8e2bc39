"""The night as steps: each reads tables of a run folder, writes its own whole, and is noted in a manifest.

A run that was killed goes on at the first step whose outputs are missing or whose inputs have changed. What reads
and writes the database is given by the caller.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from safar.base import DataError
from safar.flow.digest import file_digest
from safar.lake import whole_file

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Step:
    """``run`` is told the folder, reads ``inputs`` there and writes every one of ``outputs`` whole.

    An input is a file of the folder, or a thing given to the night under that name (a day, a law). A step without
    outputs acts elsewhere; it must be able to act twice, as a run may be killed just after it.
    """

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    run: Callable[[Path], None]


@dataclass(frozen=True)
class Done:
    """What the manifest says of a step: digests of inputs and outputs, rows of tables, seconds it took."""

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    rows: Mapping[str, int]
    seconds: float


def run_steps(
    steps: Iterable[Step],
    folder: Path,
    *,
    given: Mapping[str, str],
    timer: Callable[[], float],
    progress: Callable[[Step, Done], None] = lambda step, done: None,
) -> dict[str, Done]:
    """Run what is not done yet; the manifest by step.

    ``given`` are the digests of inputs that are no files; ``timer`` tells seconds (``time.perf_counter``);
    ``progress`` hears of each step that is done, also of those done before. Raises DataError for a step that lacks
    an input or an output.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = read_manifest(folder)
    for step in steps:
        inputs = {name: _digest(step, folder, name, given) for name in step.inputs}
        done = manifest.get(step.name)
        if done is None or done.inputs != inputs or not _stands(done, step, folder):
            start = timer()
            step.run(folder)
            done = manifest[step.name] = _noted(step, folder, inputs, timer() - start)
            _write(manifest, folder)
        progress(step, done)
    return manifest


def read_manifest(folder: Path) -> dict[str, Done]:
    """What is noted of a run, by step; nothing if it has not begun, or what was noted cannot be read."""
    try:
        noted = json.loads((folder / MANIFEST).read_text("utf-8"))
        return {name: Done(**item) for name, item in noted.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # then every step runs again, which costs time and nothing else


def _digest(step: Step, folder: Path, name: str, given: Mapping[str, str]) -> str:
    if name in given:
        return given[name]
    if not (folder / name).is_file():
        raise DataError(
            f"step {step.name}: {name} is neither given nor written by a step before; check the steps"
        )
    return file_digest(folder / name)


def _stands(done: Done, step: Step, folder: Path) -> bool:
    """Whether every output is there as it was written."""
    paths = {name: folder / name for name in step.outputs}
    return set(done.outputs) == set(paths) and all(
        path.is_file() and file_digest(path) == done.outputs[name] for name, path in paths.items()
    )


def _noted(step: Step, folder: Path, inputs: Mapping[str, str], seconds: float) -> Done:
    for name in step.outputs:
        if not (folder / name).is_file():
            raise DataError(f"step {step.name}: has not written {name}, which it promises")
    outputs = {name: file_digest(folder / name) for name in step.outputs}
    tables = [name for name in step.outputs if name.endswith(".parquet")]
    rows = {name: _rows(folder / name) for name in tables}
    return Done(inputs, outputs, rows, round(seconds, 3))


def _rows(path: Path) -> int:
    return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())


def _write(manifest: Mapping[str, Done], folder: Path) -> None:
    noted: dict[str, Any] = {name: asdict(done) for name, done in manifest.items()}
    write_json(noted, folder / MANIFEST)


def write_json(data: Any, path: Path) -> None:
    """JSON whole or not at all."""
    with whole_file(path) as part:
        part.write_text(json.dumps(data, indent=1), "utf-8")
