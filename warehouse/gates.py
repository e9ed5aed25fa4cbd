"""Queries of the fifth stage: activations, the facts a gate may look at as of a time, gate verdicts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
from pydantic import TypeAdapter

from pipelines.gates.facts import AttackerReport, AttemptFacts, GateFacts, GateVerdict
from pipelines.models import AttemptOutcome, ClaimCounts, Finding, GateResult, Layout, PublicGateStatus, ReferenceCounts
from pipelines.publication.views import EarlierEvaluation
from warehouse.append import InForce, Row, Stamp, append, content_id, previous_id, says_the_same
from warehouse.connection import Warehouse
from warehouse.gate_corrections import correct_gates
from warehouse.statements import statement

_FINDINGS = TypeAdapter(tuple[Finding, ...])
_REPORTS = TypeAdapter(tuple[AttackerReport, ...])


@dataclass(frozen=True)
class Activation:
    """A gate version with the day from which it holds. `policy` is the YAML text, as activated."""

    activation_id: str
    gate: str
    policy_version: str
    title: str
    active_on: date
    policy: str


@dataclass(frozen=True)
class HeldGateVerdict:
    activation: Activation
    verdict: GateVerdict
    fingerprint: str
    evaluated_at: datetime
    earlier: tuple[EarlierEvaluation, ...] = ()


def activate(warehouse: Warehouse, activation: Activation, recorded_at: datetime) -> bool:
    """Append an activation; False when it is there already with the same policy.

    Raises ValueError when the id is taken by another policy: an activated policy never changes.
    """
    digest = hashlib.sha256(activation.policy.encode()).hexdigest()
    row: Row = {
        "activation_id": activation.activation_id,
        "gate": activation.gate,
        "policy_version": activation.policy_version,
        "title": activation.title,
        "active_on": activation.active_on,
        "policy": activation.policy,
        "policy_sha256": digest,
        "recorded_at": recorded_at,
    }
    with warehouse.write() as connection:
        held = connection.execute(
            "SELECT policy_sha256 FROM current_gate_activations WHERE activation_id = ?",
            [activation.activation_id],
        ).fetchone()
        if held and held[0] != digest:
            raise ValueError(
                f"{activation.activation_id} is active with another policy; an activated policy never changes. "
                "Give the new one another date."
            )
        return bool(append(connection, "gate_activations", [row], key="activation_id"))


def activations(warehouse: Warehouse) -> tuple[Activation, ...]:
    """Every activation, in order of its day."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT activation_id, gate, policy_version, title, active_on, policy FROM current_gate_activations "
            "ORDER BY active_on, activation_id"
        ).fetchall()
    return tuple(Activation(*row) for row in rows)


def records_per_cohort(warehouse: Warehouse) -> dict[str, int]:
    """Cohort to how many records it holds."""
    with warehouse.read() as connection:
        return dict(connection.execute("SELECT cohort, count(*) FROM current_records GROUP BY 1 ORDER BY 1").fetchall())


def gate_facts(warehouse: Warehouse, cohorts: Sequence[str], as_of: datetime) -> Iterator[GateFacts]:
    """What was known at `as_of` about each record of some cohorts, in one statement for all of them.

    Read at once, and made one after the other: all together, the garbage collector would look through them again
    and again.
    """
    with warehouse.read() as connection:
        cursor = connection.execute(statement("gates/facts"), {"cohorts": list(cohorts), "as_of": as_of})
        names = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
    return (_facts(dict(zip(names, row, strict=True)), as_of) for row in rows)


def _facts(row: Row, as_of: datetime) -> GateFacts:
    return GateFacts(
        record_id=row["record_id"],
        title=row["title"],
        published_on=row["published_on"],
        layout=Layout(row["layout"]),
        claims=ClaimCounts(**{name: row[name] for name in ClaimCounts.model_fields}),
        references=ReferenceCounts(**{name: row[name] for name in ReferenceCounts.model_fields}),
        findings=_FINDINGS.validate_json(row["findings"]) if row["findings"] else (),
        attempts=tuple(_attempt_facts(one) for one in row["artifacts"] or ()),
        attackers=_REPORTS.validate_json(row["reports"]) if row["reports"] else (),
        as_of=as_of,
    )


def _attempt_facts(artifact: Row) -> AttemptFacts:
    """The latest attempt of an artifact; NOT_ATTEMPTED for one that was attached and not run yet."""
    if artifact["facts"]:
        return AttemptFacts.model_validate_json(artifact["facts"])
    return AttemptFacts(
        artifact_id=artifact["artifact_id"],
        claim_id=artifact["claim_id"],
        kind=artifact["kind"],
        outcome=AttemptOutcome.NOT_ATTEMPTED,
        authority=False,
        reason="An artifact is attached and was not run yet",
    )


def gate_fingerprints(warehouse: Warehouse, activation_id: str, cohorts: Sequence[str]) -> dict[str, str]:
    """Record id to the fingerprint of its gate verdict in force under an activation, for the records of cohorts."""
    with warehouse.read() as connection:
        held = connection.execute(
            "SELECT DISTINCT record_id FROM records WHERE cohort IN (SELECT unnest(?::VARCHAR[]))", [list(cohorts)]
        ).fetchall()
        found = _held(connection, activation_id, [record_id for (record_id,) in held])
    return {record_id: one.fingerprint for record_id, one in found.items()}


def _held(connection: duckdb.DuckDBPyConnection, activation_id: str, record_ids: Sequence[str]) -> dict[str, InForce]:
    """Record id to its gate verdict in force under an activation; asked of the table, not of the view over it."""
    rows = connection.execute(
        "SELECT record_id, gate_verdict_id, fingerprint FROM gate_verdicts "
        "WHERE activation_id = ? AND record_id IN (SELECT unnest(?::VARCHAR[])) "
        "QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY recorded_at DESC, gate_verdict_id DESC) = 1",
        [activation_id, list(record_ids)],
    ).fetchall()
    return {record_id: InForce(verdict_id, fingerprint) for record_id, verdict_id, fingerprint in rows}


@dataclass(frozen=True)
class EvaluatedGate:
    """A gate verdict to be saved. `facts` is the JSON of what it was reached from, as of `as_of`."""

    fingerprint: str
    facts: str
    as_of: datetime
    verdict: GateVerdict


def save_gate_verdicts(
    warehouse: Warehouse, activation: Activation, evaluated: Sequence[EvaluatedGate], stamp: Stamp
) -> int:
    """Save verdicts under one activation and, in the same transaction, the corrections they call for; how many
    verdicts are new."""
    with warehouse.write() as connection:
        before = _held(connection, activation.activation_id, [one.verdict.record_id for one in evaluated])
        new = [one for one in evaluated if not says_the_same(before.get(one.verdict.record_id), one.fingerprint)]
        rows = [_verdict_row(one, previous_id(before.get(one.verdict.record_id)), stamp) for one in new]
        correct_gates(connection, activation.active_on, [one.verdict for one in new], stamp)
        return append(connection, "gate_verdicts", rows, key="gate_verdict_id")


def _verdict_row(one: EvaluatedGate, previous: str | None, stamp: Stamp) -> Row:
    verdict = one.verdict
    return {
        "gate_verdict_id": content_id(
            "gate-verdict", verdict.record_id, verdict.activation_id, one.fingerprint, previous
        ),
        "record_id": verdict.record_id,
        "activation_id": verdict.activation_id,
        "gate": verdict.gate,
        "policy_version": verdict.policy_version,
        "fingerprint": one.fingerprint,
        "previous_id": previous,
        "result": verdict.result.value if verdict.result else None,
        "outcome": verdict.outcome.value if verdict.outcome else None,
        "public_status": verdict.public_status.value,
        "reason": verdict.reason,
        "facts": one.facts,
        "as_of": one.as_of,
        "recorded_at": stamp.recorded_at,
        "run_id": stamp.run_id,
    }


def gate_verdicts_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, tuple[HeldGateVerdict, ...]]:
    """Record id to its gate verdicts in force, one an activation, in order of the activation's day."""
    with warehouse.read() as connection:
        asked = {"record_ids": list(record_ids)}
        rows = connection.execute(statement("gates/verdicts_of"), asked).fetchall()
        earlier = _earlier(connection.execute(statement("gates/earlier_verdicts_of"), asked).fetchall())
    found: dict[str, list[HeldGateVerdict]] = {}
    for row in rows:
        record_id, result, outcome, status, reason, fingerprint, as_of = row[6:]
        activation = Activation(*row[:6])
        verdict = GateVerdict(
            record_id=record_id,
            gate=activation.gate,
            policy_version=activation.policy_version,
            activation_id=activation.activation_id,
            result=GateResult(result) if result else None,
            outcome=AttemptOutcome(outcome) if outcome else None,
            public_status=PublicGateStatus(status),
            reason=reason,
        )
        before = tuple(earlier.get((record_id, activation.activation_id), ()))
        found.setdefault(record_id, []).append(HeldGateVerdict(activation, verdict, fingerprint, as_of, before))
    return {record_id: tuple(verdicts) for record_id, verdicts in found.items()}


def _earlier(rows: Sequence[tuple[Any, ...]]) -> dict[tuple[str, str], list[EarlierEvaluation]]:
    """Record and activation to the evaluations under it that are not in force any more."""
    found: dict[tuple[str, str], list[EarlierEvaluation]] = {}
    for record_id, activation_id, result, outcome, status, reason, as_of, _ in rows:
        evaluation = EarlierEvaluation(
            result=result, outcome=outcome, public_status=status, reason=reason, evaluated_at=as_of
        )
        found.setdefault((record_id, activation_id), []).append(evaluation)
    return found


def outcome_counts(warehouse: Warehouse, activation_id: str, cohorts: Sequence[str]) -> dict[str, int]:
    """Outcome or result to how many records of the cohorts have it under an activation."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT coalesce(g.outcome, g.result), count(*) FROM current_gate_verdicts AS g "
            "JOIN current_records AS r USING (record_id) "
            "WHERE g.activation_id = ? AND r.cohort IN (SELECT unnest(?::VARCHAR[])) GROUP BY 1 ORDER BY 1",
            [activation_id, list(cohorts)],
        ).fetchall()
    return dict(rows)
