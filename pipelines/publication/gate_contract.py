"""Gates and artifacts as other tools read them: contract gate-verdict-v1, and our own sections of the manifest.

Belongs here: which evaluation speaks for a gate, and the shape of what is published of it. Does not belong
here: evaluating (gates), pages (site). FALSIFIED is published from REFUTED only, VERIFIED from VERIFIED
only; neither ever follows from a score or a count of claims.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pipelines.gates.verification import PUBLIC_STATUS
from pipelines.models import AttemptOutcome, PublicGateStatus
from pipelines.publication.artifact_archive import archive_name, why_withheld
from pipelines.publication.views import ArtifactView, GateView, PublicRecord

GATE_VERDICT_SCHEMA = "https://assignee.net/schemas/gate-verdict-v1"
GATE_VERDICT_VERSION = "1.0"
VERIFICATION_GATE = "gate-2"  # the gate on artifacts, which the contract is about
RED_TEAM_GATE = "gate-3"

GATE_LABELS: Mapping[PublicGateStatus, str] = MappingProxyType(
    {
        PublicGateStatus.UNVERIFIED: "Unverified",
        PublicGateStatus.VERIFIED: "Verified",
        PublicGateStatus.FALSIFIED: "Falsified",
    }
)
GATE_DEFINITIONS: Mapping[PublicGateStatus, str] = MappingProxyType(
    {
        PublicGateStatus.UNVERIFIED: "Neither shown to hold nor shown to fail under this gate; "
        "the reason says what was attempted and what was not.",
        PublicGateStatus.VERIFIED: "A proof whose source type-checks, or a sealed run that reproduced "
        "the stated result within its tolerance, is attached.",
        PublicGateStatus.FALSIFIED: "The result itself was tested and failed: a counterexample, or a "
        "valid reproduction that does not match, is attached. A bad check does not falsify.",
    }
)
GATE_ENFORCEMENT = (
    "The status follows from the outcome of this gate's own evaluation and from nothing else; "
    "it is never derived from review score or claim count."
)


def gate_name(view: GateView) -> str:
    """The name by which a reader knows the gate: "Gate 2: Verification"."""
    return f"{view.gate.replace('-', ' ').capitalize()}: {view.title}"


def gate_in_force(gates: Sequence[GateView], gate: str) -> GateView | None:
    """The evaluation under the newest activation of a gate that is in force; None when there is none."""
    same = [one for one in gates if one.gate == gate and one.in_force]
    return max(same, key=lambda one: (one.active_on, one.activation_id), default=None)


def gates_in_force(gates: Sequence[GateView]) -> tuple[GateView, ...]:
    """The evaluation in force of each gate that has one, in the order of their numbers."""
    found = (gate_in_force(gates, gate) for gate in sorted({one.gate for one in gates}))
    return tuple(one for one in found if one)


def published_status(view: GateView) -> PublicGateStatus:
    """The status as the contract has it. One that the outcome does not bear is never published."""
    borne = PUBLIC_STATUS[view.outcome] if view.outcome else PublicGateStatus.UNVERIFIED
    return view.public_status if view.public_status is borne else PublicGateStatus.UNVERIFIED


def gate_verdict(view: GateView) -> dict[str, Any]:
    """The evaluation as contract gate-verdict-v1 has it."""
    status = published_status(view)
    return {
        "schema": GATE_VERDICT_SCHEMA,
        "schema_version": GATE_VERDICT_VERSION,
        "contract_version": "gate-verdict-v1",
        "status": status.value,
        "label": GATE_LABELS[status],
        "definition": GATE_DEFINITIONS[status],
        "reason": view.reason,
        "evaluated_at": view.evaluated_at.isoformat(),
        "gate": gate_name(view),
        "enforcement": GATE_ENFORCEMENT,
    }


def record_gate_verdict(record: PublicRecord) -> dict[str, Any] | None:
    """The contract for the record as a whole: gate 2 in force; None where it was never evaluated."""
    view = gate_in_force(record.gates, VERIFICATION_GATE)
    return gate_verdict(view) if view else None


def why_no_gate_verdict(record: PublicRecord) -> str | None:
    """Why the record has no verdict of the contract; None where it has one."""
    if gate_in_force(record.gates, VERIFICATION_GATE):
        return None
    announced = [one for one in record.gates if one.gate == VERIFICATION_GATE]
    if announced:
        return "Gate 2 was evaluated only under rules that are announced and not in force yet."
    return "Gate 2 was never evaluated for this record."


def artifact_outcome(view: ArtifactView) -> AttemptOutcome:
    """What an artifact counts for now: at the gate in force, else what came of running it."""
    held = view.standing or view.attempt
    return held.outcome if held else AttemptOutcome.NOT_ATTEMPTED


# --- sections of our manifest -------------------------------------------------------------------


def gate_section(view: GateView) -> dict[str, Any]:
    return {**view.model_dump(mode="json"), "gate_verdict": gate_verdict(view)}


def artifact_section(view: ArtifactView) -> dict[str, Any]:
    withheld = why_withheld(view)
    return {
        **view.model_dump(mode="json"),
        "outcome": artifact_outcome(view).value,
        "archive": None if withheld else archive_name(view),
        "archive_withheld": withheld,
    }
