"""Gate 2, verification: what came of the artifacts (proofs, reproductions) attached to a record.

Belongs here: what an attempt counts for under a policy, one outcome for several, its public status and
its words. Does not belong here: running artifacts. Never looks at a score or a claim count. An attempt
that went wrong says nothing of the claim: only REFUTED is published as FALSIFIED, only VERIFIED as
VERIFIED.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.gates.facts import AttackerReport, AttemptFacts, Target
from pipelines.gates.policy import RequiredEvidence
from pipelines.models import AttemptOutcome, Model, PublicGateStatus

# What a record's claims amount to, from the outcome that says most to the one that says least. A refuted
# claim is not outweighed by another one that was verified.
_TELLING = (
    AttemptOutcome.REFUTED,
    AttemptOutcome.DISPUTED,
    AttemptOutcome.VERIFIED,
    AttemptOutcome.STALE,
    AttemptOutcome.INCONCLUSIVE,
    AttemptOutcome.NON_DETERMINISTIC,
    AttemptOutcome.INVALID_CHECK,
    AttemptOutcome.ATTEMPT_FAILED,
    AttemptOutcome.NOT_RUN,
    AttemptOutcome.NOT_ATTEMPTED,
)
_DECIDED = (AttemptOutcome.VERIFIED, AttemptOutcome.REFUTED)

_MEANS: Mapping[AttemptOutcome, str] = {
    AttemptOutcome.NOT_ATTEMPTED: (
        "No artifact (Lean proof or reproduction script) is attached to this record, so nothing was run;"
        " this says nothing about whether its claims are true"
    ),
    AttemptOutcome.NOT_RUN: "An artifact is attached, but was not run: no sandbox or proof checker is here",
    AttemptOutcome.ATTEMPT_FAILED: (
        "An attempt to run an artifact broke before it gave a result; this says nothing about the claim"
    ),
    AttemptOutcome.INVALID_CHECK: ("An artifact is attached, but it checks nothing; this says nothing about the claim"),
    AttemptOutcome.NON_DETERMINISTIC: "An artifact was run twice and gave two results, so neither counts",
    AttemptOutcome.INCONCLUSIVE: "An artifact was run, but what came of it does not decide the claim",
    AttemptOutcome.DISPUTED: "Attempts or checkers disagree with each other, so neither result counts",
    AttemptOutcome.STALE: "An artifact passed under rules that have been raised since; it was not run again",
    AttemptOutcome.REFUTED: "An artifact was run and its result contradicts the claim it is attached to",
    AttemptOutcome.VERIFIED: "An artifact was run and its result confirms the claim it is attached to",
}

PUBLIC_STATUS: Mapping[AttemptOutcome, PublicGateStatus] = {
    outcome: {
        AttemptOutcome.VERIFIED: PublicGateStatus.VERIFIED,
        AttemptOutcome.REFUTED: PublicGateStatus.FALSIFIED,
    }.get(outcome, PublicGateStatus.UNVERIFIED)
    for outcome in AttemptOutcome
}


class Counted(Model):
    """What an attempt counts for under a policy, and why where that is not what its engine said."""

    claim_id: str
    outcome: AttemptOutcome
    reason: str


def counted(
    attempts: Sequence[AttemptFacts], evidence: RequiredEvidence | None, attackers: Sequence[AttackerReport]
) -> tuple[Counted, ...]:
    """Each attempt as the policy takes it: an invalid check decides nothing, one below a floor is STALE."""
    invalid = {
        finding.subject: finding.message
        for report in attackers
        if report.ran
        for finding in report.findings
        if finding.target is Target.CHECK
    }
    return tuple(_counted(attempt, evidence, invalid.get(attempt.artifact_id)) for attempt in attempts)


def _counted(attempt: AttemptFacts, evidence: RequiredEvidence | None, invalid: str | None) -> Counted:
    outcome, reason = attempt.outcome, attempt.reason
    if outcome in _DECIDED:
        below = _below_the_floor(attempt, evidence)
        if invalid is not None:
            outcome, reason = AttemptOutcome.INVALID_CHECK, f"The red team found the check invalid: {invalid}"
        elif not attempt.authority:
            outcome, reason = AttemptOutcome.INCONCLUSIVE, "It was not run by an authority."
        elif below and outcome is AttemptOutcome.VERIFIED:
            outcome, reason = AttemptOutcome.STALE, f"It passed below what this policy asks: {below}."
        elif below:
            outcome, reason = AttemptOutcome.INCONCLUSIVE, f"It was run below what this policy asks: {below}."
    return Counted(claim_id=attempt.claim_id, outcome=outcome, reason=reason)


def _below_the_floor(attempt: AttemptFacts, evidence: RequiredEvidence | None) -> str | None:
    """What the attempt lacks of what the policy requires, in words; None where it lacks nothing."""
    if evidence is None:
        return None
    lean = attempt.kind == "lean"
    floor = evidence.lean.seal_level if lean else evidence.reproduction.seal_level
    lacks = []
    if (attempt.seal_level or 0) < floor:
        lacks.append(f"sealed at level {attempt.seal_level or 0}, {floor} asked")
    if lean:
        lacks.extend(_proof_lacks(attempt, evidence))
    return "; ".join(lacks) or None


def _proof_lacks(attempt: AttemptFacts, evidence: RequiredEvidence) -> list[str]:
    floor = evidence.lean
    lacks = []
    if _version(attempt.checker_version) < _version(floor.lean_version):
        lacks.append(f"Lean {attempt.checker_version or 'of unknown version'}, at least {floor.lean_version} asked")
    if attempt.kernels < floor.kernels:
        lacks.append(f"{attempt.kernels} kernels accepted it, {floor.kernels} asked")
    foreign = sorted(set(attempt.axioms) - set(floor.axioms))
    if foreign:
        lacks.append(f"it rests on the axioms {', '.join(foreign)}")
    return lacks


def _version(text: str | None) -> tuple[int, ...]:
    """A release as numbers; what is no release (a nightly, a candidate, nothing) is below every one."""
    parts = (text or "").split(".")
    return tuple(int(part) for part in parts) if len(parts) == 3 and all(p.isdecimal() for p in parts) else ()


def combined_outcome(attempts: Sequence[Counted]) -> AttemptOutcome:
    """The outcome for a record: of each claim first, then the one that says most; never an average."""
    by_claim: dict[str, list[AttemptOutcome]] = {}
    for one in attempts:
        by_claim.setdefault(one.claim_id, []).append(one.outcome)
    claims = {_of_one_claim(outcomes) for outcomes in by_claim.values()}
    return next((outcome for outcome in _TELLING if outcome in claims), AttemptOutcome.NOT_ATTEMPTED)


def _of_one_claim(outcomes: Sequence[AttemptOutcome]) -> AttemptOutcome:
    """A verified and a refuted artifact on one claim are DISPUTED; so is one whose checkers disagree."""
    if all(decided in outcomes for decided in _DECIDED) or AttemptOutcome.DISPUTED in outcomes:
        return AttemptOutcome.DISPUTED
    return next(outcome for outcome in _TELLING if outcome in outcomes)


def outcome_in_words(attempts: Sequence[Counted]) -> str:
    """What was attempted and what came of it; where there were several artifacts, of each kind how many."""
    outcome = combined_outcome(attempts)
    telling = [one.reason.rstrip(".") for one in attempts if one.outcome is outcome]
    waits = telling and outcome is AttemptOutcome.NOT_ATTEMPTED
    sentence = f"{telling[0]}." if waits else f"{': '.join([_MEANS[outcome], *telling[:1]])}."
    if len(attempts) > 1:
        tally = Counter(one.outcome for one in attempts)
        told = ", ".join(f"{count} {outcome.value}" for outcome, count in sorted(tally.items()))
        claims = len({one.claim_id for one in attempts})
        sentence += f" {len(attempts)} artifacts are attached to {claims} claim{'s' * (claims > 1)} ({told})."
    return sentence
