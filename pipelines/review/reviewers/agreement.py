"""How far the reviewers of a record agree, and in words what that means.

Belongs here: which scores are compared, Krippendorff's alpha over them, its interval. Does not belong here: the
statistic (`alpha`), the score (`scoring`). Input: the grid of scores; output: `Agreement`, or why there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.review.reviewers.alpha import Metric, alpha, alpha_interval

RELIABLE, TENTATIVE = 0.8, 0.667  # the bounds that Krippendorff gives
LEAST_FOR_INTERVAL = 3  # of two dimensions, half of the draws take one twice: their spread says nothing


@dataclass(frozen=True)
class Agreement:
    alpha: float | None
    reason: str
    low: float | None = None
    high: float | None = None


def agreement_of(reviewers: Sequence[str], grid: Sequence[Sequence[float | None]], seed: int) -> Agreement:
    """Alpha over the dimensions that two or more reviewers scored; `grid` has a row for each of `reviewers`."""
    columns = [[score for score in column if score is not None] for column in zip(*grid, strict=True)]
    shared = [column for column in columns if len(column) > 1]
    if len(reviewers) < 2:
        return Agreement(None, "No agreement: one reviewer scored the record.")
    if len(shared) < 2:
        return Agreement(
            None, f"No agreement: two or more reviewers scored {len(shared)} of the dimensions; two are needed."
        )
    rounded = [[None if score is None else round(score, 2) for score in row] for row in grid]
    found, spread = alpha(rounded, Metric.INTERVAL), alpha_interval(rounded, Metric.INTERVAL, seed)
    if found is None or spread is None:
        return Agreement(None, "No agreement: all scores are the same, so there is nothing that chance could do worse.")
    said = (
        f"Krippendorff's alpha, interval metric, over {len(shared)} dimensions that two or more reviewers scored"
        f" (1 is perfect, 0 is chance): {in_words(found)}."
    )
    if len(shared) < LEAST_FOR_INTERVAL:
        return Agreement(round(found, 3), f"{said} No interval: {len(shared)} dimensions are too few to draw anew.")
    return Agreement(
        alpha=round(found, 3),
        low=round(min(spread[0], found), 3),
        high=round(max(spread[1], found), 3),
        reason=f"{said} 95 % interval: the dimensions drawn anew a thousand times; over so few it is wide.",
    )


def in_words(found: float) -> str:
    """What an alpha means for the reader."""
    if found >= RELIABLE:
        return "the reviewers agree, though they look at different facts"
    if found >= TENTATIVE:
        return "the reviewers agree well enough for tentative conclusions only"
    if found > 0:
        return "the reviewers agree little: which facts are looked at decides the score"
    return "the reviewers agree no more than chance would: read their scores apart"
