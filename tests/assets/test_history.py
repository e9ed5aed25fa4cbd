"""The history of runs that the command line keeps open is Dagster's own history."""

from pathlib import Path

import dagster as dg
import psutil
import pytest

from assets.history import KEPT, KeptOpen, instance_at
from assets.partitions import COHORT

POND = dg.AssetKey("pond")


@dg.asset(check_specs=[dg.AssetCheckSpec("is_wet", asset="pond")])
def pond() -> dg.MaterializeResult:  # type: ignore[type-arg]
    """An asset with a check."""
    return dg.MaterializeResult(metadata={"depth": 3}, check_results=[dg.AssetCheckResult(passed=True)])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    return tmp_path


def stock(home: Path) -> dg.DagsterInstance:
    """The instance as the UI has it."""
    return dg.DagsterInstance.from_config(str(home))


def run_of(instance: dg.DagsterInstance) -> str:
    result = dg.materialize([pond], instance=instance)
    assert result.success
    return result.run_id


def seen(instance: dg.DagsterInstance, run_id: str) -> tuple[object, ...]:
    """What an instance knows of a run, of the asset and its check, and of partitions."""
    event = instance.get_latest_materialization_event(POND)
    assert event is not None
    assert event.asset_materialization is not None
    checks = instance.event_log_storage.get_latest_asset_check_execution_by_key([dg.AssetCheckKey(POND, "is_wet")])
    run = instance.get_run_by_id(run_id)
    return (
        run.status if run else None,
        [
            record.get_dagster_event().event_type_value
            for record in instance.all_logs(run_id)
            if record.is_dagster_event
        ],
        (event.run_id, event.asset_materialization.metadata["depth"].value),
        [(one.run_id, one.status) for one in checks.values()],
        list(instance.get_dynamic_partitions(COHORT)),
    )


def open_files(home: Path) -> list[str]:
    return [one.path for one in psutil.Process().open_files() if one.path.startswith(str(home))]


def test_what_is_kept_open_is_the_storage_of_events(home: Path) -> None:
    with instance_at(home) as kept, stock(home) as own:
        assert isinstance(kept.event_log_storage, KeptOpen)
        assert not isinstance(own.event_log_storage, KeptOpen)
        assert type(kept.run_storage) is type(own.run_storage)
        assert type(kept.schedule_storage) is type(own.schedule_storage)


@pytest.mark.parametrize(("writes", "reads"), [(instance_at, stock), (stock, instance_at)], ids=["kept", "own"])
def test_the_ui_and_the_command_line_see_each_others_runs_while_both_are_open(
    home: Path, writes: type[dg.DagsterInstance], reads: type[dg.DagsterInstance]
) -> None:
    with writes(home) as writer, reads(home) as reader:
        for run_id in (run_of(writer), run_of(writer)):
            writer.add_dynamic_partitions(COHORT, [run_id])
            found = seen(reader, run_id)
            assert found == seen(writer, run_id)
        assert found[0] is dg.DagsterRunStatus.SUCCESS
        assert found[2] == (run_id, 3)
        run_of(reader)
        assert len(writer.get_runs()) == len(reader.get_runs()) == 3


def test_files_are_let_go_when_the_instance_is_left_and_few_are_held_before(home: Path) -> None:
    with instance_at(home) as instance:
        runs = [
            instance.create_run_for_job(dg.Definitions(assets=[pond]).resolve_implicit_global_asset_job_def())
            for _ in range(KEPT + 3)
        ]
        for run in runs:
            instance.report_run_failed(run)
        held = {path for path in open_files(home) if path.endswith(".db") and "/runs/" in path}
        assert len(held) == KEPT
        assert str(home / "history" / "runs" / "index.db") in held
        assert all(instance.all_logs(run.run_id) for run in runs)
    assert open_files(home) == []
    assert list(home.rglob("*-wal")) == []
