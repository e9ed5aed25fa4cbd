"""Queries of the fifth stage about attempts: what came of running each artifact, the latest in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.gates.attempt import Attempt
from pipelines.gates.facts import AttemptFacts
from pipelines.models import AttemptOutcome
from warehouse.append import Row, Stamp, append, content_id, in_force, previous_id, says_the_same
from warehouse.artifact_blobs import append_blobs
from warehouse.connection import Warehouse
from warehouse.statements import statement


@dataclass(frozen=True)
class HeldAttempt:
    """The latest attempt of an artifact. `facts` is the part of it that gates look at."""

    attempt_id: str
    artifact_id: str
    record_id: str
    claim_id: str
    fingerprint: str
    attempt: Attempt
    facts: AttemptFacts
    attempted_at: datetime


@dataclass(frozen=True)
class MadeAttempt:
    """An attempt to be saved. `kept` are files that it made and that must outlive it, by sha256.

    `again`: the id of the attempt under the same fingerprint that it makes again, where that one failed.
    """

    record_id: str
    fingerprint: str
    attempt: Attempt
    facts: AttemptFacts
    kept: Mapping[str, bytes]
    again: str | None = None


@dataclass(frozen=True)
class LastAttempt:
    """The latest attempt of an artifact, and how many were made in a row under its fingerprint, itself included."""

    attempt_id: str
    fingerprint: str
    outcome: AttemptOutcome
    tries: int


def last_attempts(warehouse: Warehouse, artifact_ids: Sequence[str]) -> dict[str, LastAttempt]:
    """Artifact id to its latest attempt, for those that have one."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("gates/last_attempts"), {"artifact_ids": list(artifact_ids)}).fetchall()
    return {
        artifact_id: LastAttempt(attempt_id, fingerprint, AttemptOutcome(outcome), tries)
        for artifact_id, attempt_id, fingerprint, outcome, tries in rows
    }


def save_attempts(warehouse: Warehouse, made: Sequence[MadeAttempt], stamp: Stamp) -> int:
    """Save attempts with the files they made, in one transaction; how many are new."""
    with warehouse.write() as connection:
        ids = [one.facts.artifact_id for one in made]
        before = in_force(connection, "attempts", "attempt_id", "artifact_id", ids)
        rows: list[Row] = []
        for one in made:
            held = before.get(one.facts.artifact_id)
            if not says_the_same(held, one.fingerprint) or previous_id(held) == one.again:
                append_blobs(connection, one.kept, stamp.recorded_at)
                rows.append(_row(one, previous_id(held), stamp))
        return append(connection, "attempts", rows, key="attempt_id")


def _row(one: MadeAttempt, previous: str | None, stamp: Stamp) -> Row:
    artifact_id = one.facts.artifact_id
    return {
        "attempt_id": content_id("attempt", artifact_id, one.fingerprint, previous),
        "artifact_id": artifact_id,
        "record_id": one.record_id,
        "claim_id": one.facts.claim_id,
        "fingerprint": one.fingerprint,
        "previous_id": previous,
        "outcome": one.attempt.outcome.value,
        "reason": one.attempt.reason,
        "backend": one.attempt.backend,
        "backend_is_authority": one.attempt.authority,
        "facts": one.facts.model_dump_json(),
        "detail": one.attempt.model_dump_json(),
        "recorded_at": stamp.recorded_at,
        "run_id": stamp.run_id,
    }


def attempts_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, HeldAttempt]:
    """Artifact id to its latest attempt, for the artifacts of these records that were attempted."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT attempt_id, artifact_id, record_id, claim_id, fingerprint, detail, facts, recorded_at "
            "FROM attempts WHERE record_id IN (SELECT unnest(?::VARCHAR[])) "
            "QUALIFY row_number() OVER (PARTITION BY artifact_id ORDER BY recorded_at DESC, attempt_id DESC) = 1 "
            "ORDER BY artifact_id",
            [list(record_ids)],
        ).fetchall()
    return {row[1]: _held(*row) for row in rows}


def _held(  # one parameter a column
    attempt_id: str,
    artifact_id: str,
    record_id: str,
    claim_id: str,
    fingerprint: str,
    detail: str,
    facts: str,
    recorded_at: datetime,
) -> HeldAttempt:
    return HeldAttempt(
        attempt_id=attempt_id,
        artifact_id=artifact_id,
        record_id=record_id,
        claim_id=claim_id,
        fingerprint=fingerprint,
        attempt=Attempt.model_validate_json(detail),
        facts=AttemptFacts.model_validate_json(facts),
        attempted_at=recorded_at,
    )
