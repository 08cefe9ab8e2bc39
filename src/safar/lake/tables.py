"""Reading tables with errors that name file and row, and writing files whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import polars as pl
from polars.exceptions import ComputeError, NoDataError, PolarsError

from safar.base import DataError


def read_table(path: Path) -> pl.DataFrame:
    """A table: CSV with every column as text (empty = null), Parquet with its types.

    Raises DataError naming the file, the row where it can, and the mend.
    """
    if not path.is_file():
        raise DataError(f"{path}: there is no such file")
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        try:
            return pl.read_parquet(path, glob=False)
        except (PolarsError, OSError) as error:
            raise DataError(f"{path}: not a readable Parquet file: {_first(error)}") from None
    if suffix != ".csv":
        raise DataError(f"{path}: write the table as .csv or .parquet")
    try:
        return pl.read_csv(path, infer_schema=False, glob=False, raise_if_empty=True)
    except NoDataError:
        raise DataError(f"{path}: the file is empty; the first row must hold the column names") from None
    except (ComputeError, PolarsError) as error:
        raise DataError(_where_broken(path, error)) from None


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:200]


def _where_broken(path: Path, error: Exception) -> str:
    """Find the first row whose number of fields differs; only now is it worth reading slowly."""
    import csv

    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, strict=True)
            width = len(next(rows))
            for row in rows:
                if row and len(row) != width:
                    return (
                        f"{path}, row {rows.line_num}: has {len(row)} fields where the header has {width}; "
                        "correct the row (a comma inside a field needs quotes)"
                    )
    except UnicodeDecodeError as problem:
        return f"{path}: not UTF-8 at byte {problem.start}; save the file as UTF-8"
    except csv.Error as problem:
        return f"{path}, row {rows.line_num}: {problem}; correct the quotes in this row"
    return f"{path}: cannot be read: {_first(error)}"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write; it becomes ``path`` only when everything went well.

    Raises DataError if the folder is missing or the disk is full; nothing half-written stays.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_table(table: pl.DataFrame, path: Path) -> None:
    """A table as .csv or .parquet by the ending of ``path``, whole or not at all."""
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise DataError(f"{path}: write to a file that ends in .csv or .parquet")
    with whole_file(path) as part:
        if suffix == ".csv":
            table.write_csv(part)
        else:
            table.write_parquet(part)
