"""Reads a file in a process of its own, so that a file made to hurt can hurt nothing but its own reading."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from safar.casework.intake.refusing import SheetError
from safar.casework.intake.sheets import Sheet, read_sheet

MEMORY, SECONDS = 3 * 2**30, 120
REFUSED = 3


def read_bounded(path: Path) -> Sheet:
    """As ``read_sheet``, with bounds on memory and time; SheetError too where these did not do."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "table.parquet"
        command = [sys.executable, "-m", "safar.casework.intake.bounded", str(path), str(out)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=2 * SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise SheetError("too_heavy") from None
        if done.returncode not in (0, REFUSED):
            raise SheetError("too_heavy")
        told: dict[str, Any] = json.loads(done.stdout)
        if done.returncode == REFUSED:
            raise SheetError(told.pop("code"), **told)
        return replace(_described(told), table=pl.read_parquet(out))


def _described(told: Mapping[str, Any]) -> Sheet:
    return Sheet(tuple(told["columns"]), pl.DataFrame(), tuple(told["notes"]))


def _read(path: Path, out: Path) -> int:
    """The work of the process: the table into a file, all else to the standard output."""
    _hold()
    try:
        sheet = read_sheet(path)
    except SheetError as error:
        sys.stdout.write(json.dumps({"code": error.code, **error.values}))
        return REFUSED
    sheet.table.write_parquet(out)
    sys.stdout.write(json.dumps({"columns": sheet.columns, "notes": sheet.notes}))
    return 0


def _hold() -> None:
    with suppress(ImportError):  # Windows has no such bounds
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(_read(Path(sys.argv[1]), Path(sys.argv[2])))
