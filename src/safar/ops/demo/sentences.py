"""The demonstration's own sentences in one language: words, numbers, days, money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from safar.base import LawError, content_path, day_number
from safar.law import Words, read_words
from safar.law.store import load_yaml
from safar.ops.demo.shown import Cost, Demo, Fine, Person

NARROW = "\u202f"  # a thin space that does not break: 12 345 in Russian
LETTERS = {"uz": 4}  # of a month in short: iyun and iyul are one in three


@dataclass(frozen=True)
class Sentences:
    """``say`` fills a sentence; the law's words give titles, days and labels."""

    own: Mapping[str, Any]
    words: Words

    def say(self, key: str, **values: str) -> str:
        """A sentence with its placeholders filled."""
        return str(self.own[key]).format(**values)

    def number(self, number: float) -> str:
        """A number with thousands apart, as the language writes it."""
        text = f"{number:,}"
        return text.replace(",", NARROW).replace(".", ",") if self.words.language != "en" else text

    def many(self, key: str, number: int) -> str:
        """A number with its noun in the right form: 1 день, 2 дня, 5 дней."""
        return self.noun(key, number).format(n=self.number(number)).replace(" ", "\u00a0")

    def noun(self, key: str, number: int) -> str:
        """A noun in the form that stands after a number, without it."""
        forms = self.own[key]
        return str(forms[form_of(number, len(forms))])

    def day(self, day: date) -> str:
        """A day as people write it."""
        return self.words.day(day_number(day))

    def short(self, day: date) -> str:
        """Day and month in short: 24 Nov."""
        letters = LETTERS.get(self.words.language, 3)
        return f"{day.day}\u00a0{str(self.words.reasons['months'][day.month - 1])[:letters]}"

    def left(self, days: int) -> str:
        """How far a day is: today, tomorrow, in 5 days."""
        if days < 2:
            return self.say(("today", "tomorrow")[days])
        return self.say("left", days=self.many("days_n", days))

    def status(self, status: str) -> str:
        """A status in words."""
        return str(self.words.labels["statuses"].get(status, status))

    def length(self, months: int) -> str:
        """The length of a ban: whole years as years."""
        years, rest = divmod(months, 12)
        return self.many("months_n", months) if rest else self.many("years_n", years)

    def money(self, fine: Fine) -> str:
        """An amount or a span of amounts with its currency."""
        low, high = self.number(fine.low), self.number(fine.high)
        span = low if fine.low == fine.high else f"{low}\u2013{high}"
        return f"{span}\u00a0{fine.currency}"

    def cost(self, cost: Cost) -> list[str]:
        """What a miss brings, one line each."""
        lines = []
        if cost.fine is not None:
            money = self.money(cost.fine)
            later = cost.fine_from
            lines.append(self.say("fine_then", money=money, day=self.short(later)) if later else money)
        if cost.ban_from is not None:
            day, length = self.short(cost.ban_from), self.length(cost.ban_months)
            lines.append(self.say("ban_then", length=length, day=day))
        return lines or list(cost.titles) or [self.say("no_cost")]

    def who(self, person: Person) -> str:
        """Sex and age in words: woman, 26."""
        child = "_child" if person.age is not None and person.age < 18 else ""
        sex = self.say(person.sex + child if person.sex in ("male", "female") else "somebody")
        return sex if person.age is None else f"{sex}, {person.age}"

    def place(self, person: Person) -> str:
        """Community and district, once if they have one name."""
        return ", ".join(dict.fromkeys((person.community, person.district)))

    def way(self, person: Person) -> str:
        """From country to country, in words."""
        to = (
            self.words.value("destination", person.destination) if person.destination else self.say("nowhere")
        )
        return self.say("way", home=self.words.value("citizenship", person.home), destination=to)

    def province(self, name: str) -> str:
        """A province in the language."""
        return str(self.own["provinces"].get(name, name))


def form_of(number: int, forms: int) -> int:
    """Which of two (one, more) or three (1, 2, 5) forms a whole number takes."""
    if forms == 2:
        return 0 if number == 1 else 1
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2


def clock_facts(demo: Demo, say: Sentences) -> list[tuple[str, str]]:
    """The clock in words, each a value and its meaning: days in the country, last lawful day, days left or over."""
    clock = demo.clock
    facts = []
    if clock.entered_on:
        since = say.say("clock_in", country=clock.country, day=say.day(clock.entered_on))
        facts.append((say.many("days_n", clock.days_in), since))
    if clock.last_day and clock.days_left is not None:
        facts.append((say.day(clock.last_day), say.say("clock_last", rule=clock.last_day_rule)))
        over = say.say("clock_left" if clock.days_left >= 0 else "clock_over")
        facts.append((say.many("days_n", abs(clock.days_left)), over))
    return facts


def sentences(language: str) -> Sentences:
    """The sentences of one language; LawError if the demonstration does not speak it."""
    words = read_words(language)
    folder = content_path() / "words"
    if not (folder / language / "demo.yaml").is_file():
        spoken = ", ".join(sorted(path.parent.name for path in folder.glob("*/demo.yaml")))
        raise LawError(f"the demonstration does not speak {language!r}; it speaks {spoken}")
    return Sentences(load_yaml(folder / language / "demo.yaml"), words)
