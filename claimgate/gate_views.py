"""Gates, artifacts and attackers as `show` gives them: JSON beside `R`, and lines of text.

Belongs here: which words and fields come out. Does not belong here: reading the warehouse, judging.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.gates.facts import AttackerReport
from pipelines.publication.gate_contract import (
    RED_TEAM_GATE,
    artifact_outcome,
    artifact_section,
    gate_in_force,
    gate_name,
    gates_in_force,
    record_gate_verdict,
)
from pipelines.publication.site.text import shown
from pipelines.publication.views import ArtifactView, AttemptView, GateView, PublicRecord

STEPS_PRINTED = 12
LONGEST = 600  # characters of a line


def gates_document(record: PublicRecord) -> dict[str, Any]:
    """What `show --json` adds to `R`: all of the artifacts, the red team's reports, the contract."""
    red_team = gate_in_force(record.gates, RED_TEAM_GATE)
    return {
        "artifacts": [artifact_section(one) for one in record.artifacts],
        "red_team": [one.model_dump(mode="json") for one in red_team.attackers] if red_team else [],
        "gate_verdict": record_gate_verdict(record),
    }


def gate_lines(record: PublicRecord) -> Iterator[str]:
    """Each gate in force with its result and reason, then those that do not decide, then artifacts and attackers.

    Scripts and their authors wrote some of it: a line is bounded, stays one, and turns no terminal.
    """
    return (shown(line, LONGEST).replace("\n", " ") for line in _lines(record))


def _lines(record: PublicRecord) -> Iterator[str]:
    now = gates_in_force(record.gates)
    for gate in now:
        yield f"{gate_name(gate)}: {_word(gate)}, published as {gate.public_status.value}: {gate.reason}"
        yield f"     {gate.activation_id}, rules {gate.policy_version}, evaluated {gate.evaluated_at:%Y-%m-%d %H:%M}"
    for gate in record.gates:
        if gate not in now:
            why = "superseded" if gate.in_force else f"announced, active on {gate.active_on.isoformat()}"
            yield f"{gate_name(gate)} ({gate.activation_id}, {why}): {_word(gate)}: {gate.reason}"
    ordinals = {view.claim.claim_id: view.claim.ordinal for view in record.claims}
    for artifact in record.artifacts:
        yield from _artifact_lines(artifact, ordinals.get(artifact.claim_id))
    red_team = gate_in_force(record.gates, RED_TEAM_GATE)
    for report in red_team.attackers if red_team else ():
        yield from _attacker_lines(report)


def _word(gate: GateView) -> str:
    word = gate.result or gate.outcome
    return word.value if word else "-"


def _artifact_lines(artifact: ArtifactView, claim: int | None) -> Iterator[str]:
    about = f"claim {claim}" if claim is not None else "a claim that the record no longer makes"
    attempt, held = artifact.attempt, artifact.standing or artifact.attempt
    reason = held.reason if held else "nothing was run yet"
    yield f"Artifact {artifact.artifact_id}, {artifact.kind} for {about}: {artifact_outcome(artifact).value}: {reason}"
    by = artifact.approval
    yield f"     approved by {by.by}: {by.reason}" if by else "     approved by nobody"
    for given in artifact.inputs:
        yield f"     reads {given.path}, from {given.origin or 'nobody knows where'}"
    if attempt:
        yield from _attempt_lines(attempt)


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
    yield f"Attacker {report.attacker}: {len(report.findings)} found. {report.reason}"
    for finding in report.findings:
        yield f"     against the {finding.target.value}, {finding.subject}: {finding.message}"
        for quote in finding.quotes:
            yield f'         "{" ".join(quote.text.split())}" - {quote.source_id}'
