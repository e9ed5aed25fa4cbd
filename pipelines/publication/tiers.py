"""Tiers: a triage of records by a total, disjoint table of rules that is printed with the result.

Belongs here: our table. Does not belong here: scores (review), gate verdicts (gates), the reference system's own
rule (`review.reference_rule`). Counts are of claims supported by a source, never of claims extracted.
A falsified record is never above quarantine; a retracted main source caps the tier at the watchlist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from pydantic import Field

from pipelines.decision_table import Condition, DecisionTable, Row
from pipelines.models import (
    ClaimCounts,
    ClaimVerdict,
    GateResult,
    Model,
    PublicGateStatus,
    Stance,
    Tier,
    Verdict,
)

QUARANTINE_BELOW = 5.0
DOI_GRADE_FROM = 7.5
FLAGSHIP_FROM = 8.5
FLAGSHIP_SUPPORTED = 5
MAIN_SOURCE_SHARE = 1 / 3

# What several rows of the table have in common.
_RATED = {"falsified": False, "scored": True, "quarantine-passed": True}
_SOUND = {**_RATED, "mostly-refuted": False, "retracted": False, "integrity-failed": False}
_DOI_GRADE = {**_SOUND, "supported": True, "refuted": False, "doi-score": True}
_FALSIFIED_BASIS = "a claim is refuted, by an attached artifact or by confirmed evidence of the red team"
_DOI_BASIS = f"the score is at least {DOI_GRADE_FROM}, claims are supported and none is refuted"


class TierFacts(Model):
    """What the table looks at. `None` means that there is none: no score, gate not evaluated."""

    score: float | None = Field(ge=0, le=10, allow_inf_nan=False)
    claims: ClaimCounts
    verification: PublicGateStatus | None = None  # gate 2; FALSIFIED too where gate 3 refutes a claim
    integrity: GateResult | None = None  # gate 0
    main_source_retracted: bool = False


def _score_from(least: float) -> Callable[[TierFacts], bool]:
    return lambda facts: facts.score is not None and facts.score >= least


def _mostly_refuted(facts: TierFacts) -> bool:
    return facts.claims.refuted > 0 and facts.claims.refuted >= facts.claims.supported


TIERS: DecisionTable[TierFacts, Tier] = DecisionTable(
    conditions=(
        Condition("falsified", _FALSIFIED_BASIS, lambda facts: facts.verification is PublicGateStatus.FALSIFIED),
        Condition("scored", "there is a review score", lambda facts: facts.score is not None),
        Condition("quarantine-passed", f"the score is at least {QUARANTINE_BELOW}", _score_from(QUARANTINE_BELOW)),
        Condition("mostly-refuted", "sources refute at least as many claims as they support", _mostly_refuted),
        Condition("retracted", "a main source is retracted", lambda facts: facts.main_source_retracted),
        Condition("integrity-failed", "the integrity gate failed", lambda facts: facts.integrity is GateResult.FAILED),
        Condition("supported", "a source supports a claim", lambda facts: facts.claims.supported > 0),
        Condition("refuted", "a source refutes a claim", lambda facts: facts.claims.refuted > 0),
        Condition("doi-score", f"the score is at least {DOI_GRADE_FROM}", _score_from(DOI_GRADE_FROM)),
        Condition("flagship-score", f"the score is at least {FLAGSHIP_FROM}", _score_from(FLAGSHIP_FROM)),
        Condition(
            "flagship-claims",
            f"sources support {FLAGSHIP_SUPPORTED} claims or more",
            lambda facts: facts.claims.supported >= FLAGSHIP_SUPPORTED,
        ),
        Condition("disputed", "sources disagree about a claim", lambda facts: facts.claims.disputed > 0),
        Condition(
            "verified",
            "an attached artifact verifies a claim",
            lambda facts: facts.verification is PublicGateStatus.VERIFIED,
        ),
    ),
    rows=(
        Row("falsified", Tier.QUARANTINE_CANDIDATE, {"falsified": True}, _FALSIFIED_BASIS),
        Row("no-score", Tier.UNRATED, {"falsified": False, "scored": False}, "there is no review score to rate by"),
        Row(
            "low-score",
            Tier.QUARANTINE_CANDIDATE,
            {"falsified": False, "scored": True, "quarantine-passed": False},
            f"the review score is below {QUARANTINE_BELOW}",
        ),
        Row(
            "mostly-refuted",
            Tier.QUARANTINE_CANDIDATE,
            {**_RATED, "mostly-refuted": True},
            "sources refute at least as many claims as they support",
        ),
        Row(
            "retracted-main-source",
            Tier.WATCHLIST,
            {**_RATED, "mostly-refuted": False, "retracted": True},
            "a main source is retracted, which caps the tier",
        ),
        Row(
            "integrity-failed",
            Tier.WATCHLIST,
            {**_RATED, "mostly-refuted": False, "retracted": False, "integrity-failed": True},
            "the integrity gate failed, which caps the tier",
        ),
        Row("nothing-supported", Tier.WATCHLIST, {**_SOUND, "supported": False}, "no claim is supported by a source"),
        Row(
            "a-claim-refuted",
            Tier.PUBLIC_RECORD,
            {**_SOUND, "supported": True, "refuted": True},
            "claims are supported, but at least one is refuted",
        ),
        Row(
            "middling-score",
            Tier.PUBLIC_RECORD,
            {**_SOUND, "supported": True, "refuted": False, "doi-score": False},
            f"claims are supported and none is refuted, but the score is below {DOI_GRADE_FROM}",
        ),
        Row("doi-grade", Tier.DOI_GRADE, {**_DOI_GRADE, "flagship-score": False}, _DOI_BASIS),
        Row(
            "few-claims",
            Tier.DOI_GRADE,
            {**_DOI_GRADE, "flagship-score": True, "flagship-claims": False},
            f"{_DOI_BASIS}; for more, sources would have to support {FLAGSHIP_SUPPORTED} claims",
        ),
        Row(
            "a-claim-disputed",
            Tier.DOI_GRADE,
            {**_DOI_GRADE, "flagship-score": True, "flagship-claims": True, "disputed": True},
            f"{_DOI_BASIS}; for more, sources would have to agree",
        ),
        Row(
            "nothing-verified",
            Tier.DOI_GRADE,
            {**_DOI_GRADE, "flagship-score": True, "flagship-claims": True, "disputed": False, "verified": False},
            f"{_DOI_BASIS}; for more, an artifact would have to verify a claim",
        ),
        Row(
            "flagship",
            Tier.FLAGSHIP_CANDIDATE,
            {**_DOI_GRADE, "flagship-score": True, "flagship-claims": True, "disputed": False, "verified": True},
            f"the score is at least {FLAGSHIP_FROM}, {FLAGSHIP_SUPPORTED} or more claims are supported, none is refuted"
            " or disputed, and an artifact verifies a claim",
        ),
    ),
)


def tier_of(facts: TierFacts, interval: tuple[float, float] | None = None) -> tuple[Tier, str]:
    """The tier of a record, and what it rests on: the row, the figures, and what the score's `interval` leaves open."""
    row = TIERS.row_for(facts)
    score = "none" if facts.score is None else f"{facts.score:g}"
    claims = facts.claims
    return row.outcome, (
        f"Rule {row.name}: {row.basis} (score {score}; {claims.supported} supported,"
        f" {claims.refuted} refuted, {claims.disputed} disputed of {claims.extracted} claims)."
        f"{_left_open(facts, row.outcome, interval)}"
    )


def _left_open(facts: TierFacts, tier: Tier, interval: tuple[float, float] | None) -> str:
    """The tiers at the ends of the score's interval, where they are others."""
    if facts.score is None or interval is None:
        return ""
    ends = [(score, TIERS.row_for(facts.model_copy(update={"score": score})).outcome) for score in interval]
    others = [f"{other.words} at {score:g}" for score, other in ends if other is not tier]
    return f" The score's interval leaves open: {', '.join(others)}." if others else ""


def main_sources(verdicts: Mapping[str, Verdict]) -> frozenset[str]:
    """Sources that carry at least a third of the supported claims, by their evidence."""
    supported = [held for held in verdicts.values() if held.verdict is ClaimVerdict.SUPPORTED]
    carried: Counter[str] = Counter()
    for verdict in supported:
        carried.update({evidence.source_id for evidence in verdict.evidence if evidence.stance is Stance.SUPPORTS})
    return frozenset(source for source, count in carried.items() if count >= MAIN_SOURCE_SHARE * len(supported))
