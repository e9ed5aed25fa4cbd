"""The shape of `claimgate-manifest-v1`: the sections that `publication.manifest` writes, as models with words.

Belongs here: sections that are put together for the manifest. Does not belong here: shapes that are written as they
are held (`pipelines.models`, `publication.views`); what their fields mean stands in `field_words`. A section that is
added to the manifest is added to `Manifest` here, and its schema made anew (`manifest_schema`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field

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
    Layout,
    Model,
    Probabilities,
    PublicGateStatus,
    ReferenceCounts,
    Review,
    ReviewSummary,
    RigorScan,
    SourceVerdict,
    StatedFacts,
    Tier,
)
from pipelines.publication.as_published import Agreement
from pipelines.publication.costs import CostLine, CostTotal
from pipelines.publication.manifest import MANIFEST_VERSION
from pipelines.publication.views import ArtifactView, GateView, OwnAnswer, ReferenceView, SourceView

_SHA256 = "^[0-9a-f]{64}$"


class RecordIdentity(Model):
    """Which synthesis this is, as its publisher names it."""

    record_id: str = Field(description="Our id: the publisher's own where it has one, else from the text's hash.")
    version_id: str = Field(description="Id of the text that was read; new text under the same id is a new version.")
    cohort: str = Field(description="Month of publication, YYYY-MM; 'undated' where the record states none.")
    layout: Layout = Field(description="How the record is laid out, recognised by its marks.")
    kind: str = Field(description="'report' for a published record, 'answer' for an answer with passages.")
    title: str = Field(description="The record's title; where it has none, a text that says so.")
    title_stated: bool = Field(description="False: the record has no title, and `title` is not its own.")
    publisher: str | None = Field(description="Who published the record, as it states; null: it does not say.")
    published_on: date | None = Field(description="Day of publication as stated; null: not stated.")
    question: str | None = Field(description="The research question as stated; null: not stated.")
    identifier: str | None = Field(description="The publisher's id: doi:, srch:, url:; null: it has none.")
    synthetic: bool = Field(description="True: written for a demonstration, and no research.")


class ComparisonSection(Model):
    """One figure that the record states of itself, beside what was found."""

    field: str = Field(description="Field of `as_published`.")
    stated: int | float | str | None = Field(description="What the record says; null: nothing.")
    checked: int | float | str | None = Field(description="What is held here; null: nothing that compares.")
    agreement: Agreement = Field(description="Whether the two agree.")
    basis: str = Field(description="What `checked` counts or rests on.")
    own_rule: str | None = Field(description="What the publisher's own rule makes of its figures; null: none is known.")


class EvidenceSection(Evidence):
    """A sentence of a source that bears on a claim. The passage around it stays out, as its licence may ask."""

    source_title: str = Field(description="Title of the source.")
    passage_sha256: str = Field(pattern=_SHA256, description="sha256 of the passage (UTF-8) that the offsets are in.")


class ClaimSection(Model):
    """A claim with what is publicly held about it."""

    claim: Claim = Field(description="The claim as it stands in the record.")
    verdict: ClaimVerdict = Field(description="What the sources say of it; a person's verdict where there is one.")
    confidence: float | None = Field(
        ge=0, le=1, description="Share of verdicts like this that were right when measured; null: none was measured."
    )
    reason: str = Field(description="Why the verdict is what it is.")
    scope: EvidenceScope = Field(description="Which sources were looked at.")
    conflict: bool = Field(description="True: something speaks against the verdict, not clearly enough to change it.")
    verdict_by: Literal["machine", "person"] = Field(description="Who decided.")
    adjudication: Adjudication | None = Field(description="The person's verdict; null: none was given.")
    evidence: tuple[EvidenceSection, ...] = Field(description="The sentences that the verdict rests on.")
    probabilities: Probabilities | None = Field(description="Shares of three verdicts; null: the back end gives none.")
    per_source: tuple[SourceVerdict, ...] = Field(description="What each source says of the claim on its own.")
    axes: tuple[AxisJudgement, ...] = Field(description="Claim against the first sentence of evidence, axis by axis.")
    backend: str | None = Field(description="What judged: features, onnx, llm; null: nothing was judged.")
    verifier_version: str | None = Field(description="Version of what judged; null: nothing was judged.")
    verified_at: datetime | None = Field(description="When the verdict was recorded; null: there is none.")


class ReviewSection(Model):
    """Scores of the record by independent reviewers."""

    summary: ReviewSummary = Field(description="The score with its doubt.")
    reviewers: tuple[Review, ...] = Field(description="Each reviewer's scores, failed ones among them.")


class GateVerdictSection(Model):
    """Contract gate-verdict-v1."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    contract: Literal["https://assignee.net/schemas/gate-verdict-v1"] = Field(
        alias="schema", description="The contract that the section follows."
    )
    schema_version: str = Field(description="Version of the shape.")
    contract_version: str = Field(description="Name and version of the contract.")
    status: PublicGateStatus = Field(description="VERIFIED or FALSIFIED by a valid check of the result only.")
    label: str = Field(description="The status for people.")
    definition: str = Field(description="What the status means.")
    reason: str = Field(description="Why: what was attempted and what was not.")
    evaluated_at: datetime | None = Field(description="When the gate was evaluated; null: never.")
    gate: str = Field(description="Number and name of the gate that decided.")
    enforcement: str = Field(description="What the status may follow from.")


class GateSection(GateView):
    """The latest evaluation of the record under one activation of a gate."""

    gate_verdict: GateVerdictSection = Field(description="The same evaluation as contract gate-verdict-v1.")


class ArtifactSection(ArtifactView):
    """A proof or a reproduction that somebody attached to a claim, with its latest attempt."""

    outcome: AttemptOutcome = Field(description="What it counts for now: at the gate in force, else what came of it.")
    archive: str | None = Field(description="File name of its archive in the site; null: withheld.")
    archive_withheld: str | None = Field(description="Why its files are not given on; null: they are.")


class LevelSection(Model):
    """How far the checking has gone."""

    value: int | None = Field(ge=0, le=7, description="0 to 7; null: not determined.")
    key: str | None = Field(description="Name of the level; null: not determined.")
    basis: str = Field(description="What it rests on.")


class TierSection(Model):
    """The triage of the record."""

    value: Tier | None = Field(description="The tier; UNRATED: there is no score; null: not determined.")
    basis: str = Field(description="The rule and the figures it rests on.")


class CostsSection(Model):
    """What checking the record took."""

    lines: tuple[CostLine, ...] = Field(description="Every time that a stage worked on the record, in order.")
    total: CostTotal = Field(description="The sum.")
    measured: str = Field(description="What is measured and what is not.")


class CorrectionsSection(Model):
    """What of the record's public state changed since its first publication."""

    state: Literal["CURRENT", "CORRECTED"] = Field(description="CORRECTED: there is at least one event.")
    count: int = Field(ge=0, description="Number of events.")
    head: str | None = Field(description="Hash of the newest event; null: there is none.")
    events: tuple[Correction, ...] = Field(description="All events, oldest first, each chained to the one before.")


class Manifest(Model):
    """Everything publicly held about a record. What is not known is null, with the reason beside it, never zero."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    contract: Literal["claimgate-manifest-v1"] = Field(
        alias="schema", description="The contract that the document follows."
    )
    schema_version: str = Field(description="Version of the contract.", json_schema_extra={"const": MANIFEST_VERSION})
    record: RecordIdentity = Field(description="Which record this is.")
    claim_counts: ClaimCounts = Field(description="Claims by verdict, counted apart.")
    reference_counts: ReferenceCounts = Field(description="References by finding, and how many are retracted.")
    own_answer: OwnAnswer | None = Field(description="How the record answers; null: it has no section that says so.")
    as_published: StatedFacts = Field(description="What the record says of itself.")
    published_against_checked: tuple[ComparisonSection, ...] = Field(description="The two side by side.")
    claims: tuple[ClaimSection, ...] = Field(description="Every claim found in the record, in its order.")
    references: tuple[ReferenceView, ...] = Field(description="The record's reference list, audited.")
    sources: tuple[SourceView, ...] = Field(description="Works that the record draws on, as an index describes them.")
    found_sources: tuple[SourceView, ...] = Field(description="Works of the library that were read besides.")
    review: ReviewSection = Field(description="The review.")
    rigor_scans: tuple[RigorScan, ...] = Field(description="What the texts of its sources report of their methods.")
    gates: tuple[GateSection, ...] = Field(description="Every evaluation, announced and superseded rules among them.")
    gate_verdict: GateVerdictSection | None = Field(description="Gate 2 in force; null: never evaluated.")
    gate_verdict_absent: str | None = Field(description="Why there is no gate verdict; null: there is one.")
    artifacts: tuple[ArtifactSection, ...] = Field(description="Attached proofs and reproductions.")
    level: LevelSection = Field(description="Verification level, 0 to 7.")
    tier: TierSection = Field(description="Quality tier.")
    findings: tuple[Finding, ...] = Field(description="What rules found on the record as published.")
    corrections: CorrectionsSection = Field(description="The correction log of the record.")
    costs: CostsSection | None = Field(description="What checking it took; null: nothing was kept.")
    interpretation: tuple[str, ...] = Field(description="How to read the document, in sentences.")
