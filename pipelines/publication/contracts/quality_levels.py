"""LOW, MEDIUM, HIGH: the three words of the quality contracts for a score, by one cut for all.

Belongs here: the cuts. Does not belong here: scores. They are those of the tiers, so that the words of the contracts
never disagree: below quarantine LOW, from the DOI grade on HIGH.
"""

from __future__ import annotations

from pipelines.models import Dimension, DimensionScore
from pipelines.publication.tiers import DOI_GRADE_FROM, QUARANTINE_BELOW
from pipelines.publication.views import PublicRecord

UNASSESSED, LOW, MEDIUM, HIGH = "UNASSESSED", "LOW", "MEDIUM", "HIGH"
CUTS = f"LOW is a score below {QUARANTINE_BELOW:g}, HIGH one of {DOI_GRADE_FROM:g} or more, MEDIUM what lies between."


def quality_level(score: float | None) -> str:
    if score is None:
        return UNASSESSED
    if score < QUARANTINE_BELOW:
        return LOW
    return MEDIUM if score < DOI_GRADE_FROM else HIGH


def dimension_score(record: PublicRecord, dimension: Dimension) -> DimensionScore | None:
    """What the reviewers together say of a dimension; None: nobody looked at it."""
    return next((one for one in record.review.dimensions if one.dimension is dimension), None)
