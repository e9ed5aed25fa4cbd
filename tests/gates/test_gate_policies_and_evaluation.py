"""Gates: policies as data, evaluation as a pure function, reasons that name figure and attempt."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.gates.evaluate import evaluate
from pipelines.gates.policy import GateKind, GatePolicy, InvalidPolicy, activation_id, load_policy
from pipelines.models import (
    AttemptOutcome,
    ClaimCounts,
    Finding,
    GateFacts,
    GateResult,
    GateVerdict,
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
    outcomes: tuple[AttemptOutcome, ...] = (),
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
        artifact_outcomes=outcomes,
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


Outcome = AttemptOutcome


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [
        ((Outcome.VERIFIED,), Outcome.VERIFIED),
        ((Outcome.REFUTED,), Outcome.REFUTED),
        ((Outcome.VERIFIED, Outcome.REFUTED), Outcome.DISPUTED),
        ((Outcome.VERIFIED, Outcome.DISPUTED), Outcome.DISPUTED),
        ((Outcome.VERIFIED, Outcome.ATTEMPT_FAILED), Outcome.VERIFIED),
        ((Outcome.INVALID_CHECK, Outcome.NOT_RUN), Outcome.INVALID_CHECK),
        ((Outcome.STALE, Outcome.NOT_ATTEMPTED), Outcome.STALE),
    ],
)
def test_several_artifacts_give_one_outcome(outcomes: tuple[Outcome, ...], outcome: Outcome) -> None:
    assert judged("gate-2.v1", facts(outcomes=outcomes)).outcome is outcome


@given(
    st.lists(st.sampled_from(list(Outcome)), max_size=5),
    st.builds(ClaimCounts, extracted=st.integers(0, 50), supported=st.integers(0, 50)),
)
def test_verified_and_falsified_follow_from_artifacts_alone(outcomes: list[Outcome], claims: ClaimCounts) -> None:
    held = judged("gate-2.v1", facts(claims=claims, outcomes=tuple(outcomes)))
    assert held == judged("gate-2.v1", facts(outcomes=tuple(outcomes)))
    if held.public_status is PublicGateStatus.VERIFIED:
        assert Outcome.VERIFIED in outcomes
        assert Outcome.REFUTED not in outcomes
    if held.public_status is PublicGateStatus.FALSIFIED:
        assert Outcome.REFUTED in outcomes
        assert Outcome.VERIFIED not in outcomes


@given(st.permutations(list(Outcome)))
def test_the_order_of_artifacts_does_not_matter(outcomes: list[Outcome]) -> None:
    assert judged("gate-2.v1", facts(outcomes=tuple(outcomes))).outcome is Outcome.DISPUTED
