"""What the demonstration shows, reckoned from a made-up population screened for a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from safar.base import content_path, day_number
from safar.law import Assessor, Law, assessor, forecast, read_law, read_words
from safar.law.assess import check_reach
from safar.law.output import Shaper, as_frame
from safar.law.screen import prepare_people, screen
from safar.law.table import Source
from safar.ops import show
from safar.ops.demo.choose import somebody, ten_rows
from safar.ops.demo.clocks import clock_of
from safar.ops.demo.costs import AHEAD_DAYS, at_stake, cost_of, day_ahead, sanctions_of
from safar.ops.demo.people import facts_of, person_of
from safar.ops.demo.shown import BanRule, Demo, Province, Question, RuleCount, Urgent
from safar.ops.making import world_of
from safar.world import World

SEED = 2026
SAMPLE = 500  # people asked one by one for the questions
TIMED = ("duty", "limit")
WEEKS = 8
WEEK_DAYS = 7  # today and the six days after it


def gather(*, people: int, on: date, language: str) -> Demo:
    """Make, screen and count a population of so many people on a day; the same arguments give the same values.

    Progress is shown where somebody watches. Raises DataError for a day that the law does not reach.
    """
    law = read_law()
    check_reach(law, on)
    with show.progress("Making the people", total=people) as advance:
        world = world_of(people, SEED, on)
        advance(people)
    findings = screened(world, law, "Asking the law", on=day_number(on))
    later = day_number(day_ahead(law, on, AHEAD_DAYS))
    ahead = screened(world, law, "Looking ahead", on=later, only=sanctions_of(law))
    return Counted(world, findings, ahead, assessor(law, read_words(language)), on).demo(language)


def screened(
    world: World, law: Law, title: str, *, on: int, only: Collection[str] | None = None
) -> pl.DataFrame:
    """Findings of everybody on a day (a day number), in the contract's columns; ``only`` these provisions."""
    people, stays, offences = (Source(getattr(world, name), name) for name in ("people", "stays", "offences"))
    with show.progress(title, total=world.people.height) as advance:
        prepared = prepare_people(law, people, stays, offences, on)
        shape = Shaper(law, prepared.ids)
        return as_frame(screen(law, prepared, on=on, shape=shape, only=only, progress=advance))


@dataclass(frozen=True)
class Counted:
    """The screened population and what is counted from it; ``ahead``: the sanctions if nobody acts for weeks."""

    world: World
    findings: pl.DataFrame
    ahead: pl.DataFrame
    answers: Assessor
    on: date

    def demo(self, language: str) -> Demo:
        """Every value that is shown."""
        chosen = somebody(self.findings, self.world.people, self.answers.law, self.on)
        facts = facts_of(self.world, [chosen])[chosen]
        answer = self.answers.assess(facts, on=self.on) | {"ahead": forecast(self.answers, facts, on=self.on)}
        land = self.answers.explainer.words.value("destination", facts.get("destination"))
        sample, questions = self._questions()
        return Demo(
            on=self.on,
            language=language,
            people=self.world.people.height,
            communities=self.world.communities.height,
            provisions=len(self.answers.law.provisions),
            cases=worked_cases(),
            findings=self.findings.height,
            urgent=self._urgent(language),
            urgent_people=self.this_week["person_id"].n_unique(),
            rules=self._rules(),
            weeks=self._weeks(),
            past_last_day=self.overstayed.len(),
            exposed=self.exposed["person_id"].n_unique(),
            bans=self._bans(),
            ban_rules=self._ban_rules(),
            with_unknowns=self.timed.filter(status="unknown")["person_id"].n_unique(),
            sample=sample,
            questions=questions,
            provinces=self._provinces(),
            person=person_of(self.world, chosen, on=self.on, language=language),
            answer=answer,
            clock=clock_of(facts, answer, land),
        )

    @cached_property
    def timed(self) -> pl.DataFrame:
        """Duties and limits."""
        return self.findings.filter(pl.col("kind").is_in(TIMED))

    @cached_property
    def this_week(self) -> pl.DataFrame:
        """Open duties and limits whose last day is today or one of the six days after it."""
        last = self.on + timedelta(days=WEEK_DAYS - 1)
        return self.timed.filter(pl.col("due_on").is_between(self.on, last), status="due")

    @cached_property
    def overstayed(self) -> pl.Series:
        """Ids of people past their last lawful day and still there."""
        return self.findings.filter(kind="limit", status="overdue")["person_id"].unique()

    @cached_property
    def exposed(self) -> pl.DataFrame:
        """Sanctions with an entry ban that threaten."""
        return self.findings.filter(pl.col("ban_months") > 0, status="exposed")

    def _title(self, provision: str) -> str:
        return str(self.answers.explainer.words.of(provision)["title"])

    def _urgent(self, language: str) -> tuple[Urgent, ...]:
        rows = ten_rows(at_stake(self.this_week, self.findings, self.ahead, self.answers.law))
        facts = facts_of(self.world, rows["person_id"])
        return tuple(
            self._urgent_row(row, facts[row["person_id"]], language) for row in rows.iter_rows(named=True)
        )

    def _urgent_row(self, row: Mapping[str, Any], facts: Mapping[str, Any], language: str) -> Urgent:
        due, provision = row["due_on"], row["provision"]
        return Urgent(
            person=person_of(self.world, row["person_id"], on=self.on, language=language),
            title=self._title(provision),
            why=self._why(facts, provision, due),
            due_on=due,
            days_left=(due - self.on).days,
            cost=cost_of(self.answers, facts, provision, on=self.on, due_on=due),
        )

    def _why(self, facts: Mapping[str, Any], provision: str, due: date) -> str:
        """How the last day is reckoned: the facts it comes from, or the days counted; the day itself is shown."""
        words = self.answers.explainer.words
        day = words.day(day_number(due))
        findings = self.answers.assess(facts, on=self.on)["findings"]
        because: list[str] = next(item["because"] for item in findings if item["provision"] == provision)
        place = next((n for n, line in enumerate(because) if n and day in line), 0)
        line, rest = because[place], because[place + 1 :]
        if line == words.reason("last_day", due=day):
            return next((counted for counted in rest if day not in counted), line)
        lead = words.reason("last_day_from", due=day, facts="\n").partition("\n")[0]
        told = line.removeprefix(lead)
        return told[:1].upper() + told[1:]

    def _rules(self) -> tuple[RuleCount, ...]:
        due = dict(self.this_week.group_by("provision").len().iter_rows())
        past = dict(self.timed.filter(status="overdue").group_by("provision").len().iter_rows())
        names = sorted(
            due.keys() | past.keys(), key=lambda name: (-due.get(name, 0), -past.get(name, 0), name)
        )
        return tuple(RuleCount(self._title(name), due.get(name, 0), past.get(name, 0)) for name in names)

    def _weeks(self) -> tuple[int, ...]:
        days = (self.timed.filter(status="due")["due_on"] - self.on).dt.total_days()
        return tuple(int(((days >= 7 * week) & (days < 7 * week + 7)).sum()) for week in range(WEEKS))

    def _bans(self) -> tuple[tuple[int, int], ...]:
        longest = self.exposed.group_by("person_id").agg(pl.col("ban_months").max())
        rows = longest.group_by("ban_months").len().sort("ban_months").iter_rows()
        return tuple((int(months), people) for months, people in rows)

    def _ban_rules(self) -> tuple[BanRule, ...]:
        counted = self.exposed.group_by("provision", "ban_months").agg(pl.col("person_id").n_unique())
        rows = counted.sort(["person_id", "provision", "ban_months"], descending=[True, False, False])
        return tuple(
            BanRule(self._title(name), int(months), people) for name, months, people in rows.iter_rows()
        )

    def _questions(self) -> tuple[int, tuple[Question, ...]]:
        """How many were asked one by one, and the questions that would settle something for most people."""
        total = self.world.people.height
        ids = self.world.people["person_id"].gather_every(max(1, total // SAMPLE)).head(SAMPLE).to_list()
        people: dict[str, int] = {}
        waiting: dict[str, int] = {}
        with show.progress("Asking what is missing", total=len(ids)) as advance:
            for facts in facts_of(self.world, ids).values():
                for question in self.answers.assess(facts, on=self.on)["questions"]:
                    people[question["ask"]] = people.get(question["ask"], 0) + 1
                    waiting[question["ask"]] = waiting.get(question["ask"], 0) + len(question["decides"])
                advance()
        ranked = sorted(people, key=lambda ask: (-people[ask], -waiting[ask], ask))[:6]
        scale = total / len(ids)
        return len(ids), tuple(
            Question(ask, round(people[ask] * scale), round(waiting[ask] * scale)) for ask in ranked
        )

    def _provinces(self) -> tuple[Province, ...]:
        homes = self.world.communities.select("community_id", "province")
        people = self.world.people.select("person_id", "community_id").join(homes, on="community_id")
        groups = (self.this_week["person_id"], self.overstayed, self.exposed["person_id"])
        flags = [
            pl.col("person_id").is_in(ids.unique().implode()).sum().alias(str(place))
            for place, ids in enumerate(groups)
        ]
        rows = people.group_by("province").agg(pl.len(), *flags)
        return tuple(Province(*row) for row in rows.sort("len", descending=True).iter_rows())


def worked_cases() -> int:
    """How many worked cases stand beside the rules."""
    from safar.law.check import read_cases
    from safar.law.store import cached

    content = content_path()
    files = content.rglob("*.cases.yaml")
    return int(cached("cases", files, lambda: sum(1 for _ in read_cases(content))))
