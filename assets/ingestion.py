"""Assets of the first stage: inbox, records, references, sources, passages."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, chunks, cohort_asset, counted, records_in
from assets.literature import LiteratureResource
from assets.partitions import COHORT, add_missing
from assets.progress import following, reporting
from assets.questions import questions
from assets.resources import Clock, InboxResource, LibraryResource, WarehouseResource, stamp
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.errors import NotARecord, UnreadableDocument
from pipelines.ingestion.files import find_files, read_bytes
from pipelines.ingestion.lookup_plan import answers_digest
from pipelines.ingestion.lookups import Known
from pipelines.ingestion.offers import Offers
from pipelines.ingestion.passages import given_works, split_passages
from pipelines.ingestion.records import cohort_of, parse_record, record_id_of
from pipelines.ingestion.sources import WorkIndex
from pipelines.ingestion.stated_pages import Part, parts_of
from pipelines.ingestion.versions import MATCHER_VERSION, PASSAGES_VERSION, READER_VERSION
from pipelines.models import Reference, Rejection
from warehouse.ingestion import (
    Arrival,
    StoredRecord,
    StoredReference,
    document_id_of,
    kind_of,
    pending_documents,
    pending_records,
    references_by_record,
    refused_arrivals,
    save_records,
    save_references,
    take_in,
)
from warehouse.shelf import Shelf
from warehouse.sources import (
    MatchedSource,
    RecordSource,
    SourcesFingerprint,
    save_passages,
    save_sources,
    source_version_id_of,
    source_versions_of,
    sources_fingerprints,
)
from warehouse.withdrawn import text_hash, withdrawn_of


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
        for arrival in _arrivals(path, synthetic_allowed=demo):
            if isinstance(arrival, Arrival):
                arrivals.append(arrival)
            else:
                rejections.append(arrival)
    gone = refused_arrivals(withdrawn_of(house), arrivals)
    rejections += gone
    arrivals = [one for one in arrivals if one.document_id not in {document_id for _, document_id in gone}]
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


Refusal = tuple[Rejection, str | None]  # with the id of the document, if its bytes could be had


def _arrivals(path: Path, *, synthetic_allowed: bool) -> list[Arrival | Refusal]:
    """What a file brings: one document, or one for each row of a list of stated pages."""
    try:
        data = read_bytes(path)
    except UnreadableDocument as reason:
        return [(Rejection(path=str(path), reason=str(reason)), None)]
    return [_arrival(path, part, synthetic_allowed=synthetic_allowed) for part in parts_of(path.name, data)]


def _arrival(path: Path, part: Part, *, synthetic_allowed: bool) -> Arrival | Refusal:
    document_id = document_id_of(part.data)
    try:
        record = parse_record(read_document(part.name, part.data))
        if record.synthetic and not synthetic_allowed:
            raise NotARecord("it is a synthetic record of the demo; these enter only the demo's own warehouse")
    except (UnreadableDocument, NotARecord) as reason:
        place = str(path) if part.row is None else f"{path} (row {part.row})"
        return Rejection(path=place, reason=str(reason)), document_id
    said = text_hash(record.text)
    return Arrival(document_id, part.name, part.data, record_id_of(record), cohort_of(record), said)


@cohort_asset(group="ingestion", deps=[inbox, questions], code_version=READER_VERSION)
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
        written += save_records(house, read, READER_VERSION, stamp(context, clock)) if read else 0
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
    with house.reading():
        held = records_in(house, context, config)
        todo = pending_records(house, "references", held, READER_VERSION)
    written = save_references(house, todo, READER_VERSION, stamp(context, clock)) if todo else 0
    return counted(considered=len(held), skipped=len(held) - len(todo), written=written)


@cohort_asset(group="ingestion", deps=[references], code_version=MATCHER_VERSION)
def sources(
    context: dg.AssetExecutionContext,
    config: RecordsConfig,
    warehouse: WarehouseResource,
    library: LibraryResource,
    literature: LiteratureResource,
    clock: Clock,
) -> dg.MaterializeResult[Any]:
    """The works that each record draws on: found in the library or an index, or given with the record."""
    house = warehouse.open()
    with house.reading():
        held = records_in(house, context, config)
        listed = references_by_record(house, [record.record_id for record in held])
    every = [stored.reference for of_one in listed.values() for stored in of_one]
    with literature.opened(house, clock, context.run.run_id) as asked:
        known = asked.look_up(every, reporting("asking indexes"))
    able, shelf = asked.able, library.shelf(house, context, clock)
    before = sources_fingerprints(house, held)
    wanted = {
        record.record_version_id: _fingerprint(
            [stored.reference for stored in listed.get(record.record_id, ())],
            known,
            able,
            shelf,
            before.get(record.record_version_id),
        )
        for record in held
    }
    todo = [record for record in held if before.get(record.record_version_id) != wanted[record.record_version_id]]
    written = 0
    remembered = shelf.remembered() if todo else WorkIndex.of(())
    for chunk in chunks("sources", todo):
        shelved = shelf.candidates([s.reference for record in chunk for s in listed.get(record.record_id, ())])
        matched = {
            record.record_version_id: _matched(
                record, listed.get(record.record_id, ()), Offers(known, able, shelved, remembered)
            )
            for record in chunk
        }
        written += save_sources(house, matched, wanted, stamp(context, clock))
    return counted(considered=len(held), skipped=len(held) - len(todo), written=written)


def _fingerprint(
    references: Sequence[Reference],
    known: Mapping[str, Known],
    able: frozenset[str],
    shelf: Shelf,
    before: SourcesFingerprint | None,
) -> SourcesFingerprint:
    """What the sources depend on. Without a library, what an earlier one gave still stands."""
    digest, names = shelf.digest, shelf.names
    if digest is None and before is not None:
        digest, names = before.library_digest, before.library
    return SourcesFingerprint(MATCHER_VERSION, digest, names, answers_digest(references, known, able))


def _matched(
    record: StoredRecord,
    listed: Sequence[StoredReference],
    offers: Offers,
) -> tuple[MatchedSource, ...]:
    found: list[MatchedSource] = []
    for stored in listed:
        for work in offers.to(stored.reference):
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
        written += save_passages(house, split, PASSAGES_VERSION, stamp(context, clock)) if split else 0
    return counted(considered=considered, written=written)
