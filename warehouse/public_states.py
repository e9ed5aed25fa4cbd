"""The public states of records and their corrections, inside a transaction of somebody else's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from pipelines.models import Correction
from warehouse.append import Row, Stamp, content_id
from warehouse.statements import statement


def state_fingerprint(state: Mapping[str, Any]) -> str:
    return content_id("state", json.dumps(state, sort_keys=True))


def state_id_of(record_id: str, fingerprint: str, previous: str | None) -> str:
    return content_id("state", record_id, fingerprint, previous)


def latest_states(connection: duckdb.DuckDBPyConnection, record_ids: Sequence[str]) -> dict[str, Row]:
    """Record id to the whole row of its public state in force, for those that were published."""
    cursor = connection.execute(statement("publication/latest_states"), {"record_ids": list(record_ids)})
    names = [column[0] for column in cursor.description or ()]
    rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    return {row["record_id"]: row for row in rows}


def last_corrections(connection: duckdb.DuckDBPyConnection, record_ids: Sequence[str]) -> dict[str, Correction]:
    """Record id to its last correction, for those that have one."""
    rows = connection.execute(
        "SELECT record_id, correction FROM corrections WHERE record_id IN (SELECT unnest(?::VARCHAR[])) "
        "QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY sequence DESC, correction_id) = 1",
        [list(record_ids)],
    ).fetchall()
    return {record_id: Correction.model_validate_json(event) for record_id, event in rows}


def correction_row(record_id: str, state_id: str, event: Correction, stamp: Stamp) -> Row:
    return {
        "correction_id": event.correction_id,
        "record_id": record_id,
        "state_id": state_id,
        "sequence": event.sequence,
        "kind": event.kind,
        "correction": event.model_dump_json(),
        "previous_hash": event.previous_hash,
        "hash": event.hash,
        "recorded_at": stamp.recorded_at,
        "run_id": stamp.run_id,
    }
