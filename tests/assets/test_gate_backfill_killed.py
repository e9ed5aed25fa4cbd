"""A back-fill killed between two groups, for real: what was committed stays, the rest comes, nothing comes twice."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from assets.chain import Held, legs
from assets.definitions import build_definitions
from assets.instance import bring_partitions_up_to_date, open_instance
from assets.jobs import GATING
from assets.partitions import gate_key
from assets.resources import Clock, WarehouseResource
from assets.runs import Conductor
from tests.assets.warehouse_snapshot import tables
from tests.processes import CHECKOUT
from warehouse.append import Row, append
from warehouse.connection import Warehouse
from warehouse.ingestion import cohorts
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_shipped

ACTIVATION = "gate-1@2026-01-01"
COHORTS = ("2026-03", "2026-04", "2026-05")
RECORDS = tuple(f"{cohort} {which}" for cohort in COHORTS for which in "ab")
FILLED = datetime(2026, 6, 1, tzinfo=UTC)
KILLED, REPEATED, LATE = (f"2026-06-{day:02d}T08:00:00+00:00" for day in (2, 3, 4))
DIES_BEFORE_THE_SECOND_GROUP = """
import os, signal, sys
import assets.gates
from pathlib import Path
from tests.assets.test_gate_backfill_killed import KILLED, Place

save, committed = assets.gates.save_gate_verdicts, []

def save_one_group_and_die(*given):
    if committed:
        os.kill(os.getpid(), signal.SIGKILL)
    committed.append(save(*given))
    return committed[0]

assets.gates.GROUP = 1
assets.gates.save_gate_verdicts = save_one_group_and_die
Place(Path(sys.argv[1])).backfill(KILLED)
"""


@dataclass(frozen=True)
class Place:
    """A warehouse of synthetic records with Dagster's home beside it."""

    folder: Path

    @property
    def house(self) -> Warehouse:
        return Warehouse(WarehouseLocation.of(self.folder / "claimgate.duckdb"))

    def add(self, names: Sequence[str], when: datetime) -> None:
        """Records without claims, published before the gate judged them; a name begins with its cohort."""
        with self.house.write() as connection:
            for name in names:
                add_record(connection, name, {"recorded_at": when, "run_id": "fill"})

    def backfill(self, when: str) -> int:
        """The run that `claimgate backfill` starts for the gate, over every cohort; how many verdicts are new."""
        with open_instance(self.house.location) as instance:
            bring_partitions_up_to_date(instance, self.house)
            (leg,) = legs(GATING, cohorts(self.house), [ACTIVATION], Held.of(instance))
            warehouse = WarehouseResource(database=str(self.house.location.database))
            lead = Conductor(build_definitions(warehouse=warehouse, clock=Clock(fixed=when)), instance, self.house)
            result = lead._execute(leg, {})
        evaluated = result.asset_materializations_for_node("gate_verdicts")[0].metadata["evaluated"].value
        assert isinstance(evaluated, int)
        return evaluated

    def verdicts(self) -> list[tuple[str, str, datetime, str]]:
        """Record, id, time and run of every gate verdict."""
        with self.house.read() as connection:
            return connection.execute(
                "SELECT record_id, gate_verdict_id, recorded_at, run_id FROM gate_verdicts ORDER BY ALL"
            ).fetchall()

    def in_dagster(self) -> tuple[list[str], set[str]]:
        """How the runs ended, oldest first, and which partitions are materialised; dead runs are noticed first."""
        with open_instance(self.house.location) as instance:
            runs = [run.status.value for run in reversed(instance.get_runs())]
            return runs, set(instance.get_materialized_partitions(dg.AssetKey("gate_verdicts")))


def add_record(connection: duckdb.DuckDBPyConnection, name: str, fixed: Row) -> None:
    about = {"record_id": name, "document_id": name, "cohort": name.split()[0]} | fixed
    version = {"record_version_id": f"version of {name}", "layout": "report", "synthetic": False}
    batch = {"stage": "records", "subject_id": f"version of {name}", "fingerprint": "f", "row_count": 1}
    state = {"state_id": f"first of {name}", "record_id": name, "fingerprint": "f", "state": "{}"}
    row = {"row_id": name, "batch_id": name, "stated_claim_rows": 0}
    append(connection, "batches", [{"batch_id": name} | batch | fixed], key="batch_id")
    append(connection, "arrivals", [{"arrival_id": name, "name": name} | about], key="arrival_id")
    append(connection, "records", [row | version | about], key="row_id")
    append(connection, "public_states", [state | fixed], key="state_id")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("DAGSTER_HOME", "")  # open_instance sets it; this puts it back afterwards
    place = Place(tmp_path / "house")
    place.add(RECORDS, FILLED)
    activate_shipped(place.house, recorded_at=FILLED)
    return place


def killed_after_one_group(place: Place) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", DIES_BEFORE_THE_SECOND_GROUP, str(place.folder)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


@pytest.mark.slow
def test_a_backfill_killed_after_its_first_group_keeps_it_and_the_repeat_adds_the_rest_and_none_twice(
    place: Place, tmp_path: Path
) -> None:
    undisturbed = Place(tmp_path / "undisturbed")
    shutil.copytree(place.folder, undisturbed.folder)
    assert undisturbed.backfill(KILLED) == 6

    killed_after_one_group(place)
    committed = place.verdicts()
    assert [record for record, *_ in committed] == [*RECORDS[:2]]
    # Dagster knows of no partition: a killed run said nothing, though one of its cohorts is in the warehouse.
    assert place.in_dagster() == (["FAILURE"], set())

    assert place.backfill(REPEATED) == 4
    after = place.verdicts()
    assert [record for record, *_ in after] == [*RECORDS]
    assert after[:2] == committed
    assert place.in_dagster() == (["FAILURE", "SUCCESS"], {gate_key(ACTIVATION, one) for one in COHORTS})
    for table in ("gate_verdicts", "public_states"):
        assert tables(place.house.location.database)[table] == tables(undisturbed.house.location.database)[table]
    with place.house.read() as connection:
        corrected = connection.execute("SELECT record_id, count(*) FROM corrections GROUP BY 1 ORDER BY 1").fetchall()
    assert corrected == [(record, 1) for record in RECORDS]


def test_a_backfill_repeated_adds_nothing_and_a_late_record_of_an_old_cohort_is_the_only_one_added(
    place: Place,
) -> None:
    assert place.backfill(KILLED) == 6
    before = place.verdicts()
    assert place.backfill(REPEATED) == 0
    assert place.verdicts() == before
    place.add(["2026-03 late"], datetime.fromisoformat(REPEATED))
    assert place.backfill(LATE) == 1
    assert [record for record, *_ in set(place.verdicts()) - set(before)] == ["2026-03 late"]
