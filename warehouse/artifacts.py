"""Queries of the fifth stage about artifacts: their files by content, and a person's word on each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from pipelines.gates.artifact import Artifact, ArtifactManifest, InvalidArtifact
from pipelines.gates.artifact_manifest import MANIFEST, parse_manifest
from pipelines.gates.attempt import Approval
from warehouse.append import Row, append, content_id
from warehouse.artifact_blobs import DamagedStore, append_blobs, blobs
from warehouse.connection import Warehouse


@dataclass(frozen=True)
class HeldArtifact:
    """An artifact without the bytes of its files; `files` are (path, sha256, size)."""

    artifact_id: str
    record_id: str
    claim_id: str
    sha256: str
    manifest: ArtifactManifest
    files: tuple[tuple[str, str, int], ...]
    approval: Approval | None  # in force
    attached_at: datetime


def artifact_id_of(record_id: str, claim_id: str, artifact: Artifact) -> str:
    """The id that the same folder, attached to the same claim, has everywhere."""
    return content_id("artifact", record_id, claim_id, artifact.sha256)


def attach(warehouse: Warehouse, artifact: Artifact, *, record_id: str, claim_id: str, recorded_at: datetime) -> str:
    """Store an artifact of a claim with its files, all or nothing; its id. Again, it changes nothing."""
    artifact_id = artifact_id_of(record_id, claim_id, artifact)
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in artifact.files.items()}
    files: list[Row] = [
        {
            "row_id": content_id("artifact file", artifact_id, path),
            "artifact_id": artifact_id,
            "path": path,
            "sha256": hashes[path],
            "size": len(data),
            "recorded_at": recorded_at,
        }
        for path, data in sorted(artifact.files.items())
    ]
    row: Row = {
        "artifact_id": artifact_id,
        "claim_id": claim_id,
        "record_id": record_id,
        "kind": artifact.manifest.kind.value,
        "sha256": artifact.sha256,
        "manifest": artifact.manifest.model_dump_json(),
        "recorded_at": recorded_at,
    }
    with warehouse.write() as connection:
        append_blobs(connection, {hashes[path]: data for path, data in artifact.files.items()}, recorded_at)
        append(connection, "artifact_files", files, key="row_id")
        append(connection, "artifacts", [row], key="artifact_id")
    return artifact_id


def is_attached(warehouse: Warehouse, artifact_id: str) -> bool:
    with warehouse.read() as connection:
        found = connection.execute("SELECT 1 FROM artifacts WHERE artifact_id = ? LIMIT 1", [artifact_id]).fetchone()
    return found is not None


def has_a_word(warehouse: Warehouse, artifact_id: str) -> bool:
    """Whether a person ever approved the artifact, taken back since or not."""
    with warehouse.read() as connection:
        found = connection.execute("SELECT 1 FROM approvals WHERE artifact_id = ? LIMIT 1", [artifact_id]).fetchone()
    return found is not None


def artifacts_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, tuple[HeldArtifact, ...]]:
    """Record id to its artifacts in the order they were attached, for the records that have any."""
    with warehouse.read() as connection:
        ids = connection.execute(
            "SELECT artifact_id FROM current_artifacts WHERE record_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(record_ids)],
        ).fetchall()
        held = _held(connection, [row[0] for row in ids])
    found: dict[str, list[HeldArtifact]] = {}
    for artifact in held:
        found.setdefault(artifact.record_id, []).append(artifact)
    return {record_id: tuple(artifacts) for record_id, artifacts in found.items()}


def find_artifacts(warehouse: Warehouse, wanted: str) -> tuple[HeldArtifact, ...]:
    """The artifacts whose id or hash is, or begins with, `wanted`."""
    with warehouse.read() as connection:
        ids = connection.execute(
            "SELECT artifact_id FROM current_artifacts "
            "WHERE starts_with(artifact_id, $wanted) OR starts_with(sha256, $wanted)",
            {"wanted": wanted},
        ).fetchall()
        return _held(connection, [row[0] for row in ids])


def _held(connection: duckdb.DuckDBPyConnection, artifact_ids: list[str]) -> tuple[HeldArtifact, ...]:
    if not artifact_ids:
        return ()
    files: dict[str, list[tuple[str, str, int]]] = {}
    for artifact_id, path, sha256, size in connection.execute(
        "SELECT DISTINCT artifact_id, path, sha256, size FROM artifact_files "
        "WHERE artifact_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY path",
        [artifact_ids],
    ).fetchall():
        files.setdefault(artifact_id, []).append((path, sha256, size))
    approvals = {
        artifact_id: Approval(by=by, reason=reason, recorded_at=recorded_at.astimezone(UTC).isoformat())
        for artifact_id, by, reason, recorded_at in connection.execute(
            "SELECT artifact_id, approver, reason, recorded_at FROM current_approvals "
            "WHERE approved AND artifact_id IN (SELECT unnest(?::VARCHAR[]))",
            [artifact_ids],
        ).fetchall()
    }
    rows = connection.execute(
        "SELECT artifact_id, record_id, claim_id, sha256, manifest, recorded_at FROM current_artifacts "
        "WHERE artifact_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY recorded_at, artifact_id",
        [artifact_ids],
    ).fetchall()
    return tuple(
        HeldArtifact(
            artifact_id=artifact_id,
            record_id=record_id,
            claim_id=claim_id,
            sha256=sha256,
            manifest=ArtifactManifest.model_validate_json(manifest),
            files=tuple(files.get(artifact_id, ())),
            approval=approvals.get(artifact_id),
            attached_at=recorded_at,
        )
        for artifact_id, record_id, claim_id, sha256, manifest, recorded_at in rows
    )


def load_artifact(warehouse: Warehouse, artifact_id: str) -> Artifact:
    """The artifact with the bytes of its files, exactly as attached.

    Raises KeyError when there is none of that id, DamagedStore when what is held is not what was attached.
    """
    with warehouse.read() as connection:
        held = _held(connection, [artifact_id])
        if not held:
            raise KeyError(artifact_id)
        found = blobs(connection, [sha256 for _, sha256, _ in held[0].files])
    files = {path: found[sha256] for path, sha256, _ in held[0].files}
    try:
        artifact = Artifact(manifest=parse_manifest(files[MANIFEST]), files=files)
    except (KeyError, InvalidArtifact) as problem:
        raise DamagedStore(f"The artifact {artifact_id} is held without a readable {MANIFEST}.") from problem
    if artifact.sha256 != held[0].sha256 or artifact.manifest != held[0].manifest:
        raise DamagedStore(f"The artifact {artifact_id} is not held as it was attached.")
    return artifact


def approve(
    warehouse: Warehouse, artifact_id: str, *, by: str, reason: str, approved: bool, recorded_at: datetime
) -> str:
    """Append a person's word on an artifact, or take it back with `approved` False; its id. The latest holds."""
    approval_id = content_id("approval", artifact_id, approved, by, reason, recorded_at.isoformat())
    row: Row = {
        "approval_id": approval_id,
        "artifact_id": artifact_id,
        "approved": approved,
        "approver": by,
        "reason": reason,
        "recorded_at": recorded_at,
    }
    with warehouse.write() as connection:
        append(connection, "approvals", [row], key="approval_id")
    return approval_id
