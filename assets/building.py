"""What the cohort assets have in common: partitions, back-fill policy, group, config."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import dagster as dg

from assets.partitions import cohort_partitions
from assets.progress import say
from warehouse.connection import Warehouse
from warehouse.ingestion import StoredRecord, records_of


class RecordsConfig(dg.Config):
    """Which records of the partition to work on; empty means all."""

    record_ids: list[str] = []


def cohort_asset(
    *, group: str, deps: Sequence[Any] = (), code_version: str
) -> Callable[[Callable[..., dg.MaterializeResult[Any]]], dg.AssetsDefinition]:
    """An asset partitioned by cohort, one run for any range of cohorts."""
    return dg.asset(
        group_name=group,
        deps=list(deps),
        partitions_def=cohort_partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        code_version=code_version,
        kinds={"duckdb"},
    )


def records_in(
    warehouse: Warehouse, context: dg.AssetExecutionContext, config: RecordsConfig
) -> tuple[StoredRecord, ...]:
    """The current records of the run's cohorts, those asked for."""
    with warehouse.reading():
        found = tuple(record for cohort in context.partition_keys for record in records_of(warehouse, cohort=cohort))
    if not config.record_ids:
        return found
    return tuple(record for record in found if record.record_id in config.record_ids)


def counted(**counts: int) -> dg.MaterializeResult[Any]:
    """What an asset returns: its counts, as the UI plots them."""
    return dg.MaterializeResult(metadata={name: dg.MetadataValue.int(value) for name, value in counts.items()})


# Records that are read, worked on and committed together: large enough that opening the warehouse
# costs nothing beside the work, small enough that a crash repeats little.
CHUNK = 50

Item = TypeVar("Item")


def in_chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def chunks(stage: str, records: Sequence[StoredRecord]) -> Iterator[Sequence[StoredRecord]]:
    """The records in chunks, saying before the first and after each how many are done."""
    done = 0
    say(stage, done, len(records))
    for chunk in in_chunks(records):
        yield chunk
        done += len(chunk)
        say(stage, done, len(records))
