"""Contract quality-dimensions-v1: eight scores, each with its word, its doubt and what it rests on.

Belongs here: the document. Does not belong here: scoring (`review.reviewers`). A level is the word for a score that
reviewers gave; where they gave none it is UNASSESSED, and never follows from a tier, a count or a DOI.
"""

from __future__ import annotations

from typing import Any

from pipelines.models import Dimension
from pipelines.publication.contracts.envelope import head
from pipelines.publication.contracts.quality_levels import CUTS, dimension_score, quality_level
from pipelines.publication.views import PublicRecord
from pipelines.review.reviewers.dimensions import ASKS, unscored_reason

QUALITY_DIMENSIONS = "quality-dimensions-v1"

INTERPRETATION = (
    f"Each score (0 to 10) is the mean of the reviewers that looked at the dimension; score_low and score_high are the"
    f" ends of a 95 % interval over the claims and references that were looked at. {CUTS}"
)
LIMITATIONS = (
    "Scores are given by rules over what was found, unless a reviewer is named as a language model. They are no human"
    " peer review.",
    "UNASSESSED means that nobody could tell. It is neither good nor bad.",
)


def definition(dimension: Dimension) -> str:
    """What the dimension asks, as a sentence."""
    asks = ASKS[dimension]
    return f"{asks[0].upper()}{asks[1:]}."


def quality_dimensions(record: PublicRecord) -> dict[str, Any]:
    return {
        **head(QUALITY_DIMENSIONS),
        "dimensions": {one.value: _dimension(record, number, one) for number, one in enumerate(Dimension, start=1)},
        "interpretation": INTERPRETATION,
        "limitations": list(LIMITATIONS),
    }


def _dimension(record: PublicRecord, number: int, dimension: Dimension) -> dict[str, Any]:
    held = dimension_score(record, dimension)
    return {
        "id": f"D-{number}",
        "score": held.score if held else None,
        "score_low": held.low if held else None,
        "score_high": held.high if held else None,
        "level": quality_level(held.score if held else None),
        "basis": held.reason if held else unscored_reason(dimension, (), ()),
        "definition": definition(dimension),
    }
