"""The database file, written anew: DuckDB keeps the blocks of what was overwritten, and so the words in them.

Belongs here: the copy, its place and when it is due. A withdrawal is marked as rewritten inside the new file, so that
a process killed at any point leaves the old file whole or the new one, and the next call goes on.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.append import Row, append, content_id
from warehouse.connection import CONFIG, Warehouse


class NotRewritten(RuntimeError):
    """The database could not be written anew; the old file stands as it was."""


def rewrite_is_due(warehouse: Warehouse) -> bool:
    """Whether a text was taken down since the file was written."""
    with warehouse.read() as connection:
        row = connection.execute(
            "SELECT count(*) FROM withdrawals ANTI JOIN file_rewrites USING (withdrawal_id)"
        ).fetchone()
    return row is not None and row[0] > 0


def rewrite(warehouse: Warehouse, now: datetime) -> None:
    """Copy the database into a fresh file that takes its place; needs as much room again while it lasts.

    Raises NotRewritten where there is none, or another program has the database open; the old file then stands.
    """
    with warehouse.closed():
        database = warehouse.location.database
        try:
            _replace(database, now)
        except (OSError, duckdb.Error) as problem:
            raise NotRewritten(str(problem).splitlines()[0]) from problem


def _replace(database: Path, now: datetime) -> None:
    fresh = database.with_name(database.name + ".fresh")
    _remove(fresh)
    _copy(database, fresh, now)
    if _log_of(database).exists():  # it would be read into the new file
        raise OSError(f"{_log_of(database)} is still there: another program has the database open.")
    os.replace(fresh, database)
    _settle(database.parent)
    spilled = database.with_name(database.name + ".tmp")
    if spilled.is_dir():  # what a killed query left there
        shutil.rmtree(spilled)


def _copy(database: Path, fresh: Path, now: datetime) -> None:
    with duckdb.connect(str(database), config=CONFIG) as connection:
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        connection.execute("CHECKPOINT")
        (name,) = connection.execute("SELECT current_database()").fetchone() or ("",)
        connection.execute(f"ATTACH '{_quoted(fresh)}' AS fresh_copy")
        connection.execute(f'COPY FROM DATABASE "{name}" TO fresh_copy')
        connection.execute("DETACH fresh_copy")
    with duckdb.connect(str(fresh), config=CONFIG) as connection:
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        due = connection.execute("SELECT DISTINCT withdrawal_id FROM withdrawals ORDER BY withdrawal_id").fetchall()
        rows: list[Row] = [
            {"row_id": content_id("rewritten", one), "withdrawal_id": one, "recorded_at": now} for (one,) in due
        ]
        append(connection, "file_rewrites", rows, key="row_id")
        connection.execute("CHECKPOINT")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _log_of(database: Path) -> Path:
    return database.with_name(database.name + ".wal")


def _remove(fresh: Path) -> None:
    for path in (fresh, _log_of(fresh)):
        path.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """The new name outlasts a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
