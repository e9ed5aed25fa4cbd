"""What is publicly held about gates and artifacts: each artifact with its latest attempt and what it counts for now.

Belongs here: putting stored facts together, set-wise. Does not belong here: judging (pipelines/gates), reading
the tables (`artifacts`, `attempts`, `red_team`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache

from pydantic import ValidationError

from pipelines.gates.facts import AttackerReport
from pipelines.gates.policy import GateKind, GatePolicy, InvalidPolicy, load_policy
from pipelines.gates.verification import counted
from pipelines.models import PublicGateStatus
from pipelines.publication.gate_contract import RED_TEAM_GATE, VERIFICATION_GATE, gate_in_force, published_status
from pipelines.publication.views import (
    ApprovalView,
    ArtifactFileView,
    ArtifactInputView,
    ArtifactView,
    AttemptFaultView,
    AttemptStepView,
    AttemptView,
    ExpectedView,
    GateView,
    StandingView,
)
from warehouse.artifacts import HeldArtifact
from warehouse.attempts import HeldAttempt
from warehouse.gates import HeldGateVerdict


@lru_cache(maxsize=64)
def policy_of(text: str) -> GatePolicy | None:
    """An activated policy; None for one that this version cannot read any more."""
    try:
        return load_policy(text)
    except InvalidPolicy:
        return None


def gate_view(held: HeldGateVerdict, attackers: tuple[AttackerReport, ...], today: date) -> GateView:
    """An evaluation; `attackers` are the record's reports in force, which belong to the red team's gate."""
    activation, verdict = held.activation, held.verdict
    policy = policy_of(activation.policy)
    return GateView(
        gate=activation.gate,
        title=activation.title,
        question=policy.question if policy else None,
        policy_version=activation.policy_version,
        activation_id=activation.activation_id,
        active_on=activation.active_on,
        in_force=activation.active_on <= today,
        result=verdict.result,
        outcome=verdict.outcome,
        public_status=verdict.public_status,
        reason=verdict.reason,
        evaluated_at=held.evaluated_at,
        attackers=attackers if activation.gate == RED_TEAM_GATE else (),
        earlier=held.earlier,
    )


def verdict_in_force(held: Sequence[HeldGateVerdict], today: date) -> HeldGateVerdict | None:
    """The verdict of the gate on artifacts under its newest activation in force; None where there is none."""
    views = {one.activation.activation_id: one for one in held}
    now = gate_in_force([gate_view(one, (), today) for one in held], VERIFICATION_GATE)
    return views[now.activation_id] if now else None


def verification_status(gates: Sequence[GateView]) -> PublicGateStatus | None:
    """The status of the gate on artifacts in force; FALSIFIED too where the red team's gate says so of a claim."""
    red_team = gate_in_force(gates, RED_TEAM_GATE)
    if red_team and published_status(red_team) is PublicGateStatus.FALSIFIED:
        return PublicGateStatus.FALSIFIED
    verification = gate_in_force(gates, VERIFICATION_GATE)
    return published_status(verification) if verification else None


def artifact_views(
    held: Sequence[HeldArtifact],
    attempts: Mapping[str, HeldAttempt],
    attackers: Sequence[AttackerReport],
    verification: HeldGateVerdict | None,
    claim_ids: AbstractSet[str],
) -> tuple[ArtifactView, ...]:
    """The artifacts of one record. `verification`: its verdict of gate 2 in force. `claim_ids`: its claims now."""
    return tuple(
        _artifact_view(one, attempts.get(one.artifact_id), attackers, verification, one.claim_id in claim_ids)
        for one in held
    )


def _artifact_view(
    held: HeldArtifact,
    attempt: HeldAttempt | None,
    attackers: Sequence[AttackerReport],
    verification: HeldGateVerdict | None,
    claim_stands: bool,
) -> ArtifactView:
    manifest, approval = held.manifest, held.approval
    judged = attempt is not None and verification is not None and claim_stands
    return ArtifactView(
        artifact_id=held.artifact_id,
        claim_id=held.claim_id,
        kind=manifest.kind.value,
        sha256=held.sha256,
        author=manifest.author,
        licence=manifest.licence,
        runtime=manifest.runtime,
        files=tuple(ArtifactFileView(path=path, sha256=sha256, size=size) for path, sha256, size in held.files),
        inputs=tuple(ArtifactInputView.model_validate(one.model_dump()) for one in manifest.inputs),
        expected=_expected(attempt) if attempt else None,
        approval=ApprovalView.model_validate(approval.model_dump()) if approval else None,
        attached_at=held.attached_at,
        attempt=_attempt_view(attempt) if attempt else None,
        standing=_standing(attempt, attackers, verification) if judged and attempt and verification else None,
    )


def _expected(held: HeldAttempt) -> ExpectedView | None:
    """What the engine held the result against, as its evidence has it; None where that says nothing of the kind."""
    stated = held.attempt.evidence.get("expectation")
    if not isinstance(stated, dict):
        return None
    try:
        return ExpectedView(
            value=stated["value"],
            relation=stated["relation"],
            tolerance=stated.get("tolerance"),
            words=stated.get("claim"),
        )
    except (KeyError, ValidationError):
        return None


def _attempt_view(held: HeldAttempt) -> AttemptView:
    attempt = held.attempt
    return AttemptView(
        outcome=attempt.outcome,
        reason=attempt.reason,
        backend=attempt.backend,
        authority=attempt.authority,
        attempted_at=held.attempted_at,
        steps=tuple(
            AttemptStepView.model_validate(one.model_dump(include=set(AttemptStepView.model_fields)))
            for one in attempt.steps
        ),
        faults=tuple(AttemptFaultView.model_validate(one.model_dump()) for one in attempt.faults),
        seal_level=attempt.seal_level,
        seal_profile=attempt.seal_profile,
        runtime=attempt.runtime,
        checker_version=attempt.checker_version,
        kernels=attempt.kernels,
        axioms=attempt.axioms,
        evidence=attempt.evidence,
    )


def _standing(
    attempt: HeldAttempt, attackers: Sequence[AttackerReport], verification: HeldGateVerdict
) -> StandingView | None:
    """What the attempt counts for under the rules in force, by the same function that the gate uses."""
    policy = policy_of(verification.activation.policy)
    if policy is None or policy.kind is not GateKind.ARTIFACT:
        return None
    (one,) = counted([attempt.facts], policy.evidence, attackers)
    return StandingView(activation_id=verification.activation.activation_id, outcome=one.outcome, reason=one.reason)
