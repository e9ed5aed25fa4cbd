"""The real thing: Dagster's UI with its daemon, a back-fill launched as its pages launch it, the chain behind.

While it works, the command line writes into the same warehouse and reads from it.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import Any

import psutil
import pytest

from tests import pond_records
from tests.assets.running_ui import LOCATION, RunningUi, running_ui, until
from tests.conftest import Checked
from tests.processes import CHECKOUT, Ended, House

pytestmark = pytest.mark.slow

ACTIVATION = "gate-1@2026-09-01"
STRICTER = CHECKOUT / "warehouse" / "sample" / "policies" / "gate-1.v2.yaml"
VILLAGE = "Lindau"
COHORTS = {"2026-03", "2026-05", "undated"}
BACKFILL = """
mutation ($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message }
} }
"""
BACKFILL_STATUS = """
query ($id: String!) { partitionBackfillOrError(backfillId: $id) {
  __typename ... on PartitionBackfill { status }
} }
"""
PARTITIONS = """
{ assetNodeOrError(assetKey: {path: ["gate_verdicts"]}) { ... on AssetNode { assetPartitionStatuses {
  ... on MultiPartitionStatuses { ranges { primaryDimStartKey primaryDimEndKey secondaryDim {
    ... on DefaultPartitionStatuses { materializedPartitions unmaterializedPartitions failedPartitions }
  } } }
} partitionStats { numPartitions numMaterialized numFailed } partitionKeysByDimension { name partitionKeys } } } }
"""
CHECKS = """
query ($asset: String!) { assetNodeOrError(assetKey: {path: [$asset]}) { ... on AssetNode { assetChecksOrError {
  ... on AssetChecks { checks { name } }
} } } }
"""
# Not "for the latest materialisation": two runs that publish at once may begin in one order and write in the other.
EXECUTIONS = """
query ($asset: String!, $check: String!) {
  assetCheckExecutions(assetKey: {path: [$asset]}, checkName: $check, limit: 1) {
    runId status evaluation { success metadataEntries { label ... on IntMetadataEntry { intValue } } }
  }
}
"""
INSTIGATORS = """
query ($at: RepositorySelector!) {
  schedulesOrError(repositorySelector: $at) { ... on Schedules { results {
    name cronSchedule executionTimezone scheduleState { status } } } }
  sensorsOrError(repositorySelector: $at) { ... on Sensors { results { name sensorState { status } } } }
}
"""


@dataclass(frozen=True)
class Scene:
    """What was seen while one back-fill ran; `meanwhile` and `shown` are the command line's."""

    house: House
    instigators: Any
    before: Any
    meanwhile: Ended
    shown: Ended
    after: Any
    backfill_runs: list[dict[str, Any]]
    published: list[dict[str, Any]]
    checks: dict[str, dict[str, Any]]
    ending: int
    left_behind: list[str]


def partitions(ui: RunningUi) -> Any:
    return ui.ask(PARTITIONS)["assetNodeOrError"]


def checks_of(ui: RunningUi, asset: str) -> dict[str, Any]:
    found = ui.ask(CHECKS, asset=asset)["assetNodeOrError"]["assetChecksOrError"]["checks"]
    names = [one["name"] for one in found]
    return {name: ui.ask(EXECUTIONS, asset=asset, check=name)["assetCheckExecutions"][0] for name in names}


def launched_backfill(ui: RunningUi, keys: list[str]) -> str:
    params = {"assetSelection": [{"path": ["gate_verdicts"]}], "partitionNames": keys, "title": "missing cohorts"}
    launched = ui.ask(BACKFILL, params=params)["launchPartitionBackfill"]
    assert launched["__typename"] == "LaunchBackfillSuccess", launched
    return str(launched["backfillId"])


def is_complete(ui: RunningUi, backfill: str) -> bool:
    status = ui.ask(BACKFILL_STATUS, id=backfill)["partitionBackfillOrError"]["status"]
    assert status in {"REQUESTED", "COMPLETED_SUCCESS"}, status
    return bool(status == "COMPLETED_SUCCESS")


def published_after(ui: RunningUi, backfill_runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs that the sensor started after these and that have ended; empty until each has its own."""
    wanted = {run["runId"] for run in backfill_runs}
    found = [run for run in ui.runs() if run["tags"].get("dagster/run_key") in wanted]
    return found if len(found) == len(wanted) and all(run["status"] in {"SUCCESS", "FAILURE"} for run in found) else []


@pytest.fixture(scope="module")
def scene(checked: Checked, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("dagster-dev")
    house = checked.house.copy_to(folder / "house")
    activated = house.claimgate("activate", "gate-1", "--on", "2026-09-01", "--policy", STRICTER, "--json")
    assert activated.code == 0, activated.err
    new = folder / "new.json"
    new.write_text(pond_records.answer_of("2026-05", VILLAGE), encoding="utf-8")
    with running_ui(house) as ui:
        instigators = ui.ask(INSTIGATORS, at=LOCATION)
        before = partitions(ui)
        backfill = launched_backfill(ui, [f"{ACTIVATION}|{cohort}" for cohort in sorted(COHORTS)])
        meanwhile = house.claimgate("run", new, "--json")
        shown = house.claimgate("show", pond_records.title_of(VILLAGE), "--json")
        until(lambda: is_complete(ui, backfill), "the back-fill is complete", seconds=240)
        backfill_runs = [run for run in ui.runs() if run["tags"].get("dagster/backfill") == backfill]
        published = until(lambda: published_after(ui, backfill_runs), "its pages are published", seconds=180)
        after = partitions(ui)
        checks = {asset: checks_of(ui, asset) for asset in ("gate_verdicts", "verdicts", "corrections", "site")}
        family = psutil.Process(ui.process.pid).children(recursive=True)
        os.killpg(ui.process.pid, signal.SIGINT)
        ending = ui.process.wait(timeout=60)
        _, alive = psutil.wait_procs(family, timeout=30)
        left_behind = [one.name() for one in alive]
    return Scene(
        house, instigators, before, meanwhile, shown, after, backfill_runs, published, checks, ending, left_behind
    )


def cohorts_of(node: Any, which: str) -> set[str]:
    """The cohorts of the activation that the UI shows as `which`; its ranges follow the order of arrival."""
    activations = next(one["partitionKeys"] for one in node["partitionKeysByDimension"] if one["name"] == "activation")
    return {
        cohort
        for one in node["assetPartitionStatuses"]["ranges"]
        if ACTIVATION
        in activations[activations.index(one["primaryDimStartKey"]) : activations.index(one["primaryDimEndKey"]) + 1]
        for cohort in one["secondaryDim"][which]
    }


def test_the_nightly_and_the_sensor_are_on(scene: Scene) -> None:
    [schedule] = scene.instigators["schedulesOrError"]["results"]
    assert (schedule["name"], schedule["cronSchedule"]) == ("nightly_reverification", "0 2 * * *")
    assert (schedule["executionTimezone"], schedule["scheduleState"]["status"]) == ("UTC", "RUNNING")
    [sensor] = scene.instigators["sensorsOrError"]["results"]
    assert (sensor["name"], sensor["sensorState"]["status"]) == ("chain_continues", "RUNNING")


def test_the_missing_cohorts_of_the_activation_are_materialised(scene: Scene) -> None:
    assert cohorts_of(scene.before, "materializedPartitions") == set()
    assert cohorts_of(scene.after, "materializedPartitions") == COHORTS
    assert cohorts_of(scene.after, "unmaterializedPartitions") == set()
    stats = scene.after["partitionStats"]
    assert (stats["numPartitions"], stats["numMaterialized"], stats["numFailed"]) == (15, 15, 0)


def test_the_sensor_published_the_pages_after_the_back_fill(scene: Scene) -> None:
    assert {run["status"] for run in scene.backfill_runs} == {"SUCCESS"}
    assert [(run["jobName"], run["status"]) for run in scene.published] == [("publish", "SUCCESS")] * len(
        scene.backfill_runs
    )
    assert {run["tags"]["dagster/sensor_name"] for run in scene.published} == {"chain_continues"}
    held = scene.house.claimgate("show", "Shade over garden ponds", "--json").document
    assert held["gates"]["gate-1"]["activation"] == ACTIVATION
    assert [one["kind"] for one in held["corrections"]] == ["QUALITY_ASSESSMENT"]
    status = scene.house.claimgate("status", "--json").document
    assert status["missing_gate_verdicts"] == {}
    assert status["failing_checks"] == []


def test_the_results_of_the_checks_are_there_with_their_counts(scene: Scene) -> None:
    for asset, found in scene.checks.items():
        assert found, asset
        for name, execution in found.items():
            counts = {one["label"]: one.get("intValue") for one in execution["evaluation"]["metadataEntries"]}
            assert execution["evaluation"]["success"], name
            assert counts["violations"] == 0, name


def test_the_command_line_wrote_and_read_meanwhile(scene: Scene) -> None:
    assert scene.meanwhile.code == 0, scene.meanwhile.err
    [record] = scene.meanwhile.document["records"]
    assert record["claims"]["supported"] == 2
    assert scene.shown.code == 0, scene.shown.err
    assert scene.shown.document["record_id"] == record["record_id"]


def test_ctrl_c_ends_the_ui_and_all_its_processes(scene: Scene) -> None:
    assert scene.ending == 130
    assert scene.left_behind == []
