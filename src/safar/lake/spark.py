"""The door to Spark: a session on this machine or on a cluster, or a clear word why there is none."""

import os
import shutil
import sys
from typing import Any

from safar.base import DataError


def spark_session(master: str | None = None, *, memory: str = "1g") -> Any:
    """A Spark session at ``master``, at SAFAR_SPARK_MASTER, or on all processors of this machine.

    ``memory`` is what the driver and each executor may take. Executors run this interpreter; Polars takes one thread
    in each, since Spark already runs one task a processor. Raises DataError where Java or pyspark is missing.
    """
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise DataError("--engine spark: Java is missing; install a Java 17 runtime or use --engine polars")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise DataError(
            "--engine spark: pyspark is missing; install safar[spark] or use --engine polars"
        ) from None
    where = master or os.environ.get("SAFAR_SPARK_MASTER") or "local[*]"
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower(),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": memory,
        "spark.executor.memory": memory,
        "spark.executorEnv.POLARS_MAX_THREADS": "1",
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
        "spark.sql.shuffle.partitions": "16",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master(where).appName("safar")
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        first = str(error).splitlines()[0][:200]
        raise DataError(f"--engine spark: no session at {where}: {first}") from None
