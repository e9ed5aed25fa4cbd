"""The chain of runs: intake, cohorts up to reviews, gate verdicts per activation, corrections to site.

A job cannot mix partitionings, so the whole job is a chain, and each leg starts when the one before
has succeeded: in the command line in one process, in the schedule and the UI through a sensor. Both
ask here what comes next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import dagster as dg

from assets.jobs import ASKING, CHECKING, GATING, INTAKE, PUBLISHING
from assets.partitions import COHORT, contiguous, gate_key

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"
PARTITION = "dagster/partition"
DRIVER = "claimgate/driver"  # "cli": the command line starts the next leg itself
PROCESS = "claimgate/process"  # the process that drives the run, so that its death is noticed
SCOPE = "claimgate/scope"  # "all": every cohort, as the nightly does
REST = "claimgate/rest"  # the legs still to come, as JSON

ARRIVING = frozenset({INTAKE, ASKING})  # jobs by which records arrive, of whatever cohort


@dataclass(frozen=True)
class Leg:
    """One run of the chain: a job over one range of partitions (None for what is unpartitioned)."""

    job: str
    first: str | None
    last: str | None

    @property
    def tags(self) -> dict[str, str]:
        if self.first is None or self.last is None:
            return {}
        return {RANGE_START: self.first, RANGE_END: self.last}


def legs(job: str, wanted: Sequence[str], cohorts: Sequence[str], activations: Sequence[str]) -> tuple[Leg, ...]:
    """The runs of one job for the cohorts `wanted`; `cohorts` is the order in which they were added."""
    if job in ARRIVING:
        return (Leg(job, None, None),)
    ranges = contiguous(wanted, cohorts)
    if job == GATING:
        return tuple(
            Leg(GATING, gate_key(activation, first), gate_key(activation, last))
            for activation in activations
            for first, last in ranges
        )
    return tuple(Leg(job, first, last) for first, last in ranges)


def following_legs(
    after: str, wanted: Sequence[str], cohorts: Sequence[str], activations: Sequence[str]
) -> tuple[Leg, ...]:
    """The runs still to come after all runs of the job `after`, in order."""
    order = (CHECKING, GATING, PUBLISHING)
    rest = order if after in ARRIVING else order[order.index(after) + 1 :]
    return tuple(leg for job in rest for leg in legs(job, wanted, cohorts, activations))


def cohorts_of_run(tags: Mapping[str, str], instance: dg.DagsterInstance) -> tuple[str, ...] | None:
    """The cohorts that a run is about, read off its partition or range; None for an unpartitioned run."""
    first, last = tags.get(RANGE_START), tags.get(RANGE_END)
    if first is None or last is None:
        single = tags.get(PARTITION)
        if single is None:
            return None
        first = last = single
    start, end = (key.rsplit("|", 1)[-1] for key in (first, last))
    in_order = list(instance.get_dynamic_partitions(COHORT))
    return tuple(in_order[in_order.index(start) : in_order.index(end) + 1])
