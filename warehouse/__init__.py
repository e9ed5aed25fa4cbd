"""Where: DuckDB. Migrations, queries, invariants.

The only place that imports duckdb or holds SQL. Does not belong here: what to do with the
rows (pipelines/), when to do it (assets/), how to show it (claimgate/).
"""
