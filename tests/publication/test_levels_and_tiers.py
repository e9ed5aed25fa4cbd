"""Levels and tiers: total and disjoint tables, and the reference system's rule beside ours."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from published_artifacts import artifact, attempt, step
from published_records import gates, rich_record

from pipelines.decision_table import Condition, DecisionTable, Row
from pipelines.models import (
    AttemptOutcome,
    ClaimCounts,
    ClaimVerdict,
    Evidence,
    EvidenceScope,
    GateResult,
    Layout,
    Level,
    Place,
    PublicGateStatus,
    Stance,
    StatedFacts,
    StatedFigure,
    Tier,
    Verdict,
)
from pipelines.publication.as_published import comparisons
from pipelines.publication.levels import LEVELS, LevelFacts, level_facts, level_of
from pipelines.publication.site.build import rules_page
from pipelines.publication.tiers import TIERS, TierFacts, main_sources, tier_of
from pipelines.publication.views import ArtifactView, GateView, StandingView
from pipelines.review.reference_rule import (
    REFERENCE_TIERS,
    ReferenceFacts,
    recomputed_tiers,
    reference_level,
    reference_tier,
    tier_named,
)

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


TABLES: dict[str, DecisionTable[Any, Any]] = {"tiers": TIERS, "levels": LEVELS, "reference": REFERENCE_TIERS}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_the_rows_of_a_table_exclude_each_other_and_leave_nothing_out(table: DecisionTable[Any, Any]) -> None:
    assert table.overlapping() == ()
    assert table.uncovered() == ()
    named = {name for row in table.rows for name in row.requires}
    assert named == {condition.name for condition in table.conditions}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_the_proof_notices_a_row_taken_away_and_a_condition_dropped(table: DecisionTable[Any, Any]) -> None:
    for place, row in enumerate(table.rows):
        rest = (*table.rows[:place], *table.rows[place + 1 :])
        assert DecisionTable(table.conditions, rest).uncovered()
        dropped = Row(row.name, row.outcome, dict(list(row.requires.items())[:-1]), row.basis)
        wider = DecisionTable(table.conditions, (*rest, dropped))
        assert wider.overlapping()


def test_facts_that_no_row_or_two_rows_take_are_an_error_and_never_a_guess() -> None:
    big, odd = (
        Condition[int]("big", "it is big", lambda n: n > 9),
        Condition[int]("odd", "it is odd", lambda n: n % 2 > 0),
    )
    rows = (Row("a", 1, {"big": True}, ""), Row("b", 2, {"odd": True}, ""))
    table = DecisionTable((big, odd), rows)
    assert (table.row_for(10).outcome, table.row_for(3).outcome) == (1, 2)
    assert table.overlapping() == (("a", "b"),)
    assert table.uncovered() == ({"big": False, "odd": False},)
    for number in (11, 2):
        with pytest.raises(ValueError, match="rows hold for"):
            table.row_for(number)


EDGES = (None, 0.0, 4.99, 5.0, 7.49, 7.495, 7.5, 8.49, 8.5, 10.0)


def test_every_cell_of_the_input_space_has_a_tier_that_keeps_to_the_promises() -> None:
    cells = product(EDGES, (0, 1, 4, 5), (0, 1, 4, 5), (0, 1), (None, *PublicGateStatus), (None, *GateResult), (0, 1))
    for score, supported, refuted, disputed, verification, integrity, retracted in cells:
        claims = ClaimCounts.model_construct(extracted=12, supported=supported, refuted=refuted, disputed=disputed)
        facts = TierFacts.model_construct(
            score=score,
            claims=claims,
            verification=verification,
            integrity=integrity,
            main_source_retracted=bool(retracted),
        )
        tier = TIERS.row_for(facts).outcome
        if verification is PublicGateStatus.FALSIFIED:
            assert tier is Tier.QUARANTINE_CANDIDATE
        elif score is None:
            assert tier is Tier.UNRATED
        elif retracted or integrity is GateResult.FAILED or not supported:
            assert tier in (Tier.QUARANTINE_CANDIDATE, Tier.WATCHLIST)
        elif refuted:
            assert tier not in (Tier.DOI_GRADE, Tier.FLAGSHIP_CANDIDATE)
        if tier is Tier.FLAGSHIP_CANDIDATE:
            assert verification is PublicGateStatus.VERIFIED


@settings(max_examples=500, deadline=None)
@given(TIER_FACTS)
def test_any_facts_have_exactly_one_tier(facts: TierFacts) -> None:
    assert tier_of(facts)[0] in Tier  # row_for raises where none or two rows hold


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


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        (None, ""),
        ((7.6, 8.4), ""),
        ((6.9, 8.4), " The score's interval leaves open: public record at 6.9."),
        ((4.2, 7.9), " The score's interval leaves open: quarantine candidate at 4.2."),
    ],
)
def test_the_basis_says_what_the_interval_of_the_score_leaves_open(
    interval: tuple[float, float] | None, said: str
) -> None:
    tier, basis = tier_of(TierFacts(score=7.8, claims=ClaimCounts(extracted=9, supported=6)), interval)
    assert tier is Tier.DOI_GRADE
    assert basis.partition("claims).")[2] == said


def test_the_basis_names_the_rule_and_the_figures() -> None:
    claims = ClaimCounts(extracted=9, supported=2)
    _, basis = tier_of(TierFacts(score=6.25, claims=claims, integrity=GateResult.FAILED))
    assert "integrity-failed" in basis
    assert "score 6.25; 2 supported" in basis


@settings(max_examples=500)
@given(LEVEL_FACTS)
def test_a_level_is_the_highest_of_which_something_holds(facts: LevelFacts) -> None:
    level, basis = level_of(facts)
    counts = (
        facts.claims.extracted,
        facts.claims.supported,
        facts.corroborated_claims,
        facts.artifacts_inspected,
        facts.artifacts_executed,
        facts.artifacts_reproduced,
        facts.proofs_verified,
    )
    assert level == max((number for number, count in enumerate(counts, start=1) if count), default=0)
    assert basis.endswith(".")
    assert "{" not in basis


def test_the_table_of_levels_has_every_level_once_in_order() -> None:
    assert [row.outcome for row in LEVELS.rows] == list(Level)


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


def published_facts() -> list[dict[str, Any]]:
    root = os.environ.get("CLAIMGATE_CORPUS")
    if not root:
        pytest.skip("CLAIMGATE_CORPUS is not set")
    rows = json.loads((Path(root) / "records/published-facts.json").read_text(encoding="utf-8"))
    assert len(rows) == 24
    return list(rows)


def stated_by(row: dict[str, Any]) -> StatedFacts:
    counts = {"source_grounded_claims": row["source_grounded_claims"], "claims_verified": row["header_verified_claims"]}
    nowhere = Place(start=0, end=0, words="")
    figures = [
        StatedFigure(name=name, value=value, place=nowhere) for name, value in counts.items() if value is not None
    ]
    return StatedFacts(review_score=row["review_score"], tier=row["tier"], doi=row["doi"], figures=tuple(figures))


def test_the_reference_rule_gives_every_published_tier_and_level() -> None:
    rows = published_facts()
    scored = [row for row in rows if row["review_score"] is not None]
    assert len(scored) == 19
    for row in scored:
        claims = row["header_verified_claims"] or 0
        assert reference_tier(row["review_score"], claims, row["doi"] is not None) is tier_named(row["tier"]), row[
            "srch"
        ]
        assert recomputed_tiers(stated_by(row), Layout.PAGE_NEW) == {tier_named(row["tier"])}, row["srch"]
    for row in rows:
        assert reference_level(row["source_grounded_claims"] or 0) == row["verification_level"], row["srch"]


def test_a_published_tier_without_a_score_is_one_that_some_score_gives() -> None:
    unscored = [row for row in published_facts() if row["review_score"] is None and row["tier"] is not None]
    assert len(unscored) == 4
    for row in unscored:
        assert recomputed_tiers(stated_by(row), Layout.PAGE_NEW) is None
        claims, doi = row["source_grounded_claims"] or 0, row["doi"] is not None
        assert tier_named(row["tier"]) in {reference_tier(score / 10, claims, doi) for score in range(101)}, row["srch"]


@given(st.floats(0, 10), st.integers(0, 30), st.booleans())
def test_the_reference_rule_never_gives_the_tier_that_its_contract_prints_for_scores_from_five(
    score: float, claims: int, has_doi: bool
) -> None:
    assert REFERENCE_TIERS.row_for(ReferenceFacts(score, claims, has_doi)).outcome is not Tier.PUBLIC_RECORD


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (
            {"tier": "DOI grade", "review_score": 9.0},
            "gives DOI grade or flagship candidate or watchlist",
        ),
        ({"tier": "DOI grade"}, "cannot be applied: the record states no score"),
        ({"tier": "A+", "review_score": 9.0}, None),
        ({"review_score": 9.0}, None),
    ],
)
def test_the_publishers_own_rule_is_applied_to_what_the_record_states(stated: dict[str, Any], said: str | None) -> None:
    record = rich_record(stated=StatedFacts(**stated), layout=Layout.PROSE)
    row = next(one for one in comparisons(record) if one.field == "tier")
    assert (row.own_rule is None) if said is None else (said in (row.own_rule or ""))


def test_the_printed_rules_hold_every_row_of_every_table() -> None:
    page = rules_page()
    anchors = {"tiers": "tier", "levels": "level", "reference": "reference-tier"}
    for name, table in TABLES.items():
        for row in table.rows:
            assert f'id="{anchors[name]}-{row.name}"' in page
        for condition in table.conditions:
            assert str(escape(condition.words)) in page
