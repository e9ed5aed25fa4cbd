"""Reviewer "citation-integrity": whether the sources that a record lists exist and can be looked at.

Judges D-2 from the audits of the references, D-7 from the references as listed. Does not judge: whether
the sources say what the record says (`reviewers.grounding`).
"""

from __future__ import annotations

from pipelines.models import Dimension, NoticeKind, ReferenceAudit, ReferenceFinding
from pipelines.review.material import (
    REVIEW_VERSION,
    Judgement,
    Part,
    ReviewMaterial,
    is_void,
    reference_unit,
    unassessed,
)

_WORTH = {
    ReferenceFinding.FOUND: 1.0,
    ReferenceFinding.MISDESCRIBED: 0.5,
    ReferenceFinding.LIKELY_FABRICATED: 0.0,
}
_LIST_RULE = "preprints-called-peer-reviewed"


class CitationReviewer:
    """Citations: 10 x mean worth of the references that could be judged, less 1 where preprints pass for reviewed.

    Worth: found 1, misdescribed or under an expression of concern 0.5, likely fabricated 0, retracted or
    withdrawn 0. Unfindable and unreachable ones say nothing and do not count. A mark cited in a claim that leads to
    no entry of the list, where other marks do, counts as a reference worth 0. Inspectability: 10 x references with an
    identifier or address that is not likely fabricated / the larger of references listed and papers stated.
    """

    name = "citation-integrity"
    version = REVIEW_VERSION
    model = None

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        return self._citations(material), self._inspectability(material)

    def _citations(self, material: ReviewMaterial) -> Judgement:
        judged = {unit: _worth(audit) for unit, audit in material.references() if audit.finding in _WORTH}
        astray = _astray(material)
        worth = judged | {f"mark:{mark}": 0.0 for mark in astray}
        if not worth:
            why = "no reference could be judged" if material.audits else "there is no reference to judge"
            return unassessed(Dimension.CITATION_GROUNDING, why)
        void = sum(is_void(audit) for audit in material.audits)
        passed_off = any(finding.rule == _LIST_RULE for finding in material.findings)
        mean = sum(worth.values()) / len(worth)
        return Judgement(
            Dimension.CITATION_GROUNDING,
            f"mean worth {mean:.2f} of {len(judged)} references judged ({void} retracted or withdrawn;"
            f" {len(material.audits) - len(judged)} could not be judged)"
            f"{f' and {len(astray)} marks that lead to no entry' if astray else ''}, x 10"
            + (", less 1 because preprints are called peer reviewed" if passed_off else ""),
            (Part(1.0, worth),),
            off=float(passed_off),
        )

    def _inspectability(self, material: ReviewMaterial) -> Judgement:
        references = material.record.references
        listed = max(len(references), material.record.stated.papers or 0)
        if not listed:
            return unassessed(Dimension.REPRODUCIBILITY_STATUS, "the record lists no source")
        made_up = {unit for unit, audit in material.references() if audit.finding is ReferenceFinding.LIKELY_FABRICATED}
        worth = {reference_unit(ordinal): 0.0 for ordinal in range(1, listed + 1)}
        for one in references:
            unit = reference_unit(one.ordinal)
            is_open = bool(one.doi or one.arxiv_id or one.pmid or one.url)
            worth[unit] = float(is_open and unit not in made_up)
        return Judgement(
            Dimension.REPRODUCIBILITY_STATUS,
            f"{sum(worth.values()):.0f} of {listed} sources listed or stated carry an identifier or address"
            " that is not likely fabricated, x 10",
            (Part(1.0, worth),),
        )


def _worth(audit: ReferenceAudit) -> float:
    if is_void(audit):
        return 0.0
    doubted = any(notice.kind is NoticeKind.CONCERN for notice in audit.notices)
    return min(_WORTH[audit.finding], 0.5 if doubted else 1.0)


def _astray(material: ReviewMaterial) -> frozenset[str]:
    """Marks that claims cite and that no entry of the record bears; none where no mark leads anywhere."""
    record = material.record
    known = {one.mark for one in record.references} | {one.mark for one in record.passages}
    cited = {mark for claim in material.checkable() for mark in claim.citations}
    return frozenset(cited - known) if cited & known else frozenset()
