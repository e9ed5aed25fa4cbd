"""The asset of the fifth stage: gate verdicts, cohort by activation.

An activation adds a partition; the cohorts that were not evaluated under it show as missing in
the UI, and one back-fill fills them. A record published before an activation is evaluated like
any other, as of the time of evaluation.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from assets.attempts import red_team
from assets.building import RecordsConfig, counted
from assets.partitions import by_cohort, gate_partitions
from assets.progress import say
from assets.resources import Clock, WarehouseResource, stamp
from pipelines.gates.evaluate import evaluate
from pipelines.gates.policy import load_policy
from warehouse.append import Stamp, content_id
from warehouse.connection import Warehouse
from warehouse.gates import (
    Activation,
    EvaluatedGate,
    activations,
    gate_facts,
    gate_fingerprints,
    records_per_cohort,
    save_gate_verdicts,
)

GATES_VERSION = "2"
# Records that are evaluated and committed together: a statement over the whole warehouse costs about a
# second however few records it is for, and a crash repeats one group.
GROUP = 20_000


@dg.asset(
    group_name="gates",
    deps=[dg.AssetDep(red_team, partition_mapping=by_cohort)],
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
    sizes = records_per_cohort(house)
    considered = written = done = 0
    say("gate verdicts", done, len(context.partition_keys))
    for activation_id, cohorts in _by_activation(context.partition_keys).items():
        for group in _groups(cohorts, sizes):
            seen, new = _evaluate(house, known[activation_id], group, config.record_ids, stamp(context, clock))
            considered, written, done = considered + seen, written + new, done + len(group)
            say("gate verdicts", done, len(context.partition_keys))
    return counted(considered=considered, skipped=considered - written, evaluated=written)


def _by_activation(keys: Sequence[str]) -> dict[str, list[str]]:
    """Activation id to the cohorts of the run; a key is `activation|cohort`."""
    found: dict[str, list[str]] = {}
    for key in keys:
        activation_id, cohort = key.split("|", 1)
        found.setdefault(activation_id, []).append(cohort)
    return found


def _groups(cohorts: Sequence[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """The cohorts in groups of about `GROUP` records, each at least one cohort."""
    group: list[str] = []
    for cohort in cohorts:
        if group and sum(sizes.get(one, 0) for one in (*group, cohort)) > GROUP:
            yield group
            group = []
        group.append(cohort)
    if group:
        yield group


def _evaluate(
    house: Warehouse, activation: Activation, cohorts: Sequence[str], only: Sequence[str], moment: Stamp
) -> tuple[int, int]:
    """How many records of the cohorts were considered, and of how many the verdict is new."""
    policy = load_policy(activation.policy)
    done = gate_fingerprints(house, activation.activation_id, cohorts)
    considered, changed = 0, list[EvaluatedGate]()
    for facts in gate_facts(house, cohorts, moment.recorded_at):
        if only and facts.record_id not in only:
            continue
        considered += 1
        seen = facts.model_dump_json(exclude={"as_of"})
        fingerprint = content_id(GATES_VERSION, activation.policy, seen)
        if done.get(facts.record_id) != fingerprint:
            verdict = evaluate(policy, activation.activation_id, facts)
            changed.append(EvaluatedGate(fingerprint, seen, facts.as_of, verdict))
    return considered, save_gate_verdicts(house, activation, changed, moment)
