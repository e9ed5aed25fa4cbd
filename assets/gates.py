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
from pipelines.gates.policy import GatePolicy, load_policy
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

Rule = tuple[Activation, GatePolicy]


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
    with house.reading():
        known = {one.activation_id: one for one in activations(house)}
        sizes = records_per_cohort(house)
    considered = written = done = 0
    say("gate verdicts", done, len(context.partition_keys))
    for activation_ids, cohorts in _by_activations(context.partition_keys).items():
        rules = [(known[one], load_policy(known[one].policy)) for one in activation_ids]
        for group in _groups(cohorts, sizes):
            seen, new = _evaluate(house, rules, group, config.record_ids, stamp(context, clock))
            considered, written, done = considered + seen, written + new, done + len(group) * len(rules)
            say("gate verdicts", done, len(context.partition_keys))
    return counted(considered=considered, skipped=considered - written, evaluated=written)


def _by_activations(keys: Sequence[str]) -> dict[tuple[str, ...], list[str]]:
    """Activation ids to the cohorts of the run that are asked for under just these; a key is `activation|cohort`."""
    asked: dict[str, list[str]] = {}
    for key in keys:
        activation_id, cohort = key.split("|", 1)
        asked.setdefault(cohort, []).append(activation_id)
    found: dict[tuple[str, ...], list[str]] = {}
    for cohort, activation_ids in asked.items():
        found.setdefault(tuple(activation_ids), []).append(cohort)
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
    house: Warehouse, rules: Sequence[Rule], cohorts: Sequence[str], only: Sequence[str], moment: Stamp
) -> tuple[int, int]:
    """How many verdicts on records of the cohorts were considered, and how many of them are new."""
    with house.reading():
        done = [gate_fingerprints(house, activation.activation_id, cohorts) for activation, _ in rules]
        known = gate_facts(house, cohorts, moment.recorded_at)
    considered, changed = 0, [list[EvaluatedGate]() for _ in rules]
    for facts in known:
        if only and facts.record_id not in only:
            continue
        seen = facts.model_dump_json(exclude={"as_of"})
        for (activation, policy), before, new in zip(rules, done, changed, strict=True):
            considered += 1
            fingerprint = content_id(GATES_VERSION, activation.policy, seen)
            if before.get(facts.record_id) != fingerprint:
                verdict = evaluate(policy, activation.activation_id, facts)
                new.append(EvaluatedGate(fingerprint, seen, facts.as_of, verdict))
    to_save = [(activation, new) for (activation, _), new in zip(rules, changed, strict=True) if new]
    return considered, sum(save_gate_verdicts(house, activation, new, moment) for activation, new in to_save)
