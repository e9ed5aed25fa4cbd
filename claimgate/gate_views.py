"""Gates, artifacts and attackers as `show` gives them: JSON beside `R`, and lines of text.

Belongs here: which words and fields come out. Does not belong here: reading the warehouse, judging.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claimgate.views import artifact_reason, artifact_view, one_line
from pipelines.gates.facts import AttackerReport
from pipelines.publication.gate_contract import (
    RED_TEAM_GATE,
    VERIFICATION_GATE,
    artifact_outcome,
    artifact_section,
    gate_in_force,
    gate_name,
    gates_in_force,
    record_gate_verdict,
)
from pipelines.publication.site.words import ATTEMPTS
from pipelines.publication.views import ArtifactView, AttemptView, GateView, PublicRecord

STEPS_PRINTED = 12


def gates_document(record: PublicRecord) -> dict[str, Any]:
    """What `show --json` adds to `R`: all of the artifacts, the red team's reports, the contract."""
    red_team = gate_in_force(record.gates, RED_TEAM_GATE)
    return {
        "artifacts": [{**artifact_section(one), **artifact_view(one)} for one in record.artifacts],
        "red_team": [one.model_dump(mode="json") for one in red_team.attackers] if red_team else [],
        "gate_verdict": record_gate_verdict(record),
    }


def gate_lines(record: PublicRecord) -> Iterator[str]:
    """Each gate in force with its result, reason and evidence, then those that do not decide.

    Scripts and their authors wrote some of it: a line is bounded, stays one, and turns no terminal.
    """
    return (one_line(line) for line in _lines(record))


def _lines(record: PublicRecord) -> Iterator[str]:
    now = gates_in_force(record.gates)
    for gate in now:
        yield f"{gate_name(gate)}: {_word(gate)}{_published(gate)}: {gate.reason}"
        yield f"     {gate.activation_id}, rules {gate.policy_version}, evaluated {gate.evaluated_at:%Y-%m-%d %H:%M}"
        if gate.gate == VERIFICATION_GATE:
            yield from _artifacts_lines(record)
        for report in gate.attackers:
            yield from _attacker_lines(report)
    if not any(gate.gate == VERIFICATION_GATE for gate in now):
        yield from _artifacts_lines(record)
    for gate in record.gates:
        if gate not in now:
            why = "superseded" if gate.in_force else f"announced, active on {gate.active_on.isoformat()}"
            yield f"{gate_name(gate)} ({gate.activation_id}, {why}): {_word(gate)}: {gate.reason}"


def _published(gate: GateView) -> str:
    """The public status, where the contract has one: only this gate ever verifies or falsifies."""
    return f", published as {gate.public_status.value}" if gate.gate == VERIFICATION_GATE else ""


def _word(gate: GateView) -> str:
    word = gate.result or gate.outcome
    return word.value if word else "-"


def _artifacts_lines(record: PublicRecord) -> Iterator[str]:
    ordinals = {view.claim.claim_id: view.claim.ordinal for view in record.claims}
    for artifact in record.artifacts:
        yield from _artifact_lines(artifact, ordinals.get(artifact.claim_id))


def _artifact_lines(artifact: ArtifactView, claim: int | None) -> Iterator[str]:
    about = f"claim {claim}" if claim is not None else "a claim that the record no longer makes"
    outcome = artifact_outcome(artifact)
    yield (
        f"Artifact {artifact.artifact_id}, {artifact.kind} for {about}: {outcome.value}: {artifact_reason(artifact)}"
    )
    yield f"     {ATTEMPTS[outcome].means}."
    by = artifact.approval
    yield f"     approved by {by.by}: {by.reason}" if by else "     approved by nobody"
    for given in artifact.inputs:
        yield f"     reads {given.path}, from {given.origin or 'nobody knows where'}"
    if artifact.attempt:
        yield from _attempt_lines(artifact.attempt)


def _attempt_lines(attempt: AttemptView) -> Iterator[str]:
    seal = f"sealed at level {attempt.seal_level}" if attempt.seal_level is not None else "nothing was run sealed"
    yield f"     {attempt.outcome.value} by {attempt.backend}, {attempt.attempted_at:%Y-%m-%d %H:%M}, {seal}"
    for fault in attempt.faults:
        yield f"     against the check: {fault.rule}: {fault.message}"
    for step in attempt.steps[:STEPS_PRINTED]:
        value = "no result" if step.value is None else f"{step.value:.10g}"
        yield f"     {step.name}: {step.ending}, {value}"
    if len(attempt.steps) > STEPS_PRINTED:
        yield f"     and {len(attempt.steps) - STEPS_PRINTED} more runs"


def _attacker_lines(report: AttackerReport) -> Iterator[str]:
    if not report.ran:
        yield f"Attacker {report.attacker} did not run, and counts for nothing: {report.reason}"
        return
    yield f"Attacker {report.attacker}: {len(report.findings)} found. Material: {report.reason}"
    for finding in report.findings:
        yield f"     against the {finding.target.value}, {finding.subject}: {finding.message}"
        for quote in finding.quotes:
            yield f'         "{" ".join(quote.text.split())}" - {quote.source_id}'
