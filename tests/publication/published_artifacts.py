"""Artifacts, attempts and attackers for the tests of what leaves the house; every text was written for them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pipelines.gates.facts import AttackerReport, RedTeamFinding, RedTeamQuote, Target
from pipelines.models import AttemptOutcome, GateResult, PublicGateStatus
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

RUN_AT = datetime(2026, 7, 2, 2, 0, 11, tzinfo=UTC)
GATE_2 = "gate-2@2026-06-10"


def step(name: str, value: float | None, ending: str = "exit code 0", note: str = "") -> AttemptStepView:
    return AttemptStepView(name=name, ending=ending, value=value, wall_s=0.04, note=note)


def attempt(outcome: AttemptOutcome, reason: str, **changed: object) -> AttemptView:
    fields: dict[str, object] = {
        "outcome": outcome,
        "reason": reason,
        "backend": "reproduction-1",
        "authority": True,
        "attempted_at": RUN_AT,
        "seal_level": 2,
        "seal_profile": "5e" * 32,
        "runtime": "python 3.11 sha256:" + "7a" * 8,
    }
    return AttemptView.model_validate(fields | changed)


def artifact(number: int, claim: int, made: AttemptView | None, **changed: object) -> ArtifactView:
    fields: dict[str, object] = {
        "artifact_id": f"artifact-id-{number}",
        "claim_id": f"claim-{claim:02d}",
        "kind": "reproduction",
        "sha256": f"{number:02d}" * 32,
        "author": "B. Sedge",
        "licence": "CC0-1.0",
        "runtime": "python",
        "files": (ArtifactFileView(path="water.py", sha256="c1" * 32, size=1_204),),
        "inputs": (
            ArtifactInputView(
                path="beds.csv", sha256="be" * 32, origin="https://data.example/beds?year=2025", licence="CC-BY-4.0"
            ),
        ),
        "approval": ApprovalView(by="Reader Two", reason="The script sums the weighed loss.", recorded_at=RUN_AT),
        "attached_at": RUN_AT,
        "attempt": made,
        "standing": StandingView(activation_id=GATE_2, outcome=made.outcome, reason=made.reason) if made else None,
    }
    return ArtifactView.model_validate(fields | changed)


def verified() -> ArtifactView:
    made = attempt(
        AttemptOutcome.VERIFIED,
        "It gives 31.2, the claim states 31.",
        steps=(
            step("first run", 31.2),
            step("second run", 31.2, note="another hash seed"),
            step("input withheld", None, "exit code 1"),
            step("input perturbed", 12.000012345),
        ),
        evidence={"script": {"sha256": "c1" * 32}, "versions": ["3.11.2"], "memory": 12_345, "compared": True},
    )
    return artifact(
        1, 1, made, expected=ExpectedView(value=31, relation="==", tolerance=0.5, words="cut water loss by 31 %")
    )


def refuted() -> ArtifactView:
    made = attempt(AttemptOutcome.REFUTED, "It gives 0.02, the claim states at least 0.33.", steps=(step("run", 0.02),))
    return artifact(2, 2, made, expected=ExpectedView(value=0.33, relation=">=", tolerance=None))


def invalid() -> ArtifactView:
    made = attempt(
        AttemptOutcome.INVALID_CHECK,
        "The result stays 768 whatever its input is.",
        steps=(step("first run", 768.0), step("input withheld", 768.0)),
        faults=(AttemptFaultView(rule="constant", message="Line 3 prints a product of two numbers."),),
    )
    unknown = (ArtifactInputView(path="sizes.json", sha256="51" * 32, origin=None),)
    return artifact(3, 4, made, approval=None, inputs=unknown)


def broken() -> ArtifactView:
    made = attempt(
        AttemptOutcome.ATTEMPT_FAILED, "It ran longer than 60 s.", steps=(step("run", None, "it ran past its time"),)
    )
    return artifact(4, 4, made)


def stale_proof() -> ArtifactView:
    made = attempt(
        AttemptOutcome.VERIFIED,
        "Two kernels accept the proof.",
        backend="comparator 1.2",
        checker_version="4.33.0",
        kernels=("lean 4.33.0", "nanoda 0.4"),
        axioms=("propext",),
        steps=(step("build", None), step("replay", None)),
    )
    standing = StandingView(
        activation_id=GATE_2,
        outcome=AttemptOutcome.STALE,
        reason="It passed below what this policy asks: Lean 4.33.0, at least 4.34.1 asked.",
    )
    return artifact(5, 3, made, kind="lean", runtime="mathlib-2026-06", inputs=(), standing=standing)


def waiting() -> ArtifactView:
    return artifact(6, 77, None, approval=None, inputs=())


def artifacts() -> tuple[ArtifactView, ...]:
    return (waiting(), stale_proof(), broken(), invalid(), refuted(), verified())


def attackers() -> tuple[AttackerReport, ...]:
    against_claim = RedTeamFinding(
        attacker="counterexample",
        target=Target.CLAIM,
        subject="claim-02",
        rule="refuted-by-source",
        message="A source finds no difference in yields.",
        quotes=(RedTeamQuote(source_id="doi:10.5555/clover", text="Yields of squash were the same in both."),),
    )
    against_check = RedTeamFinding(
        attacker="check-auditor",
        target=Target.CHECK,
        subject="artifact-id-3",
        rule="constant",
        message="The check gives the same number without its input.",
    )
    against_citation = RedTeamFinding(
        attacker="citation-auditor",
        target=Target.CITATION,
        subject="reference 2",
        rule="retracted",
        message="The record leans on a retracted work.",
        confirmed=True,
    )
    return (
        AttackerReport(attacker="counterexample", ran=True, reason="6 claims looked at.", findings=(against_claim,)),
        AttackerReport(attacker="check-auditor", ran=True, reason="6 artifacts looked at.", findings=(against_check,)),
        AttackerReport(
            attacker="citation-auditor", ran=True, reason="3 references looked at.", findings=(against_citation,)
        ),
        AttackerReport(attacker="model", ran=False, reason="No model is configured."),
    )


def gate_view(gate: str, title: str, activated: date, reason: str, **changed: object) -> GateView:
    """A gate under its first policy that was not passed."""
    fields: dict[str, object] = {
        "gate": gate,
        "title": title,
        "policy_version": "v1",
        "activation_id": f"{gate}@{activated.isoformat()}",
        "active_on": activated,
        "in_force": True,
        "result": GateResult.FAILED,
        "outcome": None,
        "public_status": PublicGateStatus.UNVERIFIED,
        "reason": reason,
        "evaluated_at": RUN_AT,
    }
    return GateView.model_validate(fields | changed)


def red_team() -> GateView:
    return gate_view(
        "gate-3",
        "Red team",
        date(2026, 6, 10),
        "Failed: The record leans on a retracted work.",
        question="Does an independent attacker find evidence against the record?",
        attackers=attackers(),
    )


def hostile_artifact(nasty: str) -> ArtifactView:
    made = attempt(
        AttemptOutcome.INVALID_CHECK,
        nasty,
        backend=nasty,
        seal_profile=nasty,
        runtime=nasty,
        checker_version=nasty,
        kernels=(nasty,) * 40,
        axioms=(nasty,) * 40,
        steps=tuple(step(nasty, 1e300, nasty, nasty) for _ in range(200)),
        faults=tuple(AttemptFaultView(rule=nasty, message=nasty) for _ in range(100)),
        evidence={f"{n} {nasty}": {"log": nasty} for n in range(100)},
    )
    return artifact(
        9,
        1,
        made,
        artifact_id=nasty,
        kind=nasty,
        sha256=nasty,
        author=nasty,
        licence=nasty,
        runtime=nasty,
        files=tuple(ArtifactFileView(path=f"../{n}{nasty}", sha256=nasty, size=n) for n in range(100)),
        inputs=tuple(ArtifactInputView(path=nasty, sha256=nasty, origin="javascript:alert(1)") for _ in range(100)),
        expected=ExpectedView(value=1, relation=nasty, tolerance=None, words=nasty),
        approval=ApprovalView(by=nasty, reason=nasty, recorded_at=RUN_AT),
        standing=StandingView(activation_id=nasty, outcome=AttemptOutcome.STALE, reason=nasty),
    )


def hostile_attacker(nasty: str) -> AttackerReport:
    quotes = tuple(RedTeamQuote(source_id=nasty, text=nasty) for _ in range(40))
    finding = RedTeamFinding(
        attacker=nasty, target=Target.CLAIM, subject=nasty, rule=nasty, message=nasty, quotes=quotes
    )
    return AttackerReport(attacker=nasty, ran=True, reason=nasty, findings=(finding,) * 100)
