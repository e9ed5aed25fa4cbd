"""What the system page shows, as it is read from the warehouse.

Belongs here: shapes, all of them counts over the whole warehouse. Does not belong here: reading
(`warehouse.system_page`), drawing and grouping (the neighbours of this module).
"""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from pipelines.models import ClaimCounts, ClaimVerdict, Model, ReferenceCounts


class CohortLine(Model):
    """What is held of one cohort and what each stage has still to do. `undated`: records that state no date."""

    cohort: str
    documents: int
    records: int
    counts: ClaimCounts
    reference_entries: int
    sources: int
    pending_claims: int
    pending_reviews: int
    pending_manifests: int

    @property
    def judged(self) -> int:
        """Claims that have a verdict."""
        held = self.counts
        return held.supported + held.refuted + held.disputed + held.not_enough_info + held.not_checked


class BackendLine(Model):
    """How many verdicts in force a version of a back end reached."""

    backend: str
    version: str
    verdicts: int


class ConfidenceBand(Model):
    """Claims that a person judged, by the confidence of the machine's verdict in force; (from, to]."""

    from_confidence: float = Field(ge=0, le=1)
    to_confidence: float = Field(ge=0, le=1)
    cases: int = Field(ge=1)
    mean_confidence: float = Field(ge=0, le=1)
    agreed: int = Field(ge=0)  # the person's verdict was the machine's


class People(Model):
    """The verdicts of people, held against those of the machine."""

    bands: tuple[ConfidenceBand, ...] = ()
    without_confidence: int = 0  # judged claims of which the machine gave no confidence, or no verdict


class ScorePoint(Model):
    """Records with the same score, claims and supported claims. `score` None: without a score."""

    score: float | None = Field(ge=0, le=10)
    supported: int
    claims: int
    records: int = Field(ge=1)


class Recheck(Model):
    """Claims that were checked again on a day (UTC), with the verdict before and after."""

    day: date
    before: ClaimVerdict
    after: ClaimVerdict
    same_verifier: bool
    claims: int = Field(ge=1)


class GateLine(Model):
    """How far the records are evaluated under a gate activation; `outcomes` holds result or outcome, and how many."""

    title: str
    activation_id: str
    active_on: date
    in_force: bool
    evaluated: int
    outcomes: tuple[tuple[str, int], ...]


class AgreementLine(Model):
    """Krippendorff's alpha of the reviewers over the records that have one; quartiles None where none has."""

    reviewed: int = 0
    with_alpha: int = 0
    lower_quartile: float | None = None
    median: float | None = None
    upper_quartile: float | None = None
    at_least_0800: int = 0
    from_0667: int = 0  # at least 0.667 and under 0.800: for tentative conclusions
    reviewers_mean: float | None = None  # reviewers that gave scores, a record


class StageLine(Model):
    """What a stage took for all records. `shared`: for several records at once, which cannot be divided."""

    stage: str
    shared: bool
    records: int  # that it worked on
    processor_seconds: float | None  # None: not measured
    times_without_seconds: int
    model_calls: int
    tokens_in: int | None
    tokens_out: int | None
    money: float | None


class ModelLine(Model):
    """What a language model took. The sums are over calls where they are known, None where of none."""

    model: str
    calls: int
    tokens_in: int | None
    tokens_out: int | None
    cost: float | None
    calls_without_cost: int
    seconds: float  # from asking to answer


class IndexLine(Model):
    """Questions put to a literature index, each once."""

    index: str
    asked: int
    failed: int
    answers: int  # that were received and stored
    size: int  # bytes of these


class CorrectionLine(Model):
    """Corrections of one kind that were published in a month (UTC)."""

    month: str
    kind: str
    corrections: int


class SystemView(Model):
    """The whole system page. Empty tuples where a warehouse holds nothing of the kind."""

    latest: datetime | None = None  # when anything was last learned of a claim
    records: int = 0
    sources: int = 0
    passages: int = 0
    verdicts_ever: int = 0
    rejections: int = 0
    cohorts: tuple[CohortLine, ...] = ()
    references: ReferenceCounts = ReferenceCounts()
    unaudited: int = 0
    backends: tuple[BackendLine, ...] = ()
    people: People = People()
    scores: tuple[ScorePoint, ...] = ()
    rechecks: tuple[Recheck, ...] = ()
    gates: tuple[GateLine, ...] = ()
    agreement: AgreementLine = AgreementLine()
    stages: tuple[StageLine, ...] = ()
    models: tuple[ModelLine, ...] = ()
    indexes: tuple[IndexLine, ...] = ()
    corrections: tuple[CorrectionLine, ...] = ()
