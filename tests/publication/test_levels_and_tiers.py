"""Levels and tiers: total and disjoint tables, and the reference system's rule beside ours."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published_artifacts import artifact, attempt, step
from published_records import gates

from pipelines.models import (
    AttemptOutcome,
    ClaimCounts,
    ClaimVerdict,
    Evidence,
    EvidenceScope,
    GateResult,
    Level,
    PublicGateStatus,
    Stance,
    Tier,
    Verdict,
)
from pipelines.publication.levels import RUNGS, LevelFacts, level_facts, level_of
from pipelines.publication.tiers import TIER_RULES, TierFacts, main_sources, reference_tier, tier_of
from pipelines.publication.views import ArtifactView, GateView, StandingView
from pipelines.review.reference_rule import tier_named

COUNTS = st.builds(
    ClaimCounts,
    extracted=st.integers(0, 12),
    supported=st.integers(0, 8),
    refuted=st.integers(0, 8),
    disputed=st.integers(0, 2),
)
SCORES = st.none() | st.floats(0, 10) | st.sampled_from([0.0, 4.99, 5.0, 7.49, 7.495, 7.5, 8.49, 8.5, 10.0])
TIER_FACTS = st.builds(
    TierFacts,
    score=SCORES,
    claims=COUNTS,
    verification=st.none() | st.sampled_from(PublicGateStatus),
    integrity=st.none() | st.sampled_from(GateResult),
    main_source_retracted=st.booleans(),
)
SMALL = st.integers(0, 3)
LEVEL_FACTS = st.builds(
    LevelFacts,
    claims=COUNTS,
    corroborated_claims=SMALL,
    artifacts_inspected=SMALL,
    artifacts_executed=SMALL,
    artifacts_reproduced=SMALL,
    proofs_verified=SMALL,
)
ORDER = [Tier.QUARANTINE_CANDIDATE, Tier.WATCHLIST, Tier.PUBLIC_RECORD, Tier.DOI_GRADE, Tier.FLAGSHIP_CANDIDATE]


@settings(max_examples=2_000, deadline=None)
@given(TIER_FACTS)
def test_exactly_one_tier_rule_holds_for_any_facts(facts: TierFacts) -> None:
    assert sum(rule.holds(facts) for rule in TIER_RULES) == 1


@given(TIER_FACTS)
def test_a_falsified_record_is_never_above_quarantine(facts: TierFacts) -> None:
    falsified = facts.model_copy(update={"verification": PublicGateStatus.FALSIFIED})
    assert tier_of(falsified)[0] is Tier.QUARANTINE_CANDIDATE


@given(TIER_FACTS)
def test_a_retracted_main_source_caps_the_tier(facts: TierFacts) -> None:
    tier, _ = tier_of(facts.model_copy(update={"main_source_retracted": True}))
    assert tier in (Tier.UNRATED, Tier.QUARANTINE_CANDIDATE, Tier.WATCHLIST)


@given(TIER_FACTS)
def test_claims_that_were_only_extracted_never_raise_a_tier(facts: TierFacts) -> None:
    more = facts.model_copy(update={"claims": facts.claims.model_copy(update={"extracted": 500})})
    assert tier_of(more)[0] is tier_of(facts)[0]


@given(TIER_FACTS, st.floats(0, 10))
def test_a_higher_score_never_lowers_a_tier(facts: TierFacts, other: float) -> None:
    if facts.score is not None and other >= facts.score:
        raised = tier_of(facts.model_copy(update={"score": other}))[0]
        assert ORDER.index(raised) >= ORDER.index(tier_of(facts)[0])


def rated(score: float | None, supported: int = 6, refuted: int = 0, verified: bool = False) -> Tier:
    status = PublicGateStatus.VERIFIED if verified else PublicGateStatus.UNVERIFIED
    claims = ClaimCounts(extracted=10, supported=supported, refuted=refuted)
    return tier_of(TierFacts(score=score, claims=claims, verification=status))[0]


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        (rated(None), Tier.UNRATED),
        (rated(4.99), Tier.QUARANTINE_CANDIDATE),
        (rated(9.0, supported=1, refuted=1), Tier.QUARANTINE_CANDIDATE),
        (rated(9.0, supported=0), Tier.WATCHLIST),
        (rated(5.0), Tier.PUBLIC_RECORD),
        (rated(7.495), Tier.PUBLIC_RECORD),
        (rated(9.0, refuted=1), Tier.PUBLIC_RECORD),
        (rated(7.5, supported=1), Tier.DOI_GRADE),
        (rated(9.0), Tier.DOI_GRADE),
        (rated(9.0, supported=4, verified=True), Tier.DOI_GRADE),
        (rated(8.5, supported=5, verified=True), Tier.FLAGSHIP_CANDIDATE),
    ],
)
def test_every_row_of_the_tier_table_can_be_reached(tier: Tier, expected: Tier) -> None:
    assert tier is expected


def test_the_basis_names_the_rule_and_the_figures() -> None:
    claims = ClaimCounts(extracted=9, supported=2)
    _, basis = tier_of(TierFacts(score=6.25, claims=claims, integrity=GateResult.FAILED))
    assert "integrity-failed" in basis
    assert "score 6.25; 2 supported" in basis


@settings(max_examples=500)
@given(LEVEL_FACTS)
def test_a_level_is_the_highest_rung_reached(facts: LevelFacts) -> None:
    level, basis = level_of(facts)
    reached = [rung.level for rung in RUNGS if rung.reached(facts)]
    assert level is max(reached)
    assert basis.endswith(".")


def test_the_ladder_has_every_level_once_in_order() -> None:
    assert [rung.level for rung in RUNGS] == list(Level)


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (LevelFacts(claims=ClaimCounts()), 0),
        (LevelFacts(claims=ClaimCounts(extracted=10)), 1),
        (LevelFacts(claims=ClaimCounts(extracted=10, refuted=3)), 1),
        (LevelFacts(claims=ClaimCounts(extracted=10, supported=1)), 2),
        (LevelFacts(claims=ClaimCounts(extracted=10, supported=1), corroborated_claims=1), 3),
        (LevelFacts(claims=ClaimCounts(extracted=1), artifacts_inspected=1), 4),
        (LevelFacts(claims=ClaimCounts(extracted=1), artifacts_inspected=1, artifacts_executed=1), 5),
        (LevelFacts(claims=ClaimCounts(extracted=1), artifacts_executed=1, artifacts_reproduced=1), 6),
        (LevelFacts(claims=ClaimCounts(extracted=1), proofs_verified=1), 7),
    ],
)
def test_a_level_follows_from_supported_claims_and_artifacts(facts: LevelFacts, level: int) -> None:
    assert level_of(facts)[0] == level


COUNTS_OF_A_RECORD = ClaimCounts(extracted=6, supported=2)


def gate_2(outcome: AttemptOutcome | None) -> GateView | None:
    return gates()[1].model_copy(update={"outcome": outcome}) if outcome else None


def of(outcome: AttemptOutcome, standing: AttemptOutcome | None = None, **changed: object) -> ArtifactView:
    """An artifact attempted with this outcome; `standing`: what it counts for at the gate, if something else."""
    made = attempt(outcome, "written for a test", steps=(step("run", 1.0),), **changed)
    held = StandingView(activation_id="gate-2@2026-06-10", outcome=standing or outcome, reason="written for a test")
    return artifact(1, 1, made, standing=held)


def reached(artifacts: Sequence[ArtifactView], gate: AttemptOutcome | None) -> int:
    return int(level_of(level_facts(COUNTS_OF_A_RECORD, 0, artifacts, gate_2(gate)))[0])


@pytest.mark.parametrize(
    ("outcome", "level"),
    [
        (AttemptOutcome.NOT_ATTEMPTED, 2),
        (AttemptOutcome.NOT_RUN, 2),
        (AttemptOutcome.ATTEMPT_FAILED, 2),
        (AttemptOutcome.INVALID_CHECK, 5),
        (AttemptOutcome.NON_DETERMINISTIC, 5),
        (AttemptOutcome.INCONCLUSIVE, 5),
        (AttemptOutcome.DISPUTED, 5),
        (AttemptOutcome.REFUTED, 5),
        (AttemptOutcome.STALE, 5),
        (AttemptOutcome.VERIFIED, 6),
    ],
)
def test_what_came_of_an_artifact_decides_how_far_it_lifts_the_level(outcome: AttemptOutcome, level: int) -> None:
    assert reached([of(outcome)], outcome) == level


@pytest.mark.parametrize("gate", [None, *(one for one in AttemptOutcome if one is not AttemptOutcome.VERIFIED)])
def test_no_artifact_reaches_l6_or_l7_unless_the_gate_in_force_says_verified(gate: AttemptOutcome | None) -> None:
    verified = of(AttemptOutcome.VERIFIED)
    assert reached([verified, verified.model_copy(update={"kind": "lean"})], gate) == 5


def test_an_artifact_that_the_gate_takes_for_stale_lifts_nothing_because_another_one_holds() -> None:
    proof = of(AttemptOutcome.VERIFIED, AttemptOutcome.STALE).model_copy(update={"kind": "lean"})
    assert reached([of(AttemptOutcome.VERIFIED), proof], AttemptOutcome.VERIFIED) == 6
    fresh = of(AttemptOutcome.VERIFIED).model_copy(update={"kind": "lean"})
    assert reached([of(AttemptOutcome.VERIFIED), fresh], AttemptOutcome.VERIFIED) == 7


@pytest.mark.parametrize(
    ("changed", "level"),
    [
        ({"authority": False}, 5),  # what is no authority verifies nothing
        ({"seal_level": None}, 4),  # nothing ran sealed
        ({"steps": ()}, 4),
        ({"steps": (step("run", None, "it ran past its time"),)}, 4),
    ],
)
def test_a_run_counts_only_if_it_ran_to_its_end_under_seal(changed: dict[str, object], level: int) -> None:
    made = of(AttemptOutcome.VERIFIED)
    assert made.attempt is not None
    held = made.model_copy(update={"attempt": made.attempt.model_copy(update=changed)})
    expected = AttemptOutcome.INCONCLUSIVE
    assert reached([held.model_copy(update={"standing": None})], expected) == level


def test_what_is_no_authority_reproduces_nothing_whatever_its_gate_says() -> None:
    made = of(AttemptOutcome.VERIFIED)
    assert made.attempt is not None
    doubtful = made.model_copy(update={"attempt": made.attempt.model_copy(update={"authority": False})})
    assert reached([doubtful], AttemptOutcome.VERIFIED) == 5


@given(COUNTS, SMALL)
def test_no_count_of_claims_makes_a_level_of_artifacts(claims: ClaimCounts, corroborated: int) -> None:
    level, _ = level_of(level_facts(claims, corroborated, (), gate_2(AttemptOutcome.VERIFIED)))
    assert level <= Level.CROSS_SOURCE_CORROBORATED


def test_two_artifacts_on_one_claim_reproduce_one_claim() -> None:
    facts = level_facts(COUNTS_OF_A_RECORD, 0, [of(AttemptOutcome.VERIFIED)] * 2, gate_2(AttemptOutcome.VERIFIED))
    assert (facts.artifacts_executed, facts.artifacts_reproduced) == (2, 1)
    assert level_of(facts)[1] == "1 claim was reproduced under seal."


def _verdict(number: int, held: ClaimVerdict, *sources: str) -> Verdict:
    evidence = tuple(
        Evidence(passage_id=source, source_id=source, stance=Stance.SUPPORTS, score=1, start=0, end=1, text="A")
        for source in sources
    )
    return Verdict(
        claim_id=f"c{number}",
        verdict=held,
        confidence=0.9,
        reason="written for a test",
        scope=EvidenceScope.RECORD,
        evidence=evidence,
        verifier_version="test",
        backend="features",
    )


def test_a_main_source_carries_a_third_of_the_supported_claims() -> None:
    supported = ClaimVerdict.SUPPORTED
    held = [_verdict(n, supported, "doi:10.1/a") for n in range(3)]
    held += [_verdict(3, supported, "doi:10.1/b"), _verdict(4, ClaimVerdict.REFUTED, "doi:10.1/c")]
    assert main_sources({one.claim_id: one for one in held}) == {"doi:10.1/a"}
    assert main_sources({}) == frozenset()


@pytest.mark.parametrize(
    ("score", "claims", "has_doi", "tier"),
    [
        (4.99, 12, True, Tier.QUARANTINE_CANDIDATE),
        (7.2, 19, False, Tier.WATCHLIST),
        (8.17, 9, True, Tier.DOI_GRADE),
        (8.83, 7, False, Tier.DOI_GRADE),
        (8.83, 7, True, Tier.FLAGSHIP_CANDIDATE),
        (9.0, 0, True, Tier.WATCHLIST),
    ],
)
def test_the_reference_rule_is_kept_as_it_was_observed(score: float, claims: int, has_doi: bool, tier: Tier) -> None:
    assert reference_tier(score, claims, has_doi) is tier


def test_the_reference_rule_gives_every_published_tier() -> None:
    root = os.environ.get("CLAIMGATE_CORPUS")
    if not root:
        pytest.skip("CLAIMGATE_CORPUS is not set")
    rows = json.loads((Path(root) / "records/published-facts.json").read_text(encoding="utf-8"))
    rated_rows = [row for row in rows if row["review_score"] is not None and row["tier"] is not None]
    assert len(rated_rows) >= 15
    for row in rated_rows:
        given_tier = reference_tier(row["review_score"], row["header_verified_claims"] or 0, row["doi"] is not None)
        assert given_tier is tier_named(row["tier"]), row["srch"]
