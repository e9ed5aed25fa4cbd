"""Opening the warehouse: short connections under one reader/writer lock.

DuckDB lets one process write or many read. All access therefore goes through a lock file
beside the database: shared for readers, exclusive for writers, released by the kernel when a
process dies. Work happens outside; a connection is opened, used and closed. Reads that follow each
other without work between them share one (`Warehouse.reading`). Nothing else in the project opens
the file.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import portalocker

from warehouse.location import WarehouseLocation
from warehouse.migrate import SCHEMA_VERSION, is_up_to_date, migrate, schema_version

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    # A stray read_parquet('https://...') must fail loudly instead of fetching an extension.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def use_threads(count: int) -> None:
    """How many threads each connection of this process has from now on; without it as many as there are cores."""
    CONFIG["threads"] = count


class WarehouseBusy(RuntimeError):
    """The lock could not be had in time."""


class WarehouseMissing(RuntimeError):
    """There is no database at the location."""


class WarehouseUnreadable(RuntimeError):
    """What lies at the location is no database, or one that another program holds open."""


class WarehouseTooNew(RuntimeError):
    """The database was written by a later version of claimgate."""


class _Held(threading.local):
    """The lock files that the running thread holds: it would wait for itself in vain. And what its reads share."""

    def __init__(self) -> None:
        self.lock_files: set[Path] = set()
        self.shared: dict[Path, duckdb.DuckDBPyConnection] = {}


_HELD = _Held()


@dataclass
class Warehouse:
    """One database file. `lock_timeout` is in seconds."""

    location: WarehouseLocation
    lock_timeout: float = 120.0
    _up_to_date: bool = field(default=False, repr=False)

    def exists(self) -> bool:
        return self.location.database.exists()

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection. Raises WarehouseMissing, WarehouseBusy, WarehouseTooNew, WarehouseUnreadable."""
        shared = _HELD.shared.get(self.location.lock_file)
        if shared is None:
            with self._opened_to_read() as connection:
                yield connection
        else:
            with shared.cursor() as connection:
                yield connection

    @contextmanager
    def reading(self) -> Iterator[None]:
        """The reads of the block, by this thread, share one connection: opening one costs more than most reads.

        The lock is held as long, so it is for reads that follow each other and never goes around work; to write
        inside is refused. Raises what `read` raises.
        """
        if self.location.lock_file in _HELD.shared:
            yield
            return
        with self._opened_to_read() as connection:
            _HELD.shared[self.location.lock_file] = connection
            try:
                yield
            finally:
                del _HELD.shared[self.location.lock_file]

    @contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection inside one transaction: all of it is committed, or nothing is."""
        self.location.database.parent.mkdir(parents=True, exist_ok=True)
        with self._lock(portalocker.LockFlags.EXCLUSIVE), self._connect(read_only=False) as connection:
            migrate(connection)
            connection.execute("BEGIN TRANSACTION")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Nobody has the database open while the block runs, so that its file may be replaced. Raises WarehouseBusy."""
        with self._lock(portalocker.LockFlags.EXCLUSIVE):
            yield

    @contextmanager
    def _opened_to_read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A reader can neither migrate nor make views; where either is due, a writer does it first."""
        if not self.exists():
            raise WarehouseMissing(f"There is no warehouse at {self.location.database} yet: `claimgate run` makes it.")
        while True:
            with self._lock(portalocker.LockFlags.SHARED), self._connect(read_only=True) as connection:
                self._up_to_date = self._up_to_date or is_up_to_date(connection)
                if self._up_to_date:
                    yield connection
                    return
            with self.write():
                self._up_to_date = True  # opening for writing migrates

    @contextmanager
    def _connect(self, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            connection = duckdb.connect(str(self.location.database), read_only=read_only, config=CONFIG)
        except duckdb.Error as problem:
            raise WarehouseUnreadable(
                f"{self.location.database} cannot be opened as a DuckDB database: {str(problem).splitlines()[0]}"
            ) from problem
        try:
            connection.execute("SET GLOBAL TimeZone = 'UTC'")  # global: for its cursors too
            found = schema_version(connection)
            if found > SCHEMA_VERSION:
                raise WarehouseTooNew(
                    f"{self.location.database} has schema {found}; this version knows {SCHEMA_VERSION}: update it."
                )
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _lock(self, kind: portalocker.LockFlags) -> Iterator[None]:
        if self.location.lock_file in _HELD.lock_files:
            raise RuntimeError("A warehouse connection was opened inside another one; read first, then write.")
        self.location.lock_file.parent.mkdir(parents=True, exist_ok=True)
        lock = portalocker.Lock(
            self.location.lock_file,
            mode="a",
            timeout=self.lock_timeout,
            check_interval=0.02,
            flags=kind | portalocker.LockFlags.NON_BLOCKING,
        )
        try:
            lock.acquire()
        except portalocker.exceptions.LockException as reason:
            raise WarehouseBusy(
                f"The warehouse {self.location.database} has been in use by another process for "
                f"{self.lock_timeout:g} s; try again when it has finished."
            ) from reason
        _HELD.lock_files.add(self.location.lock_file)
        try:
            yield
        finally:
            _HELD.lock_files.remove(self.location.lock_file)
            lock.release()
