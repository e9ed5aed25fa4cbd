"""Assets of the last stage: corrections, manifests, exports, site.

Each reads only those records of which something changed since it published them (`warehouse.published`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, cohort_asset, counted
from assets.correction_files import correction_files
from assets.gates import gate_verdicts
from assets.partitions import by_cohort
from assets.publication_work import Press, PutFiles
from assets.resources import Clock, SiteResource, WarehouseResource, stamp
from assets.review import reviews
from assets.site_folder import SiteFolder
from assets.source_and_gate_pages import activation_files, write_source_pages
from assets.tombstones import put_tombstones
from assets.workers import worked
from pipelines.publication.contracts.table import schema_files
from pipelines.publication.correction_log import HEADS
from pipelines.publication.feeds import FEED, MOST_ENTRIES, corrections_atom
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.build import (
    CALIBRATION,
    RULES,
    SYSTEM,
    RecordSummary,
    calibration_page,
    index_pages,
    manifest_name,
    rules_page,
    summary_of,
    system_page,
)
from pipelines.publication.site.build import assets as site_assets
from pipelines.publication.site.reliability import shipped_curves, shipped_reliability
from pipelines.publication.sitemap import sitemap_xml
from pipelines.publication.tombstones import Tombstone
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.correction_news import newest_corrections, origin_of, page_times
from warehouse.public_records import public_records
from warehouse.publication import save_manifests, save_pages, save_states
from warehouse.published import (
    CORRECTIONS,
    EXPORTS,
    MANIFESTS,
    SITE,
    index_lines,
    list_paths,
    manifest_hashes,
    not_published,
    page_hashes,
    published_fingerprints,
    record_ids_of,
    remove_pages,
)
from warehouse.system_page import system_view

PUBLICATION_VERSION = "3"

# Pieces of records: a commit takes 0.3 s, much of it whatever it holds. What was not committed is made anew.
SAVED_TOGETHER = 4
STATES_TOGETHER = 2  # of 12 kB a record, held several times over while they are saved


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
    press = Press(house, moment)
    for ids, several in worked("corrections", wanted, press.changed_states, saved_together=STATES_TOGETHER):
        made = [one for some in several for one in some]
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
    for ids, several in worked("manifests", wanted, Press(house, moment).manifests, saved_together=SAVED_TOGETHER):
        written += save_manifests(house, [one for some in several for one in some], moment, _of(ids, shown))
    return counted(considered=len(held), written=written)


@cohort_asset(group="publication", deps=[manifests], code_version=PUBLICATION_VERSION)
def exports(
    context: dg.AssetExecutionContext,
    config: RecordsConfig,
    warehouse: WarehouseResource,
    clock: Clock,
    published_at: SiteResource,
) -> dg.MaterializeResult[Any]:
    """The folder of each record: manifest, report, contracts, what other tools read, the log of its corrections."""
    house, moment, address = warehouse.open(), stamp(context, clock), published_at.address()
    folder = SiteFolder(house.location.site)
    with house.reading():
        shown = _shown_at(house, _ids(house, context, config), moment, address)
        changed = not_published(house, EXPORTS, shown)
        files, manifest = page_hashes(house, tuple(shown)), manifest_hashes(house)
    beside = {one: _files(held, pages=False) for one, held in files.items()}
    in_force = {one: held for one, held in beside.items() if held.get(manifest_name(one)) == manifest.get(one)}
    wanted = _due(folder, shown, changed, in_force)
    # A piece at a time: a PDF each, which takes too long to be made again.
    for ids, several in worked("exports", wanted, Press(house, moment, address).put_exports):
        put = PutFiles.of_all(several)
        save_pages(house, put.rows, moment, _of(ids, shown), stage=EXPORTS)
        remove_pages(house, put.gone, moment)
        folder.count(put.considered, put.rewritten)
    logs = correction_files(house, set(wanted), published=house.location.site / HEADS)
    rows = [folder.put(record_id, name, data) for record_id, name, data in logs]
    rows += [folder.put(None, name, data) for name, data in schema_files().items()]
    save_pages(house, rows, moment)
    return counted(considered=folder.considered, rewritten=folder.rewritten)


def _shown_at(house: Warehouse, record_ids: Sequence[str], moment: Stamp, address: SiteAddress) -> dict[str, str]:
    """Record id to a fingerprint of all that its files show when the site stands at that address."""
    shown = published_fingerprints(house, record_ids, today=moment.recorded_at.date())
    return {record_id: f"{fingerprint}:{address.url or ''}" for record_id, fingerprint in shown.items()}


def _files(published: Mapping[str, str], *, pages: bool) -> dict[str, str]:
    """Of a record's files, path to sha256, the pages or the others."""
    return {path: sha256 for path, sha256 in published.items() if path.endswith(".html") == pages}


def _due(
    folder: SiteFolder, shown: Collection[str], changed: Collection[str], lying: Mapping[str, Mapping[str, str]]
) -> tuple[str, ...]:
    """The records to publish: those that changed, and those that do not lie there as published."""
    others = set(shown).difference(changed)
    stand = {one for one in others if lying.get(one) and folder.stand(lying[one])}
    for one in stand:
        folder.leave(lying[one])
    return tuple(one for one in shown if one not in stand)


@cohort_asset(group="publication", deps=[exports], code_version=PUBLICATION_VERSION)
def site(
    context: dg.AssetExecutionContext,
    config: RecordsConfig,
    warehouse: WarehouseResource,
    clock: Clock,
    published_at: SiteResource,
) -> dg.MaterializeResult[Any]:
    """The pages: of records and what they draw on, of gates, of the whole warehouse; lists, search and feed."""
    house, moment, address = warehouse.open(), stamp(context, clock), published_at.address()
    folder = SiteFolder(house.location.site)
    with house.reading():
        shown = _shown_at(house, _ids(house, context, config), moment, address)
        changed, files = not_published(house, SITE, shown), page_hashes(house, tuple(shown))
    wanted = _due(folder, shown, changed, {one: _files(held, pages=True) for one, held in files.items()})
    rows = [folder.put(None, name, data) for name, data in site_assets().items()]
    # Before the pages of records, which link them.
    write_source_pages(house, folder, tuple(shown), moment)
    rows += [folder.put(*file) for file in activation_files(house, tuple(shown), moment.recorded_at.date())]
    press = Press(house, moment, address)
    for ids, several in worked("site", wanted, press.put_pages, saved_together=SAVED_TOGETHER):
        put = PutFiles.of_all(several)
        save_pages(house, put.rows, moment, _of(ids, shown), put.lines)
        folder.count(put.considered, put.rewritten)
    gone, stones = put_tombstones(house, folder, moment)
    # The index last, so that it links nothing that is not there.
    lists = [folder.put(None, name, data) for name, data in _of_all(house, moment, gone)]
    save_pages(house, [*rows, *stones, *lists], moment)
    _clear(house, folder, {path for _, path, _ in lists}, moment)
    # These tell when pages were last published, and so come after.
    save_pages(house, [folder.put(None, name, data) for name, data in _news(house, address)], moment)
    return counted(considered=folder.considered, rewritten=folder.rewritten)


def _clear(house: Warehouse, folder: SiteFolder, made: Collection[str], moment: Stamp) -> None:
    """Remove lists of records and files of the search that are made no more; they name records still."""
    left = [path for path in list_paths(house) if path not in made]
    for path in left:
        folder.remove(path)
    remove_pages(house, left, moment)


def _of_all(house: Warehouse, moment: Stamp, withdrawn: Sequence[Tombstone]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of what is about all records."""
    yield CALIBRATION, calibration_page(shipped_reliability()).encode()
    yield RULES, rules_page().encode()
    yield SYSTEM, system_page(system_view(house, moment.recorded_at.date()), shipped_curves()).encode()
    yield from index_pages(_lines(house, moment), withdrawn)


def _news(house: Warehouse, address: SiteAddress) -> Iterator[tuple[str, bytes]]:
    yield FEED, corrections_atom(newest_corrections(house, MOST_ENTRIES), address, origin=origin_of(house))
    yield from sitemap_xml(page_times(house), address).items()


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
