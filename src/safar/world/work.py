"""What people do there: purpose of entry, region, work, study, whose family they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from safar.world.draw import Flags, Words, chance, pick_by_group, stream
from safar.world.figures import Figures
from safar.world.traits import COUNTRIES, HOMES, Traits

Group = tuple[Flags, Mapping[str, float]]


@dataclass(frozen=True)
class Work:
    """The facts that are words, by name, and who is at work."""

    texts: Mapping[str, Words]
    works: Flags  # a worker who is not still looking


def describe_work(traits: Traits, seed: int, figures: Figures) -> Work:
    """Draw the facts of the present or latest journey that are words."""
    rng, size = stream(seed, "work"), len(traits.female)
    worker, student, family = (traits.role.is_(role) for role in ("worker", "student", "family"))
    region = _by_corridor(rng, traits, figures, "region", np.ones(size, dtype=np.bool_))
    kinds = [
        (worker & traits.destination.is_(country), figures.table("work_kind", country))
        for country in COUNTRIES
    ]
    work_kind = pick_by_group(rng, size, kinds, "none")
    works = worker & ~work_kind.is_("none")
    study = pick_by_group(rng, size, [(student, figures.table("study_mode"))], "none")
    texts = {
        "entry_purpose": _purpose(rng, traits, figures),
        "entry_document": _document(rng, traits, figures),
        "region": region,
        "work_kind": work_kind,
        "work_region": _elsewhere(rng, region, works, 1 - figures.number("same_region_share")),
        "occupation": _occupation(rng, traits, works, figures),
        "study_mode": study,
        "study_region": only(region, student),
        "family_of": _by_corridor(rng, traits, figures, "family_of", family),
    }
    return Work(texts, works)


def without_card(traits: Traits, work: Work) -> Traits:
    """Nobody gets a patent in Russia on a migration card of another purpose than work: they do without."""
    barred = traits.destination.is_("RU") & ~traits.citizenship.is_("KG")
    barred &= ~work.texts["entry_purpose"].is_("work")
    return replace(traits, ground=traits.ground & ~barred)


def only(column: Words, members: Flags) -> Words:
    """The column for some, the word none for all others."""
    words = column.words if "none" in column.words else (*column.words, "none")
    return Words(words, np.where(members, column.codes, words.index("none")).astype(np.int16))


def _by_corridor(
    rng: np.random.Generator, traits: Traits, figures: Figures, name: str, members: Flags
) -> Words:
    """A word by country of destination and home; none for those who are not `members`."""
    groups = [
        (way & members, figures.table(name, country, home)) for country, home, way in traits.corridors()
    ]
    return pick_by_group(rng, len(members), groups, "none")


def _purpose(rng: np.random.Generator, traits: Traits, figures: Figures) -> Words:
    """The purpose on the migration card."""
    groups: list[Group] = []
    for home in HOMES:
        here = traits.tajik if home == "TJ" else ~traits.tajik
        for role in traits.role.words:
            members = here & traits.role.is_(role)
            if role == "worker":
                kazakh = traits.destination.is_("KZ")
                groups.append(
                    (members & kazakh, figures.table("entry_purpose", "worker_in_kazakhstan", home))
                )
                members = members & ~kazakh
            groups.append((members, figures.table("entry_purpose", role, home)))
    return pick_by_group(rng, len(traits.female), groups, "work")


def _document(rng: np.random.Generator, traits: Traits, figures: Figures) -> Words:
    """Passport or identity card."""
    card = np.where(traits.tajik, *(figures.number("id_card_share", home) for home in HOMES))
    codes = chance(rng, card, len(card)).astype(np.int16)
    return Words(("passport", "id_card"), codes)


def _elsewhere(rng: np.random.Generator, region: Words, members: Flags, share: float) -> Words:
    """The same region for most members, another person's region for a `share` of them, none for others.

    They swap regions among themselves, so nobody lands in the other country.
    """
    codes = region.codes.copy()
    away = members & chance(rng, share, len(codes))
    for country in COUNTRIES:
        there = region.is_(*(word for word in region.words if word.startswith(country)))
        swapped = np.flatnonzero(away & there)
        codes[swapped] = rng.permutation(codes[swapped])
    return only(Words(region.words, codes), members)


def _occupation(rng: np.random.Generator, traits: Traits, works: Flags, figures: Figures) -> Words:
    """Occupations by sex inside a sector; the sectors of men make up for those of women."""
    groups: list[Group] = []
    for country, home, way in traits.corridors():
        members = way & works
        women = members & traits.female
        share = float(women.sum()) / max(float(members.sum()), 1.0)
        whole = _shares(figures.table("sector", country, home))
        of_women = _shares(figures.table("sector_of_women"))
        of_men = {name: max(whole[name] - share * of_women[name], 0.0) for name in whole}
        groups.append((members & ~traits.female, _spread(of_men, "male", figures)))
        groups.append((women, _spread(of_women, "female", figures)))
    return pick_by_group(rng, len(works), groups, "none")


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights that add up to one."""
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _spread(sectors: Mapping[str, float], sex: str, figures: Figures) -> dict[str, float]:
    """Weights of occupations from weights of sectors."""
    weights: dict[str, float] = {}
    for sector, share in sectors.items():
        for occupation, part in _shares(figures.table("occupation", sector, sex)).items():
            weights[occupation] = weights.get(occupation, 0.0) + share * part
    return weights
