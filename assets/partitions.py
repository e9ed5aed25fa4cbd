"""The partitions that exist: cohorts, activations, and their product for gate verdicts.

A cohort is the month a record was published; its key is added when the first record of that month
arrives, so that the UI shows the months that exist and no others. Keys of the product join the
dimensions in alphabetical order: `gate-2@2026-06-10|2026-05`.
"""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

COHORT = "cohort"
ACTIVATION = "gate_activation"

cohort_partitions = dg.DynamicPartitionsDefinition(name=COHORT)
activation_partitions = dg.DynamicPartitionsDefinition(name=ACTIVATION)
gate_partitions = dg.MultiPartitionsDefinition({"activation": activation_partitions, "cohort": cohort_partitions})

by_cohort = dg.MultiToSingleDimensionPartitionMapping("cohort")


def gate_key(activation_id: str, cohort: str) -> str:
    return f"{activation_id}|{cohort}"


def add_missing(instance: dg.DagsterInstance, name: str, keys: Sequence[str]) -> tuple[str, ...]:
    """Add the keys that are not there yet, in the given order; which those were."""
    held = set(instance.get_dynamic_partitions(name))
    new = tuple(dict.fromkeys(key for key in keys if key not in held))
    if new:
        instance.add_dynamic_partitions(name, list(new))
    return new


def contiguous(wanted: Sequence[str], in_order: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """`wanted` as ranges (first, last) over `in_order`, the order in which keys were added.

    Raises KeyError for a wanted key that is not among them.
    """
    missing = [key for key in wanted if key not in in_order]
    if missing:
        raise KeyError(f"No such partition: {', '.join(missing)}")
    places = sorted({in_order.index(key) for key in wanted})
    ranges: list[tuple[str, str]] = []
    for place in places:
        if ranges and in_order.index(ranges[-1][1]) == place - 1:
            ranges[-1] = (ranges[-1][0], in_order[place])
        else:
            ranges.append((in_order[place], in_order[place]))
    return tuple(ranges)
