"""One record with its claims, and an asset that is materialised night after night."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from assets.partitions import COHORT
from assets.resources import Clock, WarehouseResource
from tests.warehouse.a_warehouse import saved_record, sentences
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.extraction import save_claims
from warehouse.location import WarehouseLocation

MONDAY = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
RECORD = "test:moss"
_MONTH = "2026-05"


@contextmanager
def a_record(folder: Path) -> Iterator[tuple[Warehouse, dg.DagsterInstance]]:
    house = Warehouse(WarehouseLocation(folder / "claimgate.duckdb"))
    record = saved_record(house, MONDAY)
    save_claims(house, [(record, sentences(record))], "extractor-1", Stamp(MONDAY, "by hand"))
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(COHORT, [_MONTH])
        yield house, instance


def materialised(
    asset: dg.AssetsDefinition,
    house: Warehouse,
    instance: dg.DagsterInstance,
    *,
    night: int,
    counting: str,
    **resources: dg.ConfigurableResource[object],
) -> int:
    """What the asset counted under that name on the n-th night after Monday."""
    given = {
        "warehouse": WarehouseResource(database=str(house.location.database)),
        "clock": Clock(fixed=(MONDAY + timedelta(days=night)).isoformat()),
    }
    result = dg.materialize([asset], partition_key=_MONTH, instance=instance, resources=given | resources)
    (made,) = result.asset_materializations_for_node(asset.node_def.name)
    counted = made.metadata[counting].value
    assert isinstance(counted, int)
    return counted
