"""Dagster's instance of a warehouse: its home beside the database, and runs whose process died."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import psutil
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from assets.chain import PROCESS
from assets.history import instance_at
from assets.partitions import ACTIVATION, COHORT, add_missing
from warehouse.connection import Warehouse
from warehouse.ingestion import cohorts
from warehouse.invariants import INVARIANTS
from warehouse.location import CHECKOUT, WarehouseLocation
from warehouse.policies import standing

SECONDS_TO_NAME_ITSELF = 300
UNFINISHED = [
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def prepare_home(location: WarehouseLocation) -> Path:
    """Dagster's home for this warehouse, with the checkout's settings in it."""
    home = location.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "dagster.yaml"
    shipped = CHECKOUT / "dagster.yaml"
    if not settings.exists() or settings.read_bytes() != shipped.read_bytes():
        shutil.copyfile(shipped, settings)
    return home


@contextmanager
def open_instance(location: WarehouseLocation) -> Iterator[dg.DagsterInstance]:
    """The instance of this warehouse; runs that a dead process left unfinished are marked failed."""
    os.environ["DAGSTER_HOME"] = str(prepare_home(location))
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    with instance_at(location.dagster_home) as instance:
        fail_dead_runs(instance, now=time.time())
        yield instance


def this_process() -> str:
    """The running process, so that no later one with the same number is taken for it."""
    process = psutil.Process()
    return f"{process.pid}@{process.create_time():.2f}"


def fail_dead_runs(instance: dg.DagsterInstance, *, now: float) -> tuple[str, ...]:
    """Mark failed the runs whose driving process is gone; which those were. `now` in seconds since 1970."""
    dead = []
    for record in instance.get_run_records(filters=dg.RunsFilter(statuses=UNFINISHED)):
        run = record.dagster_run
        driver = run.tags.get(PROCESS)
        if _never_said_who(record, now) if driver is None else not _lives(driver):
            instance.report_run_failed(run, "The process that drove this run died; the next run continues its work.")
            dead.append(run.run_id)
    return tuple(dead)


def _never_said_who(record: dg.RunRecord, now: float) -> bool:
    """A run names its process with its first step; one that started long ago and has not, died before."""
    return record.start_time is not None and now - record.start_time > SECONDS_TO_NAME_ITSELF


def _lives(driver: str) -> bool:
    pid, created = driver.split("@", 1)
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == created
    except psutil.NoSuchProcess:
        return False


def bring_partitions_up_to_date(instance: dg.DagsterInstance, house: Warehouse, today: date | None = None) -> None:
    """Partition keys follow the warehouse: it remembers what another Dagster home never saw.

    An activation that is superseded `today` (the clock's, if not given) gets none; one that it has, it keeps.
    """
    if not house.exists():
        return
    with house.reading():
        known, held = cohorts(house), standing(house, today or datetime.now(UTC).date())
    add_missing(instance, COHORT, known)
    add_missing(instance, ACTIVATION, [one.activation_id for one in held])


def failing_checks(instance: dg.DagsterInstance) -> tuple[str, ...]:
    """The blocking invariants whose last evaluation failed, by name."""
    keys = [dg.AssetCheckKey(dg.AssetKey(one.asset), one.name) for one in INVARIANTS if one.blocking]
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    return tuple(
        key.name for key in keys if key in latest and latest[key].status is AssetCheckExecutionRecordStatus.FAILED
    )
