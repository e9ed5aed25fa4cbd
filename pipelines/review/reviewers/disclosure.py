"""Reviewer "uncertainty-disclosure": whether the record's own words say what is not sure.

Judges D-6 from the text, and from hedges beside verdicts. Does not judge: ticks and confidences that the record
gives its claims (`reviewers.self_report`).
"""

from __future__ import annotations

import re

from pipelines.models import Claim, ClaimVerdict, Dimension, ParsedRecord
from pipelines.review.material import RECORD_UNIT, REVIEW_VERSION, Judgement, Part, ReviewMaterial, unassessed

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
    """Disclosure: 3 for a section on limits, 2 for saying how the text was made, 5 x candid / (candid + unmarked).

    Candid: a claim that stands. Unmarked: one that no source supports and that is neither hedged nor crossed by the
    record. One that is counts for neither, so that a hedge saves but earns nothing; with neither, the 5 are earned.
    Words inside a claim disclose nothing. Unassessed without a claim checked.
    """

    name = "uncertainty-disclosure"
    version = REVIEW_VERSION
    model = None

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        if not material.record.text.strip():
            return (unassessed(Dimension.UNCERTAINTY_DISCLOSURE, "the record has no text"),)
        if not material.checked():
            why = "no claim was checked, so it is unknown whether those that do not stand are marked"
            return (unassessed(Dimension.UNCERTAINTY_DISCLOSURE, why),)
        limits, made = (_says(material.record, form, material) for form in (_LIMITS_HEADING, _MACHINE_MADE))
        open_claims = [one for one in material.checked() if material.verdict_of(one) is not ClaimVerdict.SUPPORTED]
        unmarked = {claim.claim_id: 0.0 for claim in open_claims if not _marked(claim)}
        candid = {claim_id: 1.0 for claim_id in material.standing}
        return (
            Judgement(
                Dimension.UNCERTAINTY_DISCLOSURE,
                f"section on limits: {_YES[limits]} (3), says how it was made: {_YES[made]} (2);"
                f" {len(unmarked)} of {len(open_claims)} claims that no source supports are neither hedged nor crossed,"
                f" {len(candid)} stand:"
                " 5 x standing / (standing + unmarked)",
                (
                    Part(0.3, {RECORD_UNIT: float(limits)}),
                    Part(0.2, {RECORD_UNIT: float(made)}),
                    Part(0.5, unmarked | candid or {RECORD_UNIT: 1.0}),
                ),
            ),
        )


def _marked(claim: Claim) -> bool:
    return claim.hedged or claim.stated_verified is False


def _says(record: ParsedRecord, form: re.Pattern[str], material: ReviewMaterial) -> bool:
    """Whether the record says it in words of its own, outside the claims."""
    return any(
        not any(claim.start <= match.start() < claim.end for claim in material.claims)
        for match in form.finditer(record.text)
    )
