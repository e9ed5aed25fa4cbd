"""Queries of the first stage: documents, records and their references.

Rows in and out are pydantic models or small frozen classes; no DuckDB type leaves this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

import duckdb

from pipelines.models import ParsedRecord, Reference, Rejection
from warehouse.append import Batch, Row, Stamp, append, append_batches, content_id, pending
from warehouse.connection import Warehouse
from warehouse.statements import statement
from warehouse.withdrawn import Withdrawn, append_refusals, withdrawn


@dataclass(frozen=True)
class StoredDocument:
    document_id: str
    name: str
    data: bytes


@dataclass(frozen=True)
class Arrival:
    """A document that could be read far enough to know whose it is."""

    document_id: str
    name: str
    data: bytes
    record_id: str
    cohort: str
    text_sha256: str | None = None  # of the record's text, by which it is known should it have been taken down


@dataclass(frozen=True)
class StoredRecord:
    record_id: str
    record_version_id: str
    cohort: str
    parsed: ParsedRecord


@dataclass(frozen=True)
class StoredReference:
    reference_id: str
    record_id: str
    record_version_id: str
    reference: Reference


def document_id_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def record_version_id_of(record_id: str, parsed: ParsedRecord) -> str:
    """New words under the same id are a new version; so are other passages that came with an answer."""
    said = [parsed.text, parsed.title, parsed.question, *(given.model_dump_json() for given in parsed.passages)]
    return content_id("record-version", record_id, *said)


# --- inbox --------------------------------------------------------------------------------------


def take_in(
    warehouse: Warehouse,
    arrivals: Sequence[Arrival],
    rejections: Sequence[tuple[Rejection, str | None]],
    stamp: Stamp,
) -> int:
    """Store the bytes of what arrived, and a row for what was rejected; how many documents are new.

    What was taken down is refused here at the latest, whoever brings it.
    """
    with warehouse.write() as connection:
        gone = refused_arrivals(withdrawn(connection), arrivals)
        kept = [one for one in arrivals if one.document_id not in {document_id for _, document_id in gone}]
        append_refusals(connection, [*rejections, *gone], stamp)
        return _append_arrivals(connection, kept, stamp)


def refused_arrivals(known: Withdrawn, arrivals: Iterable[Arrival]) -> list[tuple[Rejection, str | None]]:
    """A refusal for each arrival that was taken down."""
    found = [
        (one, known.of_record(document_id=one.document_id, record_id=one.record_id, text_sha256=one.text_sha256))
        for one in arrivals
    ]
    return [(Rejection(path=one.name, reason=why), one.document_id) for one, why in found if why]


def _append_arrivals(connection: duckdb.DuckDBPyConnection, arrivals: Sequence[Arrival], stamp: Stamp) -> int:
    fixed: Row = {"recorded_at": stamp.recorded_at, "run_id": stamp.run_id}
    documents: list[Row] = [
        {"document_id": a.document_id, "name": a.name, "size": len(a.data), "bytes": a.data, **fixed} for a in arrivals
    ]
    arrived: list[Row] = [
        {
            "arrival_id": content_id("arrival", a.document_id, a.name),
            "document_id": a.document_id,
            "name": a.name,
            "record_id": a.record_id,
            "cohort": a.cohort,
            **fixed,
        }
        for a in arrivals
    ]
    new = append(connection, "documents", documents, key="document_id")
    append(connection, "arrivals", arrived, key="arrival_id")
    return new


def set_kind(warehouse: Warehouse, kind: str, stamp: Stamp) -> None:
    with warehouse.write() as connection:
        connection.execute(
            "INSERT INTO warehouse_kinds SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM warehouse_kinds)",
            [kind, stamp.recorded_at],
        )


def kind_of(warehouse: Warehouse) -> str | None:
    """'demo' or 'own'; None for a warehouse that holds nothing yet."""
    if not warehouse.exists():
        return None
    with warehouse.read() as connection:
        row = connection.execute("SELECT kind FROM warehouse_kinds ORDER BY recorded_at LIMIT 1").fetchone()
    return str(row[0]) if row else None


def cohorts(warehouse: Warehouse) -> tuple[str, ...]:
    """Every cohort that has an arrival, in order of first arrival."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT cohort FROM arrivals GROUP BY cohort ORDER BY min(recorded_at), cohort"
        ).fetchall()
    return tuple(row[0] for row in rows)


def cohorts_of_documents(warehouse: Warehouse, document_ids: Sequence[str]) -> tuple[str, ...]:
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT DISTINCT cohort FROM arrivals WHERE document_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY cohort",
            [list(document_ids)],
        ).fetchall()
    return tuple(row[0] for row in rows)


def records_of_documents(warehouse: Warehouse, document_ids: Sequence[str]) -> tuple[str, ...]:
    """The record ids that these documents are renditions of."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT record_id FROM arrivals WHERE document_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY record_id "
            "ORDER BY min(recorded_at), min(name)",
            [list(document_ids)],
        ).fetchall()
    return tuple(row[0] for row in rows)


# --- records ------------------------------------------------------------------------------------


def pending_documents(warehouse: Warehouse, cohort: str, reader_version: str) -> tuple[StoredDocument, ...]:
    with warehouse.read() as connection:
        ids = [
            row[0]
            for row in connection.execute(
                "SELECT DISTINCT document_id FROM arrivals ANTI JOIN withdrawn_documents USING (document_id) "
                "WHERE cohort = ? ORDER BY document_id",
                [cohort],
            ).fetchall()
        ]
        wanted = pending(connection, "records", {one: reader_version for one in ids})
        rows = connection.execute(
            "SELECT document_id, name, bytes FROM documents "
            "WHERE document_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY document_id",
            [list(wanted)],
        ).fetchall()
    return tuple(StoredDocument(row[0], row[1], row[2]) for row in rows)


def save_records(
    warehouse: Warehouse,
    read: Iterable[tuple[StoredDocument, str, str, ParsedRecord]],
    reader_version: str,
    stamp: Stamp,
) -> int:
    """Save (document, record id, cohort, record) under the reader's version; how many rows."""
    batches = []
    for document, record_id, cohort, parsed in read:
        published = parsed.published_on
        batches.append(
            Batch(
                document.document_id,
                reader_version,
                [
                    {
                        "record_version_id": record_version_id_of(record_id, parsed),
                        "record_id": record_id,
                        "document_id": document.document_id,
                        "cohort": cohort,
                        "layout": parsed.layout.value,
                        "title": parsed.title,
                        "published_on": published,
                        "valid_at": datetime.combine(published, time(), UTC) if published else None,
                        "stated_claim_rows": len(parsed.claims),
                        "text_sha256": hashlib.sha256(parsed.text.encode()).hexdigest(),
                        "synthetic": parsed.synthetic,
                        "parsed": parsed.model_dump_json(),
                    }
                ],
            )
        )
    with warehouse.write() as connection:
        return append_batches(connection, "records", "records", batches, stamp)


def records_of(
    warehouse: Warehouse, *, cohort: str | None = None, record_ids: Sequence[str] | None = None
) -> tuple[StoredRecord, ...]:
    """Current records of a cohort, or those named, or all; in a stable order."""
    with warehouse.read() as connection:
        rows = connection.execute(
            statement("ingestion/records_of"),
            {"cohort": cohort, "record_ids": None if record_ids is None else list(record_ids)},
        ).fetchall()
    return tuple(StoredRecord(row[0], row[1], row[2], ParsedRecord.model_validate_json(row[3])) for row in rows)


def pending_records(
    warehouse: Warehouse, stage: str, records: Sequence[StoredRecord], fingerprint: str
) -> tuple[StoredRecord, ...]:
    """Those of `records` that have no batch of `stage` under `fingerprint`."""
    with warehouse.read() as connection:
        wanted = set(pending(connection, stage, {r.record_version_id: fingerprint for r in records}))
    return tuple(record for record in records if record.record_version_id in wanted)


# --- references ---------------------------------------------------------------------------------


def save_references(warehouse: Warehouse, records: Sequence[StoredRecord], fingerprint: str, stamp: Stamp) -> int:
    batches = [
        Batch(
            record.record_version_id,
            fingerprint,
            [_reference_row(record, r) for r in record.parsed.references],
        )
        for record in records
    ]
    with warehouse.write() as connection:
        return append_batches(connection, "references", "record_references", batches, stamp)


def _reference_row(record: StoredRecord, reference: Reference) -> Row:
    return {
        "reference_id": content_id("reference", record.record_version_id, reference.ordinal, reference.raw),
        "record_version_id": record.record_version_id,
        "ordinal": reference.ordinal,
        "mark": reference.mark,
        "raw": reference.raw,
        "doi": reference.doi,
        "arxiv_id": reference.arxiv_id,
        "pmid": reference.pmid,
        "url": reference.url,
        "title": reference.title,
        "reference": reference.model_dump_json(),
    }


def references_of(warehouse: Warehouse, record_ids: Sequence[str]) -> tuple[StoredReference, ...]:
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT reference_id, record_id, record_version_id, reference FROM references_of(?) "
            "ORDER BY record_id, ordinal",
            [list(record_ids)],
        ).fetchall()
    return tuple(StoredReference(row[0], row[1], row[2], Reference.model_validate_json(row[3])) for row in rows)


def references_by_record(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, tuple[StoredReference, ...]]:
    """Record id to its references in their order."""
    found: dict[str, list[StoredReference]] = {}
    for one in references_of(warehouse, record_ids):
        found.setdefault(one.record_id, []).append(one)
    return {record_id: tuple(listed) for record_id, listed in found.items()}
