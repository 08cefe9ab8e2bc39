"""The targets: one person in Python, a population in Polars, past one machine on Spark, a phone in JavaScript."""
