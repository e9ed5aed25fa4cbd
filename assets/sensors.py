"""The sensor that keeps the chain going in the schedule and the UI.

When a run succeeds, the next leg is requested: the one that the run carries in its tag, or, for a
run that a person started, the legs that follow its job. Runs that the command line drives are left
alone: it starts the next leg itself.
"""

import json
from collections.abc import Sequence
from typing import cast

import dagster as dg

from assets.chain import ARRIVING, DRIVER, REST, SCOPE, Held, Leg, cohorts_of_run, following_legs
from assets.jobs import SELECTIONS, job_of, jobs
from assets.partitions import ACTIVATION, add_missing
from assets.resources import Clock, WarehouseResource
from warehouse.connection import Warehouse
from warehouse.ingestion import cohorts_of_documents
from warehouse.policies import standing


@dg.run_status_sensor(
    name="chain_continues",
    run_status=dg.DagsterRunStatus.SUCCESS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=5,
    request_jobs=jobs(),
    description="Starts the next run of the chain when one has succeeded.",
)
def chain_continues(
    context: dg.RunStatusSensorContext, warehouse: WarehouseResource, clock: Clock
) -> dg.RunRequest | dg.SkipReason:
    """The request for the next leg, or why there is none."""
    run = context.dagster_run
    # A run of the command line that is executed anew in the UI keeps its tags, and nobody drives it.
    if run.tags.get(DRIVER) == "cli" and run.parent_run_id is None:
        return dg.SkipReason("The command line drives this chain.")
    rest = _rest(context, warehouse.open(), clock)
    if not rest:
        return dg.SkipReason("The chain is complete.")
    return request(rest[0], rest[1:], run_key=run.run_id)


def request(leg: Leg, rest: Sequence[Leg], *, run_key: str) -> dg.RunRequest:
    """A request for one leg that carries those still to come."""
    later = json.dumps([[one.job, one.first, one.last] for one in rest])
    return dg.RunRequest(run_key=run_key, job_name=leg.job, tags={**leg.tags, REST: later})


def _rest(context: dg.RunStatusSensorContext, house: Warehouse, clock: Clock) -> tuple[Leg, ...]:
    run = context.dagster_run
    if REST in run.tags:
        return tuple(Leg(*one) for one in json.loads(run.tags[REST]))
    job = run.job_name if run.job_name in SELECTIONS else _job_of_backfill(run)
    if job is None or not house.exists():
        return ()
    if job in ARRIVING:
        every = Held.of(context.instance).cohorts
        wanted = every if run.tags.get(SCOPE) == "all" else _arrived(context.instance, run.run_id, house)
    else:
        wanted = cohorts_of_run(run.tags, context.instance) or ()
    if not wanted:
        return ()
    today = clock.now().date()
    known = standing(house, today)
    add_missing(context.instance, ACTIVATION, [one.activation_id for one in known])
    in_force = [one.activation_id for one in known if one.active_on <= today]
    return following_legs(job, wanted, in_force, Held.of(context.instance))


def _job_of_backfill(run: dg.DagsterRun) -> str | None:
    return job_of({key.to_user_string() for key in run.asset_selection or ()})


def _arrived(instance: dg.DagsterInstance, run_id: str, house: Warehouse) -> Sequence[str]:
    """The cohorts of what a run took in, as its materialisation says."""
    records = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    for record in records:
        materialisation = record.get_dagster_event().step_materialization_data.materialization
        ids = materialisation.metadata.get("document_ids")
        if ids is not None:
            return cohorts_of_documents(house, [str(one) for one in cast(list[str], ids.value)])
    return ()
