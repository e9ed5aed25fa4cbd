"""SIGKILL at any stage, and the run again: the same warehouse and pages as without.

Each stage has a warehouse of its own; a few are worked on at the same time, since most of a run is
waiting for one core. What is compared, and what is left out and why: warehouse_snapshot.py.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from assets.chain import PROCESS
from tests import pond_records
from tests.assets.running_ui import running_ui, until
from tests.assets.warehouse_snapshot import broken_hashes, site_files, tables
from tests.processes import CHECKOUT, House, read_until
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation

# The order in which a run comes to them.
STAGES = (
    "inbox", "records", "claims", "sources", "passages", "reference audits", "rigour scans", "verdicts", "reviews",
    "gate verdicts", "corrections", "manifests", "site",
)  # fmt: skip
WRITER = """
import sys
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
with Warehouse(WarehouseLocation.of(sys.argv[1])).write() as connection:
    connection.execute("INSERT INTO warehouse_kinds VALUES ('half', now())")
    print("written, not committed", flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True)
class Snapshot:
    tables: dict[str, list[str]]
    site: dict[str, str]
    broken_hashes: list[str]
    run_statuses: list[str]

    @classmethod
    def of(cls, house: House) -> Snapshot:
        return cls(
            tables(house.database),
            site_files(house.site),
            broken_hashes(house.database, house.site),
            run_statuses(house),
        )


def run_statuses(house: House) -> list[str]:
    """How the runs in Dagster's history ended, sorted."""
    with dg.DagsterInstance.from_config(str(house.dagster_home)) as instance:
        return sorted(run.status.value for run in instance.get_runs())


def killed_at(house: House, inbox: Path, stage: str) -> None:
    """Run over `inbox` and kill the run as `stage` begins."""
    with house.started("run", inbox, "--json") as process:
        assert process.stderr is not None
        read_until(process.stderr, f"{stage}: 0 of")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL


def killed_and_run_again(house: House, inbox: Path, stage: str) -> Snapshot:
    killed_at(house, inbox, stage)
    ended = house.claimgate("run", inbox, "--json")
    assert ended.code == 0, ended.err
    return Snapshot.of(house)


def undisturbed(house: House, inbox: Path) -> Snapshot:
    """By a process started anew: with another hash seed than the second runs, which are forks of one process."""
    ended = house.anew("run", inbox, "--json")
    assert ended.code == 0, ended.err
    return Snapshot.of(house)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pond_records.write_two(tmp_path_factory.mktemp("kill") / "inbox")


@pytest.fixture(scope="module")
def started(inbox: Path) -> Iterator[dict[str, Future[Snapshot]]]:
    """Every stage's kill and second run, under way; and "undisturbed"."""
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        work = {"undisturbed": pool.submit(undisturbed, House(inbox.parent / "undisturbed"), inbox)}
        for stage in STAGES:
            house = House(inbox.parent / f"killed-at-{stage}")
            work[stage] = pool.submit(killed_and_run_again, house, inbox, stage)
        yield work
        for one in work.values():
            one.cancel()


@pytest.fixture(scope="module")
def reference(started: dict[str, Future[Snapshot]]) -> Snapshot:
    return started["undisturbed"].result()


@pytest.mark.slow
def test_the_undisturbed_run_holds_something_to_compare_with(reference: Snapshot) -> None:
    for table in ("documents", "records", "claims", "verdicts", "evidence", "reviews", "gate_verdicts", "manifests"):
        assert reference.tables[table], table
    assert reference.tables["corrections"] == []
    assert len(reference.site) > 4
    assert set(reference.run_statuses) == {"SUCCESS"}


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_killed_as_a_stage_begins_and_run_again_it_is_as_if_undisturbed(
    started: dict[str, Future[Snapshot]], reference: Snapshot, stage: str
) -> None:
    again = started[stage].result()
    assert again.tables.keys() == reference.tables.keys()
    for table, rows in reference.tables.items():
        assert again.tables[table] == rows, table
    assert again.site == reference.site
    assert again.broken_hashes == reference.broken_hashes == []
    assert again.run_statuses.count("FAILURE") == 1
    assert set(again.run_statuses) == {"FAILURE", "SUCCESS"}


@pytest.mark.slow
def test_killed_beside_the_uis_processes_it_is_the_same_and_a_dead_run_of_the_ui_is_noticed(
    inbox: Path, reference: Snapshot, tmp_path: Path
) -> None:
    house = House(tmp_path / "house")
    with running_ui(house) as ui:
        again = killed_and_run_again(house, inbox, "verdicts")
        assert again.tables == reference.tables
        assert again.site == reference.site
        assert again.run_statuses.count("FAILURE") == 1
        own = ui.launch("intake")
        until(lambda: PROCESS in ui.tags_of(own), "the UI's own run says which process it is", seconds=120)
        # Leaving the block kills the UI, and the run in it.
    assert "STARTED" in run_statuses(house)
    assert house.claimgate("status", "--json").code == 0
    assert run_statuses(house).count("FAILURE") == 2


def test_a_writer_killed_before_it_commits_leaves_nothing_and_no_lock(tmp_path: Path) -> None:
    location = WarehouseLocation.of(tmp_path)
    house = Warehouse(location, lock_timeout=5)
    with house.write():
        pass  # makes the database
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(location.database)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "written, not committed\n"
    finally:
        writer.kill()
        writer.communicate()
    with house.write() as connection:
        assert connection.execute("SELECT count(*) FROM warehouse_kinds").fetchone() == (0,)
