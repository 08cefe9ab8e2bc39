"""The other papers of the present or latest stay: entry, registration, fingerprints, examination."""

from __future__ import annotations

from functools import partial

import numpy as np

from safar.base import NEVER
from safar.world.case import Case
from safar.world.draw import Days, Flags, between, chance, delayed, happened
from safar.world.figures import Figures
from safar.world.grounds import Grounds
from safar.world.traits import COUNTRIES


def registration(case: Case, grounds: Grounds, figures: Figures) -> dict[str, Days]:
    """registered_on, registered_until, host_notified_on, moved_on."""
    rng, size = case.stream("registration"), case.size
    day = np.full(size, NEVER, dtype=np.int32)
    length = np.zeros(size, dtype=np.int32)
    for country, home, way in case.traits.corridors():
        figure = partial(figures.number, "registered", country, home)
        day[way] = delayed(rng, case.start[way], case.end[way], figure)
        length[way] = figures.days("visit_registration_days", country)
    told = delayed(rng, case.start, case.end, partial(figures.number, "host_notified"))
    told = np.where(case.traits.destination.is_("KZ"), told, day)
    until = np.maximum(case.start + length - 1, grounds.lasts_until)
    until = np.where(day == NEVER, NEVER, np.maximum(until, day))
    moved = between(rng, case.start + 1, case.end + 1, size)
    moves = chance(rng, figures.number("moved_share"), size) & (case.end > case.start)
    return {
        "registered_on": day,
        "registered_until": until.astype(np.int32),
        "host_notified_on": told.astype(np.int32),
        "moved_on": np.where(moves, moved, NEVER).astype(np.int32),
    }


def health_and_prints(case: Case, grounds: Grounds, figures: Figures) -> dict[str, Days]:
    """fingerprinted_on, medical_exam_on. Fingerprints are given once, often in an earlier stay."""
    rng, size = case.stream("prints"), case.size
    for_work = case.work.texts["entry_purpose"].is_("work")
    before = (case.journeys.count > 1) & chance(rng, figures.number("fingerprinted_before_share"), size)
    start = np.where(before, case.journeys.entered[:, 0], case.start).astype(np.int32)
    end = np.where(before, case.journeys.left[:, 0], case.end).astype(np.int32)
    given = (delayed(rng, start, end, partial(figures.number, "fingerprinted", k)) for k in ("work", "other"))
    prints = np.where(for_work, *given)
    in_russia = case.traits.destination.is_("RU")
    exam = delayed(rng, case.start, case.end, partial(figures.number, "medical_exam"))
    old = happened(exam) & (case.end - exam > figures.days("medical_exam", "lasts_days"))
    again = old & chance(rng, figures.number("medical_exam", "renewed"), size)
    exam = np.where(again, exam + figures.days("medical_exam", "lasts_days"), exam)
    needs = np.where(in_russia, for_work, happened(grounds.permit.issued))
    return {
        "fingerprinted_on": np.where(in_russia, prints, NEVER).astype(np.int32),
        "medical_exam_on": np.where(needs, exam, NEVER).astype(np.int32),
    }


def entry(case: Case) -> Days:
    """entered_on: start of the stay that runs, NEVER for who is at home, UNKNOWN where nobody noted it."""
    noted = case.journeys.last_noted
    known = np.where(happened(noted), NEVER, noted)
    return np.where(noted == NEVER, case.start, known).astype(np.int32)


def unlawful(case: Case, grounds: Grounds, figures: Figures) -> Flags:
    """Who is abroad beyond the days of a visit with nothing that carries the stay.

    A rough measure to weigh troubles with; the law itself is asked elsewhere.
    """
    limit = np.zeros(case.size, dtype=np.int32)
    for country in COUNTRIES:
        limit[case.traits.destination.is_(country)] = figures.days("visit_days", country, "high")
    long = case.today - case.start + 1 > limit
    student = case.traits.role.is_("student")
    return case.journeys.runs & long & ~student & (grounds.lasts_until < case.today)
