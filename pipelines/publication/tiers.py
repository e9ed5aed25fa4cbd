"""Tiers: a triage of records by a total, disjoint table of rules that is printed with the result.

Belongs here: our rules, and the reference system's own under its name. Does not belong here: scores
(review), gate verdicts (gates). Counts are of claims supported by a source, never of claims extracted.
A falsified record is never above quarantine; a retracted main source caps the tier at the watchlist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import Field

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
from pipelines.review.reference_rule import reference_tier

__all__ = ["TIER_RULES", "TierFacts", "TierRule", "main_sources", "reference_tier", "tier_of"]

QUARANTINE_BELOW = 5.0
DOI_GRADE_FROM = 7.5
FLAGSHIP_FROM = 8.5
FLAGSHIP_SUPPORTED = 5
MAIN_SOURCE_SHARE = 1 / 3


class TierFacts(Model):
    """What the table looks at. `None` means that there is none: no score, gate not evaluated."""

    score: float | None = Field(ge=0, le=10, allow_inf_nan=False)
    claims: ClaimCounts
    verification: PublicGateStatus | None = None  # gate 2; FALSIFIED too where gate 3 refutes a claim
    integrity: GateResult | None = None  # gate 0
    main_source_retracted: bool = False


def _falsified(facts: TierFacts) -> bool:
    return facts.verification is PublicGateStatus.FALSIFIED


def _scored(facts: TierFacts) -> float | None:
    """The score of a record that may be rated by it: one that is not falsified."""
    return None if _falsified(facts) else facts.score


def _mostly_refuted(facts: TierFacts) -> bool:
    return facts.claims.refuted > 0 and facts.claims.refuted >= facts.claims.supported


def _sound(facts: TierFacts) -> bool:
    score = _scored(facts)
    return score is not None and score >= QUARANTINE_BELOW and not _mostly_refuted(facts)


def _standing(facts: TierFacts) -> bool:
    capped = facts.main_source_retracted or facts.integrity is GateResult.FAILED
    return _sound(facts) and not capped and facts.claims.supported > 0


def _doi_grade(facts: TierFacts) -> bool:
    return _standing(facts) and (facts.score or 0.0) >= DOI_GRADE_FROM and facts.claims.refuted == 0


def _flagship(facts: TierFacts) -> bool:
    return (
        _doi_grade(facts)
        and (facts.score or 0.0) >= FLAGSHIP_FROM
        and facts.claims.supported >= FLAGSHIP_SUPPORTED
        and facts.claims.disputed == 0
        and facts.verification is PublicGateStatus.VERIFIED
    )


def _low_score(facts: TierFacts) -> bool:
    score = _scored(facts)
    return score is not None and score < QUARANTINE_BELOW


def _refuted_in_the_main(facts: TierFacts) -> bool:
    score = _scored(facts)
    return score is not None and score >= QUARANTINE_BELOW and _mostly_refuted(facts)


@dataclass(frozen=True)
class TierRule:
    """One row of the table: exactly one row holds for any facts."""

    name: str
    tier: Tier
    holds: Callable[[TierFacts], bool]
    basis: str


TIER_RULES: tuple[TierRule, ...] = (
    TierRule(
        "falsified",
        Tier.QUARANTINE_CANDIDATE,
        _falsified,
        "a claim of the record is refuted, by an attached artifact or by confirmed evidence of the red team",
    ),
    TierRule(
        "no-score",
        Tier.UNRATED,
        lambda facts: not _falsified(facts) and facts.score is None,
        "there is no review score to rate by",
    ),
    TierRule("low-score", Tier.QUARANTINE_CANDIDATE, _low_score, "the review score is below 5.0"),
    TierRule(
        "mostly-refuted",
        Tier.QUARANTINE_CANDIDATE,
        _refuted_in_the_main,
        "sources refute at least as many claims as they support",
    ),
    TierRule(
        "retracted-main-source",
        Tier.WATCHLIST,
        lambda facts: _sound(facts) and facts.main_source_retracted,
        "a main source is retracted, which caps the tier",
    ),
    TierRule(
        "integrity-failed",
        Tier.WATCHLIST,
        lambda facts: _sound(facts) and not facts.main_source_retracted and facts.integrity is GateResult.FAILED,
        "the integrity gate failed, which caps the tier",
    ),
    TierRule(
        "nothing-supported",
        Tier.WATCHLIST,
        lambda facts: (
            _sound(facts)
            and not facts.main_source_retracted
            and facts.integrity is not GateResult.FAILED
            and facts.claims.supported == 0
        ),
        "no claim is supported by a source",
    ),
    TierRule(
        "public-record",
        Tier.PUBLIC_RECORD,
        lambda facts: _standing(facts) and not _doi_grade(facts),
        "claims are supported and the score is at least 5.0, but it is below 7.5 or a claim is refuted",
    ),
    TierRule(
        "doi-grade",
        Tier.DOI_GRADE,
        lambda facts: _doi_grade(facts) and not _flagship(facts),
        "the score is at least 7.5, claims are supported and none is refuted",
    ),
    TierRule(
        "flagship",
        Tier.FLAGSHIP_CANDIDATE,
        _flagship,
        "the score is at least 8.5, five or more claims are supported, none is refuted or disputed, and an"
        " artifact verifies a claim",
    ),
)


def tier_of(facts: TierFacts) -> tuple[Tier, str]:
    """The tier of a record, and the sentence that says by which rule and from which figures."""
    rule = next(rule for rule in TIER_RULES if rule.holds(facts))
    score = "none" if facts.score is None else f"{facts.score:g}"
    claims = facts.claims
    return rule.tier, (
        f"Rule {rule.name}: {rule.basis} (score {score}; {claims.supported} supported,"
        f" {claims.refuted} refuted, {claims.disputed} disputed of {claims.extracted} claims)."
    )


def main_sources(verdicts: Mapping[str, Verdict]) -> frozenset[str]:
    """Sources that carry at least a third of the supported claims, by their evidence."""
    supported = [held for held in verdicts.values() if held.verdict is ClaimVerdict.SUPPORTED]
    carried: Counter[str] = Counter()
    for verdict in supported:
        carried.update({evidence.source_id for evidence in verdict.evidence if evidence.stance is Stance.SUPPORTS})
    return frozenset(source for source, count in carried.items() if count >= MAIN_SOURCE_SHARE * len(supported))
