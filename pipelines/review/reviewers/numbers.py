"""Reviewer "numerical-consistency": whether the numbers of the claims agree with the sources.

Judges D-3 from the verdicts on claims with a number. Does not judge: figures that the record states of itself
(`reviewers.self_report`), what was measured in whom (`reviewers.fidelity`).
"""

from __future__ import annotations

from pipelines.models import Axis, AxisOutcome, ClaimVerdict, Dimension, Verdict
from pipelines.review.material import (
    REVIEW_VERSION,
    Judgement,
    ReviewMaterial,
    axis_outcome,
    halves,
    unassessed,
)

_AGAINST = frozenset({ClaimVerdict.REFUTED, ClaimVerdict.DISPUTED})


class NumericalReviewer:
    """Numbers: 5 x confirmed / (confirmed + contradicted) + 5 x confirmed / checked claims with a number.

    Confirmed: the claim stands. Contradicted: refuted, disputed, or its number differs in the sentence it was compared
    with. A number that no source settles earns nothing and dilutes no contradiction (`halves`).
    """

    name = "numerical-consistency"
    version = REVIEW_VERSION
    model = None

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        numeric = [claim for claim in material.checked() if claim.quantities]
        if not numeric:
            return (unassessed(Dimension.NUMERICAL_CONSISTENCY, "no claim with a number was checked"),)
        confirmed = {claim.claim_id for claim in numeric if material.stands(claim)}
        against = {claim.claim_id for claim in numeric if _contradicted(material.verdicts[claim.claim_id])}
        judgement = Judgement(
            Dimension.NUMERICAL_CONSISTENCY,
            f"{len(confirmed)} confirmed, {len(against)} contradicted of {len(numeric)} checked claims with a number:"
            " 5 x confirmed / (confirmed + contradicted) + 5 x confirmed / all of them",
            halves(confirmed, against, [claim.claim_id for claim in numeric]),
        )
        return (judgement,)


def _contradicted(held: Verdict) -> bool:
    differs = axis_outcome(held, Axis.NUMBERS) is AxisOutcome.DIFFERS
    return held.verdict in _AGAINST or (differs and held.verdict is not ClaimVerdict.SUPPORTED)
