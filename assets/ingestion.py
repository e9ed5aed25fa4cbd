"""Assets of the first stage: inbox, records, references, sources, passages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, cohort_asset, counted, records_in
from assets.partitions import COHORT, add_missing
from assets.progress import following
from assets.resources import Clock, InboxResource, LibraryResource, WarehouseResource, stamp
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.errors import NotARecord, UnreadableDocument
from pipelines.ingestion.files import find_files, read_bytes
from pipelines.ingestion.passages import given_works, split_passages
from pipelines.ingestion.records import cohort_of, parse_record, record_id_of
from pipelines.ingestion.sources import WorkIndex, match_reference
from pipelines.ingestion.versions import MATCHER_VERSION, PASSAGES_VERSION, READER_VERSION
from pipelines.models import Rejection
from warehouse.ingestion import (
    Arrival,
    MatchedSource,
    RecordSource,
    StoredRecord,
    StoredReference,
    document_id_of,
    held_works,
    kind_of,
    pending_documents,
    pending_records,
    records_without,
    references_of,
    save_passages,
    save_records,
    save_references,
    save_sources,
    source_version_id_of,
    source_versions_of,
    take_in,
)


class InboxConfig(dg.Config):
    """Files and folders to take in; empty means the inbox folder."""

    paths: list[str] = []


@dg.asset(group_name="ingestion", code_version=READER_VERSION, kinds={"duckdb"})
def inbox(
    context: dg.AssetExecutionContext,
    config: InboxConfig,
    warehouse: WarehouseResource,
    inbox_folder: InboxResource,
    clock: Clock,
) -> dg.MaterializeResult[Any]:
    """Stores the original bytes by hash and learns the cohort, so that everything later can be made again."""
    house = warehouse.open()
    paths = [Path(path) for path in config.paths] or [inbox_folder.folder(house.location)]
    found = find_files(paths) if config.paths or paths[0].exists() else None
    files = found.files if found else ()
    arrivals: list[Arrival] = []
    rejections: list[tuple[Rejection, str | None]] = [(one, None) for one in (found.rejected if found else ())]
    demo = kind_of(house) == "demo"
    for path in following("inbox", files):
        arrival = _arrival(path, synthetic_allowed=demo)
        if isinstance(arrival, Arrival):
            arrivals.append(arrival)
        else:
            rejections.append(arrival)
    new = take_in(house, arrivals, rejections, stamp(context, clock))
    add_missing(context.instance, COHORT, [arrival.cohort for arrival in arrivals])
    return dg.MaterializeResult(
        metadata={
            "files": len(files),
            "new_documents": new,
            "rejected": len(rejections),
            "document_ids": dg.MetadataValue.json([arrival.document_id for arrival in arrivals]),
            "rejections": dg.MetadataValue.json([one.model_dump() for one, _ in rejections]),
        }
    )


def _arrival(path: Path, *, synthetic_allowed: bool) -> Arrival | tuple[Rejection, str | None]:
    document_id = None
    try:
        data = read_bytes(path)
        document_id = document_id_of(data)
        record = parse_record(read_document(path.name, data))
        if record.synthetic and not synthetic_allowed:
            raise NotARecord("it is a synthetic record of the demo; these enter only the demo's own warehouse")
    except (UnreadableDocument, NotARecord) as reason:
        return Rejection(path=str(path), reason=str(reason)), document_id
    return Arrival(document_id, path.name, data, record_id_of(record), cohort_of(record))


@cohort_asset(group="ingestion", deps=[inbox], code_version=READER_VERSION)
def records(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """What each document says: title, date, question, stated figures, listed claims, references."""
    house = warehouse.open()
    considered = written = rejected = 0
    for cohort in context.partition_keys:
        documents = pending_documents(house, cohort, READER_VERSION)
        considered += len(documents)
        read = []
        refused: list[tuple[Rejection, str | None]] = []
        for document in following("records", documents):
            try:
                record = parse_record(read_document(document.name, document.data))
            except (UnreadableDocument, NotARecord) as reason:  # an earlier version of the reader took it in
                refused.append((Rejection(path=document.name, reason=str(reason)), document.document_id))
                continue
            read.append((document, record_id_of(record), cohort, record))
        written += save_records(house, read, READER_VERSION, stamp(context, clock))
        rejected += len(refused)
        if refused:
            take_in(house, [], refused, stamp(context, clock))
    return counted(considered=considered, written=written, rejected=rejected)


@cohort_asset(group="ingestion", deps=[records], code_version=READER_VERSION)
def references(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """The reference list of each record, entry by entry."""
    house = warehouse.open()
    held = records_in(house, context, config)
    todo = pending_records(house, "references", held, READER_VERSION)
    written = save_references(house, todo, READER_VERSION, stamp(context, clock))
    return counted(considered=len(held), skipped=len(held) - len(todo), written=written)


@cohort_asset(group="ingestion", deps=[references], code_version=MATCHER_VERSION)
def sources(
    context: dg.AssetExecutionContext,
    config: RecordsConfig,
    warehouse: WarehouseResource,
    library: LibraryResource,
    clock: Clock,
) -> dg.MaterializeResult[Any]:
    """The works that each record draws on: found in the library, or given with the record."""
    house = warehouse.open()
    held = records_in(house, context, config)
    digest, path = library.digest(), library.configured()
    indexes = (f"library:{path.name}",) if path else ()
    fingerprint = "|".join((MATCHER_VERSION, digest or "none", *indexes))
    # Without a library nothing new can be learned: what an earlier run found stands.
    todo = pending_records(house, "sources", held, fingerprint) if digest else records_without(house, "sources", held)
    index = WorkIndex.of(held_works(house) + _library_works(library, context)) if todo else WorkIndex.of(())
    listed = references_of(house, [record.record_id for record in todo])
    matched = {record.record_version_id: _matched(record, listed, index) for record in following("sources", todo)}
    written = save_sources(house, matched, fingerprint, indexes, stamp(context, clock))
    return counted(considered=len(held), skipped=len(held) - len(todo), written=written)


def _library_works(library: LibraryResource, context: dg.AssetExecutionContext) -> tuple[Any, ...]:
    read = library.read()
    if read is None:
        return ()
    for rejection in read.rejected:
        context.log.warning("%s: %s", rejection.path, rejection.reason)
    return read.works


def _matched(record: StoredRecord, listed: Sequence[StoredReference], index: WorkIndex) -> tuple[MatchedSource, ...]:
    found: list[MatchedSource] = []
    for stored in (one for one in listed if one.record_id == record.record_id):
        for work in match_reference(stored.reference, index):
            version = source_version_id_of(work.source_id, work.text) if work.text else None
            link = RecordSource(work.source_id, version, stored.reference_id, stored.reference.mark, "cited")
            found.append(MatchedSource(work, link))
    for mark, work in given_works(record.parsed):
        version = source_version_id_of(work.source_id, work.text) if work.text else None
        found.append(MatchedSource(work, RecordSource(work.source_id, version, None, mark, "given")))
    return tuple(found)


@cohort_asset(group="ingestion", deps=[sources], code_version=PASSAGES_VERSION)
def passages(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """The texts of the sources in pieces that evidence can point into."""
    house = warehouse.open()
    considered = written = 0
    for cohort in context.partition_keys:
        todo = source_versions_of(house, cohort, "passages", PASSAGES_VERSION)
        considered += len(todo)
        split = [(version, split_passages(version.text)) for version in following("passages", todo)]
        written += save_passages(house, split, PASSAGES_VERSION, stamp(context, clock))
    return counted(considered=considered, written=written)
