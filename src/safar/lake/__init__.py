"""lake: the one door to tables.

In: CSV and Parquet files. Out: Polars frames, files written whole or not at all, Spark sessions.
Never: a rule, a person's meaning; it knows columns, not law.
"""

from safar.lake.tables import read_table, whole_file, write_table

__all__ = ["read_table", "whole_file", "write_table"]
