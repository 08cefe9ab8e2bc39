"""Every provision, stays and offences included, for a million people and for two, to one Parquet file."""

from bench.measure import ON, ROOT, process, safar, world


def main(*, quick: bool = False) -> list[dict]:
    rows = []
    for people in (100_000,) if quick else (1_000_000, 2_000_000):
        folder = world(people)
        out = ROOT / "var" / "bench" / "findings.parquet"
        tables = [str(folder / f"{name}.parquet") for name in ("people", "stays", "offences")]
        command = safar(
            "law",
            "screen",
            tables[0],
            "--stays",
            tables[1],
            "--offences",
            tables[2],
            "--on",
            ON,
            "--out",
            str(out),
        )
        done = process(command, runs=3 if quick else 5)
        import pyarrow.parquet as pq

        rows.append(
            {
                "people": f"{people:,}",
                "findings": f"{pq.ParquetFile(out).metadata.num_rows:,}",
                "wall": done.wall.text(),
                "processor": done.cpu.text(),
                "peak memory": done.memory.text(0, "MiB"),
                "file": f"{out.stat().st_size / 2**20:.0f} MiB",
            }
        )
        out.unlink()
    return rows


def world_rows(*, quick: bool = False) -> list[dict]:
    """Making a world: people, stays, offences, households, communities as CSV and Parquet."""
    people = 100_000 if quick else 1_000_000
    out = ROOT / "var" / "bench" / "made"
    command = safar("world", "--people", str(people), "--seed", "1", "--on", ON, "--out", str(out))
    done = process(command, runs=3)
    memory = done.memory.text(0, "MiB")
    return [
        {
            "people": f"{people:,}",
            "wall": done.wall.text(),
            "processor": done.cpu.text(),
            "peak memory": memory,
        }
    ]
