"""Random people for proofs of agreement: mostly plausible, sometimes strange, often half unknown."""

from datetime import date, timedelta
from random import Random
from typing import Any

from safar.law.facts import SCALARS

ON_DAYS = (
    date(2008, 6, 15), date(2013, 12, 31), date(2014, 1, 1), date(2015, 8, 12), date(2017, 7, 20),
    date(2020, 2, 29), date(2024, 12, 31), date(2025, 1, 1), date(2025, 9, 11), date(2026, 7, 1),
    date(2026, 11, 24), date(2027, 3, 1),
)  # fmt: skip
_TEXTS = {
    "citizenship": ("TJ", "TJ", "TJ", "KG", "KG", "UZ", "AZ", "RU", "KZ", "TR"),
    "second_citizenship": ("none", "none", "RU", "TJ"),
    "region": ("RU-MOW", "RU-MOS", "RU-SPE", "RU-TA", "RU-ROS", "RU-KRS", "KZ-75", "KZ-71"),
    "patent_region": ("RU-MOW", "RU-MOS", "RU-SPE", "RU-TUL", "RU-NVS", "RU-KDA"),
    "work_region": ("RU-MOW", "RU-MOS", "RU-SPE", "RU-TUL", "RU-ROS"),
    "study_region": ("RU-MOW", "RU-TA"),
    "occupation": ("construction_worker", "driver", "courier", "nanny", "seller", "taxi_driver", "cook"),
    "patent_occupation": ("none", "construction_worker", "driver", "courier"),
}
_FAR = (
    0,
    1,
    2,
    3,
    5,
    9,
    10,
    13,
    14,
    15,
    29,
    30,
    31,
    59,
    60,
    88,
    89,
    90,
    91,
    120,
    179,
    180,
    181,
    270,
    365,
    730,
)


def random_person(rng: Random, number: int, on: date, risks: tuple[str, ...]) -> dict[str, Any]:
    """Facts of one person in the contract's form."""
    person: dict[str, Any] = {"person_id": f"P{number:06d}"}
    unknown = rng.choice((0.0, 0.05, 0.2, 0.6))
    entered = _near(rng, on)
    for name, kind in SCALARS.items():
        if rng.random() < unknown:
            if rng.random() < 0.5:
                person[name] = None
            continue
        if kind.type == "date":
            person[name] = _day(rng, name, entered, on)
        elif kind.type == "bool":
            person[name] = rng.choice((True, False, False, "none"))
        else:
            person[name] = rng.choice(kind.values or _TEXTS[name])
    if rng.random() < 0.3:
        person.pop("entered_on", None)
    if rng.random() > unknown:
        person["stays"] = _stays(rng, on, person)
    if rng.random() > unknown:
        person["offences"] = _offences(rng, on)
    person["answers"] = {risk: rng.choice((True, False, None)) for risk in risks if rng.random() < 0.5}
    return person


def _near(rng: Random, day: date) -> date:
    return day + timedelta(days=rng.choice((-1, -1, -1, 1)) * rng.choice(_FAR) + rng.choice((-1, 0, 1)))


def _day(rng: Random, name: str, entered: date, on: date) -> str:
    if rng.random() < 0.15 and name != "birth_date":
        return "none"
    if name == "birth_date":
        return (
            on - timedelta(days=rng.choice((17, 18, 18, 19, 30, 50)) * 365 + rng.randrange(-5, 10))
        ).isoformat()
    if name == "entered_on":
        return entered.isoformat()
    base = rng.choice((entered, entered, on))
    return _near(rng, base).isoformat()


def _stays(rng: Random, on: date, person: dict[str, Any]) -> Any:
    if rng.random() < 0.1:
        return rng.choice(("none", []))
    stays = []
    day = on - timedelta(days=rng.choice((40, 100, 200, 400, 900)))
    for _ in range(rng.randrange(1, 6)):
        length = rng.choice((0, 1, 5, 20, 29, 30, 31, 60, 89, 90, 91, 200))
        left: Any = (day + timedelta(days=length)).isoformat()
        if rng.random() < 0.15:
            left = rng.choice((None, "none"))
        country = rng.choice((person.get("destination") or "RU", "RU", "KZ", "TR"))
        stays.append({"country": country, "entered_on": day.isoformat(), "left_on": left})
        day += timedelta(days=length + rng.choice((-3, 0, 0, 1, 10, 40, 90, 150)))
    rng.shuffle(stays)
    if rng.random() < 0.3 and isinstance(person.get("entered_on"), str) and person["entered_on"] != "none":
        stays.append({"country": person.get("destination") or "RU", "entered_on": person["entered_on"]})
    return stays


def _offences(rng: Random, on: date) -> Any:
    if rng.random() < 0.4:
        return rng.choice(("none", []))
    return [
        {
            "country": rng.choice(("RU", "RU", "KZ")),
            "kind": rng.choice(("stay", "work", "other")),
            "decided_on": (
                on - timedelta(days=rng.choice((0, 1, 30, 364, 365, 366, 1094, 1096, 1830)))
            ).isoformat(),
            "expelled": rng.choice((True, False, False, False, None)),
        }
        for _ in range(rng.randrange(1, 4))
    ]
