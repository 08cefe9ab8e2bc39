"""`make bench`: measures everything and writes docs/benchmarks.md. ``--quick`` for a try, ``--only PART`` for one part.

Figures of parts that are not run are taken from bench/results.json, where each part's last figures stand.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import agreement, fifteen, intake, linkage, person, register, screening, spark, spark_sql
from bench.report import report

PARTS = {
    "fifteen": fifteen.main,
    "screening": screening.main,
    "person": person.main,
    "world": screening.world_rows,
    "agreement": agreement.main,
    "spark": spark.main,
    "spark_sql": spark_sql.main,
    "linkage": linkage.main,
    "register": register.main,
    "intake": intake.main,
}
RESULTS = Path(__file__).parent / "results.json"


def machine() -> str:
    """The machine in one line."""
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} processors ({model}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append")
    options = parser.parse_args()
    if not options.only:
        for (
            name
        ) in PARTS:  # each in a process of its own: the system counts a parent's memory to its children
            quick = ["--quick"] if options.quick else []
            subprocess.run([sys.executable, __file__, "--only", name, *quick], check=True)
        return
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in options.only:
        print(f"{name} …", flush=True)
        results[name] = {
            "on": date.today().isoformat(),
            "machine": machine(),
            "quick": options.quick,
            "figures": PARTS[name](quick=options.quick),
        }
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    (ROOT / "docs" / "benchmarks.md").write_text(report(results), "utf-8")
    print("docs/benchmarks.md")


if __name__ == "__main__":
    main()
