"""The asset of the second stage: claims."""

from typing import Any

import dagster as dg

from assets.building import RecordsConfig, cohort_asset, counted, records_in
from assets.ingestion import records
from assets.metering import Meter
from assets.progress import following
from assets.resources import Clock, WarehouseResource, stamp
from pipelines.extraction.claims import EXTRACTOR_VERSION, extract_claims
from warehouse.extraction import save_claims
from warehouse.ingestion import pending_records


@cohort_asset(group="extraction", deps=[records], code_version=EXTRACTOR_VERSION)
def claims(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """The checkable statements of each record, with their places."""
    house = warehouse.open()
    with house.reading():
        held = records_in(house, context, config)
        todo = pending_records(house, "claims", held, EXTRACTOR_VERSION)
    meter, extracted = Meter("claims", clock), []
    for record in following("claims", todo):
        with meter.on(record.record_id):
            extracted.append((record, extract_claims(record.parsed, record.record_id)))
    moment = stamp(context, clock)
    written = save_claims(house, extracted, EXTRACTOR_VERSION, moment, meter.costs()) if extracted else 0
    return counted(considered=len(held), skipped=len(held) - len(todo), written=written)
