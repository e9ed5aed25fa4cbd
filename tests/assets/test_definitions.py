"""The asset graph as it is meant to be, written down: a changed key or arrow shows in review."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import dagster as dg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.chain import (
    PARTITION,
    RANGE_END,
    RANGE_START,
    SCOPE,
    Held,
    Leg,
    cohorts_of_run,
    following_legs,
    legs,
    partitions_of_run,
)
from assets.definitions import build_definitions
from assets.jobs import ASKING, CHECKING, GATING, INTAKE, PUBLISHING, SELECTIONS, job_of
from assets.partitions import ACTIVATION, COHORT, add_missing, contiguous, gate_key, gate_partitions
from assets.schedules import nightly
from warehouse.invariants import INVARIANTS

COHORTS = "dynamic:cohort"
ACTIVATION_BY_COHORT = "activation=dynamic:gate_activation, cohort=dynamic:cohort"

# key: (group, what it is made from, how it is partitioned)
GRAPH: dict[str, tuple[str, tuple[str, ...], str | None]] = {
    "inbox": ("ingestion", (), None),
    "questions": ("ingestion", (), None),
    "records": ("ingestion", ("inbox", "questions"), COHORTS),
    "references": ("ingestion", ("records",), COHORTS),
    "sources": ("ingestion", ("references",), COHORTS),
    "passages": ("ingestion", ("sources",), COHORTS),
    "claims": ("extraction", ("records",), COHORTS),
    "reference_audits": ("verification", ("sources",), COHORTS),
    "verdicts": ("verification", ("claims", "passages"), COHORTS),
    "rigor_scans": ("review", ("passages",), COHORTS),
    "reviews": ("review", ("reference_audits", "rigor_scans", "verdicts"), COHORTS),
    "attempts": ("gates", ("reviews",), COHORTS),
    "red_team": ("gates", ("attempts",), COHORTS),
    "gate_verdicts": ("gates", ("red_team",), ACTIVATION_BY_COHORT),
    "corrections": ("publication", ("gate_verdicts", "reviews"), COHORTS),
    "manifests": ("publication", ("corrections",), COHORTS),
    "exports": ("publication", ("manifests",), COHORTS),
    "site": ("publication", ("exports",), COHORTS),
}

MONTHS = st.lists(st.from_regex(r"20[0-9]{2}-(0[1-9]|1[0-2])", fullmatch=True), unique=True, max_size=12)
ACTIVATIONS = st.lists(st.sampled_from(["gate-0@2026-01-01", "gate-1@2026-01-01", "gate-2@2026-06-10"]), unique=True)
# Each example makes an instance of its own; how long that takes is no property.
UNHURRIED = settings(deadline=None)
AFRESH = settings(deadline=None, max_examples=15)


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions()


def partitioning(definition: dg.PartitionsDefinition[str] | None) -> str | None:
    if definition is None:
        return None
    if isinstance(definition, dg.MultiPartitionsDefinition):
        return ", ".join(f"{one.name}={partitioning(one.partitions_def)}" for one in definition.partitions_defs)
    assert isinstance(definition, dg.DynamicPartitionsDefinition)
    return f"dynamic:{definition.name}"


# --- definitions --------------------------------------------------------------------------------


def test_the_asset_graph_is_the_one_written_down(definitions: dg.Definitions) -> None:
    found = {
        spec.key.to_user_string(): (
            spec.group_name,
            tuple(sorted(dep.asset_key.to_user_string() for dep in spec.deps)),
            partitioning(spec.partitions_def),
        )
        for spec in definitions.resolve_all_asset_specs()
    }
    assert found == GRAPH


def test_the_definitions_are_loadable(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_every_invariant_is_a_check_of_its_asset_and_blocks_as_it_says(definitions: dg.Definitions) -> None:
    specs = {
        spec.name: (spec.asset_key.to_user_string(), spec.blocking, spec.description)
        for checks in definitions.asset_checks or ()
        for spec in checks.check_specs  # type: ignore[union-attr]  # all of ours are check definitions
    }
    assert specs == {one.name: (one.asset, one.blocking, one.why) for one in INVARIANTS}


def test_every_asset_fills_any_range_of_partitions_in_one_run(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    policies = {
        key.to_user_string(): graph.get(key).backfill_policy
        for key in graph.get_all_asset_keys()
        if graph.get(key).is_partitioned
    }
    assert set(policies) == set(GRAPH) - {"inbox", "questions"}
    assert set(policies.values()) == {dg.BackfillPolicy.single_run()}


def test_each_asset_belongs_to_one_job_and_the_jobs_run_in_the_order_of_the_graph() -> None:
    in_order = [key for keys in SELECTIONS.values() for key in keys]
    assert sorted(in_order) == sorted(GRAPH)
    assert list(SELECTIONS) == [INTAKE, ASKING, CHECKING, GATING, PUBLISHING]
    job = {key: place for place, keys in enumerate(SELECTIONS.values()) for key in keys}
    assert all(job[dep] <= job[key] for key, (_, deps, _) in GRAPH.items() for dep in deps)


def test_the_job_of_some_assets_is_the_one_that_holds_them_all() -> None:
    assert job_of({"corrections", "site"}) == PUBLISHING
    assert job_of({"gate_verdicts"}) == GATING
    assert job_of({"reviews", "gate_verdicts"}) is None
    assert job_of(set()) is None


def test_a_gate_verdict_is_made_from_the_reviews_of_its_own_cohort(definitions: dg.Definitions) -> None:
    specs = {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}
    for key, dep in (("gate_verdicts", "red_team"), ("corrections", "gate_verdicts")):
        (mapping,) = [one.partition_mapping for one in specs[key].deps if one.asset_key.to_user_string() == dep]
        assert isinstance(mapping, dg.MultiToSingleDimensionPartitionMapping)
        assert mapping.partition_dimension_name == "cohort"


# --- the nightly --------------------------------------------------------------------------------


def test_the_nightly_requests_the_intake_for_all_cohorts_at_two_in_the_morning_utc(
    definitions: dg.Definitions,
) -> None:
    due = datetime(2026, 7, 3, 2, 0, tzinfo=UTC)
    assert (nightly.cron_schedule, nightly.execution_timezone) == ("0 2 * * *", "UTC")
    assert nightly.job_name == INTAKE
    assert nightly.default_status is dg.DefaultScheduleStatus.RUNNING
    with dg.build_schedule_context(
        scheduled_execution_time=due, repository_def=definitions.get_repository_def()
    ) as context:
        evaluated = nightly.evaluate_tick(context)
    (request,) = evaluated.run_requests or ()
    assert request.run_key == due.isoformat()
    assert request.tags[SCOPE] == "all"
    assert request.partition_key is None


# --- the chain ----------------------------------------------------------------------------------


@UNHURRIED
@given(st.data(), MONTHS)
def test_ranges_hold_what_was_wanted_and_nothing_else(data: st.DataObject, in_order: list[str]) -> None:
    wanted = data.draw(st.lists(st.sampled_from(in_order)) if in_order else st.just([]))
    ranges = contiguous(wanted, in_order)
    spread = [in_order[in_order.index(first) : in_order.index(last) + 1] for first, last in ranges]
    assert [key for keys in spread for key in keys] == [key for key in in_order if key in wanted]
    assert all(in_order.index(left[-1]) + 1 < in_order.index(right[0]) for left, right in pairwise(spread))


def test_a_range_follows_the_order_of_arrival_and_not_the_calendar() -> None:
    arrived = ["2026-05", "2026-03", "undated", "2026-04"]
    assert contiguous(["2026-03", "2026-05"], arrived) == (("2026-05", "2026-03"),)
    assert contiguous(["2026-03", "2026-04"], arrived) == (("2026-03", "2026-03"), ("2026-04", "2026-04"))


def test_a_range_over_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="2031-01"):
        contiguous(["2026-05", "2031-01"], ["2026-05"])


@UNHURRIED
@given(st.data(), MONTHS, ACTIVATIONS)
def test_every_job_runs_once_for_each_range_of_the_cohorts(
    data: st.DataObject, in_order: list[str], activations: list[str]
) -> None:
    held = Held(tuple(in_order), tuple(activations))
    wanted = data.draw(st.lists(st.sampled_from(in_order), unique=True) if in_order else st.just([]))
    ranges = contiguous(wanted, in_order)
    for arriving in (INTAKE, ASKING):
        assert legs(arriving, wanted, activations, held) == (Leg(arriving, None, None),)
    for job in (CHECKING, PUBLISHING):
        assert legs(job, wanted, activations, held) == tuple(Leg(job, *one) for one in ranges)
    under = data.draw(st.lists(st.sampled_from(activations), unique=True) if activations else st.just([]))
    assert legs(GATING, wanted, under, held) == tuple(
        Leg(GATING, gate_key(earliest, first), gate_key(latest, last))
        for earliest, latest in contiguous(under, activations)
        for first, last in ranges
    )


@AFRESH
@given(st.data(), MONTHS.filter(bool), ACTIVATIONS.filter(bool))
def test_the_gates_are_evaluated_under_the_activations_asked_for_and_no_others(
    data: st.DataObject, in_order: list[str], activations: list[str]
) -> None:
    wanted = data.draw(st.lists(st.sampled_from(in_order), min_size=1, unique=True))
    under = data.draw(st.lists(st.sampled_from(activations), min_size=1, unique=True))
    with dg.DagsterInstance.ephemeral() as instance:
        add_missing(instance, COHORT, in_order)
        add_missing(instance, ACTIVATION, activations)
        ranges = [dg.PartitionKeyRange(*leg.tags.values()) for leg in legs(GATING, wanted, under, Held.of(instance))]
        found = [key for one in ranges for key in gate_partitions.get_partition_keys_in_range(one, instance)]
    assert sorted(found) == sorted(gate_key(activation, cohort) for activation in under for cohort in wanted)


def test_activations_that_lie_side_by_side_share_a_run_and_a_superseded_one_between_them_parts_them() -> None:
    held = Held(
        ("2026-05", "2026-03"), ("gate-2@2026-01-01", "gate-1@2026-01-01", "gate-2@2026-06-10", "gate-3@2026-01-01")
    )
    one, old, new, three = held.activations[1], held.activations[0], held.activations[2], held.activations[3]
    assert legs(GATING, held.cohorts, [three, one, new], held) == (Leg(GATING, f"{one}|2026-05", f"{three}|2026-03"),)
    assert legs(GATING, held.cohorts, [old, new, three], held) == (
        Leg(GATING, f"{old}|2026-05", f"{old}|2026-03"),
        Leg(GATING, f"{new}|2026-05", f"{three}|2026-03"),
    )


@UNHURRIED
@given(MONTHS, ACTIVATIONS)
def test_what_follows_a_leg_is_the_rest_of_the_chain_in_order(in_order: list[str], activations: list[str]) -> None:
    held = Held(tuple(in_order), tuple(activations))
    for arriving in (INTAKE, ASKING):
        chain = (arriving, CHECKING, GATING, PUBLISHING)
        for place, job in enumerate(chain):
            found = following_legs(job, in_order, activations, held)
            expected = [leg for later in chain[place + 1 :] for leg in legs(later, in_order, activations, held)]
            assert list(found) == expected
    assert following_legs(PUBLISHING, in_order, activations, held) == ()


def test_a_leg_carries_its_range_and_the_intake_none() -> None:
    assert Leg(CHECKING, "2026-05", "2026-06").tags == {RANGE_START: "2026-05", RANGE_END: "2026-06"}
    assert Leg(INTAKE, None, None).tags == {}


@AFRESH
@given(st.data(), MONTHS.filter(bool), ACTIVATIONS)
def test_the_cohorts_of_a_run_are_those_its_leg_was_made_for(
    data: st.DataObject, in_order: list[str], activations: list[str]
) -> None:
    wanted = data.draw(st.lists(st.sampled_from(in_order), min_size=1, unique=True))
    with dg.DagsterInstance.ephemeral() as instance:
        add_missing(instance, COHORT, in_order)
        add_missing(instance, ACTIVATION, activations)
        for job in (CHECKING, GATING, PUBLISHING):
            planned = legs(job, wanted, activations, Held.of(instance))
            found = [one for leg in planned for one in cohorts_of_run(leg.tags, instance) or ()]
            assert found == ([key for key in in_order if key in wanted] if planned else [])
            asked_for = len(wanted) * (len(activations) if job == GATING else 1)
            assert sum(partitions_of_run(leg.tags, instance) for leg in planned) == asked_for


def test_a_run_of_one_partition_is_about_its_cohort_and_an_unpartitioned_one_about_none() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        add_missing(instance, COHORT, ["2026-05", "2026-06"])
        assert cohorts_of_run({PARTITION: "2026-06"}, instance) == ("2026-06",)
        assert cohorts_of_run({PARTITION: "gate-2@2026-06-10|2026-05"}, instance) == ("2026-05",)
        assert cohorts_of_run({}, instance) is None
        add_missing(instance, ACTIVATION, ["gate-2@2026-06-10"])
        for tags in ({PARTITION: "2026-06"}, {PARTITION: "gate-2@2026-06-10|2026-05"}, {}):
            assert partitions_of_run(tags, instance) == 1


# --- partition keys -----------------------------------------------------------------------------


@AFRESH
@given(MONTHS, MONTHS)
def test_adding_partitions_again_adds_nothing_and_keeps_the_order_of_arrival(
    first: list[str], second: list[str]
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert add_missing(instance, COHORT, first) == tuple(first)
        assert add_missing(instance, COHORT, [*second, *second]) == tuple(k for k in second if k not in first)
        assert add_missing(instance, COHORT, [*first, *second]) == ()
        held = instance.get_dynamic_partitions(COHORT)
        assert list(held) == first + [key for key in second if key not in first]
        assert list(instance.get_dynamic_partitions(ACTIVATION)) == []
