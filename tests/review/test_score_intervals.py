"""The score of a record and its doubt: interval, range without one reviewer, agreement, who is absent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewed_records import D, N, R, S, U, material, said, summary

from pipelines.models import ClaimVerdict, Dimension, ReviewSummary
from pipelines.review.material import RECORD_UNIT, Judgement, Part, ReviewFailed, ReviewMaterial, halves, unassessed
from pipelines.review.reviewers.agreement import agreement_of, in_words
from pipelines.review.reviewers.intervals import drawn_scores, interval, units_of
from pipelines.review.reviewers.team import REVIEWERS, review_record

D1, D2, D3, D6 = (
    Dimension.EVIDENCE_STRENGTH,
    Dimension.CITATION_GROUNDING,
    Dimension.NUMERICAL_CONSISTENCY,
    Dimension.UNCERTAINTY_DISCLOSURE,
)


def share(good: int, of: int, dimension: Dimension = D1, kind: str = "c") -> Judgement:
    worth = {f"{kind}{at}": float(at < good) for at in range(of)}
    return Judgement(dimension, f"{good} of {of}", (Part(1.0, worth),))


def whole(score: float, dimension: Dimension) -> Judgement:
    return Judgement(dimension, f"{score} of 10", (Part(1.0, {RECORD_UNIT: score / 10}),))


@dataclass(frozen=True)
class Says:
    """A reviewer that says what it is told to."""

    name: str
    judgements: tuple[Judgement, ...]
    version: str = "test"
    model: str | None = None

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        return self.judgements


class Crashing:
    name = "crashing"
    version = "test"
    model = None

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        raise ReviewFailed("the record is in a language it cannot read")


class Buggy(Crashing):
    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        raise KeyError("a bug")


def reviewed(*reviewers: Says | Crashing) -> ReviewSummary:
    return review_record(material(), reviewers)[1]


# --- intervals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("good", "of", "low", "high"),
    # Jeffreys' interval of a share, as tabulated: beta(good + 1/2, bad + 1/2), its end at an unbroken run.
    [(5, 10, 0.224, 0.776), (9, 10, 0.619, 0.989), (5, 5, 0.621, 1.0), (0, 5, 0.0, 0.379), (90, 100, 0.830, 0.947)],
)
def test_the_interval_of_a_share_is_near_that_of_jeffreys(good: int, of: int, low: float, high: float) -> None:
    found = interval(drawn_scores([share(good, of)], seed=11)[0])
    assert found == (pytest.approx(10 * low, abs=0.35), pytest.approx(10 * high, abs=0.35))


def test_more_claims_of_the_same_share_narrow_the_interval_with_the_root_of_their_number() -> None:
    few, many = (interval(drawn_scores([share(count // 2, count)], seed=3)[0]) for count in (20, 320))
    assert (few[1] - few[0]) / (many[1] - many[0]) == pytest.approx(math.sqrt(16), rel=0.15)


def test_one_draw_serves_every_reviewer() -> None:
    same, other = share(5, 10), share(5, 10, D2, kind="reference:")
    drawn = drawn_scores([same, share(5, 10, D3), other], seed=5)
    moved = drawn[:, 1:] - drawn[:, :1]

    def correlation(one: int, two: int) -> float:
        return float((moved[one] * moved[two]).mean() / math.sqrt((moved[one] ** 2).mean() * (moved[two] ** 2).mean()))

    assert correlation(0, 1) > 0.8
    assert abs(correlation(0, 2)) < 0.15


def test_what_rests_on_the_record_as_a_whole_does_not_move() -> None:
    drawn = drawn_scores([whole(7, D6), share(3, 6)], seed=2)
    assert set(drawn[0].round(9)) == {7}
    assert len(set(drawn[1])) > 100


def test_a_unit_that_counts_twice_counts_twice() -> None:
    twice = Judgement(D1, "", (Part(1.0, {"c1": 1.0, "c2": 0.0}, counts={"c2": 2.0}),))
    assert drawn_scores([twice], seed=1)[0][0] == pytest.approx(10 / 3)


def test_points_off_and_weights_of_parts() -> None:
    parts = (Part(3.0, {"c1": 1.0}), Part(1.0, {"c1": 0.0, "c2": 0.5}))
    assert drawn_scores([Judgement(D1, "", parts, off=1.5)], seed=1)[0][0] == pytest.approx(10 * 3.25 / 4 - 1.5)
    assert drawn_scores([Judgement(D1, "", parts, off=30)], seed=1)[0].max() == 0


@pytest.mark.parametrize(
    ("good", "bad", "all_of", "expected"),
    [("ab", "c", "abcd", 5 * 2 / 3 + 5 * 2 / 4), ("ab", "", "abcd", 7.5), ("", "c", "cd", 0), ("", "", "cd", 0)],
)
def test_halves_of_settled_and_of_all(good: str, bad: str, all_of: str, expected: float) -> None:
    judgement = Judgement(D1, "", halves(good, bad, all_of))
    assert drawn_scores([judgement], seed=1)[0][0] == pytest.approx(expected)


def test_the_same_record_has_the_same_interval_whenever_it_is_reviewed() -> None:
    of = material(held=(S, R, N, S))
    assert summary(of) == summary(of)
    assert units_of([share(1, 2)]) == ("c0", "c1")


def test_each_score_has_an_interval_around_it_and_one_claim_alone_has_none() -> None:
    several = said(material(held=(S, R, N, S)), "grounding", D1)
    assert several.low is not None
    assert several.score is not None
    assert several.high is not None
    assert several.low < several.score < several.high
    alone = said(material(rows=["Green tea lowered blood pressure by 3.1 mmHg."], held=(S,)), "grounding", D1)
    assert (alone.score, alone.low, alone.high) == (10, None, None)


def test_a_score_that_rests_on_one_claim_says_why_it_has_no_interval() -> None:
    found = reviewed(Says("one", (share(1, 1),)))
    assert (found.score, found.low, found.high) == (10, None, None)
    assert "No interval: it rests on 1 claim and 0 references" in found.reason


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(list(ClaimVerdict)), min_size=4, max_size=4))
def test_any_verdicts_give_a_score_within_its_interval_or_none(held: Sequence[ClaimVerdict]) -> None:
    found = summary(material(held=held))
    assert (found.score is None) == all(one is U for one in held)
    for one in (found, *found.dimensions):
        if one.score is not None and one.low is not None and one.high is not None:
            assert 0 <= one.low <= one.score <= one.high <= 10


# --- the score ------------------------------------------------------------------------------------


def test_half_the_score_is_evidence_and_half_the_mean_of_the_other_dimensions() -> None:
    found = reviewed(
        Says("one", (whole(4, D1), whole(9, D2))),
        Says("two", (whole(8, D1), whole(3, D6), unassessed(D3, "no number"))),
    )
    assert found.score == 0.5 * 6 + 0.5 * (9 + 3) / 2


def test_evidence_alone_is_the_score_and_without_it_there_is_none() -> None:
    assert reviewed(Says("one", (whole(4, D1),))).score == 4
    form = reviewed(Says("one", (whole(9, D6), unassessed(D1, "no claim was checked against a source"))))
    assert form.score is None
    assert form.reason == "No score: no claim was checked against a source."
    nobody = reviewed()
    assert (nobody.score, nobody.reason) == (None, "No score: no reviewer judged evidence strength.")


def test_without_any_one_reviewer_the_score_would_lie_in_the_range_given() -> None:
    # Without one: D-1 8, D-6 3; without two: D-1 4, D-2 9; without three nothing changes but D-6.
    found = reviewed(
        Says("one", (whole(4, D1), whole(9, D2))),
        Says("two", (whole(8, D1), whole(3, D6))),
        Says("three", (whole(5, D6),)),
    )
    assert found.score == 0.5 * 6 + 0.5 * (9 + 4) / 2
    assert (found.without_one_low, found.without_one_high) == (
        pytest.approx(min(0.5 * 8 + 0.5 * 4, 0.5 * 4 + 0.5 * 7, 0.5 * 6 + 0.5 * 6)),
        pytest.approx(max(0.5 * 8 + 0.5 * 4, 0.5 * 4 + 0.5 * 7, 0.5 * 6 + 0.5 * 6)),
    )


def test_a_reviewer_without_whom_there_is_no_score_sets_no_end_of_the_range() -> None:
    found = reviewed(Says("only evidence", (whole(4, D1),)), Says("form", (whole(8, D6),)))
    assert (found.score, found.without_one_low, found.without_one_high) == (6, 4, 4)
    alone = reviewed(Says("only evidence", (whole(4, D1),)))
    assert (alone.without_one_low, alone.without_one_high) == (None, None)


def test_a_failed_reviewer_is_named_and_left_out_and_is_no_zero() -> None:
    reviews, found = review_record(material(held=(S, N, S, D)), (*REVIEWERS, Crashing()))
    assert reviews[-1].failed == "the record is in a language it cannot read"
    assert reviews[-1].scores == ()
    assert "crashing failed (the record is in a language it cannot read)" in found.absent
    assert "source-rigour had nothing to score" in found.absent
    assert "crashing" not in found.reviewers
    assert found.model_copy(update={"absent": ()}) == summary(material(held=(S, N, S, D))).model_copy(
        update={"absent": (), "dimensions": found.dimensions}
    )


def test_a_dimension_that_only_a_failed_reviewer_could_judge_says_so() -> None:
    novelty = next(one for one in reviewed(Crashing()).dimensions if one.dimension is Dimension.NOVELTY)
    assert novelty.score is None
    assert novelty.reason.endswith("(failed: crashing)")


def test_a_bug_in_a_reviewer_is_not_taken_for_a_failure() -> None:
    with pytest.raises(KeyError):
        review_record(material(), (Buggy(),))


# --- agreement ------------------------------------------------------------------------------------


def test_reviewers_who_say_the_same_agree_and_one_who_does_not_lowers_agreement() -> None:
    views = [(whole(2, D1), whole(9, D2), whole(6, D6)), (whole(3, D1), whole(9, D2), whole(5, D6))]
    agreeing = [Says(f"reviewer {at}", said) for at, said in enumerate(views)]
    dissenting = Says("dissenting", (whole(9, D1), whole(1, D2), whole(6, D6)))
    before, after = reviewed(*agreeing), reviewed(*agreeing, dissenting)
    assert before.agreement is not None
    assert after.agreement is not None
    assert before.agreement > 0.9
    assert after.agreement < 0.3
    assert before.agreement_reason is not None
    assert "over 3 dimensions" in before.agreement_reason
    assert before.agreement_low is not None
    assert before.agreement_high is not None
    assert before.agreement_low <= before.agreement <= before.agreement_high <= 1


@pytest.mark.parametrize(
    ("grid", "why"),
    [
        ([[4.0, 5.0]], "one reviewer"),
        ([[4.0, 5.0], [4.0, None]], "scored 1 of the dimensions"),
        ([[4.0, 4.0], [4.0, 4.0]], "all scores are the same"),
    ],
)
def test_where_there_is_no_agreement_it_says_why(grid: list[list[float | None]], why: str) -> None:
    found = agreement_of([f"reviewer {at}" for at in range(len(grid))], grid, seed=1)
    assert (found.alpha, found.low, found.high) == (None, None, None)
    assert why in found.reason


def test_two_dimensions_give_an_alpha_and_no_interval() -> None:
    found = agreement_of(["one", "two"], [[2.0, 9.0], [3.0, 9.0]], seed=1)
    assert found.alpha is not None
    assert (found.low, found.high) == (None, None)
    assert "No interval" in found.reason


@pytest.mark.parametrize(
    ("alpha", "words"),
    [
        (0.9, "agree, though"),
        (0.7, "tentative"),
        (0.2, "agree little"),
        (0.0, "no more than chance"),
        (-0.4, "no more"),
    ],
)
def test_agreement_is_said_in_words(alpha: float, words: str) -> None:
    assert words in in_words(alpha)


def test_a_summary_stored_before_there_were_intervals_still_loads() -> None:
    stored = (
        '{"score":6.0,"low":5.0,"high":7.0,"agreement":0.9,"reviewers":["grounding"],"dimensions":[],"reason":"Mean"}'
    )
    held = ReviewSummary.model_validate_json(stored)
    assert (held.score, held.without_one_low, held.agreement_reason, held.absent) == (6.0, None, None, ())
