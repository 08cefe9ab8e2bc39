"""Fifty thousand random people through Python, Polars and JavaScript, every provision, unknowns included."""

from random import Random

from tests.law.random_people import ON_DAYS, random_person
from tests.law.targets import JavaScript, through_polars, through_python

from safar.law import read_law
from safar.law.compile.javascript import javascript
from safar.law.compile.python import Compiled


def main(*, quick: bool = False) -> dict:
    law = read_law()
    compiled, script = Compiled(law), JavaScript(javascript(law))
    risks = tuple(name for name, provision in law.provisions.items() if provision.kind == "risk")
    batch, batches = 1_000, 4 if quick else 50
    answers = differences = 0
    for number in range(batches):
        rng, on = Random(number), ON_DAYS[number % len(ON_DAYS)]
        people = [random_person(rng, place, on, risks) for place in range(batch)]
        python = through_python(compiled, people, on)
        answers += len(python)
        for other in (through_polars(law, people, on, risks), script.through(people, on)):
            differences += sum(python.get(key) != other.get(key) for key in set(python) | set(other))
    return {"people": batch * batches, "answers": answers, "differences": differences}
