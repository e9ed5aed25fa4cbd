"""Reviewers: what lowers which dimension, what stays unassessed, how a summary carries its doubt."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_records import claims_of, verdict, written_record

from pipelines.models import (
    ClaimKind,
    ClaimVerdict,
    Dimension,
    DimensionScore,
    Finding,
    Notice,
    NoticeKind,
    ReferenceAudit,
    ReferenceFinding,
    Review,
    Severity,
)
from pipelines.review.agreement import agreement_of, leave_one_out_range, summarise
from pipelines.review.material import ReviewFailed, ReviewMaterial
from pipelines.review.reviewers import REVIEWERS, review_record

S, R, N, D, U = (
    ClaimVerdict.SUPPORTED,
    ClaimVerdict.REFUTED,
    ClaimVerdict.NOT_ENOUGH_INFO,
    ClaimVerdict.DISPUTED,
    ClaimVerdict.NOT_CHECKED,
)
CLAIMS = [
    "Green tea lowered blood pressure by 3.1 mmHg in adults.",
    "Black tea lowered blood pressure by 1.2 mmHg in adults.",
    "Heart rate in adults with hypertension stayed at 71 beats.",
    "Adults with hypertension who drank tea slept 20 minutes longer.",
]
QUESTION = "Does green tea lower blood pressure in adults with hypertension?"


def audit(finding: ReferenceFinding, source: str | None = "doi:10.1/a", *notices: NoticeKind) -> ReferenceAudit:
    return ReferenceAudit(
        finding=finding,
        source_id=source,
        reason="written for a test",
        notices=tuple(Notice(kind=kind, origin="library:test") for kind in notices),
    )


FOUND = audit(ReferenceFinding.FOUND)


def material(
    held: Sequence[ClaimVerdict] = (S, S, S, S),
    audits: Sequence[ReferenceAudit] = (FOUND,),
    findings: Sequence[Finding] = (),
    rows: Sequence[str] = CLAIMS,
    prose: str = "Limitations\nThis is a machine-generated synthesis.",
    hedged: Sequence[int] = (),
    kinds: dict[int, ClaimKind] | None = None,
) -> ReviewMaterial:
    record = written_record(
        rows=[(row, None, None) for row in rows],
        prose=prose,
        question=QUESTION,
        references=[{"doi": "10.1/a"}],
        figures=[("papers", 1, "1 paper")],
    )
    claims = claims_of(record, hedged=hedged, kinds=kinds)
    verdicts = {claim.claim_id: verdict(claim, v) for claim, v in zip(claims, held, strict=True)}
    return ReviewMaterial(record, claims, verdicts, audits, findings)


def dimension(which: Dimension, of: ReviewMaterial) -> DimensionScore:
    _, summary = review_record(of)
    return next(entry for entry in summary.dimensions if entry.dimension is which)


def value(which: Dimension, of: ReviewMaterial) -> float:
    score = dimension(which, of).score
    assert score is not None
    return score


def finding(rule: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(rule=rule, severity=severity, message="written for a test")


def test_a_sound_record_is_scored_by_all_five_reviewers_who_agree() -> None:
    reviews, summary = review_record(material())
    assert [review.failed for review in reviews] == [None] * 5
    assert summary.reviewers == tuple(reviewer.name for reviewer in REVIEWERS)
    assert summary.score is not None
    assert summary.score > 9
    assert summary.low is not None
    assert summary.high is not None
    assert summary.low <= summary.score <= summary.high
    assert summary.agreement is not None
    assert summary.agreement > 0.9


def test_all_eight_dimensions_are_named_and_the_unassessed_say_why() -> None:
    _, summary = review_record(material())
    assert [entry.dimension for entry in summary.dimensions] == list(Dimension)
    unassessed = {entry.dimension for entry in summary.dimensions if entry.score is None}
    assert unassessed == {Dimension.BENCHMARK_VALIDITY, Dimension.NOVELTY, Dimension.SAFETY_IMPACT}
    assert all("model" in entry.reason for entry in summary.dimensions if entry.score is None)


def test_without_a_checked_claim_grounding_is_unassessed_and_there_is_no_score() -> None:
    unchecked = material(held=(U, U, U, U))
    assert dimension(Dimension.EVIDENCE_STRENGTH, unchecked).score is None
    _, summary = review_record(unchecked)
    assert summary.score is None
    assert summary.low is None
    assert "no claim was checked" in summary.reason


@pytest.mark.parametrize(
    ("lowered", "perturbed"),
    [
        (Dimension.EVIDENCE_STRENGTH, material(held=(S, S, S, N))),
        (Dimension.EVIDENCE_STRENGTH, material(held=(S, S, S, R))),
        (Dimension.EVIDENCE_STRENGTH, material(held=(S, S, S, D))),
        (Dimension.CITATION_GROUNDING, material(audits=[audit(ReferenceFinding.MISDESCRIBED)])),
        (Dimension.CITATION_GROUNDING, material(audits=[audit(ReferenceFinding.LIKELY_FABRICATED, None)])),
        (
            Dimension.CITATION_GROUNDING,
            material(audits=[audit(ReferenceFinding.FOUND, "doi:10.1/a", NoticeKind.RETRACTED)]),
        ),
        (Dimension.CITATION_GROUNDING, material(findings=[finding("preprints-called-peer-reviewed")])),
        (Dimension.NUMERICAL_CONSISTENCY, material(held=(R, S, S, S))),
        (Dimension.NUMERICAL_CONSISTENCY, material(findings=[finding("same-figure-for-two-subjects")])),
        (Dimension.UNCERTAINTY_DISCLOSURE, material(prose="No word on limits.")),
        (Dimension.UNCERTAINTY_DISCLOSURE, material(held=(S, S, S, N))),
    ],
)
def test_a_perturbation_lowers_the_dimension_it_should_and_never_raises_the_score(
    lowered: Dimension, perturbed: ReviewMaterial
) -> None:
    assert value(lowered, perturbed) < value(lowered, material())
    before, after = review_record(material())[1].score, review_record(perturbed)[1].score
    assert before is not None
    assert after is not None
    assert after <= before


def test_an_off_topic_claim_lowers_the_coverage_of_the_question() -> None:
    off = [*CLAIMS[:3], "Emperor penguins breed on the winter ice of Antarctica."]
    which = Dimension.EVIDENCE_STRENGTH
    assert value(which, material(rows=off)) < value(which, material())


def test_a_refuted_claim_weighs_more_than_an_open_one() -> None:
    which = Dimension.EVIDENCE_STRENGTH
    assert value(which, material(held=(S, S, S, R))) < value(which, material(held=(S, S, S, N)))


def test_hedging_an_unsupported_claim_is_disclosure() -> None:
    which = Dimension.UNCERTAINTY_DISCLOSURE
    assert value(which, material(held=(S, S, S, N), hedged=[4])) > value(which, material(held=(S, S, S, N)))


def test_a_self_description_earns_nothing_for_grounding() -> None:
    padded = material(held=(S, N, N, N), kinds={1: ClaimKind.SELF_DESCRIPTION})
    reviews, _ = review_record(padded)
    assert reviews[0].scores[0].score == 0


def test_references_that_could_not_be_judged_leave_citations_unassessed() -> None:
    unjudged = material(audits=[audit(ReferenceFinding.UNREACHABLE), audit(ReferenceFinding.UNFINDABLE)])
    assert dimension(Dimension.CITATION_GROUNDING, unjudged).score is None


class _Crashing:
    name = "crashing"

    def scores(self, material: ReviewMaterial) -> tuple[DimensionScore, ...]:
        raise ReviewFailed("the record is in a language it cannot read")


class _Buggy:
    name = "buggy"

    def scores(self, material: ReviewMaterial) -> tuple[DimensionScore, ...]:
        raise KeyError("a bug")


def test_a_failed_reviewer_is_named_and_left_out_of_the_mean() -> None:
    reviews, summary = review_record(material(), (*REVIEWERS, _Crashing()))
    assert reviews[-1].failed == "the record is in a language it cannot read"
    assert "crashing" not in summary.reviewers
    assert "crashing failed (the record is in a language it cannot read)" in summary.reason
    assert summary.score == review_record(material())[1].score


def test_a_bug_in_a_reviewer_is_not_taken_for_a_failure() -> None:
    with pytest.raises(KeyError):
        review_record(material(), (_Buggy(),))


def test_no_reviewer_at_all_gives_no_score_and_says_so() -> None:
    summary = summarise([])
    assert summary.score is None
    assert summary.agreement is None
    assert "no reviewer" in summary.reason


def test_one_reviewer_has_neither_spread_nor_agreement() -> None:
    score = DimensionScore(dimension=Dimension.EVIDENCE_STRENGTH, score=6, reason="test")
    summary = summarise([Review(reviewer="only", version="1", scores=(score,))])
    assert (summary.score, summary.low, summary.high, summary.agreement) == (6, None, None, None)


def test_agreement_and_spread_of_a_worked_example() -> None:
    # |4-6|=2, |4-9|=5, |6-9|=3: mean 10/3 of 10; means without one: 7.5, 6.5, 5.
    assert agreement_of([4, 6, 9]) == pytest.approx(1 - 1 / 3)
    assert leave_one_out_range([4, 6, 9]) == (5, 7.5)


@given(st.lists(st.floats(min_value=0, max_value=10), min_size=2, max_size=8))
def test_agreement_is_a_share_and_the_spread_holds_the_mean(scores: list[float]) -> None:
    agreement, spread = agreement_of(scores), leave_one_out_range(scores)
    assert agreement is not None
    assert spread is not None
    assert -1e-9 <= agreement <= 1 + 1e-9
    assert spread[0] - 1e-9 <= sum(scores) / len(scores) <= spread[1] + 1e-9


@given(st.lists(st.sampled_from(list(ClaimVerdict)), min_size=4, max_size=4))
def test_any_verdicts_give_scores_within_the_scale(held: list[ClaimVerdict]) -> None:
    _, summary = review_record(material(held=held))
    assert (summary.score is None) == all(one is U for one in held)
