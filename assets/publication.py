"""Assets of the last stage: corrections, manifests, site.

Each reads only those records of which something changed since it published them (`warehouse.published`).
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, cohort_asset, counted
from assets.correction_files import correction_files
from assets.gates import gate_verdicts
from assets.partitions import by_cohort
from assets.publication_work import Press
from assets.resources import Clock, WarehouseResource, stamp
from assets.review import reviews
from assets.site_folder import SiteFolder
from assets.source_and_gate_pages import activation_files, write_source_pages
from assets.workers import worked
from pipelines.publication.correction_log import HEADS
from pipelines.publication.site.build import (
    CALIBRATION,
    RULES,
    RecordSummary,
    calibration_page,
    index_pages,
    manifest_name,
    rules_page,
    summary_of,
)
from pipelines.publication.site.build import assets as site_assets
from pipelines.publication.site.reliability import shipped_reliability
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.public_records import public_records
from warehouse.publication import save_manifests, save_pages, save_states
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

PUBLICATION_VERSION = "3"


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
    with house.reading():
        held = _ids(house, context, config)
        shown = published_fingerprints(house, held, today=moment.recorded_at.date(), corrections=False)
        wanted = not_published(house, CORRECTIONS, shown)
    changed, written = 0, 0
    for ids, made in worked("corrections", wanted, Press(house, moment).changed_states):
        changed += len(made)
        written += save_states(house, made, moment, _of(ids, shown))
    return counted(considered=len(held), changed=changed, corrections=written)


def _ids(house: Warehouse, context: dg.AssetExecutionContext, config: RecordsConfig) -> tuple[str, ...]:
    """The records of the run's cohorts, those asked for."""
    found = record_ids_of(house, context.partition_keys)
    return tuple(one for one in found if one in config.record_ids) if config.record_ids else found


def _of(record_ids: Sequence[str], shown: Mapping[str, str]) -> dict[str, str]:
    return {record_id: shown[record_id] for record_id in record_ids}


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
    for ids, made in worked("manifests", wanted, Press(house, moment).manifests):
        written += save_manifests(house, made, moment, _of(ids, shown))
    return counted(considered=len(held), written=written)


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
    # Before the pages of records, which link them.
    write_source_pages(house, folder, tuple(shown), moment)
    beside += [folder.put(*file) for file in activation_files(house, tuple(shown), moment.recorded_at.date())]
    for ids, put in worked("site", wanted, partial(Press(house, moment).put_pages, archives=archives)):
        save_pages(house, put.rows, moment, _of(ids, shown), put.lines)
        folder.count(put.considered, put.rewritten)
    logs = correction_files(house, set(wanted), published=house.location.site / HEADS)
    beside += [folder.put(record_id, name, data) for record_id, name, data in logs]
    beside.append(folder.put(None, CALIBRATION, calibration_page(shipped_reliability()).encode()))
    beside.append(folder.put(None, RULES, rules_page().encode()))
    # The index comes last, so that it links nothing that is not there.
    beside += [folder.put(None, name, data) for name, data in index_pages(_lines(house, moment))]
    save_pages(house, beside, moment)
    return counted(considered=folder.considered, rewritten=folder.rewritten)


def _stands(folder: SiteFolder, record_id: str, files: Mapping[str, str], manifests: Mapping[str, str]) -> bool:
    """Whether a record that did not change lies there as published, with the manifest that is in force."""
    published = files.get(manifest_name(record_id))
    return published is not None and published == manifests.get(record_id) and folder.stand(files)


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
