"""What lets people stay beyond a visit: a patent, a permit, a contract."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from safar.base import NEVER
from safar.world.case import Case
from safar.world.draw import Days, Flags, Words, between, chance, delayed, happened, pick_by_group
from safar.world.figures import Figures
from safar.world.work import only

LONGEST_SPELL_IN_PATENTS = 3


@dataclass(frozen=True)
class Patent:
    """A patent to work in Russia; NEVER and none where there is none."""

    applied: Days
    issued: Days
    paid_until: Days
    contract_filed: Days
    language_until: Days
    region: Words
    occupation: Words


@dataclass(frozen=True)
class Permit:
    """A residence or work permit."""

    kind: Words
    issued: Days
    until: Days


@dataclass(frozen=True)
class Contract:
    """An employment contract; `ends` is NEVER for an open one."""

    signed: Days
    ends: Days
    ended_early: Days


@dataclass(frozen=True)
class Grounds:
    """All three, and the last day on which one of them carries the stay (0 = nothing does)."""

    patent: Patent
    permit: Permit
    contract: Contract
    lasts_until: Days


def get_grounds(case: Case, figures: Figures) -> Grounds:
    """Draw the grounds of the present or latest stay."""
    patent = _patent(case, figures)
    permit = _permit(case, figures)
    contract = _contract(case, patent, permit, figures)
    return Grounds(patent, permit, contract, _lasts_until(case, patent, permit, contract))


def _lasts_until(case: Case, patent: Patent, permit: Permit, contract: Contract) -> Days:
    """The last day carried. A contract carries citizens of the Union; an open one for a year from today."""
    paid = np.where(happened(patent.paid_until), patent.paid_until, 0)
    allowed = np.where(happened(permit.until), permit.until, 0)
    ends = np.where(contract.ends == NEVER, case.today + 365, contract.ends)
    ends = np.minimum(ends, contract.ended_early)
    bound = happened(contract.signed) & ~case.visa_free_outside_union
    return np.maximum(np.maximum(paid, allowed), np.where(bound, ends, 0)).astype(np.int32)


def _patent(case: Case, figures: Figures) -> Patent:
    """Apply, wait, pay month by month, have it issued anew after a year; some stop at each step."""
    rng, size = case.stream("patent"), case.size
    wants = case.traits.ground & case.traits.destination.is_("RU") & case.visa_free_outside_union
    applied = delayed(rng, case.start, case.end, partial(figures.number, "patent_applied"))
    applied = np.where(wants, applied, NEVER).astype(np.int32)
    has = happened(applied)
    decided = applied + between(rng, *_range(figures, "patent_decision_days", "low", "high"), size)
    granted = has & (decided <= case.end)
    granted &= ~chance(rng, figures.number("patent_decision_days", "refused"), size)
    issued = np.where(granted, decided, NEVER).astype(np.int32)
    issued = _reissued(rng, issued, case.end, figures)
    known = figures.days("language_certificate_days", "longest")
    used = between(rng, 0, figures.days("language_certificate_days", "used"), size)
    filed = delayed(rng, issued, case.end, partial(figures.number, "patent_contract_filed"))
    region = _other(rng, case.work.texts["region"], figures.number("patent_elsewhere_share", "region"))
    trade = _other(rng, case.work.texts["occupation"], figures.number("patent_elsewhere_share", "occupation"))
    return Patent(
        applied=applied,
        issued=issued,
        paid_until=_paid_until(rng, issued, case.end, figures),
        contract_filed=np.where(granted & case.work.works, filed, NEVER).astype(np.int32),
        language_until=np.where(has, applied + known - used, NEVER).astype(np.int32),
        region=only(region, has),
        occupation=only(trade, has),
    )


def _range(figures: Figures, name: str, low: str, high: str, *inside: str) -> tuple[int, int]:
    """Two whole numbers of a figure, or of the entry `inside` it."""
    return figures.days(name, *inside, low), figures.days(name, *inside, high)


def _other(rng: np.random.Generator, column: Words, share: float) -> Words:
    """The column, with the words of a `share` of people swapped among them (inside their own country)."""
    codes = column.codes.copy()
    russian = ~column.is_("none", *(word for word in column.words if word.startswith("KZ-")))
    swapped = np.flatnonzero(russian & chance(rng, share, len(codes)))
    codes[swapped] = rng.permutation(codes[swapped])
    return Words(column.words, codes)


def _reissued(rng: np.random.Generator, issued: Days, end: Days, figures: Figures) -> Days:
    """The day of the newest patent: most have it issued anew shortly before its longest life is over."""
    life, size = figures.days("patent_life_days", "longest"), len(issued)
    for _ in range(LONGEST_SPELL_IN_PATENTS):
        anew = issued + life - between(rng, 1, figures.days("patent_life_days", "renewed_before"), size)
        renews = happened(issued) & (anew <= end)
        renews &= chance(rng, figures.number("patent_life_days", "renewed"), size)
        issued = np.where(renews, anew, issued).astype(np.int32)
    return issued


def _paid_until(rng: np.random.Generator, issued: Days, end: Days, figures: Figures) -> Days:
    """Paid beyond the end of the picture, or lapsed; never past the life of the patent."""
    size = len(issued)
    lapsed = chance(rng, figures.number("patent_paid", "lapsed"), size)
    gone = end - between(rng, 1, figures.days("patent_paid", "lapsed_days"), size)
    ahead = end + between(rng, 0, figures.days("patent_paid", "ahead_days"), size)
    paid = np.maximum(np.where(lapsed, gone, ahead), issued + figures.days("patent_paid", "least_days") - 1)
    paid = np.minimum(paid, issued + figures.days("patent_life_days", "longest") - 1)
    return np.where(happened(issued), paid, NEVER).astype(np.int32)


def _permit(case: Case, figures: Figures) -> Permit:
    """Labour immigrants and employers' permits in Kazakhstan, residence permits in both countries."""
    rng = case.stream("permit")
    groups = [
        (way & case.traits.ground, figures.table("permit_kind", country, home))
        for country, home, way in case.traits.corridors()
    ]
    kind = pick_by_group(rng, case.size, groups, "none")
    issued = np.full(case.size, NEVER, dtype=np.int32)
    until = np.full(case.size, NEVER, dtype=np.int32)
    for name in kind.words:
        if name == "none":
            continue
        mine = kind.is_(name)
        size = int(mine.sum())
        wait = between(rng, *_range(figures, "permit_days", "wait_low", "wait_high", name), size)
        life = between(rng, *_range(figures, "permit_days", "life_low", "life_high", name), size)
        issued[mine] = case.start[mine] + wait
        until[mine] = issued[mine] + life - 1
    got = happened(issued) & (issued <= case.end)
    return Permit(
        kind=only(kind, got),
        issued=np.where(got, issued, NEVER).astype(np.int32),
        until=np.where(got, until, NEVER).astype(np.int32),
    )


def _contract(case: Case, patent: Patent, permit: Permit, figures: Figures) -> Contract:
    """Signed after entry by citizens of the Union, after the patent or permit by others."""
    rng, size = case.stream("contract"), case.size
    paper = np.minimum(patent.issued, permit.issued)
    begin = np.where(case.visa_free_outside_union, paper, case.start).astype(np.int32)
    able = case.traits.ground & case.work.works & ~case.work.texts["work_kind"].is_("self_employed")
    able &= begin != NEVER
    begin = np.where(able, begin, case.end).astype(np.int32)
    signed = delayed(rng, begin, case.end, partial(figures.number, "contract"))
    signed = np.where(able, signed, NEVER).astype(np.int32)
    has: Flags = happened(signed)
    open_ended = chance(rng, figures.number("contract_days", "open_ended"), size)
    term = between(rng, *_range(figures, "contract_days", "low", "high"), size)
    renewed = np.maximum(signed + term - 1, case.end + term // 3)
    ends = np.where(chance(rng, figures.number("contract_days", "renewed"), size), renewed, signed + term - 1)
    ends = np.where(has & ~open_ended, ends, NEVER).astype(np.int32)
    last = np.minimum(ends, case.end)
    early = between(rng, signed + figures.days("contract_days", "least_days"), last, size)
    breaks = has & chance(rng, figures.number("contract_days", "ended_early"), size) & (early < last)
    return Contract(signed, ends, np.where(breaks, early, NEVER).astype(np.int32))
