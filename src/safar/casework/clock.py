"""One person's legal clock: stays, what each limit leaves, the days that come, as places on a line and as sentences.

The drawing repeats what the sentences say, so that nobody has to see it. Places are hundredths of the line's length.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from safar.base import NEVER, as_day, day_of
from safar.casework.person.line import Bar, Line, Tick, rows_of
from safar.law import Assessor, forecast
from safar.law.assess import version_on
from safar.law.case import Case
from safar.law.expression import Node, nodes_of
from safar.law.person import case_of
from safar.law.stays import days_used, last_day, return_day
from safar.words import say, write_day, write_distance

BACK_DAYS, AHEAD_DAYS = 300, 366  # how far the line reaches at most
ROOM_DAYS = 25  # beyond the last mark
ROW_PIXELS = 30  # one row of marks
RUNNING = ("due", "overdue", "unknown")
ENDED = ("done", "late")
CARRIED = ("rolling", "calendar_year")  # windows in which the days of a stay that is over still count
MISSED = ("overdue", "late")
WORSE = ("exposed", "forbidden", "overdue", "raised")
MAY_AGAIN = ("allowed",)


@dataclass(frozen=True)
class Lane:
    """One row of the drawing with its own words."""

    title: str
    said: str
    bars: tuple[Bar, ...]
    tone: str = "plain"


@dataclass(frozen=True)
class TitleGroup:
    """Titles of rules; ``said``: the status that they have from that day on, where it changes."""

    said: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """A day to know. ``kind``: due, missed, worse, again. ``row`` is where it stands under the line."""

    number: int
    kind: str
    day: date
    latest: date | None
    said: str  # how far it is
    groups: tuple[TitleGroup, ...]
    at: float
    latest_at: float | None
    row: int

    @property
    def y(self) -> int:
        """Where it stands under the line, in pixels."""
        return ROW_PIXELS // 2 + ROW_PIXELS * self.row

    @property
    def key(self) -> str:
        """The key of the word for its kind."""
        return f"people.clock.kind.{self.kind}"


@dataclass(frozen=True)
class Window:
    """One way of counting days under a limit: in 180 days, in the year, in this stay."""

    said: str
    used: int
    allowed: int
    left: int
    back_on: date | None  # after a stay that is over: the first day on which a day is allowed again


@dataclass(frozen=True)
class Limit:
    """A limit that applies: its safe last day, the latest that can be argued, and how its days are counted."""

    provision: str
    title: str
    status: str
    due_on: date | None
    latest_on: date | None
    days_left: int | None
    began: date | None
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Clock:
    """The clock on a day. ``headline`` says what counts most; ``tone`` how it stands."""

    on: date
    headline: str
    tone: str
    limits: tuple[Limit, ...]
    next_time: tuple[Limit, ...]  # of a stay that is over: what it leaves for the next
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    today_at: float
    rows: int

    @property
    def height(self) -> int:
        """The height that the marks need, in pixels."""
        return ROW_PIXELS * self.rows

    @property
    def counted(self) -> tuple[Limit, ...]:
        """Limits whose days are counted, those of a stay that is over too."""
        return tuple(limit for limit in (*self.limits, *self.next_time) if limit.windows)

    @property
    def today_anchor(self) -> str:
        """On which side of its line the word for today hangs, so that it stays inside."""
        return "start" if self.today_at < 15 else "end" if self.today_at > 85 else "middle"


def clock_of(law: Assessor, facts: Mapping[str, Any], answer: Mapping[str, Any], *, on: date) -> Clock:
    """The clock of somebody's facts. ``answer`` is what ``law.assess`` said of them on that day."""
    case = case_of(facts, law.compiled, on=on)
    language = law.explainer.words.language
    limits = tuple(_limits(law, case, answer, RUNNING))
    ended = (replace(one, windows=_carried(one.windows)) for one in _limits(law, case, answer, ENDED))
    marks = _days(law, answer, forecast(law, facts, on=on), on=on)
    line = _line_for(case, limits, marks, on)
    placed = _placed(marks, line)
    headline, tone = _headline(case, law, limits, language)
    return Clock(
        on=on,
        headline=headline,
        tone=tone,
        limits=limits,
        next_time=tuple(limit for limit in ended if limit.windows),
        lanes=(*_stays(case, law, line), *_lanes(limits, line, language, on)),
        marks=placed,
        ticks=line.ticks(language),
        today_at=line.at(on),
        rows=max((mark.row for mark in placed), default=-1) + 1,
    )


def _limits(law: Assessor, case: Case, answer: Mapping[str, Any], statuses: Sequence[str]) -> Iterator[Limit]:
    for finding in answer["findings"]:
        if finding["kind"] == "limit" and finding["status"] in statuses:
            provision = law.law.provisions[finding["provision"]]
            began = law.compiled.thunk(provision.event)(case)
            tree = version_on(law.compiled, provision, case).due
            yield Limit(
                provision=provision.id,
                title=finding["title"],
                status=finding["status"],
                due_on=_day(finding["due_on"]),
                latest_on=_day(finding["latest_on"]),
                days_left=finding["days_left"],
                began=None if began in (None, NEVER) else day_of(began),
                windows=tuple(_windows(law, case, tree, _day(finding["due_on"]))),
            )


def _windows(law: Assessor, case: Case, tree: Node | None, due: date | None) -> Iterator[Window]:
    """How many days are used and left in every window that bears on the last day; one that ended before does not."""
    past = case.past(safe=True)
    if past is None or due is None:
        return
    seen = set()
    for node in nodes_of(tree, "stay"):
        _, name, allowed, *length, _ = node.args
        ends = last_day(past, name, (allowed, *length))
        if (name, allowed) in seen or ends == NEVER or day_of(ends) < due:
            continue
        seen.add((name, allowed))
        used = days_used(past, name, tuple(length), case.on)
        said = law.explainer.words.reason(f"used_{name}", window=length[0] if length else "", days=used)
        back = return_day(past, name, (allowed, *length))
        back_on = day_of(back) if name in CARRIED and back != NEVER else None
        yield Window(said, used, allowed, max(allowed - used, 0), back_on)


def _carried(windows: Sequence[Window]) -> tuple[Window, ...]:
    return tuple(window for window in windows if window.back_on)


def _days(
    law: Assessor, answer: Mapping[str, Any], ahead: Mapping[str, Sequence[Mapping[str, Any]]], *, on: date
) -> list[Mark]:
    """Days missed in the past, days to come, days on which something changes by itself; one mark a day and kind."""
    noted = _Noted(law.explainer.words.language, on)
    for finding in answer["findings"]:
        due = _day(finding["due_on"])
        missed = finding["status"] == "overdue" and finding["kind"] in ("duty", "limit")
        if missed and due and (on - due).days <= BACK_DAYS:
            noted.note("missed", due, finding["title"], latest=_day(finding["latest_on"]))
    told = {item["provision"]: item for item in ahead["deadlines"]}
    # A price is told with the duty to pay, where there is one on the same day.
    for item in sorted(
        ahead["deadlines"], key=lambda one: law.law.provisions[one["provision"]].kind == "price"
    ):
        due = as_day(item["due_on"])
        if law.law.provisions[item["provision"]].kind != "price" or (due, "due") not in noted.marks:
            noted.note("due", due, item["title"], latest=_day(item["latest_on"]))
    for kind, item in _cliffs(ahead["cliffs"], told):
        noted.note(kind, as_day(item["on"]), item["title"], status=item["to"])
    return sorted(noted.marks.values(), key=lambda mark: (mark.day, mark.kind))


@dataclass
class _Noted:
    """Marks by day and kind, to which titles are added one by one."""

    language: str
    on: date
    marks: dict[tuple[date, str], Mark] = field(default_factory=dict)

    def note(self, kind: str, day: date, title: str, *, latest: date | None = None, status: str = "") -> None:
        """Add a title to the day, under the status that it will have."""
        said = write_distance(self.language, (day - self.on).days)
        mark = self.marks.get((day, kind)) or Mark(0, kind, day, None, said, (), 0.0, None, 0)
        word = say(self.language, f"status.{status}") if status else ""
        told = {group.said: group.titles for group in mark.groups}
        told[word] = tuple(dict.fromkeys((*told.get(word, ()), title)))
        later = [one for one in (mark.latest, latest) if one and one > day]
        self.marks[day, kind] = replace(
            mark,
            latest=max(later, default=None),
            groups=tuple(TitleGroup(said, titles) for said, titles in told.items()),
        )


def _cliffs(
    cliffs: Iterable[Mapping[str, Any]], deadlines: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What changes by itself and is not just the day after a deadline that is told already."""
    for item in cliffs:
        if item["to"] in WORSE and not (item["to"] == "overdue" and item["provision"] in deadlines):
            yield "worse", item
        elif item["to"] in MAY_AGAIN and item["from"] == "forbidden":
            yield "again", item


def _line_for(case: Case, limits: Sequence[Limit], marks: Sequence[Mark], on: date) -> Line:
    starts = [on - timedelta(days=30), *(limit.began for limit in limits if limit.began)]
    past = case.past(safe=False)
    if past and past.spans:
        starts.append(day_of(past.spans[-1][0]))
    first = max(min([*starts, *(mark.day for mark in marks)]), on - timedelta(days=BACK_DAYS))
    ends = [on + timedelta(days=60), *(limit.due_on for limit in limits if limit.due_on)]
    ends += [mark.latest or mark.day for mark in marks]
    last = min(max(ends) + timedelta(days=ROOM_DAYS), on + timedelta(days=AHEAD_DAYS))
    return Line(first - timedelta(days=7), last)


def _stays(case: Case, law: Assessor, line: Line) -> Iterator[Lane]:
    """A row for each country in which a stay is told, the destination first."""
    stays, destination = case.stays, case.facts.get("destination")
    if stays is None and (past := case.past(safe=False)) and past.spans and isinstance(destination, str):
        yield _lane_of([(past.spans[-1][0], None)], destination, destination, case, law, line)
    countries = sorted({stay.country for stay in stays or ()}, key=lambda one: (one != destination, one))
    for country in countries:
        spans = [(stay.entered, stay.left) for stay in stays or () if stay.country == country]
        yield _lane_of(spans, country, destination, case, law, line)


def _lane_of(
    spans: Sequence[tuple[int, int | None]],
    country: str,
    destination: Any,
    case: Case,
    law: Assessor,
    line: Line,
) -> Lane:
    tone = "stay" if country == destination else "elsewhere"
    on, bars, said = day_of(case.on), list[Bar](), list[str]()
    language = law.explainer.words.language
    for entered, left in sorted(spans):
        start = day_of(entered)
        if left is None and entered != max(span[0] for span in spans):
            bars += line.bars(start, start, "open")
            end = "people.clock.left_unknown"
        else:
            until = on if left in (None, NEVER) else day_of(left or 0)
            bars += line.bars(start, min(until, line.last), tone)
            end = "people.clock.there" if left in (None, NEVER) else "people.clock.left"
        last = "" if left in (None, NEVER) else write_day(language, day_of(left or 0))
        said.append(say(language, end, entered=write_day(language, start), left=last))
    return Lane(law.explainer.words.value("country", country), "; ".join(said[-4:]), tuple(bars))


def _lanes(limits: Sequence[Limit], line: Line, language: str, on: date) -> Iterator[Lane]:
    for limit in limits:
        if limit.due_on is None or limit.began is None:
            continue
        bars = [*line.bars(limit.began, min(on, limit.due_on), "used")]
        if limit.due_on < on:
            bars += line.bars(limit.due_on + timedelta(days=1), on, "over")
        else:
            bars += line.bars(max(on + timedelta(days=1), limit.began), limit.due_on, "left")
        yield Lane(limit.title, _left(limit, language), tuple(bars), _tone(limit))


def _left(limit: Limit, language: str) -> str:
    """Days left or over, with the safe day and the latest that can be argued."""
    assert limit.due_on is not None and limit.days_left is not None
    over = limit.days_left < 0
    day = write_day(language, limit.due_on)
    if limit.days_left == 0:
        return say(language, "people.clock.last_today", day=day)
    parts = [
        say(language, f"people.clock.{'over' if over else 'left_until'}", count=abs(limit.days_left), day=day)
    ]
    if limit.latest_on and limit.latest_on != limit.due_on:
        parts.append(say(language, "people.clock.latest", day=write_day(language, limit.latest_on)))
    return " ".join(parts)


def _headline(case: Case, law: Assessor, limits: Sequence[Limit], language: str) -> tuple[str, str]:
    destination = case.facts.get("destination")
    if not isinstance(destination, str):
        return say(language, "people.clock.no_destination"), "unknown"
    country = law.explainer.words.value("destination", destination)
    dated = [limit for limit in limits if limit.due_on and limit.days_left is not None]
    unknown = any(limit.status == "unknown" for limit in limits)
    if dated:
        nearest = min(dated, key=lambda limit: limit.days_left or 0)
        if nearest.status == "overdue" or not unknown:
            return _left(nearest, language), _tone(nearest)
        return say(language, "people.clock.stricter", told=_left(nearest, language)), "unknown"
    if unknown:
        return say(language, "people.clock.last_day_not_known", country=country), "unknown"
    past = case.past(safe=True)
    if case.facts.get("entered_on") == NEVER or (
        past is not None and (not past.spans or past.left <= case.on)
    ):
        return say(language, "people.clock.not_there", country=country), "plain"
    return say(language, "people.clock.no_limit", country=country), "plain"


def _tone(limit: Limit) -> str:
    if limit.days_left is None:
        return "unknown"
    return "danger" if limit.days_left < 0 else "soon" if limit.days_left <= 30 else "good"


def _placed(marks: Sequence[Mark], line: Line) -> tuple[Mark, ...]:
    """The marks that are on the line, numbered in order of days."""
    seen = [mark for mark in marks if line.first <= mark.day <= line.last]
    rows = rows_of([line.at(mark.day) for mark in seen])
    return tuple(
        replace(
            mark,
            number=number,
            at=line.at(mark.day),
            latest_at=line.at(mark.latest) if mark.latest else None,
            row=row,
        )
        for number, (mark, row) in enumerate(zip(seen, rows, strict=True), 1)
    )


def _day(text: str | None) -> date | None:
    return as_day(text) if text else None
