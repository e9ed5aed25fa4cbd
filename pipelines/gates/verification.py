"""Gate 2, verification: what came of the artifacts (proofs, reproductions) attached to a record.

Belongs here: one outcome for several artifacts, its public status, and its words. Does not belong here:
running artifacts. Never looks at a score or a claim count. An attempt that went wrong says nothing of
the claim: only REFUTED is published as FALSIFIED and only VERIFIED as VERIFIED.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.models import AttemptOutcome, PublicGateStatus

# From the outcome that says most to the one that says least; used when no artifact verified or refuted.
_TELLING = (
    AttemptOutcome.DISPUTED,
    AttemptOutcome.STALE,
    AttemptOutcome.INCONCLUSIVE,
    AttemptOutcome.NON_DETERMINISTIC,
    AttemptOutcome.INVALID_CHECK,
    AttemptOutcome.ATTEMPT_FAILED,
    AttemptOutcome.NOT_RUN,
    AttemptOutcome.NOT_ATTEMPTED,
)

_MEANS: Mapping[AttemptOutcome, str] = {
    AttemptOutcome.NOT_ATTEMPTED: (
        "No artifact (Lean proof or reproduction script) is attached to this record, so nothing was run;"
        " this says nothing about whether its claims are true"
    ),
    AttemptOutcome.NOT_RUN: "An artifact is attached, but was not run: no sandbox or proof checker is here",
    AttemptOutcome.ATTEMPT_FAILED: (
        "An artifact was run and broke before it gave a result; this says nothing about the claim"
    ),
    AttemptOutcome.INVALID_CHECK: (
        "An artifact was run, but its result does not depend on its input, so it checks nothing"
    ),
    AttemptOutcome.NON_DETERMINISTIC: "An artifact was run twice and gave two results, so neither counts",
    AttemptOutcome.INCONCLUSIVE: "An artifact was run, but its result does not decide the claim",
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


def combined_outcome(outcomes: Sequence[AttemptOutcome]) -> AttemptOutcome:
    """The outcome for a record; a verified and a refuted artifact together are DISPUTED, never averaged."""
    verified, refuted = AttemptOutcome.VERIFIED in outcomes, AttemptOutcome.REFUTED in outcomes
    if verified and refuted:
        return AttemptOutcome.DISPUTED
    if refuted:
        return AttemptOutcome.REFUTED
    if verified and AttemptOutcome.DISPUTED not in outcomes:
        return AttemptOutcome.VERIFIED
    return next((outcome for outcome in _TELLING if outcome in outcomes), AttemptOutcome.NOT_ATTEMPTED)


def outcome_in_words(outcomes: Sequence[AttemptOutcome]) -> str:
    """What was attempted, what came of it, and, where there were several artifacts, of each."""
    sentence = f"{_MEANS[combined_outcome(outcomes)]}."
    if len(outcomes) > 1:
        tally = ", ".join(f"{count} {outcome.value}" for outcome, count in sorted(Counter(outcomes).items()))
        sentence += f" Artifacts attached: {len(outcomes)} ({tally})."
    return sentence
