"""Verification levels L0-L7: how far the checking of a record has gone.

Belongs here: the table and its facts. Does not belong here: tiers (`tiers`), judging claims.
Counts are of claims that a source supports, never of claims extracted. Input: `LevelFacts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from pipelines.decision_table import Condition, DecisionTable, Row
from pipelines.models import AttemptOutcome, ClaimCounts, ClaimVerdict, Level, Model, Stance
from pipelines.publication.views import ArtifactView, ClaimView, GateView

# The engine came to no word on the check itself.
_NOT_INSPECTED = (AttemptOutcome.NOT_ATTEMPTED, AttemptOutcome.NOT_RUN, AttemptOutcome.ATTEMPT_FAILED)
_RAN_TO_AN_END = "exit code 0"  # as both engines put it
_PROOF = "lean"


class LevelFacts(Model):
    """What the table looks at; the upper counts are of artifacts, never of claims that a source supports."""

    claims: ClaimCounts
    corroborated_claims: int = Field(default=0, ge=0)  # supported by sentences of two or more sources
    artifacts_inspected: int = Field(default=0, ge=0)  # the engine found the check valid or invalid
    artifacts_executed: int = Field(default=0, ge=0)  # ran to an end in the sandbox
    artifacts_reproduced: int = Field(default=0, ge=0)  # claims with a VERIFIED reproduction
    proofs_verified: int = Field(default=0, ge=0)  # claims with a VERIFIED formal proof


@dataclass(frozen=True)
class ArtifactSteps:
    """How far artifacts came; one stands under every step that it reached."""

    inspected: tuple[ArtifactView, ...]
    executed: tuple[ArtifactView, ...]
    reproduced: tuple[ArtifactView, ...]
    proved: tuple[ArtifactView, ...]


def artifact_steps(artifacts: Sequence[ArtifactView], verification: GateView | None) -> ArtifactSteps:
    """`verification` is gate 2 in force: without its VERIFIED no artifact reproduces or proves anything."""
    inspected = tuple(one for one in artifacts if one.attempt and one.attempt.outcome not in _NOT_INSPECTED)
    holds = verification is not None and verification.outcome is AttemptOutcome.VERIFIED
    verified = [one for one in inspected if holds and _stands(one)]
    return ArtifactSteps(
        inspected=inspected,
        executed=tuple(one for one in inspected if _ran_to_an_end(one)),
        reproduced=tuple(one for one in verified if one.kind != _PROOF),
        proved=tuple(one for one in verified if one.kind == _PROOF),
    )


def claims_of(artifacts: Sequence[ArtifactView]) -> int:
    """How many claims artifacts are attached to."""
    return len({one.claim_id for one in artifacts})


def level_facts(
    claims: ClaimCounts, corroborated: int, artifacts: Sequence[ArtifactView], verification: GateView | None
) -> LevelFacts:
    """The facts of a record. `verification` is gate 2 in force: without its VERIFIED no artifact reaches L6 or L7."""
    steps = artifact_steps(artifacts, verification)
    return LevelFacts(
        claims=claims,
        corroborated_claims=corroborated,
        artifacts_inspected=len(steps.inspected),
        artifacts_executed=len(steps.executed),
        artifacts_reproduced=claims_of(steps.reproduced),
        proofs_verified=claims_of(steps.proved),
    )


def corroborated_claims(views: Sequence[ClaimView]) -> int:
    """Claims that sentences of two or more sources support."""
    supporting = [
        {one.evidence.source_id for one in view.evidence if one.evidence.stance is Stance.SUPPORTS}
        for view in views
        if view.verdict is ClaimVerdict.SUPPORTED
    ]
    return sum(len(sources) > 1 for sources in supporting)


def artifacts_of_claims(artifacts: Sequence[ArtifactView], views: Sequence[ClaimView]) -> list[ArtifactView]:
    """An artifact on a claim that the record no longer makes counts for nothing."""
    claims = {view.claim.claim_id for view in views}
    return [one for one in artifacts if one.claim_id in claims]


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


def _claims(count: int, one: str = "is", several: str = "are") -> str:
    return f"{count} claim {one}" if count == 1 else f"{count} claims {several}"


def _artifacts(count: int) -> str:
    return "1 attached artifact was" if count == 1 else f"{count} attached artifacts were"


_FOUND, _SUPPORTED, _CORROBORATED = "claims-found", "supported", "corroborated"
_INSPECTED, _EXECUTED, _REPRODUCED, _PROVED = "inspected", "executed", "reproduced", "proved"
# From the top down: a record stands on the highest level of which something holds.
_NO_ARTIFACT = {_PROVED: False, _REPRODUCED: False, _EXECUTED: False, _INSPECTED: False}
_NOTHING_SUPPORTED = {**_NO_ARTIFACT, _CORROBORATED: False, _SUPPORTED: False}

LEVELS: DecisionTable[LevelFacts, Level] = DecisionTable(
    conditions=(
        Condition(_PROVED, "a formal proof of a claim is verified", lambda facts: facts.proofs_verified > 0),
        Condition(_REPRODUCED, "a claim was reproduced under seal", lambda facts: facts.artifacts_reproduced > 0),
        Condition(
            _EXECUTED,
            "an attached artifact was run to an end in the sandbox",
            lambda facts: facts.artifacts_executed > 0,
        ),
        Condition(_INSPECTED, "an attached artifact was inspected", lambda facts: facts.artifacts_inspected > 0),
        Condition(_CORROBORATED, "two or more sources support a claim", lambda facts: facts.corroborated_claims > 0),
        Condition(_SUPPORTED, "a source supports a claim", lambda facts: facts.claims.supported > 0),
        Condition(_FOUND, "the record makes a claim", lambda facts: facts.claims.extracted > 0),
    ),
    rows=(
        Row("L0", Level.NO_CLAIMS, {**_NOTHING_SUPPORTED, _FOUND: False}, "No claim was found in the record."),
        Row(
            "L1",
            Level.LITERATURE_SYNTHESIS,
            {**_NOTHING_SUPPORTED, _FOUND: True},
            "{found}; none is supported by a source that we read.",
        ),
        Row(
            "L2",
            Level.SOURCE_GROUNDED,
            {**_NO_ARTIFACT, _CORROBORATED: False, _SUPPORTED: True},
            "{supported} of {extracted} claims are supported by a source we read.",
        ),
        Row(
            "L3",
            Level.CROSS_SOURCE_CORROBORATED,
            {**_NO_ARTIFACT, _CORROBORATED: True},
            "{corroborated} supported by two or more sources.",
        ),
        Row(
            "L4",
            Level.ARTIFACT_INSPECTED,
            {_PROVED: False, _REPRODUCED: False, _EXECUTED: False, _INSPECTED: True},
            "{inspected} inspected.",
        ),
        Row(
            "L5",
            Level.SANDBOX_EXECUTED,
            {_PROVED: False, _REPRODUCED: False, _EXECUTED: True},
            "{executed} run to an end in the sandbox.",
        ),
        Row(
            "L6",
            Level.INDEPENDENTLY_REPRODUCED,
            {_PROVED: False, _REPRODUCED: True},
            "{reproduced} reproduced under seal.",
        ),
        Row("L7", Level.FORMALLY_VERIFIED, {_PROVED: True}, "{proved} formally verified."),
    ),
)


def level_of(facts: LevelFacts) -> tuple[Level, str]:
    """The level of a record, and the sentence that says what it rests on."""
    row = LEVELS.row_for(facts)
    return row.outcome, row.basis.format(
        found=_claims(facts.claims.extracted, "was found", "were found"),
        supported=facts.claims.supported,
        extracted=facts.claims.extracted,
        corroborated=_claims(facts.corroborated_claims),
        inspected=_artifacts(facts.artifacts_inspected),
        executed=_artifacts(facts.artifacts_executed),
        reproduced=_claims(facts.artifacts_reproduced, "was", "were"),
        proved=_claims(facts.proofs_verified, "was", "were"),
    )
