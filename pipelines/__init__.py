"""How: the steps, as pure functions over pydantic models.

Data flows left to right: ingestion, extraction, verification, review, gates, publication. Imports
neither dagster nor duckdb; no clock, environment or randomness in a pure function; an I/O edge (a file
reader, a child process) lives in a room of its own in the stage that needs it.
"""
