"""The people of a made-up register: extended families, households, brothers, twins, cousins of one name, wives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from ruamel.yaml import YAML

from safar.base import content_path
from safar.linkage.registers.difficulty import Difficulty

DISTRICTS = tuple(
    f"{province}-{n:02d}"
    for province, count in (("SU", 18), ("KT", 22), ("OS", 8), ("BT", 4), ("JA", 9))
    for n in range(1, count + 1)
)
TWIN_NAMES = (("Ҳасан", "Ҳусейн"), ("Фотима", "Зуҳро"), ("Асан", "Үсөн"), ("Муҳаммад", "Маҳмуд"))


@dataclass(frozen=True)
class Lexicon:
    """Names of one language, the commoner the earlier."""

    men: Sequence[str]
    women: Sequence[str]
    first_parts: Sequence[str]
    second_parts: Sequence[str]


@lru_cache(maxsize=1)
def lexicons() -> tuple[Mapping[str, Lexicon], Mapping[str, Sequence[str]]]:
    """The names by language, and offices' habits by name or part."""
    raw: dict[str, Any] = YAML(typ="safe").load(
        (content_path() / "names" / "registers.yaml").read_text("utf-8")
    )
    habits = raw.pop("habits")
    return {language: Lexicon(**names) for language, names in raw.items()}, habits


@dataclass(frozen=True, slots=True)
class Person:
    """A person as God knows them; names in parts (Муҳаммад, алӣ), days as (year, month, day)."""

    language: str
    sex: str
    given: tuple[str, ...]
    father: tuple[str, ...]
    surname: tuple[str, ...]
    born: tuple[int, int, int]
    district: str
    household: int


class Namer:
    """Draws names with a skewed frequency."""

    def __init__(self, rng: Random, difficulty: Difficulty) -> None:
        self._rng, self._hard = rng, difficulty
        self._lexicons = lexicons()[0]
        self._weights: dict[int, list[float]] = {}

    def _pick(self, names: Sequence[str]) -> str:
        count = len(names)
        if count not in self._weights:
            skew = self._hard.name_skew
            self._weights[count] = list(accumulate((rank + 3) ** -skew for rank in range(count)))
        return self._rng.choices(names, cum_weights=self._weights[count])[0]

    def given(self, language: str, sex: str) -> tuple[str, ...]:
        """A given name, sometimes of two parts."""
        names = self._lexicons[language]
        if sex == "F":
            return (self._pick(names.women),)
        if self._rng.random() >= self._hard.compound_names:
            return (self._pick(names.men),)
        return self.compound(language)

    def compound(self, language: str) -> tuple[str, ...]:
        """Муҳаммад-алӣ, Эш-назар, Рустам-бек."""
        names = self._lexicons[language]
        first = self._pick(names.first_parts) if self._rng.random() < 0.5 else self._pick(names.men)
        return (first, self._pick(names.second_parts))

    def stem(self, language: str) -> tuple[str, ...]:
        """What a surname is made from: a forefather's name; these are more varied than the names of today."""
        names = self._lexicons[language]
        if self._rng.random() < 0.45:
            return self.compound(language)
        return (self._pick(names.men),)


def households(rng: Random, difficulty: Difficulty) -> Iterator[list[Person]]:
    """Without end: the registered people of one household after another; cousins' households follow each other."""
    namer = Namer(rng, difficulty)
    languages, weights = zip(*difficulty.languages.items(), strict=True)
    number = 0
    while True:
        language = rng.choices(languages, weights)[0]
        surname, home = namer.stem(language), _district(rng, language)
        brothers: list[tuple[str, ...]] = []
        names_in_family: list[tuple[str, ...]] = []
        for _ in range(rng.choices((1, 2, 3, 4), (0.5, 0.25, 0.15, 0.1))[0]):
            district = home if rng.random() < 0.85 else _district(rng, language)
            father = _other(namer, language, "M", brothers)
            brothers.append(father)
            yield _household(
                rng, difficulty, namer, language, surname, father, district, number, names_in_family
            )
            number += 1


def _household(
    rng: Random, hard: Difficulty, namer: Namer, language: str, surname: tuple[str, ...], father: tuple[str, ...],
    district: str, number: int, family: list[tuple[str, ...]],
) -> list[Person]:  # fmt: skip
    """Father, mother, children; only those an office registered are given back."""
    born = rng.randint(1945, 1985)
    out: list[Person] = []

    def add(
        sex: str, given: tuple[str, ...], patronymic: tuple[str, ...], day: tuple[int, int, int], share: float
    ) -> None:
        if rng.random() < share:
            out.append(Person(language, sex, given, patronymic, surname, day, district, number))

    add("M", father, namer.given(language, "M"), _day(rng, born, hard), 0.35)
    add(
        "F",
        namer.given(language, "F"),
        namer.given(language, "M"),
        _day(rng, born + rng.randint(0, 6), hard),
        0.5 * hard.woman_registered,
    )
    used: list[tuple[str, ...]] = [father]
    year, last = born + rng.randint(20, 27), None
    for _ in range(rng.choices((1, 2, 3, 4, 5, 6), (0.1, 0.2, 0.25, 0.2, 0.15, 0.1))[0]):
        twin = last is not None and rng.random() < hard.twins
        if not twin:
            year += rng.randint(1, 4)
        day = last[1] if twin and last else _day(rng, min(year, 2006), hard)
        sex = last[0] if twin and last and rng.random() < 0.75 else ("M" if rng.random() < 0.55 else "F")
        given = _child_name(rng, hard, namer, language, sex, used, family, last[2] if twin and last else None)
        used.append(given)
        family.append(given)
        add(sex, given, father, day, hard.brother_registered if sex == "M" else hard.woman_registered)
        last = (sex, day, given)
    return out


def _child_name(
    rng: Random, hard: Difficulty, namer: Namer, language: str, sex: str, used: list[tuple[str, ...]],
    family: list[tuple[str, ...]], twin: tuple[str, ...] | None,
) -> tuple[str, ...]:  # fmt: skip
    """A name no brother or sister has; a cousin may well have it, and twins' names sound alike."""
    if twin:
        for pair in TWIN_NAMES:
            if twin[0] in pair and len(twin) == 1:
                return (pair[1 - pair.index(twin[0])],)
        for _ in range(30):
            name = namer.given(language, sex)
            if name not in used and name[0][:2] == twin[0][:2]:
                return name
    men = set(lexicons()[0][language].men)
    if family and rng.random() < hard.cousin_same_name:
        name = rng.choice(family)
        if name not in used and (len(name) > 1 or (name[0] in men)) == (sex == "M"):
            return name
    return _other(namer, language, sex, used)


def _other(namer: Namer, language: str, sex: str, used: list[tuple[str, ...]]) -> tuple[str, ...]:
    name = namer.given(language, sex)
    while name in used:
        name = namer.given(language, sex)
    return name


def _day(rng: Random, year: int, hard: Difficulty) -> tuple[int, int, int]:
    if rng.random() < hard.born_on_new_year:
        return year, 1, 1
    return year, rng.randint(1, 12), rng.randint(1, 28)


def _district(rng: Random, language: str) -> str:
    tajik, kyrgyz = DISTRICTS[:40], DISTRICTS[40:]
    places = tajik if language == "tj" or (language == "uz" and rng.random() < 0.5) else kyrgyz
    return places[int(len(places) * rng.random() ** 1.6)]
