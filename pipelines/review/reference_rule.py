"""The reference system's own rules for tier and level, kept so that what it published can be recomputed.

Source: the thresholds of its quality-tiers-v1 contract, and the order observed on its records: below 5.0
quarantine; else flagship (with "reproducibility HIGH" meaning: has a DOI); else DOI grade; else watchlist. Its
level is 2 wherever a claim was extracted, whatever was found about it. No rule of its gives PUBLIC_RECORD, and none
looks at a gate verdict. Ours are in `pipelines.publication`; these never rate a record.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from pipelines.decision_table import Condition, DecisionTable, Row
from pipelines.models import Layout, Level, StatedFacts, Tier

FLAGSHIP_SCORE, FLAGSHIP_CLAIMS = 8.5, 5
DOI_SCORE, DOI_CLAIMS = 7.5, 1
QUARANTINE_BELOW = 5.0
COUNTED_AS_VERIFIED = ("claims_verified", "source_grounded_claims")  # stated figures that may have been used
_LAYOUTS_THAT_PRINT_A_DOI = (Layout.PAGE_OLD, Layout.PAGE_NEW)


@dataclass(frozen=True)
class ReferenceFacts:
    score: float  # 0-10, as published
    claims: int  # that it calls verified
    has_doi: bool


_DOI = {"quarantine-passed": True, "doi-score": True, "doi-claims": True}
_DOI_BASIS = "score and verified-claim count reach the DOI grade"
_WATCHLIST_BASIS = "score or verified-claim count is below the DOI grade"

REFERENCE_TIERS: DecisionTable[ReferenceFacts, Tier] = DecisionTable(
    conditions=(
        Condition(
            "quarantine-passed",
            f"the score is at least {QUARANTINE_BELOW}",
            lambda facts: facts.score >= QUARANTINE_BELOW,
        ),
        Condition("doi-score", f"the score is at least {DOI_SCORE}", lambda facts: facts.score >= DOI_SCORE),
        Condition("doi-claims", "a claim is called verified", lambda facts: facts.claims >= DOI_CLAIMS),
        Condition(
            "flagship-score", f"the score is at least {FLAGSHIP_SCORE}", lambda facts: facts.score >= FLAGSHIP_SCORE
        ),
        Condition(
            "flagship-claims",
            f"{FLAGSHIP_CLAIMS} claims or more are called verified",
            lambda facts: facts.claims >= FLAGSHIP_CLAIMS,
        ),
        Condition("doi", "the record has a DOI", lambda facts: facts.has_doi),
    ),
    rows=(
        Row("low-score", Tier.QUARANTINE_CANDIDATE, {"quarantine-passed": False}, "the score is below 5.0"),
        Row("low-doi-score", Tier.WATCHLIST, {"quarantine-passed": True, "doi-score": False}, _WATCHLIST_BASIS),
        Row(
            "no-claims",
            Tier.WATCHLIST,
            {"quarantine-passed": True, "doi-score": True, "doi-claims": False},
            _WATCHLIST_BASIS,
        ),
        Row("doi-grade", Tier.DOI_GRADE, {**_DOI, "flagship-score": False}, _DOI_BASIS),
        Row("few-claims", Tier.DOI_GRADE, {**_DOI, "flagship-score": True, "flagship-claims": False}, _DOI_BASIS),
        Row(
            "no-doi",
            Tier.DOI_GRADE,
            {**_DOI, "flagship-score": True, "flagship-claims": True, "doi": False},
            _DOI_BASIS,
        ),
        Row(
            "flagship",
            Tier.FLAGSHIP_CANDIDATE,
            {**_DOI, "flagship-score": True, "flagship-claims": True, "doi": True},
            "score, verified-claim count and DOI reach the flagship grade",
        ),
    ),
)


def reference_tier(score: float, claims: int, has_doi: bool) -> Tier:
    """The tier the reference system gives to a review score (0-10) and a count of "verified" claims."""
    return REFERENCE_TIERS.row_for(ReferenceFacts(score, claims, has_doi)).outcome


def recomputed_tiers(stated: StatedFacts, layout: Layout) -> frozenset[Tier] | None:
    """The tiers that the stated figures allow, several where the rule needs one that is not stated; None: no score."""
    score = stated.review_score
    if score is None or not 0 <= score <= 10:
        return None
    known_absent = stated.doi is None and layout in _LAYOUTS_THAT_PRINT_A_DOI
    has_doi = (False,) if known_absent else (True,) if stated.doi else (True, False)
    return frozenset(reference_tier(score, count, doi) for count, doi in product(possible_counts(stated), has_doi))


def possible_counts(stated: StatedFacts) -> frozenset[int]:
    """Every count of verified claims that could have been used; all that make a difference where none is stated."""
    counts = {
        figure.value
        for figure in stated.figures
        if figure.name in COUNTED_AS_VERIFIED and isinstance(figure.value, int)
    }
    return frozenset(counts or {0, DOI_CLAIMS, FLAGSHIP_CLAIMS})


def reference_level(claims: int) -> Level:
    """The level the reference system gives to a count of extracted claims, which it calls source-grounded."""
    return Level.SOURCE_GROUNDED if claims > 0 else Level.LITERATURE_SYNTHESIS


def tier_named(stated: str) -> Tier | None:
    """The tier that words on a page name ("Flagship candidate", "DOI_GRADE"), or None."""
    key = "_".join(stated.replace("-", " ").replace("_", " ").upper().split())
    return Tier(key) if key in Tier.__members__ else None
