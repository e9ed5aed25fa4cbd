"""A record's public artifacts, level and tier, read from the warehouse under the gates in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.gates.artifact import Artifact, ArtifactKind, ArtifactManifest, InputFile
from pipelines.gates.attempt import Attempt, AttemptStep, CheckFault, facts_of
from pipelines.gates.evaluate import evaluate
from pipelines.gates.facts import AttackerReport, RedTeamFinding, Target
from pipelines.gates.policy import load_policy
from pipelines.models import AttemptOutcome, Level, PublicGateStatus, Tier
from pipelines.publication.corrections import correction_events, public_state
from pipelines.publication.views import PublicRecord
from tests.warehouse.a_warehouse import saved_record, sentences
from warehouse.append import Stamp
from warehouse.artifacts import approve, attach
from warehouse.attempts import MadeAttempt, save_attempts
from warehouse.connection import Warehouse
from warehouse.extraction import save_claims
from warehouse.gates import EvaluatedGate, activations, gate_facts, save_gate_verdicts
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_policy, activate_shipped, shipped_policies
from warehouse.public_records import public_records
from warehouse.red_team import save_red_team_reports

# After every gate of the shipped policies is in force.
MONDAY = max(policy.active_on for policy, _ in shipped_policies()) + timedelta(days=1)
RECORD = "test:moss"
EXPECTED = {"value": "31", "relation": "==", "tolerance": "0.5", "claim": "31 %"}


def at(hours: int = 0) -> datetime:
    return datetime.fromisoformat(f"{MONDAY.isoformat()}T09:00:00+00:00") + timedelta(hours=hours)


def on(hours: int = 0) -> Stamp:
    return Stamp(at(hours), "by hand")


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    made = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    record = saved_record(made, at())
    save_claims(made, [(record, sentences(record))], "extractor-1", on())
    activate_shipped(made, recorded_at=at())
    return made


def attached(house: Warehouse, claim_id: str = "claim-1", kind: ArtifactKind = ArtifactKind.REPRODUCTION) -> str:
    manifest = ArtifactManifest(
        kind=kind,
        claim=claim_id,
        author="Ada Brook",
        licence="CC0-1.0",
        entry="weigh.py",
        runtime="python",
        inputs=(InputFile(path="moss.csv", sha256="ab" * 32, origin="https://data.example/moss"),),
    )
    files = {"artifact.toml": f"{claim_id} {kind}".encode(), "weigh.py": b"print(1)\n"}
    artifact_id = attach(
        house, Artifact(manifest=manifest, files=files), record_id=RECORD, claim_id=claim_id, recorded_at=at()
    )
    approve(house, artifact_id, by="an editor", reason="it weighs the moss", approved=True, recorded_at=at())
    return artifact_id


def attempted(house: Warehouse, artifact_id: str, outcome: AttemptOutcome, hours: int = 1, **changed: object) -> None:
    fields: dict[str, object] = {
        "outcome": outcome,
        "reason": "as it was run",
        "backend": "test-1",
        "authority": True,
        "steps": (AttemptStep(name="first run", ending="exit code 0", value=31.2, wall_s=0.1),),
        "faults": (CheckFault(rule="literal", message="line 1"),),
        "seal_level": 2,
        "evidence": {"expectation": EXPECTED},
    }
    made = Attempt.model_validate(fields | changed)
    kind = "lean" if made.kernels else "reproduction"
    facts = facts_of(artifact_id, "claim-1", kind, made)
    save_attempts(house, [MadeAttempt(RECORD, f"{outcome} {changed}", made, facts, {})], on(hours))


def judged(house: Warehouse, hours: int = 2) -> None:
    """Every activation evaluated as the asset does it."""
    facts = list(gate_facts(house, ["2026-05"], at(hours)))
    for activation in activations(house):
        evaluated = [
            EvaluatedGate(
                f"{hours} {activation.activation_id}",
                one.model_dump_json(exclude={"as_of"}),
                one.as_of,
                evaluate(load_policy(activation.policy), activation.activation_id, one),
            )
            for one in facts
        ]
        save_gate_verdicts(house, activation, evaluated, on(hours))


def public(house: Warehouse, today: date = MONDAY) -> PublicRecord:
    (record,) = public_records(house, [RECORD], today=today)
    return record


def reported(house: Warehouse, *findings: RedTeamFinding, others: Sequence[AttackerReport] = ()) -> None:
    report = AttackerReport(attacker="counterexample", ran=True, reason="all looked at", findings=findings)
    save_red_team_reports(house, [(RECORD, "A", (report, *others))], on(1))


def test_an_artifact_comes_out_with_everything_a_reader_is_shown(house: Warehouse) -> None:
    attempted(house, attached(house), AttemptOutcome.VERIFIED)
    judged(house)
    (view,) = public(house).artifacts
    assert (view.claim_id, view.kind, view.author) == ("claim-1", "reproduction", "Ada Brook")
    assert [file.path for file in view.files] == ["artifact.toml", "weigh.py"]
    assert view.inputs[0].origin == "https://data.example/moss"
    assert view.approval is not None
    assert (view.approval.by, view.approval.recorded_at) == ("an editor", at())
    assert view.expected is not None
    assert (view.expected.value, view.expected.tolerance, view.expected.words) == (31.0, 0.5, "31 %")
    assert view.attempt is not None
    assert (view.attempt.steps[0].value, view.attempt.attempted_at) == (31.2, at(1))
    assert view.attempt.faults[0].rule == "literal"
    assert view.standing is not None
    assert view.standing.outcome is AttemptOutcome.VERIFIED


def test_a_verified_reproduction_lifts_the_record_to_l6_and_a_refuted_one_puts_it_in_quarantine(
    house: Warehouse,
) -> None:
    artifact_id = attached(house)
    judged(house, 1)
    assert public(house).level is Level.LITERATURE_SYNTHESIS
    attempted(house, artifact_id, AttemptOutcome.VERIFIED)
    judged(house)
    record = public(house)
    assert (record.level, record.level_basis) == (
        Level.INDEPENDENTLY_REPRODUCED,
        "1 claim was reproduced under seal.",
    )
    attempted(house, artifact_id, AttemptOutcome.REFUTED, hours=3)
    judged(house, 4)
    record = public(house)
    assert (record.level, record.tier) == (Level.SANDBOX_EXECUTED, Tier.QUARANTINE_CANDIDATE)


def test_an_attempt_newer_than_the_gates_verdict_lifts_nothing_before_the_gate_has_looked(house: Warehouse) -> None:
    artifact_id = attached(house)
    judged(house)
    attempted(house, artifact_id, AttemptOutcome.VERIFIED)
    assert public(house).level is Level.SANDBOX_EXECUTED


def test_raised_rules_make_a_proof_stale_and_that_is_a_correction(house: Warehouse) -> None:
    proof = attached(house, kind=ArtifactKind.LEAN)
    attempted(house, proof, AttemptOutcome.VERIFIED, checker_version="4.34.1", kernels=("lean", "nanoda"))
    judged(house)
    before = public(house)
    assert before.level is Level.FORMALLY_VERIFIED
    text = next(text for policy, text in shipped_policies() if (policy.gate, policy.version) == ("gate-2", "v2"))
    text = text.replace("version: v2\nsupersedes: v1", "version: v3\nsupersedes: v2").replace("4.34.1", "4.35.0")
    day = MONDAY + timedelta(days=1)
    activate_policy(house, load_policy(text), text, active_on=day, recorded_at=at(4))
    judged(house, 5)
    assert public(house).level is Level.FORMALLY_VERIFIED  # announced, not in force
    after = public(house, day)
    assert after.level is Level.SANDBOX_EXECUTED
    assert after.artifacts[0].standing is not None
    assert "at least 4.35.0 asked" in after.artifacts[0].standing.reason
    events = correction_events(
        public_state(before),
        public_state(after),
        record_id=RECORD,
        previous=None,
        why="the rules were raised",
        recorded_at=at(6),
    )
    (event,) = [one for one in events if one.kind == "ARTIFACT"]
    assert event.after[f"artifact.{proof}.outcome"] == "STALE"


def test_a_check_that_the_red_team_found_invalid_counts_for_nothing(house: Warehouse) -> None:
    artifact_id = attached(house)
    attempted(house, artifact_id, AttemptOutcome.VERIFIED)
    finding = RedTeamFinding(
        attacker="counterexample", target=Target.CHECK, subject=artifact_id, rule="constant", message="It is constant."
    )
    reported(house, finding)
    judged(house)
    record = public(house)
    assert record.artifacts[0].standing is not None
    assert record.artifacts[0].standing.outcome is AttemptOutcome.INVALID_CHECK
    assert record.level is Level.SANDBOX_EXECUTED


def test_a_claim_refuted_by_the_red_team_puts_the_record_in_quarantine(house: Warehouse) -> None:
    finding = RedTeamFinding(
        attacker="counterexample",
        target=Target.CLAIM,
        subject="claim-1",
        rule="refuted-by-source",
        message="A source says otherwise.",
        confirmed=True,
    )
    reported(house, finding, others=(AttackerReport(attacker="model", ran=False, reason="none is configured"),))
    judged(house)
    record = public(house)
    (red_team,) = [one for one in record.gates if one.gate == "gate-3"]
    assert red_team.public_status is PublicGateStatus.FALSIFIED
    assert [one.ran for one in red_team.attackers] == [True, False]
    assert record.tier is Tier.QUARANTINE_CANDIDATE
    assert all(not one.attackers for one in record.gates if one.gate != "gate-3")


def test_gates_say_what_their_policy_asks(house: Warehouse) -> None:
    judged(house)
    asked = {policy.question for policy, _ in shipped_policies()}
    assert {gate.question for gate in public(house).gates} == asked


def test_an_artifact_on_a_claim_that_the_record_no_longer_makes_counts_for_nothing(house: Warehouse) -> None:
    artifact_id = attached(house, "claim-99")
    attempted(house, artifact_id, AttemptOutcome.VERIFIED)
    judged(house)
    record = public(house)
    assert record.artifacts[0].standing is None
    assert record.level is Level.LITERATURE_SYNTHESIS


def test_evidence_without_an_expected_value_leaves_it_absent(house: Warehouse) -> None:
    artifact_id = attached(house)
    unusable: list[dict[str, object]] = [
        {},
        {"expectation": None},
        {"expectation": {"value": "much"}},
        {"expectation": [1]},
    ]
    for hours, evidence in enumerate(unusable, 1):
        attempted(house, artifact_id, AttemptOutcome.INCONCLUSIVE, hours=hours, evidence=evidence)
        assert public(house).artifacts[0].expected is None
