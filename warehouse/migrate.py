"""Numbered migrations and the views over them.

A migration is a file `NNNN_name.sql` in migrations/, never changed once released. Views are files
of their own in views/, made anew whenever their text changes. No PRIMARY KEY, UNIQUE, CHECK, index,
sequence or ON CONFLICT: the same SQL must run on DuckLake; warehouse/invariants.py does that work.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb

ROOM = Path(__file__).resolve().parent


@cache
def _migrations() -> tuple[tuple[int, str], ...]:
    files = sorted((ROOM / "migrations").glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return tuple((int(file.name[:4]), file.read_text(encoding="utf-8")) for file in files)


@cache
def _views() -> tuple[str, str]:
    """The text of all views, in order of file name, and its hash."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOM / "views").glob("*.sql")))
    return text, hashlib.sha256(text.encode()).hexdigest()


SCHEMA_VERSION = _migrations()[-1][0]


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """0 for an empty database."""
    present = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_version'").fetchone()
    if not present or not present[0]:
        return 0
    row = connection.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchone()
    return int(row[0]) if row else 0


def is_up_to_date(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the database has the newest schema and the views as they are written now."""
    return schema_version(connection) == SCHEMA_VERSION and _held_views(connection) == _views()[1]


def migrate(connection: duckdb.DuckDBPyConnection, *, up_to: int | None = None) -> None:
    """Bring the database to `up_to` (default: the newest), each step in a transaction of its own."""
    found = schema_version(connection)
    target = SCHEMA_VERSION if up_to is None else up_to
    for version, text in _migrations():
        if found < version <= target:
            connection.execute("BEGIN TRANSACTION")
            connection.execute(text)
            connection.execute("INSERT INTO schema_version VALUES (?, ?)", [version, datetime.now(UTC)])
            connection.execute("COMMIT")
    if target == SCHEMA_VERSION:
        _make_views(connection)


def _make_views(connection: duckdb.DuckDBPyConnection) -> None:
    text, digest = _views()
    if _held_views(connection) == digest:
        return
    connection.execute("BEGIN TRANSACTION")
    connection.execute(text)
    connection.execute("INSERT INTO schema_views VALUES (?, ?)", [digest, datetime.now(UTC)])
    connection.execute("COMMIT")


def _held_views(connection: duckdb.DuckDBPyConnection) -> str | None:
    row = connection.execute("SELECT sha256 FROM schema_views ORDER BY recorded_at DESC LIMIT 1").fetchone()
    return str(row[0]) if row else None
