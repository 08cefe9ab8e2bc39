"""A list back to whoever brought it: the same rows where they were, coloured where something is to be mended."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import xlsxwriter

from safar.casework.access import Acting
from safar.casework.intake.bringing import cells_of, find_list
from safar.casework.intake.results import DECIDE, MEND, READ_AS, heads_of, outcomes_of, weight_of
from safar.casework.readings import note_reading
from safar.casework.spreadsheets import PLAIN, runs
from safar.records.models import Intake

COLOURS = {MEND: "#f6c5bd", DECIDE: "#f8e3b0", READ_AS: "#e4e4de"}
HEAVIEST_FIRST = (MEND, DECIDE, READ_AS)
WIDTH, WIDEST = 18, 70
Say = Callable[..., str]


def annotated_copy(acting: Acting, intake_id: UUID, out: BinaryIO, *, say: Say, now: datetime) -> str:
    """Write the copy as XLSX; the name to give it. ``say(key)`` puts a key of content/words into the reader's words."""
    intake = find_list(acting, intake_id)
    cells, outcomes = cells_of(intake), outcomes_of(intake)
    detail = {"of": "intake", "purpose": "mend", "people": cells.height}
    note_reading(acting, "export", now=now, detail=detail)
    told = {row: (outcome, errors) for row, outcome, errors in outcomes.iter_rows()}
    book = xlsxwriter.Workbook(out, {"constant_memory": True, **PLAIN})
    copy = _Copy(book, intake, say)
    copy.head(max(int(cells["row"][0]) - 1, 1))
    for number, *texts in cells.iter_rows():
        copy.row(number, texts, *told.get(number, ("", ())))
    book.close()
    return f"{Path(intake.name).stem} - {say('intake.to_mend')}.xlsx"


class _Copy:
    """The sheet that is being written. Rows keep their numbers, so that both can be held side by side."""

    def __init__(self, book: Any, intake: Intake, say: Say) -> None:
        self.sheet = book.add_worksheet()
        self.columns, self.intake, self.say = intake.columns, intake, say
        self.bold = book.add_format({"bold": True, "bottom": 1, "quote_prefix": True})
        self.formats = {
            (weight, quoted): book.add_format(
                {"bg_color": colour, "quote_prefix": quoted, "text_wrap": False}
            )
            for weight, colour in COLOURS.items()
            for quoted in (False, True)
        }
        self.quoted = book.add_format({"quote_prefix": True})

    def head(self, number: int) -> None:
        """The heads of the columns, and of the one that says what to mend."""
        heads = [*self.columns, self.say("intake.to_mend")]
        self.sheet.set_column(0, len(heads) - 2, WIDTH)
        self.sheet.set_column(len(heads) - 1, len(heads) - 1, WIDEST)
        for at, head in enumerate(heads):
            self.sheet.write_string(number - 1, at, head, self.bold)
        self.sheet.freeze_panes(number, 0)

    def row(self, number: int, texts: Sequence[str | None], outcome: str, errors: Sequence[str]) -> None:
        """A row as it came, with what is the matter with it."""
        weights = self._weights(outcome, errors)
        for at, (head, text) in enumerate(zip(self.columns, texts, strict=True)):
            if text or head in weights:
                self._write(number, at, text or "", weights.get(head))
        if errors:
            sentences = dict.fromkeys(
                self.say(f"intake.problem.{error.partition(':')[2]}") for error in errors
            )
            heaviest = min(
                (weight_of(outcome, error.partition(":")[2]) for error in errors), key=HEAVIEST_FIRST.index
            )
            self._write(number, len(self.columns), " ".join(sentences), heaviest)

    def _weights(self, outcome: str, errors: Sequence[str]) -> Mapping[str, str]:
        """The heaviest problem of each column, by its head."""
        found: dict[str, str] = {}
        for error in errors:
            name, _, code = error.partition(":")
            weight = weight_of(outcome, code)
            for head in heads_of(self.intake, name):
                found[head] = min(found.get(head, weight), weight, key=HEAVIEST_FIRST.index)
        return found

    def _write(self, number: int, at: int, text: str, weight: str | None) -> None:
        plain = self.quoted if runs(text) else None
        self.sheet.write_string(number - 1, at, text, self.formats[weight, runs(text)] if weight else plain)
