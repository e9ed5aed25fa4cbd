"""The reviewers by rule, and the review of a record by all that are asked.

Belongs here: who reviews, and that one which fails is named. Does not belong here: how each judges
(`reviewer_*`), the score (`scoring`), findings (`published`), gates and tiers.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.models import Review, ReviewSummary
from pipelines.review.material import Reviewer, ReviewFailed, ReviewMaterial
from pipelines.review.reviewer_citations import CitationReviewer
from pipelines.review.reviewer_coverage import CoverageReviewer
from pipelines.review.reviewer_disclosure import UncertaintyReviewer
from pipelines.review.reviewer_fidelity import FidelityReviewer
from pipelines.review.reviewer_grounding import GroundingReviewer
from pipelines.review.reviewer_numbers import NumericalReviewer
from pipelines.review.reviewer_rigor import SourceRigourReviewer
from pipelines.review.reviewer_self_report import SelfReportReviewer
from pipelines.review.scoring import Judged, scored

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
