"""Verification levels L0-L7: how far the checking of a record has gone.

Belongs here: the ladder and the facts of each rung. Does not belong here: tiers (`tiers`), judging claims.
Counts are of claims that a source supports, never of claims extracted. Input: `LevelFacts`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import Field

from pipelines.models import AttemptOutcome, ClaimCounts, Level, Model
from pipelines.publication.views import ArtifactView, GateView

# The engine came to no word on the check itself.
_NOT_INSPECTED = (AttemptOutcome.NOT_ATTEMPTED, AttemptOutcome.NOT_RUN, AttemptOutcome.ATTEMPT_FAILED)
_RAN_TO_AN_END = "exit code 0"  # as both engines put it
_PROOF = "lean"


class LevelFacts(Model):
    """What the ladder looks at; the upper counts are of artifacts, never of claims that a source supports."""

    claims: ClaimCounts
    corroborated_claims: int = Field(default=0, ge=0)  # supported by sentences of two or more sources
    artifacts_inspected: int = Field(default=0, ge=0)  # the engine found the check valid or invalid
    artifacts_executed: int = Field(default=0, ge=0)  # ran to an end in the sandbox
    artifacts_reproduced: int = Field(default=0, ge=0)  # claims with a VERIFIED reproduction
    proofs_verified: int = Field(default=0, ge=0)  # claims with a VERIFIED formal proof


def level_facts(
    claims: ClaimCounts, corroborated: int, artifacts: Sequence[ArtifactView], verification: GateView | None
) -> LevelFacts:
    """The facts of a record. `verification` is gate 2 in force: without its VERIFIED no artifact reaches L6 or L7."""
    inspected = [one for one in artifacts if one.attempt and one.attempt.outcome not in _NOT_INSPECTED]
    holds = verification is not None and verification.outcome is AttemptOutcome.VERIFIED
    verified = [one for one in inspected if holds and _stands(one)]
    return LevelFacts(
        claims=claims,
        corroborated_claims=corroborated,
        artifacts_inspected=len(inspected),
        artifacts_executed=sum(_ran_to_an_end(one) for one in inspected),
        artifacts_reproduced=len({one.claim_id for one in verified if one.kind != _PROOF}),
        proofs_verified=len({one.claim_id for one in verified if one.kind == _PROOF}),
    )


def _ran_to_an_end(artifact: ArtifactView) -> bool:
    """Whether a sealed run of it ended by itself and without an error, whatever it gave."""
    attempt = artifact.attempt
    return (
        attempt is not None
        and attempt.seal_level is not None
        and any(step.ending == _RAN_TO_AN_END for step in attempt.steps)
    )


def _stands(artifact: ArtifactView) -> bool:
    """Whether an authority verified it and it counts for that at the gate in force, which may ask for more."""
    attempt, standing = artifact.attempt, artifact.standing
    return (
        attempt is not None
        and attempt.authority
        and attempt.outcome is AttemptOutcome.VERIFIED
        and standing is not None
        and standing.outcome is AttemptOutcome.VERIFIED
    )


@dataclass(frozen=True)
class Rung:
    """A level; a record stands on the highest rung whose condition holds, so exactly one applies."""

    level: Level
    reached: Callable[[LevelFacts], bool]
    basis: Callable[[LevelFacts], str]


def _claims(count: int, one: str = "is", several: str = "are") -> str:
    return f"{count} claim {one}" if count == 1 else f"{count} claims {several}"


def _artifacts(count: int) -> str:
    return "1 attached artifact was" if count == 1 else f"{count} attached artifacts were"


RUNGS: tuple[Rung, ...] = (
    Rung(
        Level.NO_CLAIMS,
        lambda facts: True,
        lambda facts: "No claim was found in the record.",
    ),
    Rung(
        Level.LITERATURE_SYNTHESIS,
        lambda facts: facts.claims.extracted > 0,
        lambda facts: (
            f"{_claims(facts.claims.extracted, 'was', 'were')} found; none is supported by a source that we read."
        ),
    ),
    Rung(
        Level.SOURCE_GROUNDED,
        lambda facts: facts.claims.supported > 0,
        lambda facts: f"{facts.claims.supported} of {facts.claims.extracted} claims are supported by a source we read.",
    ),
    Rung(
        Level.CROSS_SOURCE_CORROBORATED,
        lambda facts: facts.corroborated_claims > 0,
        lambda facts: f"{_claims(facts.corroborated_claims)} supported by two or more sources.",
    ),
    Rung(
        Level.ARTIFACT_INSPECTED,
        lambda facts: facts.artifacts_inspected > 0,
        lambda facts: f"{_artifacts(facts.artifacts_inspected)} inspected.",
    ),
    Rung(
        Level.SANDBOX_EXECUTED,
        lambda facts: facts.artifacts_executed > 0,
        lambda facts: f"{_artifacts(facts.artifacts_executed)} run to an end in the sandbox.",
    ),
    Rung(
        Level.INDEPENDENTLY_REPRODUCED,
        lambda facts: facts.artifacts_reproduced > 0,
        lambda facts: f"{_claims(facts.artifacts_reproduced, 'was', 'were')} reproduced under seal.",
    ),
    Rung(
        Level.FORMALLY_VERIFIED,
        lambda facts: facts.proofs_verified > 0,
        lambda facts: f"{_claims(facts.proofs_verified, 'was', 'were')} formally verified.",
    ),
)


def level_of(facts: LevelFacts) -> tuple[Level, str]:
    """The level of a record, and the sentence that says what it rests on."""
    rung = next(rung for rung in reversed(RUNGS) if rung.reached(facts))
    return rung.level, rung.basis(facts)
