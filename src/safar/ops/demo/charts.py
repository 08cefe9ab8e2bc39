"""Charts as SVG text: columns of the coming weeks, bars of bans, one person's legal clock.

Places across are in percent and sizes in pixels, so that text stays as large on a phone as on a desk. Readable in
print and without colour: every mark carries its number or name, what is over is hatched.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

from safar.ops.demo.shown import Clock

CLOSE = 5.5  # percent of the width within which two marks would touch on a phone


def columns(values: Sequence[tuple[str, str, int]], number: Sequence[str], title: str) -> str:
    """Upright columns. ``values``: two lines of label and the height; ``number``: the value as it is written."""
    most = max((value for *_, value in values), default=0) or 1
    room, top, width = 150, 22, 100 / max(len(values), 1)
    parts = []
    for place, ((upper, lower, value), text) in enumerate(zip(values, number, strict=True)):
        height = max(2, round(room * value / most))
        middle, base = width * (place + 0.5), top + room
        first = " now" if place == 0 else ""
        parts.append(
            f'<rect class="bar{first}" x="{middle - width * 0.36:.2f}%" y="{base - height}" '
            f'width="{width * 0.72:.2f}%" height="{height}" rx="3"/>'
            f'<text x="{middle:.2f}%" y="{base - height - 7}" text-anchor="middle">{escape(text)}</text>'
            f'<text class="soft" x="{middle:.2f}%" y="{base + 18}" text-anchor="middle">{escape(upper)}</text>'
            f'<text class="soft" x="{middle:.2f}%" y="{base + 34}" text-anchor="middle">{escape(lower)}</text>'
        )
    axis = f'<line class="axis" x1="0" x2="100%" y1="{top + room}" y2="{top + room}"/>'
    return _svg("".join(parts) + axis, top + room + 40, title)


def bars(values: Sequence[tuple[str, str, int]], title: str) -> str:
    """Lying bars. ``values``: label, the value as it is written, its length."""
    most = max((value for *_, value in values), default=0) or 1
    parts = []
    for place, (label, text, value) in enumerate(values):
        y = 46 * place
        parts.append(
            f'<text x="0" y="{y + 15}">{escape(label)}</text>'
            f'<text x="100%" y="{y + 15}" text-anchor="end">{escape(text)}</text>'
            f'<rect class="track" x="0" y="{y + 22}" width="100%" height="12" rx="3"/>'
            f'<rect class="bar" x="0" y="{y + 22}" width="{max(0.8, 100 * value / most):.2f}%" height="12" rx="3"/>'
        )
    return _svg("".join(parts), 46 * len(values), title)


def clock_line(clock: Clock, on: date, *, today: str, title: str) -> str:
    """A line of days: the lawful part of the stay, what is left or over, today, and a numbered mark for each day."""
    days = [on, *(mark.day for mark in clock.marks), *([clock.last_day] if clock.last_day else [])]
    entered = clock.entered_on or on
    start, end = max(entered, on - timedelta(days=300)), max(days) + timedelta(days=7)
    scale = _Scale(min(start, *days) - timedelta(days=7), end)
    band = 52
    parts = [_OVER, f'<line class="axis" x1="0" x2="100%" y1="{band + 16}" y2="{band + 16}"/>']
    parts += _stay(clock, on, max(entered, start), scale, band)
    parts.append(
        f'<line class="today" x1="{scale.at(on)}" x2="{scale.at(on)}" y1="22" y2="{band + 24}"/>'
        f'<text class="now" x="{scale.at(on)}" y="15" text-anchor="{scale.anchor(on)}">{escape(today)}</text>'
    )
    rows = _rows(scale, [mark.day for mark in clock.marks])
    ticks, circles = [], []
    for number, (mark, row) in enumerate(zip(clock.marks, rows, strict=True), 1):
        x, y = scale.at(mark.day), band + 42 + 28 * row
        ticks.append(f'<line class="tick" x1="{x}" x2="{x}" y1="{band + 16}" y2="{y - 12}"/>')
        circles.append(
            f'<circle class="{escape(mark.kind)}" cx="{x}" cy="{y}" r="12"/>'
            f'<text class="mark {escape(mark.kind)}" x="{x}" y="{y + 5}" text-anchor="middle">{number}</text>'
        )
    parts += ticks + circles
    return _svg("".join(parts), band + 60 + 28 * max(rows, default=0), title)


class _Scale:
    """Days as percent of the width."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, max((last - first).days, 1)

    def percent(self, day: date) -> float:
        return min(max(5 + 90 * (day - self.first).days / self.days, 0), 100)

    def at(self, day: date) -> str:
        return f"{self.percent(day):.2f}%"

    def anchor(self, day: date) -> str:
        """Where text hangs on the day so that it stays inside."""
        where = self.percent(day)
        return "start" if where < 12 else "end" if where > 88 else "middle"


# The pattern of days over: colour alone would not show in print.
_OVER = (
    '<defs><pattern id="over" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="over-paper" width="7" height="7"/><rect class="over-line" width="3" height="7"/></pattern></defs>'
)


def _stay(clock: Clock, on: date, start: date, scale: _Scale, band: int) -> list[str]:
    """The stay as a band: lawful until the last day, hatched past it; an empty frame for the days that are left."""
    if clock.entered_on is None:
        return []
    last = clock.last_day

    def piece(kind: str, first: date, until: date) -> str:
        width = scale.percent(until) - scale.percent(first)
        size = f'width="{max(width, 0.5):.2f}%" height="16"'
        return f'<rect class="{kind}" x="{scale.at(first)}" y="{band}" {size}/>'

    if last is None:
        return [piece("lawful", start, on)]
    parts = [piece("lawful", start, min(last, on))] if start < last else []
    if last > on:
        parts.append(piece("free", on, last))
    elif last < on:
        parts.append(piece("over", max(last, start), on))
    return parts


def _rows(scale: _Scale, days: Sequence[date]) -> list[int]:
    """The row under the line for each mark, in order of days: the first in which it touches no other."""
    ends: list[float] = []
    rows = []
    for day in days:
        where = scale.percent(day)
        row = next((n for n, end in enumerate(ends) if where - end >= CLOSE), len(ends))
        ends[row : row + 1] = [where]
        rows.append(row)
    return rows


def _svg(inside: str, height: int, title: str) -> str:
    return f'<svg class="chart" width="100%" height="{height}" role="img" aria-label="{escape(title)}">{inside}</svg>'
