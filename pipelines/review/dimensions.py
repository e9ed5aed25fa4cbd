"""The eight quality dimensions D-1..D-8: what each asks, and why one may have no score.

Belongs here: merging reviewers' scores per dimension. Does not belong here: how a reviewer scores
(`reviewers`) or how reviewers agree (`agreement`). Definitions follow contract quality-dimensions-v1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.models import Dimension, DimensionScore, Review

ASKS: Mapping[Dimension, str] = {
    Dimension.EVIDENCE_STRENGTH: "how directly and sufficiently sources support the main claims",
    Dimension.CITATION_GROUNDING: "whether claims are tied to inspectable sources and citations",
    Dimension.NUMERICAL_CONSISTENCY: "whether numbers, units, ranges and comparisons agree",
    Dimension.BENCHMARK_VALIDITY: "whether task, dataset, metric and protocol context is preserved",
    Dimension.NOVELTY: "whether the record adds something beyond restating its sources",
    Dimension.UNCERTAINTY_DISCLOSURE: "whether limits and claims that do not stand are marked",
    Dimension.REPRODUCIBILITY_STATUS: "whether artifacts and sources permit independent inspection",
    Dimension.SAFETY_IMPACT: "whether misuse and impact on people are named where they matter",
}

NO_REVIEWER: Mapping[Dimension, str] = {
    Dimension.BENCHMARK_VALIDITY: (
        "UNASSESSED: whether a figure kept its task, dataset and protocol takes a reader or a model"
    ),
    Dimension.NOVELTY: "UNASSESSED: novelty is not assessable without a reader or a model",
    Dimension.SAFETY_IMPACT: "UNASSESSED: what a text may do to people takes a reader or a model",
}


def merge_dimensions(reviews: Sequence[Review]) -> tuple[DimensionScore, ...]:
    """All eight, in order: the mean of the reviewers that scored it, else UNASSESSED with the reason."""
    return tuple(_merged(dimension, reviews) for dimension in Dimension)


def _merged(dimension: Dimension, reviews: Sequence[Review]) -> DimensionScore:
    given = [
        (review.reviewer, score)
        for review in reviews
        if review.failed is None
        for score in review.scores
        if score.dimension is dimension
    ]
    scored = [(name, entry) for name, entry in given if entry.score is not None]
    if scored:
        mean = sum(entry.score for _, entry in scored if entry.score is not None) / len(scored)
        reason = "; ".join(f"{name}: {entry.reason}" for name, entry in scored)
        return DimensionScore(dimension=dimension, score=round(mean, 2), reason=reason)
    if given:
        reason = "; ".join(f"{name}: {entry.reason}" for name, entry in given)
    else:
        failed = ", ".join(review.reviewer for review in reviews if review.failed is not None)
        default = NO_REVIEWER.get(dimension, "UNASSESSED: no reviewer scored it")
        reason = f"{default} (failed: {failed})" if failed and dimension not in NO_REVIEWER else default
    return DimensionScore(dimension=dimension, score=None, reason=reason)
