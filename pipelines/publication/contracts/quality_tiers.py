"""Contract quality-tiers-v1: the tier of a record, what it was decided by, and the rules.

Belongs here: the document. Does not belong here: the decision (`publication.tiers`). The contract asks for a score and
has no word for an unrated record: without a score there is no document, and the reason says so.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pipelines.decision_table import Row
from pipelines.models import Dimension, Tier
from pipelines.publication.contracts.envelope import head
from pipelines.publication.contracts.quality_levels import CUTS, dimension_score, quality_level
from pipelines.publication.gate_contract import VERIFICATION_GATE, gate_in_force, published_status
from pipelines.publication.tiers import (
    DOI_GRADE_FROM,
    FLAGSHIP_FROM,
    FLAGSHIP_SUPPORTED,
    QUARANTINE_BELOW,
    TIERS,
)
from pipelines.publication.views import PublicRecord

QUALITY_TIERS = "quality-tiers-v1"

ENFORCEMENT = (
    "Exactly one of the rules holds for any record (proved over all answers to their conditions). A falsified record is"
    " never above quarantine, whatever its score; a retracted main source caps the tier at the watchlist."
)
LIMITATIONS = (
    "A tier is a triage for readers. It is no peer review, and says nothing about whether the sources are right.",
    "verified_claim_count counts claims that a sentence in a source supports, never claims that were extracted.",
    f"reproducibility_level is the word for the score of D-7 and decides no tier. {CUTS}",
    "artifact_types names the kinds of check that are attached to claims; that a kind is named says nothing of what"
    " came of it (see the gate verdict).",
)

# Conditions that are bounds on a figure, by the field of the contract that states such a bound.
_LOWER_BOUNDS: dict[str, tuple[str, float]] = {
    "quarantine-passed": ("minimum_review_score", QUARANTINE_BELOW),
    "doi-score": ("minimum_review_score", DOI_GRADE_FROM),
    "flagship-score": ("minimum_review_score", FLAGSHIP_FROM),
    "supported": ("minimum_verified_claim_count", 1),
    "flagship-claims": ("minimum_verified_claim_count", FLAGSHIP_SUPPORTED),
}


def why_no_quality_tiers(record: PublicRecord) -> str | None:
    """Why there is no such document; None where there is one."""
    tier = f"the record's tier is {record.tier.words}" if record.tier else "the record has no tier"
    if record.review.score is None:
        return f"The contract asks for a review score, and none is held; {tier}."
    if record.tier in (None, Tier.UNRATED):
        return f"The contract has no word for it: {tier}."
    return None


def quality_tiers(record: PublicRecord) -> dict[str, Any] | None:
    if record.tier is None or why_no_quality_tiers(record) is not None:
        return None
    return {
        **head(QUALITY_TIERS),
        "tier": record.tier.value,
        "basis": record.tier_basis,
        "inputs": _inputs(record),
        "thresholds": [dict(one) for one in thresholds()],
        "enforcement": ENFORCEMENT,
        "limitations": list(LIMITATIONS),
    }


def _inputs(record: PublicRecord) -> dict[str, Any]:
    reproducibility = dimension_score(record, Dimension.REPRODUCIBILITY_STATUS)
    gates = {name: gate_in_force(record.gates, gate) for name, gate in (("2", VERIFICATION_GATE), ("0", "gate-0"))}
    return {
        "review_score": record.review.score,
        "verified_claim_count": record.counts.supported,
        "artifact_types": sorted({one.kind for one in record.artifacts}),
        "reproducibility_level": quality_level(reproducibility.score if reproducibility else None),
        "refuted_claim_count": record.counts.refuted,
        "disputed_claim_count": record.counts.disputed,
        "extracted_claim_count": record.counts.extracted,
        "gate_status": published_status(gates["2"]).value if gates["2"] else None,
        "integrity_result": gates["0"].result.value if gates["0"] and gates["0"].result else None,
    }


@cache
def thresholds() -> tuple[dict[str, Any], ...]:
    """Every rule, in order; its bounds under the contract's names, its conditions by name (words: in the schema)."""
    return tuple(_threshold(order, row) for order, row in enumerate(TIERS.rows, start=1))


def _threshold(order: int, row: Row[Tier]) -> dict[str, Any]:
    bounds: dict[str, float] = {}
    for name, wanted in row.requires.items():
        if name not in _LOWER_BOUNDS:
            continue
        field, bound = _LOWER_BOUNDS[name]
        if wanted:
            bounds[field] = max(bound, bounds.get(field, 0))
        elif field == "minimum_review_score":
            bounds["review_score_below"] = bound
    return {
        "order": order,
        "rule": row.name,
        "tier": row.outcome.value,
        "description": row.basis,
        **bounds,
        "requires": dict(row.requires),
    }
