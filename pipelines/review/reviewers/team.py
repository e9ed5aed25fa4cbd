"""The reviewers by rule, and the review of a record by all that are asked.

Belongs here: who reviews, and that one which fails is named. Does not belong here: how each judges
(`reviewers`), the score (`scoring`), findings (`published`), gates and tiers.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.models import Review, ReviewSummary
from pipelines.review.material import Reviewer, ReviewFailed, ReviewMaterial
from pipelines.review.reviewers.citations import CitationReviewer
from pipelines.review.reviewers.coverage import CoverageReviewer
from pipelines.review.reviewers.disclosure import UncertaintyReviewer
from pipelines.review.reviewers.fidelity import FidelityReviewer
from pipelines.review.reviewers.grounding import GroundingReviewer
from pipelines.review.reviewers.numbers import NumericalReviewer
from pipelines.review.reviewers.scoring import Judged, scored
from pipelines.review.reviewers.self_report import SelfReportReviewer
from pipelines.review.reviewers.source_rigor import SourceRigourReviewer

REVIEWERS: tuple[Reviewer, ...] = (
    GroundingReviewer(),
    CitationReviewer(),
    NumericalReviewer(),
    CoverageReviewer(),
    UncertaintyReviewer(),
    FidelityReviewer(),
    SelfReportReviewer(),
    SourceRigourReviewer(),
)


def review_record(
    material: ReviewMaterial, reviewers: Sequence[Reviewer] = REVIEWERS
) -> tuple[tuple[Review, ...], ReviewSummary]:
    """Every reviewer's scores, and their summary. A reviewer that fails is named; a bug propagates."""
    return scored([_judged(reviewer, material) for reviewer in reviewers])


def _judged(reviewer: Reviewer, material: ReviewMaterial) -> Judged:
    try:
        judgements = reviewer.judge(material)
    except ReviewFailed as failure:
        return Judged(reviewer.name, reviewer.version, reviewer.model, failed=str(failure))
    return Judged(reviewer.name, reviewer.version, reviewer.model, judgements)
