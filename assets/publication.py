"""Assets of the last stage: corrections, manifests, site."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, cohort_asset, counted, records_in
from assets.correction_files import correction_files
from assets.gates import gate_verdicts
from assets.partitions import by_cohort
from assets.progress import counting
from assets.resources import Clock, WarehouseResource, stamp
from assets.review import reviews
from pipelines.models import Correction
from pipelines.publication.artifact_archive import archive_bytes, archive_name, why_withheld
from pipelines.publication.correction_log import HEADS
from pipelines.publication.corrections import correction_events, public_state
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.site.build import (
    CALIBRATION,
    INDEX,
    RULES,
    calibration_page,
    gate_verdict_bytes,
    gate_verdict_name,
    index_page,
    manifest_name,
    page_name,
    record_page,
    rules_page,
    summary_of,
)
from pipelines.publication.site.build import assets as site_assets
from pipelines.publication.site.reliability import shipped_reliability
from pipelines.publication.views import PublicRecord
from warehouse.append import Stamp
from warehouse.artifacts import load_artifact
from warehouse.connection import Warehouse
from warehouse.ingestion import records_of
from warehouse.public_records import public_records
from warehouse.public_states import state_fingerprint
from warehouse.publication import (
    HeldState,
    held_states,
    manifests_of,
    save_manifests,
    save_pages,
    save_states,
)

PUBLICATION_VERSION = "1"


@cohort_asset(
    group="publication",
    deps=[reviews, dg.AssetDep(gate_verdicts, partition_mapping=by_cohort)],
    code_version=PUBLICATION_VERSION,
)
def corrections(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """A public event for every change of what was published before; the first publication is none."""
    house = warehouse.open()
    moment = stamp(context, clock)
    with house.reading():
        held = [record.record_id for record in records_in(house, context, config)]
        states = held_states(house, held)
    changed = []
    for record in counting("corrections", public_records(house, held, today=moment.recorded_at.date()), len(held)):
        state = public_state(record)
        fingerprint = state_fingerprint(state)
        before = states.get(record.record_id)
        if before is None or before.fingerprint != fingerprint:
            changed.append((record, fingerprint, state, _events(before, state, record, moment)))
    written = save_states(house, changed, moment) if changed else 0
    return counted(considered=len(held), changed=len(changed), corrections=written)


def _events(
    before: HeldState | None, state: dict[str, Any], record: PublicRecord, moment: Stamp
) -> tuple[Correction, ...]:
    return correction_events(
        before.state if before else None,
        state,
        record_id=record.record_id,
        previous=record.corrections[-1] if record.corrections else None,
        why="checked again: what is publicly held about this record changed",
        recorded_at=moment.recorded_at,
    )


@cohort_asset(group="publication", deps=[corrections], code_version=PUBLICATION_VERSION)
def manifests(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """The machine-readable form of each record."""
    house = warehouse.open()
    moment = stamp(context, clock)
    held = [record.record_id for record in records_in(house, context, config)]
    made = []
    for record in counting("manifests", public_records(house, held, today=moment.recorded_at.date()), len(held)):
        data = manifest_bytes(manifest_of(record))
        counts = record.counts.model_dump_json()
        made.append((record.record_id, hashlib.sha256(data).hexdigest(), counts, data.decode()))
    written = save_manifests(house, made, moment)
    return counted(considered=len(held), written=written)


@cohort_asset(group="publication", deps=[manifests], code_version=PUBLICATION_VERSION)
def site(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """The pages: one a record of the cohorts, calibration, and the index of all. Only what changed is written."""
    house = warehouse.open()
    moment = stamp(context, clock)
    with house.reading():
        wanted = {record.record_id for record in records_in(house, context, config)}
        everything = [record.record_id for record in records_of(house)]
        manifest_texts = manifests_of(house, sorted(wanted))
    pages = _Pages(house.location.site)
    for name, data in site_assets().items():
        pages.put(None, name, data)
    summaries = []
    for record in counting("site", public_records(house, everything, today=moment.recorded_at.date()), len(everything)):
        summaries.append(summary_of(record))
        if record.record_id in wanted:
            for name, data in _files_of(house, record, manifest_texts[record.record_id]):
                pages.put(record.record_id, name, data)
    for record_id, name, data in correction_files(house, wanted, published=house.location.site / HEADS):
        pages.put(record_id, name, data)
    pages.put(None, CALIBRATION, calibration_page(shipped_reliability()).encode())
    pages.put(None, RULES, rules_page().encode())
    pages.put(None, INDEX, index_page(summaries).encode())
    save_pages(house, pages.put_so_far, moment)
    return counted(considered=len(pages.put_so_far), rewritten=pages.rewritten)


def _files_of(house: Warehouse, record: PublicRecord, manifest: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file of a record: archives before the page that links them; these can be large."""
    for view in record.artifacts:
        if why_withheld(view) is None:
            yield archive_name(view), archive_bytes(load_artifact(house, view.artifact_id))
    verdict = gate_verdict_bytes(record)
    if verdict is not None:
        yield gate_verdict_name(record.record_id), verdict
    yield manifest_name(record.record_id), manifest.encode()
    yield page_name(record.record_id), record_page(record).encode()


class _Pages:
    """The files of the site, each written as it is made; the index last, so that it links nothing that is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.put_so_far: list[tuple[str | None, str, str]] = []  # record id, path, sha256
        self.rewritten = 0

    def put(self, record_id: str | None, path: str, data: bytes) -> None:
        self.rewritten += _write(self._folder / path, data)
        self.put_so_far.append((record_id, path, hashlib.sha256(data).hexdigest()))


def _write(path: Path, data: bytes) -> bool:
    """True when the file was written; one that holds these bytes already is left alone."""
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(data)
    unfinished.replace(path)
    return True
