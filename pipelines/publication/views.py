"""What is published of a record, as its page, its manifest and `claimgate show` read it.

Belongs here: the shapes of what is public. Does not belong here: how they are read from the warehouse
(`warehouse.public_*`), how they are printed (`site`, `manifest`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import Field

from pipelines.gates.facts import AttackerReport
from pipelines.models import (
    Adjudication,
    AttemptOutcome,
    AxisJudgement,
    Claim,
    ClaimCounts,
    ClaimVerdict,
    Correction,
    Evidence,
    EvidenceScope,
    Finding,
    GateResult,
    Layout,
    Level,
    Model,
    Notice,
    Probabilities,
    PublicGateStatus,
    Reference,
    ReferenceAudit,
    ReferenceCounts,
    Review,
    ReviewSummary,
    RigorScan,
    SourceVerdict,
    StatedFacts,
    Tier,
    WorkVersion,
)
from pipelines.publication.costs import CostsView
from pipelines.publication.scan_views import SourceScanView


class EvidenceView(Model):
    evidence: Evidence
    passage_text: str
    source_title: str


class ClaimView(Model):
    """A claim with what is publicly held about it: the adjudication where there is one."""

    claim: Claim
    verdict: ClaimVerdict
    confidence: float | None
    reason: str
    scope: EvidenceScope
    conflict: bool
    evidence: tuple[EvidenceView, ...] = ()
    probabilities: Probabilities | None = None
    per_source: tuple[SourceVerdict, ...] = ()
    axes: tuple[AxisJudgement, ...] = ()
    adjudication: Adjudication | None = None
    backend: str | None = None
    verifier_version: str | None = None
    verified_at: datetime | None = None


class ReferenceView(Model):
    reference: Reference
    audit: ReferenceAudit | None


class SourceView(Model):
    source_id: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    type: str | None = None  # as the index names it: journal-article, preprint, ...
    licence: str | None = None
    text_kind: str | None = None
    complete: bool | None = None
    notices: tuple[Notice, ...] = ()
    versions: tuple[WorkVersion, ...] = ()
    origin: str
    text_withdrawn: str | None = None  # when and why its text was taken down here


class OwnAnswer(Model):
    """The paragraph in which a record answers its question; `text` may be cut, `start` and `end` are of its text."""

    section: str | None  # the heading it stands under; None: the record is an answer as a whole
    text: str
    start: int
    end: int


class SearchView(Model):
    """How the sources of an answered question were found: what was asked, and the PRISMA 2020 counts in order."""

    question: str
    asked_on: date
    query: str
    indexes: tuple[str, ...]
    steps: tuple[tuple[str, int], ...]


class EarlierEvaluation(Model):
    """An evaluation under the same rules that a later one took the place of."""

    result: GateResult | None
    outcome: AttemptOutcome | None
    public_status: PublicGateStatus
    reason: str
    evaluated_at: datetime


class GateView(Model):
    """The latest evaluation of a record under one activation."""

    gate: str
    title: str
    question: str | None = None  # what the policy asks; None: the policy as held cannot be read
    policy_version: str
    activation_id: str
    active_on: date
    in_force: bool
    result: GateResult | None
    outcome: AttemptOutcome | None
    public_status: PublicGateStatus
    reason: str
    evaluated_at: datetime
    attackers: tuple[AttackerReport, ...] = ()  # of a red team: the reports in force
    earlier: tuple[EarlierEvaluation, ...] = ()  # newest first


class ArtifactFileView(Model):
    path: str
    sha256: str
    size: int


class ArtifactInputView(Model):
    """A file that the artifact reads, and where it came from; without `origin` its provenance is unknown."""

    path: str
    sha256: str
    origin: str | None
    licence: str | None = None


class ExpectedView(Model):
    """What the claim states, as the result was held against it."""

    value: float
    relation: str
    tolerance: float | None
    words: str | None = None  # the number with the claim's words around it


class ApprovalView(Model):
    """A named person's word that the artifact checks the claim it is attached to."""

    by: str
    reason: str
    recorded_at: datetime


class AttemptStepView(Model):
    """One sealed run: what was varied and what came out."""

    name: str
    ending: str
    value: float | None
    wall_s: float
    note: str = ""


class AttemptFaultView(Model):
    """Something wrong with the check itself."""

    rule: str
    message: str


class AttemptView(Model):
    """What came of running an artifact the last time. `evidence` is JSON: hashes, versions, figures, capped logs."""

    outcome: AttemptOutcome
    reason: str
    backend: str
    authority: bool
    attempted_at: datetime
    steps: tuple[AttemptStepView, ...] = ()
    faults: tuple[AttemptFaultView, ...] = ()
    seal_level: int | None = None
    seal_profile: str | None = None
    runtime: str | None = None
    checker_version: str | None = None
    kernels: tuple[str, ...] = ()
    axioms: tuple[str, ...] = ()
    evidence: dict[str, Any] = Field(default_factory=dict)


class StandingView(Model):
    """What the attempt counts for at the gate in force, which may not be what came of it."""

    activation_id: str
    outcome: AttemptOutcome
    reason: str


class ArtifactView(Model):
    """An artifact attached to a claim, with the latest attempt to run it."""

    artifact_id: str
    claim_id: str
    kind: str  # "reproduction" or "lean"
    sha256: str
    author: str
    licence: str
    runtime: str
    files: tuple[ArtifactFileView, ...] = ()
    inputs: tuple[ArtifactInputView, ...] = ()
    expected: ExpectedView | None = None  # None: the attempt holds nothing that it was compared with
    approval: ApprovalView | None = None
    attached_at: datetime
    attempt: AttemptView | None = None
    standing: StandingView | None = None  # None: not attempted, or no gate on artifacts is in force


class PublicRecord(Model):
    """Everything that is publicly held about a record: the input of manifest, corrections and page."""

    record_id: str
    version_id: str
    cohort: str
    layout: Layout
    kind: str  # "report" for a published record, "answer" for an answer with passages
    title: str
    title_stated: bool  # False: the record has no title and `title` says so
    publisher: str | None
    published_on: date | None
    question: str | None
    identifier: str | None
    synthetic: bool
    stated: StatedFacts
    counts: ClaimCounts
    reference_counts: ReferenceCounts
    claims: tuple[ClaimView, ...]
    references: tuple[ReferenceView, ...]
    sources: tuple[SourceView, ...]
    review: ReviewSummary
    reviews: tuple[Review, ...]
    rigor: tuple[RigorScan, ...]
    scanned_titles: Mapping[str, str] = {}  # source version id to the title of the work
    gates: tuple[GateView, ...]
    artifacts: tuple[ArtifactView, ...] = ()
    findings: tuple[Finding, ...]
    level: Level | None
    level_basis: str
    tier: Tier | None
    tier_basis: str
    corrections: tuple[Correction, ...] = ()
    found_sources: tuple[SourceView, ...] = ()  # works of the library that verdicts looked at, found by searching
    search: SearchView | None = None  # for a question that was answered here
    own_answer: OwnAnswer | None = None  # None: the record has no section that says in a paragraph what it answers
    imported_scans: tuple[SourceScanView, ...] = ()  # rigour scans that others made of its sources
    costs: CostsView | None = None  # what checking it took; None: nothing was kept
