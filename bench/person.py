"""One person, every provision, with reasons: in process, and from a cold shell; and the same on the phone."""

import gzip
import json
import shutil
import subprocess
import time
from datetime import date

from bench.measure import ON, ROOT, Spread, process, safar
from safar.law import assessor, read_law, read_words
from safar.law.compile.javascript import javascript
from safar.ops.making import world_of

DAY = date.fromisoformat(ON)


def people(count: int) -> list[dict]:
    """Facts of made-up people."""
    from safar.ops.demo.people import facts_of

    made = world_of(2_000, 1, DAY)
    return list(facts_of(made, made.people["person_id"].head(count)).values())


def main(*, quick: bool = False) -> dict:
    chosen = people(50 if quick else 200)
    answers = assessor(read_law(), read_words("en"))
    answers.assess(chosen[0], on=DAY)
    times = []
    for person in chosen * 3:
        start = time.perf_counter()
        answers.assess(person, on=DAY)
        times.append((time.perf_counter() - start) * 1000)
    shell = process(
        safar("law", "assess", "-", "--on", ON), runs=5 if quick else 9, stdin=json.dumps(chosen[0])
    )
    findings = [len(answers.assess(person, on=DAY)["findings"]) for person in chosen]
    return {
        "findings": sum(findings) / len(findings),
        "in_process": Spread(tuple(times)).text(2, "ms"),
        "p95": f"{sorted(times)[int(len(times) * 0.95)]:.2f} ms",
        "cold_shell": shell.wall.text(2),
        "phone": phone(chosen),
    }


def phone(chosen: list[dict]) -> dict:
    """Size of law.js, and its time for one person in Node."""
    source = javascript(read_law())
    size = {"bytes": len(source.encode()), "gzipped": len(gzip.compress(source.encode(), 9))}
    node = shutil.which("node")
    if node is None:
        return {**size, "node": "Node is not installed"}
    folder = ROOT / "var" / "bench"
    (folder / "law.mjs").write_text(source, "utf-8")
    (folder / "people.json").write_text(json.dumps(chosen), "utf-8")
    script = folder / "time.mjs"
    script.write_text(
        f"""import {{ assess }} from './law.mjs'; import fs from 'fs';
const people = JSON.parse(fs.readFileSync('{folder / "people.json"}'));
const cold = performance.now(); assess(people[0], '{ON}'); const first = performance.now() - cold;
for (const p of people) assess(p, '{ON}');
const times = people.map((p) => {{ const t = performance.now(); assess(p, '{ON}'); return performance.now() - t; }});
console.log(JSON.stringify({{ first, times, version: process.version }}));""",
        "utf-8",
    )
    told = json.loads(subprocess.run([node, str(script)], check=True, capture_output=True, text=True).stdout)
    times = Spread(tuple(told["times"]))
    return {
        **size,
        "node": f"{times.text(2, 'ms')}, the first {told['first']:.1f} ms, Node {told['version']}",
    }
