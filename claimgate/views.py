"""What a record looks like from outside: `R` and `F` of the command-line contract, and its table row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipelines.models import Finding, ReviewSummary, StatedFacts
from pipelines.publication.as_published import comparisons
from pipelines.publication.gate_contract import artifact_outcome, gates_in_force
from pipelines.publication.site.text import shown
from pipelines.publication.views import ArtifactView, ClaimView, GateView, PublicRecord

LONGEST = 600  # characters of a line about gates or what is published
STATED = (
    "papers",
    "claims_extracted",
    "claims_verified",
    "review_score",
    "tier",
    "level",
    "gate_status",
    "gate_reason",
    "gate_evaluated_at",
    "doi",
    "gate",
    "source_grounded_claims",
)


def stated_view(stated: StatedFacts) -> dict[str, Any]:
    return {name: getattr(stated, name) for name in STATED}


def finding_view(finding: Finding) -> dict[str, Any]:
    """`F`."""
    return finding.model_dump(mode="json")


def record_view(record: PublicRecord, *, page: str | None) -> dict[str, Any]:
    """`R`."""
    return {
        "record_id": record.record_id,
        "title": record.title if record.title_stated else None,
        "cohort": record.cohort,
        "kind": record.kind,
        "layout": record.layout.value,
        "synthetic": record.synthetic,
        "stated": stated_view(record.stated),
        "claims": record.counts.model_dump(),
        "references": record.reference_counts.model_dump(),
        "review": review_view(record.review),
        "level": None if record.level is None else record.level.value,
        "tier": None if record.tier is None else record.tier.value,
        "gates": {gate.gate: gate_view(gate) for gate in gates_in_force(record.gates)},
        "announced_gates": {gate.activation_id: gate_view(gate) for gate in record.gates if not gate.in_force},
        "artifacts": [artifact_view(one) for one in record.artifacts],
        "findings": [finding_view(one) for one in record.findings],
        "page": page,
    }


def review_view(review: ReviewSummary) -> dict[str, Any]:
    """The score with its doubt: 95 % interval, range without any one reviewer, agreement, who is absent."""
    return {
        "score": review.score,
        "low": review.low,
        "high": review.high,
        "without_one": {"low": review.without_one_low, "high": review.without_one_high},
        "agreement": review.agreement,
        "agreement_low": review.agreement_low,
        "agreement_high": review.agreement_high,
        "reviewers": list(review.reviewers),
        "absent": list(review.absent),
    }


def review_lines(record: PublicRecord) -> Iterator[str]:
    """Score with interval, agreement, who is absent, and every score of every reviewer with its reason."""
    review = record.review
    yield f"{_score(record).capitalize()}: {review.reason}"
    if review.without_one_low is not None and review.without_one_high is not None:
        yield f"  without any one reviewer: {review.without_one_low:.1f} to {review.without_one_high:.1f}"
    if review.agreement_reason:
        yield f"  agreement {_agreement(review)}{review.agreement_reason}"
    for absent in review.absent:
        yield one_line(f"  left out: {absent}")
    for held in record.reviews:
        for said in held.scores:
            score = "-" if said.score is None else f"{said.score:.1f}{_spread(said.low, said.high)}"
            yield one_line(f"  {said.dimension.value}: {held.reviewer} {score}: {said.reason}")


def _agreement(review: ReviewSummary) -> str:
    if review.agreement is None:
        return ""
    return f"{review.agreement:.2f}{_spread(review.agreement_low, review.agreement_high)}: "


def artifact_view(artifact: ArtifactView) -> dict[str, Any]:
    """What an artifact counts for now, and why."""
    return {
        "artifact_id": artifact.artifact_id,
        "claim_id": artifact.claim_id,
        "kind": artifact.kind,
        "outcome": artifact_outcome(artifact).value,
        "reason": artifact_reason(artifact),
    }


def artifact_reason(artifact: ArtifactView) -> str:
    held = artifact.standing or artifact.attempt
    return held.reason if held else "nothing was run yet"


def gate_view(gate: GateView) -> dict[str, Any]:
    outcome = gate.result or gate.outcome
    return {
        "status": gate.public_status.value,
        "outcome": outcome.value if outcome else None,
        "reason": gate.reason,
        "evaluated_at": gate.evaluated_at.isoformat(),
        "activation": gate.activation_id,
        "policy_version": gate.policy_version,
    }


def claim_view(view: ClaimView, history: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A claim with its verdict, evidence and history, for `show --json`."""
    return {
        **view.claim.model_dump(mode="json"),
        "verdict": view.verdict.value,
        "confidence": view.confidence,
        "reason": view.reason,
        "scope": view.scope.value,
        "conflict": view.conflict,
        "probabilities": view.probabilities.model_dump(mode="json") if view.probabilities else None,
        "per_source": [one.model_dump(mode="json") for one in view.per_source],
        "axes": [one.model_dump(mode="json") for one in view.axes],
        "backend": view.backend,
        "verifier_version": view.verifier_version,
        "evidence": [
            {**one.evidence.model_dump(mode="json"), "source_title": one.source_title} for one in view.evidence
        ],
        "adjudication": view.adjudication.model_dump(mode="json") if view.adjudication else None,
        "history": [{**row, "recorded_at": row["recorded_at"].isoformat()} for row in history],
    }


def published_lines(record: PublicRecord) -> Iterator[str]:
    """What the record says of itself beside what is held, where it says anything: the figure, both, and why."""
    stated = [one for one in comparisons(record) if one.stated is not None]
    if stated:
        yield "As published, as checked:"
    for one in stated:
        held = "nothing held" if one.checked is None else one.checked
        line = f"  {one.label}: published {one.stated}; here {held}: {one.agreement.value} ({one.basis})"
        yield one_line(line)


def one_line(text: str) -> str:
    """Text of which others wrote some, as a terminal may show it: bounded, one line, no control characters."""
    return shown(text, LONGEST).replace("\n", " ")


TABLE_HEAD = ("record", "claims", "supp.", "ref.", "n.e.i.", "disp.", "n.ch.")


def table_row(record: PublicRecord) -> tuple[str, ...]:
    """The cells of the table that `run` prints, in the order of TABLE_HEAD; the first is `headline`."""
    return (headline(record), *(str(getattr(record.counts, name)) for name in type(record.counts).model_fields))


def headline(record: PublicRecord) -> str:
    """The title, and below it cohort, references, score with spread, tier and gates in words."""
    title = record.title if record.title_stated else f"(untitled) {record.title}"
    tier = "no tier" if record.tier is None else record.tier.words
    return f"{title}\n{record.cohort} | {_score(record)} | {tier}\n{_references(record)}\n{_gates(record)}"


def _references(record: PublicRecord) -> str:
    counts = record.reference_counts.model_dump()
    said = [f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number]
    return "references: " + (", ".join(said) if said else "none listed")


def _score(record: PublicRecord) -> str:
    review = record.review
    return "no score" if review.score is None else f"score {review.score:.1f}{_spread(review.low, review.high)}"


def _spread(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" ({low:.1f} to {high:.1f})"


def _gates(record: PublicRecord) -> str:
    said = [
        f"{gate.gate.replace('-', ' ')} {(gate.result or gate.outcome or gate.public_status).value}"
        for gate in gates_in_force(record.gates)
    ]
    return ", ".join(said).replace("_", " ").lower() if said else "no gate evaluated"
