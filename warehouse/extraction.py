"""Queries of the second stage: claims."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.models import Claim
from warehouse.append import Batch, Row, Stamp, append_batches
from warehouse.connection import Warehouse
from warehouse.costs import WorkCost, append_costs
from warehouse.ingestion import StoredRecord


def save_claims(
    warehouse: Warehouse,
    extracted: Sequence[tuple[StoredRecord, Sequence[Claim]]],
    extractor_version: str,
    stamp: Stamp,
    costs: Sequence[WorkCost] = (),
) -> int:
    batches = [
        Batch(record.record_version_id, extractor_version, [_claim_row(record, claim) for claim in claims])
        for record, claims in extracted
    ]
    with warehouse.write() as connection:
        append_costs(connection, costs, stamp)
        return append_batches(connection, "claims", "claims", batches, stamp)


def _claim_row(record: StoredRecord, claim: Claim) -> Row:
    return {
        "claim_id": claim.claim_id,
        "record_id": record.record_id,
        "record_version_id": record.record_version_id,
        "ordinal": claim.ordinal,
        "text": claim.text,
        "normalised": claim.normalised,
        "start_offset": claim.start,
        "end_offset": claim.end,
        "origin": claim.origin.value,
        "kind": claim.kind.value,
        "truncated": claim.truncated,
        "duplicate_of": claim.duplicate_of,
        "claim": claim.model_dump_json(),
    }


def claims_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, tuple[Claim, ...]]:
    """Record id to its claims, in the record's order."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT record_id, claim FROM claims_of(?) ORDER BY record_id, ordinal", [list(record_ids)]
        ).fetchall()
    found: dict[str, list[Claim]] = {}
    for record_id, claim in rows:
        found.setdefault(record_id, []).append(Claim.model_validate_json(claim))
    return {record_id: tuple(claims) for record_id, claims in found.items()}


def record_of_claim(warehouse: Warehouse, claim_id: str) -> str | None:
    """The record that a claim belongs to; None when no current record has it."""
    with warehouse.read() as connection:
        row = connection.execute("SELECT record_id FROM current_claims WHERE claim_id = ?", [claim_id]).fetchone()
    return str(row[0]) if row else None
