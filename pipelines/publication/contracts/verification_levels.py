"""Contract verification-levels-v1: how far the checking of a record went, claim by claim and level by level.

Belongs here: the document. Does not belong here: the decision (`publication.levels`). Counts are of claims that a
source supports or that a valid check bears on, each counted from the claims and artifacts themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pipelines.models import ClaimOrigin, Level, Stance
from pipelines.publication.contracts.envelope import head
from pipelines.publication.gate_contract import VERIFICATION_GATE, artifact_outcome, gate_in_force
from pipelines.publication.levels import (
    LEVELS,
    artifact_steps,
    artifacts_of_claims,
    claims_of,
    corroborated_claims,
)
from pipelines.publication.views import ArtifactView, ClaimView, PublicRecord

VERIFICATION_LEVELS = "verification-levels-v1"

LABELS: Mapping[Level, str] = MappingProxyType(
    {
        Level.NO_CLAIMS: "No claims",
        Level.LITERATURE_SYNTHESIS: "Literature synthesis",
        Level.SOURCE_GROUNDED: "Source-grounded claims",
        Level.CROSS_SOURCE_CORROBORATED: "Cross-source corroborated claims",
        Level.ARTIFACT_INSPECTED: "Artifact inspected",
        Level.SANDBOX_EXECUTED: "Sandbox executed",
        Level.INDEPENDENTLY_REPRODUCED: "Independently reproduced",
        Level.FORMALLY_VERIFIED: "Formally verified",
    }
)
# What holds on a level, in the words of the table that decides; the lowest row asks for nothing.
_CONDITIONS = {one.name: one.words for one in LEVELS.conditions}
ASKS: Mapping[Level, str] = MappingProxyType(
    {
        row.outcome: "; ".join(_CONDITIONS[name] for name, wanted in row.requires.items() if wanted)
        or "no claim was found in the record"
        for row in LEVELS.rows
    }
)
_CLAIM_SOURCES: Mapping[frozenset[ClaimOrigin], str] = MappingProxyType(
    {
        frozenset(): "no claim was found in the record",
        frozenset({ClaimOrigin.STATED}): "the record's own list of claims",
        frozenset({ClaimOrigin.EXTRACTED}): "the record's prose",
        frozenset(ClaimOrigin): "the record's own list of claims and its prose",
    }
)
ENFORCEMENT = (
    "The level is the highest of which something holds, by a table of which exactly one row holds for any record. It"
    " looks at no score and no tier, and an attempt that failed raises nothing."
)
LIMITATIONS = (
    "A level says how far the checking went, not how well it came out: an artifact that refutes a claim was executed.",
    "A higher level does not imply the lower ones; each level says whether it holds.",
    "source_grounded_claims counts claims that a sentence in a source supports; aggregate_claim_records counts claims"
    " that were found, whatever came of them.",
    "External review is not recorded here: externally_reviewed_or_formally_verified_claims counts formal proofs only.",
)


def why_no_verification_levels(record: PublicRecord) -> str | None:
    """Why there is no such document; None where there is one."""
    return "No verification level was determined for this record." if record.level is None else None


def verification_levels(record: PublicRecord) -> dict[str, Any] | None:
    if record.level is None:
        return None
    summary = _claim_summary(record)
    levels = _levels(summary)
    return {
        **head(VERIFICATION_LEVELS),
        "paper_level": int(record.level),
        "paper_level_key": record.level.name,
        "paper_level_label": LABELS[record.level],
        "basis": record.level_basis,
        "claim_summary": summary,
        "artifact_types": sorted({one.kind for one in record.artifacts}),
        "levels": levels,
        "unsupported_upper_levels": [one for one in levels if one["level"] > record.level and not one["holds"]],
        "enforcement": ENFORCEMENT,
        "limitations": list(LIMITATIONS),
    }


def _claim_summary(record: PublicRecord) -> dict[str, Any]:
    counting = artifacts_of_claims(record.artifacts, record.claims)
    steps = artifact_steps(counting, gate_in_force(record.gates, VERIFICATION_GATE))
    attached: dict[str, list[ArtifactView]] = {}
    for one in counting:
        attached.setdefault(one.claim_id, []).append(one)
    return {
        "source_grounded_claims": record.counts.supported,
        "aggregate_claim_records": record.counts.extracted,
        "claim_record_source": _CLAIM_SOURCES[frozenset(view.claim.origin for view in record.claims)],
        "per_claim_public_records": [_claim(view, attached.get(view.claim.claim_id, [])) for view in record.claims],
        "per_claim_public_record_count": len(record.claims),
        "cross_source_corroborated_claims": corroborated_claims(record.claims),
        "artifact_inspected_claims": claims_of(steps.inspected),
        "sandbox_executed_claims": claims_of(steps.executed),
        "independently_reproduced_claims": claims_of(steps.reproduced),
        "externally_reviewed_or_formally_verified_claims": claims_of(steps.proved),
    }


def _claim(view: ClaimView, attached: list[ArtifactView]) -> dict[str, Any]:
    """A claim by its id, without its words, which stand in the manifest."""
    supporting = {one.evidence.source_id for one in view.evidence if one.evidence.stance is Stance.SUPPORTS}
    return {
        "claim_id": view.claim.claim_id,
        "verdict": view.verdict.value,
        "confidence": view.confidence,
        "supporting_sources": sorted(supporting),
        "artifacts": [{"artifact_id": one.artifact_id, "outcome": artifact_outcome(one).value} for one in attached],
    }


def _levels(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    counts = {
        Level.LITERATURE_SYNTHESIS: "aggregate_claim_records",
        Level.SOURCE_GROUNDED: "source_grounded_claims",
        Level.CROSS_SOURCE_CORROBORATED: "cross_source_corroborated_claims",
        Level.ARTIFACT_INSPECTED: "artifact_inspected_claims",
        Level.SANDBOX_EXECUTED: "sandbox_executed_claims",
        Level.INDEPENDENTLY_REPRODUCED: "independently_reproduced_claims",
        Level.FORMALLY_VERIFIED: "externally_reviewed_or_formally_verified_claims",
    }
    holds = {level: summary[field] > 0 for level, field in counts.items()}
    holds[Level.NO_CLAIMS] = not holds[Level.LITERATURE_SYNTHESIS]
    return [_level(level, holds[level]) for level in Level]


def _level(level: Level, holds: bool) -> dict[str, Any]:
    asks = ASKS[level]
    return {
        "level": int(level),
        "key": level.name,
        "label": LABELS[level],
        "asks": asks,
        "holds": holds,
        "reason": f"It is held that {asks}." if holds else f"It is not held that {asks}.",
    }
