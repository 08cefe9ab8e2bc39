"""What the demonstration shows, reckoned from a made-up population screened for a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from safar.base import content_path, day_number
from safar.law import Assessor, assessor, forecast, read_law, read_words
from safar.law.assess import money
from safar.law.output import Shaper, as_frame
from safar.law.person import case_of
from safar.law.screen import prepare_people, screen
from safar.law.table import Source
from safar.ops.demo.people import facts_of
from safar.ops.making import world_of
from safar.world import World

SEED = 2026
SAMPLE = 300  # people asked one by one for the questions; the shares are shown, not counts
TIMED = ("duty", "limit")
WEEKS = 8
LATER_BANS = ("RU-BAN-26-8", "RU-BAN-27-13", "RU-BAN-27-14")  # only after 30, 180, 270 days over


@dataclass(frozen=True)
class Urgent:
    """A deadline of this week: whose, where from and to, what, until when, and what a miss costs."""

    person_id: str
    place: str
    corridor: str
    title: str
    due_on: date
    days_left: int
    fine: str
    ban_months: int


@dataclass(frozen=True)
class Demo:
    """Everything the terminal and the page show. Counts are people unless said otherwise."""

    on: date
    language: str
    people: int
    communities: int
    provisions: int
    cases: int
    findings: int
    urgent: tuple[Urgent, ...]
    urgent_people: int
    rules: tuple[tuple[str, int, int], ...]  # title, due within a week, past the day
    weeks: tuple[int, ...]  # deadlines in each of the coming weeks
    past_last_day: int
    bans: tuple[tuple[int, int], ...]  # months, people exposed
    ban_rules: tuple[tuple[str, int, int], ...]  # title, months, people
    with_unknowns: int
    questions: tuple[tuple[str, float], ...]  # question, share of people for whom it would settle something
    provinces: tuple[tuple[str, int, int, int, int], ...]  # name, people, due this week, overstayed, exposed
    person: Mapping[str, Any]
    person_place: str
    ahead: Mapping[str, Any]
    stays: tuple[tuple[date, date | None], ...]


def gather(*, people: int, on: date, language: str, progress: Callable[[], None] = lambda: None) -> Demo:
    """Make, screen and count a population. ``progress`` is told after each of four steps."""
    world = world_of(people, SEED, on)
    progress()
    law = read_law()
    people_table, stays, offences = (
        Source(getattr(world, name), name) for name in ("people", "stays", "offences")
    )
    prepared = prepare_people(law, people_table, stays, offences, day_number(on))
    shape = Shaper(law, prepared.ids)
    findings = as_frame(screen(law, prepared, on=day_number(on), shape=shape))
    progress()
    found = _Found(world, findings, assessor(law, read_words(language)), on)
    demo = found.demo(language)
    progress()
    return demo


@dataclass(frozen=True)
class _Found:
    """The screened population, and what is counted from it."""

    world: World
    findings: pl.DataFrame
    answers: Assessor
    on: date

    def demo(self, language: str) -> Demo:
        law = self.answers.law
        person = self._person()
        facts = facts_of(self.world, person)
        return Demo(
            on=self.on,
            language=language,
            people=self.world.people.height,
            communities=self.world.communities.height,
            provisions=len(law.provisions),
            cases=worked_cases(),
            findings=self.findings.height,
            urgent=self._urgent(),
            urgent_people=self.this_week["person_id"].n_unique(),
            rules=self._rules(),
            weeks=self._weeks(),
            past_last_day=self.overstayed.len(),
            bans=self._bans(),
            ban_rules=self._ban_rules(),
            with_unknowns=self.timed.filter(status="unknown")["person_id"].n_unique(),
            questions=self._questions(),
            provinces=self._provinces(),
            person=self.answers.assess(facts, on=self.on),
            person_place=self._place(person),
            ahead=forecast(self.answers, facts, on=self.on),
            stays=_stays(facts),
        )

    @cached_property
    def timed(self) -> pl.DataFrame:
        """Duties and limits."""
        return self.findings.filter(pl.col("kind").is_in(TIMED))

    @cached_property
    def this_week(self) -> pl.DataFrame:
        """Open duties and limits whose last day is today or within the coming seven days."""
        soon = pl.col("due_on").is_between(self.on, self.on + timedelta(days=7))
        return self.timed.filter(soon, status="due")

    @cached_property
    def overstayed(self) -> pl.Series:
        """Ids of people past their last lawful day and still there."""
        return self.findings.filter(kind="limit", status="overdue")["person_id"].unique()

    @cached_property
    def exposed(self) -> pl.DataFrame:
        """Sanctions with an entry ban that threaten."""
        return self.findings.filter(pl.col("ban_months") > 0, status="exposed")

    @cached_property
    def homes(self) -> dict[str, tuple[str, str, str]]:
        """Community, district and corridor by person."""
        places = self.world.communities.select("community_id", "country", "name_en", "district")
        rows = self.world.people.select("person_id", "community_id", "destination").join(
            places, on="community_id"
        )
        columns = ("person_id", "name_en", "district", "country", "destination")
        return {
            p: (n, d, f"{c}\u00a0→\u00a0{to or '?'}") for p, n, d, c, to in rows.select(columns).iter_rows()
        }

    def _place(self, person: str) -> str:
        name, district, _ = self.homes[person]
        return f"{name}, {district}"

    def _title(self, provision: str) -> str:
        return str(self.answers.explainer.words.of(provision)["title"])

    def _urgent(self) -> tuple[Urgent, ...]:
        """Ten deadlines: the heaviest ban first, then the nearest day; each person once, each rule mixed."""
        costs = {name: self._cost(name) for name in self.this_week["provision"].unique()}
        heavy = {name: months for name, (_, months) in costs.items()}
        rows = (
            self.this_week.with_columns(ban=pl.col("provision").replace_strict(heavy, return_dtype=pl.Int64))
            .sort(["ban", "due_on", "person_id"], descending=[True, False, False])
            .unique("person_id", keep="first", maintain_order=True)
            .with_columns(turn=pl.int_range(pl.len()).over("provision"))
            .sort(["turn", "ban", "due_on"], descending=[False, True, False], maintain_order=True)
            .head(10)
            .sort(["due_on", "ban", "person_id"], descending=[False, True, False])
        )
        return tuple(self._urgent_row(row, costs) for row in rows.iter_rows(named=True))

    def _urgent_row(self, row: Mapping[str, Any], costs: Mapping[str, tuple[str, int]]) -> Urgent:
        fine, months = costs[row["provision"]]
        person = row["person_id"]
        return Urgent(
            person, self._place(person), self.homes[person][2], self._title(row["provision"]),
            row["due_on"], (row["due_on"] - self.on).days, fine, months,
        )  # fmt: skip

    def _cost(self, provision: str) -> tuple[str, int]:
        """The dearest fine and the longest ban that a miss of a rule brings at once."""
        law, compiled = self.answers.law, self.answers.compiled
        case = case_of({"destination": law.provisions[provision].country}, compiled, on=self.on)
        fine, dearest, ban = "", 0.0, 0
        for name in law.provisions[provision].versions[-1].breach:
            version = law.provisions[name].versions[-1]
            trees = (version.low, version.high or version.low, version.ban_months)
            low, high, months = (compiled.thunk(tree)(case) if tree is not None else None for tree in trees)
            if high is not None and high > dearest:
                dearest = high
                span = f"{money(low):,}-{money(high):,}" if low not in (None, high) else f"{money(high):,}"
                fine = f"{span} {version.currency}"
            if name not in LATER_BANS:
                ban = max(ban, int(months or 0))
        return fine, ban

    def _rules(self) -> tuple[tuple[str, int, int], ...]:
        due = dict(self.this_week.group_by("provision").len().iter_rows())
        past = dict(self.timed.filter(status="overdue").group_by("provision").len().iter_rows())
        names = sorted(set(due) | set(past), key=lambda name: (-due.get(name, 0), -past.get(name, 0), name))
        return tuple((self._title(name), due.get(name, 0), past.get(name, 0)) for name in names[:12])

    def _weeks(self) -> tuple[int, ...]:
        days = (self.timed.filter(status="due")["due_on"] - self.on).dt.total_days()
        return tuple(int(((days >= 7 * week) & (days < 7 * week + 7)).sum()) for week in range(WEEKS))

    def _bans(self) -> tuple[tuple[int, int], ...]:
        longest = self.exposed.group_by("person_id").agg(pl.col("ban_months").max())
        rows = longest.group_by("ban_months").len().sort("ban_months").iter_rows()
        return tuple((int(months), people) for months, people in rows)

    def _ban_rules(self) -> tuple[tuple[str, int, int], ...]:
        rows = (
            self.exposed.group_by("provision", "ban_months").agg(pl.col("person_id").n_unique())
            .sort(["person_id", "provision"], descending=[True, False])
        )  # fmt: skip
        return tuple((self._title(name), int(months), people) for name, months, people in rows.iter_rows())

    def _questions(self) -> tuple[tuple[str, float], ...]:
        """Which question would settle something for most people, from an even sample."""
        step = max(1, self.world.people.height // SAMPLE)
        ids = self.world.people["person_id"].gather_every(step)
        counts: dict[str, int] = {}
        for person in ids:
            for question in self.answers.assess(facts_of(self.world, person), on=self.on)["questions"]:
                counts[question["ask"]] = counts.get(question["ask"], 0) + 1
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple((ask, number / len(ids)) for ask, number in ranked[:6])

    def _provinces(self) -> tuple[tuple[str, int, int, int, int], ...]:
        homes = self.world.people.join(
            self.world.communities.select("community_id", "province"), on="community_id"
        ).select("person_id", "province")
        columns = {
            "due": self.this_week["person_id"].unique(),
            "past": self.overstayed,
            "exposed": self.exposed["person_id"].unique(),
        }
        counted = homes.with_columns(
            pl.col("person_id").is_in(ids.implode()).alias(name) for name, ids in columns.items()
        )
        rows = counted.group_by("province").agg(pl.len(), *(pl.col(name).sum() for name in columns))
        return tuple(rows.sort("len", descending=True).iter_rows())

    def _person(self) -> str:
        """Somebody still abroad with a missed duty, a fine and a ban that threatens, and little unknown."""
        score = (
            self.findings.group_by("person_id")
            .agg(
                late=(pl.col("kind").is_in(TIMED) & pl.col("status").is_in(["overdue", "late"])).sum(),
                due=(pl.col("kind").is_in(TIMED) & (pl.col("status") == "due")).sum(),
                fine=((pl.col("status") == "exposed") & pl.col("amount_low").is_not_null()).sum(),
                ban=((pl.col("status") == "exposed") & (pl.col("ban_months") > 0)).sum(),
                unknown=(pl.col("status") == "unknown").sum(),
            )
            .filter(pl.col("late").is_between(2, 4), pl.col("fine") > 0, pl.col("ban") > 0, pl.col("due") > 0)
            .sort(["unknown", "due", "person_id"], descending=[False, True, False])
        )
        return str(score["person_id"][0] if score.height else self.findings["person_id"][0])


def _stays(facts: Mapping[str, Any]) -> tuple[tuple[date, date | None], ...]:
    """Stays in the country of destination: entry, and exit where it is over."""
    listed = facts.get("stays") or []
    spans = []
    for stay in listed if isinstance(listed, list) else []:
        left = stay.get("left_on")
        if stay["country"] == facts.get("destination"):
            over = None if left in (None, "none") else date.fromisoformat(left)
            spans.append((date.fromisoformat(stay["entered_on"]), over))
    return tuple(spans)


def worked_cases() -> int:
    """How many worked cases stand beside the rules."""
    from safar.law.check import read_cases
    from safar.law.store import cached

    content = content_path()
    files = content.rglob("*.cases.yaml")
    return int(cached("cases", files, lambda: sum(1 for _ in read_cases(content))))
