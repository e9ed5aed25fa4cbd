"""Reviewer "source-rigour": whether the sources that a record lists can be checked in their turn.

Judges D-7 from the rigour scans of the listed sources that were read in full. Does not judge: whether the
sources are findable (`reviewers.citations`). A scan says what a text reports, not whether it is right.
"""

from __future__ import annotations

from pipelines.models import Dimension, RigorAnswer, RigorScan
from pipelines.review.material import REVIEW_VERSION, Judgement, Part, ReviewMaterial, is_void, unassessed

OPEN_ITEMS = frozenset({"code_released", "data_released", "pre_registered"})
_TOLD = frozenset({RigorAnswer.YES, RigorAnswer.NO, RigorAnswer.NOT_DETECTED})


class SourceRigourReviewer:
    """Sources: 10 x mean, over the listed sources read in full, of the share of code, data, registration reported.

    Items that do not apply or need judgement are left out of a source's share; a retracted source counts 0. Sources
    that were not read in full say nothing and do not count.
    """

    name = "source-rigour"
    version = REVIEW_VERSION
    model = None

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        worth: dict[str, float] = {}
        seen: set[str] = set()
        for unit, audit in material.references():
            scan = None if audit.source_id is None else material.scans.get(audit.source_id)
            share = None if scan is None else _share(scan)
            if share is not None and audit.source_id is not None and audit.source_id not in seen:
                seen.add(audit.source_id)
                worth[unit] = 0.0 if is_void(audit) else share
        if not worth:
            why = "no listed source was read in full, so what they report of code, data and registration is unknown"
            return (unassessed(Dimension.REPRODUCIBILITY_STATUS, why),)
        mean = sum(worth.values()) / len(worth)
        return (
            Judgement(
                Dimension.REPRODUCIBILITY_STATUS,
                f"mean share {mean:.2f} of code, data and registration reported, over the listed sources read in full"
                f" ({len(worth)}; 0 for a retracted one), x 10",
                (Part(1.0, worth),),
            ),
        )


def _share(scan: RigorScan) -> float | None:
    """Share of the open items that the text reports; None where nothing could be told."""
    told = [
        one
        for one in scan.items
        if one.item in OPEN_ITEMS
        and one.answer in _TOLD
        and one.applies is not False
        and not one.by_model  # a reviewer by rule rests on no model
    ]
    return sum(one.answer is RigorAnswer.YES for one in told) / len(told) if scan.scanned and told else None
