"""Running the chain in this process: what the command line does, leg by leg, on the shared instance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg

from assets.chain import DRIVER, PROCESS, Held, Leg, following_legs, legs, partitions_of_run
from assets.instance import bring_partitions_up_to_date, this_process
from assets.jobs import ASKING, CHECKING, GATING, INTAKE, SELECTIONS
from assets.partitions import ACTIVATION, add_missing
from warehouse.connection import Warehouse
from warehouse.ingestion import cohorts_of_documents
from warehouse.policies import standing


class RunFailed(RuntimeError):
    """A run of the chain failed; the message says where and why."""


@dataclass(frozen=True)
class Intake:
    run_id: str
    document_ids: tuple[str, ...]
    rejections: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Conductor:
    """Drives runs of one set of definitions on one instance."""

    definitions: dg.Definitions
    instance: dg.DagsterInstance
    house: Warehouse
    log_level: str = "CRITICAL"  # of Dagster's own log on stderr; its history keeps everything

    def take_in(self, paths: Sequence[str]) -> Intake:
        """The first leg: files into the inbox. Raises RunFailed."""
        config = {"ops": {"inbox": {"config": {"paths": list(paths)}}}}
        result = self._execute(Leg(INTAKE, None, None), config)
        metadata = result.asset_materializations_for_node("inbox")[0].metadata
        return Intake(result.run_id, tuple(_value(metadata["document_ids"])), tuple(_value(metadata["rejections"])))

    def ask(self, question: str) -> Intake:
        """The first leg of a question: a synthesis from the literature, taken in as a record. Raises RunFailed."""
        config = {"ops": {"questions": {"config": {"question": question}}}}
        result = self._execute(Leg(ASKING, None, None), config)
        metadata = result.asset_materializations_for_node("questions")[0].metadata
        return Intake(result.run_id, tuple(_value(metadata["document_ids"])), ())

    def follow_up(self, document_ids: Sequence[str], *, today: date) -> tuple[str, ...]:
        """All legs after the intake, for the cohorts of these documents; the run ids. Raises RunFailed."""
        return self.run(cohorts_of_documents(self.house, document_ids), today=today)

    def run(
        self,
        cohorts: Sequence[str],
        *,
        today: date,
        record_ids: Sequence[str] = (),
        activation: str | None = None,
    ) -> tuple[str, ...]:
        """The chain over `cohorts`: from checking on, or from the gates on for one `activation`, superseded or not."""
        if not cohorts:
            return ()
        bring_partitions_up_to_date(self.instance, self.house, today)
        if activation is not None:
            add_missing(self.instance, ACTIVATION, [activation])
            start, under = GATING, [activation]
        else:
            start, under = (
                CHECKING,
                [one.activation_id for one in standing(self.house, today) if one.active_on <= today],
            )
        held = Held.of(self.instance)
        planned = legs(start, cohorts, under, held) + following_legs(start, cohorts, under, held)
        return tuple(self._execute(leg, _config(leg, record_ids)).run_id for leg in planned)

    def _execute(self, leg: Leg, config: Mapping[str, Any]) -> dg.ExecuteInProcessResult:
        job = self.definitions.resolve_job_def(leg.job)
        result = job.execute_in_process(
            instance=self.instance,
            run_config={**config, "loggers": {"console": {"config": {"log_level": self.log_level}}}},
            tags={**leg.tags, DRIVER: "cli", PROCESS: this_process()},
            raise_on_error=False,
        )
        if not result.success:
            if _was_interrupted(result):
                raise KeyboardInterrupt
            raise RunFailed(_why(leg, result))
        self._expect_materialised(leg, result)
        return result

    def _expect_materialised(self, leg: Leg, result: dg.ExecuteInProcessResult) -> None:
        """A range that ran over nothing is no error to Dagster; it is one to us."""
        seen = Counter(
            event.asset_key.to_user_string()
            for event in result.all_events
            if event.is_step_materialization and event.asset_key is not None
        )
        expected = partitions_of_run(leg.tags, self.instance)
        for key in SELECTIONS[leg.job]:
            if expected == 0 or seen[key] != expected:
                raise RunFailed(f"The run of {leg.job} was for {expected} partitions of {key} and made {seen[key]}.")


def _config(leg: Leg, record_ids: Sequence[str]) -> dict[str, Any]:
    if not record_ids:
        return {}
    return {"ops": {key: {"config": {"record_ids": list(record_ids)}} for key in SELECTIONS[leg.job]}}


def _value(metadata: Any) -> Any:
    return metadata.value


def _was_interrupted(result: dg.ExecuteInProcessResult) -> bool:
    """Dagster turns Ctrl-C into the failure of the step that was at work."""
    failures = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    return any(error is not None and error.cls_name == "DagsterExecutionInterruptedError" for error in failures)


def _why(leg: Leg, result: dg.ExecuteInProcessResult) -> str:
    failed = [one for one in result.get_asset_check_evaluations() if not one.passed and one.blocking]
    if failed:
        names = ", ".join(f"{one.check_name} ({one.metadata['violations'].value} rows)" for one in failed)
        return f"The run of {leg.job} was stopped by a failing check: {names}. `claimgate ui` shows the rows."
    for event in result.all_events:
        if event.is_failure and event.step_key:
            cause: Any = event.step_failure_data.error
            while cause is not None and cause.cause is not None:
                cause = cause.cause
            message = cause.message.strip() if cause is not None else "no reason given"
            return f"The run of {leg.job} failed at {event.step_key}: {message}"
    return f"The run of {leg.job} failed before its first step."
