"""What reviewers are given, written for the tests: a record on tea with its verdicts, audits and scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from written_records import Figures, claims_of, verdict, written_record

from pipelines.models import (
    Axis,
    AxisJudgement,
    AxisOutcome,
    Claim,
    ClaimKind,
    ClaimVerdict,
    Dimension,
    DimensionScore,
    EvidenceScope,
    Finding,
    Notice,
    NoticeKind,
    ReferenceAudit,
    ReferenceFinding,
    ReviewSummary,
    RigorAnswer,
    RigorItem,
    RigorScan,
    Severity,
    Verdict,
)
from pipelines.review.material import ReviewMaterial
from pipelines.review.reviewers.team import review_record

S, R, N, D, U = (
    ClaimVerdict.SUPPORTED,
    ClaimVerdict.REFUTED,
    ClaimVerdict.NOT_ENOUGH_INFO,
    ClaimVerdict.DISPUTED,
    ClaimVerdict.NOT_CHECKED,
)
ROWS = (
    "Green tea lowered blood pressure by 3.1 mmHg in adults.",
    "Black tea lowered blood pressure by 1.2 mmHg in adults.",
    "Heart rate in adults with hypertension stayed at 71 beats.",
    "Adults with hypertension who drank tea slept longer.",
)
QUESTION = "Does green tea lower blood pressure in adults with hypertension?"
SOURCE = "doi:10.1/a"
DISCLOSED = "Limitations\nThis is a machine-generated synthesis."


def audit(finding: ReferenceFinding, source: str | None = SOURCE, *notices: NoticeKind) -> ReferenceAudit:
    return ReferenceAudit(
        finding=finding,
        source_id=source,
        reason="written for a test",
        notices=tuple(Notice(kind=kind, origin="library:test") for kind in notices),
    )


FOUND = audit(ReferenceFinding.FOUND)
RETRACTED = audit(ReferenceFinding.FOUND, SOURCE, NoticeKind.RETRACTED)


def finding(rule: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(rule=rule, severity=severity, message="written for a test")


def scan(*reported: str, source: str = SOURCE) -> RigorScan:
    return RigorScan(
        source_version_id=f"{source}@1",
        scanned=True,
        reason="written for a test",
        scanner_version="test",
        items=tuple(
            RigorItem(item=item, answer=RigorAnswer.YES if item in reported else RigorAnswer.NOT_DETECTED, rule="test")
            for item in ("code_released", "data_released", "pre_registered", "funding_disclosed")
        ),
    )


def material(
    held: Sequence[ClaimVerdict] = (S, S, S, S),
    audits: Sequence[ReferenceAudit] = (FOUND,),
    findings: Sequence[Finding] = (),
    rows: Sequence[str] = ROWS,
    prose: str = DISCLOSED,
    hedged: Sequence[int] = (),
    kinds: Mapping[int, ClaimKind] | None = None,
    ticks: Mapping[int, bool] | None = None,
    figures: Figures = (("papers", 1, "1 paper"),),
    scans: Mapping[str, RigorScan] | None = None,
    references: Sequence[Mapping[str, object]] = ({"doi": "10.1/a"},),
) -> ReviewMaterial:
    """All claims supported by the one source, unless said otherwise; `hedged`, `kinds`, `ticks` go by ordinal."""
    record = written_record(
        rows=[(row, (ticks or {}).get(ordinal), None) for ordinal, row in enumerate(rows, start=1)],
        prose=prose,
        question=QUESTION,
        references=references,
        figures=figures,
    )
    claims = claims_of(record, hedged=hedged, kinds=kinds)
    verdicts = {claim.claim_id: verdict(claim, v) for claim, v in zip(claims, held, strict=True)}
    return ReviewMaterial(record, claims, verdicts, audits, findings, scans=scans or {})


def with_verdict(of: ReviewMaterial, ordinal: int, **changed: object) -> ReviewMaterial:
    """The verdict on one claim with other fields."""
    claim_id = f"c{ordinal}"
    held = of.verdicts[claim_id].model_copy(update=changed)
    return with_parts(of, of.claims, {**of.verdicts, claim_id: held})


def with_claim(of: ReviewMaterial, ordinal: int, **changed: object) -> ReviewMaterial:
    claims = [one.model_copy(update=changed) if one.ordinal == ordinal else one for one in of.claims]
    return with_parts(of, claims, of.verdicts)


def with_parts(of: ReviewMaterial, claims: Sequence[Claim], verdicts: Mapping[str, Verdict]) -> ReviewMaterial:
    return ReviewMaterial(of.record, claims, verdicts, of.audits, of.findings, of.audited, of.scans)


def axes(**outcomes: AxisOutcome) -> tuple[AxisJudgement, ...]:
    return tuple(AxisJudgement(axis=Axis(axis), outcome=outcome) for axis, outcome in outcomes.items())


FROM_A_SEARCH = {"scope": EvidenceScope.CORPUS}


def said(of: ReviewMaterial, reviewer: str, dimension: Dimension) -> DimensionScore:
    """What one reviewer says on one dimension."""
    review = next(one for one in review_record(of)[0] if one.reviewer == reviewer)
    return next(one for one in review.scores if one.dimension is dimension)


def summary(of: ReviewMaterial) -> ReviewSummary:
    return review_record(of)[1]
