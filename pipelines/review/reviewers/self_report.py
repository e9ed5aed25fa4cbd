"""Reviewer "self-report": what the record says of itself against what was found.

Judges D-3 from the figures it states, D-6 from the ticks and confidences it gives its claims. Does not judge:
the numbers inside claims (`reviewers.numbers`), its prose (`reviewers.disclosure`).
"""

from __future__ import annotations

from pipelines.models import Claim, Dimension, Severity
from pipelines.review.material import RECORD_UNIT, REVIEW_VERSION, Judgement, Part, ReviewMaterial, unassessed

_FIGURE_RULES = frozenset(
    {
        "extracted-count-differs-from-rows",
        "verified-count-differs-from-ticks",
        "verified-exceeds-extracted",
        "extracted-shown-as-verified",
        "stated-figures-disagree",
        "papers-stated-differ-from-references",
        "confidence-out-of-range",
        "ticks-contradict-confidence",
        "tier-not-given-by-figures",
        "attacker-error-averaged-as-zero",
    }
)
_POINTS = {Severity.ERROR: 3.0, Severity.WARNING: 1.5, Severity.INFO: 0.0}
_SAID_TO_HOLD = 0.5  # a stated confidence from here on says that the claim holds


class SelfReportReviewer:
    """Figures: 10 x found / stated to be verified, at most 10, less 3 or 1.5 for each finding about figures.

    Found: claims that stand. Stated: the figure of the record, at most the claims checked; without one the 10 are
    given. A finding takes 3 as an error, 1.5 as a warning. Ticks: of the claims that the record ticks, or gives a
    confidence of at least 0.5 without a tick, 10 x those that stand / those checked.
    """

    name = "self-report"
    version = REVIEW_VERSION
    model = None

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        return self._figures(material), self._ticks(material)

    def _figures(self, material: ReviewMaterial) -> Judgement:
        stated = material.record.stated
        if not (
            stated.claims_verified is not None
            or (stated.claims_extracted is not None and material.record.claims)
            or (stated.papers is not None and material.record.references)
        ):
            why = "the record states no figure of itself that can be held against what was found"
            return unassessed(Dimension.NUMERICAL_CONSISTENCY, why)
        findings = [finding for finding in material.findings if finding.rule in _FIGURE_RULES]
        off = sum(_POINTS[finding.severity] for finding in findings)
        counted = min(stated.claims_verified or 0, len(material.checked()))
        share = min(1.0, len(material.standing) / counted) if counted else 1.0
        of_claims = (
            f"{len(material.standing)} claims stand, {stated.claims_verified} are stated to be verified"
            f" ({len(material.checked())} checked): 10 x {share:.2f}"
            if counted
            else "no figure of verified claims to hold against what was found: 10"
        )
        return Judgement(
            Dimension.NUMERICAL_CONSISTENCY,
            f"{of_claims}, less {off:g} for {len(findings)} findings about figures (3 an error, 1.5 a warning)",
            (Part(1.0, {RECORD_UNIT: share}),),
            off=off,
        )

    def _ticks(self, material: ReviewMaterial) -> Judgement:
        said = [claim for claim in material.checked() if _said_to_hold(claim)]
        if not said:
            why = "no checked claim is ticked or given a confidence by the record"
            return unassessed(Dimension.UNCERTAINTY_DISCLOSURE, why)
        worth = {claim.claim_id: float(material.stands(claim)) for claim in said}
        return Judgement(
            Dimension.UNCERTAINTY_DISCLOSURE,
            f"{sum(worth.values()):.0f} of {len(said)} claims that the record says hold do stand, x 10",
            (Part(1.0, worth),),
        )


def _said_to_hold(claim: Claim) -> bool:
    if claim.stated_verified is not None:
        return claim.stated_verified
    return claim.stated_confidence is not None and claim.stated_confidence >= _SAID_TO_HOLD
