"""The reference system's own tier rule, kept so that tiers which it published can be recomputed.

Source: the thresholds of its quality-tiers-v1 contract, and the order observed on its records: below 5.0
quarantine; else flagship (with "reproducibility HIGH" meaning: has a DOI); else DOI grade; else watchlist.
Ours is in `pipelines.publication.tiers`; this one is never used to rate a record.
"""

from __future__ import annotations

from pipelines.models import Tier

FLAGSHIP_SCORE, FLAGSHIP_CLAIMS = 8.5, 5
DOI_SCORE, DOI_CLAIMS = 7.5, 1
QUARANTINE_BELOW = 5.0


def reference_tier(score: float, claims: int, has_doi: bool) -> Tier:
    """The tier the reference system gives to a review score (0-10) and a count of "verified" claims."""
    if score < QUARANTINE_BELOW:
        return Tier.QUARANTINE_CANDIDATE
    if score >= FLAGSHIP_SCORE and claims >= FLAGSHIP_CLAIMS and has_doi:
        return Tier.FLAGSHIP_CANDIDATE
    if score >= DOI_SCORE and claims >= DOI_CLAIMS:
        return Tier.DOI_GRADE
    return Tier.WATCHLIST


def tier_named(stated: str) -> Tier | None:
    """The tier that words on a page name ("Flagship candidate", "DOI_GRADE"), or None."""
    key = "_".join(stated.replace("-", " ").replace("_", " ").upper().split())
    return Tier(key) if key in Tier.__members__ else None
