"""What a reviewer is given, and what a reviewer is.

Belongs here: the frozen material of a review, the reviewer protocol, the one way a reviewer may fail.
Does not belong here: any reviewer. A bug in a reviewer is not a `ReviewFailed`; it stops the run.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from pipelines.models import (
    Axis,
    AxisOutcome,
    Claim,
    ClaimKind,
    ClaimVerdict,
    Dimension,
    EvidenceScope,
    Finding,
    NoticeKind,
    ParsedRecord,
    ReferenceAudit,
    RigorScan,
    Stance,
    Verdict,
)
from pipelines.review.terms import names, specific_terms

REVIEW_VERSION = "review-2"
VOID = frozenset({NoticeKind.RETRACTED, NoticeKind.WITHDRAWN})
OWN_SOURCES = frozenset({EvidenceScope.CITED, EvidenceScope.RECORD})


@dataclass(frozen=True)
class ReviewMaterial:
    """A record with all that earlier stages hold about it; `audits` need not cover every reference."""

    record: ParsedRecord
    claims: Sequence[Claim]
    verdicts: Mapping[str, Verdict]
    audits: Sequence[ReferenceAudit]
    findings: Sequence[Finding]
    audited: Sequence[int] = ()  # ordinals of the references that `audits` are of; empty: the first, second, ...
    scans: Mapping[str, RigorScan] = field(default_factory=dict)  # by id of a source that the record lists

    def checkable(self) -> tuple[Claim, ...]:
        """Claims that count: each statement once, and none that only describes the record itself."""
        return tuple(
            claim
            for claim in self.claims
            if claim.duplicate_of is None and claim.kind is not ClaimKind.SELF_DESCRIPTION
        )

    def verdict_of(self, claim: Claim) -> ClaimVerdict:
        held = self.verdicts.get(claim.claim_id)
        return ClaimVerdict.NOT_CHECKED if held is None else held.verdict

    def checked(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.checkable() if self.verdict_of(claim) is not ClaimVerdict.NOT_CHECKED)

    def with_verdict(self, *verdicts: ClaimVerdict) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.checked() if self.verdict_of(claim) in verdicts)

    def references(self) -> tuple[tuple[str, ReferenceAudit], ...]:
        """Each audit with the unit that its reference is to every reviewer."""
        ordinals = self.audited or range(1, len(self.audits) + 1)
        return tuple((reference_unit(ordinal), audit) for ordinal, audit in zip(ordinals, self.audits, strict=True))

    def stands(self, claim: Claim) -> bool:
        return claim.claim_id in self.standing

    @cached_property
    def standing(self) -> frozenset[str]:
        """Ids of the checked claims that a source supports in a way that counts for the record.

        Support by retracted or withdrawn sources alone does not, nor does support that only a search of the
        library found for a claim that shares no subject word with the record's question or title.
        """
        return frozenset(claim.claim_id for claim in self.checked() if self._stands(claim))

    def _stands(self, claim: Claim) -> bool:
        held = self.verdicts.get(claim.claim_id)
        if held is None or held.verdict is not ClaimVerdict.SUPPORTED:
            return False
        sources = supporting_sources(held)
        if sources and sources <= self.void_sources:
            return False
        return held.scope in OWN_SOURCES or self.bears_on_subject(claim)

    def bears_on_subject(self, claim: Claim) -> bool:
        """Whether the claim shares a subject word or a name with question or title; yes where there is neither.

        Looks at this claim alone, so that no claim gains by what stands beside it.
        """
        terms, named = self.subject
        if not terms and not named:
            return True
        words = claim.standalone or claim.normalised
        return bool(terms & specific_terms(words) or named & names(words))

    @cached_property
    def subject(self) -> tuple[frozenset[str], frozenset[str]]:
        """Subject words and names of the question and the title."""
        words = f"{self.record.question or ''}\n{self.record.title or ''}"
        return specific_terms(words), names(words)

    @cached_property
    def void_sources(self) -> frozenset[str]:
        """Sources of the record that were retracted or withdrawn."""
        return frozenset(audit.source_id for audit in self.audits if audit.source_id is not None and is_void(audit))


def reference_unit(ordinal: int) -> str:
    return f"reference:{ordinal}"


def is_void(audit: ReferenceAudit) -> bool:
    return any(notice.kind in VOID for notice in audit.notices)


def supporting_sources(verdict: Verdict) -> frozenset[str]:
    """The sources that support the claim: by a quoted sentence, or judged on their own."""
    quoted = {one.source_id for one in verdict.evidence if one.stance is Stance.SUPPORTS}
    judged = {one.source_id for one in verdict.per_source if one.verdict is ClaimVerdict.SUPPORTED}
    return frozenset(quoted | judged)


def axis_outcome(verdict: Verdict, axis: Axis) -> AxisOutcome | None:
    """How claim and sentence compare on one axis; None where they were not compared."""
    return next((one.outcome for one in verdict.axes if one.axis is axis), None)


class ReviewFailed(Exception):
    """A reviewer could not do its work on this record; the message says why, for the reader."""


RECORD_UNIT = "record"


@dataclass(frozen=True)
class Part:
    """A weighted part of a judgement: the mean of what each unit looked at is worth, 0..1.

    A unit is a claim id, `reference:<ordinal>`, `mark:<mark>` (one that leads to no reference), or `record`; the same
    name means the same thing to every reviewer, so that one resample of the units gives every score anew (the
    interval).
    """

    weight: float
    worth: Mapping[str, float]
    counts: Mapping[str, float] = field(default_factory=dict)  # how often a unit counts in the mean, where not once


def halves(good: Collection[str], bad: Collection[str], looked_at: Collection[str]) -> tuple[Part, Part]:
    """5 x good / (good + bad) + 5 x good / all that was looked at; 0 where none is good.

    A unit that nothing settles earns nothing, as a bad one, but dilutes no bad one and takes from no good one. So
    neither adding open units, nor a good one that becomes open, nor an open one that becomes bad, raises the score.
    """
    settled = dict.fromkeys(bad, 0.0) | dict.fromkeys(good, 1.0)
    return (
        Part(0.5, settled or {RECORD_UNIT: 0.0}),
        Part(0.5, {unit: float(unit in good) for unit in looked_at}),
    )


@dataclass(frozen=True)
class Judgement:
    """What a reviewer says on one dimension: 10 x the weighted mean of its parts, less `off`; no part: UNASSESSED."""

    dimension: Dimension
    reason: str
    parts: tuple[Part, ...] = ()
    off: float = 0.0  # points that findings take off


def unassessed(dimension: Dimension, why: str) -> Judgement:
    return Judgement(dimension, f"UNASSESSED: {why}")


class Reviewer(Protocol):
    """Judges the dimensions it can judge, and names those it should but cannot, with the reason."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def model(self) -> str | None: ...

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]: ...
