"""Reviewer "fidelity": whether claims keep what their source says of where, in whom and how surely.

Judges D-4 and D-6 from the axes on which a claim was compared with the sentence that bears on it most. Does not
judge: numbers (`reviewers.numbers`), hedges as such (`reviewers.disclosure`).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.extraction.worthiness import is_hedged
from pipelines.models import Axis, AxisOutcome, Claim, ClaimVerdict, Dimension, Stance
from pipelines.review.material import (
    REVIEW_VERSION,
    Judgement,
    Part,
    ReviewMaterial,
    axis_outcome,
    halves,
    unassessed,
)


class FidelityReviewer:
    """Context: of claims that give a number with its metric or data set, 10 x kept / (kept + changed).

    Kept: the claim stands and the sentence speaks of the same group or setting. Changed: it does not stand, and the
    sentence speaks of another subject, group or setting. A claim of which neither is known does not count.

    Certainty: 5 x as sure / (as sure + surer) + 5 x as sure / checked. As sure: the claim stands, is not compared as
    surer than the sentence, and is hedged where every supporting sentence is. Surer: it does not stand, and says it
    more firmly or of more than the sentence does.
    """

    name = "fidelity"
    version = REVIEW_VERSION
    model = None

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        return self._context(material), self._certainty(material)

    def _context(self, material: ReviewMaterial) -> Judgement:
        results = [claim for claim in material.checked() if any(one.metric or one.data_set for one in claim.quantities)]
        if not results:
            why = "no checked claim gives a number with its metric or data set"
            return unassessed(Dimension.BENCHMARK_VALIDITY, why)
        told = _told(material, results, Axis.POPULATION, changed_on=(Axis.SUBJECT, Axis.POPULATION))
        if not told:
            why = f"no source settles in what the {len(results)} claims with a metric or data set were measured"
            return unassessed(Dimension.BENCHMARK_VALIDITY, why)
        return Judgement(
            Dimension.BENCHMARK_VALIDITY,
            f"{sum(told.values()):.0f} of {len(told)} claims with a metric or data set keep the group or setting of the"
            f" source, which settles nothing for {len(results) - len(told)} more: 10 x kept / (kept + changed)",
            (Part(1.0, told),),
        )

    def _certainty(self, material: ReviewMaterial) -> Judgement:
        checked = material.checked()
        if not checked:
            return unassessed(Dimension.UNCERTAINTY_DISCLOSURE, "no claim was checked against a source")
        sure = {one.claim_id for one in checked if material.stands(one) and not self._overstates(material, one)}
        surer = {one.claim_id for one in checked if self._is_surer(material, one)}
        return Judgement(
            Dimension.UNCERTAINTY_DISCLOSURE,
            f"{len(sure)} of {len(checked)} claims checked are borne out as surely as they are said,"
            f" {len(material.standing) - len(sure)} less surely, {len(surer)} are not borne out and surer than the"
            " sentence: 5 x as sure / (as sure + not borne out and surer) + 5 x as sure / checked",
            halves(sure, surer, [claim.claim_id for claim in checked]),
        )

    def _is_surer(self, material: ReviewMaterial, claim: Claim) -> bool:
        held = material.verdicts[claim.claim_id]
        differs = axis_outcome(held, Axis.CERTAINTY) is AxisOutcome.DIFFERS
        return differs and held.verdict is not ClaimVerdict.SUPPORTED

    def _overstates(self, material: ReviewMaterial, claim: Claim) -> bool:
        """Whether a supported claim says its thing more surely than the sentences that support it."""
        held = material.verdicts[claim.claim_id]
        if axis_outcome(held, Axis.CERTAINTY) is AxisOutcome.DIFFERS:
            return True
        supporting = [one.text for one in held.evidence if one.stance is Stance.SUPPORTS]
        return not claim.hedged and bool(supporting) and all(is_hedged(text) for text in supporting)


def _told(
    material: ReviewMaterial, claims: Sequence[Claim], kept_on: Axis, changed_on: Sequence[Axis]
) -> dict[str, float]:
    """1 for each claim that stands and agrees on the one axis, 0 for each that does not and differs on another."""
    told: dict[str, float] = {}
    for claim in claims:
        held = material.verdicts[claim.claim_id]
        if material.stands(claim) and axis_outcome(held, kept_on) is AxisOutcome.AGREES:
            told[claim.claim_id] = 1.0
        elif held.verdict is not ClaimVerdict.SUPPORTED and any(
            axis_outcome(held, axis) is AxisOutcome.DIFFERS for axis in changed_on
        ):
            told[claim.claim_id] = 0.0
    return told
