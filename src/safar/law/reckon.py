"""The counting of ``law.stays`` for a whole population at once, over sorted arrays.

Rows are stays sorted by person; results are one value a person. Day numbers are int64 here; ``NEVER`` is none;
a mask tells where a value is known. Agreement with ``law.stays`` is proved on random people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from safar.base import NEVER
from safar.law.day_table import year_start
from safar.law.stays import CONTINUOUS_WINDOWS

Days = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class StayRows:
    """Stays, any country: person's place, whether in the destination, entry, exit, exit known."""

    person: Days
    here: Mask
    entered: Days
    left: Days
    left_known: Mask

    def taken(self, rows: slice | Mask | Days) -> "StayRows":
        """Some of the rows."""
        return StayRows(*(column[rows] for column in vars(self).values()))

    def by_person(self) -> "StayRows":
        """In order of the person alone."""
        rising = (self.person[1:] >= self.person[:-1]).all()
        return self if rising else self.taken(np.argsort(self.person, kind="stable"))

    def of(self, start: int, stop: int) -> "StayRows":
        """Stays, sorted by person, of the people from ``start`` to before ``stop``, who are counted from 0 again."""
        first, end = np.searchsorted(self.person, (start, stop))
        rows = self.taken(slice(first, end))
        entered, left = (days.astype(np.int64) for days in (rows.entered, rows.left))
        return replace(rows, person=rows.person - start, entered=entered, left=left)

    def sorted(self) -> "StayRows":
        """By person, entry, exit; of at most 2**17 people."""
        left = np.where(self.left_known, self.left, NEVER)
        late = np.minimum(left + _DAY_ZERO, 2 * _DAY_ZERO - 1)  # none is later than any day
        key = (self.person * 2 * _DAY_ZERO + self.entered + _DAY_ZERO) * 2 * _DAY_ZERO + late
        rows = replace(self, left=left)
        return rows if (key[1:] >= key[:-1]).all() else rows.taken(np.argsort(key, kind="stable"))


_DAY_ZERO = 2**22  # every day from year 1 to 9999 is less than this away from day 0


@dataclass(frozen=True, eq=False)
class Spans:
    """Disjoint spans in the destination in one reading, sorted by person and time; ``people`` in all."""

    people: int
    person: Days
    start: Days
    end: Days

    @cached_property
    def last(self) -> Mask:
        """Whether a span is its person's latest."""
        last = np.ones(len(self.person), dtype=np.bool_)
        last[:-1] = self.person[:-1] != self.person[1:]
        return last

    @cached_property
    def any(self) -> Mask:
        """Whether a person has a span."""
        found = np.zeros(self.people, dtype=np.bool_)
        found[self.person] = True
        return found

    @cached_property
    def entered(self) -> Days:
        """Entry day of the latest span, ``NEVER`` without one."""
        return self._spread(self.start[self.last])

    @cached_property
    def left(self) -> Days:
        """Exit day of the latest span, ``NEVER`` while it runs or without one."""
        return self._spread(self.end[self.last])

    def _spread(self, values: Days) -> Days:
        result = np.full(self.people, NEVER, dtype=np.int64)
        result[self.person[self.last]] = values
        return result

    @cached_property
    def apart(self) -> Days:
        """Last day of each span that it does not share with the next."""
        following = np.full(len(self.person), NEVER, dtype=np.int64)
        following[:-1] = np.where(self.last[:-1], NEVER, self.start[1:])
        return np.minimum(self.end, following - 1)

    def total(self, per_span: Days) -> Days:
        """Sum of a value of spans, a person."""
        return np.bincount(self.person, weights=per_span, minlength=self.people).astype(np.int64)

    def after(self, per_span: Days) -> Days:
        """For each span the sum over its person's later spans."""
        running = np.cumsum(per_span)
        upto = np.zeros(self.people, dtype=np.int64)
        upto[self.person[self.last]] = running[self.last]
        return np.asarray(upto[self.person] - running, dtype=np.int64)


def spans(rows: StayRows, people: int, *, safe: bool) -> Spans:
    """Make sorted stays disjoint, reading unknown exits safely or leniently."""
    left = _exits(rows, safe=safe)
    here = rows.here
    person, entered, left = rows.person[here], rows.entered[here], left[here]
    if not len(person):
        return Spans(people, person, entered, left)
    first = np.ones(len(person), dtype=np.bool_)
    first[1:] = person[1:] != person[:-1]
    offset = person * (4 * NEVER)
    reached = np.maximum.accumulate(left + offset) - offset
    begins = first.copy()
    begins[1:] |= entered[1:] >= reached[:-1]
    starts = np.flatnonzero(begins)
    return Spans(people, person[starts], entered[starts], np.maximum.reduceat(left, starts))


def _exits(rows: StayRows, *, safe: bool) -> Days:
    """Exit days with unknown ones filled: to the next entry anywhere, or the entry day alone; else running."""
    person, entered = rows.person, rows.entered
    if not len(person):
        return rows.left
    new = np.ones(len(person), dtype=np.bool_)
    new[1:] = (person[1:] != person[:-1]) | (entered[1:] != entered[:-1])
    runs = np.flatnonzero(new)
    run_of = np.cumsum(new) - 1
    next_entry = np.full(len(runs), NEVER, dtype=np.int64)
    same = person[runs[1:]] == person[runs[:-1]]
    next_entry[:-1] = np.where(same, entered[runs[1:]], NEVER)
    following = next_entry[run_of]
    unknown = np.where(following == NEVER, NEVER, following if safe else entered)
    return np.where(rows.left_known, rows.left, unknown)


def last_day(past: Spans, window: str, numbers: Sequence[int]) -> Days:
    """As :func:`safar.law.stays.last_day`, for everybody."""
    days, entered = numbers[0], past.entered
    if window in CONTINUOUS_WINDOWS:
        result = entered + days - 1
    elif window == "calendar_year":
        start = year_start(entered)
        used = past.total(_within(past, start[past.person], past.apart) * ~past.last)
        reach = entered + np.maximum(days - used, 0) - 1
        new_year = year_start(start + 366)
        result = np.where(reach >= new_year - 1, new_year + days - 1, reach)
    else:
        result = entered + days - 1 - np.minimum(days, _still_counted(past, days, numbers[1]))
    return np.where(past.any, result, NEVER)


def _within(past: Spans, start: Days, end: Days) -> Days:
    return np.maximum(0, end - np.maximum(past.start, start) + 1)


def _still_counted(past: Spans, days: int, window: int) -> Days:
    length = np.where(past.last, 0, np.maximum(0, past.apart - past.start + 1))
    after = past.after(length)
    counts = (past.apart + after >= past.entered[past.person] - (window - days)) & (length > 0)
    reach = np.where(counts, after + length, 0)
    result = np.zeros(past.people, dtype=np.int64)
    np.maximum.at(result, past.person, reach)
    return result


def days_used(past: Spans, window: str, numbers: Sequence[int], on: int) -> Days:
    """As :func:`safar.law.stays.days_used`, for everybody."""
    if window in CONTINUOUS_WINDOWS:
        used = np.maximum(0, np.minimum(past.left, on) - past.entered + 1)
        return np.where(past.any, used, 0)
    day = np.array([on], dtype=np.int64)
    start = year_start(day) if window == "calendar_year" else day - numbers[0] + 1
    return past.total(_within(past, start, np.minimum(past.apart, on)))


def return_day(past: Spans, window: str, numbers: Sequence[int]) -> Days:
    """As :func:`safar.law.stays.return_day`, for everybody."""
    days, after_exit = numbers[0], past.left + 1
    result = after_exit
    if window == "calendar_year":
        start = year_start(past.left)
        used = past.total(_within(past, start[past.person], past.apart))
        result = np.where(used >= days, year_start(start + 366), after_exit)
    elif window == "rolling":
        length = np.maximum(0, past.apart - past.start + 1)
        after = past.after(length)
        deciding = (after < days) & (days <= after + length)
        free = past.apart - (days - after) + 1 + numbers[1]
        result = after_exit.copy()
        result[past.person[deciding]] = np.maximum(after_exit[past.person[deciding]], free[deciding])
    return np.where(past.any & (past.left != NEVER), result, NEVER)


@dataclass(frozen=True, eq=False)
class Counted:
    """Both readings of everybody's stays. The lenient one is reckoned only for those for whom it can differ."""

    safe: Spans
    lenient: Spans
    unsure: Days
    on: int

    @classmethod
    def of(cls, rows: StayRows, people: int, *, unsure: Mask, on: int) -> "Counted":
        """From sorted stays; ``unsure`` marks people whose list is not known, whatever their rows say."""
        odd = unsure.copy()
        odd[rows.person[~rows.left_known]] = True
        some = rows.taken(odd[rows.person])
        some = replace(some, person=(np.cumsum(odd) - 1)[some.person])
        lenient = spans(some, int(odd.sum()), safe=False)
        return cls(spans(rows, people, safe=True), lenient, np.flatnonzero(odd), on)

    def value(self, what: str, window: str, numbers: Sequence[int], *, lenient: bool) -> Days:
        """``last_day``, ``return_day`` or ``days`` of everybody in one reading."""
        value = self._of(self.safe, what, window, numbers)
        if lenient and len(self.unsure):
            value = value.copy()
            value[self.unsure] = self._of(self.lenient, what, window, numbers)
        return value

    def _of(self, past: Spans, what: str, window: str, numbers: Sequence[int]) -> Days:
        if what == "days":
            return days_used(past, window, numbers, self.on)
        return (last_day if what == "last_day" else return_day)(past, window, numbers)


def nth_latest(person: Days, day: Days, nth: int, people: int) -> Days:
    """The ``nth`` latest day of each person, ``NEVER`` if there are fewer; rows sorted by person, latest first."""
    first = np.ones(len(person), dtype=np.bool_)
    first[1:] = person[1:] != person[:-1]
    starts = np.flatnonzero(first)
    rank = np.arange(len(person)) - starts[np.cumsum(first) - 1]
    wanted = rank == nth - 1
    result = np.full(people, NEVER, dtype=np.int64)
    result[person[wanted]] = day[wanted]
    return result
