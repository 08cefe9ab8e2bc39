"""Fifteen rules for a million people: Safar, OpenFisca-core and PolicyEngine-core on the same population.

Only the reckoning is timed, in processor seconds of the process: from columns in memory, coded as each engine likes
them, to the status of every rule and the last day of every duty. Building the system of rules is not timed for any.
"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl

from bench.fifteen_rules import DATES, DUTIES, FINES, PERMISSIONS, TEXTS
from bench.measure import ON, PYTHON, ROOT, Spread, cpu_of, world
from safar.base import content_path, day_number
from safar.law import read_law
from safar.law.build import Builder
from safar.law.compile.polars import Emitter
from safar.law.model import Law
from safar.law.output import Shaper, as_frame
from safar.law.plan import Plan
from safar.law.read import link
from safar.law.screen import prepare_people, screen
from safar.law.table import Source

PEERS = ROOT / "var" / "bench" / "peers"
REQUIREMENTS = Path(__file__).parent / "requirements-peers.txt"
DAY = day_number(date.fromisoformat(ON))


def rule(name: str, kind: str, applies: str, **keys: object) -> tuple[str, dict]:
    provision = f"RU-{name.upper().replace('_', '-')}"
    version = {
        "in_force": {"from": "2000-01-01", "until": None},
        "cites": [{"act": "bench"}],
        "seen": "none",
        "confidence": "high",
        "applies": applies,
        **keys,
    }
    return provision, {"id": provision, "kind": kind, "country": "RU", "versions": [version]}


def law_of_fifteen() -> Law:
    """The rules as Safar's own provisions."""
    full = read_law()
    builder = Builder(content_path(), "RU", {})
    rules = []
    for name, (citizens, to, purpose, event, days, done) in DUTIES.items():
        listed = ", ".join(f"'{c}'" for c in citizens)
        applies = f"destination = '{to}' and citizenship in ({listed})"
        if purpose:
            applies += f" and entry_purpose {purpose[0]} '{purpose[1]}'"
        rules.append(
            rule(name, "duty", applies, from_event=event, by=f"{event} + {days} days",
                 done=f"{done} >= {event}", done_on=done)
        )  # fmt: skip
    for name, (citizens, to, left, right) in PERMISSIONS.items():
        listed = ", ".join(f"'{c}'" for c in citizens)
        applies = f"destination = '{to}' and citizenship in ({listed})"
        rules.append(rule(name, "permission", applies, allows=f"{left} = {right}"))
    for name, duties in FINES.items():
        ids = ", ".join(f"'RU-{d.upper().replace('_', '-')}'" for d in duties)
        rules.append(
            rule(
                name,
                "sanction",
                "destination = 'RU'",
                when=f"breached({ids})",
                amount={"low": 2000, "currency": "RUB"},
            )
        )
    provisions = {}
    for name, data in rules:
        provisions[name] = builder.provision(content_path() / "law" / "ru" / "bench" / f"{name}.yaml", data)
    return link(provisions, {}, full.calendars)


def main(*, quick: bool = False) -> dict:
    people = pl.read_parquet(world(100_000 if quick else 1_000_000) / "people.parquet")
    law = law_of_fifteen()
    prepared = prepare_people(law, Source(people, "people"), None, None, DAY)
    runs = 3 if quick else 7

    frame = prepared.frame
    plan = Plan.make(law, {}, on=DAY, everything=False, risks=False)
    query = plan.query(Emitter(law, DAY, prepared.codes, frozenset(frame.columns)))

    def reckon() -> pl.DataFrame:
        """From coded columns to the status and the last day of every rule, as the peers do."""
        return query(frame)

    cpu, wall = cpu_of(reckon, runs=runs)
    findings = as_frame(screen(law, prepared, on=DAY, shape=Shaper(law, prepared.ids)))
    peers = {name: _peer(name, people, runs) for name in ("openfisca", "policyengine")}
    certain = _in_order(findings, people)
    rows = [_row("Safar", cpu, wall, certain, certain["in_order"], people)]
    for name, label in (("openfisca", "OpenFisca-core"), ("policyengine", "PolicyEngine-core")):
        told = peers[name]
        lawful = pl.Series(told["lawful"], dtype=pl.Boolean)
        rows.append(
            {**_row(label, Spread(tuple(told["cpu"])), Spread(tuple(told["wall"])), certain, lawful, people),
             "version": told["version"]}
        )  # fmt: skip
    base = rows[1]["cpu_median"]
    for row in rows:
        row["ratio"] = row["cpu_median"] / base
    return {"people": people.height, "rules": len(law.provisions), "runs": runs, "rows": rows}


def _in_order(findings: pl.DataFrame, people: pl.DataFrame) -> dict[str, pl.Series]:
    """For every person: does Safar know that no rule is broken; and is something undecided with nothing broken."""
    flags = findings.group_by("person_id").agg(
        broken=pl.col("status").is_in(["overdue", "late", "forbidden", "exposed"]).any(),
        unknown=(pl.col("status") == "unknown").any(),
    )
    joined = people.select("person_id").join(flags, on="person_id", how="left", maintain_order="left")
    broken = joined["broken"].fill_null(value=False)
    unknown = joined["unknown"].fill_null(value=False)
    return {"in_order": ~broken & ~unknown, "undecided": unknown & ~broken}


def _row(
    label: str,
    cpu: Spread,
    wall: Spread,
    certain: dict[str, pl.Series],
    lawful: pl.Series,
    people: pl.DataFrame,
) -> dict:
    return {
        "engine": label,
        "cpu": cpu.text(3),
        "cpu_median": cpu.median,
        "wall": wall.text(3),
        "lawful": int(lawful.sum()),
        "without_knowing": int((lawful & certain["undecided"]).sum()),
    }


def _peer(name: str, people: pl.DataFrame, runs: int) -> dict:
    """Run a peer in its own interpreter on the same columns."""
    python = _peers_python()
    data = ROOT / "var" / "bench" / f"fifteen-{people.height}.parquet"
    people.select(*TEXTS, *DATES).write_parquet(data)
    command = [
        str(python),
        str(Path(__file__).parent / "peers" / f"{name}_rules.py"),
        str(data),
        str(runs),
        str(DAY),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


def _peers_python() -> Path:
    """The peers' own interpreter, with exactly the versions of requirements-peers.txt."""
    python = PEERS / "bin" / "python"
    stamp = PEERS / "ready"
    if not stamp.exists() or stamp.read_text() != REQUIREMENTS.read_text():
        subprocess.run([PYTHON, "-m", "venv", "--clear", str(PEERS)], check=True)
        uv = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
        subprocess.run([*uv, "--require-hashes", "-r", str(REQUIREMENTS)], check=True)
        stamp.write_text(REQUIREMENTS.read_text())
    return python


if __name__ == "__main__":
    print(json.dumps(main(quick="--quick" in sys.argv), indent=1))
