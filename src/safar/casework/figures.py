"""The page of figures: how many people, where, on which way, in what danger, how near; and what is not known.

Whoever sees people sees the counts of their own area. Whoever sees only statistics reads what the night wrote for
them: no row about a person is touched, and no count can be reckoned back to a few people.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Sum

from safar.casework.access import Acting, in_scope
from safar.casework.boundaries import district_at
from safar.casework.counting import BANDS, UNKNOWN, counts_of
from safar.casework.facts import law_in
from safar.casework.needs import triage
from safar.casework.place_numbers import figures_register
from safar.casework.readings import note_reading
from safar.casework.today import sentences_in, tone_of
from safar.records.models import Figure, Headcount, NightCount, Tally
from safar.words import say
from safar.words.writing import write_number, write_percent

SEXES = ("female", "male", UNKNOWN)
NEAR_TONES = {"past": "danger", "week": "soon", "month": "accent", "later": "soft", "none": "unknown"}
NOT_KNOWN = ("not_known", "not_known_small")  # dangers that say a fact is missing

Told = Mapping[
    tuple[str, str], int | None
]  # (kind, key): people; None is withheld, what is not in it is nobody


@dataclass(frozen=True)
class Row:
    """A count in words. ``people`` is None where it is withheld; ``said`` says so; ``value`` is for drawing."""

    key: str
    label: str
    people: int | None
    said: str
    tone: str = "accent"
    depth: int = 0
    share: str = ""

    @property
    def value(self) -> int:
        """The length of its bar."""
        return self.people or 0


@dataclass(frozen=True)
class AgeRow:
    """One age band: the counts of women, men and those whose sex is not known, with the lengths of their bars."""

    label: str
    cells: tuple[tuple[Row, float], ...]


@dataclass(frozen=True)
class NightRow:
    """What one night counted; None where it is withheld."""

    on: date
    people: int | None
    needing: int | None
    past: int | None


@dataclass(frozen=True)
class FiguresPage:
    """The page. ``told_as``: scope, register, programme."""

    told_as: str
    reckoned_on: date | None
    people: Row
    needing: Row
    dangers: tuple[Row, ...]
    nearness: tuple[Row, ...]
    corridors: tuple[Row, ...]
    places: tuple[Row, ...]
    sexes: tuple[Row, ...]
    ages: tuple[AgeRow, ...]
    unknown: tuple[Row, ...]
    nights: tuple[NightRow, ...]

    @property
    def withheld(self) -> bool:
        """Whether anything is withheld."""
        cells = [cell for band in self.ages for cell, _ in band.cells]
        rows = (
            self.people,
            self.needing,
            *self.dangers,
            *self.nearness,
            *self.corridors,
            *self.places,
            *cells,
        )
        return any(row.people is None for row in rows)


@dataclass(frozen=True)
class Counted:
    """The counts that an officer may know, the nights before them, and of whom they are."""

    told_as: str
    reckoned_on: date | None
    told: Told
    nights: tuple[NightRow, ...]


def figures_page(acting: Acting, *, now: datetime, language: str) -> FiguresPage:
    """The page in a language; that it was looked at is noted."""
    counted = counts_for(acting)
    note_reading(acting, "list", now=now, detail={"of": "statistics"})
    return FigureTeller(counted.told, language).page(counted)


def counts_for(acting: Acting) -> Counted:
    """The counts for an officer: of their own area, or those written for whoever sees only statistics."""
    acting.require("see_statistics")
    return _of_scope(acting) if acting.role.sees_people else _of_figures(acting)


def _of_scope(acting: Acting) -> Counted:
    tallies, heads = Tally.objects.filter(in_scope(acting)), Headcount.objects.filter(in_scope(acting))
    nights = (
        NightCount.objects.filter(in_scope(acting))
        .values("on")
        .annotate(Sum("people"), Sum("needing"), Sum("past"))
        .order_by("on")
    )
    rows = (NightRow(row["on"], row["people__sum"], row["needing__sum"], row["past__sum"]) for row in nights)
    latest = tallies.values_list("reckoned_on", flat=True).first()
    return Counted("scope", latest, counts_of(tallies, heads), tuple(rows))


def _of_figures(acting: Acting) -> Counted:
    register = figures_register(acting)
    figures = Figure.objects.filter(register=register)
    by_night: dict[date, dict[tuple[str, str], int | None]] = {}
    for on, kind, key, people in figures.order_by("on").values_list("on", "kind", "key", "people"):
        by_night.setdefault(on, {})[kind, key] = people
    nights = tuple(
        NightRow(
            on,
            told.get(("whole", "people"), 0),
            told.get(("whole", "needing"), 0),
            told.get(("near", "past"), 0),
        )
        for on, told in by_night.items()
    )
    latest = max(by_night, default=None)
    told_as = "programme" if register is None else "register"
    return Counted(told_as, latest, by_night[latest] if latest else {}, nights)


@dataclass(frozen=True)
class FigureTeller:
    """Tells counts in one language."""

    told: Told
    language: str

    def page(self, counted: Counted) -> FiguresPage:
        """All of it."""
        return FiguresPage(
            told_as=counted.told_as,
            reckoned_on=counted.reckoned_on,
            people=self.row("whole", "people", ""),
            needing=self.row("whole", "needing", "", whole=self.told.get(("whole", "people"), 0)),
            dangers=tuple(self.dangers()),
            nearness=tuple(self.nearness()),
            corridors=tuple(self.corridors()),
            places=tuple(self.places()),
            sexes=tuple(self.row("sex", sex, self.say(f"sex.{sex}")) for sex in self.sexes),
            ages=tuple(self.ages()),
            unknown=tuple(self.unknown()),
            nights=counted.nights,
        )

    def say(self, key: str) -> str:
        """A sentence of this room."""
        return say(self.language, f"statistics.{key}")

    def row(
        self,
        kind: str,
        key: str,
        label: str,
        *,
        tone: str = "accent",
        depth: int = 0,
        whole: int | None = None,
    ) -> Row:
        """A count by its name; ``whole``: what it is a share of."""
        return self.row_of(self.told.get((kind, key), 0), key, label, tone=tone, depth=depth, whole=whole)

    def row_of(
        self,
        people: int | None,
        key: str,
        label: str,
        *,
        tone: str = "accent",
        depth: int = 0,
        whole: int | None = None,
    ) -> Row:
        """A count as a row."""
        if people is None:
            return Row(key, label, None, self.say("withheld"), "unknown", depth)
        share = write_percent(self.language, people / whole) if whole else ""
        return Row(key, label, people, write_number(self.language, people), tone, depth, share)

    def keys(self, kind: str) -> list[str]:
        """The keys of a kind, the largest first, withheld ones last."""
        found = {key: people for (of, key), people in self.told.items() if of == kind}
        return sorted(found, key=lambda key: (found[key] is None, -(found[key] or 0), key))

    @cached_property
    def needing(self) -> int | None:
        """People who need somebody."""
        return self.told.get(("whole", "needing"), 0)

    @cached_property
    def sexes(self) -> tuple[str, ...]:
        """Women and men; and those whose sex is not known, if there are any."""
        return tuple(sex for sex in SEXES if sex != UNKNOWN or ("sex", sex) in self.told)

    def dangers(self) -> Iterable[Row]:
        """By danger, the worst first."""
        sentences = sentences_in(self.language)
        for danger in sorted(triage().dangers, key=lambda one: -one.harm):
            if ("danger", danger.id) in self.told:
                tone = {"plain": "soft"}.get(tone_of(danger.harm * 1000), tone_of(danger.harm * 1000))
                yield self.row("danger", danger.id, sentences.title(danger.id), tone=tone, whole=self.needing)

    def nearness(self) -> Iterable[Row]:
        """By the day by which something must be done."""
        for key, tone in NEAR_TONES.items():
            yield self.row(
                "near", key, say(self.language, f"today.nearness.{key}"), tone=tone, whole=self.needing
            )

    def corridors(self) -> Iterable[Row]:
        """By where from and where to."""
        for key in self.keys("corridor"):
            yield self.row("corridor", key, self.corridor(key), whole=self.needing)

    def corridor(self, key: str) -> str:
        """TJ-RU in words."""
        words = law_in(self.language).explainer.words
        start, _, end = (
            say(self.language, "ui.not_known") if part == "?" else part for part in key.partition("-")
        )
        return f"{words.value('country', start)} – {words.value('country', end)}"

    def places(self) -> Iterable[Row]:
        """By home, each place before those in it; what is not known of a home last."""
        paths = sorted(
            (key for kind, key in self.told if kind == "place"), key=lambda key: key.replace("?", "~")
        )
        for path in paths:
            yield self.row("place", path, self.place(path), depth=path.count(".") - 1, whole=self.needing)

    def place(self, path: str) -> str:
        """The name of a place, or that the rest of the home is not known."""
        if path.endswith("?."):
            return self.say("home_not_known")
        place = district_at(path)
        return place.name_in(self.language).text if place else path

    def ages(self) -> Iterable[AgeRow]:
        """By age band, each with its counts by sex; bars are drawn to one scale."""
        most = max((people or 0 for (kind, _), people in self.told.items() if kind == "age"), default=0) or 1
        bands = [*BANDS, *([UNKNOWN] if any(key.endswith(f".{UNKNOWN}") for key in self.keys("age")) else [])]
        for band in bands:
            cells = [self.row("age", f"{sex}.{band}", self.say(f"sex.{sex}")) for sex in self.sexes]
            yield AgeRow(self.say(f"age.{band}"), tuple((cell, 100 * cell.value / most) for cell in cells))

    def unknown(self) -> Iterable[Row]:
        """What is not known, of how many, as a share."""
        people = self.told.get(("whole", "people"), 0)
        of_needing = {
            "fact": [("danger", key) for key in NOT_KNOWN],
            "day": [("near", "none")],
            "home": [("place", key) for key in self.keys("place") if key.endswith("?.")],
            "destination": [("corridor", key) for key in self.keys("corridor") if key.endswith("-?")],
            "citizenship": [("corridor", key) for key in self.keys("corridor") if key.startswith("?-")],
        }
        of_all = {
            "sex": [("sex", UNKNOWN)],
            "age": [("age", key) for key in self.keys("age") if key.endswith(f".{UNKNOWN}")],
        }
        for whole, parts in ((self.needing, of_needing), (people, of_all)):
            for name, cells in parts.items():
                counts = [self.told.get(cell, 0) for cell in cells]
                total = None if None in counts else sum(count or 0 for count in counts)
                yield self.row_of(total, name, self.say(f"unknown.{name}"), tone="unknown", whole=whole)
