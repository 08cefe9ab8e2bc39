"""What the lists of stays and offences say about everybody: one column for each thing the law asks."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from safar.base import NEVER, DataError
from safar.law import facts, reckon
from safar.law.compile.polars import column_of
from safar.law.expression import Node
from safar.law.stays import CONTINUOUS_WINDOWS
from safar.law.table import Dictionary, Source, bools_of, days_of

# People whose stays are counted together: what is reckoned for them stays in the processor's cache.
SLICE = 2**16


class Lists:
    """What stays and offences say, one column for each thing the law asks."""

    def __init__(
        self, people: Source, frame: pl.DataFrame, dictionary: Dictionary, ids: pl.Series, on: int
    ) -> None:
        """``frame`` has the people's facts as numbers, ``dictionary`` their texts, ``ids`` who they are."""
        self.source, self.frame, self.dictionary, self.ids, self.on = people, frame, dictionary, ids, on
        self.people = len(ids)

    def _empty(self, name: str) -> reckon.Mask:
        """Whose list surely has no entry: the word none under the list's name, or ``<name>_none``."""
        empty = pl.Series([False]).new_from_index(0, self.people)
        if name in self.source.frame.columns:
            said = self.source.frame[name].cast(pl.String)
            empty = empty | (said == "none").fill_null(value=False)
        if f"{name}_none" in self.source.frame.columns:
            empty = empty | bools_of(self.source, f"{name}_none").fill_null(value=False)
        return empty.to_numpy().copy()

    def _column(self, name: str) -> tuple[reckon.Days, reckon.Mask]:
        """Values and where they are known; a column that is not there is known nowhere."""
        if name not in self.frame.columns:
            return np.full(self.people, -1, dtype=np.int32), np.zeros(self.people, dtype=np.bool_)
        column = self.frame[name]
        return column.fill_null(0).to_numpy(), column.is_not_null().to_numpy()

    def _places(self, source: Source) -> reckon.Days:
        """The place of each row's person among the people; -1 for somebody else."""
        if "person_id" not in source.frame.columns:
            raise DataError(f"{source.name}: has no column person_id; add one")
        people = pl.DataFrame({"person_id": self.ids}).with_row_index("place")
        rows = source.frame.select(pl.col("person_id").cast(pl.String))
        ids = rows["person_id"]
        if self.ids.is_sorted() and ids.is_sorted() and not ids.null_count():  # one walk along both tables
            near = rows.join_asof(people, on="person_id", coalesce=False, check_sortedness=False)
            place = near["place"].set(near["person_id_right"] != ids, None)
        else:
            place = rows.join(people, on="person_id", how="left", maintain_order="left")["place"]
        return place.cast(pl.Int64).fill_null(-1).to_numpy()

    def _countries(self, source: Source) -> reckon.Days:
        codes, found = self.dictionary.coded(source.frame["country"])
        wrong = [code for text, code in found.items() if text not in facts.ISO_COUNTRIES]
        if wrong or codes.null_count():
            bad = (codes.is_null() | codes.is_in(wrong)).arg_true()[0]
            given = source.frame["country"][bad]
            raise source.refuse(bad, f"country is {given!r}; write an ISO code such as RU or KZ")
        return codes.to_numpy()

    def stays(self, source: Source | None, wanted: Iterable[Node]) -> list[pl.Series]:
        """Columns for entry and exit of the latest stay and for every stay node."""
        destination, going = self._column("destination")
        rows = self._stay_rows(source, destination, going) if source is not None else _no_rows()
        known = self._empty("stays")
        known[rows.person] = True
        rows = rows.by_person()
        nodes = list(dict.fromkeys(node for node in wanted if node.op in ("stay", "stay_days")))
        everybody = Told(going, known, *self._column("entered_on"))

        def counted(start: int) -> list[pl.Series]:
            some = everybody.taken(slice(start, start + SLICE))
            return some.counted(rows.of(start, start + SLICE), nodes, self.on)

        with ThreadPoolExecutor(pl.thread_pool_size()) as pool:  # numpy lets go of the interpreter
            slices = list(pool.map(counted, range(0, max(self.people, 1), SLICE)))
        return [pl.concat(parts, rechunk=True) for parts in zip(*slices, strict=True)]

    def _stay_rows(self, source: Source, destination: reckon.Days, going: reckon.Mask) -> reckon.StayRows:
        for name in ("country", "entered_on", "left_on"):
            if name not in source.frame.columns:
                raise DataError(
                    f"{source.name}: has no column {name}; a stay has country, entered_on, left_on"
                )
        place, country = self._places(source), self._countries(source)
        entered, left = days_of(source, "entered_on"), days_of(source, "left_on")
        lacking = (entered.is_null() | (entered == NEVER)).arg_true()
        if len(lacking):
            raise source.refuse(lacking[0], "entered_on is empty; a stay needs the day of entry")
        swapped = (left < entered).fill_null(value=False).arg_true()
        if len(swapped):
            raise source.refuse(
                swapped[0],
                f"left on {source.frame['left_on'][swapped[0]]} before it entered on "
                f"{source.frame['entered_on'][swapped[0]]}; swap or correct the days",
            )
        here = going[place] & (country == destination[place])
        rows = reckon.StayRows(
            place,
            here,
            entered.to_numpy(),
            left.fill_null(NEVER).to_numpy(),
            left.is_not_null().to_numpy(),
        )
        return rows if (place >= 0).all() else rows.taken(place >= 0)

    def offences(self, source: Source | None, wanted: Iterable[Node]) -> list[pl.Series]:
        """Columns for the n-th latest decision of a kind and the n-th latest expulsion."""
        nodes = list(dict.fromkeys(node for node in wanted if node.op in ("offence", "expelled")))
        known = self._empty("offences")
        destination, going = self._column("destination")
        if source is None:
            nothing = np.full(self.people, NEVER, dtype=np.int64)
            return [masked(column_of(node), nothing, known & going) for node in nodes]
        for name in ("country", "kind", "decided_on", "expelled"):
            if name not in source.frame.columns:
                raise DataError(f"{source.name}: has no column {name}; see the contract of offences")
        place, country = self._places(source), self._countries(source)
        kind = source.frame["kind"].cast(pl.String)
        self._check_offences(source, kind)
        day = days_of(source, "decided_on").to_numpy().astype(np.int64)
        expelled = bools_of(source, "expelled")
        known[place[place >= 0]] = True
        here = (place >= 0) & going[place] & (country == destination[place])
        unsure = np.zeros(self.people, dtype=np.bool_)
        unsure[place[here & expelled.is_null().to_numpy()]] = True
        latest_first = np.lexsort((-day, place))
        series = []
        for node in nodes:
            if node.op == "offence":
                rows = here & kind.is_in(facts.OFFENCE_KINDS[node.args[0]]).to_numpy()
                sure = known & going
            else:
                rows = here & expelled.fill_null(value=False).to_numpy()
                sure = known & going & ~unsure
            taken = latest_first[rows[latest_first]]
            value = reckon.nth_latest(place[taken], day[taken], node.args[-1], self.people)
            series.append(masked(column_of(node), value, sure))
        return series

    @staticmethod
    def _check_offences(source: Source, kind: pl.Series) -> None:
        bad = (~kind.is_in(facts.OFFENCE_KINDS["any"])).fill_null(value=True).arg_true()
        if len(bad):
            raise source.refuse(bad[0], f"kind is {kind[bad[0]]!r}; it must be stay, work or other")
        days = days_of(source, "decided_on")
        lacking = (days.is_null() | (days == NEVER)).arg_true()
        if len(lacking):
            raise source.refuse(lacking[0], "decided_on is empty; a decision needs its day")


@dataclass(frozen=True, eq=False)
class Told:
    """What is known of people beside the stays themselves, one value a person.

    Whether they say where they go, whether their list of stays is known, ``entered_on`` and whether it is told.
    """

    going: reckon.Mask
    listed: reckon.Mask
    entered: reckon.Days
    told: reckon.Mask

    def taken(self, people: slice) -> "Told":
        """Some of the people."""
        entered = self.entered[people].astype(np.int64)
        return Told(self.going[people], self.listed[people], entered, self.told[people])

    def counted(self, rows: reckon.StayRows, nodes: Sequence[Node], on: int) -> list[pl.Series]:
        """Entry and exit of the latest stay, and each node's column, of everybody here."""
        running = self.told & (self.entered != NEVER)
        rows = self._with_running(rows, running).sorted()
        stays = reckon.Counted.of(rows, len(self.going), unsure=~self.listed, on=on)
        known, known_or_running = self.listed & self.going, (self.listed | running) & self.going
        made = [_stay_node(node, stays, known, known_or_running) for node in nodes]
        return [*self._latest(stays.safe, known, running, on), *made]

    def _with_running(self, rows: reckon.StayRows, running: reckon.Mask) -> reckon.StayRows:
        """Add the running stay where only ``entered_on`` tells of it."""
        in_list = np.zeros(len(running), dtype=np.bool_)
        same = rows.here & running[rows.person] & (rows.entered == self.entered[rows.person])
        in_list[rows.person[same]] = True
        extra = np.flatnonzero(self.going & running & ~in_list)
        ones = np.ones(len(extra), dtype=np.bool_)
        return reckon.StayRows(
            np.concatenate([rows.person, extra]),
            np.concatenate([rows.here, ones]),
            np.concatenate([rows.entered, self.entered[extra]]),
            np.concatenate([rows.left, np.full(len(extra), NEVER)]),
            np.concatenate([rows.left_known, ~ones]),
        )

    def _latest(
        self, safe: reckon.Spans, known: reckon.Mask, running: reckon.Mask, on: int
    ) -> list[pl.Series]:
        start = np.where(known, safe.entered, self.entered)
        left = np.where(known, safe.left, NEVER)
        current = np.where(safe.left >= on, safe.entered, NEVER)
        return [
            masked("entered_on", np.where(self.told, self.entered, current), self.told | known),
            masked("stay_entered_on", start, known | running),
            masked("stay_left_on", left, known | running),
        ]


def _stay_node(
    node: Node, stays: reckon.Counted, known: reckon.Mask, known_or_running: reckon.Mask
) -> pl.Series:
    what, window, numbers, reading = _taken_apart(node)
    running_counts = window in CONTINUOUS_WINDOWS or (reading == "lenient" and what == "last_day")
    value = stays.value(what, window, tuple(numbers), lenient=running_counts or reading == "lenient")
    sure = known_or_running if running_counts and what != "return_day" else known
    return masked(column_of(node), value, sure)


def masked(name: str, values: reckon.Days, known: reckon.Mask) -> pl.Series:
    """Int32 day numbers (or counts of days), null where not known."""
    series = pl.Series(name, values.astype(np.int32))
    return series if known.all() else series.set(pl.Series(~known), None)


def _no_rows() -> reckon.StayRows:
    days, mask = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_)
    return reckon.StayRows(days, mask, days, days, mask)


def _taken_apart(node: Node) -> tuple[str, str, Sequence[int], str]:
    if node.op == "stay_days":
        window, *numbers, reading = node.args
        return "days", window, numbers, reading
    what, window, *numbers, reading = node.args
    return what, window, numbers, reading
