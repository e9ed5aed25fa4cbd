"""Schedule, sensor and back-fill on a real instance with SQLite storage, in this process."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import dagster as dg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.chain import Leg
from assets.definitions import build_definitions
from assets.instance import bring_partitions_up_to_date, fail_dead_runs, open_instance, this_process
from assets.jobs import ASKING, CHECKING, GATING, INTAKE, PUBLISHING
from assets.partitions import ACTIVATION, COHORT, contiguous, gate_key, gate_partitions
from assets.resources import Clock, InboxResource, LibraryResource, WarehouseResource
from assets.runs import Conductor, RunFailed
from assets.schedules import nightly
from assets.sensors import chain_continues
from pipelines.gates.policy import load_policy
from tests import pond_records
from tests.processes import CHECKOUT
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.gates import activate, activations, outcome_counts
from warehouse.ingestion import cohorts, set_kind
from warehouse.location import WarehouseLocation
from warehouse.overview import missing_gate_verdicts
from warehouse.policies import activate_shipped, activation_of

FIRST_DAY = "2026-12-10T08:00:00+00:00"
FIRST_NIGHT = "2026-12-11T02:00:00+00:00"
SECOND_NIGHT = "2026-12-12T02:00:00+00:00"
TODAY = date(2026, 12, 11)
STRICTER = "gate-1@2026-09-01"
SUPERSEDED = "gate-2@2026-06-10"  # by gate-2@2026-11-01
# The order of arrival, which is not the calendar's.
ARRIVED = ("2026-05", "2026-04", "2026-03")
VILLAGES = {
    "2026-05": "Ahorn",
    "2026-04": "Birken",
    "2026-03": "Erlbach",
    "2026-07": "Lindau",
    "2026-01": "Ulmen",
}


@dataclass(frozen=True)
class Place:
    """A warehouse with Dagster's instance beside it, and the folder that new records are put into."""

    folder: Path
    house: Warehouse
    instance: dg.DagsterInstance

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    def put(self, month: str) -> Path:
        self.inbox.mkdir(exist_ok=True)
        file = self.inbox / f"{month}.json"
        file.write_text(pond_records.answer_of(month, VILLAGES[month]), encoding="utf-8")
        return file

    def definitions(self, when: str) -> dg.Definitions:
        return build_definitions(
            warehouse=WarehouseResource(database=str(self.house.location.database)),
            library=LibraryResource(),
            inbox_folder=InboxResource(path=str(self.inbox)),
            clock=Clock(fixed=when),
        )

    def conductor(self, when: str) -> Conductor:
        return Conductor(self.definitions(when), self.instance, self.house)

    def activate_stricter(self) -> None:
        """The demo's second version of gate 1, activated."""
        text = (CHECKOUT / "warehouse/sample/policies/gate-1.v2.yaml").read_text(encoding="utf-8")
        activate(self.house, activation_of(load_policy(text), text, date(2026, 9, 1)), moment(FIRST_DAY))
        bring_partitions_up_to_date(self.instance, self.house)

    def missing_partitions(self) -> set[str]:
        """What the UI shows as missing of gate_verdicts."""
        every = gate_partitions.get_partition_keys(dynamic_partitions_store=self.instance)
        return set(every) - self.instance.get_materialized_partitions(dg.AssetKey("gate_verdicts"))

    def count(self, table: str) -> int:
        with self.house.read() as connection:
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert row is not None
        return int(row[0])

    def counts(self) -> dict[str, int]:
        tables = ("documents", "records", "verdicts", "reviews", "gate_verdicts", "corrections", "manifests", "pages")
        return {table: self.count(table) for table in tables}


def moment(when: str) -> datetime:
    return datetime.fromisoformat(when)


@contextmanager
def opened(folder: Path) -> Iterator[Place]:
    house = Warehouse(WarehouseLocation.of(folder / "claimgate.duckdb"))
    with open_instance(house.location) as instance:
        yield Place(folder, house, instance)


@pytest.fixture(scope="module")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of three months, taken in one after the other and checked."""
    folder = tmp_path_factory.mktemp("months")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        with opened(folder) as place:
            set_kind(place.house, "own", Stamp(moment(FIRST_DAY), ""))
            activate_shipped(place.house, recorded_at=moment(FIRST_DAY))
            for hour, month in enumerate(ARRIVED, start=8):
                intake = place.conductor(f"2026-12-10T{hour:02d}:00:00+00:00").take_in([str(place.put(month))])
                assert intake.rejections == ()
            place.conductor("2026-12-10T12:00:00+00:00").run(ARRIVED, today=date(2026, 12, 10))
    return folder


@pytest.fixture
def place(three_months: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("DAGSTER_HOME", "")  # open_instance sets it; this puts it back afterwards
    folder = tmp_path / "copy"
    shutil.copytree(three_months, folder)
    with opened(folder) as copied:
        yield copied


def run_the_night(place: Place, when: str) -> list[tuple[str, bool]]:
    """What the daemon does: the schedule's request, and each request that the sensor answers a success with."""
    asked = nightly(dg.build_schedule_context(place.instance, scheduled_execution_time=moment(when)))
    assert isinstance(asked, dg.RunRequest)
    return carried_on(place, asked, when)


def carried_on(place: Place, request: dg.RunRequest | dg.SkipReason, when: str) -> list[tuple[str, bool]]:
    """The run of a request, and those that the sensor requests after it; each with its success."""
    definitions = place.definitions(when)
    done = []
    while isinstance(request, dg.RunRequest):
        job = definitions.resolve_job_def(request.job_name or INTAKE)
        result = job.execute_in_process(instance=place.instance, run_config=request.run_config, tags=request.tags)
        done.append((job.name, result.success))
        context = dg.build_run_status_sensor_context(
            sensor_name="chain_continues",
            dagster_event=result.get_run_success_event(),
            dagster_instance=place.instance,
            dagster_run=result.dagster_run,
        )
        answer = chain_continues(
            context,
            warehouse=WarehouseResource(database=str(place.house.location.database)),
            clock=Clock(fixed=when),
        )
        assert isinstance(answer, dg.RunRequest | dg.SkipReason)
        request = answer
    return done


def test_a_question_asked_in_the_ui_is_carried_to_the_pages_too(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "shelf.jsonl"
    said = "Duckweed cover lowered the oxygen of village ponds in summer."
    shelf.write_text(json.dumps({"doi": "10.5555/duckweed", "title": "Duckweed on village ponds", "abstract": said}))
    monkeypatch.setenv("CLAIMGATE_LIBRARY", str(shelf))
    question = {"ops": {"questions": {"config": {"question": "Does duckweed lower the oxygen of village ponds?"}}}}
    done = carried_on(place, dg.RunRequest(job_name=ASKING, run_config=question), FIRST_NIGHT)
    assert [name for name, _ in done] == [ASKING, CHECKING, GATING, PUBLISHING]
    assert all(success for _, success in done)
    assert cohorts(place.house) == (*ARRIVED, "2026-12")
    (page,) = [one for one in place.house.location.site.glob("*.html") if said in one.read_text()]
    assert "How the sources were found" in page.read_text()


def test_a_question_run_without_a_question_says_what_is_missing(place: Place) -> None:
    job = place.definitions(FIRST_NIGHT).resolve_job_def(ASKING)
    result = job.execute_in_process(instance=place.instance, raise_on_error=False)
    assert not result.success
    (failure,) = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    assert failure is not None
    assert "No question was given" in failure.message


def test_the_nightly_takes_in_what_is_new_and_the_sensor_carries_it_to_the_pages(place: Place) -> None:
    place.put("2026-07")
    done = run_the_night(place, FIRST_NIGHT)
    assert [name for name, _ in done] == [INTAKE, CHECKING, GATING, PUBLISHING]
    assert all(success for _, success in done)
    assert cohorts(place.house) == (*ARRIVED, "2026-07")
    assert place.instance.get_dynamic_partitions(COHORT) == [*ARRIVED, "2026-07"]
    assert place.missing_partitions() == set()
    assert missing_gate_verdicts(place.house, TODAY) == {}
    index = (place.house.location.site / "index.html").read_text(encoding="utf-8")
    assert pond_records.title_of(VILLAGES["2026-07"]) in index


def test_a_night_with_nothing_new_runs_the_whole_chain_and_changes_nothing(place: Place) -> None:
    before = place.counts()
    done = run_the_night(place, FIRST_NIGHT)
    assert len(done) == 4
    assert all(success for _, success in done)
    assert place.counts() == before


def test_the_schedule_is_on_at_two_and_each_night_has_a_request_of_its_own(place: Place) -> None:
    assert (nightly.cron_schedule, nightly.execution_timezone) == ("0 2 * * *", "UTC")
    assert nightly.default_status is dg.DefaultScheduleStatus.RUNNING
    assert chain_continues.default_status is dg.DefaultSensorStatus.RUNNING
    requests = [
        nightly(dg.build_schedule_context(place.instance, scheduled_execution_time=moment(when)))
        for when in (FIRST_NIGHT, SECOND_NIGHT)
    ]
    assert requests[0].run_key != requests[1].run_key


def test_the_sensor_leaves_runs_of_the_command_line_alone(place: Place) -> None:
    runs = place.instance.get_runs()
    assert runs
    for run in runs:
        [success] = place.instance.all_logs(run.run_id, of_type=dg.DagsterEventType.RUN_SUCCESS)
        context = dg.build_run_status_sensor_context(
            sensor_name="chain_continues",
            dagster_event=success.get_dagster_event(),
            dagster_instance=place.instance,
            dagster_run=run,
        )
        warehouse = WarehouseResource(database=str(place.house.location.database))
        assert isinstance(chain_continues(context, warehouse=warehouse, clock=Clock(fixed=FIRST_NIGHT)), dg.SkipReason)


def test_an_activation_adds_a_partition_whose_cohorts_are_missing_until_a_backfill_fills_them(place: Place) -> None:
    assert place.missing_partitions() == set()
    place.activate_stricter()
    assert STRICTER in place.instance.get_dynamic_partitions(ACTIVATION)
    assert place.missing_partitions() == {gate_key(STRICTER, cohort) for cohort in ARRIVED}
    assert missing_gate_verdicts(place.house, TODAY) == {STRICTER: sorted(ARRIVED)}

    before = place.counts()
    place.conductor(FIRST_NIGHT).run(cohorts(place.house), today=date(2026, 12, 11), activation=STRICTER)
    assert place.missing_partitions() == set()
    assert missing_gate_verdicts(place.house, TODAY) == {}
    filled = place.counts()
    assert filled["gate_verdicts"] == before["gate_verdicts"] + len(ARRIVED)
    assert filled["verdicts"] == before["verdicts"]
    assert filled["corrections"] == before["corrections"] + len(ARRIVED)

    place.conductor(SECOND_NIGHT).run(cohorts(place.house), today=date(2026, 12, 12), activation=STRICTER)
    assert place.counts() == filled


def test_a_superseded_activation_has_no_partition_and_lacks_nothing(place: Place) -> None:
    assert SUPERSEDED in [one.activation_id for one in activations(place.house)]
    assert SUPERSEDED not in place.instance.get_dynamic_partitions(ACTIVATION)
    run_the_night(place, FIRST_NIGHT)
    assert SUPERSEDED not in place.instance.get_dynamic_partitions(ACTIVATION)
    assert (place.missing_partitions(), missing_gate_verdicts(place.house, TODAY)) == (set(), {})
    assert outcome_counts(place.house, SUPERSEDED, ARRIVED) == {}


def test_a_superseded_activation_is_evaluated_by_hand_keeps_its_partition_and_is_left_alone_by_night(
    place: Place,
) -> None:
    place.conductor(FIRST_NIGHT).run(["2026-05"], today=TODAY, activation=SUPERSEDED)
    assert outcome_counts(place.house, SUPERSEDED, ARRIVED) == {"NOT_ATTEMPTED": 1}
    assert place.missing_partitions() == {gate_key(SUPERSEDED, cohort) for cohort in ARRIVED[1:]}
    run_the_night(place, SECOND_NIGHT)
    assert SUPERSEDED in place.instance.get_dynamic_partitions(ACTIVATION)
    assert outcome_counts(place.house, SUPERSEDED, ARRIVED) == {"NOT_ATTEMPTED": 1}
    assert missing_gate_verdicts(place.house, TODAY) == {}


def test_a_new_month_adds_a_cohort_that_is_missing_under_every_activation(place: Place) -> None:
    intake = place.conductor(FIRST_NIGHT).take_in([str(place.put("2026-01"))])
    assert len(intake.document_ids) == 1
    assert place.instance.get_dynamic_partitions(COHORT) == [*ARRIVED, "2026-01"]
    held = place.instance.get_dynamic_partitions(ACTIVATION)
    assert place.missing_partitions() == {gate_key(one, "2026-01") for one in held}


def test_months_that_do_not_lie_side_by_side_in_order_of_arrival_are_filled_and_no_others(place: Place) -> None:
    place.activate_stricter()
    place.conductor(FIRST_NIGHT).run(["2026-03", "2026-05"], today=date(2026, 12, 11), activation=STRICTER)
    assert place.missing_partitions() == {gate_key(STRICTER, "2026-04")}
    assert missing_gate_verdicts(place.house, TODAY) == {STRICTER: ["2026-04"]}


def test_a_range_that_ran_over_nothing_is_an_error(place: Place) -> None:
    backwards = Leg(CHECKING, ARRIVED[-1], ARRIVED[0])
    before = place.counts()
    with pytest.raises(RunFailed, match="partitions"):
        place.conductor(FIRST_NIGHT)._execute(backwards, {})
    assert place.counts() == before


def test_a_run_whose_process_lives_is_not_taken_for_dead_and_one_whose_process_is_gone_is(place: Place) -> None:
    job = place.definitions(FIRST_NIGHT).resolve_job_def(INTAKE)
    started = dg.DagsterRunStatus.STARTED
    alive = place.instance.create_run_for_job(job, status=started, tags={"claimgate/process": this_process()})
    pid = this_process().split("@")[0]
    dead = place.instance.create_run_for_job(job, status=started, tags={"claimgate/process": f"{pid}@12345.00"})
    assert fail_dead_runs(place.instance, now=time.time()) == (dead.run_id,)
    statuses = {one.run_id: one.status for one in place.instance.get_runs()}
    assert (statuses[alive.run_id], statuses[dead.run_id]) == (started, dg.DagsterRunStatus.FAILURE)


def test_a_run_that_started_long_ago_and_never_named_its_process_is_taken_for_dead(place: Place) -> None:
    run = place.instance.create_run_for_job(place.definitions(FIRST_NIGHT).resolve_job_def(INTAKE))
    begins = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, job_name=INTAKE)
    place.instance.report_dagster_event(begins, run_id=run.run_id)
    started = time.time()
    assert fail_dead_runs(place.instance, now=started + 200) == ()
    assert fail_dead_runs(place.instance, now=started + 400) == (run.run_id,)


@given(st.lists(st.integers(0, 30), unique=True, max_size=12), st.data())
def test_ranges_over_the_order_of_arrival_hold_what_was_wanted_and_nothing_else(
    keys: list[int], data: st.DataObject
) -> None:
    in_order = [str(key) for key in keys]
    wanted = data.draw(st.lists(st.sampled_from(in_order), unique=True) if in_order else st.just([]))
    covered = [
        key
        for first, last in contiguous(wanted, in_order)
        for key in in_order[in_order.index(first) : in_order.index(last) + 1]
    ]
    assert sorted(covered) == sorted(wanted)


def test_a_range_over_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="2026-09"):
        contiguous(["2026-09"], list(ARRIVED))
