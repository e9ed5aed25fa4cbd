"""The asset of the fifth stage: gate verdicts, cohort by activation.

An activation adds a partition; the cohorts that were not evaluated under it show as missing in
the UI, and one back-fill fills them. A record published before an activation is evaluated like
any other, as of the time of evaluation.
"""

from typing import Any

import dagster as dg

from assets.building import RecordsConfig, counted
from assets.partitions import by_cohort, gate_partitions
from assets.progress import following
from assets.resources import Clock, WarehouseResource, stamp
from assets.review import reviews
from pipelines.gates.evaluate import evaluate
from pipelines.gates.policy import load_policy
from pipelines.models import GateFacts, GateVerdict
from warehouse.append import content_id
from warehouse.connection import Warehouse
from warehouse.gates import Activation, activations, gate_facts, gate_fingerprints, save_gate_verdicts

GATES_VERSION = "1"


@dg.asset(
    group_name="gates",
    deps=[dg.AssetDep(reviews, partition_mapping=by_cohort)],
    partitions_def=gate_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    code_version=GATES_VERSION,
    kinds={"duckdb"},
)
def gate_verdicts(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """Each record of the cohorts under each activation of the run, as of now."""
    house = warehouse.open()
    known = {one.activation_id: one for one in activations(house)}
    considered = written = 0
    for key in following("gate verdicts", [k for k in context.partition_keys]):
        dimensions = dg.MultiPartitionKey(_dimensions(key))
        parts = dimensions.keys_by_dimension
        moment = stamp(context, clock)
        facts = gate_facts(house, parts["cohort"], moment.recorded_at)
        if config.record_ids:
            facts = tuple(one for one in facts if one.record_id in config.record_ids)
        evaluated = _evaluated(house, known[parts["activation"]], facts)
        considered += len(facts)
        written += save_gate_verdicts(house, evaluated, moment)
    return counted(considered=considered, skipped=considered - written, evaluated=written)


def _dimensions(key: str) -> dict[str, str]:
    activation, cohort = key.split("|", 1)
    return {"activation": activation, "cohort": cohort}


def _evaluated(
    house: Warehouse, activation: Activation, facts: tuple[GateFacts, ...]
) -> list[tuple[str, GateFacts, GateVerdict]]:
    """Only what changed since the verdict in force."""
    policy = load_policy(activation.policy)
    done = gate_fingerprints(house, activation.activation_id)
    evaluated = []
    for one in facts:
        fingerprint = content_id(GATES_VERSION, activation.policy, one.model_dump_json(exclude={"as_of"}))
        if done.get(one.record_id) != fingerprint:
            evaluated.append((fingerprint, one, evaluate(policy, activation.activation_id, one)))
    return evaluated
