"""What the reference of the contracts gets wrong, and ours must not: verified, falsified, tiers, levels, words."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from contract_documents import ALL_SUPPORTED, NOTHING_SUPPORTED, corrected, document, gate_2, scored
from contract_schemas import breaks
from published_artifacts import artifact, artifacts, attempt, red_team, step, verified
from published_records import OTHER_PASSAGE, PASSAGE, claim_view, empty_record, evidence, rich_record

from pipelines.models import (
    AttemptOutcome,
    ClaimCounts,
    ClaimVerdict,
    Dimension,
    DimensionScore,
    Level,
    PublicGateStatus,
    ReviewSummary,
    Stance,
    StatedFacts,
    Tier,
)
from pipelines.publication.contracts.quality_dimensions import quality_dimensions
from pipelines.publication.contracts.quality_levels import quality_level
from pipelines.publication.contracts.quality_tiers import quality_tiers, thresholds
from pipelines.publication.contracts.table import CONTRACTS, DoesNotApply, contract_bytes
from pipelines.publication.contracts.verification_levels import ASKS, LABELS
from pipelines.publication.tiers import TIERS
from pipelines.publication.views import PublicRecord


@pytest.mark.parametrize(
    ("counts", "said"), [(rich_record().counts, 2), (NOTHING_SUPPORTED, 0), (ALL_SUPPORTED, 6), (ClaimCounts(), 0)]
)
def test_verified_and_grounded_count_what_a_source_supports_and_never_what_was_extracted(
    counts: ClaimCounts, said: int
) -> None:
    record = scored(6.0, counts=counts)
    assert document("quality-tiers-v1", record)["inputs"]["verified_claim_count"] == said
    summary = document("verification-levels-v1", record)["claim_summary"]
    assert (summary["source_grounded_claims"], summary["aggregate_claim_records"]) == (said, counts.extracted)
    assert document("paper-manifest-v1", record)["claims"]["supported"] == said


@pytest.mark.parametrize("outcome", [one for one in AttemptOutcome if one is not AttemptOutcome.VERIFIED])
def test_no_score_and_no_count_of_claims_makes_a_record_verified(outcome: AttemptOutcome) -> None:
    perfect = scored(10.0, counts=ALL_SUPPORTED, gates=(gate_2(outcome, PublicGateStatus.VERIFIED),))
    assert document("gate-verdict-v1", perfect)["status"] == "UNVERIFIED"
    assert document("paper-manifest-v1", perfect)["verification"]["gate_status"] == "UNVERIFIED"
    assert document("quality-tiers-v1", perfect)["inputs"]["gate_status"] == "UNVERIFIED"


def test_a_record_that_was_never_tried_has_no_verdict_and_no_false_reason() -> None:
    untried = scored(10.0, counts=ALL_SUPPORTED, gates=())
    assert document("gate-verdict-v1", untried) is None
    told = document("paper-manifest-v1", untried)["verification"]
    assert (told["gate_status"], told["gate_reason"]) == (None, "Gate 2 was never evaluated for this record.")


def test_a_falsified_record_is_in_quarantine_whatever_its_score() -> None:
    fallen = (gate_2(AttemptOutcome.REFUTED, PublicGateStatus.FALSIFIED),)
    found = document("quality-tiers-v1", scored(9.9, counts=ALL_SUPPORTED, gates=fallen))
    assert (found["tier"], found["inputs"]["gate_status"]) == ("QUARANTINE_CANDIDATE", "FALSIFIED")
    assert found["basis"].startswith("Rule falsified: ")


@pytest.mark.parametrize(
    "outcome", [one for one in AttemptOutcome if one not in (AttemptOutcome.REFUTED, AttemptOutcome.VERIFIED)]
)
def test_an_attempt_that_went_wrong_falsifies_nothing_and_costs_no_tier(outcome: AttemptOutcome) -> None:
    tried = scored(
        8.0, counts=ALL_SUPPORTED, gates=(gate_2(outcome, PublicGateStatus.FALSIFIED),), artifacts=artifacts()
    )
    assert document("gate-verdict-v1", tried)["status"] == "UNVERIFIED"
    unhurt = scored(8.0, counts=ALL_SUPPORTED, gates=(gate_2(outcome),))
    assert document("quality-tiers-v1", unhurt)["tier"] == "DOI_GRADE"


@pytest.mark.parametrize(
    ("changed", "level"),
    [
        ({"counts": ClaimCounts(), "claims": ()}, 0),
        ({"counts": NOTHING_SUPPORTED}, 1),
        ({}, 2),
        ({"artifacts": (artifact(1, 1, attempt(AttemptOutcome.INVALID_CHECK, "constant")),)}, 4),
        ({"artifacts": (verified(),), "gates": (gate_2(AttemptOutcome.NOT_RUN),)}, 5),
        ({"artifacts": (verified(),), "gates": (gate_2(AttemptOutcome.VERIFIED, PublicGateStatus.VERIFIED),)}, 6),
    ],
)
def test_the_level_follows_what_was_done_and_levels_above_say_what_is_missing(
    changed: dict[str, object], level: int
) -> None:
    found = document("verification-levels-v1", scored(None, **changed))
    assert found["paper_level"] == level
    assert [one["level"] for one in found["unsupported_upper_levels"]] == list(range(level + 1, 8))
    assert [one["level"] for one in found["levels"]] == list(range(8))
    assert found["levels"][level]["holds"]


def test_two_sources_that_support_a_claim_are_corroboration() -> None:
    both = claim_view(
        1,
        "Clover mulch saves water.",
        ClaimVerdict.SUPPORTED,
        evidence(PASSAGE, PASSAGE.split(". ")[0] + ".", Stance.SUPPORTS),
        evidence(OTHER_PASSAGE, OTHER_PASSAGE.split(". ")[0] + ".", Stance.SUPPORTS, source="doi:10.5555/rows"),
    )
    found = document("verification-levels-v1", scored(6, claims=(both,), counts=ClaimCounts(extracted=1, supported=1)))
    assert (found["paper_level"], found["claim_summary"]["cross_source_corroborated_claims"]) == (3, 1)
    (row,) = found["claim_summary"]["per_claim_public_records"]
    assert row["supporting_sources"] == ["doi:10.5555/clover", "doi:10.5555/rows"]


def test_an_artifact_on_a_claim_that_the_record_no_longer_makes_counts_for_nothing() -> None:
    made = attempt(AttemptOutcome.VERIFIED, "It gives 31.", steps=(step("run", 31.0),))
    found = document("verification-levels-v1", scored(6, artifacts=(artifact(1, 77, made),)))
    assert found["claim_summary"]["artifact_inspected_claims"] == 0
    assert found["paper_level"] == 2


@pytest.mark.parametrize(
    ("score", "word"),
    [
        (None, "UNASSESSED"),
        (0, "LOW"),
        (4.99, "LOW"),
        (5, "MEDIUM"),
        (7.49, "MEDIUM"),
        (7.495, "MEDIUM"),
        (7.5, "HIGH"),
    ],
)
def test_the_word_of_a_dimension_is_that_of_its_score_and_of_nothing_else(score: float | None, word: str) -> None:
    held = tuple(DimensionScore(dimension=one, score=score, reason="as set") for one in Dimension)
    record = rich_record(
        review=ReviewSummary(score=9.9, reason="as set", dimensions=held),
        tier=Tier.FLAGSHIP_CANDIDATE,
        stated=StatedFacts(doi="10.5555/registered"),
    )
    assert quality_level(score) == word
    found = document("quality-dimensions-v1", record)["dimensions"]
    assert sorted((one["id"], one["level"]) for one in found.values()) == [(f"D-{n}", word) for n in range(1, 9)]
    assert document("quality-tiers-v1", record)["inputs"]["reproducibility_level"] == word


def test_a_dimension_that_nobody_looked_at_is_unassessed_with_the_reason() -> None:
    found = quality_dimensions(empty_record())["dimensions"]
    assert {(one["score"], one["level"]) for one in found.values()} == {(None, "UNASSESSED")}
    assert found["novelty"]["basis"] == "UNASSESSED: novelty is not assessable without a reader or a model"


def test_a_score_between_quarantine_and_doi_grade_can_be_a_public_record() -> None:
    counts = ClaimCounts(extracted=6, supported=6)
    assert document("quality-tiers-v1", scored(6.0, counts=counts))["tier"] == "PUBLIC_RECORD"
    assert document("quality-tiers-v1", scored(7.495, counts=counts))["tier"] == "PUBLIC_RECORD"


def test_a_falsification_is_a_correction_event() -> None:
    found = document("correction-record-v1", corrected())
    assert (found["correction_state"], found["correction_count"]) == ("CORRECTED", len(found["correction_events"]))
    (event,) = [one for one in found["correction_events"] if one["correction_type"] == "ARTIFACT"]
    assert "gate.gate-2@2026-06-10.status" in event["affected_fields"]
    assert [one["hash"] for one in found["correction_events"]] == [one.hash for one in corrected().corrections]


def test_the_last_correction_is_the_newest_and_not_the_last_that_stands_there() -> None:
    events = corrected().corrections
    odd = (*events[:-1], events[-1].model_copy(update={"recorded_at": events[-1].recorded_at - timedelta(days=3)}))
    found = document("correction-record-v1", corrected().model_copy(update={"corrections": odd}))
    assert found["last_corrected_at"] == events[0].recorded_at.isoformat()
    untouched = document("correction-record-v1", rich_record())
    assert (untouched["correction_state"], untouched["last_corrected_at"]) == ("CURRENT", None)


def test_an_attacker_that_crashed_changes_no_document() -> None:
    with_crash, without = rich_record(gates=(red_team(),)), red_team()
    without = without.model_copy(update={"attackers": tuple(one for one in without.attackers if one.ran)})
    assert len(without.attackers) < len(red_team().attackers)
    for name in CONTRACTS:
        assert document(name, with_crash) == document(name, rich_record(gates=(without,)))


# --- rules and words ----------------------------------------------------------------------------


def test_the_thresholds_are_the_rules_themselves_in_their_order() -> None:
    assert [(one["rule"], one["tier"], one["requires"]) for one in thresholds()] == [
        (row.name, row.outcome.value, dict(row.requires)) for row in TIERS.rows
    ]
    bounds = {one["rule"]: one for one in thresholds()}
    assert (bounds["flagship"]["minimum_review_score"], bounds["flagship"]["minimum_verified_claim_count"]) == (8.5, 5)
    assert (bounds["doi-grade"]["minimum_review_score"], bounds["doi-grade"]["review_score_below"]) == (7.5, 8.5)
    assert bounds["low-score"]["review_score_below"] == 5.0
    assert "review_score_below" not in bounds["falsified"]


def test_a_document_that_is_changed_leaves_the_next_one_as_it_was() -> None:
    first = quality_tiers(rich_record())
    assert first is not None
    first["thresholds"][0].clear()
    first["limitations"].clear()
    again = quality_tiers(rich_record())
    assert again is not None
    assert breaks("quality-tiers-v1", copy.deepcopy(again)) == []


def test_every_level_has_a_label_and_asks_for_one_thing() -> None:
    assert set(LABELS) == set(ASKS) == set(Level)
    assert len(set(ASKS.values())) == len(set(LABELS.values())) == 8
    assert not any(";" in asks for asks in ASKS.values())


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (rich_record(tier=None), "The contract has no word for it: the record has no tier."),
        (
            scored(None, gates=(gate_2(AttemptOutcome.REFUTED, PublicGateStatus.FALSIFIED),)),
            "The contract asks for a review score, and none is held; the record's tier is quarantine candidate.",
        ),
        (scored(None), "The contract asks for a review score, and none is held; the record's tier is unrated."),
    ],
)
def test_a_record_that_the_tier_contract_cannot_hold_has_none_and_says_why(record: PublicRecord, why: str) -> None:
    assert quality_tiers(record) is None
    listed = {one["contract"]: one for one in document("paper-manifest-v1", record)["contracts"]}
    assert listed["quality-tiers-v1"] == {"contract": "quality-tiers-v1", "url": None, "absent": why}
    with pytest.raises(DoesNotApply, match="The contract "):
        contract_bytes("quality-tiers-v1", record)
