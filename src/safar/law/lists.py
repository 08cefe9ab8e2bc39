"""What the lists of stays and offences say about everybody: one column for each thing the law asks."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from safar.base import NEVER, DataError
from safar.law import facts, reckon
from safar.law.compile.polars import column_of
from safar.law.expression import Node
from safar.law.stays import CONTINUOUS_WINDOWS
from safar.law.table import Source, bools_of, days_of


class Lists:
    """What stays and offences say, one column for each thing the law asks."""

    def __init__(
        self, people: Source, frame: pl.DataFrame, codes: dict[str, int], ids: pl.Series, on: int
    ) -> None:
        self.source, self.frame, self.codes, self.ids, self.on = people, frame, codes, ids, on
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
            return np.full(self.people, -1, dtype=np.int64), np.zeros(self.people, dtype=np.bool_)
        column = self.frame[name]
        return column.fill_null(0).to_numpy().astype(np.int64), column.is_not_null().to_numpy()

    def _place(self, source: Source) -> reckon.Days:
        """The place of each row's person among the people; -1 for somebody else."""
        if "person_id" not in source.frame.columns:
            raise DataError(f"{source.name}: has no column person_id; add one")
        places = pl.DataFrame({"person_id": self.ids}).with_row_index("place")
        rows = source.frame.select(pl.col("person_id").cast(pl.String))
        joined = rows.join(places, on="person_id", how="left", maintain_order="left")
        return joined["place"].cast(pl.Int64).fill_null(-1).to_numpy()

    def _countries(self, source: Source) -> reckon.Days:
        texts = source.frame["country"].cast(pl.String)
        wrong = ~texts.is_in(sorted(facts.ISO_COUNTRIES))
        bad = wrong.fill_null(value=True).arg_true()
        if len(bad):
            raise source.refuse(bad[0], f"country is {texts[bad[0]]!r}; write an ISO code such as RU or KZ")
        outside = len(self.codes) + 1
        codes = {text: self.codes.get(text, outside) for text in texts.unique()}
        return texts.replace_strict(codes, return_dtype=pl.Int64).to_numpy()

    def stays(self, source: Source | None, wanted: Iterable[Node]) -> list[pl.Series]:
        """Columns for entry and exit of the latest stay and for every stay node."""
        destination, going = self._column("destination")
        entered, told = self._column("entered_on")
        running = told & (entered != NEVER)
        known = self._empty("stays")
        rows = _no_rows()
        if source is not None:
            rows = self._stay_rows(source, destination, going)
            known[rows.person] = True
        rows, known_or_running = self._with_running(rows, known, going, running, entered)
        rows = rows.sorted()
        nodes = list(dict.fromkeys(node for node in wanted if node.op in ("stay", "stay_days")))
        masks = known & going, known_or_running & going
        counted = reckon.Counted.of(rows, self.people, unsure=~known, on=self.on)
        with ThreadPoolExecutor(pl.thread_pool_size()) as pool:  # numpy lets go of the interpreter
            made = pool.map(lambda node: self._stay_node(node, counted, *masks), nodes)
            return [*self._stay_facts(counted.safe, masks[0], entered, told, running), *made]

    def _stay_rows(self, source: Source, destination: reckon.Days, going: reckon.Mask) -> reckon.StayRows:
        for name in ("country", "entered_on", "left_on"):
            if name not in source.frame.columns:
                raise DataError(
                    f"{source.name}: has no column {name}; a stay has country, entered_on, left_on"
                )
        place, country = self._place(source), self._countries(source)
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
        keep = place >= 0
        here = going[place] & (country == destination[place])
        return reckon.StayRows(
            place[keep],
            here[keep],
            entered.to_numpy().astype(np.int64)[keep],
            left.fill_null(NEVER).to_numpy().astype(np.int64)[keep],
            left.is_not_null().to_numpy()[keep],
        )

    def _with_running(
        self,
        rows: reckon.StayRows,
        known: reckon.Mask,
        going: reckon.Mask,
        running: reckon.Mask,
        entered: reckon.Days,
    ) -> tuple[reckon.StayRows, reckon.Mask]:
        """Add the running stay where only ``entered_on`` tells of it."""
        listed = np.zeros(self.people, dtype=np.bool_)
        same = rows.here & running[rows.person] & (rows.entered == entered[rows.person])
        listed[rows.person[same]] = True
        extra = np.flatnonzero(going & running & ~listed)
        ones = np.ones(len(extra), dtype=np.bool_)
        added = reckon.StayRows(
            np.concatenate([rows.person, extra]),
            np.concatenate([rows.here, ones]),
            np.concatenate([rows.entered, entered[extra]]),
            np.concatenate([rows.left, np.full(len(extra), NEVER)]),
            np.concatenate([rows.left_known, ~ones]),
        )
        return added, known | running

    def _stay_facts(
        self,
        safe: reckon.Spans,
        known: reckon.Mask,
        entered: reckon.Days,
        told: reckon.Mask,
        running: reckon.Mask,
    ) -> list[pl.Series]:
        start = np.where(known, safe.entered, entered)
        left = np.where(known, safe.left, NEVER)
        current = np.where(safe.left >= self.on, safe.entered, NEVER)
        return [
            masked("entered_on", np.where(told, entered, current), told | known),
            masked("stay_entered_on", start, known | running),
            masked("stay_left_on", left, known | running),
        ]

    @staticmethod
    def _stay_node(
        node: Node, counted: reckon.Counted, known: reckon.Mask, known_or_running: reckon.Mask
    ) -> pl.Series:
        what, window, numbers, reading = _taken_apart(node)
        running_counts = window in CONTINUOUS_WINDOWS or (reading == "lenient" and what == "last_day")
        value = counted.value(what, window, numbers, lenient=running_counts or reading == "lenient")
        return masked(
            column_of(node), value, known_or_running if running_counts and what != "return_day" else known
        )

    def offences(self, source: Source | None, wanted: Iterable[Node]) -> list[pl.Series]:
        """Columns for the n-th latest decision of a kind and the n-th latest expulsion."""
        nodes = list(dict.fromkeys(node for node in wanted if node.op in ("offence", "expelled")))
        known = self._empty("offences")
        if source is None:
            nothing = np.full(self.people, NEVER, dtype=np.int64)
            _, going = self._column("destination")
            return [masked(column_of(node), nothing, known & going) for node in nodes]
        destination, going = self._column("destination")
        for name in ("country", "kind", "decided_on", "expelled"):
            if name not in source.frame.columns:
                raise DataError(f"{source.name}: has no column {name}; see the contract of offences")
        place, country = self._place(source), self._countries(source)
        kind = source.frame["kind"].cast(pl.String)
        self._check_offences(source, kind)
        day = days_of(source, "decided_on").to_numpy().astype(np.int64)
        expelled = bools_of(source, "expelled")
        known[place[place >= 0]] = True
        here = (place >= 0) & going[place] & (country == destination[place])
        unsure = np.zeros(self.people, dtype=np.bool_)
        unsure[place[here & expelled.is_null().to_numpy()]] = True
        series = []
        for node in nodes:
            if node.op == "offence":
                rows = here & kind.is_in(facts.OFFENCE_KINDS[node.args[0]]).to_numpy()
                sure = known & going
            else:
                rows = here & expelled.fill_null(value=False).to_numpy()
                sure = known & going & ~unsure
            value = reckon.nth_latest(place[rows], day[rows], node.args[-1], self.people)
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
