"""Appending: the only way anything gets into the warehouse.

Keys are derived from content; an append takes only rows whose key is not there yet, in the
transaction of the caller. A batch marks a piece of work as done under a fingerprint of what went
into it; what is pending is an anti-join against the batches in force. Nothing here knows a stage.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import polars as pl

Row = dict[str, Any]


@dataclass(frozen=True)
class Stamp:
    """When a fact was learned (UTC) and by which run."""

    recorded_at: datetime
    run_id: str


@dataclass(frozen=True)
class Batch:
    """The result of one piece of work: the rows made for `subject_id` from what `fingerprint` names."""

    subject_id: str
    fingerprint: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class InForce:
    """The fact in force about a subject, and the fingerprint that it was reached under."""

    id: str
    fingerprint: str


def content_id(*parts: object) -> str:
    """32 hex digits of sha256 over the parts as JSON: the same content has the same key everywhere."""
    canonical = json.dumps([None if part is None else str(part) for part in parts], ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def append(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], *, key: str) -> int:
    """Append the rows whose key is not there yet; how many that were. `table` and `key` are names of ours."""
    if not rows:
        return 0
    incoming = pl.DataFrame(rows, infer_schema_length=None).unique(subset=[key], keep="first", maintain_order=True)
    connection.register("incoming", incoming.to_arrow())
    try:
        result = connection.execute(
            f"INSERT INTO {table} BY NAME "  # noqa: S608 - names of ours, no values
            f"SELECT * FROM incoming ANTI JOIN {table} USING ({key})"
        ).fetchone()
    finally:
        connection.unregister("incoming")
    return int(result[0]) if result else 0


def pending(connection: duckdb.DuckDBPyConnection, stage: str, fingerprints: Mapping[str, str]) -> tuple[str, ...]:
    """The subjects whose batch in force is absent or bears another fingerprint, in the given order."""
    if not fingerprints:
        return ()
    wanted = pl.DataFrame(
        {
            "subject_id": list(fingerprints),
            "fingerprint": list(fingerprints.values()),
            "place": range(len(fingerprints)),
        }
    )
    connection.register("wanted", wanted.to_arrow())
    try:
        found = connection.execute(
            """
            SELECT w.subject_id
            FROM wanted AS w
            ANTI JOIN (
              SELECT subject_id, arg_max(fingerprint, (recorded_at, batch_id)) AS fingerprint
              FROM batches
              WHERE stage = ?
              GROUP BY subject_id
            ) AS b
              ON b.subject_id = w.subject_id AND b.fingerprint = w.fingerprint
            ORDER BY w.place
            """,
            [stage],
        ).fetchall()
    finally:
        connection.unregister("wanted")
    return tuple(row[0] for row in found)


def append_batches(
    connection: duckdb.DuckDBPyConnection, stage: str, table: str, batches: Iterable[Batch], stamp: Stamp
) -> int:
    """Append the batches that are not in force yet, with their rows; how many rows.

    A row's key comes from its batch and place.
    """
    batches = tuple(batches)
    before = {
        subject_id: InForce(batch_id, fingerprint)
        for subject_id, batch_id, fingerprint in connection.execute(
            "SELECT subject_id, batch_id, fingerprint FROM batches "
            "WHERE stage = ? AND subject_id IN (SELECT unnest(?::VARCHAR[])) "
            "QUALIFY row_number() OVER (PARTITION BY subject_id ORDER BY recorded_at DESC, batch_id DESC) = 1",
            [stage, [batch.subject_id for batch in batches]],
        ).fetchall()
    }
    marks: list[Row] = []
    rows: list[Row] = []
    for batch in batches:
        held = before.get(batch.subject_id)
        if says_the_same(held, batch.fingerprint):
            continue  # another run did the same work meanwhile
        previous = previous_id(held)
        batch_id = content_id(stage, batch.subject_id, batch.fingerprint, previous)
        marks.append(
            {
                "batch_id": batch_id,
                "stage": stage,
                "subject_id": batch.subject_id,
                "fingerprint": batch.fingerprint,
                "row_count": len(batch.rows),
                "previous_batch_id": previous,
                "recorded_at": stamp.recorded_at,
                "run_id": stamp.run_id,
            }
        )
        for place, row in enumerate(batch.rows):
            own = {"row_id": content_id(batch_id, place), "batch_id": batch_id}
            rows.append({**own, **row, "recorded_at": stamp.recorded_at, "run_id": stamp.run_id})
    append(connection, "batches", marks, key="batch_id")
    return append(connection, table, rows, key="row_id")


def in_force(
    connection: duckdb.DuckDBPyConnection, table: str, id_column: str, subject_column: str, subjects: Sequence[str]
) -> dict[str, InForce]:
    """Subject to its fact in force, for those of `subjects` that have one. All names are ours.

    Asked of the table and not of the view over it, which would rank every row before one is chosen.
    """
    query = (
        f"SELECT {subject_column}, {id_column}, fingerprint FROM {table} "  # noqa: S608 - names of ours, values bound
        f"WHERE {subject_column} IN (SELECT unnest(?::VARCHAR[])) "
        f"QUALIFY row_number() OVER (PARTITION BY {subject_column} ORDER BY recorded_at DESC, {id_column} DESC) = 1"
    )
    return {subject: InForce(*held) for subject, *held in connection.execute(query, [list(subjects)]).fetchall()}


def previous_id(held: InForce | None) -> str | None:
    return held.id if held else None


def says_the_same(held: InForce | None, fingerprint: str) -> bool:
    """Whether a fact under this fingerprint is in force: saving it again would repeat what is known."""
    return held is not None and held.fingerprint == fingerprint
