"""Spark weighs the same pairs and finds the same people as DuckDB, with the same model."""

import pytest

from safar.linkage.engine import DuckDBEngine
from safar.linkage.link import link_records
from safar.linkage.model import start_model
from safar.linkage.prepare import prepare
from safar.linkage.registers import make_register
from safar.linkage.spark import SparkEngine

pytestmark = pytest.mark.spark
RECORDS = 1_000


@pytest.fixture(scope="module")
def session(java):
    from safar.lake.spark import spark_session

    session = spark_session("local[2]")
    session.conf.set(
        "spark.sql.codegen.wholeStage", "false"
    )  # compiling takes longer here than the work itself
    yield session
    session.stop()


def test_both_engines_weigh_the_same_pairs_alike(session):
    prepared = prepare(make_register(records=RECORDS, seed=5).records).frame
    model = start_model(RECORDS)

    a, b, weight = DuckDBEngine(prepared).candidates(model, at_least=-5.0)
    spark_a, spark_b, spark_weight = SparkEngine(prepared, session).candidates(model, at_least=-5.0)

    assert a.tolist() == spark_a.tolist() and b.tolist() == spark_b.tolist()
    assert weight == pytest.approx(spark_weight, abs=1e-5)


def test_both_engines_find_the_same_people(session):
    records = make_register(records=RECORDS, seed=6).records
    model = start_model(RECORDS)

    here = link_records(records, model=model)
    there = link_records(records, model=model, engine=lambda prepared: SparkEngine(prepared, session))

    assert there.clusters.equals(here.clusters)
