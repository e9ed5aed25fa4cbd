"""Dagster's history of runs, with its files kept open while this process drives runs.

Dagster's own storage builds an engine and opens, checkpoints and closes the SQLite file anew for each of the
hundreds of events of a chain. Here each file stays open until the instance is left. Files and tables are Dagster's
own, so the UI, which keeps its own storage, reads and writes the same history.

Does not belong here: what is stored, or where.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import QueuePool

INDEX = "index"
KEPT = 8  # files: the index and those of the last runs
PATIENCE = 60  # seconds that a write waits for one of another process, as in Dagster's own storage


class KeptOpen(SqliteEventLogStorage):
    """The default storage of events, but for how long its files are open."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}  # first: Dagster's own connects
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> KeptOpen:
        return cls(inst_data=inst_data, **config_value)

    def run_connection(self, run_id: str | None = None) -> Any:
        return self._kept(str(run_id), super().run_connection(run_id))

    def index_connection(self) -> AbstractContextManager[Connection]:
        return self._kept(INDEX, super().index_connection())

    def has_table(self, table_name: str) -> bool:
        with self.index_connection() as connection:
            return bool(connection.dialect.has_table(connection, table_name))

    def dispose(self) -> None:
        super().dispose()
        while self._engines:
            self._engines.popitem()[1].dispose()

    @contextmanager
    def _kept(self, shard: str, own: AbstractContextManager[Connection]) -> Iterator[Connection]:
        """A transaction on one file. `own` is Dagster's way to it, which makes the file where there is none."""
        engine = self._engines.get(shard)
        if engine is None:
            with own:
                engine = self._engines[shard] = self._engine(shard)
            if len(self._engines) > KEPT:
                self._engines.pop(next(one for one in self._engines if one != INDEX)).dispose()
        with engine.begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        return create_engine(
            self.conn_string_for_shard(shard),
            poolclass=QueuePool,
            pool_size=1,  # one connection stays open; more are made, and closed, where threads need them at once
            connect_args={"timeout": PATIENCE, "check_same_thread": False},
        )


def instance_at(home: Path) -> dg.DagsterInstance:
    """The instance of a Dagster home, its history kept open until the instance is left."""
    own = {"module": __name__, "class": KeptOpen.__name__, "config": {"base_dir": str(home / "history" / "runs")}}
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home), overrides={"event_log_storage": own}))
