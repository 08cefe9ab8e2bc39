"""Every pair of colours that safar.css puts on each other can be read, in light and in dark (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

import safar.desk.ui

CSS = (Path(safar.desk.ui.__file__).parent / "static" / "safar.css").read_text("utf-8")
BLOCK = re.compile(r"\{([^{}]*--paper[^{}]*)\}")
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,8})\b")

GROUNDS = ("paper", "card", "side")
TEXT, SHAPE = 4.5, 3.0
# What is written or drawn on what, and how far apart they must be.
PAIRS = [
    *((text, ground, TEXT) for text in ("ink", "soft", "accent", "danger", "unknown") for ground in GROUNDS),
    *((tone, f"{tone}-wash", TEXT) for tone in ("accent", "good", "soon", "danger", "unknown")),
    *(("ink", f"{tone}-wash", TEXT) for tone in ("accent", "good", "soon", "danger", "unknown")),
    *((text, "track", TEXT) for text in ("ink", "soft")),
    ("on-accent", "accent", TEXT),
    *(("edge", ground, SHAPE) for ground in GROUNDS),
    *(
        (tone, ground, SHAPE)
        for tone in ("accent", "good", "soon", "danger", "unknown")
        for ground in GROUNDS
    ),
    *((tone, "track", SHAPE) for tone in ("accent", "good", "soon", "danger", "unknown")),
]


def themes() -> dict[str, dict[str, str]]:
    light, by_screen, by_choice, *_ = (dict(TOKEN.findall(block)) for block in BLOCK.findall(CSS))
    return {"light": light, "dark as the screen": light | by_screen, "dark as chosen": light | by_choice}


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark as the screen", "dark as chosen"])
def test_what_is_written_can_be_read(theme: str) -> None:
    tokens = themes()[theme]
    told = [
        f"{front} on {ground}: {found:.2f}, needs {needed}"
        for front, ground, needed in PAIRS
        if (found := contrast(tokens[front], tokens[ground])) < needed
    ]
    assert told == []


def test_dark_is_the_same_whether_chosen_or_preferred() -> None:
    found = themes()
    assert found["dark as the screen"] == found["dark as chosen"]


def test_the_style_sheet_is_small_and_asks_for_nothing_else() -> None:
    assert len(CSS.encode()) < 30_000
    assert re.findall(r"url\(|@import|@font-face", CSS) == []
