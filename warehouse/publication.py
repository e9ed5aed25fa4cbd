"""Queries of the last stage: public states with their corrections, manifests, pages."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.models import Correction
from pipelines.publication.correction_replay import StateHeld, disagreement
from pipelines.publication.views import PublicRecord
from warehouse.append import InForce, Row, Stamp, append, content_id, previous_id, says_the_same
from warehouse.connection import Warehouse
from warehouse.public_states import correction_row, latest_states, state_id_of
from warehouse.published import CORRECTIONS, MANIFESTS, SITE, mark_published

_LEVEL = 1  # of compression: 0.2 ms and 8 kB a manifest of 95 kB; level 6 takes 0.55 ms for 6 kB
_MEANWHILE = "Another run published corrections of these records meanwhile; run it again."


@dataclass(frozen=True)
class HeldState:
    """The public state last published of a record."""

    state_id: str
    fingerprint: str
    state: dict[str, Any]


@dataclass(frozen=True)
class NewState:
    """A public state that is not in force yet, with the corrections that lead to it; the rest are facts of it.

    `state` is JSON, a third of what it takes as objects: many wait in memory to be saved.
    """

    record_id: str
    fingerprint: str
    state: str
    events: tuple[Correction, ...]
    level: int | None
    tier: str | None
    score: float | None
    gate_status: str | None
    supported: int
    extracted: int

    @classmethod
    def of(
        cls, record: PublicRecord, fingerprint: str, state: dict[str, Any], events: Sequence[Correction]
    ) -> NewState:
        gate = next((one for one in reversed(record.gates) if one.gate == "gate-2" and one.in_force), None)
        return cls(
            record.record_id,
            fingerprint,
            json.dumps(state, sort_keys=True, ensure_ascii=False),
            tuple(events),
            level=record.level.value if record.level is not None else None,
            tier=record.tier.value if record.tier is not None else None,
            score=record.review.score,
            gate_status=gate.public_status.value if gate else None,
            supported=record.counts.supported,
            extracted=record.counts.extracted,
        )


@dataclass(frozen=True)
class MadeManifest:
    """A manifest to be saved: the sha256 of its bytes, its counts as JSON, and the bytes compressed by zlib."""

    record_id: str
    sha256: str
    counts: str
    body: bytes

    @classmethod
    def of(cls, record: PublicRecord, data: bytes) -> MadeManifest:
        digest = hashlib.sha256(data).hexdigest()
        return cls(record.record_id, digest, record.counts.model_dump_json(), zlib.compress(data, _LEVEL))


class PublishedMeanwhile(RuntimeError):
    """A correction was made from a public state that is no longer the last; nothing was saved."""


def held_states(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, HeldState]:
    with warehouse.read() as connection:
        rows = latest_states(connection, record_ids)
    return {
        record_id: HeldState(row["state_id"], row["fingerprint"], json.loads(row["state"]))
        for record_id, row in rows.items()
    }


def save_states(
    warehouse: Warehouse,
    changed: Sequence[NewState],
    stamp: Stamp,
    done: Mapping[str, str] | None = None,
) -> int:
    """Save public states, each in one transaction with its corrections; how many corrections.

    `done`: records whose states stand now, changed or not, with what is shown of them (`published`).
    """
    with warehouse.write() as connection:
        held = latest_states(connection, [new.record_id for new in changed])
        before = {record_id: InForce(row["state_id"], row["fingerprint"]) for record_id, row in held.items()}
        states: list[Row] = []
        corrections: list[Row] = []
        for new in changed:
            in_force = before.get(new.record_id)
            if says_the_same(in_force, new.fingerprint):
                continue
            state_id = state_id_of(new.record_id, new.fingerprint, previous_id(in_force))
            _require_same_beginning(held.get(new.record_id), new)
            states.append(_state_row(state_id, new, previous_id(in_force), stamp))
            corrections.extend(correction_row(new.record_id, state_id, event, stamp) for event in new.events)
        append(connection, "public_states", states, key="state_id")
        written = append(connection, "corrections", corrections, key="correction_id")
        if written < len(corrections):
            raise PublishedMeanwhile(_MEANWHILE)
        mark_published(connection, CORRECTIONS, done or {}, stamp)
        return written


def _require_same_beginning(held: Row | None, new: NewState) -> None:
    """Raises PublishedMeanwhile where the events do not lead from the state in force to the new one."""
    if held is None:
        return
    led = [StateHeld("held", json.loads(held["state"])), StateHeld("new", json.loads(new.state))]
    if disagreement(new.record_id, led, [("new", event) for event in new.events]):
        raise PublishedMeanwhile(_MEANWHILE)


def _state_row(state_id: str, new: NewState, previous: str | None, stamp: Stamp) -> Row:
    return {
        "state_id": state_id,
        "record_id": new.record_id,
        "fingerprint": new.fingerprint,
        "previous_id": previous,
        "state": new.state,
        "level": new.level,
        "tier": new.tier,
        "score": new.score,
        "gate_status": new.gate_status,
        "supported": new.supported,
        "extracted": new.extracted,
        "recorded_at": stamp.recorded_at,
        "run_id": stamp.run_id,
    }


def corrections_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, tuple[Correction, ...]]:
    """Record id to its corrections, in sequence."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT record_id, correction FROM corrections WHERE record_id IN (SELECT unnest(?::VARCHAR[])) "
            "ORDER BY record_id, sequence, correction_id",
            [list(record_ids)],
        ).fetchall()
    found: dict[str, list[Correction]] = {}
    for record_id, correction in rows:
        found.setdefault(record_id, []).append(Correction.model_validate_json(correction))
    return {record_id: tuple(events) for record_id, events in found.items()}


def save_manifests(
    warehouse: Warehouse,
    made: Sequence[MadeManifest],
    stamp: Stamp,
    done: Mapping[str, str] | None = None,
) -> int:
    """Save manifests where the bytes changed; how many. `done` as above."""
    with warehouse.write() as connection:
        held = {
            row[0]: (row[1], row[2])
            for row in connection.execute(
                "SELECT record_id, sha256, manifest_id FROM manifests_of(?)",
                [[one.record_id for one in made]],
            ).fetchall()
        }
        rows: list[Row] = []
        for one in made:
            previous_sha, previous = held.get(one.record_id, (None, None))
            if previous_sha == one.sha256:
                continue
            rows.append(
                {
                    "manifest_id": content_id("manifest", one.record_id, one.sha256, previous),
                    "record_id": one.record_id,
                    "sha256": one.sha256,
                    "previous_id": previous,
                    "counts": one.counts,
                    "body": one.body,
                    "recorded_at": stamp.recorded_at,
                    "run_id": stamp.run_id,
                }
            )
        mark_published(connection, MANIFESTS, done or {}, stamp)
        return append(connection, "manifests", rows, key="manifest_id")


def manifests_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, bytes]:
    """Record id to the bytes of its manifest in force, as they were published."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT record_id, manifest, body FROM manifests_of(?) WHERE manifest IS NOT NULL OR body IS NOT NULL",
            [list(record_ids)],
        ).fetchall()
    return {record_id: manifest_held(manifest, body) for record_id, manifest, body in rows}


def manifest_held(manifest: str | None, body: bytes | None) -> bytes:
    """The bytes of a manifest by its two columns, of which one is NULL: rows of before migration 12 hold its text.

    Raises ValueError where both are NULL, as of a record that was taken down; zlib.error for damaged bytes.
    """
    if body is not None:
        return zlib.decompress(body)
    if manifest is None:
        raise ValueError("the bytes of this manifest were taken down")
    return manifest.encode()


def save_pages(
    warehouse: Warehouse,
    written: Sequence[tuple[str | None, str, str]],
    stamp: Stamp,
    done: Mapping[str, str] | None = None,
    lines: Mapping[str, str] | None = None,
    *,
    stage: str = SITE,
) -> int:
    """Save (record id, path within the site, sha256) where the bytes changed; how many.

    `done` as above, of the stage that wrote them, with the lines of these records in the index.
    """
    with warehouse.write() as connection:
        mark_published(connection, stage, done or {}, stamp, lines)
        return append_pages(connection, written, stamp)


def append_pages(
    connection: duckdb.DuckDBPyConnection, written: Sequence[tuple[str | None, str, str]], stamp: Stamp
) -> int:
    """The same pages in the transaction of the caller."""
    held = {
        row[0]: (row[1], row[2])
        for row in connection.execute(
            "SELECT path, sha256, page_id FROM pages WHERE path IN (SELECT unnest(?::VARCHAR[])) "
            "QUALIFY row_number() OVER (PARTITION BY path ORDER BY recorded_at DESC, page_id DESC) = 1",
            [[path for _, path, _ in written]],
        ).fetchall()
    }
    rows: list[Row] = []
    for record_id, path, sha256 in written:
        previous_sha, previous = held.get(path, (None, None))
        if previous_sha == sha256:
            continue
        rows.append(
            {
                "page_id": content_id("page", path, sha256, previous),
                "record_id": record_id,
                "path": path,
                "sha256": sha256,
                "previous_id": previous,
                "recorded_at": stamp.recorded_at,
                "run_id": stamp.run_id,
            }
        )
    return append(connection, "pages", rows, key="page_id")
