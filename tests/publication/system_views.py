"""Views of the whole warehouse for the tests of the system page; all figures are made up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pipelines.models import ClaimCounts, ClaimVerdict, ReferenceCounts
from pipelines.publication.site.system.view import (
    AgreementLine,
    BackendLine,
    CohortLine,
    ConfidenceBand,
    CorrectionLine,
    GateLine,
    IndexLine,
    ModelLine,
    People,
    Recheck,
    ScorePoint,
    StageLine,
    SystemView,
)

DAY = date(2026, 6, 1)  # a Monday


def cohort(name: str, *counts: int, records: int = 2) -> CohortLine:
    """`counts`: supported, refuted, disputed, not enough information, not checked."""
    supported, refuted, disputed, open_, unchecked = counts
    return CohortLine(
        cohort=name,
        documents=records,
        records=records,
        counts=ClaimCounts(
            extracted=sum(counts),
            supported=supported,
            refuted=refuted,
            disputed=disputed,
            not_enough_info=open_,
            not_checked=unchecked,
        ),
        reference_entries=3,
        sources=2,
        pending_claims=0,
        pending_reviews=1,
        pending_manifests=0,
    )


def recheck(days: int, before: ClaimVerdict, after: ClaimVerdict, claims: int = 1, *, same: bool = True) -> Recheck:
    return Recheck(day=DAY + timedelta(days=days), before=before, after=after, same_verifier=same, claims=claims)


def point(score: float | None, supported: int, claims: int, records: int = 1) -> ScorePoint:
    return ScorePoint(score=score, supported=supported, claims=claims, records=records)


def rich_view(**changed: object) -> SystemView:
    """Something in every part."""
    supported, refuted, unchecked = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_CHECKED
    view = SystemView(
        latest=datetime(2026, 6, 9, 8, tzinfo=UTC),
        records=6,
        sources=9,
        passages=30,
        verdicts_ever=1_234,
        rejections=2,
        cohorts=(
            cohort("2026-04", 60, 20, 5, 10, 5),
            cohort("2026-05", 30, 0, 0, 10, 0),
            cohort("undated", 1, 1, 0, 0, 0),
        ),
        references=ReferenceCounts(found=7, likely_fabricated=1, retracted=1),
        unaudited=4,
        backends=(BackendLine(backend="features", version="rules-9+0a1b2c3d", verdicts=140),),
        people=People(
            bands=(
                ConfidenceBand(from_confidence=0.5, to_confidence=0.6, cases=10, mean_confidence=0.56, agreed=6),
                ConfidenceBand(from_confidence=0.9, to_confidence=1.0, cases=20, mean_confidence=0.94, agreed=19),
            ),
            without_confidence=3,
        ),
        scores=(point(4.0, 2, 10), point(6.0, 5, 10, 2), point(8.0, 9, 10), point(None, 3, 6), point(7.0, 0, 0)),
        rechecks=(
            recheck(0, supported, supported, 8),
            recheck(0, supported, refuted, 2),
            recheck(3, unchecked, supported, 3, same=False),
        ),
        gates=(
            GateLine(
                title="Grounding",
                activation_id="gate-1@2026-01-01",
                active_on=date(2026, 1, 1),
                in_force=True,
                evaluated=5,
                outcomes=(("FAILED", 1), ("PASSED", 4)),
            ),
        ),
        agreement=AgreementLine(
            reviewed=6,
            with_alpha=4,
            lower_quartile=0.5,
            median=0.7,
            upper_quartile=0.82,
            at_least_0800=1,
            from_0667=2,
            reviewers_mean=3.5,
        ),
        stages=(
            StageLine(
                stage="claims",
                shared=False,
                records=6,
                processor_seconds=0.5,
                times_without_seconds=1,
                model_calls=0,
                tokens_in=None,
                tokens_out=None,
                money=None,
            ),
            StageLine(
                stage="verdicts",
                shared=True,
                records=0,
                processor_seconds=12.25,
                times_without_seconds=0,
                model_calls=3,
                tokens_in=2_100,
                tokens_out=None,
                money=None,
            ),
        ),
        models=(
            ModelLine(
                model="scribe-1",
                calls=12,
                tokens_in=3_400,
                tokens_out=None,
                cost=0.25,
                calls_without_cost=2,
                seconds=18.5,
            ),
        ),
        indexes=(IndexLine(index="crossref", asked=40, failed=3, answers=37, size=90_000),),
        corrections=(CorrectionLine(month="2026-06", kind="CLAIM", corrections=5),),
    )
    return view.model_copy(update=changed)
