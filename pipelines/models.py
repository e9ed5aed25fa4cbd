"""The vocabulary: frozen models and enums that the stages hand to each other.

Belongs here: what more than one stage must agree on. Does not belong here: behaviour, SQL,
Dagster, anything that one stage alone needs. The words are those of docs/words.md.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Frozen, and closed: an unknown field is an error, not a silent loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- words ------------------------------------------------------------------------------------


class Layout(StrEnum):
    """How a published record is laid out; recognised by its marks, never by its file name."""

    REPORT = "report"  # report text, as printed in a PDF: numbered sections, table of claims
    PAGE_TABLES = "page-tables"  # record page whose tables were kept as `| a | b | |` rows
    PAGE_OLD = "page-old"  # record page with the old navigation bar
    PAGE_NEW = "page-new"  # record page with the new navigation bar
    MANIFEST = "manifest"  # a JSON manifest or contract
    ANSWER = "answer"  # JSON: question, answer with [n] marks, the passages it was given
    BIBLIOGRAPHY = "bibliography"  # a reference list alone: BibTeX, RIS, CSL-JSON
    PROSE = "prose"  # any other synthesis: prose with or without a reference list


class ClaimKind(StrEnum):
    EMPIRICAL = "empirical"
    MATHEMATICAL = "mathematical"
    DEFINITIONAL = "definitional"
    METHODOLOGICAL = "methodological"
    SELF_DESCRIPTION = "self_description"


class ClaimOrigin(StrEnum):
    STATED = "stated"  # the record lists it as a claim
    EXTRACTED = "extracted"  # we took it out of the record's prose


class ClaimVerdict(StrEnum):
    SUPPORTED = "SUPPORTED"
    REFUTED = "REFUTED"
    NOT_ENOUGH_INFO = "NOT_ENOUGH_INFO"  # the sources were read; they do not say
    DISPUTED = "DISPUTED"  # sources disagree, a quoted sentence from each side
    NOT_CHECKED = "NOT_CHECKED"  # no source text could be had; the reason says why


class Stance(StrEnum):
    SUPPORTS = "SUPPORTS"
    REFUTES = "REFUTES"
    NEUTRAL = "NEUTRAL"  # the nearest sentence, which decides nothing


class Axis(StrEnum):
    """What a claim and a sentence are compared on, each judged apart."""

    SUBJECT = "subject"
    RELATION = "relation"  # what is said of the subject, and which way it goes
    NUMBERS = "numbers"  # values and units
    POPULATION = "population"  # whom or what it was found in, and under which conditions
    CERTAINTY = "certainty"


class AxisOutcome(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"  # the sentence says another thing there
    NOT_SAID = "not said"  # the claim says something there, the sentence does not
    NOT_APPLICABLE = "not applicable"  # the claim says nothing there


class EvidenceScope(StrEnum):
    """Which sources were looked at for a claim."""

    CITED = "cited"  # those the claim itself cites
    RECORD = "record"  # all sources of the record
    CORPUS = "corpus"  # works of the library, found by searching for the claim
    NONE = "none"  # there was no text to look at


class ReferenceFinding(StrEnum):
    FOUND = "FOUND"
    MISDESCRIBED = "MISDESCRIBED"
    LIKELY_FABRICATED = "LIKELY_FABRICATED"
    UNFINDABLE = "UNFINDABLE"
    UNREACHABLE = "UNREACHABLE"


class NoticeKind(StrEnum):
    RETRACTED = "RETRACTED"
    CORRECTED = "CORRECTED"
    CONCERN = "CONCERN"
    WITHDRAWN = "WITHDRAWN"
    SUPERSEDED = "SUPERSEDED"


class AttemptOutcome(StrEnum):
    """What became of an attempt, kept apart from what is true of the claim."""

    NOT_ATTEMPTED = "NOT_ATTEMPTED"
    NOT_RUN = "NOT_RUN"
    ATTEMPT_FAILED = "ATTEMPT_FAILED"
    INVALID_CHECK = "INVALID_CHECK"
    NON_DETERMINISTIC = "NON_DETERMINISTIC"
    INCONCLUSIVE = "INCONCLUSIVE"
    DISPUTED = "DISPUTED"
    REFUTED = "REFUTED"
    VERIFIED = "VERIFIED"
    STALE = "STALE"


class GateResult(StrEnum):
    """Pass or fail of a gate that is not about artifacts (gates 0 and 1)."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    NOT_EVALUABLE = "NOT_EVALUABLE"  # the facts it needs are absent; the reason names them


class PublicGateStatus(StrEnum):
    """Contract gate-verdict-v1."""

    UNVERIFIED = "UNVERIFIED"
    VERIFIED = "VERIFIED"
    FALSIFIED = "FALSIFIED"


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Tier(StrEnum):
    FLAGSHIP_CANDIDATE = "FLAGSHIP_CANDIDATE"
    DOI_GRADE = "DOI_GRADE"
    PUBLIC_RECORD = "PUBLIC_RECORD"
    WATCHLIST = "WATCHLIST"
    QUARANTINE_CANDIDATE = "QUARANTINE_CANDIDATE"
    UNRATED = "UNRATED"  # there is no score to rate by; the basis says why

    @property
    def words(self) -> str:
        """As in a sentence: `DOI grade`, `flagship candidate`."""
        return self.value.replace("_", " ").lower().replace("doi", "DOI")


class Level(IntEnum):
    """Verification levels L0-L7 (contract verification-levels-v1; names of the upper ones are ours)."""

    NO_CLAIMS = 0
    LITERATURE_SYNTHESIS = 1
    SOURCE_GROUNDED = 2
    CROSS_SOURCE_CORROBORATED = 3
    ARTIFACT_INSPECTED = 4
    SANDBOX_EXECUTED = 5
    INDEPENDENTLY_REPRODUCED = 6
    FORMALLY_VERIFIED = 7


class Dimension(StrEnum):
    """Quality dimensions D-1..D-8 (contract quality-dimensions-v1)."""

    EVIDENCE_STRENGTH = "evidence_strength"
    CITATION_GROUNDING = "citation_grounding"
    NUMERICAL_CONSISTENCY = "numerical_consistency"
    BENCHMARK_VALIDITY = "benchmark_validity"
    NOVELTY = "novelty"
    UNCERTAINTY_DISCLOSURE = "uncertainty_disclosure"
    REPRODUCIBILITY_STATUS = "reproducibility_status"
    SAFETY_IMPACT = "safety_impact"


class RigorAnswer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_DETECTED = "not_detected"
    NEEDS_JUDGEMENT = "needs_judgement"


# --- findings about a record --------------------------------------------------------------------


class Place(Model):
    """Where something stands: offsets into the record's text (in characters), and the words there."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    words: str


class Finding(Model):
    """`F` of the command-line contract: one thing a rule found on a record as published."""

    rule: str
    severity: Severity
    message: str
    where: tuple[Place, ...] = ()


# --- ingestion ----------------------------------------------------------------------------------


class StatedFigure(Model):
    """One figure as a record states it, with the place it was read at.

    A record may state the same figure several times; each statement is a row.
    `name` is a field of `StatedFacts`.
    """

    name: str
    value: int | float | str
    place: Place


class StatedFacts(Model):
    """What a record says of itself. `None` means the record does not say."""

    papers: int | None = None
    claims_extracted: int | None = None
    claims_verified: int | None = None
    review_score: float | None = None
    tier: str | None = None
    level: int | None = None
    gate: str | None = None
    gate_status: str | None = None
    gate_reason: str | None = None
    gate_evaluated_at: str | None = None
    doi: str | None = None
    source_grounded_claims: int | None = None
    figures: tuple[StatedFigure, ...] = ()


class StatedClaim(Model):
    """A row of the record's own list of claims; `text == record.text[start:end]`."""

    ordinal: int  # 1-based
    text: str
    start: int
    end: int
    truncated: bool
    stated_verified: bool | None = None
    stated_confidence: float | None = None


class Reference(Model):
    """An entry of a record's reference list, as the record describes it."""

    ordinal: int  # 1-based, order of appearance
    mark: str | None = None  # the label that the text cites it by: "3" of "[3]"
    raw: str
    doi: str | None = None  # lower case, without resolver prefix
    arxiv_id: str | None = None  # without version
    arxiv_version: int | None = None
    pmid: str | None = None
    pmcid: str | None = None  # "PMC1234567"
    isbn: str | None = None  # 13 digits
    openalex: str | None = None  # "W2741809807"
    s2: str | None = None  # Semantic Scholar's paper id, 40 hex digits
    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    start: int | None = None
    end: int | None = None


class GivenPassage(Model):
    """A passage of a source that came with the record itself (an answer with its passages)."""

    mark: str  # the label that the answer cites it by
    title: str | None
    text: str
    url: str | None = None
    year: int | None = None
    authors: tuple[str, ...] = ()


class Document(Model):
    """A file after reading. `text` has `\\n` line ends and no byte-order mark; otherwise as in the file.

    For JSON, `data` holds the parsed value and `text` the file's own text; for HTML, what its head
    declares of it.
    """

    name: str
    media_type: str  # text/plain, text/markdown, text/html, application/pdf, application/json
    text: str
    data: Any = None


class ParsedRecord(Model):
    """A published synthesis as read. Every offset points into `text`."""

    layout: Layout
    title: str | None
    publisher: str | None = None
    published_on: date | None = None
    question: str | None = None
    identifier: str | None = None  # publisher's id: "doi:10...", "srch:ABCDEF01", "url:https://..."
    text: str
    stated: StatedFacts = StatedFacts()
    claims: tuple[StatedClaim, ...] = ()
    references: tuple[Reference, ...] = ()
    passages: tuple[GivenPassage, ...] = ()
    synthetic: bool = False  # written for this project's demo and marked so


class Rejection(Model):
    """An input that was not taken in, with one sentence of reason."""

    path: str
    reason: str


class Notice(Model):
    """An editorial notice about a source."""

    kind: NoticeKind
    id: str | None = None
    date: str | None = None  # ISO, as precise as stated
    origin: str  # who says so: "library:sources.jsonl", "crossref:retraction-watch"
    detail: str | None = None  # in words, where the kind alone does not say it: "version 3 is the latest"


class Update(Model):
    """What an editorial notice, itself a work, says about another work."""

    target: str  # source id of the work it is about: "doi:10...", "pmid:..."
    notice: Notice


class WorkVersion(Model):
    """One version of a work: an arXiv version, a preprint, the version of record."""

    label: str  # "v3", "preprint", "published"
    source_id: str  # its own identifier, with the version where it has one: "arxiv:2406.12845v3", "doi:10..."
    date: str | None = None  # ISO, as precise as stated


class FullTextLocation(Model):
    """Where an index says that the text of a work may be had."""

    url: str
    media_type: str | None = None  # "application/pdf", "application/xml", "text/html"
    version: str | None = None  # "published", "accepted", "submitted"
    licence: str | None = None


class Work(Model):
    """A work as an index describes it, with such text as the index holds."""

    source_id: (
        str  # best identifier: doi:, arxiv: (no version), pmid:, pmcid:, isbn:, openalex:, s2:, else title:<hash>
    )
    aliases: tuple[str, ...] = ()  # every other identifier of the same work
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    type: str | None = None  # journal-article, preprint, ...
    version: str | None = None
    text: str | None = None  # abstract or full text; None when the index has none
    text_kind: str | None = None  # "abstract" or "fulltext"
    complete: bool | None = None  # False: the text is known to be cut
    licence: str | None = None
    notices: tuple[Notice, ...] = ()
    versions: tuple[WorkVersion, ...] = ()  # oldest first
    updates: tuple[Update, ...] = ()  # this work is a notice about others
    full_texts: tuple[FullTextLocation, ...] = ()
    origin: str  # the index: "crossref", "library:<file>"


# --- extraction ---------------------------------------------------------------------------------


class Quantity(Model):
    """A number with what it measures; offsets into the claim's `normalised` text."""

    value: float
    unit: str | None = None
    comparison: str | None = None  # "<", ">", "<=", ">=", "~" or None
    high: float | None = None  # of a range "12 to 15": value is its low end
    metric: str | None = None  # what was measured, in the claim's words: "accuracy", "mean age"
    data_set: str | None = None  # what it was measured on, in the claim's words: "SQuAD 2.0"
    text: str
    start: int
    end: int


class Claim(Model):
    """One checkable statement of a record. `text == record.text[start:end]`, never cut by us."""

    claim_id: str
    ordinal: int  # 1-based, order in the record
    text: str
    start: int
    end: int
    normalised: str  # mark-up and citation marks removed, white space folded: what is verified
    standalone: str | None = None  # `normalised` with "it", "this method" replaced by what the record says they are
    origin: ClaimOrigin
    kind: ClaimKind
    truncated: bool = False  # the record itself cut it
    hedged: bool = False
    quantities: tuple[Quantity, ...] = ()
    citations: tuple[str, ...] = ()  # marks, as in Reference.mark
    duplicate_of: str | None = None  # claim_id of the first near-duplicate
    section: str | None = None
    stated_verified: bool | None = None
    stated_confidence: float | None = None


# --- verification -------------------------------------------------------------------------------


class Passage(Model):
    """A piece of one version of a source; `text == version_text[start:end]`."""

    passage_id: str
    source_id: str
    source_version_id: str
    ordinal: int
    start: int
    end: int
    text: str


class Evidence(Model):
    """A sentence of a passage that bears on a claim; `text == passage.text[start:end]`."""

    passage_id: str
    source_id: str
    stance: Stance
    score: float  # 0..1, how much of the claim the sentence covers
    start: int
    end: int
    text: str
    why: str | None = None  # the cue, in words: "number differs: 12 % against 21 %"


class Probabilities(Model):
    """Shares of the three verdicts that can be measured; they add up to 1."""

    supported: float = Field(ge=0, le=1)
    refuted: float = Field(ge=0, le=1)
    not_enough_info: float = Field(ge=0, le=1)


class AxisJudgement(Model):
    """Claim against one sentence on one axis; `why` names both sides where they differ."""

    axis: Axis
    outcome: AxisOutcome
    why: str | None = None


class SourceVerdict(Model):
    """What one source says of a claim, on its own."""

    source_id: str
    verdict: ClaimVerdict  # never DISPUTED; NOT_CHECKED with a reason where the back end failed
    confidence: float | None = Field(ge=0, le=1)
    probabilities: Probabilities | None = None
    conflict: bool = False
    reason: str


class Verdict(Model):
    """What is held about a claim, and on which sentences."""

    claim_id: str
    verdict: ClaimVerdict
    confidence: float | None = Field(ge=0, le=1)  # None: nothing was checked, or no such case was ever measured
    reason: str
    scope: EvidenceScope
    conflict: bool = False  # something speaks against the claim, but not clearly enough to refute
    evidence: tuple[Evidence, ...] = ()
    probabilities: Probabilities | None = None  # None: not checked, or the back end gives none
    per_source: tuple[SourceVerdict, ...] = ()
    axes: tuple[AxisJudgement, ...] = ()  # claim against the first sentence of the evidence
    verifier_version: str
    backend: str


class Mismatch(Model):
    field: str
    stated: str
    held: str


class IndexAnswer(Model):
    """What one index said when it was asked for a reference: an answer that a finding rests on."""

    index: str
    by: str  # what it was asked by: "doi", "arxiv", "title"
    value: str
    outcome: str  # "held", "absent", "failed"
    reason: str | None = None  # of a failure, in a sentence
    http_status: int | None = None
    url: str | None = None
    sha256: str | None = None  # of the body as received
    asked_at: datetime | None = None


class ReferenceAudit(Model):
    finding: ReferenceFinding
    source_id: str | None
    reason: str
    mismatches: tuple[Mismatch, ...] = ()
    notices: tuple[Notice, ...] = ()
    answered_by: tuple[str, ...] = ()  # indexes that answered
    answers: tuple[IndexAnswer, ...] = ()  # each question asked for it, failures included


# --- review -------------------------------------------------------------------------------------


class DimensionScore(Model):
    dimension: Dimension
    score: float | None = Field(ge=0, le=10)  # None = UNASSESSED
    reason: str
    low: float | None = Field(default=None, ge=0, le=10)  # 95 % interval over the claims and references looked at
    high: float | None = Field(default=None, ge=0, le=10)


class Review(Model):
    """One reviewer's scores. A failed reviewer has no scores and says why."""

    reviewer: str
    version: str
    scores: tuple[DimensionScore, ...] = ()
    failed: str | None = None
    model: str | None = None  # the language model it asked; None for a reviewer by rule


class ReviewSummary(Model):
    """The score of a record with its doubt: sampling (`low`, `high`), choice of reviewers, their agreement."""

    score: float | None = Field(ge=0, le=10)
    low: float | None = Field(default=None, ge=0, le=10)  # 95 % bootstrap interval over claims and references
    high: float | None = Field(default=None, ge=0, le=10)
    without_one_low: float | None = Field(default=None, ge=0, le=10)  # lowest score when any one reviewer is left out
    without_one_high: float | None = Field(default=None, ge=0, le=10)
    agreement: float | None = Field(default=None, le=1)  # Krippendorff's alpha, interval metric; 1 perfect, 0 chance
    agreement_low: float | None = Field(default=None, le=1)  # 95 % bootstrap interval
    agreement_high: float | None = Field(default=None, le=1)
    agreement_reason: str | None = None  # over which units; or why there is no alpha
    reviewers: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()  # reviewers that failed or had nothing to score, each with the reason
    dimensions: tuple[DimensionScore, ...] = ()
    reason: str


MODEL_RULE = "model:"  # begins what stands as `rule` where a language model answered


class RigorItem(Model):
    """One item of the checklist (`pipelines.review.rigor.items`) for one text."""

    item: str
    answer: RigorAnswer
    rule: str  # what answered: id and version of a rule, or `model:` and its name
    quote: str | None = None
    start: int | None = None  # offsets into the scanned text
    end: int | None = None
    section: str | None = None  # heading that the quote stands under
    applies: bool | None = None  # None: not decided
    why: str | None = None  # why it does not apply, or why it needs judgement

    @property
    def by_model(self) -> bool:
        return self.rule.startswith(MODEL_RULE)


class RigorScan(Model):
    source_version_id: str
    scanned: bool
    reason: str  # why not, or what was scanned
    scanner_version: str
    items: tuple[RigorItem, ...] = ()


# --- counts -------------------------------------------------------------------------------------


class ClaimCounts(Model):
    """Separate counts, always. `supported` is what a page may call verified."""

    extracted: int = 0
    supported: int = 0
    refuted: int = 0
    not_enough_info: int = 0
    disputed: int = 0
    not_checked: int = 0


class ReferenceCounts(Model):
    found: int = 0
    misdescribed: int = 0
    unfindable: int = 0
    likely_fabricated: int = 0
    unreachable: int = 0
    retracted: int = 0


# --- publication --------------------------------------------------------------------------------


class Adjudication(Model):
    """A person's verdict. It takes precedence, is marked as such, and erases nothing."""

    verdict: ClaimVerdict
    reason: str
    by: str
    recorded_at: datetime


class Correction(Model):
    """A public, additive change event. `before` and `after` hold the changed public fields only."""

    correction_id: str
    sequence: int  # 1-based within the record
    kind: str  # METADATA, ARTIFACT, CLAIM, BENCHMARK, PROVENANCE, QUALITY_ASSESSMENT
    before: dict[str, Any]
    after: dict[str, Any]
    why: str
    recorded_at: datetime
    previous_hash: str | None
    hash: str
