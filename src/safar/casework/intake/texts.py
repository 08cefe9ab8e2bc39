"""A list that came as text: its encoding, what parts its cells, and letters of the fonts of the 1990s."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from safar.casework.intake.refusing import SheetError

SEPARATORS = (";", ",", "\t")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Fonts such as Times New Roman Tj drew Tajik letters over Macedonian, Serbian and Ukrainian ones.
LEGACY = str.maketrans("љњќѓїўЉЊЌЃЇЎ", "ҷҳқғӣӯҶҲҚҒӢӮ")
SURELY_LEGACY = re.compile("[љњќѓЉЊЌЃ]")
CYRILLIC = re.compile("[А-яЁёљњќѓїўЉЊЌЃЇЎіІғҒ]")
SWAPPED_CASE = re.compile("[а-яё][А-ЯЁ]{2}")
DOUBLED = re.compile("[ÐÑ][\u0080-\u00bf]")
SAMPLE = 200_000


def read_text(content: bytes) -> tuple[str, str]:
    """The text of a file and its encoding; SheetError where it is none that lists are written in."""
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return _decoded(content, encoding), encoding
    if b"\x00" in content[:SAMPLE]:
        raise SheetError("not_a_list")
    try:
        text, encoding = content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = _decoded(content, "cp1251"), "cp1251"
        if not _looks_cyrillic(text[:SAMPLE]):
            raise SheetError("wrong_encoding") from None
    if len(DOUBLED.findall(text[:SAMPLE])) > len(text[:SAMPLE]) // 10 or "\ufffd" in text[:SAMPLE]:
        raise SheetError("letters_lost")
    return text, encoding


def read_rows(text: str) -> Iterable[list[str]]:
    """The rows of a text, whatever parts its cells; SheetError where a quotation never ends."""
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r"sep=(.)\r?", first.lstrip("\ufeff"))
    separator = told[1] if told else _separator(text)
    reader = csv.reader(io.StringIO(rest if told else text, newline=""), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error:
        raise SheetError("row_broken", row=reader.line_num) from None


def is_legacy(rows: Iterable[Sequence[str]]) -> bool:
    """Whether letters stand in a table that only the old Tajik fonts put there."""
    return any(SURELY_LEGACY.search("|".join(cells)) for cells in rows)


def mended(text: str) -> str:
    """The Tajik letters that an old font showed."""
    return text.translate(LEGACY)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise SheetError("wrong_encoding") from None


def _looks_cyrillic(text: str) -> bool:
    """Whether a text read as CP1251 is one: most of its letters are letters, and capitals begin words."""
    strange = [sign for sign in text if sign > "\x7f" and sign not in "№«»–—“”„‘’ \u00a0°"]
    letters = [sign for sign in strange if CYRILLIC.match(sign)]
    return len(letters) >= 0.9 * len(strange) and len(SWAPPED_CASE.findall(text)) <= len(letters) // 20


def _separator(text: str) -> str:
    """What parts the cells: found in most of the first lines, and in the largest number."""
    lines = [line for line in text[:SAMPLE].splitlines() if line.strip()][:50]
    unquoted = [re.sub(r'"[^"]*"', "", line) for line in lines]
    return max(
        SEPARATORS,
        key=lambda sign: (sum(sign in line for line in unquoted), sum(line.count(sign) for line in unquoted)),
    )
