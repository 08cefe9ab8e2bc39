"""Charts as SVG text: bars of the coming weeks, lengths of bans, one person's legal clock.

Readable in print and without colour: every mark carries its number or name. Colours come from the page's CSS.
"""

from collections.abc import Sequence
from datetime import date
from html import escape

CLOCK_DAYS_BEFORE, CLOCK_DAYS_AFTER = 240, 300


def bars(values: Sequence[tuple[str, int]], title: str) -> str:
    """Horizontal bars with label and number; 100% wide."""
    most = max((value for _, value in values), default=0) or 1
    step, left, width = 30, 210, 640
    rows = []
    for place, (label, value) in enumerate(values):
        y = place * step
        length = max(2, round((width - left - 70) * value / most))
        rows.append(
            f'<text x="{left - 10}" y="{y + 19}" text-anchor="end">{escape(label)}</text>'
            f'<rect class="bar" x="{left}" y="{y + 5}" width="{length}" height="20" rx="3"/>'
            f'<text class="number" x="{left + length + 8}" y="{y + 19}">{value:,}</text>'
        )
    height = step * len(values)
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(rows)}</svg>"
    )


def clock(
    on: date,
    stays: Sequence[tuple[date, date | None]],
    deadlines: Sequence[tuple[date, str]],
    *,
    today: str,
    title: str,
) -> str:
    """A line of days: stays as bars, today, each deadline with its number; the list of numbers stands below it."""
    width, base = 640, 60
    span = CLOCK_DAYS_BEFORE + CLOCK_DAYS_AFTER

    def x(day: date) -> float:
        return round(10 + (width - 20) * ((day - on).days + CLOCK_DAYS_BEFORE) / span, 1)

    marks = [f'<line class="axis" x1="10" x2="{width - 10}" y1="{base}" y2="{base}"/>']
    for entered, left in stays:
        start, end = max(x(entered), 10.0), x(min(left or on, on))
        if end > 10:
            size = f'width="{max(end - start, 2):.1f}" height="12"'
            marks.append(f'<rect class="stay" x="{start}" y="{base - 12}" {size}/>')
    marks.append(
        f'<line class="today" x1="{x(on)}" x2="{x(on)}" y1="18" y2="{base + 10}"/>'
        f'<text x="{x(on)}" y="14" text-anchor="middle">{escape(today)}</text>'
    )
    last = -100.0
    row = 0
    for number, (day, _) in enumerate(deadlines, 1):
        if (day - on).days > CLOCK_DAYS_AFTER:
            continue
        at = x(day)
        row = (row + 1) % 3 if at - last < 22 else 0
        last = at
        y = base + 24 + 22 * row
        marks.append(
            f'<line class="tick" x1="{at}" x2="{at}" y1="{base}" y2="{y - 9}"/>'
            f'<circle class="due" cx="{at}" cy="{y}" r="9"/>'
            f'<text class="mark" x="{at}" y="{y + 4}" text-anchor="middle">{number}</text>'
        )
    return f'<svg class="chart" viewBox="0 0 {width} 140" role="img" aria-label="{escape(title)}">{"".join(marks)}</svg>'
