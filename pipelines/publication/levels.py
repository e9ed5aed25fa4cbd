"""Verification levels L0-L7: how far the checking of a record has gone.

Belongs here: the ladder and the facts of each rung. Does not belong here: tiers (`tiers`), judging claims.
Counts are of claims that a source supports, never of claims extracted. Input: `LevelFacts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from pipelines.models import ClaimCounts, Level, Model


class LevelFacts(Model):
    """What the ladder looks at; the upper counts are of artifacts, whose machinery sets them."""

    claims: ClaimCounts
    corroborated_claims: int = Field(default=0, ge=0)  # supported by sentences of two or more sources
    artifacts_inspected: int = Field(default=0, ge=0)
    artifacts_executed: int = Field(default=0, ge=0)  # ran to an end in the sandbox
    artifacts_reproduced: int = Field(default=0, ge=0)  # VERIFIED reproductions
    proofs_verified: int = Field(default=0, ge=0)  # VERIFIED formal proofs


@dataclass(frozen=True)
class Rung:
    """A level; a record stands on the highest rung whose condition holds, so exactly one applies."""

    level: Level
    reached: Callable[[LevelFacts], bool]
    basis: Callable[[LevelFacts], str]


RUNGS: tuple[Rung, ...] = (
    Rung(
        Level.NO_CLAIMS,
        lambda facts: True,
        lambda facts: "No claim was found in the record.",
    ),
    Rung(
        Level.LITERATURE_SYNTHESIS,
        lambda facts: facts.claims.extracted > 0,
        lambda facts: f"{facts.claims.extracted} claims were found; none is supported by a source that we read.",
    ),
    Rung(
        Level.SOURCE_GROUNDED,
        lambda facts: facts.claims.supported > 0,
        lambda facts: f"{facts.claims.supported} of {facts.claims.extracted} claims are supported by a source we read.",
    ),
    Rung(
        Level.CROSS_SOURCE_CORROBORATED,
        lambda facts: facts.corroborated_claims > 0,
        lambda facts: f"{facts.corroborated_claims} claims are supported by two or more sources.",
    ),
    Rung(
        Level.ARTIFACT_INSPECTED,
        lambda facts: facts.artifacts_inspected > 0,
        lambda facts: f"{facts.artifacts_inspected} attached artifacts were inspected.",
    ),
    Rung(
        Level.SANDBOX_EXECUTED,
        lambda facts: facts.artifacts_executed > 0,
        lambda facts: f"{facts.artifacts_executed} attached artifacts ran to an end in the sandbox.",
    ),
    Rung(
        Level.INDEPENDENTLY_REPRODUCED,
        lambda facts: facts.artifacts_reproduced > 0,
        lambda facts: f"{facts.artifacts_reproduced} claims were reproduced under seal.",
    ),
    Rung(
        Level.FORMALLY_VERIFIED,
        lambda facts: facts.proofs_verified > 0,
        lambda facts: f"{facts.proofs_verified} claims were formally verified.",
    ),
)


def level_of(facts: LevelFacts) -> tuple[Level, str]:
    """The level of a record, and the sentence that says what it rests on."""
    rung = next(rung for rung in reversed(RUNGS) if rung.reached(facts))
    return rung.level, rung.basis(facts)
