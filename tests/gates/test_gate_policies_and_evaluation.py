"""Gates: policies as data, evaluation as a pure function, reasons that name figure and attempt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.gates.evaluate import evaluate
from pipelines.gates.facts import AttackerReport, AttemptFacts, GateFacts, GateVerdict, RedTeamFinding, Target
from pipelines.gates.policy import GateKind, GatePolicy, InvalidPolicy, activation_id, load_policy
from pipelines.models import (
    AttemptOutcome,
    ClaimCounts,
    Finding,
    GateResult,
    Layout,
    PublicGateStatus,
    ReferenceCounts,
    Severity,
)

WAREHOUSE = Path(__file__).parents[2] / "warehouse"
SHIPPED = [*sorted((WAREHOUSE / "policies").glob("*.yaml")), WAREHOUSE / "sample/policies/gate-1.v2.yaml"]
SOUND = ClaimCounts(extracted=6, supported=4, not_enough_info=1, not_checked=1)
FOUND = ReferenceCounts(found=3)


def shipped(name: str) -> GatePolicy:
    folder = "sample/policies" if name == "gate-1.v2" else "policies"
    return load_policy((WAREHOUSE / folder / f"{name}.yaml").read_text(encoding="utf-8"))


def facts(
    claims: ClaimCounts = SOUND,
    references: ReferenceCounts = FOUND,
    findings: tuple[Finding, ...] = (),
    attempts: tuple[AttemptFacts, ...] = (),
    attackers: tuple[AttackerReport, ...] = (),
    published_on: date | None = date(2026, 5, 30),
) -> GateFacts:
    return GateFacts(
        record_id="r1",
        title="A record",
        published_on=published_on,
        layout=Layout.REPORT,
        claims=claims,
        references=references,
        findings=findings,
        attempts=attempts,
        attackers=attackers,
        as_of=datetime(2026, 11, 1, tzinfo=UTC),
    )


def judged(name: str, about: GateFacts) -> GateVerdict:
    policy = shipped(name)
    return evaluate(policy, activation_id(policy.gate, policy.active_on), about)


def error(message: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(rule="stated-figures-disagree", severity=severity, message=message)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_policy_loads_under_its_own_name(path: Path) -> None:
    policy = load_policy(path.read_text(encoding="utf-8"))
    assert f"{policy.gate}.{policy.version}" == path.stem


def test_gate_two_takes_force_on_the_day_the_reference_activated_it() -> None:
    policy = shipped("gate-2.v1")
    assert activation_id(policy.gate, policy.active_on) == "gate-2@2026-06-10"
    assert policy.kind is GateKind.ARTIFACT


VALID = """
gate: gate-1
version: v1
title: Grounding
question: Do the sources say it?
kind: facts
active_on: 2026-01-01
requirements:
  - {fact: claims_checked, op: ">=", value: 3, why: Too few say little.}
"""

A_RED_TEAM = VALID.split("requirements")[0].replace("kind: facts", "kind: red-team") + (
    "attackers: [checks]\nfailing: [retracted-source]\n"
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "mapping"),
        ("- a list", "mapping"),
        ("gate: [", "not YAML"),
        ("a: &x [1]\nb: *x", "alias"),
        (VALID.replace("gate-1", "grounding"), "gate"),
        (VALID.replace("claims_checked", "review_score"), "fact"),
        (VALID.replace(">=", "~"), "op"),
        (VALID.replace("value: 3", "value: .nan"), "value"),
        (VALID.replace("kind: facts", "kind: artifact"), "no requirements"),
        (VALID.replace("kind: facts", "kind: red-team"), "no requirements"),
        (VALID.split("requirements")[0].replace("kind: facts", "kind: red-team"), "names the attackers"),
        (VALID + "attackers: [checks]\nfailing: [retracted-source]\n", "names the attackers"),
        (VALID + "evidence: {lean: {lean_version: 4.34.1, kernels: 2, axioms: []}}\n", "requires evidence"),
        (A_RED_TEAM.replace("retracted-source", "invalid-check"), "fails no record"),
        (A_RED_TEAM.replace("retracted-source", "looks-odd"), "failing"),
        (A_RED_TEAM.replace("checks", "everybody"), "attackers"),
        (VALID.replace("version: v1", "version: v2\nsupersedes: v2"), "no earlier version"),
        (VALID.split("requirements")[0], "at least one requirement"),
        (VALID + "extra: 1\n", "extra"),
        (VALID.replace("2026-01-01", "soon"), "active_on"),
        ("[" * 40_000, "deeper"),
        ("!!python/object/apply:os.system ['true']", "not YAML"),
        ("x" * 60_000, "longer"),
    ],
)
def test_an_invalid_policy_is_refused_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(InvalidPolicy, match=words) as refused:
        load_policy(text)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "about", "result", "words"),
    [
        ("gate-0.v1", facts(), GateResult.PASSED, "Passed under gate-0 v1"),
        ("gate-0.v1", facts(findings=(error("It states 3 and 5."),)), GateResult.FAILED, "It states 3 and 5."),
        ("gate-0.v1", facts(findings=(error("Cut.", Severity.WARNING),)), GateResult.PASSED, "errors"),
        (
            "gate-0.v1",
            facts(references=ReferenceCounts(found=2, likely_fabricated=1)),
            GateResult.FAILED,
            "references that are likely fabricated: 1, exactly 0 asked",
        ),
        ("gate-0.v1", facts(references=ReferenceCounts(found=2, retracted=1)), GateResult.FAILED, "retracted: 1"),
        ("gate-0.v1", facts(references=ReferenceCounts(unreachable=3)), GateResult.NOT_EVALUABLE, "unknown"),
        ("gate-0.v1", facts(claims=ClaimCounts()), GateResult.NOT_EVALUABLE, "claims found in the record: 0"),
        ("gate-1.v1", facts(), GateResult.PASSED, "supports: 0.80"),
        (
            "gate-1.v1",
            facts(claims=ClaimCounts(extracted=8, supported=1, not_enough_info=3, not_checked=4)),
            GateResult.FAILED,
            "0.25, at least 0.50 asked",
        ),
        (
            "gate-1.v1",
            facts(claims=ClaimCounts(extracted=2, refuted=1, supported=1)),
            GateResult.FAILED,
            "refuted by a source: 1",
        ),
        (
            "gate-1.v1",
            facts(claims=ClaimCounts(extracted=8, not_checked=8)),
            GateResult.NOT_EVALUABLE,
            "8 of 8 claims could not be checked",
        ),
        (
            "gate-1.v1",
            facts(claims=ClaimCounts(extracted=8, not_enough_info=2, not_checked=6)),
            GateResult.NOT_EVALUABLE,
            "claims checked against a source text: 2, at least 3 asked",
        ),
        ("gate-1.v2", facts(), GateResult.PASSED, "0.80"),
        (
            "gate-1.v2",
            facts(claims=ClaimCounts(extracted=4, supported=3, not_enough_info=1)),
            GateResult.FAILED,
            "0.75",
        ),
        (
            "gate-1.v2",
            facts(claims=ClaimCounts(extracted=6, supported=5, disputed=1)),
            GateResult.FAILED,
            "disagree: 1",
        ),
    ],
)
def test_a_gate_on_facts_names_the_failing_requirement_with_its_figure(
    name: str, about: GateFacts, result: GateResult, words: str
) -> None:
    held = judged(name, about)
    assert held.result is result
    assert words in held.reason
    assert held.outcome is None
    assert held.public_status is PublicGateStatus.UNVERIFIED


def test_without_an_artifact_gate_two_says_that_nothing_was_attempted() -> None:
    held = judged("gate-2.v1", facts())
    assert held.outcome is AttemptOutcome.NOT_ATTEMPTED
    assert held.result is None
    assert held.public_status is PublicGateStatus.UNVERIFIED
    assert "nothing was run" in held.reason


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 8, 1), None])
def test_a_record_published_before_the_activation_is_evaluated_like_any_other(day: date | None) -> None:
    assert judged("gate-2.v1", facts(published_on=day)) == judged("gate-2.v1", facts())


# --- gate 2 -------------------------------------------------------------------------------------

Outcome = AttemptOutcome


def attempt(outcome: Outcome, claim: str = "claim-1", **about: object) -> AttemptFacts:
    """An attempt by an authority, sealed; of a proof, with all that the shipped policy asks."""
    known: dict[str, object] = {
        "artifact_id": f"artifact-{outcome.value}",
        "kind": "reproduction",
        "authority": True,
        "reason": f"came out {outcome.value}",
        "seal_level": 2,
        "checker_version": "4.34.1",
        "kernels": 2,
        "axioms": ("propext",),
    }
    return AttemptFacts.model_validate(known | {"outcome": outcome, "claim_id": claim} | about)


def on_one_claim(outcomes: Iterable[Outcome]) -> tuple[AttemptFacts, ...]:
    return tuple(attempt(outcome, artifact_id=f"artifact-{n}") for n, outcome in enumerate(outcomes))


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [
        ((Outcome.VERIFIED,), Outcome.VERIFIED),
        ((Outcome.REFUTED,), Outcome.REFUTED),
        ((Outcome.VERIFIED, Outcome.REFUTED), Outcome.DISPUTED),
        ((Outcome.VERIFIED, Outcome.DISPUTED), Outcome.DISPUTED),
        ((Outcome.REFUTED, Outcome.DISPUTED), Outcome.DISPUTED),
        ((Outcome.VERIFIED, Outcome.ATTEMPT_FAILED), Outcome.VERIFIED),
        ((Outcome.INVALID_CHECK, Outcome.NOT_RUN), Outcome.INVALID_CHECK),
        ((Outcome.STALE, Outcome.NOT_ATTEMPTED), Outcome.STALE),
    ],
)
def test_several_artifacts_on_one_claim_give_one_outcome(outcomes: tuple[Outcome, ...], outcome: Outcome) -> None:
    assert judged("gate-2.v2", facts(attempts=on_one_claim(outcomes))).outcome is outcome


def test_a_refuted_claim_is_not_outweighed_by_a_verified_one() -> None:
    held = judged("gate-2.v2", facts(attempts=(attempt(Outcome.VERIFIED), attempt(Outcome.REFUTED, "claim-2"))))
    assert (held.outcome, held.public_status) == (Outcome.REFUTED, PublicGateStatus.FALSIFIED)
    assert "2 artifacts are attached to 2 claims (1 REFUTED, 1 VERIFIED)" in held.reason


def test_an_artifact_that_waits_to_be_run_is_said_to_be_attached() -> None:
    held = judged("gate-2.v2", facts(attempts=(attempt(Outcome.NOT_ATTEMPTED, reason="It was not run yet"),)))
    assert (held.outcome, held.reason) == (Outcome.NOT_ATTEMPTED, "It was not run yet.")


LEAN = {"kind": "lean"}


@pytest.mark.parametrize(
    ("outcome", "about", "counts_for", "words"),
    [
        (Outcome.VERIFIED, {}, Outcome.VERIFIED, "confirms"),
        (Outcome.VERIFIED, {"seal_level": 1}, Outcome.VERIFIED, "confirms"),
        (Outcome.VERIFIED, {"seal_level": None}, Outcome.STALE, "sealed at level 0, 1 asked"),
        (Outcome.REFUTED, {"seal_level": None}, Outcome.INCONCLUSIVE, "sealed at level 0"),
        (Outcome.VERIFIED, {"authority": False}, Outcome.INCONCLUSIVE, "not run by an authority"),
        (Outcome.REFUTED, {"authority": False}, Outcome.INCONCLUSIVE, "not run by an authority"),
        (Outcome.VERIFIED, LEAN, Outcome.VERIFIED, "confirms"),
        (Outcome.VERIFIED, LEAN | {"checker_version": "4.35.0"}, Outcome.VERIFIED, "confirms"),
        (Outcome.VERIFIED, LEAN | {"checker_version": "4.34.0"}, Outcome.STALE, "Lean 4.34.0, at least 4.34.1 asked"),
        (Outcome.VERIFIED, LEAN | {"checker_version": "4.9.9"}, Outcome.STALE, "Lean 4.9.9"),
        (Outcome.VERIFIED, LEAN | {"checker_version": "4.35.0-rc1"}, Outcome.STALE, "Lean 4.35.0-rc1"),
        (Outcome.VERIFIED, LEAN | {"checker_version": None}, Outcome.STALE, "unknown version"),
        (Outcome.VERIFIED, LEAN | {"kernels": 1}, Outcome.STALE, "1 kernels accepted it, 2 asked"),
        (Outcome.VERIFIED, LEAN | {"axioms": ("propext", "sorryAx")}, Outcome.STALE, "the axioms sorryAx"),
    ],
)
def test_what_passed_below_a_floor_of_the_policy_is_stale(
    outcome: Outcome, about: dict[str, object], counts_for: Outcome, words: str
) -> None:
    held = judged("gate-2.v2", facts(attempts=(attempt(outcome, **about),)))
    assert held.outcome is counts_for
    assert words in held.reason


def test_a_floor_is_asked_only_by_the_policy_that_names_it() -> None:
    below = facts(attempts=(attempt(Outcome.VERIFIED, kind="lean", checker_version="4.33.0"),))
    assert judged("gate-2.v1", below).outcome is Outcome.VERIFIED
    assert judged("gate-2.v2", below).outcome is Outcome.STALE
    assert judged("gate-2.v2", below).public_status is PublicGateStatus.UNVERIFIED


@given(
    st.lists(st.sampled_from(list(Outcome)), max_size=5),
    st.builds(ClaimCounts, extracted=st.integers(0, 50), supported=st.integers(0, 50)),
)
def test_verified_and_falsified_follow_from_artifacts_alone(outcomes: list[Outcome], claims: ClaimCounts) -> None:
    held = judged("gate-2.v2", facts(claims=claims, attempts=on_one_claim(outcomes)))
    assert held == judged("gate-2.v2", facts(attempts=on_one_claim(outcomes)))
    if held.public_status is PublicGateStatus.VERIFIED:
        assert Outcome.VERIFIED in outcomes
        assert Outcome.REFUTED not in outcomes
    if held.public_status is PublicGateStatus.FALSIFIED:
        assert Outcome.REFUTED in outcomes
        assert Outcome.VERIFIED not in outcomes


@given(st.permutations(list(Outcome)))
def test_the_order_of_artifacts_does_not_matter(outcomes: list[Outcome]) -> None:
    assert judged("gate-2.v2", facts(attempts=on_one_claim(outcomes))).outcome is Outcome.DISPUTED


# --- gate 3 -------------------------------------------------------------------------------------

RED_TEAM = load_policy("""
gate: gate-3
version: v1
title: Red team
question: Do attackers find evidence against a claim?
kind: red-team
active_on: 2026-01-01
attackers: [counterexample, citations]
failing: [refuted-by-source, retracted-source]
""")


def found(attacker: str, *findings: RedTeamFinding, ran: bool = True) -> AttackerReport:
    return AttackerReport(attacker=attacker, ran=ran, reason="it crashed" if not ran else "looked", findings=findings)


def finding(target: Target, rule: str, *, confirmed: bool = False, subject: str = "claim-1") -> RedTeamFinding:
    message = f"{rule} at {subject}."
    return RedTeamFinding(
        attacker="counterexample", target=target, subject=subject, rule=rule, message=message, confirmed=confirmed
    )


AGAINST_THE_CLAIM = finding(Target.CLAIM, "refuted-by-source")
CONFIRMED = finding(Target.CLAIM, "refuted-by-source", confirmed=True)
AGAINST_A_CHECK = finding(Target.CHECK, "vacuous", subject="artifact-VERIFIED", confirmed=True)
A_CITATION = finding(Target.CITATION, "retracted-source", subject="reference 2")
BOTH_RAN = (found("counterexample"), found("citations"))


@pytest.mark.parametrize(
    ("reports", "result", "outcome", "words"),
    [
        (BOTH_RAN, GateResult.PASSED, None, "2 attackers found nothing"),
        ((), GateResult.NOT_EVALUABLE, None, "counterexample, citations did not run"),
        (
            (found("counterexample"), found("citations", ran=False)),
            GateResult.NOT_EVALUABLE,
            None,
            "citations did not run",
        ),
        ((*BOTH_RAN, found("other", ran=False)), GateResult.PASSED, None, "other (it crashed)"),
        (
            (found("counterexample", AGAINST_THE_CLAIM), found("citations")),
            GateResult.FAILED,
            None,
            "refuted-by-source at",
        ),
        (
            (found("counterexample", CONFIRMED), found("citations")),
            GateResult.FAILED,
            Outcome.REFUTED,
            "a claim is refuted",
        ),
        ((found("counterexample", CONFIRMED),), GateResult.FAILED, Outcome.REFUTED, "a claim is refuted"),
        ((found("counterexample", CONFIRMED, ran=False),), GateResult.NOT_EVALUABLE, None, "did not run"),
        ((found("counterexample"), found("citations", A_CITATION)), GateResult.FAILED, None, "reference 2"),
        ((found("counterexample", AGAINST_A_CHECK), found("citations")), GateResult.PASSED, None, "not against claims"),
    ],
)
def test_only_confirmed_evidence_against_a_claim_refutes_it(
    reports: tuple[AttackerReport, ...], result: GateResult, outcome: Outcome | None, words: str
) -> None:
    held = evaluate(RED_TEAM, "gate-3@2026-01-01", facts(attackers=reports))
    assert (held.result, held.outcome) == (result, outcome)
    assert words in held.reason
    falsified = held.public_status is PublicGateStatus.FALSIFIED
    assert falsified == (outcome is Outcome.REFUTED)
    assert held.public_status is not PublicGateStatus.VERIFIED


def test_a_finding_against_a_check_invalidates_the_check_and_leaves_the_claim_alone() -> None:
    for outcome in (Outcome.VERIFIED, Outcome.REFUTED):
        about = (attempt(outcome, artifact_id="artifact-VERIFIED"),)
        held = judged("gate-2.v2", facts(attempts=about, attackers=(found("counterexample", AGAINST_A_CHECK),)))
        assert (held.outcome, held.public_status) == (Outcome.INVALID_CHECK, PublicGateStatus.UNVERIFIED)
        assert "vacuous at artifact-VERIFIED" in held.reason
        crashed = judged(
            "gate-2.v2", facts(attempts=about, attackers=(found("counterexample", AGAINST_A_CHECK, ran=False),))
        )
        assert crashed.outcome is outcome
