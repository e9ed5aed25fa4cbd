"""Assets of the last stage: corrections, manifests, site.

Each reads only those records of which something changed since it published them (`warehouse.published`).
"""

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, cohort_asset, counted
from assets.correction_files import correction_files
from assets.gates import gate_verdicts
from assets.partitions import by_cohort
from assets.progress import counting
from assets.resources import Clock, WarehouseResource, stamp
from assets.review import reviews
from assets.site_folder import SiteFolder
from assets.tombstones import put_tombstones
from pipelines.models import Correction
from pipelines.publication.artifact_archive import archive_bytes, archive_name, why_withheld
from pipelines.publication.correction_log import HEADS
from pipelines.publication.corrections import correction_events, public_state
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.site.build import (
    CALIBRATION,
    INDEX,
    RULES,
    RecordSummary,
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
from warehouse.public_records import public_records
from warehouse.public_states import state_fingerprint
from warehouse.publication import HeldState, held_states, manifests_of, save_manifests, save_pages, save_states
from warehouse.published import (
    CORRECTIONS,
    MANIFESTS,
    SITE,
    index_lines,
    manifest_hashes,
    not_published,
    page_hashes,
    published_fingerprints,
    record_ids_of,
)

PUBLICATION_VERSION = "2"
CHUNK = 200  # records that are published and committed together; a page and a manifest of each are in memory


@cohort_asset(
    group="publication",
    deps=[reviews, dg.AssetDep(gate_verdicts, partition_mapping=by_cohort)],
    code_version=PUBLICATION_VERSION,
)
def corrections(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """A public event for every change of what was published before; the first publication is none."""
    house, moment = warehouse.open(), stamp(context, clock)
    today = moment.recorded_at.date()
    with house.reading():
        held = _ids(house, context, config)
        shown = published_fingerprints(house, held, today=today, corrections=False)
        states = held_states(house, wanted := not_published(house, CORRECTIONS, shown))
    changed, written = 0, 0
    for records in _in_chunks("corrections", house, wanted, moment):
        made = [one for one in (_changed(states.get(it.record_id), it, moment) for it in records) if one]
        changed += len(made)
        written += save_states(house, made, moment, _of(records, shown))
    return counted(considered=len(held), changed=changed, corrections=written)


def _ids(house: Warehouse, context: dg.AssetExecutionContext, config: RecordsConfig) -> tuple[str, ...]:
    """The records of the run's cohorts, those asked for."""
    found = record_ids_of(house, context.partition_keys)
    return tuple(one for one in found if one in config.record_ids) if config.record_ids else found


def _in_chunks(
    stage: str, house: Warehouse, record_ids: tuple[str, ...], moment: Stamp
) -> Iterator[list[PublicRecord]]:
    """The records, read and handed on some at a time, saying how many are done."""
    chunk: list[PublicRecord] = []
    records = public_records(house, record_ids, today=moment.recorded_at.date())
    with _collected_by_hand() as collect:
        for record in counting(stage, records, len(record_ids)):
            chunk.append(record)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
                collect()
        if chunk:
            yield chunk


@contextmanager
def _collected_by_hand() -> Iterator[Callable[[], object]]:
    """The garbage collector stands still but when it is called: it would look through each record again and again."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield lambda: gc.collect(0)
    finally:
        if before:
            gc.enable()


def _of(records: list[PublicRecord], shown: Mapping[str, str]) -> dict[str, str]:
    return {record.record_id: shown[record.record_id] for record in records}


def _changed(
    before: HeldState | None, record: PublicRecord, moment: Stamp
) -> tuple[PublicRecord, str, dict[str, Any], tuple[Correction, ...]] | None:
    """The record with its public state now and the corrections to it; None where the state stands."""
    state = public_state(record)
    fingerprint = state_fingerprint(state)
    if before is not None and before.fingerprint == fingerprint:
        return None
    events = correction_events(
        before.state if before else None,
        state,
        record_id=record.record_id,
        previous=record.corrections[-1] if record.corrections else None,
        why="checked again: what is publicly held about this record changed",
        recorded_at=moment.recorded_at,
    )
    return record, fingerprint, state, events


@cohort_asset(group="publication", deps=[corrections], code_version=PUBLICATION_VERSION)
def manifests(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """The machine-readable form of each record."""
    house, moment = warehouse.open(), stamp(context, clock)
    with house.reading():
        held = _ids(house, context, config)
        shown = published_fingerprints(house, held, today=moment.recorded_at.date())
        wanted = not_published(house, MANIFESTS, shown)
    written = 0
    for records in _in_chunks("manifests", house, wanted, moment):
        written += save_manifests(house, [_manifest(one) for one in records], moment, _of(records, shown))
    return counted(considered=len(held), written=written)


def _manifest(record: PublicRecord) -> tuple[str, str, str, str]:
    """(record id, sha256, counts as JSON, manifest as JSON)."""
    data = manifest_bytes(manifest_of(record))
    return record.record_id, hashlib.sha256(data).hexdigest(), record.counts.model_dump_json(), data.decode()


@cohort_asset(group="publication", deps=[manifests], code_version=PUBLICATION_VERSION)
def site(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """The pages: one a record of the cohorts, calibration, and the index of all. Only what changed is written."""
    house, moment = warehouse.open(), stamp(context, clock)
    folder = SiteFolder(house.location.site)
    with house.reading():
        shown = published_fingerprints(house, _ids(house, context, config), today=moment.recorded_at.date())
        changed = set(not_published(house, SITE, shown))
        files, texts = page_hashes(house), manifest_hashes(house)
    archives = {path: sha256 for held in files.values() for path, sha256 in held.items() if path.endswith(".zip")}
    wanted = tuple(one for one in shown if one in changed or not _stands(folder, one, files.get(one, {}), texts))
    for one in set(shown).difference(wanted):
        folder.leave(files[one])
    beside = [folder.put(None, name, data) for name, data in site_assets().items()]
    for records in _in_chunks("site", house, wanted, moment):
        manifest_texts = manifests_of(house, [one.record_id for one in records])
        put = [
            folder.put(record.record_id, name, data)
            for record in records
            for name, data in _files_of(house, folder, record, manifest_texts[record.record_id], archives)
        ]
        lines = {record.record_id: summary_of(record).model_dump_json() for record in records}
        save_pages(house, put, moment, _of(records, shown), lines)
    logs = correction_files(house, set(wanted), published=house.location.site / HEADS)
    beside += [folder.put(record_id, name, data) for record_id, name, data in logs]
    gone, stones = put_tombstones(house, folder, moment)
    beside += stones
    beside.append(folder.put(None, CALIBRATION, calibration_page(shipped_reliability()).encode()))
    beside.append(folder.put(None, RULES, rules_page().encode()))
    # The index last, so that it links nothing that is not there.
    beside.append(folder.put(None, INDEX, index_page(_lines(house, moment), gone).encode()))
    save_pages(house, beside, moment)
    return counted(considered=folder.considered, rewritten=folder.rewritten)


def _stands(folder: SiteFolder, record_id: str, files: Mapping[str, str], manifests: Mapping[str, str]) -> bool:
    """Whether a record that did not change lies there as published, with the manifest that is in force."""
    published = files.get(manifest_name(record_id))
    return published is not None and published == manifests.get(record_id) and folder.stand(files)


def _files_of(
    house: Warehouse, folder: SiteFolder, record: PublicRecord, manifest: str, archives: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file of a record: archives before the page that links them; these can be large.

    `archives`: those published before, path to sha256; one that lies there is not packed again.
    """
    for view in record.artifacts:
        name = archive_name(view)
        if why_withheld(view) is not None:
            continue
        if name in archives and folder.stand(held := {name: archives[name]}):
            folder.leave(held)  # named by its content: what lies there is what would be packed
        else:
            yield name, archive_bytes(load_artifact(house, view.artifact_id))
    verdict = gate_verdict_bytes(record)
    if verdict is not None:
        yield gate_verdict_name(record.record_id), verdict
    yield manifest_name(record.record_id), manifest.encode()
    yield page_name(record.record_id), record_page(record).encode()


def _lines(house: Warehouse, moment: Stamp) -> list[RecordSummary]:
    """The line of every record that has a page, as it was last published; read anew where this code kept none."""
    held = index_lines(house)
    missing = [record_id for record_id, line in held.items() if line is None]
    anew = {
        record.record_id: summary_of(record)
        for record in public_records(house, missing, today=moment.recorded_at.date())
    }
    return [
        anew[record_id] if line is None else RecordSummary.model_validate_json(line) for record_id, line in held.items()
    ]
