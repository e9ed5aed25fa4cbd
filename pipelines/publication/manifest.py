"""The manifest of a record: everything publicly held about it, as JSON for other tools.

Belongs here: the shape of `claimgate-manifest-v1` and the comparison of what a record states with
what was found. Does not belong here: judging, and writing files. Input: a `PublicRecord`; output: a
JSON-ready dict and its canonical bytes, which are the same as long as the record is the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipelines.models import ClaimCounts, Correction, StatedFigure
from pipelines.publication.gate_contract import (
    artifact_section,
    gate_in_force,
    gate_section,
    published_status,
    record_gate_verdict,
    why_no_gate_verdict,
)
from pipelines.publication.views import ClaimView, EvidenceView, GateView, PublicRecord, ReferenceView

MANIFEST_SCHEMA = "claimgate-manifest-v1"
MANIFEST_VERSION = "1.2.0"

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

# --- as published, as checked -------------------------------------------------------------------


class Agreement(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_STATED = "not stated"  # the record says nothing
    NOT_COMPARED = "not compared"  # one of the two is absent, or they are not about the same event


@dataclass(frozen=True)
class Comparison:
    """One thing that a record states of itself, beside what is held about it."""

    field: str  # a field of `StatedFacts`
    label: str
    stated: int | float | str | None
    checked: int | float | str | None
    agreement: Agreement
    basis: str  # what `checked` counts or means
    places: tuple[StatedFigure, ...]  # every statement of it, with its words


@dataclass(frozen=True)
class _Row:
    field: str
    label: str
    held: Callable[[PublicRecord], int | float | str | None]
    basis: Callable[[PublicRecord], str]
    comparable: bool = True  # False: shown beside each other, and nothing follows if they differ


def comparisons(record: PublicRecord) -> tuple[Comparison, ...]:
    """What the record states of itself beside what is held, row by row; absent is None."""
    return tuple(_comparison(record, row) for row in _ROWS)


def _comparison(record: PublicRecord, row: _Row) -> Comparison:
    stated, held = getattr(record.stated, row.field), row.held(record)
    places = tuple(figure for figure in record.stated.figures if figure.name == row.field)
    values = [stated, *(figure.value for figure in places)]
    agreement = _agreement(values, held if row.comparable else None)
    return Comparison(row.field, row.label, stated, held, agreement, row.basis(record), places)


def _agreement(values: list[int | float | str | None], held: int | float | str | None) -> Agreement:
    stated = [value for value in values if value is not None]
    if not stated:
        return Agreement.NOT_STATED
    if held is None:
        return Agreement.NOT_COMPARED
    # A record that states two different figures agrees with none of them.
    return Agreement.AGREES if all(_folded(v) == _folded(held) for v in stated) else Agreement.DIFFERS


def _folded(value: int | float | str) -> str:
    if isinstance(value, int | float):
        return f"{float(value):g}"
    return re.sub(r"[\W_]+", "_", value).strip("_").upper()


def stated_gate(record: PublicRecord) -> GateView | None:
    """Our latest evaluation of the gate that the record names; its newest activation, else None."""
    number = re.search(r"\d", record.stated.gate or "")
    if number is None:
        return None
    return gate_in_force(record.gates, f"gate-{number.group()}")


def _gate_status(record: PublicRecord) -> str | None:
    view = stated_gate(record)
    return published_status(view).value if view else None


def _gate_basis(record: PublicRecord) -> str:
    view = stated_gate(record)
    if view:
        return view.reason
    if record.stated.gate:
        return "no gate of that name was evaluated here"
    if record.stated.gate_status:
        return "as published it names no gate, so there is nothing to compare; what our own gates say stands by itself"
    return "no gate status is published"


def _gate_time(record: PublicRecord) -> str | None:
    view = stated_gate(record)
    return view.evaluated_at.isoformat() if view else None


def _time_basis(record: PublicRecord) -> str:
    return "our own evaluation of it" if stated_gate(record) else _gate_basis(record)


def _score_basis(record: PublicRecord) -> str:
    return record.review.reason


def _says(text: str) -> Callable[[PublicRecord], str]:
    return lambda _record: text


_ROWS: tuple[_Row, ...] = (
    _Row("papers", "Papers", lambda r: len(r.references), _says("entries in the record's reference list")),
    _Row(
        "claims_extracted",
        "Claims extracted",
        lambda r: r.counts.extracted,
        _says("claims found in the record's text"),
    ),
    _Row(
        "claims_verified",
        "Claims verified",
        lambda r: r.counts.supported,
        _says("claims that a sentence in a source supports"),
    ),
    _Row(
        "source_grounded_claims",
        "Source-grounded claims",
        lambda r: r.counts.supported,
        _says("claims that a sentence in a source supports"),
    ),
    _Row("review_score", "Review score (0 to 10)", lambda r: r.review.score, _score_basis),
    _Row("tier", "Quality tier", lambda r: r.tier.value if r.tier else None, lambda r: r.tier_basis),
    _Row(
        "level",
        "Verification level (0 to 7)",
        lambda r: int(r.level) if r.level is not None else None,
        lambda r: r.level_basis,
    ),
    _Row("gate_status", "Gate status", _gate_status, _gate_basis),
    _Row("gate_evaluated_at", "Gate evaluated at", _gate_time, _time_basis, False),
    _Row("doi", "DOI of the record", lambda _r: None, _says("its registration was not looked up"), False),
)

# --- manifest -----------------------------------------------------------------------------------


def manifest_of(record: PublicRecord) -> dict[str, Any]:
    """The manifest of a record; holds JSON types only and no time of its own making."""
    return {
        "schema": MANIFEST_SCHEMA,
        "schema_version": MANIFEST_VERSION,
        "record": _identity(record),
        "claim_counts": _counts(record.counts),
        "reference_counts": record.reference_counts.model_dump(mode="json"),
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
        "interpretation": list(INTERPRETATION),
    }


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Canonical JSON: sorted keys, UTF-8, two spaces of indent, one newline at the end."""
    text = json.dumps(manifest, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=2)
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


def comparison_section(comparison: Comparison) -> dict[str, Any]:
    return {
        "field": comparison.field,
        "stated": comparison.stated,
        "checked": comparison.checked,
        "agreement": comparison.agreement.value,
        "basis": comparison.basis,
    }


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


def _corrections(corrections: tuple[Correction, ...]) -> dict[str, Any]:
    return {
        "state": "CORRECTED" if corrections else "CURRENT",
        "count": len(corrections),
        "head": corrections[-1].hash if corrections else None,
        "events": [correction.model_dump(mode="json") for correction in corrections],
    }
