"""Reviewer "coverage": how much of the question, of the claims and of the sources the support reaches.

Judges D-1 from the words of the question and from the use of the listed sources. Does not judge: the balance
of verdicts among the claims that could be checked (`reviewers.grounding`).
"""

from __future__ import annotations

from pipelines.models import Dimension, ReferenceFinding
from pipelines.review.material import (
    RECORD_UNIT,
    REVIEW_VERSION,
    Judgement,
    Part,
    ReviewMaterial,
    is_void,
    supporting_sources,
    unassessed,
)
from pipelines.review.terms import specific_terms


class CoverageReviewer:
    """Coverage: 10 x the mean of the shares that can be told.

    Shares: subject words of the question that a standing claim speaks of; claims that stand and bear on question
    or title, of all claims, checked or not; listed sources found that support a standing claim.
    """

    name = "coverage"
    version = REVIEW_VERSION
    model = None

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        if not material.checked():
            return (unassessed(Dimension.EVIDENCE_STRENGTH, "no claim was checked against a source"),)
        shares = {
            "subject words of the question answered": self._question_answered(material),
            "claims that stand on the subject": self._standing_on_subject(material),
            "listed sources used": self._sources_used(material),
        }
        told = {name: worth for name, worth in shares.items() if worth}
        said = ", ".join(f"{name} {sum(worth.values()) / len(worth):.2f}" for name, worth in told.items())
        parts = tuple(Part(1 / len(told), worth) for worth in told.values())
        return (Judgement(Dimension.EVIDENCE_STRENGTH, f"10 x mean of {said}", parts),)

    def _question_answered(self, material: ReviewMaterial) -> dict[str, float]:
        asked = specific_terms(material.record.question or "")
        if not asked:
            return {}
        standing = (claim for claim in material.checked() if material.stands(claim))
        said = frozenset().union(*(specific_terms(claim.normalised) for claim in standing))
        return {RECORD_UNIT: len(asked & said) / len(asked)}

    def _standing_on_subject(self, material: ReviewMaterial) -> dict[str, float]:
        return {
            claim.claim_id: float(material.stands(claim) and material.bears_on_subject(claim))
            for claim in material.checkable()
        }

    def _sources_used(self, material: ReviewMaterial) -> dict[str, float]:
        used = frozenset().union(*(supporting_sources(material.verdicts[held]) for held in material.standing))
        found: dict[str, float] = {}
        seen: set[str] = set()
        for unit, audit in material.references():
            if audit.source_id in seen or audit.source_id is None or audit.finding is ReferenceFinding.UNREACHABLE:
                continue
            seen.add(audit.source_id)
            found[unit] = float(audit.source_id in used and not is_void(audit))
        return found
