"""How hard a made-up register is: every rate of change and error in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SOURCES = ("jamoat", "passport", "consulate", "migration", "ngo")


def _by_source(
    jamoat: float, passport: float, consulate: float, migration: float, ngo: float
) -> Mapping[str, float]:
    return dict(zip(SOURCES, (jamoat, passport, consulate, migration, ngo), strict=True))


@dataclass(frozen=True)
class Difficulty:
    """Rates between 0 and 1 unless said otherwise; tables go by source. All are assumptions, none is published."""

    records_a_person: float = 2.2
    sources: Mapping[str, float] = field(default_factory=lambda: _by_source(0.42, 0.16, 0.11, 0.18, 0.13))
    languages: Mapping[str, float] = field(default_factory=lambda: {"tj": 0.70, "kg": 0.22, "uz": 0.08})
    name_skew: float = 0.75  # weight of a name is rank to the minus this
    compound_names: float = 0.30

    twins: float = 0.02
    cousin_same_name: float = 0.05
    brother_registered: float = 0.60
    woman_registered: float = 0.22

    surname_reform: float = 0.20
    marriage_renames: float = 0.35
    habit: float = 0.40  # an office writes a name by habit, not by rule
    habit_sticks: float = 0.55  # the next office copies it
    optional_ending: float = 0.05
    typos: Mapping[str, float] = field(default_factory=lambda: _by_source(0.02, 0.008, 0.03, 0.035, 0.06))
    swapped: Mapping[str, float] = field(default_factory=lambda: _by_source(0.01, 0.004, 0.01, 0.015, 0.05))
    one_field: Mapping[str, float] = field(default_factory=lambda: _by_source(0.01, 0.0, 0.005, 0.005, 0.05))
    initial: Mapping[str, float] = field(default_factory=lambda: _by_source(0.01, 0.0, 0.01, 0.01, 0.04))
    patronymic: Mapping[str, float] = field(default_factory=lambda: _by_source(0.85, 0.05, 0.85, 0.75, 0.35))
    legacy_font: float = 0.06
    russian_keyboard: float = 0.25

    date_missing: Mapping[str, float] = field(
        default_factory=lambda: _by_source(0.04, 0.002, 0.01, 0.01, 0.14)
    )
    date_placeholder: Mapping[str, float] = field(
        default_factory=lambda: _by_source(0.10, 0.01, 0.04, 0.04, 0.12)
    )
    date_slip: Mapping[str, float] = field(default_factory=lambda: _by_source(0.075, 0.015, 0.05, 0.06, 0.10))
    date_wrong: Mapping[str, float] = field(
        default_factory=lambda: _by_source(0.008, 0.002, 0.006, 0.006, 0.015)
    )
    born_on_new_year: float = 0.05  # papers that truly say 1 January

    phone_missing: Mapping[str, float] = field(
        default_factory=lambda: _by_source(0.35, 0.60, 0.40, 0.40, 0.15)
    )
    phone_of_household: float = 0.30
    phone_of_others: float = 0.05  # a brigadier, a neighbour, the office itself
    phone_changes_a_year: float = 0.12
    district_missing: Mapping[str, float] = field(
        default_factory=lambda: _by_source(0.02, 0.15, 0.20, 0.55, 0.08)
    )
    district_moved: float = 0.05
    sex_missing: float = 0.05
    sex_wrong: float = 0.006


HARD = Difficulty()
# Another country's offices: other frequencies and rates, to see whether a model was fitted to one generator.
OTHER = Difficulty(
    languages={"tj": 0.40, "kg": 0.45, "uz": 0.15},
    sources=_by_source(0.20, 0.25, 0.10, 0.25, 0.20),
    name_skew=0.95,
    compound_names=0.20,
    twins=0.012,
    surname_reform=0.12,
    habit=0.35,
    optional_ending=0.08,
    phone_of_household=0.45,
    date_slip=_by_source(0.04, 0.02, 0.06, 0.03, 0.10),
    date_placeholder=_by_source(0.14, 0.02, 0.02, 0.02, 0.15),
)
