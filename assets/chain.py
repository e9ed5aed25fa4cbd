"""The chain of runs: intake, cohorts up to reviews, gate verdicts under each activation, corrections to site.

A job cannot mix partitionings, so the whole job is a chain, and each leg starts when the one before
has succeeded: in the command line in one process, in the schedule and the UI through a sensor. Both
ask here what comes next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import dagster as dg

from assets.jobs import ASKING, CHECKING, GATING, INTAKE, PUBLISHING
from assets.partitions import ACTIVATION, COHORT, contiguous, gate_key

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


@dataclass(frozen=True)
class Held:
    """The keys that there are of each dimension, in the order in which they were added: a range follows it."""

    cohorts: tuple[str, ...]
    activations: tuple[str, ...]

    @classmethod
    def of(cls, instance: dg.DagsterInstance) -> Self:
        return cls(tuple(instance.get_dynamic_partitions(COHORT)), tuple(instance.get_dynamic_partitions(ACTIVATION)))


def legs(job: str, wanted: Sequence[str], activations: Sequence[str], held: Held) -> tuple[Leg, ...]:
    """The runs of one job for the cohorts `wanted`, the gates under these activations and no others.

    A run costs about a second however little it has to do, so activations that lie side by side share one.
    """
    if job in ARRIVING:
        return (Leg(job, None, None),)
    ranges = contiguous(wanted, held.cohorts)
    if job == GATING:
        return tuple(
            Leg(GATING, gate_key(earliest, first), gate_key(latest, last))
            for earliest, latest in contiguous(activations, held.activations)
            for first, last in ranges
        )
    return tuple(Leg(job, first, last) for first, last in ranges)


def following_legs(after: str, wanted: Sequence[str], activations: Sequence[str], held: Held) -> tuple[Leg, ...]:
    """The runs still to come after all runs of the job `after`, in order."""
    order = (CHECKING, GATING, PUBLISHING)
    rest = order if after in ARRIVING else order[order.index(after) + 1 :]
    return tuple(leg for job in rest for leg in legs(job, wanted, activations, held))


def cohorts_of_run(tags: Mapping[str, str], instance: dg.DagsterInstance) -> tuple[str, ...] | None:
    """The cohorts that a run is about, read off its partition or range; None for an unpartitioned run."""
    ends = _ends(tags)
    if ends is None:
        return None
    first, last = (key.rsplit("|", 1)[-1] for key in ends)
    return _between(first, last, Held.of(instance).cohorts)


def partitions_of_run(tags: Mapping[str, str], instance: dg.DagsterInstance) -> int:
    """How many partitions of each asset a run is for; an unpartitioned one makes one."""
    cohorts, ends = cohorts_of_run(tags, instance), _ends(tags)
    if cohorts is None or ends is None:
        return 1
    if "|" not in ends[0]:
        return len(cohorts)
    earliest, latest = (key.rsplit("|", 1)[0] for key in ends)
    return len(cohorts) * len(_between(earliest, latest, Held.of(instance).activations))


def _ends(tags: Mapping[str, str]) -> tuple[str, str] | None:
    if RANGE_START in tags and RANGE_END in tags:
        return tags[RANGE_START], tags[RANGE_END]
    single = tags.get(PARTITION)
    return None if single is None else (single, single)


def _between(first: str, last: str, in_order: Sequence[str]) -> tuple[str, ...]:
    return tuple(in_order[in_order.index(first) : in_order.index(last) + 1])
