"""What gates look at and what they say: attempts, the red team's reports, facts and verdicts.

Belongs here: what the stages hand to each other about gates. Does not belong here: how a gate decides
(`evaluate`), how an attempt is made (`attempt`), what a page prints (`pipelines.publication.views`).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pipelines.models import (
    AttemptOutcome,
    ClaimCounts,
    Finding,
    GateResult,
    Layout,
    Model,
    PublicGateStatus,
    ReferenceCounts,
)


class AttemptFacts(Model):
    """What a gate may look at of an attempt: the latest of one artifact. `None`: not known or not applicable."""

    artifact_id: str
    claim_id: str
    kind: str  # "reproduction" or "lean"
    outcome: AttemptOutcome
    authority: bool  # whether what ran it may decide
    reason: str
    seal_level: int | None = None
    checker_version: str | None = None  # of Lean
    kernels: int = 0  # that accepted the proof, independent of each other
    axioms: tuple[str, ...] = ()
    approved_by: str | None = None


class Target(StrEnum):
    """What a finding of the red team is against. Only one against a claim can ever refute it."""

    CLAIM = "claim"
    CHECK = "check"  # an artifact: the check is worth nothing, the claim is untouched
    CITATION = "citation"  # what the record leans on


class RedTeamQuote(Model):
    """A sentence that an attacker leans on; found word for word in the source before it counts."""

    source_id: str
    text: str


class RedTeamFinding(Model):
    attacker: str
    target: Target
    subject: str  # claim id, artifact id, or "reference 3"
    rule: str
    message: str
    quotes: tuple[RedTeamQuote, ...] = ()
    confirmed: bool = False  # by a person, or by as many independent sources as the attacker's rule asks for


class AttackerReport(Model):
    """One attacker's work. One that crashed has `ran` False, no findings, and counts nowhere."""

    attacker: str
    ran: bool
    reason: str  # what was looked at, or why it did not run
    findings: tuple[RedTeamFinding, ...] = ()


class GateFacts(Model):
    """All that a gate may look at, as of a time."""

    record_id: str
    title: str | None
    published_on: date | None
    layout: Layout
    claims: ClaimCounts
    references: ReferenceCounts
    findings: tuple[Finding, ...] = ()
    attempts: tuple[AttemptFacts, ...] = ()  # the latest of each artifact
    attackers: tuple[AttackerReport, ...] = ()  # the red team's reports in force; empty: it did not look yet
    as_of: datetime


class GateVerdict(Model):
    record_id: str
    gate: str  # "gate-0" ... "gate-3"
    policy_version: str
    activation_id: str  # "gate-2@2026-06-10"
    result: GateResult | None  # for gates that judge facts
    outcome: AttemptOutcome | None  # for gates that judge artifacts
    public_status: PublicGateStatus
    reason: str
