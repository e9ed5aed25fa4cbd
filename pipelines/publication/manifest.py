"""The manifest of a record: everything publicly held about it, as JSON for other tools.

Belongs here: the shape of `claimgate-manifest-v1`. Does not belong here: judging, writing files, holding what a
record states against what was found (`as_published`). Input: a `PublicRecord`; output: a
JSON-ready dict and its canonical bytes, which are the same as long as the record is the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import orjson

from pipelines.models import ClaimCounts, Correction
from pipelines.publication.as_published import comparison_section, comparisons
from pipelines.publication.costs import MEASURED, CostsView, total
from pipelines.publication.gate_contract import (
    artifact_section,
    gate_section,
    record_gate_verdict,
    why_no_gate_verdict,
)
from pipelines.publication.views import ClaimView, EvidenceView, PublicRecord, ReferenceView

MANIFEST_SCHEMA = "claimgate-manifest-v1"
MANIFEST_VERSION = "1.3.0"

_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE

INTERPRETATION = (
    "SUPPORTED means that a sentence in a source says so; the sentence and its place are given.",
    "REFUTED means that a sentence in a source says otherwise; DISPUTED that sources disagree.",
    "NOT_ENOUGH_INFO means that the sources were read and do not say; NOT_CHECKED that no source text "
    "could be had. Neither says that the claim is false.",
    "'Verified' means SUPPORTED; it never means extracted. A verdict is about what the sources say, "
    "not about whether they are right.",
    "A gate status is never derived from a review score or from a count of claims.",
    "An attempt to run an artifact that went wrong says nothing about the claim; neither does a bad check.",
)


def manifest_of(record: PublicRecord) -> dict[str, Any]:
    """The manifest of a record; holds JSON types only and no time of its own making."""
    return {
        "schema": MANIFEST_SCHEMA,
        "schema_version": MANIFEST_VERSION,
        "record": _identity(record),
        "claim_counts": _counts(record.counts),
        "reference_counts": record.reference_counts.model_dump(mode="json"),
        "own_answer": record.own_answer.model_dump(mode="json") if record.own_answer else None,
        "as_published": record.stated.model_dump(mode="json"),
        "published_against_checked": [comparison_section(one) for one in comparisons(record)],
        "claims": [_claim(view) for view in record.claims],
        "references": [_reference(view) for view in record.references],
        "sources": [source.model_dump(mode="json") for source in record.sources],
        "found_sources": [source.model_dump(mode="json") for source in record.found_sources],
        "review": {
            "summary": record.review.model_dump(mode="json"),
            "reviewers": [review.model_dump(mode="json") for review in record.reviews],
        },
        "rigor_scans": [scan.model_dump(mode="json") for scan in record.rigor],
        "gates": [gate_section(view) for view in record.gates],
        "gate_verdict": record_gate_verdict(record),
        "gate_verdict_absent": why_no_gate_verdict(record),
        "artifacts": [artifact_section(view) for view in record.artifacts],
        "level": {
            "value": int(record.level) if record.level is not None else None,
            "key": record.level.name if record.level is not None else None,
            "basis": record.level_basis,
        },
        "tier": {"value": record.tier.value if record.tier else None, "basis": record.tier_basis},
        "findings": [finding.model_dump(mode="json") for finding in record.findings],
        "corrections": _corrections(record.corrections),
        "costs": costs_section(record.costs),
        "interpretation": list(INTERPRETATION),
    }


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Canonical JSON: sorted keys, UTF-8, two spaces of indent, one newline at the end."""
    json.dumps(manifest, allow_nan=False)  # raises where a number is none; the faster writer would say null
    try:
        return orjson.dumps(manifest, option=_CANONICAL)
    except orjson.JSONEncodeError:
        text = json.dumps(manifest, sort_keys=True, ensure_ascii=False, indent=2)
        # A lone surrogate has no UTF-8; its backslash form is the JSON escape for it.
        return f"{text}\n".encode("utf-8", "backslashreplace")


_IDENTITY_FIELDS = {
    "record_id",
    "version_id",
    "cohort",
    "layout",
    "kind",
    "title",
    "title_stated",
    "publisher",
    "published_on",
    "question",
    "identifier",
    "synthetic",
}


def _identity(record: PublicRecord) -> dict[str, Any]:
    return record.model_dump(mode="json", include=_IDENTITY_FIELDS)


def _counts(counts: ClaimCounts) -> dict[str, Any]:
    return counts.model_dump(mode="json")


def _claim(view: ClaimView) -> dict[str, Any]:
    adjudication = view.adjudication
    return {
        "claim": view.claim.model_dump(mode="json"),
        "verdict": view.verdict.value,
        "confidence": view.confidence,
        "reason": view.reason,
        "scope": view.scope.value,
        "conflict": view.conflict,
        "verdict_by": "person" if adjudication else "machine",
        "adjudication": adjudication.model_dump(mode="json") if adjudication else None,
        "evidence": [_evidence(item) for item in view.evidence],
        "probabilities": view.probabilities.model_dump(mode="json") if view.probabilities else None,
        "per_source": [one.model_dump(mode="json") for one in view.per_source],
        "axes": [one.model_dump(mode="json") for one in view.axes],
        "backend": view.backend,
        "verifier_version": view.verifier_version,
        "verified_at": view.verified_at.isoformat() if view.verified_at else None,
    }


def _evidence(view: EvidenceView) -> dict[str, Any]:
    # The passage itself stays out, as its licence may; the hash says which text the offsets are of.
    passage = view.passage_text.encode("utf-8", "surrogatepass")
    return {
        **view.evidence.model_dump(mode="json"),
        "source_title": view.source_title,
        "passage_sha256": hashlib.sha256(passage).hexdigest(),
    }


def _reference(view: ReferenceView) -> dict[str, Any]:
    return {
        "reference": view.reference.model_dump(mode="json"),
        "audit": view.audit.model_dump(mode="json") if view.audit else None,
    }


def costs_section(costs: CostsView | None) -> dict[str, Any] | None:
    """Every time that a stage worked on the record, and the sum; None where nothing was kept."""
    if costs is None:
        return None
    return {
        "lines": [one.model_dump(mode="json") for one in costs.lines],
        "total": total(costs.lines).model_dump(),
        "measured": MEASURED,
    }


def _corrections(corrections: tuple[Correction, ...]) -> dict[str, Any]:
    return {
        "state": "CORRECTED" if corrections else "CURRENT",
        "count": len(corrections),
        "head": corrections[-1].hash if corrections else None,
        "events": [correction.model_dump(mode="json") for correction in corrections],
    }
