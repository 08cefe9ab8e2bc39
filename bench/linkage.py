"""Who is who: made-up registers with the truth, linked by `safar link`, beside Splink as it comes on the raw names.

Seeds from 101 on were never looked at while the model was made; the register called "other" has other frequencies, rates and
languages than the one it was made on. Where scikit-learn is installed, a classifier that is given the truth of another register
shows what labels would add.
"""

import logging
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bench.measure import ROOT, Spread, process, safar

FOLDER = ROOT / "var" / "bench" / "linkage"
QUICK, SMALL, LARGE = 10_000, 50_000, 1_000_000
TRAINING_SEED = 99


@dataclass(frozen=True)
class Made:
    records: Path
    truth: pl.DataFrame


def main(*, quick: bool = False) -> list[dict]:
    size = QUICK if quick else SMALL
    rows = [_linked(made("hard", size, seed), f"seed {seed}", size, runs=1) for seed in (101, 102, 103)]
    rows.append(_linked(made("other", size, 201), "other frequencies and rates, seed 201", size, runs=1))
    rows.append(_splink_as_it_comes(made("hard", size, 101), size))
    if _has_sklearn():
        rows.append(_with_labels("hard", size))
        rows.append(_with_labels("other", size))
    if not quick:
        rows.append(_linked(made("hard", LARGE, 104), "seed 104", LARGE, runs=3))
        rows.append(_new_records(made("hard", LARGE, 104)))
    rows.append(_match(size if quick else LARGE, 1_500 if quick else 150_000))
    return rows


def made(kind: str, records: int, seed: int) -> Made:
    """A register, made once and kept under var/."""
    from safar.linkage.registers import make_register
    from safar.linkage.registers.difficulty import HARD, OTHER

    path, truth = (FOLDER / f"{kind}-{records}-{seed}{ending}" for ending in (".csv", ".truth.parquet"))
    if not truth.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        register = make_register(records=records, seed=seed, difficulty={"hard": HARD, "other": OTHER}[kind])
        register.records.write_csv(path)
        register.truth.write_parquet(truth)
    return Made(path, pl.read_parquet(truth))


def _linked(register: Made, which: str, size: int, *, runs: int) -> dict:
    out = FOLDER / "clusters.csv"
    done = process(
        safar("link", str(register.records), "--out", str(out)), runs=runs, warm=0 if runs == 1 else 1
    )
    return {
        "what": f"`safar link`, {which}",
        "size": f"{size:,}",
        **quality(pl.read_csv(out, infer_schema=False), register.truth),
        "wall": done.wall.text(1),
        "processor": done.cpu.text(1),
        "peak memory": done.memory.text(0, "MiB"),
    }


def quality(clusters: pl.DataFrame, truth: pl.DataFrame) -> dict:
    """Precision, recall and F1 over pairs of records, and how many wrong pairs are of one household."""
    both = truth.join(clusters, on="record_id")
    right, told, true = (_pairs(both, *by) for by in (("person", "cluster_id"), ("cluster_id",), ("person",)))
    household = _pairs(both, "household", "cluster_id") - right
    return {
        "F1": f"{2 * right / (told + true):.4f}",
        "precision": f"{right / max(told, 1):.4f}",
        "recall": f"{right / true:.4f}",
        "wrong pairs": f"{told - right:,}",
        "of one household": f"{household:,}",
    }


def _pairs(table: pl.DataFrame, *columns: str) -> int:
    count = table.group_by(columns).len()["len"].cast(pl.Int64)
    return int((count * (count - 1) // 2).sum())


def _splink_as_it_comes(register: Made, size: int) -> dict:
    """The comparisons of Splink's own library on the names as written; the best of several thresholds."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    start, clock = time.perf_counter(), time.process_time()
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[
            cl.NameComparison("surname"),
            cl.NameComparison("given_name"),
            cl.JaroWinklerAtThresholds("patronymic"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            *(cl.ExactMatch(column) for column in ("phone", "district", "sex")),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("dob"),
            block_on("surname", "given_name"),
            block_on("phone"),
        ],
    )
    records = pl.read_csv(register.records, infer_schema=False).to_arrow()
    linker = Linker(DuckDBAPI().register(records), settings, log_level=None)
    sure = [block_on("surname", "given_name", "dob"), block_on("phone", "dob")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname", "given_name"))
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    found = []
    for threshold in (0.5, 0.8, 0.9, 0.95, 0.99):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold)
        told = pl.DataFrame(clusters.as_duckdbpyrelation().to_arrow_table()).select("record_id", "cluster_id")
        found.append(quality(told, register.truth))
    return {
        "what": "Splink's own comparisons on raw names, best threshold",
        "size": f"{size:,}",
        **max(found, key=lambda row: row["F1"]),
        "wall": f"{time.perf_counter() - start:.1f} s",
        "processor": f"{time.process_time() - clock:.1f} s",
    }


def _has_sklearn() -> bool:
    import importlib.util

    return importlib.util.find_spec("sklearn") is not None


def _with_labels(kind: str, size: int) -> dict:
    """A classifier taught on the truth of another register of the same kind, the same pairs and groups."""
    import numpy as np
    from sklearn.ensemble import HistGradientBoostingClassifier

    from safar.linkage.link import gather

    taught = HistGradientBoostingClassifier(max_iter=400, learning_rate=0.07, random_state=1)
    _, _, features, labels, _ = _labelled(made(kind, size, TRAINING_SEED))
    taught.fit(features, labels)
    register = made(kind, size, 101 if kind == "hard" else 201)
    a, b, features, _, ids = _labelled(register)
    chance = np.clip(taught.predict_proba(features)[:, 1], 1e-9, 1 - 1e-9)
    weight = np.log2(chance / (1 - chance))
    found = []
    for threshold in (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0):
        people = gather(size, (a, b, weight), threshold=threshold)
        found.append(
            quality(pl.DataFrame({"record_id": ids, "cluster_id": ids.gather(people)}), register.truth)
        )
    best = max(found, key=lambda row: row["F1"])
    return {"what": f"a classifier that is given labels, register {kind}", "size": f"{size:,}", **best}


def _labelled(register: Made):
    """Pairs, their features (levels, frequencies, string and date distances), whether they are one person's, ids."""
    from safar.linkage.engine import DuckDBEngine
    from safar.linkage.link import _LOOK_AGAIN, _with_pairs_between
    from safar.linkage.model import start_model
    from safar.linkage.pairs_sql import gammas_sql
    from safar.linkage.prepare import prepare

    prepared = prepare(pl.read_csv(register.records, infer_schema=False))
    engine, model = DuckDBEngine(prepared.frame), start_model(prepared.frame.height)
    edges = engine.candidates(model, at_least=-12.0)
    a, b, _ = _with_pairs_between(engine, model, prepared.frame.height, edges, _LOOK_AGAIN - 3)
    engine.add("asked", pl.DataFrame({"a": a, "b": b}, schema={"a": pl.Int32, "b": pl.Int32}))
    table = engine.rows(
        f"""select g.*, l.birth_year - r.birth_year as years, l.birth_month - r.birth_month as months,
        l.birth_day - r.birth_day as days, jaro_winkler_similarity(l.surname, r.surname) as surnames,
        jaro_winkler_similarity(l.given, r.given) as givens, jaro_winkler_similarity(l.father, r.father) as fathers,
        jaro_winkler_similarity(l.given, r.surname) as crossed, l.only_year::int + r.only_year::int as only_years,
        least(l.phone_count, r.phone_count) as phones, least(length(l.given), length(r.given)) as letters, l.birth_year
        from ({gammas_sql(pairs="asked")}) g join records l on l.id = g.a join records r on r.id = g.b order by a, b"""
    )
    truth = (
        prepared.record_ids.to_frame()
        .join(register.truth, on="record_id", maintain_order="left")["person"]
        .to_numpy()
    )
    a, b = table["a"].to_numpy().astype("int64"), table["b"].to_numpy().astype("int64")
    features = table.drop("a", "b").cast(pl.Float64).to_numpy()
    return a, b, features, truth[a] == truth[b], prepared.record_ids


def _new_records(register: Made) -> dict:
    """The last thousand records of a million against the others, in this process, the register loaded."""
    from safar.linkage.known import known_records, link_new
    from safar.linkage.model import start_model

    records = pl.read_csv(register.records, infer_schema=False)
    known = known_records(records.head(records.height - 1000))
    walls, cpus = [], []
    for _ in range(6):
        start, clock = time.perf_counter(), time.process_time()
        link_new(records.tail(1000), against=known, model=start_model(records.height))
        walls.append(time.perf_counter() - start)
        cpus.append(time.process_time() - clock)
    return {
        "what": "1,000 new records against a loaded register",
        "size": f"{records.height:,}",
        "wall": Spread(tuple(walls[1:])).text(),
        "processor": Spread(tuple(cpus[1:])).text(),
    }


def _match(people: int, rows: int) -> dict:
    """People against a list: a tenth of it are people of the register as another office wrote them, the rest are strangers."""
    register, strangers = made("hard", people, 101 if people < LARGE else 104), made("hard", SMALL, 102)
    records = pl.read_csv(register.records, infer_schema=False).join(register.truth, on="record_id")
    first = records.unique("person", keep="first", maintain_order=True)
    others = records.join(first.select("record_id"), on="record_id", how="anti")
    listed = others.unique("person", keep="first", maintain_order=True).head(rows // 10)
    names = ("surname", "given_name", "patronymic", "dob")
    rest = pl.read_csv(strangers.records, infer_schema=False).sample(
        rows - listed.height, with_replacement=True, seed=1
    )
    people_file, list_file, out = (FOLDER / name for name in ("people.csv", "list.csv", "answer.parquet"))
    # Nearly as many rows as the register has: of most people two or three, but never the one that stands on the list.
    asked = records.join(listed.select("record_id"), on="record_id", how="anti")
    asked.select("record_id", *names, "sex").write_csv(people_file)
    pl.concat([listed.select(names), rest.select(names)]).write_csv(list_file)
    done = process(safar("match", str(people_file), str(list_file), "--out", str(out)), runs=1, warm=0)
    answer = pl.read_parquet(out)
    truth = listed.select("person").with_columns(list_row=pl.int_range(2, pl.len() + 2).cast(pl.String))
    named = answer.join(register.truth, left_on="person_id", right_on="record_id").join(
        truth, on="list_row", how="left"
    )
    hits = named.filter(pl.col("person") == pl.col("person_right"))
    found = hits["list_row"].n_unique()
    wrong = named.filter((pl.col("person") != pl.col("person_right")) & (pl.col("state") == "certain")).height
    return {
        "what": f"`safar match` against {rows:,} rows: {found / listed.height:.1%} of those who are on it are found, "
        f"{answer.filter(pl.col('state') == 'certain').height:,} certain ({wrong:,} of them another person), "
        f"{answer.filter(pl.col('state') == 'possible').height:,} possible",
        "size": f"{asked.height:,}",
        "wall": done.wall.text(1),
        "processor": done.cpu.text(1),
        "peak memory": done.memory.text(0, "MiB"),
    }


if __name__ == "__main__":
    import json
    import sys

    print(json.dumps(main(quick="--quick" in sys.argv), indent=1, ensure_ascii=False))
