"""A population's needs, ranked while it is screened, or from findings that were written.

The same rules as ``one``, for everybody at once: people are rows of arrays, chunk by chunk, and each answer of each
rule is looked at once for all who have it.
"""

from collections.abc import Iterable
from datetime import date

import numpy as np
import polars as pl

from safar.base import day_number
from safar.flow.asides import deciding_facts, with_escalation
from safar.flow.chunk import NO_DAY, NO_MONTHS, Best, Chunk, Offer
from safar.flow.need import SCHEMA, Array, harm_of, priority_of, sizes_of, soons_of
from safar.flow.table import ESCALATED, Table, base_of, table_of
from safar.flow.triage import BAN, COST_UNKNOWN, DAY_COUNTS, FINE, NOTHING, TOLD_WITH, Triage
from safar.law.model import BREACHES, Law
from safar.law.prepare import Prepared
from safar.law.screen import Found, screen


def rank_people(law: Law, people: Prepared, *, triage: Triage, on: date) -> pl.DataFrame:
    """The needs of everybody, ranked while they are screened, so that no finding is written.

    ``people`` is what ``law.screen.prepare_people`` makes of the tables. Columns of ``SCHEMA``, the highest
    priority first; of equal ones the smaller person_id.
    """
    wide = with_escalation(law)
    ranker = Ranker(wide, table_of(law, triage, on), day_number(on))
    wanted = {*ranker.table.wanted(), *(set(wide.parts) - set(law.parts))}
    chunks = screen(wide, people, on=day_number(on), shape=ranker, only=wanted)
    return finished(law, people, chunks, day_number(on))


def finished(law: Law, people: Prepared, chunks: Iterable[pl.DataFrame], on: int) -> pl.DataFrame:
    """Needs by row of the person made the table: ids, the facts that decide, the order."""
    needs = pl.concat([pl.DataFrame(schema=_RANKED), *chunks])
    unknown = needs.filter(status="unknown")
    because = deciding_facts(law, people, unknown, on=on)
    needs = pl.concat(
        [
            needs.filter(pl.col("status") != "unknown").with_columns(because=pl.lit(None, dtype=pl.String)),
            unknown.with_columns(because=because),
        ]
    )
    ids = people.ids.gather(needs["row"]).cast(pl.String)
    order = ["priority", "person_id"]
    return needs.with_columns(person_id=ids).select(list(SCHEMA)).sort(order, descending=[True, False])


_RANKED = pl.Schema(
    {"row": pl.Int32} | {name: kind for name, kind in SCHEMA.items() if name not in ("person_id", "because")}
)


class Ranker:
    """Makes a chunk of findings needs, by row of the person; the shape to give to ``law.screen.screen``."""

    def __init__(self, law: Law, table: Table, on: int) -> None:
        """``law`` is the one that is screened, escalated danger signs included; ``on`` a day number."""
        self.table, self.on = table, on
        self.names = list(law.parts)
        self.number = {name: place for place, name in enumerate(sorted(self.names))}

    def __call__(self, found: Found) -> pl.DataFrame:
        """The needs of the people in a chunk: the columns of SCHEMA with ``row`` for the id, and no ``because``."""
        pieces = {self.names[piece.provision]: piece for piece in found.pieces}
        chunk = Chunk(len(found.rows), pieces)
        best = Best(len(self.table.triage.dangers), chunk.size)
        for name, status in self.table.rows():
            at = chunk.who(name, status)
            at = at[~self._told_elsewhere(chunk, name, status, at)]
            if len(at):
                best.take(self._offer(chunk, name, status, at), self.number[base_of(name)])
        return self._frame(found.rows, best)

    def _told_elsewhere(self, chunk: Chunk, name: str, status: str, at: Array) -> Array:
        """A sanction is told with the breach that brings it, an unknown one with the unknown rule it follows.

        A danger sign that others made critical is told in that form.
        """
        told = np.zeros(len(at), dtype=bool)
        for namer in self.table.namers.get(name, ()):
            told |= chunk.has(namer, TOLD_WITH.get(status, ()), at)
        return told | chunk.has(name + ESCALATED, ("raised",), at)

    def _offer(self, chunk: Chunk, name: str, status: str, at: Array) -> Offer:
        worst, months, at_most, low, high = self._brought(chunk, name, status, at)
        due = (
            chunk.values(name, "due", at)
            if status in DAY_COUNTS
            else np.full(len(at), NO_DAY, dtype=np.int32)
        )
        place, turn, harm = self._dangers(name, status, worst, due)
        unit = self.table.units.get(self.table.currency[base_of(name)], 1)
        harm = harm_of(harm, sizes_of(ban=worst == BAN, months=at_most, fine=high, unit=unit))
        soon = soons_of(due, due != NO_DAY, status)
        return Offer(name, status, at, place, turn, harm, soon, due, low, high, months).only(place >= 0)

    def _dangers(self, name: str, status: str, worst: Array, due: Array) -> tuple[Array, Array, Array]:
        """Place of everybody's danger, of its line, and its harm; place -1 where it is none, or too far off."""
        place = np.full(len(worst), -1, dtype=np.int64)
        turn, harm = np.zeros((2, len(worst)), dtype=np.int64)
        left = due - self.on
        for brings in range(NOTHING, BAN + 1):
            for entry in reversed(
                self.table.entries.get((name, status, brings), ())
            ):  # the first has the last word
                here = worst == brings
                if entry.line.within_days is not None:
                    here &= (due != NO_DAY) & (left >= 0) & (left <= entry.line.within_days)
                place[here], turn[here], harm[here] = entry.place, entry.turn, entry.danger.harm
        return place, turn, harm

    def _brought(self, chunk: Chunk, name: str, status: str, at: Array) -> tuple[Array, ...]:
        """What a finding brings today: the worst, the ban's months, its months at most, the largest fine."""
        table = self.table
        worst = np.full(len(at), NOTHING, dtype=np.int8)
        months, at_most = np.full(len(at), np.nan), np.zeros(len(at))
        low, high = np.full(len(at), np.nan), np.full(len(at), np.nan)
        open_end = np.zeros(len(at), dtype=bool)
        for sanction in self._sanctions(name, status):
            if status in COST_UNKNOWN:
                worst = np.where(chunk.has(sanction, ("unknown",), at), np.maximum(worst, FINE), worst)
            here = chunk.has(sanction, ("exposed",), at)
            worst = np.where(here, np.maximum(worst, table.carries[sanction]), worst)
            if table.carries[sanction] == BAN:
                ban = chunk.values(sanction, "ban", at)
                open_end |= here & np.isnan(ban)
                months = np.where(here, np.fmax(months, ban), months)
                longest = np.where(np.isnan(ban), table.longest[sanction], ban)
                at_most = np.where(here, np.fmax(at_most, longest), at_most)
            low, high = self._larger(chunk, sanction, at, here, low, high)
        months = np.where(open_end | np.isnan(months), NO_MONTHS, months).astype(np.int16)
        return worst, months, at_most.astype(np.int64), low, high

    def _sanctions(self, name: str, status: str) -> tuple[str, ...]:
        if name in self.table.carries:
            return (name,) if status == "exposed" else ()
        return self.table.chain[base_of(name)] if status in BREACHES else ()

    @staticmethod
    def _larger(
        chunk: Chunk, sanction: str, at: Array, here: Array, low: Array, high: Array
    ) -> tuple[Array, Array]:
        """The larger of the fines so far and this sanction's."""
        this_low, this_high = chunk.values(sanction, "low", at), chunk.values(sanction, "high", at)
        this_high = np.where(np.isnan(this_high), this_low, this_high)
        larger = here & ~np.isnan(this_low) & ~(high > this_high) & ~((high == this_high) & (low >= this_low))
        return np.where(larger, this_low, low), np.where(larger, this_high, high)

    def _frame(self, rows: Array, best: Best) -> pl.DataFrame:
        if not best.offers:
            return pl.DataFrame(schema=_RANKED)
        kept = best.kept(self.table.triage.per_person)
        names = [base_of(offer.name) for offer in best.offers]
        dangers = [danger.id for danger in self.table.triage.dangers]
        no_day, no_fine, no_ban = kept["due"] == NO_DAY, np.isnan(kept["low"]), kept["months"] == NO_MONTHS
        columns = {
            "row": rows[kept["at"]],
            "danger": _texts(dangers, kept["place"]),
            "harm": kept["harm"],
            "provision": _texts(names, kept["offer"]),
            "status": _texts([offer.status for offer in best.offers], kept["offer"]),
            "act_by": _but(kept["due"], no_day).cast(pl.Date),
            "days_left": _but(kept["due"] - self.on, no_day),
            "amount_low": _but(kept["low"], no_fine),
            "amount_high": _but(kept["high"], no_fine),
            "currency": _but(_texts([self.table.currency[name] for name in names], kept["offer"]), no_fine),
            "ban_months": _but(kept["months"], no_ban),
            "priority": priority_of(kept["harm"], kept["soon"]),
            "first": kept["first"],
            "left_out": kept["left_out"],
        }
        return pl.DataFrame(columns).cast(_RANKED)


def _texts(values: list[str], places: Array) -> pl.Series:
    return pl.Series(values, dtype=pl.String).gather(places)


def _but(values: Array | pl.Series, nothing: Array) -> pl.Series:
    """The values, null where there is nothing."""
    return pl.Series(values).set(pl.Series(nothing), None)
