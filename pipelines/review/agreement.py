"""How far reviewers agree, and the one score that follows from theirs.

Belongs here: mean, leave-one-out range, agreement. Does not belong here: scoring (`reviewers`).
A failed reviewer is absent and named, never a zero. Input: reviews; output: `ReviewSummary`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import fmean

from pipelines.models import Dimension, DimensionScore, Review, ReviewSummary
from pipelines.review.dimensions import merge_dimensions

MIN_REVIEWERS = 2


def reviewer_score(review: Review) -> float | None:
    """The mean of the dimensions that the reviewer scored; None when it failed or scored none."""
    scores = [entry.score for entry in review.scores if entry.score is not None]
    return fmean(scores) if scores and review.failed is None else None


def agreement_of(scores: Sequence[float]) -> float | None:
    """1 minus the mean absolute difference of every two scores over the width of the scale (10)."""
    if len(scores) < MIN_REVIEWERS:
        return None
    return 1.0 - fmean(abs(one - other) for one, other in combinations(scores, 2)) / 10.0


def leave_one_out_range(scores: Sequence[float]) -> tuple[float, float] | None:
    """Lowest and highest mean when any one reviewer is left out."""
    if len(scores) < MIN_REVIEWERS:
        return None
    total = sum(scores)
    means = [(total - score) / (len(scores) - 1) for score in scores]
    return min(means), max(means)


def summarise(reviews: Sequence[Review]) -> ReviewSummary:
    """The score of a record: the mean over its reviewers, with spread and agreement.

    There is a score only where evidence was assessed: a record none of whose claims was checked
    may be well formed, but form alone earns no number.
    """
    held = {review.reviewer: score for review in reviews if (score := reviewer_score(review)) is not None}
    dimensions = merge_dimensions(reviews)
    if why := _why_no_score(held, dimensions):
        return ReviewSummary(
            score=None,
            reviewers=tuple(held),
            dimensions=dimensions,
            reason=f"No score: {why}.{_absent(reviews, held)}",
        )
    scores = list(held.values())
    spread, agreement = leave_one_out_range(scores), agreement_of(scores)
    return ReviewSummary(
        score=round(fmean(scores), 2),
        low=round(spread[0], 2) if spread else None,
        high=round(spread[1], 2) if spread else None,
        agreement=round(agreement, 3) if agreement is not None else None,
        reviewers=tuple(held),
        dimensions=dimensions,
        reason=_how(held) + _absent(reviews, held),
    )


def _why_no_score(held: Mapping[str, float], dimensions: Sequence[DimensionScore]) -> str | None:
    if not held:
        return "no reviewer could score the record"
    evidence = next(entry for entry in dimensions if entry.dimension is Dimension.EVIDENCE_STRENGTH)
    return "no claim was checked against a source" if evidence.score is None else None


def _how(held: Mapping[str, float]) -> str:
    each = ", ".join(f"{name} {score:.1f}" for name, score in held.items())
    if len(held) < MIN_REVIEWERS:
        return f"The score of one reviewer ({each}); with one there is neither spread nor agreement."
    return (
        f"Mean of {len(held)} reviewers ({each}). Low and high are the lowest and highest mean when any one"
        " reviewer is left out; agreement is 1 minus the mean difference of every two reviewers over 10."
    )


def _absent(reviews: Sequence[Review], held: Mapping[str, float]) -> str:
    failed = [f"{review.reviewer} failed ({review.failed})" for review in reviews if review.failed is not None]
    silent = [review.reviewer for review in reviews if review.failed is None and review.reviewer not in held]
    parts = [*failed, *(f"{name} had nothing to score" for name in silent)]
    return f" Left out: {'; '.join(parts)}." if parts else ""
