"""Records for the tests of what leaves the house; every text here was written for these tests."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pipelines.models import (
    Adjudication,
    AttemptOutcome,
    Axis,
    AxisJudgement,
    AxisOutcome,
    ClaimCounts,
    ClaimOrigin,
    ClaimVerdict,
    Dimension,
    DimensionScore,
    EvidenceScope,
    Finding,
    IndexAnswer,
    Layout,
    Level,
    Mismatch,
    Notice,
    NoticeKind,
    Place,
    Probabilities,
    PublicGateStatus,
    Reference,
    ReferenceAudit,
    ReferenceCounts,
    ReferenceFinding,
    Review,
    ReviewSummary,
    RigorAnswer,
    RigorItem,
    RigorScan,
    Severity,
    SourceVerdict,
    Stance,
    StatedFacts,
    StatedFigure,
    Tier,
)
from pipelines.publication.costs import CostLine, CostsView, Spent
from pipelines.publication.views import ClaimView, EvidenceView, GateView, PublicRecord, ReferenceView, SourceView
from tests.made_claims import claim_saying, quoted
from tests.publication.published_artifacts import artifacts, gate_view, red_team

CHECKED_AT = datetime(2026, 7, 2, 2, 0, 11, tzinfo=UTC)

PASSAGE = (
    "We planted 240 beds in two seasons. Beds under a clover mulch lost 31 % less water than bare beds "
    "over the summer. The gap closed after the first autumn rain. Yields of squash were the same in both."
)
LOSS = "Beds under a clover mulch lost 31 % less water than bare beds over the summer."
YIELDS = "Yields of squash were the same in both."
OTHER_PASSAGE = "Mulched rows were weighed weekly. Clover did not change the water lost from the beds in either year."
NO_CHANGE = "Clover did not change the water lost from the beds in either year."


def evidence(
    passage: str, sentence: str, stance: Stance, *, source: str = "doi:10.5555/clover", why: str | None = None
) -> EvidenceView:
    held = quoted(sentence, passage, f"{source}:p1", source, stance, score=0.84, why=why)
    return EvidenceView(evidence=held, passage_text=passage, source_title="Clover mulch and water")


def claim_view(ordinal: int, text: str, verdict: ClaimVerdict, *found: EvidenceView, **changed: object) -> ClaimView:
    claim = claim_saying(
        text,
        ordinal,
        start=ordinal * 1000,
        claim_id=f"claim-{ordinal:02d}",
        origin=ClaimOrigin.STATED,
        stated_verified=ordinal % 2 == 0,
        stated_confidence=0.37,
    )
    fields: dict[str, object] = {
        "claim": claim,
        "verdict": verdict,
        "confidence": None if verdict is ClaimVerdict.NOT_CHECKED else 0.72,
        "reason": "The nearest sentence covers the claim.",
        "scope": EvidenceScope.RECORD,
        "conflict": False,
        "evidence": found,
        "backend": None if verdict is ClaimVerdict.NOT_CHECKED else "features",
        "verifier_version": "features-1",
        "verified_at": CHECKED_AT,
    }
    return ClaimView.model_validate(fields | changed)


def said(source_id: str, verdict: ClaimVerdict, confidence: float | None) -> SourceVerdict:
    return SourceVerdict(
        source_id=source_id, verdict=verdict, confidence=confidence, reason=f"as {source_id} was read alone"
    )


def claims() -> tuple[ClaimView, ...]:
    supported = claim_view(
        1,
        "Clover mulch cut summer water loss by 31 % against bare beds.",
        ClaimVerdict.SUPPORTED,
        evidence(PASSAGE, LOSS, Stance.SUPPORTS, why="same figure: 31 %"),
        scope=EvidenceScope.CITED,
        probabilities=Probabilities(supported=0.72, refuted=0.03, not_enough_info=0.25),
        per_source=(said("doi:10.5555/clover", ClaimVerdict.SUPPORTED, 0.72),),
        axes=(
            AxisJudgement(axis=Axis.SUBJECT, outcome=AxisOutcome.AGREES, why="clover mulch in both"),
            AxisJudgement(axis=Axis.NUMBERS, outcome=AxisOutcome.AGREES, why="31 % in both"),
            AxisJudgement(axis=Axis.POPULATION, outcome=AxisOutcome.NOT_SAID, why="the claim says: bare beds"),
            AxisJudgement(axis=Axis.CERTAINTY, outcome=AxisOutcome.NOT_APPLICABLE),
        ),
    )
    refuted = claim_view(
        2,
        "Squash yields rose by a third under clover.",
        ClaimVerdict.REFUTED,
        evidence(PASSAGE, YIELDS, Stance.REFUTES, why="the source finds no difference"),
    )
    disputed = claim_view(
        3,
        "Clover mulch saves water.",
        ClaimVerdict.DISPUTED,
        evidence(PASSAGE, LOSS, Stance.SUPPORTS),
        evidence(OTHER_PASSAGE, NO_CHANGE, Stance.REFUTES, source="doi:10.5555/rows", why="negated"),
        confidence=None,
        conflict=True,
        per_source=(
            said("doi:10.5555/silent", ClaimVerdict.NOT_CHECKED, None),
            said("doi:10.5555/rows", ClaimVerdict.REFUTED, 0.61),
            said("doi:10.5555/clover", ClaimVerdict.SUPPORTED, 0.55),
        ),
    )
    undecided = claim_view(
        4,
        "Growers recover the cost of clover seed within one season.",
        ClaimVerdict.NOT_ENOUGH_INFO,
        evidence(PASSAGE, YIELDS, Stance.NEUTRAL, source="doi:10.5555/found"),
        reason="Two sources were read; neither says anything of cost.",
        scope=EvidenceScope.CORPUS,
        per_source=(said("doi:10.5555/found", ClaimVerdict.NOT_ENOUGH_INFO, 0.8),),
        axes=(AxisJudgement(axis=Axis.RELATION, outcome=AxisOutcome.DIFFERS, why="the cost against the yield"),),
    )
    unchecked = claim_view(
        5,
        "Clover roots reach 60 cm.",
        ClaimVerdict.NOT_CHECKED,
        reason="No source text could be had: the only reference cited is not in the library.",
        scope=EvidenceScope.NONE,
    )
    judged = claim_view(
        6,
        "Clover mulch cut summer water loss by about 31 %.",
        ClaimVerdict.SUPPORTED,
        evidence(PASSAGE, LOSS, Stance.SUPPORTS),
        adjudication=Adjudication(
            verdict=ClaimVerdict.SUPPORTED,
            reason="The rounding is harmless.",
            by="Reader One",
            recorded_at=CHECKED_AT,
        ),
    )
    repeated = judged.model_copy(
        update={"claim": judged.claim.model_copy(update={"duplicate_of": "claim-01", "truncated": True})}
    )
    return supported, refuted, disputed, undecided, unchecked, repeated


def references() -> tuple[ReferenceView, ...]:
    retracted = Notice(
        kind=NoticeKind.RETRACTED, id="10.5555/rows-r", date="2026-06-20", origin="library:sources.jsonl"
    )
    found = ReferenceAudit(
        finding=ReferenceFinding.FOUND,
        source_id="doi:10.5555/clover",
        reason="The library has this DOI with this title.",
        answered_by=("library:sources.jsonl",),
    )
    other_year = ReferenceAudit(
        finding=ReferenceFinding.MISDESCRIBED,
        source_id="doi:10.5555/rows",
        reason="The identifier is known, the year is not the one stated.",
        mismatches=(Mismatch(field="year", stated="2021", held="2019"),),
        notices=(retracted,),
        answered_by=("library:sources.jsonl",),
        answers=(
            IndexAnswer(
                index="crossref", by="doi", value="10.5555/rows", outcome="held", http_status=200, sha256="ab" * 32
            ),
            IndexAnswer(
                index="openalex", by="title", value="Rows", outcome="absent", http_status=200, sha256="cd" * 32
            ),
            IndexAnswer(index="pubmed", by="pmid", value="7", outcome="failed", reason="it answered <503>"),
        ),
    )
    return (
        ReferenceView(
            reference=Reference(
                ordinal=1,
                mark="1",
                raw="Moss, A. Clover mulch and water. 2020. doi:10.5555/clover",
                doi="10.5555/clover",
                title="Clover mulch and water",
                year=2020,
            ),
            audit=found,
        ),
        ReferenceView(
            reference=Reference(
                ordinal=2,
                mark="2",
                raw="Fern, B. Rows, weekly. 2021. doi:10.5555/rows",
                doi="10.5555/rows",
                title="Rows, weekly",
                year=2021,
            ),
            audit=other_year,
        ),
        ReferenceView(
            reference=Reference(ordinal=3, raw="Reed, C. Notes on sedge.", url="https://notes.example/sedge?a=1&b=2"),
            audit=None,
        ),
    )


def reviews() -> tuple[Review, ...]:
    grounded = DimensionScore(
        dimension=Dimension.CITATION_GROUNDING, score=6.5, reason="Two of three references were found."
    )
    numbers = DimensionScore(
        dimension=Dimension.NUMERICAL_CONSISTENCY, score=None, reason="There are too few numbers to judge."
    )
    return (
        Review(reviewer="grounding", version="1", scores=(grounded, numbers)),
        Review(reviewer="sceptic", version="1", scores=(grounded.model_copy(update={"score": 4.0}), numbers)),
        Review(reviewer="reader", version="2", failed="The text is longer than this reviewer takes."),
    )


def gates() -> tuple[GateView, ...]:
    grounding = gate_view(
        "gate-1", "Grounding", date(2026, 6, 1), "A source refutes 1 of 6 claims.", evaluated_at=CHECKED_AT
    )
    proof = gate_view(
        "gate-2",
        "Verification",
        date(2026, 6, 10),
        "No artifact is attached to any claim.",
        question="Does an attached proof or reproduction confirm or refute a claim of the record?",
        result=None,
        outcome=AttemptOutcome.NOT_ATTEMPTED,
        evaluated_at=CHECKED_AT,
    )
    announced = proof.model_copy(
        update={
            "policy_version": "v2",
            "activation_id": "gate-2@2027-01-01",
            "active_on": date(2027, 1, 1),
            "in_force": False,
        }
    )
    return grounding, proof, announced


def figure(name: str, value: int, words: str) -> StatedFigure:
    return StatedFigure(name=name, value=value, place=Place(start=40, end=40 + len(words), words=words))


def stated() -> StatedFacts:
    return StatedFacts(
        papers=12,
        claims_extracted=6,
        claims_verified=6,
        review_score=8.5,
        tier="Flagship candidate",
        level=2,
        gate="Gate 2",
        gate_status="Unverified",
        figures=(
            figure("papers", 12, "synthesises 12 papers"),
            figure("claims_verified", 6, "Verified claims: 6"),
            figure("claims_verified", 4, "(4 verified)"),
        ),
    )


def findings() -> tuple[Finding, ...]:
    return (
        Finding(
            rule="stated-papers-differ",
            severity=Severity.ERROR,
            message="The record says that it draws on 12 papers and lists 3.",
            where=(Place(start=40, end=60, words="synthesises 12 papers"),),
        ),
        Finding(
            rule="near-duplicate-claims",
            severity=Severity.WARNING,
            message="Claims 1 and 6 say nearly the same.",
        ),
    )


def sources() -> tuple[SourceView, ...]:
    return (
        SourceView(
            source_id="doi:10.5555/clover",
            title="Clover mulch and water",
            authors=("A. Moss",),
            year=2020,
            venue="Garden Letters",
            licence="CC-BY-4.0",
            text_kind="abstract",
            complete=True,
            origin="library:sources.jsonl",
        ),
        SourceView(
            source_id="doi:10.5555/rows",
            title="Rows, weekly",
            year=2019,
            text_kind="abstract",
            complete=False,
            notices=(Notice(kind=NoticeKind.RETRACTED, date="2026-06-20", origin="library:sources.jsonl"),),
            origin="library:sources.jsonl",
        ),
    )


def found_sources() -> tuple[SourceView, ...]:
    """Of the library, and not of the record."""
    return (
        SourceView(
            source_id="doi:10.5555/found",
            title="What clover costs",
            year=2017,
            text_kind="abstract",
            complete=True,
            origin="library:shelf.jsonl",
        ),
    )


def costs() -> CostsView:
    asked = Spent(calls=3, tokens_in=2_100, tokens_out=90, money=0.0125, calls_without_money=1)
    return CostsView(
        lines=(
            CostLine(stage="claims", recorded_at=CHECKED_AT, processor_seconds=0.0125),
            CostLine(stage="verdicts", recorded_at=CHECKED_AT, processor_seconds=1.5, model=asked),
            CostLine(stage="reviews", recorded_at=CHECKED_AT, processor_seconds=None),
        )
    )


def rich_record(**changed: object) -> PublicRecord:
    """A record with something in every part of it."""
    record = PublicRecord(
        record_id="srch:C10FE201",
        version_id="v1",
        cohort="2026-06",
        layout=Layout.REPORT,
        kind="report",
        title="Does clover mulch save water in vegetable beds?",
        title_stated=True,
        publisher="Garden Syntheses",
        published_on=date(2026, 6, 14),
        question="Does a living clover mulch reduce the water that vegetable beds lose in summer?",
        identifier="srch:C10FE201",
        synthetic=True,
        stated=stated(),
        counts=ClaimCounts(extracted=6, supported=2, refuted=1, not_enough_info=1, disputed=1, not_checked=1),
        reference_counts=ReferenceCounts(found=1, misdescribed=1, retracted=1),
        claims=claims(),
        references=references(),
        sources=sources(),
        found_sources=found_sources(),
        review=ReviewSummary(
            score=5.25,
            low=4.0,
            high=6.5,
            without_one_low=4.5,
            without_one_high=6.0,
            agreement=0.75,
            agreement_low=-0.2,
            agreement_high=0.9,
            agreement_reason="Alpha over 3 dimensions: well enough for tentative conclusions only.",
            reviewers=("grounding", "sceptic"),
            absent=("reader failed (The text is longer than this reviewer takes.)", "patient had nothing to score"),
            dimensions=(
                DimensionScore(dimension=Dimension.CITATION_GROUNDING, score=5.25, reason="Mean of two."),
                DimensionScore(dimension=Dimension.NUMERICAL_CONSISTENCY, score=None, reason="Nobody could assess it."),
            ),
            reason="Two of three reviewers gave scores.",
        ),
        reviews=reviews(),
        rigor=(
            RigorScan(
                source_version_id="doi:10.5555/clover@1",
                scanned=True,
                reason="abstract scanned",
                scanner_version="1",
                items=(RigorItem(item="sample_size", answer=RigorAnswer.YES, rule="n", quote="We planted 240 beds"),),
            ),
        ),
        gates=gates(),
        findings=findings(),
        level=Level.SOURCE_GROUNDED,
        level_basis="A sentence in a source supports at least one claim.",
        tier=Tier.WATCHLIST,
        tier_basis="The score lies between 5 and 7.5.",
        costs=costs(),
    )
    return record.model_copy(update=changed)


def gated_record(**changed: object) -> PublicRecord:
    """The rich record with artifacts of every outcome, gate 2 as they decide it, and a red team."""
    grounding, verification, announced = gates()
    refuted = verification.model_copy(
        update={
            "outcome": AttemptOutcome.REFUTED,
            "public_status": PublicGateStatus.FALSIFIED,
            "reason": "An artifact was run and its result contradicts the claim it is attached to.",
        }
    )
    older = verification.model_copy(
        update={"policy_version": "v0", "activation_id": "gate-2@2026-01-01", "active_on": date(2026, 1, 1)}
    )
    held = rich_record(gates=(grounding, older, refuted, announced, red_team()), artifacts=artifacts())
    return held.model_copy(update=changed)


def empty_record() -> PublicRecord:
    """A record of which nothing is known: every value that may be absent is absent."""
    return PublicRecord(
        record_id="text:0000",
        version_id="v1",
        cohort="undated",
        layout=Layout.PROSE,
        kind="report",
        title="Untitled record",
        title_stated=False,
        publisher=None,
        published_on=None,
        question=None,
        identifier=None,
        synthetic=False,
        stated=StatedFacts(),
        counts=ClaimCounts(),
        reference_counts=ReferenceCounts(),
        claims=(),
        references=(),
        sources=(),
        review=ReviewSummary(score=None, reason="No reviewer ran."),
        reviews=(),
        rigor=(),
        gates=(),
        findings=(),
        level=None,
        level_basis="No claim was found.",
        tier=None,
        tier_basis="There is no score.",
    )
