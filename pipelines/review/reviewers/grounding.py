"""Reviewer "grounding": what the verdicts on the claims say of the record.

Judges D-1 from the verdicts, D-2 from where the support was found. Does not judge: the reference list
(`reviewers.citations`), what the claims leave out (`reviewers.coverage`).
"""

from __future__ import annotations

from pipelines.models import Claim, ClaimVerdict, Dimension
from pipelines.review.material import (
    OWN_SOURCES,
    REVIEW_VERSION,
    Judgement,
    Part,
    ReviewMaterial,
    halves,
    unassessed,
)

_EARNS = {ClaimVerdict.DISPUTED: 0.5}


class GroundingReviewer:
    """Evidence: 10 x (standing + half of disputed) / (checked + half of refuted without a hedge).

    So a refuted claim weighs half as much again as one of which the sources say nothing, unless the record itself
    says it with reserve.

    Citations: 5 x own / (own + found elsewhere) + 5 x own / checked. Own: standing claims that a source of the record
    itself supports; found elsewhere: those that only a search of the library supports; with neither it is 0.

    Each statement counts once; claims that could not be checked do not count. "Standing": `ReviewMaterial`.
    """

    name = "grounding"
    version = REVIEW_VERSION
    model = None

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        if not material.checked():
            why = "no claim was checked against a source"
            return (
                unassessed(Dimension.EVIDENCE_STRENGTH, why),
                unassessed(Dimension.CITATION_GROUNDING, why),
            )
        return self._evidence(material), self._citations(material)

    def _evidence(self, material: ReviewMaterial) -> Judgement:
        checked = material.checked()
        disputed, refuted = (material.with_verdict(held) for held in (ClaimVerdict.DISPUTED, ClaimVerdict.REFUTED))
        flatly = [claim for claim in refuted if not claim.hedged]
        return Judgement(
            Dimension.EVIDENCE_STRENGTH,
            f"{len(material.standing)} supported by a source that counts, {len(disputed)} disputed,"
            f" {len(refuted)} refuted ({len(flatly)} without a hedge) of {len(checked)} claims checked:"
            " 10 x (supported + half of disputed) / (checked + half of those refuted without a hedge)",
            (
                Part(
                    1.0,
                    {claim.claim_id: self._earned(material, claim) for claim in checked},
                    counts={claim.claim_id: 1.5 for claim in flatly},
                ),
            ),
        )

    def _earned(self, material: ReviewMaterial, claim: Claim) -> float:
        return 1.0 if material.stands(claim) else _EARNS.get(material.verdict_of(claim), 0.0)

    def _citations(self, material: ReviewMaterial) -> Judgement:
        checked = [claim.claim_id for claim in material.checked()]
        supported = {claim.claim_id for claim in material.with_verdict(ClaimVerdict.SUPPORTED)}
        elsewhere = {one for one in supported if material.verdicts[one].scope not in OWN_SOURCES}
        own = material.standing - elsewhere
        return Judgement(
            Dimension.CITATION_GROUNDING,
            f"{len(own)} of {len(checked)} claims checked are supported by a source that the record itself lists or"
            f" gives and that is not retracted, {len(elsewhere)} only by one found elsewhere:"
            " 5 x own / (own + elsewhere) + 5 x own / checked",
            halves(own, elsewhere, checked),
        )
