"""Sources and activations as pages show them, and ones in which every text is hostile; written for the tests."""

from datetime import UTC, date, datetime

from pipelines.models import (
    AttemptOutcome,
    ClaimVerdict,
    GateResult,
    Notice,
    NoticeKind,
    PublicGateStatus,
    ReferenceFinding,
    Stance,
    WorkVersion,
)
from pipelines.publication.activation_views import (
    ActivationPage,
    CohortCoverage,
    EndingView,
    EvaluatedRecord,
    ReasonCount,
    Standing,
)
from pipelines.publication.source_views import (
    CitingRecord,
    CitingReference,
    HeldText,
    OthersScan,
    RestingClaim,
    SourceCounts,
    SourcePage,
)

SCRIPT = "<script>alert(1)</script>"
NASTY = f"{SCRIPT} abc\u202egnp.exe \x00\x1b[31m \ud800 {{{{ 7 * 7 }}}} {'A' * 1_000_000}"
RETRACTED = Notice(kind=NoticeKind.RETRACTED, id="10.5555/rows-r", date="2026-06-20", origin="library:sources.jsonl")


def resting(ordinal: int, verdict: ClaimVerdict, *stances: Stance, alone: bool = False) -> RestingClaim:
    return RestingClaim(
        ordinal=ordinal,
        text=f"Mulch number {ordinal} kept the beds moist.",
        verdict=verdict,
        by_person=ordinal == 3,
        stances=stances,
        alone=alone,
    )


def citing_record(number: int = 1, **changed: object) -> CitingRecord:
    record = CitingRecord(
        record_id=f"srch:{number:04d}",
        title=f"Does mulch save water? Part {number}",
        cohort="2026-06",
        synthetic=True,
        has_page=True,
        cited=True,
        given=False,
        found=False,
        references=(CitingReference(mark="7", finding=ReferenceFinding.MISDESCRIBED, notices=(RETRACTED,)),),
        claims=(
            resting(1, ClaimVerdict.SUPPORTED, Stance.SUPPORTS, alone=True),
            resting(2, ClaimVerdict.REFUTED, Stance.REFUTES, Stance.NEUTRAL),
            resting(3, ClaimVerdict.NOT_ENOUGH_INFO, Stance.NEUTRAL),
        ),
        resting=5,
    )
    return record.model_copy(update=changed)


def rich_source(**changed: object) -> SourcePage:
    page = SourcePage(
        source_id="doi:10.5555/rows",
        title="Rows, weekly",
        authors=("A. Fern", "B. Moss"),
        year=2019,
        venue="Garden Letters",
        type="journal-article",
        licence="CC-BY-4.0",
        origin="library:sources.jsonl",
        notices=(RETRACTED, Notice(kind=NoticeKind.CORRECTED, date="2020-01-02", origin="crossref")),
        versions=(WorkVersion(label="v2", source_id="arxiv:1901.00001v2", date="2019-03-01"),),
        aliases=("arxiv:1901.00001", "pmid:7", "title:0123"),
        texts=(HeldText(kind="abstract", label=None, complete=False, origin="library:sources.jsonl"),),
        counts=SourceCounts(records=2, claims=5, supported=2, refuted=1, disputed=1, open=1, alone=1),
        records=(citing_record(1), citing_record(2, has_page=False, cited=False, found=True, references=())),
        scans=(
            OthersScan(
                scan_id="scan-1", version=2, title="Rows", checked_against="rows.txt", yes=4, no=2, not_applicable=1
            ),
        ),
    )
    return page.model_copy(update=changed)


def uncited_source() -> SourcePage:
    """Of which nothing is known but a title, and which no record draws on any more."""
    return SourcePage(source_id="title:0123", title="Sedge", origin="library:sources.jsonl")


def hostile_source() -> SourcePage:
    notice = Notice(kind=NoticeKind.WITHDRAWN, id=NASTY, date=NASTY, origin=NASTY, detail=NASTY)
    claim = resting(1, ClaimVerdict.DISPUTED, *Stance).model_copy(update={"text": NASTY})
    record = citing_record().model_copy(
        update={
            "record_id": f"../../{NASTY}",
            "title": NASTY,
            "cohort": NASTY[:200],
            "references": (CitingReference(mark=NASTY, finding=None, notices=(notice,)),) * 40,
            "claims": (claim,) * 12,
        }
    )
    return SourcePage(
        source_id=f"url:javascript:alert(1)//{NASTY}",
        title=NASTY,
        authors=(NASTY,) * 500,
        venue=NASTY,
        type=NASTY,
        licence=NASTY,
        origin=NASTY,
        notices=(notice,) * 3,
        versions=(WorkVersion(label=NASTY, source_id="url:javascript:alert(1)", date=NASTY),) * 40,
        aliases=('doi:10.1/"><script>', "url:https://bank.example@evil.example/", f"doi:{NASTY}", NASTY) * 10,
        texts=(HeldText(kind=NASTY, label=NASTY, complete=None, origin=NASTY),) * 40,
        counts=SourceCounts(records=2, claims=24, disputed=24),
        records=(record, record.model_copy(update={"has_page": False})),
        scans=(OthersScan(scan_id=NASTY, version=1, title=NASTY, checked_against=NASTY, yes=0, no=0, not_applicable=0),)
        * 40,
    )


def evaluated(number: int, **changed: object) -> EvaluatedRecord:
    record = EvaluatedRecord(
        record_id=f"srch:{number:04d}", title=f"Does mulch save water? Part {number}", cohort="2026-06", has_page=True
    )
    return record.model_copy(update=changed)


def rich_activation(**changed: object) -> ActivationPage:
    """Gate 2 with four endings, three of which bear the same style, and a cohort that waits."""
    june = CohortCoverage(
        cohort="2026-06",
        records=12,
        endings={
            AttemptOutcome.VERIFIED: 2,
            AttemptOutcome.INVALID_CHECK: 3,
            AttemptOutcome.INCONCLUSIVE: 1,
            AttemptOutcome.STALE: 4,
        },
        statuses={PublicGateStatus.VERIFIED: 2, PublicGateStatus.UNVERIFIED: 8},
    )
    page = ActivationPage(
        activation_id="gate-2@2026-06-10",
        gate="gate-2",
        title="Verification",
        question="Does an attached proof or reproduction confirm or refute a claim?",
        policy_version="v1",
        active_on=date(2026, 6, 10),
        standing=Standing.IN_FORCE,
        rules=("A reproduction counts from seal level 1 on.",),
        policy="gate: gate-2\nversion: v1\n",
        last_evaluated=datetime(2026, 7, 1, 9, 0, tzinfo=UTC),
        cohorts=(june, CohortCoverage(cohort="2026-07", records=3, endings={}, statuses={})),
        endings=(
            EndingView(ending=AttemptOutcome.VERIFIED, count=2, records=(evaluated(1), evaluated(2, has_page=False))),
            EndingView(ending=AttemptOutcome.STALE, count=4, records=(evaluated(3),)),
        ),
        reasons=(ReasonCount(reason="It was run and confirms the claim.", count=2),),
        distinct_reasons=4,
    )
    return page.model_copy(update=changed)


def empty_activation() -> ActivationPage:
    """Of a policy that cannot be read, in a warehouse without records."""
    return ActivationPage(
        activation_id="gate-9@2030-01-01",
        gate="gate-9",
        title="Later",
        question=None,
        policy_version="v1",
        active_on=date(2030, 1, 1),
        standing=Standing.ANNOUNCED,
        policy="what is this",
    )


def hostile_activation() -> ActivationPage:
    return rich_activation(
        activation_id=NASTY,
        title=NASTY,
        question=NASTY,
        policy_version=NASTY,
        standing=Standing.SUPERSEDED,
        superseded_by=f"../../{NASTY}",
        takes_the_place_of=NASTY,
        rules=(NASTY,),
        policy=NASTY,
        cohorts=(
            CohortCoverage(
                cohort=NASTY, records=1, endings={GateResult.PASSED: 1}, statuses={PublicGateStatus.UNVERIFIED: 1}
            ),
        ),
        endings=(
            EndingView(
                ending=GateResult.PASSED,
                count=1,
                records=(evaluated(1, title=NASTY, record_id=f"../../{NASTY}", cohort=NASTY[:200]),),
            ),
        ),
        reasons=(ReasonCount(reason=NASTY, count=1),),
    )
