"""Queries of the third stage: reference audits, verdicts with what they rest on, adjudications.

Verdicts come in as `ReachedVerdict`, with their feature tables and the works that were found for them; all of it is
written in one transaction. Does not belong here: searching the library (corpus.py), judging (pipelines).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import polars as pl
from pydantic import TypeAdapter

from pipelines.models import (
    Adjudication,
    AxisJudgement,
    ClaimVerdict,
    Evidence,
    EvidenceScope,
    NoticeKind,
    Probabilities,
    ReferenceAudit,
    SourceVerdict,
    Stance,
    Verdict,
)
from pipelines.verification.corpus_search import FoundWork
from pipelines.verification.sentence_features import SentenceFeatures
from warehouse.append import Row, Stamp, append, content_id, in_force, previous_id, says_the_same
from warehouse.as_read import AsRead
from warehouse.connection import Warehouse
from warehouse.corpus import append_found_works
from warehouse.costs import WorkCost, append_costs, costs_for, records_of_claims
from warehouse.ingestion import StoredReference
from warehouse.statements import statement

_PER_SOURCE = TypeAdapter(tuple[SourceVerdict, ...])
_AXES = TypeAdapter(tuple[AxisJudgement, ...])

# The row of a verdict, and those of its evidence.
_VerdictRows = tuple[tuple[Any, ...], tuple[tuple[Any, ...], ...]]

# A frame has no maps: features travel as a list of entries.
_FEATURES = {"features": pl.List(pl.Struct({"key": pl.String, "value": pl.Float64}))}


@dataclass(frozen=True)
class ReachedVerdict:
    """A verdict with what it was reached under, what it was computed from, and the works found for its claim.

    `library` names the contents that were searched; None where the library was not searched.
    """

    fingerprint: str
    verdict: Verdict
    features: tuple[SentenceFeatures, ...] = ()
    found: tuple[FoundWork, ...] = ()
    library: str | None = None


@dataclass(frozen=True)
class HeldVerdict:
    """A verdict in force, and when it was reached."""

    verdict_id: str
    fingerprint: str
    verdict: Verdict
    recorded_at: datetime


# --- reference audits ---------------------------------------------------------------------------


def audit_fingerprints(warehouse: Warehouse, reference_ids: Sequence[str]) -> dict[str, str]:
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT reference_id, fingerprint FROM current_reference_audits "
            "WHERE reference_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(reference_ids)],
        ).fetchall()
    return dict(rows)


def save_audits(
    warehouse: Warehouse,
    audited: Sequence[tuple[StoredReference, str, ReferenceAudit]],
    stamp: Stamp,
    costs: Sequence[WorkCost] = (),
) -> int:
    """Save (reference, fingerprint, audit); how many are new."""
    with warehouse.write() as connection:
        before = in_force(
            connection,
            "reference_audits",
            "audit_id",
            "reference_id",
            [stored.reference_id for stored, _, _ in audited],
        )
        rows: list[Row] = [
            {
                "audit_id": content_id(
                    "audit", stored.reference_id, fingerprint, previous_id(before.get(stored.reference_id))
                ),
                "reference_id": stored.reference_id,
                "record_version_id": stored.record_version_id,
                "fingerprint": fingerprint,
                "previous_id": previous_id(before.get(stored.reference_id)),
                "finding": audit.finding.value,
                "source_id": audit.source_id,
                "retracted": any(n.kind is NoticeKind.RETRACTED for n in audit.notices),
                "reason": audit.reason,
                "audit": audit.model_dump_json(),
                "recorded_at": stamp.recorded_at,
                "run_id": stamp.run_id,
            }
            for stored, fingerprint, audit in audited
            if not says_the_same(before.get(stored.reference_id), fingerprint)
        ]
        changed = {
            stored.record_id
            for stored, fingerprint, _ in audited
            if not says_the_same(before.get(stored.reference_id), fingerprint)
        }
        append_costs(connection, costs_for(costs, changed), stamp)
        return append(connection, "reference_audits", rows, key="audit_id")


def audits_of(warehouse: Warehouse, references: Iterable[StoredReference]) -> AsRead[ReferenceAudit]:
    """Reference id to the audit in force."""
    asked = sorted({stored.reference_id for stored in references})
    with warehouse.read() as connection:
        rows = connection.execute("SELECT reference_id, audit FROM reference_audits_of(?)", [asked]).fetchall()
    return AsRead(dict(rows), ReferenceAudit.model_validate_json)


# --- verdicts -----------------------------------------------------------------------------------


def verdict_fingerprints(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, str]:
    """Claim id to the fingerprint that its verdict in force was reached under, earlier claims included.

    Without those whose verdict rests on a text that was taken down since.
    """
    asked = {"record_ids": list(record_ids)}
    with warehouse.read() as connection:
        rows = connection.execute(statement("verification/verdict_fingerprints"), asked).fetchall()
    return dict(rows)


def save_verdicts(
    warehouse: Warehouse, reached: Sequence[ReachedVerdict], stamp: Stamp, costs: Sequence[WorkCost] = ()
) -> int:
    """Save verdicts with evidence, feature tables and found works, in one transaction; how many are new.

    Of the costs those of records that got a new verdict, so that asking in vain publishes nothing anew.
    """
    fixed: Row = {"recorded_at": stamp.recorded_at, "run_id": stamp.run_id}
    with warehouse.write() as connection:
        new = _not_in_force(connection, reached)
        verdicts = [_verdict_row(*one) | fixed for one in new]
        evidence = [
            _evidence_row(verdict_id, one.verdict.claim_id, place, quoted) | fixed
            for verdict_id, _, one in new
            for place, quoted in enumerate(one.verdict.evidence, start=1)
        ]
        features = [
            _features_row(verdict_id, one.verdict, place, row)
            for verdict_id, _, one in new
            for place, row in enumerate(one.features, start=1)
        ]
        append_found_works(connection, [(i, r.verdict.claim_id, r.library, r.found) for i, _, r in new], stamp)
        written = append(connection, "verdicts", verdicts, key="verdict_id")
        append(connection, "evidence", evidence, key="evidence_id")
        _append_features(connection, features, fixed)
        append_costs(
            connection, costs_for(costs, records_of_claims(connection, [r.verdict.claim_id for _, _, r in new])), stamp
        )
        return written


def _not_in_force(
    connection: duckdb.DuckDBPyConnection, reached: Sequence[ReachedVerdict]
) -> list[tuple[str, str | None, ReachedVerdict]]:
    """(verdict id, id of the verdict before, verdict) of those that say something new."""
    before = in_force(connection, "verdicts", "verdict_id", "claim_id", [one.verdict.claim_id for one in reached])
    new = []
    for one in reached:
        held = before.get(one.verdict.claim_id)
        if not says_the_same(held, one.fingerprint):
            previous = previous_id(held)
            new.append((content_id("verdict", one.verdict.claim_id, one.fingerprint, previous), previous, one))
    return new


def _verdict_row(verdict_id: str, previous: str | None, reached: ReachedVerdict) -> Row:
    verdict = reached.verdict
    return {
        "verdict_id": verdict_id,
        "claim_id": verdict.claim_id,
        "fingerprint": reached.fingerprint,
        "previous_id": previous,
        "verdict": verdict.verdict.value,
        "confidence": verdict.confidence,
        "reason": verdict.reason,
        "scope": verdict.scope.value,
        "conflict": verdict.conflict,
        "probabilities": verdict.probabilities.model_dump_json() if verdict.probabilities else None,
        "per_source": _PER_SOURCE.dump_json(verdict.per_source).decode(),
        "axes": _AXES.dump_json(verdict.axes).decode(),
        "backend": verdict.backend,
        "verifier_version": verdict.verifier_version,
    }


def _evidence_row(verdict_id: str, claim_id: str, place: int, evidence: Evidence) -> Row:
    return {
        "evidence_id": content_id("evidence", verdict_id, place),
        "verdict_id": verdict_id,
        "claim_id": claim_id,
        "ordinal": place,
        "passage_id": evidence.passage_id,
        "source_id": evidence.source_id,
        "stance": evidence.stance.value,
        "score": evidence.score,
        "start_offset": evidence.start,
        "end_offset": evidence.end,
        "text": evidence.text,
        "why": evidence.why,
    }


def _features_row(verdict_id: str, verdict: Verdict, place: int, row: SentenceFeatures) -> Row:
    return {
        "row_id": content_id("sentence-features", verdict_id, place),
        "verdict_id": verdict_id,
        "claim_id": verdict.claim_id,
        "source_id": row.source_id,
        "passage_id": row.passage_id,
        "start_offset": row.start,
        "end_offset": row.end,
        "ordinal": place,
        "stance": row.stance.value,
        "score": row.score,
        "features": [{"key": name, "value": value} for name, value in sorted(row.features.items())],
        "verifier_version": verdict.verifier_version,
    }


def _append_features(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row], fixed: Row) -> None:
    if not rows:
        return
    incoming = pl.DataFrame(rows, schema_overrides=_FEATURES, infer_schema_length=None)
    connection.register("incoming_features", incoming.to_arrow())
    try:
        connection.execute(statement("verification/add_sentence_features"), fixed)
    finally:
        connection.unregister("incoming_features")


def verdicts_of(warehouse: Warehouse, record_ids: Sequence[str], *, as_of: datetime | None = None) -> HeldVerdicts:
    """Claim id to its verdict in force, now or as of a time."""
    wanted: dict[str, Any] = {"record_ids": list(record_ids), "as_of": as_of}
    with warehouse.read() as connection:
        verdicts = connection.execute(statement("verification/verdicts_of"), wanted).fetchall()
        evidence = connection.execute(
            "SELECT verdict_id, passage_id, source_id, stance, score, start_offset, end_offset, text, why "
            "FROM evidence WHERE rowid IN "
            "(SELECT rowid FROM evidence WHERE verdict_id IN (SELECT unnest(?::VARCHAR[]))) "
            "ORDER BY verdict_id, ordinal",
            [[row[0] for row in verdicts]],
        ).fetchall()
    by_verdict: dict[str, list[tuple[Any, ...]]] = {}
    for verdict_id, *quoted in evidence:
        by_verdict.setdefault(verdict_id, []).append(tuple(quoted))
    return HeldVerdicts({row[1]: (row, tuple(by_verdict.get(row[0], ()))) for row in verdicts})


class HeldVerdicts(AsRead[HeldVerdict]):
    """Claim id to its verdict in force; `ids` the same to the verdict's id, `passage_ids` what their evidence is of."""

    def __init__(self, rows: Mapping[str, _VerdictRows]) -> None:
        super().__init__(rows, _held)
        self.ids: dict[str, str] = {claim_id: row[0] for claim_id, (row, _) in rows.items()}
        self.passage_ids = tuple(sorted({quoted[0] for _, evidence in rows.values() for quoted in evidence}))


def _held(rows: _VerdictRows) -> HeldVerdict:
    (verdict_id, claim_id, fingerprint, verdict, confidence, reason, scope, conflict, *rest), evidence = rows
    probabilities, per_source, axes, backend, version, recorded = rest
    return HeldVerdict(
        verdict_id,
        fingerprint,
        Verdict(
            claim_id=claim_id,
            verdict=ClaimVerdict(verdict),
            confidence=confidence,
            reason=reason,
            scope=EvidenceScope(scope),
            conflict=conflict,
            evidence=tuple(_evidence(*quoted) for quoted in evidence),
            probabilities=Probabilities.model_validate_json(probabilities) if probabilities else None,
            per_source=_PER_SOURCE.validate_json(per_source) if per_source else (),
            axes=_AXES.validate_json(axes) if axes else (),
            verifier_version=version,
            backend=backend,
        ),
        recorded,
    )


def _evidence(  # one parameter a column
    passage_id: str, source_id: str, stance: str, score: float, start: int, end: int, text: str, why: str
) -> Evidence:
    return Evidence(
        passage_id=passage_id,
        source_id=source_id,
        stance=Stance(stance),
        score=score,
        start=start,
        end=end,
        text=text,
        why=why,
    )


def sentence_features_of(warehouse: Warehouse, verdict_ids: Sequence[str]) -> dict[str, tuple[SentenceFeatures, ...]]:
    """Verdict id to its feature table, in its order."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT verdict_id, passage_id, source_id, start_offset, end_offset, stance, score, features "
            "FROM sentence_features WHERE verdict_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY verdict_id, ordinal",
            [list(verdict_ids)],
        ).fetchall()
    found: dict[str, list[SentenceFeatures]] = {}
    for verdict_id, passage_id, source_id, start, end, stance, score, features in rows:
        one = SentenceFeatures(passage_id, source_id, start, end, Stance(stance), score, features)
        found.setdefault(verdict_id, []).append(one)
    return {verdict_id: tuple(table) for verdict_id, table in found.items()}


def verdict_history(warehouse: Warehouse, claim_ids: Sequence[str]) -> tuple[Row, ...]:
    """Every verdict ever reached about these claims, oldest first."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT claim_id, verdict, confidence, reason, backend, verifier_version, recorded_at FROM verdicts "
            "WHERE claim_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY claim_id, recorded_at, verdict_id",
            [list(claim_ids)],
        ).fetchall()
    names = ("claim_id", "verdict", "confidence", "reason", "backend", "verifier_version", "recorded_at")
    return tuple(dict(zip(names, row, strict=True)) for row in rows)


# --- adjudications ------------------------------------------------------------------------------


def adjudicate(
    warehouse: Warehouse, *, claim_id: str, verdict: ClaimVerdict, reason: str, by: str, recorded_at: datetime
) -> str:
    """Append a person's verdict; its id. Nothing before it is touched."""
    adjudication_id = content_id("adjudication", claim_id, verdict.value, reason, by, recorded_at.isoformat())
    row: Row = {
        "adjudication_id": adjudication_id,
        "claim_id": claim_id,
        "verdict": verdict.value,
        "reason": reason,
        "adjudicator": by,
        "recorded_at": recorded_at,
    }
    with warehouse.write() as connection:
        append(connection, "adjudications", [row], key="adjudication_id")
    return adjudication_id


def adjudications_of(warehouse: Warehouse, record_ids: Sequence[str]) -> Mapping[str, Adjudication]:
    """Claim id to the adjudication in force."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT a.claim_id, a.verdict, a.reason, a.adjudicator, a.recorded_at FROM current_adjudications AS a "
            "JOIN claims_of(?) AS c USING (claim_id)",
            [list(record_ids)],
        ).fetchall()
    return {
        row[0]: Adjudication(verdict=ClaimVerdict(row[1]), reason=row[2], by=row[3], recorded_at=row[4]) for row in rows
    }
