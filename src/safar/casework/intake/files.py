"""What a list holds, sealed in the database while it is worked on; whoever may see the list may open it."""

from io import BytesIO

import polars as pl

from safar.casework.errors import NotThereError
from safar.casework.seal import seal_content, unseal_content
from safar.records.models import Intake, IntakeFile

CELLS, CHECK = "cells", "check"


def keep_table(intake: Intake, kind: str, table: pl.DataFrame) -> None:
    """Keep a table with a list, instead of the one of that kind there was."""
    out = BytesIO()
    table.write_parquet(out, compression="zstd")
    IntakeFile.objects.update_or_create(
        intake=intake, kind=kind, defaults={"content": seal_content(out.getvalue())}
    )


def kept_table(intake: Intake, kind: str) -> pl.DataFrame:
    """The table of a list; NotThereError where the list was forgotten, or nothing of that kind was kept."""
    found = IntakeFile.objects.filter(intake=intake, kind=kind).values_list("content", flat=True).first()
    if found is None:
        raise NotThereError("list_forgotten")
    return pl.read_parquet(BytesIO(unseal_content(bytes(found))))
