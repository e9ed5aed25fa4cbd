"""Five deterministic reviewers, each judging alone what it can judge, and the review of a record by all.

Belongs here: the scoring formulas, stated in each docstring and in each reason. Does not belong here:
findings (`published`), agreement (`agreement`), gates and tiers. Input: `ReviewMaterial`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import fmean

from pipelines.models import (
    Claim,
    ClaimVerdict,
    Dimension,
    DimensionScore,
    NoticeKind,
    ReferenceAudit,
    ReferenceFinding,
    Review,
    ReviewSummary,
    Severity,
    Stance,
)
from pipelines.review.agreement import summarise
from pipelines.review.material import Reviewer, ReviewFailed, ReviewMaterial
from pipelines.review.relevance import claims_on_question
from pipelines.review.terms import specific_terms

REVIEW_VERSION = "review-1"


def _score(dimension: Dimension, score: float, reason: str) -> DimensionScore:
    return DimensionScore(dimension=dimension, score=round(min(10.0, max(0.0, score)), 2), reason=reason)


def _unassessed(dimension: Dimension, why: str) -> DimensionScore:
    return DimensionScore(dimension=dimension, score=None, reason=f"UNASSESSED: {why}")


class GroundingReviewer:
    """Evidence: 10 x (supported + half of disputed - refuted) / checked, not below 0.

    Each statement counts once; claims that could not be checked do not count.
    """

    name = "grounding"

    def scores(self, material: ReviewMaterial) -> tuple[DimensionScore, ...]:
        checked = len(material.checked())
        if not checked:
            return (_unassessed(Dimension.EVIDENCE_STRENGTH, "no claim was checked against a source"),)
        supported = len(material.with_verdict(ClaimVerdict.SUPPORTED))
        disputed = len(material.with_verdict(ClaimVerdict.DISPUTED))
        refuted = len(material.with_verdict(ClaimVerdict.REFUTED))
        return (
            _score(
                Dimension.EVIDENCE_STRENGTH,
                10 * (supported + 0.5 * disputed - refuted) / checked,
                f"{supported} supported, {disputed} disputed, {refuted} refuted of {checked} claims checked:"
                " 10 x (supported + half of disputed - refuted) / checked",
            ),
        )


_WORTH = {
    ReferenceFinding.FOUND: 1.0,
    ReferenceFinding.MISDESCRIBED: 0.5,
    ReferenceFinding.LIKELY_FABRICATED: 0.0,
}
_VOID = (NoticeKind.RETRACTED, NoticeKind.WITHDRAWN)
_CITATION_RULES = ("papers-stated-differ-from-references", "preprints-called-peer-reviewed")


class CitationReviewer:
    """Citations: mean worth of the references that could be judged, less 1 for each finding about the list.

    Worth: found 1, misdescribed 0.5, likely fabricated 0, retracted or withdrawn 0. Unfindable and
    unreachable ones say nothing and do not count. Inspectability: 10 x references with an identifier or
    address / the larger of references listed and papers stated.
    """

    name = "citation-integrity"

    def scores(self, material: ReviewMaterial) -> tuple[DimensionScore, ...]:
        return (self._citations(material), self._inspectability(material))

    def _citations(self, material: ReviewMaterial) -> DimensionScore:
        judged = [audit for audit in material.audits if audit.finding in _WORTH]
        if not judged:
            why = "no reference could be judged" if material.audits else "there is no reference to judge"
            return _unassessed(Dimension.CITATION_GROUNDING, why)
        listed = {finding.rule for finding in material.findings if finding.rule in _CITATION_RULES}
        mean = fmean(_worth(audit) for audit in judged)
        void = sum(_is_void(audit) for audit in judged)
        return _score(
            Dimension.CITATION_GROUNDING,
            10 * mean - len(listed),
            f"mean worth {mean:.2f} of {len(judged)} references judged ({void} retracted or withdrawn;"
            f" {len(material.audits) - len(judged)} could not be judged), x 10,"
            f" less {len(listed)} for findings about the list",
        )

    def _inspectability(self, material: ReviewMaterial) -> DimensionScore:
        references = material.record.references
        listed = max(len(references), material.record.stated.papers or 0)
        if not listed:
            return _unassessed(Dimension.REPRODUCIBILITY_STATUS, "the record lists no source")
        open_to_look = sum(
            bool(reference.doi or reference.arxiv_id or reference.pmid or reference.url) for reference in references
        )
        return _score(
            Dimension.REPRODUCIBILITY_STATUS,
            10 * open_to_look / listed,
            f"{open_to_look} of {listed} sources listed or stated carry an identifier or address, x 10",
        )


def _is_void(audit: ReferenceAudit) -> bool:
    return any(notice.kind in _VOID for notice in audit.notices)


def _worth(audit: ReferenceAudit) -> float:
    return 0.0 if _is_void(audit) else _WORTH[audit.finding]


_FIGURE_RULES = {
    "extracted-count-differs-from-rows",
    "verified-count-differs-from-ticks",
    "verified-exceeds-extracted",
    "extracted-shown-as-verified",
    "stated-figures-disagree",
    "papers-stated-differ-from-references",
    "confidence-out-of-range",
    "ticks-contradict-confidence",
    "same-figure-for-two-subjects",
    "tier-not-given-by-figures",
    "attacker-error-averaged-as-zero",
}
_POINTS = {Severity.ERROR: 3.0, Severity.WARNING: 1.5, Severity.INFO: 0.0}


class NumericalReviewer:
    """Numbers: 10 x (1 - share of checked claims with a number that a source contradicts), less findings.

    Each finding about figures takes off 3 (error) or 1.5 (warning).
    """

    name = "numerical-consistency"

    def scores(self, material: ReviewMaterial) -> tuple[DimensionScore, ...]:
        numeric = [claim for claim in material.checked() if claim.quantities]
        if not numeric and not material.record.stated.figures:
            why = "the record states no figure of itself, and no claim with a number was checked"
            return (_unassessed(Dimension.NUMERICAL_CONSISTENCY, why),)
        against = [claim for claim in numeric if self._contradicted(material, claim)]
        findings = [finding for finding in material.findings if finding.rule in _FIGURE_RULES]
        share = len(against) / len(numeric) if numeric else 0.0
        off = sum(_POINTS[finding.severity] for finding in findings)
        return (
            _score(
                Dimension.NUMERICAL_CONSISTENCY,
                10 * (1 - share) - off,
                f"{len(against)} of {len(numeric)} checked claims with a number are contradicted:"
                f" 10 x (1 - share), less {off:g} for {len(findings)} findings about figures",
            ),
        )

    def _contradicted(self, material: ReviewMaterial, claim: Claim) -> bool:
        held = material.verdicts[claim.claim_id]
        return held.conflict or held.verdict in (ClaimVerdict.REFUTED, ClaimVerdict.DISPUTED)


class CoverageReviewer:
    """Coverage: 10 x the mean of the shares that can be told.

    Shares: subject words of the question that a supported claim speaks of; checked claims that are supported
    and bear on the question; claims that could be checked; references found that gave evidence.
    """

    name = "coverage"

    def scores(self, material: ReviewMaterial) -> tuple[DimensionScore, ...]:
        if not material.checked():
            return (_unassessed(Dimension.EVIDENCE_STRENGTH, "no claim was checked against a source"),)
        parts = {
            "question answered": self._question_answered(material),
            "claims supported and on the question": self._supported_on_question(material),
            "claims checked": len(material.checked()) / len(material.checkable()),
            "sources used": self._sources_used(material),
        }
        told = {name: share for name, share in parts.items() if share is not None}
        shares = ", ".join(f"{name} {share:.2f}" for name, share in told.items())
        return (_score(Dimension.EVIDENCE_STRENGTH, 10 * fmean(told.values()), f"10 x mean of {shares}"),)

    def _question_answered(self, material: ReviewMaterial) -> float | None:
        asked = specific_terms(material.record.question or "")
        if not asked:
            return None
        supported = material.with_verdict(ClaimVerdict.SUPPORTED)
        said = frozenset().union(*(specific_terms(claim.normalised) for claim in supported))
        return len(asked & said) / len(asked)

    def _supported_on_question(self, material: ReviewMaterial) -> float | None:
        record, claims = material.record, material.checked()
        bearing = claims_on_question(record.question or "", record.title or "", claims)
        if bearing is None:
            return None
        held = (material.verdict_of(claim) is ClaimVerdict.SUPPORTED for claim in claims)
        return sum(on and stands for on, stands in zip(bearing, held, strict=True)) / len(claims)

    def _sources_used(self, material: ReviewMaterial) -> float | None:
        found = {
            audit.source_id
            for audit in material.audits
            if audit.source_id is not None and audit.finding is not ReferenceFinding.UNREACHABLE
        }
        used = {
            evidence.source_id
            for verdict in material.verdicts.values()
            for evidence in verdict.evidence
            if evidence.stance is not Stance.NEUTRAL
        }
        return len(found & used) / len(found) if found else None


_LIMITS_HEADING = re.compile(
    r"^[#\s\d.*]{0,12}(?:limitations?|caveats|threats to validity|limits)\b[^\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
_MACHINE_MADE = re.compile(
    r"\b(?:machine|automatically|ai)[- ](?:generated|written|assisted)\b|\bnot\s+human\s+peer[- ]review",
    re.IGNORECASE,
)


_YES = {True: "yes", False: "no"}


class UncertaintyReviewer:
    """Disclosure: 3 for a section on limits, 2 for saying how the text was made, 5 x share of marked doubt.

    Marked doubt: of the claims that sources do not support, those that the record hedges or crosses
    itself; with none such, the 5 are earned. Unassessed without a claim checked.
    """

    name = "uncertainty-disclosure"

    def scores(self, material: ReviewMaterial) -> tuple[DimensionScore, ...]:
        text = material.record.text
        if not text.strip():
            return (_unassessed(Dimension.UNCERTAINTY_DISCLOSURE, "the record has no text"),)
        limits, made = bool(_LIMITS_HEADING.search(text)), bool(_MACHINE_MADE.search(text))
        said = f"section on limits: {_YES[limits]} (3), says how it was made: {_YES[made]} (2)"
        points = 3.0 * limits + 2.0 * made
        if not material.checked():
            why = f"{said}; no claim was checked, so it is unknown whether those that do not stand are marked"
            return (_unassessed(Dimension.UNCERTAINTY_DISCLOSURE, why),)
        open_claims = [
            claim for claim in material.checked() if material.verdict_of(claim) is not ClaimVerdict.SUPPORTED
        ]
        marked = sum(claim.hedged or claim.stated_verified is False for claim in open_claims)
        share = marked / len(open_claims) if open_claims else 1.0
        return (
            _score(
                Dimension.UNCERTAINTY_DISCLOSURE,
                points + 5 * share,
                f"{said}; {marked} of {len(open_claims)} claims not supported are hedged or crossed (5 x)",
            ),
        )


REVIEWERS: tuple[Reviewer, ...] = (
    GroundingReviewer(),
    CitationReviewer(),
    NumericalReviewer(),
    CoverageReviewer(),
    UncertaintyReviewer(),
)


def _review(reviewer: Reviewer, material: ReviewMaterial) -> Review:
    try:
        scores = reviewer.scores(material)
    except ReviewFailed as failure:
        return Review(reviewer=reviewer.name, version=REVIEW_VERSION, failed=str(failure))
    return Review(reviewer=reviewer.name, version=REVIEW_VERSION, scores=scores)


def review_record(
    material: ReviewMaterial, reviewers: Sequence[Reviewer] = REVIEWERS
) -> tuple[tuple[Review, ...], ReviewSummary]:
    """Every reviewer's scores, and their summary. A reviewer that fails is named; a bug propagates."""
    reviews = tuple(_review(reviewer, material) for reviewer in reviewers)
    return reviews, summarise(reviews)
