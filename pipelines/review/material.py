"""What a reviewer is given, and what a reviewer is.

Belongs here: the frozen material of a review, the reviewer protocol, the one way a reviewer may fail.
Does not belong here: any reviewer. A bug in a reviewer is not a `ReviewFailed`; it stops the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipelines.models import (
    Claim,
    ClaimKind,
    ClaimVerdict,
    Dimension,
    Finding,
    ParsedRecord,
    ReferenceAudit,
    Verdict,
)


@dataclass(frozen=True)
class ReviewMaterial:
    """A record with all that earlier stages hold about it; `audits` need not cover every reference."""

    record: ParsedRecord
    claims: Sequence[Claim]
    verdicts: Mapping[str, Verdict]
    audits: Sequence[ReferenceAudit]
    findings: Sequence[Finding]

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


class ReviewFailed(Exception):
    """A reviewer could not do its work on this record; the message says why, for the reader."""


@dataclass(frozen=True)
class Part:
    """A weighted part of a judgement: the mean of what each unit looked at is worth, 0..1.

    A unit is a claim id, `reference:<ordinal>`, or `record`; the same name means the same thing to every
    reviewer, so that one resample of the units gives every score anew (the interval).
    """

    weight: float
    worth: Mapping[str, float]


@dataclass(frozen=True)
class Judgement:
    """What a reviewer says on one dimension: 10 x the weighted mean of its parts, less `off`; no part: UNASSESSED."""

    dimension: Dimension
    reason: str
    parts: tuple[Part, ...] = ()
    off: float = 0.0  # points that findings take off


class Reviewer(Protocol):
    """Judges the dimensions it can judge, and names those it should but cannot, with the reason."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def model(self) -> str | None: ...

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]: ...
