"""Where the bars of small charts begin and end, in hundredths of the room there is: numbers in, geometry out.

The templates under parts/chart draw them as tables with a stretched rectangle in each row, so that words wrap, follow
the reader's text size and are read aloud as what they are. docs/adr/0027 says why these are not drawn by Altair.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

TONES = ("accent", "good", "soon", "danger", "unknown", "soft")


@dataclass(frozen=True)
class Bar:
    """A value with its label; ``said`` is the value in words, ``tone`` a colour of safar.css."""

    label: str
    value: float
    said: str
    tone: str = "accent"

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"{self.tone!r} is not a tone of a chart; there are {', '.join(TONES)}")


@dataclass(frozen=True)
class Drawn:
    """A bar with its place: from ``at`` over ``length``, both in hundredths of the chart's room."""

    bar: Bar
    at: float
    length: float


@dataclass(frozen=True)
class Chart:
    """Bars with their places; ``zero``: where nothing is, in hundredths."""

    bars: tuple[Drawn, ...]
    zero: float = 0.0


def lengths(bars: Sequence[Bar]) -> Chart:
    """Bars from a common start; the longest fills the room. For bars that lie and for columns."""
    most = max((bar.value for bar in bars), default=0) or 1
    return Chart(tuple(Drawn(bar, 0.0, _round(bar.value / most)) for bar in bars))


def parts(bars: Sequence[Bar]) -> Chart:
    """Parts of one bar, one after the other."""
    whole = sum(bar.value for bar in bars) or 1
    ends = accumulate(bar.value / whole for bar in bars)
    return Chart(
        tuple(
            Drawn(bar, _round(end - bar.value / whole), _round(bar.value / whole))
            for bar, end in zip(bars, ends, strict=True)
        )
    )


def steps(bars: Sequence[Bar]) -> Chart:
    """Steps up and down, each from where the last one ended: a waterfall."""
    ends = [0.0, *accumulate(bar.value for bar in bars)]
    low, high = min(ends), max(ends)
    room = (high - low) or 1
    drawn = tuple(
        Drawn(bar, _round((min(start, end) - low) / room), _round(abs(bar.value) / room))
        for bar, start, end in zip(bars, ends, ends[1:], strict=False)
    )
    return Chart(drawn, _round(-low / room))


def line(values: Sequence[float], width: int = 96, height: int = 24) -> str:
    """The points of a sparkline, for a <polyline> in a box of this size; empty without values."""
    if not values:
        return ""
    low, room = min(values), (max(values) - min(values)) or 1
    step = (width - 4) / max(len(values) - 1, 1)
    return " ".join(
        f"{2 + place * step:.1f},{height - 2 - (value - low) * (height - 4) / room:.1f}"
        for place, value in enumerate(values)
    )


def _round(share: float) -> float:
    return round(share * 100, 2)
