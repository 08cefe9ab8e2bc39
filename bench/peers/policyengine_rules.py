"""The fifteen rules in PolicyEngine-core: one variable a rule, vectors of people, formulas as its guide writes them."""

import datetime
import json
import sys
import time
from importlib.metadata import version

import numpy as np
from common import DATES, EPOCH, TEXTS, columns
from policyengine_core.entities import build_entity
from policyengine_core.enums import Enum
from policyengine_core.periods import ETERNITY
from policyengine_core.simulations import SimulationBuilder
from policyengine_core.taxbenefitsystems import TaxBenefitSystem
from policyengine_core.variables import Variable

from fifteen_rules import DUTIES, FINES, PERMISSIONS

PERIOD = "2026-11-24"
PERSON = build_entity(key="person", plural="persons", label="Person", is_person=True)


# Coded texts are enumerations, as the guides advise; regions share one, since they are compared.
CODES = {
    "citizenship": Enum("Citizenship", {c: c for c in ("TJ", "KG", "UZ", "AZ", "MD", "unknown")}),
    "destination": Enum("Destination", {c: c for c in ("RU", "KZ", "unknown")}),
    "entry_purpose": Enum(
        "Purpose", {c: c for c in ("work", "private", "study", "transit", "business", "unknown")}
    ),
    "entry_document": Enum("Document", {c: c for c in ("passport", "id_card", "unknown")}),
}


def inputs(data) -> list[type]:
    """Input variables; the values of regions are those that occur."""
    regions = {name: name for name in np.unique(np.concatenate([data["work_region"], data["patent_region"]]))}
    region = Enum("Region", {"unknown": "unknown", **{key: key for key in regions if key}})
    CODES["work_region"] = CODES["patent_region"] = region
    made = []
    for name in TEXTS:
        codes = CODES[name]
        keys = {"value_type": Enum, "possible_values": codes, "default_value": codes["unknown"]}
        made.append(
            type(name, (Variable,), {**keys, "entity": PERSON, "definition_period": ETERNITY, "label": name})
        )
    for name in DATES:
        keys = {"value_type": datetime.date, "entity": PERSON, "definition_period": ETERNITY, "label": name}
        made.append(type(name, (Variable,), keys))
    return made


def concerned(person, period, citizens, to, purpose=None):
    citizenship = person("citizenship", period)
    applies = person("destination", period) == CODES["destination"][to]
    applies = applies * np.logical_or.reduce([citizenship == CODES["citizenship"][c] for c in citizens])
    if purpose:
        same = person("entry_purpose", period) == CODES["entry_purpose"][purpose[1]]
        applies = applies * (same if purpose[0] == "=" else np.logical_not(same))
    return applies


# Statuses as whole numbers, the same for every rule; BROKEN are those that mean a breach.
NOT_APPLICABLE, DONE, LATE, DUE, OVERDUE, ALLOWED, FORBIDDEN, EXPOSED = range(8)
BROKEN = (LATE, OVERDUE, FORBIDDEN, EXPOSED)


def duty(name, on):
    """Two variables: the last day, and the status that follows from it."""
    citizens, to, purpose, event, days, done = DUTIES[name]

    def last_day(person, period):
        return person(event, period) + np.timedelta64(days, "D")

    def status(person, period):
        start, when, due = person(event, period), person(done, period), person(f"{name}_due", period)
        applies = concerned(person, period, citizens, to, purpose) * (start != EPOCH)
        fulfilled = (when >= start) * (when != EPOCH)
        cases = [np.logical_not(applies), fulfilled * (when <= due), fulfilled, due >= on]
        return np.select(cases, [NOT_APPLICABLE, DONE, LATE, DUE], OVERDUE)

    return [variable(f"{name}_due", last_day, datetime.date), variable(name, status, int)]


def permission(name):
    citizens, to, left, right = PERMISSIONS[name]

    def status(person, period):
        value = CODES[left][right.strip("'")] if right.startswith("'") else person(right, period)
        applies = concerned(person, period, citizens, to)
        same = person(left, period) == value
        return np.select([np.logical_not(applies), same], [NOT_APPLICABLE, ALLOWED], FORBIDDEN)

    return [variable(name, status, int)]


def fine(name):
    def status(person, period):
        broken = np.logical_or.reduce([np.isin(person(d, period), (LATE, OVERDUE)) for d in FINES[name]])
        here = person("destination", period) == CODES["destination"]["RU"]
        return np.where(here * broken, EXPOSED, NOT_APPLICABLE)

    return [variable(name, status, int)]


def variable(name, formula, kind):
    keys = {
        "value_type": kind,
        "entity": PERSON,
        "definition_period": ETERNITY,
        "label": name,
        "formula": formula,
    }
    return type(name, (Variable,), keys)


def encoded(name, values):
    """Texts as members of their enumeration, what is missing or not listed as unknown; dates as they are."""
    if name not in TEXTS:
        return values
    known = np.isin(values, [member.name for member in CODES[name]])
    return CODES[name].encode(np.where(known, values, "unknown"))


def main() -> None:
    path, runs, on_number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    on = EPOCH + np.timedelta64(on_number, "D")
    data, people = columns(path)
    system = TaxBenefitSystem([PERSON])
    rules = [*DUTIES, *PERMISSIONS, *FINES]
    groups = [duty(n, on) for n in DUTIES] + [permission(n) for n in PERMISSIONS] + [fine(n) for n in FINES]
    for made in (*inputs(data), *(variable for group in groups for variable in group)):
        system.add_variable(made)
    cpu, wall, broken = [], [], None
    for number in range(runs + 1):
        simulation = SimulationBuilder().build_default_simulation(system, count=people)
        for name, values in data.items():
            simulation.set_input(name, PERIOD, encoded(name, values))
        start, clock = time.process_time(), time.perf_counter()
        results = [simulation.calculate(name, PERIOD) for name in rules]
        if number:
            cpu.append(time.process_time() - start)
            wall.append(time.perf_counter() - clock)
        broken = np.logical_or.reduce([np.isin(result, BROKEN) for result in results])
    print(
        json.dumps(
            {"cpu": cpu, "wall": wall, "lawful": (~broken).tolist(), "version": version("policyengine-core")}
        )
    )


main()
